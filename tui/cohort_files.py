"""Reports of a cohort as files, for both faces: which kinds there are, what they are called, what goes into them.

Every file is new unless `force` is said. Names of files hold numbers only: a name is seen by more people than its content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cohort_figures import TOOL, Looked, report_of, with_figures
from tui.handing import moment
from wallet.errors import NotFoundError, UsageError
from wallet.progress import Event, Progress, silent
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Scan, Standing
    from wallet.cohort.report import CohortReport
    from wallet.cohort.store import Cohort
    from wallet.pathways.figures import Compiled

TABLES = ("csv", "tsv", "jsonl")
LETTERS = {"letter": ".pdf", "letter-html": ".html", "letter-md": ".md"}
FORMS = ("html", *TABLES, "xlsx", *LETTERS)
Method = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written. form: one of `FORMS`. at: the day that it bears. pathway: an id, None for all.

    today: whose consent ended by then is in no report, whatever day that bears. anonymous: pages only; nobody is named and small
    numbers are hidden. sender: who signs letters. feedback: whether what was recorded as such goes along. bom: whether tables
    begin with the mark that tells Excel the encoding.
    """

    form: str
    at: date
    today: date
    pathway: str | None = None
    filters: tuple[str, ...] = ()
    sort: str = "name"
    pseudonyms: bool = False
    anonymous: bool = False
    feedback: bool = True
    sender: str = ""
    paper: str = "a4"
    bom: bool = True
    force: bool = False
    language: str | None = None

    @property
    def pathways(self) -> tuple[str, ...]:
        """As reports of learners want it."""
        return () if self.pathway is None else (self.pathway,)


def file_name(form: str, scan: str, number: str | None) -> str:
    """What the file is called when nobody says: after the scan, or after one learner; for letters of all it is a folder."""
    if number is not None:
        return f"letter-{number}{LETTERS[form]}" if form in LETTERS else f"learner-{number}.html"
    return f"letters-{scan}" if form in LETTERS else f"cohort-{scan}.{form}"


def free_place(folder: Path, form: str, scan: str, number: str | None) -> Path:
    """Where such a file or folder can be put without anything being there already."""
    plain = folder / file_name(form, scan, number)
    target, count = plain, 1
    while target.exists() or method_beside(target).exists():
        count += 1
        target = plain.with_name(f"{plain.stem}-{count}{plain.suffix}")
    return target


def usual_place(cohort: Path, name: str) -> Path:
    """Where a report of that name goes if nobody says: here, but never among what learners handed over."""
    here, folder = Path.cwd(), cohort.resolve()
    return folder.parent / name if here == folder or folder in here.parents else Path(name)


def method_beside(target: Path) -> Path:
    """Where the method of a table lies, which has no room for it."""
    return target.with_name(f"{target.name}.method.txt")


def bearing(now: datetime) -> date:
    """The day that a report bears, in UTC: today's, or that of SOURCE_DATE_EPOCH."""
    return moment(now).astimezone(UTC).date()


def _consented(scan: Scan, wanted: Wanted) -> Scan:
    """The scan for a report of another day, on which consents may have held that have ended since."""
    if wanted.at >= wanted.today:
        return scan
    before = wanted.at - timedelta(days=1)
    return replace(
        scan,
        learners=tuple(
            replace(one, consent=replace(one.consent, until=before))
            if one.consent is not None and not one.consent.holds(wanted.today)
            else one
            for one in scan.learners
        ),
    )


