"""What each found item becomes in the wallet: a new badge, another form of a known one, or nothing new. Writes nothing.

Asked before a batch is stored, to know what there is to store, and again under the lock of the device if anything was written
meanwhile, so that two processes never decide the same twice. Each question to the index is asked once for the whole batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from wallet.found import Found
from wallet.model import Credential
from wallet.store.describe import Reader
from wallet.store.events import Draft
from wallet.store.index import Index
from wallet.store.packs import dumps
from wallet.store.rows import Added
from wallet.store.sameness import keys
from wallet.store.state import data_of

PROVENANCE = "badgefolio-provenance/1"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One found item with what follows from its bytes. `origin`: the line that tells where it came from."""

    found: Found
    raw: str
    container: str | None
    origin: bytes
    credential: Credential | None
    keys: tuple[str, ...]

    @classmethod
    def of(cls, found: Found, credential: Credential | None, way: str) -> Incoming:
        """`credential`: what it says of itself. `way`: a short word for the way in."""
        raw = sha256(found.raw).hexdigest()
        container = sha256(found.container).hexdigest() if found.container is not None else None
        same = keys(credential, found.kind, found.claimed_id)
        return cls(found, raw, container, _origin(found, raw, container, way), credential, same)

    def originals(self) -> Iterator[tuple[str, bytes]]:
        """Names and bytes of what is kept of it."""
        yield self.raw, self.found.raw
        if self.container is not None and self.found.container is not None:
            yield self.container, self.found.container


def _origin(found: Found, raw: str, container: str | None, way: str) -> bytes:
    # It names what it tells of, so that doctor can adopt a badge whose log line a crash prevented.
    return dumps(
        {
            "format": PROVENANCE,
            "raw": raw,
            "container": container,
            "kind": found.kind.value,
            "carrier": found.carrier.value,
            "way": way,
            "source": found.source,
            "claimed_id": found.claimed_id,
            "fetch_url": found.fetch_url,
            "steps": [step.text for step in found.steps],
            "notes": [[note.code, note.text] for note in found.notes],
        }
    )


@dataclass(slots=True)
class Plan:
    """outcomes: one for each item. recorded: positions of the items that get a line, with the badge they join, if any."""

    outcomes: list[Added] = field(default_factory=list)
    recorded: dict[int, str | None] = field(default_factory=dict)

    def drafts(self, items: Sequence[Incoming], places: Mapping[int, tuple[str, int]]) -> list[Draft]:
        """The lines. `places`: where the origin of each recorded item lies: object and line."""
        drafts: list[Draft] = []
        for position, other in self.recorded.items():
            item, (name, line) = items[position], places[position]
            drafts.append(
                Draft(
                    "badge.added",
                    item.raw,
                    data_of(
                        kind=item.found.kind.value,
                        carrier=item.found.carrier.value,
                        container=item.container,
                        provenance=name,
                        line=line,
                    ),
                )
            )
            if other is not None:
                drafts.append(Draft("badge.joined", item.raw, {"a": item.raw, "b": other, "why": "same"}))
        return drafts


def make_plan(index: Index, reader: Reader, items: Sequence[Incoming]) -> Plan:
    """Decide, item by item, with what the same batch brought before it in mind."""
    forms = index.forms([item.raw for item in items])
    same = _same(index, [key for item in items for key in item.keys])
    known = _origins(index, reader, [item.raw for item in items])
    plan = Plan()
    for position, item in enumerate(items):
        badge, other, outcome = forms.get(item.raw), None, "duplicate"
        if badge is None:
            other = next((same[key] for key in item.keys if key in same), None)
            outcome, badge = ("merged", other) if other is not None else ("added", item.raw)
        told = (item.raw, item.container, item.origin)
        if outcome != "duplicate" or told not in known:
            plan.recorded[position] = other
        forms[item.raw] = badge
        known.add(told)
        for key in item.keys:
            same.setdefault(key, badge)
        plan.outcomes.append(Added(outcome, badge, item.found))
    return plan


def _same(index: Index, names: Sequence[str]) -> dict[str, str]:
    sql = (
        "select key, min(badge) from same join form using (raw)"
        " where key in (select value from json_each(?)) group by key"
    )
    return {str(key): str(badge) for key, badge in index.query(sql, (json.dumps(names),))}


def _origins(index: Index, reader: Reader, raws: Sequence[str]) -> set[tuple[str, str | None, bytes | None]]:
    """What is recorded about where these credentials came from: raw, container, and the line that tells it."""
    events = index.events(
        "sum in (select sum from touch where raw in (select value from json_each(?)) and run = 0) and +kind = 'badge.added'",
        (json.dumps(raws),),
    )
    found: set[tuple[str, str | None, bytes | None]] = set()
    for event in events:
        container, name, line = (event.data.get(key) for key in ("container", "provenance", "line"))
        if isinstance(name, str) and isinstance(line, int):
            held = container if isinstance(container, str) else None
            found.add((str(event.on), held, reader.line_bytes(name, line)))
    return found
