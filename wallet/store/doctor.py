"""Examines a wallet folder and mends what can be mended without losing anything. Deletes nothing but half-written files.

Steps, as `Ailment.step` numbers them: 1 the folder (format, modes, owner, space, left-overs), 2 every object hashed again,
3 the chains of the logs, 4 objects that lines name, 5 objects that no line names, 6 the index against a fresh rebuild, 7 the
learner's own files and strangers. A step without findings reports one "ok". No network, no verdicts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from wallet.errors import DefinitionError, NotFoundError, StoreError
from wallet.paths import Paths
from wallet.store.adding import PROVENANCE
from wallet.store.disk import Disk
from wallet.store.events import Draft, LogEvent, read_log, unstamp
from wallet.store.files import SUFFIX, OwnFiles
from wallet.store.folder import DIRECTORIES, FORMAT, Folder, read_folder
from wallet.store.index import Index
from wallet.store.journal import Journal
from wallet.store.objects import SHA256, Objects
from wallet.store.state import data_of
from wallet.store.tables import COLUMNS, SCHEMA
from wallet.text import clean, plural

STALE = timedelta(days=1)
SYNCING = timedelta(days=7)
FREE_BYTES = 100 * 2**20
_LOG_NAME = re.compile(r"[a-z2-7]{16}(-[0-9a-f]{8})?\.jsonl")
_CONFLICT = re.compile(r"\.sync-conflict-|conflicted copy", re.IGNORECASE)
_SHOWN = 10

STEPS = (
    "the folder, its modes and its space",
    "every object is what it was written as",
    "the logs are whole",
    "everything that the logs name is there",
    "no object lies unused",
    "the index agrees with the folder",
    "your own files can be read",
)


@dataclass(frozen=True, slots=True)
class Ailment:
    """One finding. severity: "ok", "note" (nothing to do), "decide" (nothing is lost) or "damage". Sentences are clean."""

    step: int
    code: str
    severity: str
    message: str
    remedy: str


def examine(paths: Paths, *, now: datetime, fix: bool = False) -> tuple[Ailment, ...]:
    """Examine the wallet; with `fix` set modes, clear old left-overs, adopt badges without a log line, rebuild the index.

    Raises `NotFoundError` where there is no wallet. What was mended is reported as a note that says so.
    """
    try:
        folder = read_folder(paths.wallet)
    except NotFoundError:
        raise
    except StoreError as error:
        return (Ailment(1, "head-damaged", "damage", error.message, error.remedy),)
    examination = _Examination(paths, folder, now, fix=fix and not folder.newer)
    found: list[Ailment] = []
    steps = (
        examination.folder,
        examination.objects,
        examination.logs,
        examination.references,
        examination.orphans,
        examination.index,
        examination.own_files,
    )
    for number, (step, name) in enumerate(zip(steps, STEPS, strict=True), start=1):
        ailments = tuple(step())
        found += ailments
        if all(ailment.severity == "note" for ailment in ailments):
            found.append(Ailment(number, "ok", "ok", f"Checked: {name}.", ""))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Log:
    """One log, read whole."""

    name: str
    events: tuple[LogEvent, ...]


class _Examination:
    """One run over one folder. Each step yields what it finds."""

    def __init__(self, paths: Paths, folder: Folder, now: datetime, *, fix: bool) -> None:
        self._paths, self._folder, self._now, self._fix = paths, folder, now, fix
        self._root, self._disk = folder.root, Disk()
        self._objects = Objects(folder.root, self._disk)
        self._names: set[str] = set()
        self._logs: list[_Log] = []
        self._replaced = 0
        self._incomplete = False

    # 1

    def folder(self) -> Iterator[Ailment]:
        """Format, modes, owner, space, left-overs."""
        if self._folder.newer:
            yield Ailment(
                1,
                "newer-format",
                "decide",
                f"The wallet is in format {self._folder.format}; this version writes format {FORMAT} and only reads this one.",
                "Install the later version of badgefolio to change anything.",
            )
        for name in DIRECTORIES:
            if not (self._root / name).is_dir():
                if self._fix:
                    self._disk.make_directory(self._root / name)
                else:
                    severity = "decide" if name == ".stage" else "damage"
                    yield Ailment(1, "missing-directory", severity, f"The directory {name} is missing.", _FIX)
        yield from self._modes()
        if shutil.disk_usage(self._root).free < FREE_BYTES:
            yield Ailment(
                1,
                "little-space",
                "decide",
                "Less than 100 MB are free on this disk.",
                "Make room before importing more.",
            )
        yield from self._left_overs()

    def _modes(self) -> Iterator[Ailment]:
        open_to_others: list[Path] = []
        foreign = 0
        for path in self._everything():
            facts = path.lstat()
            if stat.S_ISLNK(facts.st_mode):
                continue
            foreign += hasattr(os, "getuid") and facts.st_uid != os.getuid()
            if os.name == "posix" and facts.st_mode & 0o077:
                open_to_others.append(path)
        if foreign:
            yield Ailment(
                1,
                "owner",
                "decide",
                f"{plural(foreign, 'file')} of the wallet belong to another user of this computer.",
                "Take them over with chown, or copy the folder as yourself.",
            )
        if open_to_others and self._fix:
            for path in open_to_others:
                path.chmod(0o700 if path.is_dir() else 0o400 if path.parent.parent.name == "objects" else 0o600)
            yield Ailment(
                1,
                "modes-set",
                "note",
                f"Closed {plural(len(open_to_others), 'file')} to other users.",
                "Nothing to do.",
            )
        elif open_to_others:
            yield Ailment(
                1,
                "modes",
                "decide",
                f"Other users of this computer may read {plural(len(open_to_others), 'file')} of the wallet.",
                _FIX,
            )

    def _everything(self) -> Iterator[Path]:
        yield self._root
        yield from sorted(self._root.rglob("*"))

    def _left_overs(self) -> Iterator[Ailment]:
        stage = self._root / ".stage"
        old = [path for path in (stage.iterdir() if stage.is_dir() else ()) if self._age(path) > STALE]
        if not old:
            return
        if self._fix:
            for path in old:
                self._disk.unlink(path)
            yield Ailment(
                1, "stage-cleared", "note", f"Cleared {plural(len(old), 'half-written file')}.", "Nothing to do."
            )
        else:
            message = f"{plural(len(old), 'half-written file')} of an interrupted import lie in .stage."
            yield Ailment(1, "stage", "decide", message, _FIX)

    def _age(self, path: Path) -> timedelta:
        return timedelta(seconds=self._now.timestamp() - path.lstat().st_mtime)

    # 2

    def objects(self) -> Iterator[Ailment]:
        """Every object hashed again."""
        if not (self._root / "objects").is_dir():
            return
        for name in self._objects.names():
            self._names.add(name)
            try:
                content = self._disk.read(self._objects.path(name))
            except OSError as error:
                yield Ailment(
                    2, "unreadable", "damage", f"The object {name[:12]} cannot be read: {clean(str(error))}.", _RESTORE
                )
                continue
            if sha256(content).hexdigest() != name:
                self._incomplete = True
                yield Ailment(
                    2,
                    "changed",
                    "damage",
                    f"The bytes of object {name[:12]} have changed since they were written.",
                    _RESTORE,
                )

    # 3

    def logs(self) -> Iterator[Ailment]:
        """Sums, chain, gaps, forks, and a clock that runs ahead."""
        remembered = self._remembered()
        directory = self._root / "events"
        for path in sorted(directory.iterdir()) if directory.is_dir() else ():
            if not _LOG_NAME.fullmatch(path.name):
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

    def _index_path(self) -> Path:
        return self._paths.cache / self._folder.id / f"index-v{SCHEMA}.db"

    # 4 and 5

    def references(self) -> Iterator[Ailment]:
        """Objects that lines name are there."""
        mine = self._journal().remembered_id()
        missing: dict[str, LogEvent] = {}
        for event in self._events():
            for sha in _named(event):
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
        used = {sha for event in self._events() for sha in _named(event)}
        for event in self._events():
            if event.kind == "verified":
                used |= self._bodies(event)
        unused = self._names - used
        origins = [draft for sha in sorted(unused) if (draft := self._origin(sha)) is not None]
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
            some = ", ".join(sha[:12] for sha in sorted(unused)[:_SHOWN])
            message = f"{plural(len(unused), 'object')} no line names ({some}{', …' if len(unused) > _SHOWN else ''})."
            yield Ailment(5, "unused", "note", message, "They do no harm and are kept.")

    def _events(self) -> Iterator[LogEvent]:
        for log in self._logs:
            yield from log.events

    def _bodies(self, event: LogEvent) -> set[str]:
        found: set[str] = set()
        pairs = event.data.get("evidence")
        for pair in pairs if isinstance(pairs, Sequence) else ():
            if isinstance(pair, Sequence) and len(pair) == 2:
                facts = self._facts(str(pair[1]))
                found.add(str(facts.get("sha256")))
        return found

    def _facts(self, sha: str) -> Mapping[str, object]:
        if sha not in self._names:
            return {}
        content = self._disk.read(self._objects.path(sha))
        if not content.startswith(b'{"format":"badgefolio-'):
            return {}
        try:
            value: object = json.loads(content)  # noqa: TID251 - an object of ours, hashed in step 2
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def _origin(self, sha: str) -> Draft | None:
        """The line that was to be written for an origin that no line names, if its badge is there as a whole."""
        facts = self._facts(sha)
        raw, container, kind, carrier = (facts.get(key) for key in ("raw", "container", "kind", "carrier"))
        if facts.get("format") != PROVENANCE or not (isinstance(kind, str) and isinstance(carrier, str)):
            return None
        if not isinstance(raw, str) or raw not in self._names:
            return None
        if container is not None and (not isinstance(container, str) or container not in self._names):
            return None
        return Draft("badge.added", raw, data_of(kind=kind, carrier=carrier, container=container, provenance=sha))

    def _adopt(self, drafts: Sequence[Draft]) -> None:
        journal = self._journal()
        with journal.locked():
            newest = max((event.time for event in self._events()), default=None)
            journal.append(drafts, now=self._now, newest=newest)

    def _journal(self) -> Journal:
        return Journal(self._root / "events", self._paths.state, self._folder.id, self._disk)

    # 6

    def index(self) -> Iterator[Ailment]:
        """The index equals a fresh one, and its search tables are sound."""
        index = Index(self._index_path(), self._root / "events", self._objects)
        fresh = Index(None, self._root / "events", self._objects)
        try:
            if index.rebuilds or self._replaced:
                yield Ailment(
                    6, "index-replaced", "note", "The index was malformed and has been made anew.", "Nothing to do."
                )
            index.refresh()
            fresh.refresh()
            # Where objects are missing, the index may remember more than the folder can tell now: it is not thrown away.
            if (self._incomplete or _contents(index) == _contents(fresh)) and index.is_sound():
                return
            if self._fix:
                index.rebuild()
                yield Ailment(
                    6, "index-rebuilt", "note", "The index has been rebuilt from the folder.", "Nothing to do."
                )
            else:
                yield Ailment(6, "index", "decide", "The index does not agree with the folder. Nothing is lost.", _FIX)
        finally:
            index.close()
            fresh.close()

    # 7

    def own_files(self) -> Iterator[Ailment]:
        """Pathways can be read; copies that a syncing engine made; files that are not the wallet's."""
        from wallet.pathways.definition import read  # only needed here

        for name, content in OwnFiles(self._root, self._disk).all():
            if _CONFLICT.search(name):
                message = f"The file {clean(name)} is a copy that a syncing engine made because of a conflict."
                yield Ailment(
                    7, "conflict-copy", "decide", message, "Compare it with the original and remove one of the two."
                )
                continue
            try:
                read(content, name)
            except DefinitionError as error:
                yield Ailment(7, "pathway", "decide", error.message, error.remedy)
        strangers = [path for path in self._everything() if not self._known(path)]
        if strangers:
            some = ", ".join(clean(str(path.relative_to(self._root)), limit=60) for path in strangers[:_SHOWN])
            more = ", …" if len(strangers) > _SHOWN else ""
            message = f"{plural(len(strangers), 'file')} in the folder that badgefolio did not write: {some}{more}."
            yield Ailment(7, "stranger", "note", message, "They are left alone.")

    def _known(self, path: Path) -> bool:
        parts = path.relative_to(self._root).parts
        match parts:
            case ():
                return True
            case (name,):
                return name in (*DIRECTORIES, "wallet.toml", "resume.toml")
            case ("objects", prefix):
                return len(prefix) == 2 and path.is_dir()
            case ("objects", prefix, name):
                return bool(SHA256.fullmatch(name)) and name.startswith(prefix)
            case ("events", name):
                return bool(_LOG_NAME.fullmatch(name))
            case ("pathways", name):
                return name.endswith(SUFFIX)
            case (".stage", _):
                return True
        return False


_FIX = "Run 'badgefolio doctor --fix'."
_RESTORE = "Bring it back from a backup or another device; importing the same file again also mends an original."
_LIST = "See them with 'badgefolio list'."


def _named(event: LogEvent) -> Iterator[str]:
    """Every object that a line names."""
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


def _contents(index: Index) -> tuple[object, ...]:
    """All that the index says, in an order that does not depend on how it came to say it."""
    return tuple(
        sorted(index.query(sql), key=repr)
        for sql in (
            f"select {COLUMNS} from badge",  # noqa: S608 - constants
            "select raw, badge from form",
            "select key, raw from same",
            "select * from evidence",
            "select sum, raw from touch",
            "select id, words.name, issuer, words.tags, words.criteria, codes from words join badge on n = words.rowid",
        )
    )
