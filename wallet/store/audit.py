"""The part of doctor that reads every byte: objects against their names, logs against their chains, and each against the other.

Steps 2 to 5 of `wallet.store.doctor`, which has the rest. Each yields what it finds and changes nothing, but for adopting
badges whose log line a crash prevented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from wallet.errors import StoreError
from wallet.paths import Paths
from wallet.store.adding import PROVENANCE
from wallet.store.disk import Disk
from wallet.store.events import Draft, LogEvent, read_log, unstamp
from wallet.store.folder import Folder
from wallet.store.index import Index
from wallet.store.journal import Journal
from wallet.store.objects import SHA256, Objects
from wallet.store.state import data_of
from wallet.store.tables import SCHEMA
from wallet.text import clean, plural

STALE = timedelta(days=1)
SYNCING = timedelta(days=7)
SHOWN = 10
_SMALL, _MEMORY = 16 * 2**10, 48 * 2**20
#: Objects that are read at once, and from how many such pieces on copies of this process share the work.
_PIECE = 500
_MANY_PIECES = 4
LOG_NAME = re.compile(r"[a-z2-7]{16}(-[0-9a-f]{8})?\.jsonl")
_RESTORE = "Bring it back from a backup or another device; importing the same file again also mends an original."
_LIST = "See them with 'badgefolio list'."


@dataclass(frozen=True, slots=True)
class Ailment:
    """One finding. severity: "ok", "note" (nothing to do), "decide" (nothing is lost) or "damage". Sentences are clean."""

    step: int
    code: str
    severity: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Log:
    """One log, read whole."""

    name: str
    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """What reading some objects showed. small: names and bytes of those that may be asked for again."""

    ailments: tuple[Ailment, ...]
    small: tuple[tuple[str, bytes], ...]


class Audit:
    """One run over one folder."""

    def __init__(self, paths: Paths, folder: Folder, now: datetime, *, fix: bool) -> None:
        self._paths, self._folder, self._now, self._fix = paths, folder, now, fix
        self._root, self._disk = folder.root, Disk()
        self._objects = Objects(folder.root, self._disk)
        self._names: set[str] = set()
        self._used: set[str] = set()
        self._logs: list[_Log] = []
        self._replaced = 0
        self._strangers: list[str] = []
        self._incomplete = False
        #: Objects that hashed well and may be asked for again, as long as they fit into a bounded memory.
        self._small: dict[str, bytes] = {}
        self._room = _MEMORY

    # 2

    def objects(self) -> Iterator[Ailment]:
        """Every object hashed again."""
        if not (self._root / "objects").is_dir():
            return
        from wallet.forks import spread, workers  # which only doctor needs of this module

        names = list(self._objects.names())
        self._names.update(names)
        pieces = [names[first : first + _PIECE] for first in range(0, len(names), _PIECE)]
        with closing(spread(self._hashed, pieces, processes=workers() if len(pieces) >= _MANY_PIECES else 1)) as read:
            for one in read:
                self._incomplete = self._incomplete or any(ailment.code == "changed" for ailment in one.ailments)
                yield from one.ailments
                for name, content in one.small:
                    if len(content) <= self._room:
                        self._small[name] = content
                        self._room -= len(content)

    def _hashed(self, names: Sequence[str]) -> _Read:
        ailments: list[Ailment] = []
        small: list[tuple[str, bytes]] = []
        for name in names:
            try:
                content = self._disk.read(self._objects.path(name))
            except OSError as error:
                message = f"The object {name[:12]} cannot be read: {clean(str(error))}."
                ailments.append(Ailment(2, "unreadable", "damage", message, _RESTORE))
                continue
            if sha256(content).hexdigest() != name:
                message = f"The bytes of object {name[:12]} have changed since they were written."
                ailments.append(Ailment(2, "changed", "damage", message, _RESTORE))
            elif len(content) <= _SMALL:
                small.append((name, content))
        return _Read(tuple(ailments), tuple(small))

    # 3

    def logs(self) -> Iterator[Ailment]:
        """Sums, chain, gaps, forks, and a clock that runs ahead."""
        remembered = self._remembered()
        directory = self._root / "events"
        for path in sorted(directory.iterdir()) if directory.is_dir() else ():
            if not LOG_NAME.fullmatch(path.name):
                continue
            data = self._disk.read(path)
            read = read_log(data)
            self._logs.append(_Log(path.name, read.events))
            for problem in read.problems:
                yield self._log_problem(path.name, problem.code, problem.offset, problem.seq)
            gone = remembered.get(path.name, set()) - {event.sum for event in read.events}
            if gone and not any(problem.code != "torn" for problem in read.problems):
                yield self._log_problem(path.name, "missing", read.tail.offset, read.tail.seq)
            if read.unread:
                yield Ailment(
                    3,
                    "unfinished",
                    "note",
                    f"The log {path.name} ends within a line: written just now, torn by a crash, or not fully synced yet.",
                    "Nothing to do.",
                )
            if read.events and unstamp(max(event.time for event in read.events)) - self._now > STALE:
                yield Ailment(
                    3,
                    "clock",
                    "decide",
                    f"The clock of the device that wrote {path.name} ran more than a day ahead.",
                    "Set that device's clock; the order of changes is kept all the same.",
                )
        for name in sorted(remembered.keys() - {log.name for log in self._logs}):
            yield Ailment(3, "log-gone", "damage", f"The log {name} was here and is gone.", _RESTORE)

    def _log_problem(self, name: str, code: str, offset: int, seq: int | None) -> Ailment:
        if code == "torn":
            message = f"The log {name} holds a line at byte {offset} that a crash tore; it was never acknowledged."
            return Ailment(3, "torn", "note", message, "Nothing to do.")
        if code == "fork":
            message = f"The log {name} has two continuations near line {seq}: two computers wrote it."
            return Ailment(3, "fork", "damage", message, "Keep both copies and open the wallet on one computer first.")
        return Ailment(
            3,
            "lines-missing",
            "damage",
            f"Lines of the log {name} before or at line {seq} are missing or damaged.",
            _RESTORE,
        )

    def _remembered(self) -> Mapping[str, set[str]]:
        """Sums of lines that were read earlier, by log: the last line has no successor that would miss it."""
        path = self._index_path()
        found: dict[str, set[str]] = {}
        if not path.is_file():
            return found
        try:
            index = Index(path, self._root / "events", self._objects)
        except StoreError:
            return found
        try:
            for name, total in index.query("select name, sum from log where seq > 0"):
                found[str(name)] = {str(total)}
        finally:
            self._replaced += index.rebuilds
            index.close()
        return found

    # 4 and 5

    def _index_path(self) -> Path:
        return self._paths.cache / self._folder.id / f"index-v{SCHEMA}.db"

    def references(self) -> Iterator[Ailment]:
        """Objects that lines name are there."""
        mine = self._journal().remembered_id()
        missing: dict[str, LogEvent] = {}
        for event in self._events():
            for sha in _named(event):
                self._used.add(sha)
                if sha not in self._names:
                    missing.setdefault(sha, event)
        self._incomplete = self._incomplete or bool(missing)
        for sha, event in sorted(missing.items()):
            young = self._now - event.when < SYNCING
            if event.dev != mine and young:
                message = f"The object {sha[:12]} of another device is not here yet."
                yield Ailment(4, "syncing", "note", message, "Let syncing finish.")
            else:
                yield Ailment(
                    4, "missing", "damage", f"The object {sha[:12]}, named by '{event.kind}', is missing.", _RESTORE
                )

    def orphans(self) -> Iterator[Ailment]:
        """Objects that no line names: what a crash between storing and announcing leaves."""
        used = set(self._used)
        for event in self._events():
            if event.kind == "verified":
                used |= self._bodies(event)
        unused = self._names - used
        packs = {str(event.data.get("provenance")) for event in self._events() if event.kind == "badge.added"}
        origins = [draft for sha in sorted(packs | unused) for draft in self._origins(sha, unused)]
        for draft in origins:
            unused -= {str(draft.on), str(draft.data.get("container")), str(draft.data.get("provenance"))}
        if origins and self._fix:
            self._adopt(origins)
            yield Ailment(
                5, "adopted", "note", f"Adopted {plural(len(origins), 'badge')} of an interrupted import.", _LIST
            )
        elif origins:
            message = (
                f"{plural(len(origins), 'badge')} of an interrupted import lie in the wallet without being listed."
            )
            yield Ailment(5, "adoptable", "decide", message, "Run 'badgefolio doctor --fix' to adopt them.")
        if unused:
            some = ", ".join(sha[:12] for sha in sorted(unused)[:SHOWN])
            message = f"{plural(len(unused), 'object')} no line names ({some}{', …' if len(unused) > SHOWN else ''})."
            yield Ailment(5, "unused", "note", message, "They do no harm and are kept.")

    def _events(self) -> Iterator[LogEvent]:
        for log in self._logs:
            yield from log.events

    def _bodies(self, event: LogEvent) -> set[str]:
        found: set[str] = set()
        pairs = event.data.get("evidence")
        for pair in pairs if isinstance(pairs, Sequence) else ():
            if isinstance(pair, Sequence) and len(pair) == 2:
                found.update(str(facts.get("sha256")) for facts in self._lines(str(pair[1])))
        return found

    def _lines(self, sha: str) -> Iterator[Mapping[str, object]]:
        """What the lines of an object of ours say."""
        if sha not in self._names:
            return
        try:
            content = self._small.get(sha) or self._disk.read(self._objects.path(sha))
        except OSError:  # named in step 2
            return
        if not content.startswith(b'{"format":"badgefolio-'):
            return
        for line in content.splitlines():
            try:
                value: object = json.loads(line)  # noqa: TID251 - an object of ours, hashed in step 2
            except (ValueError, RecursionError):
                return
            yield value if isinstance(value, dict) else {}

    def _origins(self, sha: str, unused: set[str]) -> Iterator[Draft]:
        """The lines that were to be written for origins that no line names, if their badges are there as a whole."""
        for number, facts in enumerate(self._lines(sha), 1):
            raw, container, kind, carrier = (facts.get(key) for key in ("raw", "container", "kind", "carrier"))
            if facts.get("format") != PROVENANCE:
                return
            if not isinstance(kind, str) or not isinstance(carrier, str) or not isinstance(raw, str):
                continue
            if raw not in self._names or (raw not in unused and container not in unused):
                continue
            if container is None or (isinstance(container, str) and container in self._names):
                data = data_of(kind=kind, carrier=carrier, container=container, provenance=sha, line=number)
                yield Draft("badge.added", raw, data)

    def _adopt(self, drafts: Sequence[Draft]) -> None:
        journal = self._journal()
        with journal.locked():
            newest = max((event.time for event in self._events()), default=None)
            journal.append(drafts, now=self._now, newest=newest)

    def _journal(self) -> Journal:
        return Journal(self._root / "events", self._paths.state, self._folder.id, self._disk)


def _named(event: LogEvent) -> Iterator[str]:
    """Every object that a line names."""
    if event.kind == "issuer.pinned":  # whose hashes are of keys, which lie inside documents
        return
    if event.on is not None and SHA256.fullmatch(event.on):
        yield event.on
    waiting: list[object] = list(event.data.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if SHA256.fullmatch(value):
                yield value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, Sequence):
            waiting += value