class Reports:
    """Writes the files of one request. written: told of each with its bytes."""

    def __init__(self, cohort: Cohort, scan: Scan, wanted: Wanted, written: Callable[[Path, bytes], None]) -> None:
        self._cohort, self._scan, self._wanted, self._written = cohort, _consented(scan, wanted), wanted, written

    def cohort(self, target: Path) -> CohortReport:
        """The whole cohort, with the method beside it where the form has no room for it."""
        from wallet.cohort.report import cohort_report

        wanted, scan = self._wanted, self._scan
        report = cohort_report(
            scan,
            at=wanted.at,
            tool=TOOL,
            filters=wanted.filters,
            pathway=wanted.pathway,
            sort=wanted.sort,
            pseudonyms=wanted.pseudonyms,
            anonymous=wanted.anonymous,
            badges=lambda number: self._cohort.badges(number, scan.id),
        )
        if wanted.form == "html":
            from exporters.cohort.page import cohort_page

            self._write(target, cohort_page(report))
        elif wanted.form == "xlsx":
            from exporters.cohort.workbook import workbook

            self._write(target, workbook(report))
        else:
            from exporters.cohort.tables import method, table

            beside = method_beside(target)
            if beside.exists() and not wanted.force:
                raise UsageError(f"{clean(str(beside))} is already there.", "Choose another name, or say --force.")
            self._write(target, table(report, wanted.form, bom=wanted.bom))
            self._write(beside, method(report))
        return report

    def learner(self, looked: Looked, target: Path) -> LearnerReport:
        """One learner's page or letter. Raises `NotFoundError` where the consent has ended."""
        if looked.ended:
            raise NotFoundError(
                f"The consent of {looked.learner.number} has ended, so there is no report.",
                "Record a new consent with 'cohort show --consent', or delete all with 'cohort purge'.",
            )
        told = self._told(looked)
        if self._wanted.form in LETTERS:
            self._write(target, self._letter(told))
        else:
            from exporters.cohort.page import learner_page

            self._write(target, learner_page(told))
        return told

    def letters(self, folder: Path, known: Mapping[str, Compiled], progress: Progress = silent) -> tuple[int, Method]:
        """A letter for everybody in the table whose consent holds: how many, and the method of the scan."""
        from wallet.cohort.report import method_of
        from wallet.cohort.table import rows

        wanted, scan = self._wanted, self._scan
        shown = [
            row for row in rows(scan, at=wanted.at, filters=wanted.filters, pathway=wanted.pathway) if not row.ended
        ]
        learners = {row.learner.number: row.learner for row in shown}
        if not learners:
            raise NotFoundError("There is nobody to write to.", "Loosen the filters, or scan the folder again.")
        self._outside(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        standings: dict[str, list[Standing]] = {}
        for one in scan.standings:
            standings.setdefault(one.learner, []).append(one)
        for done, (number, learner) in enumerate(learners.items()):
            progress(Event("letters", done, len(learners), number))
            alone = replace(scan, learners=(learner,), standings=tuple(standings[number]))
            looked = with_figures(self._cohort, alone, learner, known, at=wanted.today, language=wanted.language)
            self._write(folder / f"letter-{number}{LETTERS[wanted.form]}", self._letter(self._told(looked)))
        method = method_of(
            scan,
            at=wanted.at,
            tool=TOOL,
            pseudonyms=wanted.pseudonyms,
            filters=wanted.filters,
            pathway=wanted.pathway,
        )
        return len(learners), method

    def _outside(self, target: Path) -> None:
        """Raises `UsageError` for a place among what learners handed over, before anything is made there."""
        if self._cohort.folder.resolve() in target.resolve().parents:
            raise UsageError(
                f"'{clean(str(target), limit=200)}' is in the cohort's folder, where the next scan would take it for a learner.",
                "Name a place outside that folder.",
            )

    def _told(self, looked: Looked) -> LearnerReport:
        wanted = self._wanted
        return report_of(
            looked,
            at=wanted.at,
            pathways=wanted.pathways,
            pseudonyms=wanted.pseudonyms,
            feedback=wanted.feedback,
            language=wanted.language,
        )

    def _letter(self, told: LearnerReport) -> bytes:
        from exporters.cohort import letter

        made = letter.letter_of(told, sender=clean(self._wanted.sender, limit=120))
        if self._wanted.form == "letter-md":
            return letter.markdown(made)
        if self._wanted.form == "letter-html":
            return letter.html(made)
        return letter.pdf(made, paper=self._wanted.paper)

    def _write(self, target: Path, data: bytes) -> None:
        from exporters.atomic import write_file

        self._outside(target)
        self._written(write_file(target, data, force=self._wanted.force), data)
