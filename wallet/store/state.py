"""What the event logs say, taken together: a pure fold from log lines to a frozen state.

The order in which lines arrive, their repetition and their distribution over logs do not matter: lines are sorted by
(time, device, seq, sum) first. No I/O and no clock. Data of a line that is not of the shape written here (a later version,
a damaged folder) is skipped and counted, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

from wallet.model import JsonObject
from wallet.store.events import VERSION, LogEvent

KINDS = frozenset(
    {
        "badge.added",
        "badge.joined",
        "badge.split",
        "badge.set",
        "badge.removed",
        "tag.added",
        "tag.removed",
        "verified",
        "identity.added",
        "identity.retired",
        "file.saved",
        "planned",
        "attested",
        "excepted",
        "issuer.pinned",
        "issuer.trusted",
        "shared",
        "undone",
    }
)
#: What is said about one place of a pathway.
ABOUT_PLACES = frozenset({"planned", "attested", "excepted"})
#: Facts about the world rather than wishes of the learner: they are not taken back.
LASTING = frozenset({"verified", "issuer.pinned", "shared", "undone", "purged"})
FIELDS = frozenset({"hidden", "note"})

T = TypeVar("T")

_SHA = re.compile(r"[0-9a-f]{64}")
#: What `LogEvent.order` says, for sorting many.
_ORDER = attrgetter("time", "dev", "seq", "sum")


@dataclass(frozen=True, slots=True)
class Presence:
    """One way in which a badge was brought: names of the credential's bytes and of its container, and who tells of it.

    provenance, line: the pack, and the line of it, that say where it came from.
    """

    raw: str
    kind: str
    carrier: str
    container: str | None
    provenance: str | None
    line: int
    event: LogEvent


@dataclass(frozen=True, slots=True)
class Verified:
    """One verification of one representation.

    report, line: the pack of the reports of its batch, and the line of this one. evidence: pairs of role and name of the
    metadata object.
    """

    raw: str
    report: str
    line: int
    verdict: str
    as_of: str
    evidence: tuple[tuple[str, str], ...]
    event: LogEvent


@dataclass(frozen=True, slots=True)
class BadgeState:
    """One badge that is in the wallet. `raws`: its representations, earliest first; the first one is its id."""

    id: str
    raws: tuple[str, ...]
    presences: tuple[Presence, ...]
    verified: tuple[Verified, ...]
    hidden: bool
    note: str | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedFile:
    """The version of one of the learner's own files that was saved last. `sha` is None for a file that was removed."""

    name: str
    sha: str | None
    event: LogEvent


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """The latest word of one kind about one place of a pathway. `sha`: the object that says who and why, if there is one."""

    kind: str
    pathway: str
    place: str
    sha: str | None
    until: date | None
    event: LogEvent


@dataclass(frozen=True, slots=True)
class Pinned:
    """What one run proved of an issuer that was not known before. `keys`: sha256 of public keys."""

    host: str
    keys: tuple[str, ...]
    event: LogEvent


