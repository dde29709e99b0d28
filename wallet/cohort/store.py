"""The store of a cohort, `FOLDER/.badgefolio-cohort/`: one directory for each learner, shared documents, and scans.

    L-482913/             one learner (`wallet.cohort.drawer`); the only place that names them
    shared/               achievement, issuer and key documents (`wallet.cohort.shared`)
    scans/S-0001.json     which learners were looked at, by number, and under which key each one's result lies
    cohort.json           the format

Numbers are drawn at random and kept nowhere but with the learner: a number that was purged is as likely as any other, one in
a million, and neither a gap nor a counter tells that there was somebody. Order tells nothing either: names do not sort them.

Directories are 0700, files 0600. The advisor's own wallet is never touched. Nothing here reads what learners handed over.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from wallet.cohort import forms, records
from wallet.cohort.drawer import Drawer
from wallet.cohort.kept import Card
from wallet.cohort.model import CheckedBadge, Learner, Scan, TakenIn
from wallet.cohort.opening import STORE, cannot_write, store_of
from wallet.cohort.records import Dated, Records
from wallet.cohort.removing import delete, sweep
from wallet.cohort.scan_file import consent_of, read_result, without
from wallet.cohort.scan_files import ScanFiles
from wallet.cohort.shared import Shared
from wallet.errors import NotFoundError, StoreError, UsageError
from wallet.model import Identity, Json, JsonObject
from wallet.store.disk import Disk
from wallet.store.journal import Lock
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.verify.dossier import Subject
    from wallet.verify.report_json import ReportSummary

__all__ = ["STORE", "Cohort", "Dated", "Purged", "Records", "ScanLine"]

_DIGITS = 6
_NUMBER = re.compile(r"L-[0-9]{6}")


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One scan of the store. made: aware, UTC. learners: how many it looked at, without those purged since."""

    id: str
    made: datetime
    at: date
    learners: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What is left to do by hand: the learner's own files in the folder, deleted already if that was asked."""

    files: tuple[Path, ...]
    deleted: bool = False


