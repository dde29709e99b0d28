"""`badgefolio cohort report`: tables, a workbook, pages and letters as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.cohort import (
    complete_filters,
    complete_learners,
    folder_option,
    library,
    opened,
    pathway_of,
    pseudonyms_option,
    scan_option,
    sort_option,
)
from tui.cli.cohort_json import Told, method_json, print_json
from tui.cli.cohort_learner import look_at, report_of, with_figures
from tui.cli.commands.cohort_scan import TOOL
from tui.cli.frame import command as make
from tui.cli.pathways import today
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError, UsageError
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Scan, Standing
    from wallet.cohort.report import CohortReport
    from wallet.cohort.store import Cohort

_TABLES = ("csv", "tsv", "jsonl")
_LETTERS = {"letter": ".pdf", "letter-html": ".html", "letter-md": ".md"}
_FORMS = ("html", *_TABLES, "xlsx", *_LETTERS)


@make(
    "report",
    examples=(
        "badgefolio cohort report --to html -o cohort.html",
        "badgefolio cohort report --to xlsx --filter close",
        'badgefolio cohort report "Ada Example" --to letter --from "A. Advisor"',
        "badgefolio cohort report --to letter -o letters",
        "badgefolio cohort report --to html --pseudonyms -o shared.html",
    ),
)
@click.argument("learner", metavar="[LEARNER]", required=False, shell_complete=complete_learners)
@click.option("--to", "form", type=click.Choice(_FORMS), required=True, help="What to write; a letter is a PDF.")
@click.option("-o", "--output", metavar="PATH", help="Where to write (default: named after the scan or the learner).")
@click.option(
    "--filter",
    "filters",
    metavar="FILTER",
    multiple=True,
    shell_complete=complete_filters,
    help="As for 'cohort table'.",
)
@sort_option
@click.option("--pathway", "wanted", metavar="PATHWAY", help="Only this pathway.")
@click.option(
    "--anonymous", is_flag=True, help="With --to html: numbers only, nobody is named, small numbers are hidden."
)
@click.option("--from", "sender", metavar="NAME", help="Who signs a letter (default: person in the settings).")
@click.option("--no-feedback", is_flag=True, help="Leave out what you recorded as feedback.")
@click.option(
    "--paper", type=click.Choice(("a4", "letter")), default="a4", show_default=True, help="Paper of a letter."
)
@click.option("--no-bom", is_flag=True, help="CSV and TSV without the mark that tells Excel the encoding.")
@click.option("--force", is_flag=True, help="Replace existing files.")
@click.option("--pathway-file", "files", metavar="FILE", multiple=True, help="Where a pathway's definition lies now.")
@scan_option
@folder_option
@pseudonyms_option
@with_run
def report(
    run: Run,
    *,
    learner: str | None,
    form: str,
    output: str | None,
    filters: tuple[str, ...],
    sort: str,
    wanted: str | None,
    anonymous: bool,
    sender: str | None,
    no_feedback: bool,
    paper: str,
    no_bom: bool,
    force: bool,
    files: tuple[str, ...],
    scan_id: str | None,
    folder: str | None,
    pseudonyms: bool,
) -> int:
    """Write a report: of the whole cohort, or one page or letter for LEARNER. Letters for everybody go into a folder.

    Every report says how its figures were made. Private notes are in none of them, and whose consent has ended is in none.
    """
    if learner is not None and (form in _TABLES or form == "xlsx" or filters or anonymous):
        raise UsageError("That is a report of a whole cohort.", "Leave LEARNER out, or choose html or letter.")
    if anonymous and form != "html":
        raise UsageError("Only a page can be anonymous: a table has a row for each learner.", "Say --to html.")
    with opened(run, folder, scan_id) as (cohort, scan):
        pathway = pathway_of(scan, wanted) if wanted is not None else None
        told = _Reports(
            run,
            cohort,
            scan,
            pathway=pathway,
            pseudonyms=pseudonyms,
            feedback=not no_feedback,
            force=force,
            files=files,
        )
        signed = run.config.person or "" if sender is None else sender

        def letter(one: LearnerReport) -> bytes:
            return _letter(one, form, sender="" if pseudonyms and sender is None else signed, paper=paper)

        method: tuple[tuple[str, str], ...]
        if learner is None and form in _LETTERS:
            method = told.letters(Path(output or f"letters-{scan.id}").expanduser(), letter, _LETTERS[form], filters)
        elif learner is None:
            from wallet.cohort.report import cohort_report

            made = cohort_report(
                scan,
                at=today(run),
                tool=TOOL,
                filters=filters,
                pathway=pathway,
                sort=sort,
                pseudonyms=pseudonyms,
                anonymous=anonymous,
                badges=lambda number: cohort.badges(number, scan.id),
            )
            method = made.method
            told.cohort(made, form, Path(output or f"cohort-{scan.id}.{form}").expanduser(), bom=not no_bom)
        else:
            method = told.learner(learner, form, output, letter)
        print_json(
            run,
            Told("report", cohort.folder, scan, pseudonyms, {"files": told.written, "method": method_json(method)}),
        )
    return 0


def _letter(one: LearnerReport, form: str, *, sender: str, paper: str) -> bytes:
    from exporters.cohort import letter

    made = letter.letter_of(one, sender=clean(sender, limit=120))
    if form == "letter-md":
        return letter.markdown(made)
    return letter.html(made) if form == "letter-html" else letter.pdf(made, paper=paper)


class _Reports:
    """Writes the files of one run and remembers them."""

    def __init__(
        self,
        run: Run,
        cohort: Cohort,
        scan: Scan,
        *,
        pathway: str | None,
        pseudonyms: bool,
        feedback: bool,
        force: bool,
        files: tuple[str, ...],
    ) -> None:
        self._run, self._cohort, self._scan = run, cohort, scan
        self._pathways = () if pathway is None else (pathway,)
        self._pseudonyms, self._feedback, self._force, self._files = pseudonyms, feedback, force, files
        self.written: list[Json] = []

    def cohort(self, report: CohortReport, form: str, target: Path, *, bom: bool) -> None:
        """The whole cohort, with the method beside it where the form has no room for it."""
        if form == "html":
            from exporters.cohort.page import cohort_page

            self._write(target, cohort_page(report))
        elif form == "xlsx":
            from exporters.cohort.workbook import workbook

            self._write(target, workbook(report))
        else:
            from exporters.cohort.tables import method, table

            beside = target.with_name(f"{target.name}.method.txt")
            if beside.exists() and not self._force:
                raise UsageError(f"{clean(str(beside))} is already there.", "Choose another name, or say --force.")
            self._write(target, table(report, form, bom=bom))
            self._write(beside, method(report))
        self._run.err.note(
            "numbers only." if report.anonymous else f"{plural(len(report.lines), 'row')} of scan {report.scan}."
        )

    def learner(
        self, name: str, form: str, output: str | None, letter: Callable[[LearnerReport], bytes]
    ) -> tuple[tuple[str, str], ...]:
        """One learner's page or letter; gives its method."""
        looked = look_at(self._run, self._cohort, self._scan, name, self._files)
        if looked.ended:
            raise NotFoundError(
                f"The consent of {looked.learner.number} has ended, so there is no report.",
                "Record a new consent with 'cohort show --consent', or delete all with 'cohort purge'.",
            )
        told = report_of(
            self._run, looked, pathways=self._pathways, pseudonyms=self._pseudonyms, feedback=self._feedback
        )
        # Named by number: a file's name is seen by more people than its content.
        stem = "letter" if form in _LETTERS else "learner"
        suffix = _LETTERS.get(form, ".html")
        target = Path(output or f"{stem}-{told.number}{suffix}").expanduser()
        if form in _LETTERS:
            self._write(target, letter(told))
        else:
            from exporters.cohort.page import learner_page

            self._write(target, learner_page(told))
        return told.method

    def letters(
        self, folder: Path, letter: Callable[[LearnerReport], bytes], suffix: str, filters: tuple[str, ...]
    ) -> tuple[tuple[str, str], ...]:
        """A letter for everybody in the table whose consent holds; gives the method of the scan."""
        from wallet.cohort.report import method_of
        from wallet.cohort.table import rows

        run, scan = self._run, self._scan
        at = today(run)
        pathway = self._pathways[0] if self._pathways else None
        shown = [row for row in rows(scan, at=at, filters=filters, pathway=pathway) if not row.ended]
        learners = {row.learner.number: row.learner for row in shown}
        if not learners:
            raise NotFoundError("There is nobody to write to.", "Loosen the filters, or scan the folder again.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        definitions = library(run, scan, self._files)
        standings: dict[str, list[Standing]] = {}
        for one in scan.standings:
            standings.setdefault(one.learner, []).append(one)
        for number, learner in learners.items():
            alone = replace(scan, learners=(learner,), standings=tuple(standings[number]))
            looked = with_figures(run, self._cohort, alone, learner, definitions)
            told = report_of(run, looked, pathways=self._pathways, pseudonyms=self._pseudonyms, feedback=self._feedback)
            self._write(folder / f"letter-{number}{suffix}", letter(told))
        run.err.note(f"{plural(len(learners), 'letter')}, named by number.")
        return method_of(scan, at=at, tool=TOOL, pseudonyms=self._pseudonyms, filters=filters, pathway=pathway)

    def _write(self, target: Path, data: bytes) -> None:
        from exporters.atomic import write_file

        path = write_file(target, data, force=self._force)
        self.written.append({"path": str(path), "bytes": len(data), "sha256": sha256(data).hexdigest()})
        self._run.out.fact("written", str(path))