@dataclass(frozen=True, slots=True)
class IssuerState:
    """One issuer. pins: earliest first. trust: the learner's latest word; note: the object that says why."""

    pins: tuple[Pinned, ...] = ()
    trust: str = "none"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Badges that were handed to somebody. badges: names of credentials. about: the object that says what, to whom and why."""

    badges: tuple[str, ...]
    about: str
    event: LogEvent


@dataclass(frozen=True, slots=True)
class State:
    """Everything the logs say. `identities`: object names and whether retired; `undone`: pairs of device and op.

    places: what holds about places of pathways, by kind, pathway and place. issuers: by id. shared: earliest first.
    """

    badges: Mapping[str, BadgeState] = field(default_factory=dict)
    identities: tuple[tuple[str, bool], ...] = ()
    files: Mapping[str, SavedFile] = field(default_factory=dict)
    places: Mapping[tuple[str, str, str], PlaceWord] = field(default_factory=dict)
    issuers: Mapping[str, IssuerState] = field(default_factory=dict)
    shared: tuple[Shared, ...] = ()
    undone: frozenset[tuple[str, int]] = frozenset()
    skipped: int = 0


def fold(lines: Iterable[LogEvent]) -> State:
    """The state that these lines make."""
    ordered = sorted({line.sum: line for line in lines}.values(), key=_ORDER)
    undone = undone_ops(ordered)
    effective = [line for line in ordered if not undone or line.kind in LASTING or (line.dev, line.op) not in undone]
    folding = _Folding()
    skipped = sum(not folding.take(line) for line in effective)
    return State(
        badges=folding.badges(),
        identities=tuple(folding.identities.items()),
        files=folding.files,
        places=folding.places,
        issuers=folding.issuers,
        shared=tuple(folding.shared),
        undone=undone,
        skipped=skipped,
    )


def undone_ops(ordered: Sequence[LogEvent]) -> frozenset[tuple[str, int]]:
    """The operations that are taken back. Undoing an `undone` is redoing: the latest word wins, so it is read backwards."""
    undone: set[tuple[str, int]] = set()
    for line in reversed(ordered):
        target = undone_target(line) if line.kind == "undone" else None
        if target is not None and (line.dev, line.op) not in undone:
            undone.add(target)
    return frozenset(undone)


def undone_target(line: LogEvent) -> tuple[str, int] | None:
    """What an `undone` line takes back: device and op."""
    if line.kind != "undone" or line.version != VERSION:
        return None
    dev, op = line.data.get("dev"), line.data.get("op")
    return (dev, op) if isinstance(dev, str) and isinstance(op, int) else None


def touched(line: LogEvent) -> tuple[str, ...]:
    """The hashes of credentials that a line is about: what must be folded again when it arrives."""
    found = [line.on] if line.on is not None else []
    if line.kind in ("badge.joined", "badge.split"):
        found += [item for item in (line.data.get("a"), line.data.get("b")) if isinstance(item, str)]
    elif line.kind == "badge.removed":
        found += _shas(line.data.get("raws"))
    else:
        return (line.on,) if line.on is not None and _SHA.fullmatch(line.on) else ()
    return tuple(dict.fromkeys(sha for sha in found if _SHA.fullmatch(sha)))


def verification(line: LogEvent) -> Verified | None:
    """The run that a `verified` line records."""
    report, verdict, as_of = (line.data.get(key) for key in ("report", "verdict", "as_of"))
    pairs, raw, number = line.data.get("evidence"), line.on, line.data.get("line")
    if line.kind != "verified" or line.version != VERSION or raw is None or not _SHA.fullmatch(raw):
        return None
    if not isinstance(report, str) or not _SHA.fullmatch(report) or not isinstance(number, int):
        return None
    if not isinstance(verdict, str) or not isinstance(as_of, str) or not isinstance(pairs, Sequence):
        return None
    return Verified(raw, report, number, verdict, as_of, tuple(_evidence(pairs)), line)


class _Folding:
    """What is known so far, while lines are taken in order."""

    def __init__(self) -> None:
        self.identities: dict[str, bool] = {}
        self.files: dict[str, SavedFile] = {}
        self.places: dict[tuple[str, str, str], PlaceWord] = {}
        self.issuers: dict[str, IssuerState] = {}
        self.shared: list[Shared] = []
        self._presences: dict[str, list[Presence]] = {}
        self._pairs: dict[tuple[str, str], bool] = {}
        self._sets: dict[str, list[tuple[str, object, LogEvent]]] = {}
        self._tags: dict[str, list[tuple[str, bool, LogEvent]]] = {}
        self._verified: dict[str, list[Verified]] = {}
        self._removals: dict[str, list[Mapping[str, int]]] = {}
        self._touches: dict[str, list[LogEvent]] = {}

    def take(self, line: LogEvent) -> bool:
        """Take one line in; False if it is of no shape known here."""
        if line.version != VERSION or line.kind not in KINDS:
            return False
        if line.kind == "badge.added":  # of which there are most
            return line.on is not None and self._added(line, line.on)
        match line.kind:
            case "undone":
                return undone_target(line) is not None
            case "file.saved":
                return self._file(line)
            case "planned" | "attested" | "excepted":
                return self._place(line)
            case "issuer.pinned" | "issuer.trusted":
                return self._issuer(line)
            case "shared":
                return self._shared(line)
            case "badge.joined" | "badge.split":
                return self._pair(line)
        if line.on is None or not _SHA.fullmatch(line.on):
            return False
        match line.kind:
            case "identity.added" | "identity.retired":
                self.identities[line.on] = line.kind == "identity.retired"
                return True
            case "badge.removed":
                return self._removed(line, line.on)
            case "verified":
                return self._verification(line, line.on)
            case _:
                return self._change(line, line.on)

    def _added(self, line: LogEvent, raw: str) -> bool:
        kind, carrier = line.data.get("kind"), line.data.get("carrier")
        if not isinstance(kind, str) or not isinstance(carrier, str) or not _SHA.fullmatch(raw):
            return False
        container, provenance = _sha(line.data.get("container")), _sha(line.data.get("provenance"))
        number = line.data.get("line")
        number = number if isinstance(number, int) else 0
        self._presences.setdefault(raw, []).append(Presence(raw, kind, carrier, container, provenance, number, line))
        self._touches.setdefault(raw, []).append(line)
        return True

    def _pair(self, line: LogEvent) -> bool:
        one, other = _sha(line.data.get("a")), _sha(line.data.get("b"))
        if one is None or other is None or one == other:
            return False
        self._pairs[min(one, other), max(one, other)] = line.kind == "badge.joined"
        return True

    def _removed(self, line: LogEvent, on: str) -> bool:
        seen = line.data.get("seen")
        if not isinstance(seen, Mapping):
            return False
        known = {dev: seq for dev, seq in seen.items() if isinstance(seq, int)}
        for raw in {on, *_shas(line.data.get("raws"))}:
            self._removals.setdefault(raw, []).append(known)
        return True

    def _verification(self, line: LogEvent, raw: str) -> bool:
        verified = verification(line)
        if verified is None:
            return False
        self._verified.setdefault(raw, []).append(verified)
        return True

    def _change(self, line: LogEvent, raw: str) -> bool:
        if line.kind == "badge.set":
            name = line.data.get("field")
            if not isinstance(name, str) or name not in FIELDS:
                return False
            self._sets.setdefault(raw, []).append((name, line.data.get("value"), line))
        else:
            label = line.data.get("label")
            if not isinstance(label, str):
                return False
            self._tags.setdefault(raw, []).append((label, line.kind == "tag.added", line))
        self._touches.setdefault(raw, []).append(line)
        return True

    def _file(self, line: LogEvent) -> bool:
        name, sha = line.data.get("name"), line.data.get("sha")
        if not isinstance(name, str) or (sha is not None and _sha(sha) is None):
            return False
        self.files[name] = SavedFile(name, _sha(sha), line)
        return True

    def _place(self, line: LogEvent) -> bool:
        pathway, place, on, until = (line.data.get(key) for key in ("pathway", "place", "on", "until"))
        if not (isinstance(pathway, str) and isinstance(place, str) and isinstance(on, bool)):
            return False
        last = _day(until)
        if until is not None and last is None:
            return False
        key = (line.kind, pathway, place)
        # Taken out first: the order of what holds is the order in which it was said.
        self.places.pop(key, None)
        if on:
            sha = _sha(line.data.get("about"))
            self.places[key] = PlaceWord(*key, sha, last, line)
        return True

    def _issuer(self, line: LogEvent) -> bool:
        issuer = line.data.get("issuer")
        if not isinstance(issuer, str):
            return False
        held = self.issuers.get(issuer, IssuerState())
        if line.kind == "issuer.trusted":
            word = line.data.get("word")
            if not isinstance(word, str):
                return False
            self.issuers[issuer] = IssuerState(held.pins, word, _sha(line.data.get("note")))
            return True
        host = line.data.get("host")
        if not isinstance(host, str):
            return False
        pin = Pinned(host, tuple(_shas(line.data.get("keys"))), line)
        self.issuers[issuer] = IssuerState((*held.pins, pin), held.trust, held.note)
        return True

    def _shared(self, line: LogEvent) -> bool:
        about = _sha(line.data.get("about"))
        if about is None:
            return False
        self.shared.append(Shared(tuple(_shas(line.data.get("raws"))), about, line))
        return True

    def badges(self) -> dict[str, BadgeState]:
        """The badges that are in the wallet now, by id, in the order in which they came."""
        states = [state for group in self._groups() if (state := self._badge(group)) is not None]
        states.sort(key=lambda state: min([_ORDER(presence.event) for presence in state.presences]))
        return {state.id: state for state in states}

    def _groups(self) -> Iterator[list[str]]:
        if not self._pairs:
            yield from ([raw] for raw in self._presences)
            return
        parent = {raw: raw for raw in self._presences}

        def root(raw: str) -> str:
            while parent[raw] != raw:
                parent[raw] = parent[parent[raw]]
                raw = parent[raw]
            return raw

        for (one, other), joined in sorted(self._pairs.items()):
            if joined and one in parent and other in parent:
                parent[root(one)] = root(other)
        groups: dict[str, list[str]] = {}
        for raw in self._presences:
            groups.setdefault(root(raw), []).append(raw)
        yield from groups.values()

    def _badge(self, group: list[str]) -> BadgeState | None:
        if not any(self._alive(raw) for raw in group):
            return None
        if len(group) > 1:
            group.sort(key=lambda raw: (self._presences[raw][0].event.order, raw))
        raws = tuple(group)
        fields: dict[str, object] = {}
        for name, value, _ in sorted(_of(raws, self._sets), key=_third):
            fields[name] = value
        labels: dict[str, bool] = {}
        for label, on, _ in sorted(_of(raws, self._tags), key=_third):
            labels[label] = on
        return BadgeState(
            id=raws[0],
            raws=raws,
            presences=tuple(_of(raws, self._presences)),
            verified=tuple(sorted(_of(raws, self._verified), key=lambda item: item.event.order)),
            hidden=fields.get("hidden") is True,
            note=_sha(fields.get("note")),
            labels=tuple(sorted([label for label, on in labels.items() if on])),
        )

    def _alive(self, raw: str) -> bool:
        """Whether the learner did something with it that no removal had seen."""
        removals = self._removals.get(raw)
        if not removals:
            return raw in self._touches
        return any(
            not any(seen.get(line.dev, 0) >= line.seq for seen in removals) for line in self._touches.get(raw, ())
        )


def _of(raws: Sequence[str], table: Mapping[str, list[T]]) -> list[T]:
    """What the table has of these credentials."""
    return [item for raw in raws for item in table.get(raw, ())] if table else []


def _third(item: tuple[str, object, LogEvent]) -> tuple[str, str, int, str]:
    return item[2].order


def _sha(value: object) -> str | None:
    return value if isinstance(value, str) and _SHA.fullmatch(value) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _shas(value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, str) and _SHA.fullmatch(item)]


def _evidence(pairs: Sequence[object]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if isinstance(pair, Sequence) and len(pair) == 2:
            role, sha = pair
            if isinstance(role, str) and isinstance(sha, str) and _is_sha(sha):
                yield role, sha


# Badges of one issuer rest on the same few answers.
@lru_cache(maxsize=1_024)
def _is_sha(text: str) -> bool:
    return _SHA.fullmatch(text) is not None


def data_of(**members: str | bool | int | None) -> JsonObject:
    """The data of a line, without members that say nothing."""
    return {key: value for key, value in members.items() if value is not None}
