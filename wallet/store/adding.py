"""What each found item becomes in the wallet: a new badge, another form of a known one, or nothing new. Writes nothing.

Asked under the lock of the device, after the index has caught up, so that two processes never decide the same twice.
"""

from __future__ import annotations

import json
from hashlib import sha256

from wallet.found import Found
from wallet.model import Credential
from wallet.store.events import Draft
from wallet.store.index import Index
from wallet.store.rows import Added
from wallet.store.sameness import keys
from wallet.store.state import data_of

PROVENANCE = "badgefolio-provenance/1"


class Plan:
    """Decides what each found item becomes, with what the same batch brought before it in mind."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._forms: dict[str, str] = {}
        self._same: dict[str, str] = {}
        self._origins: set[tuple[str, str | None, str]] = set()
        self.drafts: list[Draft] = []

    def take(self, found: Found, raw: str, origin: str, credential: Credential | None) -> Added:
        """Plan the lines for one item."""
        container = sha256(found.container).hexdigest() if found.container is not None else None
        names = keys(credential, found.kind, found.claimed_id)
        badge = self._badge_of(raw)
        outcome, other = "duplicate", None
        if badge is None:
            other = next((match for name in names if (match := self._sharing(name)) is not None), None)
            outcome, badge = ("merged", other) if other is not None else ("added", raw)
        if outcome != "duplicate" or not self._has(raw, container, origin):
            self.drafts.append(
                Draft(
                    "badge.added",
                    raw,
                    data_of(kind=found.kind.value, carrier=found.carrier.value, container=container, provenance=origin),
                )
            )
        if other is not None:
            self.drafts.append(Draft("badge.joined", raw, {"a": raw, "b": other, "why": "same"}))
        self._forms[raw] = badge
        self._origins.add((raw, container, origin))
        for name in names:
            self._same.setdefault(name, badge)
        return Added(outcome, badge, found)

    def _badge_of(self, raw: str) -> str | None:
        if raw in self._forms:
            return self._forms[raw]
        rows = self._index.query("select badge from form where raw = ?", (raw,))
        return str(rows[0][0]) if rows else None

    def _sharing(self, key: str) -> str | None:
        if key in self._same:
            return self._same[key]
        rows = self._index.query(
            "select badge from form where raw in (select raw from same where key = ?) order by badge limit 1", (key,)
        )
        return str(rows[0][0]) if rows else None

    def _has(self, raw: str, container: str | None, origin: str) -> bool:
        if (raw, container, origin) in self._origins:
            return True
        events = self._index.events("sum in (select sum from touch where raw = ?) and +kind = 'badge.added'", (raw,))
        return any(
            (event.data.get("container"), event.data.get("provenance")) == (container, origin) for event in events
        )


def provenance(found: Found, raw: str, way: str) -> bytes:
    """The object that tells where a badge came from."""
    # It names what it tells of, so that doctor can adopt a badge whose log line a crash prevented.
    container = sha256(found.container).hexdigest() if found.container is not None else None
    return json.dumps(
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
        },
        separators=(",", ":"),
    ).encode("ascii")