class Cohort:
    """One open store. Use it as a context manager. One thread uses it; `locked` keeps other processes away for moments."""

    def __init__(self, folder: Path, root: Path, disk: Disk, draw: Callable[[int], int]) -> None:
        """Use `open`."""
        self.folder, self._root = folder, root
        self._disk = disk
        self._draw = draw
        self._numbers: dict[str, str] | None = None
        self._spellings: dict[str, str] = {}
        self.shared = Shared(self._root / "shared", disk)
        self.scan_files = ScanFiles(self._root / "scans", disk)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        create: bool = False,
        disk: Disk | None = None,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> Cohort:
        """Open the store in `folder`, making one if `create`. draw: a number below the one given, for new learners.

        Raises `NotFoundError` where there is no folder, or no scan yet; `StoreError` where it cannot be used, `UsageError` where
        none may be made.
        """
        disk = disk or Disk()
        return cls(folder, store_of(folder, disk, create=create), disk, draw)

    def close(self) -> None:
        """Let go of what is kept at hand. Nothing is lost."""
        self._numbers = None
        self.scan_files.forget()

    def __enter__(self) -> Cohort:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def locked(self, name: str = "lock") -> Iterator[None]:
        """Keep other processes from writing. Raises `StoreBusyError`, and `StoreError` for a disk that refuses."""
        try:
            with Lock(self._root / name).held():
                yield
        except OSError as error:
            raise cannot_write(error) from error

    # learners

    def numbers(self) -> tuple[str, ...]:
        """Numbers of all learners who have a directory, whether or not a scan still finds their files."""
        return tuple(sorted(path.name for path in self._root.iterdir() if _NUMBER.fullmatch(path.name)))

    def drawer(self, number: str) -> Drawer:
        """One learner's directory. Raises `NotFoundError`."""
        if not _NUMBER.fullmatch(number) or not self._disk.exists(self._root / number):
            raise _nobody(number)
        return Drawer(self._root / number, self._disk)

    def _known(self) -> dict[str, str]:
        """Numbers by the name of what was handed over."""
        if self._numbers is None:
            self._numbers = {}
            for number in self.numbers():
                card = Drawer(self._root / number, self._disk).card()
                self._numbers[card.source if card is not None else f"\0{number}"] = number
            self._spellings = {_spelt(source): source for source in self._numbers}
        return self._numbers

    def register(self, source: str) -> Drawer:
        """The directory of who handed over the file or sub-folder of that name; a new one is made for a new name."""
        known = self._known()
        number = known.get(source)
        if number is None:
            number = self._spelt_otherwise(source, known) or self._new_number()
            known[source] = number
            self._spellings[_spelt(source)] = source
        drawer = Drawer(self._root / number, self._disk)
        drawer.make()
        return drawer

    def _spelt_otherwise(self, source: str, known: Mapping[str, str]) -> str | None:
        """Who handed over a file of that name in another spelling, as computers of another kind make of it, that is gone now."""
        other = self._spellings.get(_spelt(source))
        if other is None:
            return None
        try:
            return known[other] if (self.folder / other).samefile(self.folder / source) else None
        except OSError:
            return known[other]

    def _new_number(self) -> str:
        while True:
            number = f"L-{self._draw(10**_DIGITS):0{_DIGITS}}"
            if not self._disk.exists(self._root / number):
                return number

    def taken_in(self) -> Mapping[str, TakenIn]:
        """What was handed over before and is kept, by name of file or sub-folder: need not be read again."""
        found: dict[str, TakenIn] = {}
        for number in self.numbers():
            drawer = Drawer(self._root / number, self._disk)
            card = drawer.card()
            if card is not None and drawer.keeps():
                found[card.source] = TakenIn(card.sha256, drawer.looks(card))
        return found

    def subjects(self, source: str) -> list[Subject]:
        """What is kept of what was handed over under that name."""
        number = self._known().get(source)
        drawer = Drawer(self._root / number, self._disk) if number is not None else None
        given = drawer.given() if drawer is not None else None
        if drawer is None or given is None:
            return []
        return [subject for item in given.items if (subject := drawer.subject(item)) is not None]

    def find(self, name: str) -> str:
        """The number of a learner by number, name of file or sub-folder, or name.

        Raises `NotFoundError`, and `UsageError` when a name fits several.
        """
        wanted = clean(name).casefold()
        found: dict[str, None] = {}
        numbers = self.numbers()
        # Before all else: a file may be called as somebody else is numbered.
        if wanted.upper() in numbers:
            return wanted.upper()
        for number in numbers:
            card = Drawer(self._root / number, self._disk).card()
            if card is None:
                continue
            if card.source == name:
                return number
            if wanted in (_folded(card.source), _folded(Path(card.source).stem), _folded(card.name)):
                found[number] = None
        if not found:
            raise _nobody(name)
        if len(found) > 1:
            raise UsageError(
                f"'{clean(name, limit=80)}' fits {plural(len(found), 'learner')}: {', '.join(found)}.",
                "Name one of them by number.",
            )
        return next(iter(found))

    # records

    def records(self, number: str) -> Records:
        """What was recorded about a learner. Raises `NotFoundError`."""
        return self.drawer(number).records()

    def record(
        self,
        number: str,
        kind: str,
        about: Mapping[str, Json] | None,
        *,
        now: datetime,
        until: date | None = None,
        pathway: str | None = None,
        place: str | None = None,
    ) -> None:
        """Record something about a learner, durably. kind: one of `wallet.cohort.records.KINDS`. about: what is said of it.

        note, feedback: {"text"}. target: {} with `pathway`. appointment: {"date", "text"}. consent: {"text", "scope", "given"}
        with `until`. identity: {"type", "value"}. attested, excepted: as in `wallet.pathways.personal`, with `pathway` and
        `place`. None takes back what was said before: a target, a consent, all about a place. Figures follow at the next scan.
        Raises `UsageError` for what says nothing and `NotFoundError`.
        """
        drawer = self.drawer(number)
        record = records.checked(kind, about, now=now, until=until, pathway=pathway, place=place)
        if kind == "identity" and about is None:
            raise UsageError("An identity is taken back by naming it.", 'Add "on": false to what is said.')
        if kind == "identity" and record.about.get("on") is False:
            record = replace(record, on=False)
        with self.locked():
            drawer.append(record)

    def identities(self, drawer: Drawer, card: Card) -> tuple[Identity, ...]:
        """Those of the bundle, and those that the advisor recorded, but for those taken back."""
        return drawer.records().known(card.identities)

    def ended(self, at: date) -> tuple[str, ...]:
        """Numbers of those whose consent is past on that day."""
        found: list[str] = []
        for number in self.numbers():
            drawer = Drawer(self._root / number, self._disk)
            card = drawer.card()
            consent = consent_of(drawer.records(), card)
            if consent is not None and not consent.holds(at):
                found.append(number)
        return tuple(found)

    # scans

    def scans(self) -> tuple[ScanLine, ...]:
        """Finished scans, oldest first."""
        found = (self.scan_files.read(name) for name in self.scan_files.names())
        return tuple(ScanLine(one.id, one.made, one.at, len(one.entries)) for one in found if one is not None)

    def note(self, name: str, value: Json | None) -> None:
        """Keep a small thing of a running scan; None: it is done with."""
        if value is None:
            self._disk.unlink(self._root / name)
        else:
            self._disk.replace(self._root / name, forms.dumps(value))

    def noted(self, name: str) -> JsonObject | None:
        """What `note` kept."""
        return forms.read(self._bytes(name), forms.members)

    def load(self, scan: str | None = None) -> Scan:
        """A scan, by default the newest. `Learner.badges` is () here: `badges` gives them, one learner at a time.

        Names, identities, consent and targets are those known by now, figures are those of the scan; whoever was purged since
        is not in it. Raises `NotFoundError`.
        """
        stored = self.scan_files.wanted(scan)
        reader = forms.Standings()
        learners: list[Learner] = []
        standings = []
        oldest: datetime | None = None
        for entry in stored.entries:
            drawer = Drawer(self._root / entry.number, self._disk)
            kept = drawer.records()
            try:
                learner, checked, rows = read_result(drawer, drawer.result(entry.key), entry, kept)
                mine = [reader.read(row, entry.number, kept.targets) for row in rows]
            except forms.UNREADABLE:
                continue  # made again by the next scan
            learners.append(learner)
            standings += mine
            oldest = checked if oldest is None or (checked is not None and checked < oldest) else oldest
        return Scan(
            stored.id,
            stored.at,
            stored.made,
            stored.pathways,
            tuple(learners),
            tuple(standings),
            oldest,
            stored.tool,
            True,
            stored.thresholds,
        )

    def badges(self, number: str, scan: str | None = None) -> tuple[CheckedBadge, ...]:
        """The badges of one learner as that scan saw them, with who else handed them over. Raises `NotFoundError`."""
        drawer = self.drawer(number)
        entry = self.scan_files.entry(number, scan)
        result = drawer.result(entry.key) if entry is not None else None
        badges = drawer.badges(forms.text(result[0])) if result is not None else None
        if entry is None or badges is None:
            raise NotFoundError(f"{clean(number)} is not in that scan.", "Scan the folder again, or name another scan.")
        also = dict(entry.also)
        return tuple(replace(one, also=also.get(one.original, ())) for one in badges)

    def report(self, number: str, raw: str) -> ReportSummary | None:
        """The newest answered online check of a badge, by `Candidate.id`; None while it was not asked about.

        Whose badge it is was not compared in it: `badges` tells that. Raises `NotFoundError`.
        """
        from wallet.verify.report_json import summary_from_json  # brings the document readers along

        found = self.drawer(number).report(raw)
        try:
            return summary_from_json(found) if found is not None else None
        except StoreError:
            return None

    # purging

    def purge(self, number: str, *, with_files: bool = False, now: datetime) -> Purged:  # noqa: ARG002 - no trace, no time
        """Remove everything that was derived from a learner: the directory, every row, every mention with others.

        The learner's own files in the folder are named, and deleted only `with_files`. Raises `NotFoundError`.
        """
        drawer = self.drawer(number)
        card = drawer.card()
        files = tuple(self.folder / name for name in (card.files if card is not None else ()))
        try:
            with self.locked("scan.lock"), self.locked():
                for name in self.scan_files.names():
                    stored = self.scan_files.read(name)
                    if stored is not None:
                        self.scan_files.put(without(stored, number))
                others = (Drawer(self._root / one, self._disk).uses() for one in self.numbers() if one != number)
                self.shared.keep(frozenset[str]().union(*others))
                sweep(self._root, self._disk, number)
                # Last of all, so that a purge that was stopped can be asked for again.
                shutil.rmtree(self._root / number)
                self._disk.sync_directory(self._root)
                if with_files:
                    for path in files:
                        delete(self.folder, path)
        except OSError as error:
            raise cannot_write(error) from error
        self._numbers = None
        self.scan_files.forget()
        return Purged(files, with_files)

    def _bytes(self, name: str) -> bytes | None:
        try:
            return self._disk.read(self._root / name)
        except OSError:
            return None


def _spelt(name: str) -> str:
    """What the spellings of one name have in common: some systems take letters apart, some do not tell large from small."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _folded(text: str) -> str:
    return clean(text).casefold()


def _nobody(name: str) -> NotFoundError:
    return NotFoundError(
        f"No learner here is called '{clean(name, limit=80)}'.", "See them: badgefolio cohort table --sort name"
    )
