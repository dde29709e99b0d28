"""Examines a wallet folder and mends what can be mended without losing anything. Deletes nothing but half-written files.

Steps, as `Ailment.step` numbers them: 1 the folder (format, modes, owner, space, left-overs), 2 every object hashed again,
3 the chains of the logs, 4 objects that lines name, 5 objects that no line names, 6 the index against a fresh rebuild, 7 the
learner's own files and strangers. A step without findings reports one "ok". No network, no verdicts.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from wallet.errors import DefinitionError, NotFoundError, StoreError
from wallet.paths import Paths
from wallet.store.audit import LOG_NAME, SHOWN, STALE, Ailment, Audit
from wallet.store.describe import Reader
from wallet.store.events import LogEvent, read_log
from wallet.store.files import SUFFIX, OwnFiles
from wallet.store.folder import DIRECTORIES, FORMAT, read_folder
from wallet.store.index import Index
from wallet.store.objects import SHA256
from wallet.store.whole import agrees
from wallet.text import clean, plural

FREE_BYTES = 100 * 2**20
_CONFLICT = re.compile(r"\.sync-conflict-|conflicted copy", re.IGNORECASE)

STEPS = (
    "the folder, its modes and its space",
    "every object is what it was written as",
    "the logs are whole",
    "everything that the logs name is there",
    "no object lies unused",
    "the index agrees with the folder",
    "your own files can be read",
)


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


class _Examination(Audit):
    """The steps about the folder itself, the index and the learner's own files."""

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
        me = os.getuid() if hasattr(os, "getuid") else None
        start = len(str(self._root)) + 1
        for name, facts in self._everything():
            if not self._known(name[start:], facts):
                self._strangers.append(name[start:])  # for step 7: walking through the folder once is enough
            if stat.S_ISLNK(facts.st_mode):
                continue
            foreign += me is not None and facts.st_uid != me
            if os.name == "posix" and facts.st_mode & 0o077:
                open_to_others.append(Path(name))
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

    def _everything(self) -> Iterator[tuple[str, os.stat_result]]:
        """Whatever lies in the folder, the folder first, with what the disk says of it. Links are not followed."""
        yield str(self._root), self._root.lstat()
        waiting = [str(self._root)]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
            for entry in inside:
                yield entry.path, entry.stat(follow_symlinks=False)
            waiting += [entry.path for entry in reversed(inside) if entry.is_dir(follow_symlinks=False)]

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

    # 6

    def index(self) -> Iterator[Ailment]:
        """The index equals a fresh one, and its search tables are sound."""
        index = Index(self._index_path(), self._root / "events", self._objects)
        try:
            if index.rebuilds or self._replaced:
                yield Ailment(
                    6, "index-replaced", "note", "The index was malformed and has been made anew.", "Nothing to do."
                )
            index.refresh()
            # Where objects are missing, the index may remember more than the folder can tell now: it is not thrown away.
            if (self._incomplete or self._agrees(index)) and index.is_sound():
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

    def _agrees(self, index: Index) -> bool:
        # All objects were hashed a moment ago, so they need not be once more. Lines may have come since: then once more.
        return any(
            agrees(index.query, self._lines_of_logs(anew=anew), Reader(self._read, known=self._small))
            for anew in (False, True)
        )

    def _read(self, sha: str) -> bytes:
        try:
            return self._disk.read(self._objects.path(sha))
        except FileNotFoundError:
            return self._objects.read(sha)  # which says so in its own words

    def _lines_of_logs(self, *, anew: bool) -> tuple[LogEvent, ...]:
        """The lines of all that an index takes for a log."""
        known = {} if anew else {log.name: log.events for log in self._logs}
        return tuple(
            event
            for path in sorted((self._root / "events").iterdir())
            if path.name.endswith(".jsonl") and not path.name.startswith(".") and path.is_file()
            for event in known.get(path.name) or read_log(self._disk.read(path)).events
        )

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
        strangers = self._strangers
        if strangers:
            some = ", ".join(clean(path, limit=60) for path in strangers[:SHOWN])
            more = ", …" if len(strangers) > SHOWN else ""
            message = f"{plural(len(strangers), 'file')} in the folder that badgefolio did not write: {some}{more}."
            yield Ailment(7, "stranger", "note", message, "They are left alone.")

    def _known(self, path: str, facts: os.stat_result) -> bool:
        match path.split(os.sep):  # noqa: PTH206 - every file there is comes by
            case [""]:
                return True
            case [name]:
                return name in (*DIRECTORIES, "wallet.toml", "resume.toml")
            case ["objects", prefix]:
                return len(prefix) == 2 and stat.S_ISDIR(facts.st_mode)
            case ["objects", prefix, name]:
                return bool(SHA256.fullmatch(name)) and name.startswith(prefix)
            case ["events", name]:
                return bool(LOG_NAME.fullmatch(name))
            case ["pathways", name]:
                return name.endswith(SUFFIX)
            case [".stage", _]:
                return True
        return False


_FIX = "Run 'badgefolio doctor --fix'."
