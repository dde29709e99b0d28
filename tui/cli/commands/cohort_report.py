"""`badgefolio cohort report`: tables, a workbook, pages and letters as files."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

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
from tui.cli.cohort_learner import language, look_at
from tui.cli.frame import command as make
from tui.cli.pathways import today
from tui.cli.run import Run, with_run
from tui.cohort_files import FORMS, LETTERS, TABLES, Reports, Wanted, bearing, file_name, usual_place
from wallet.errors import UsageError
from wallet.model import Json
from wallet.text import plural


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
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="What to write; a letter is a PDF.")
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
    if learner is not None and (form in TABLES or form == "xlsx" or filters or anonymous):
        raise UsageError("That is a report of a whole cohort.", "Leave LEARNER out, or choose html or letter.")
    if anonymous and form != "html":
        raise UsageError("Only a page can be anonymous: a table has a row for each learner.", "Say --to html.")
    signed = run.config.person or "" if sender is None and not pseudonyms else sender or ""
    with opened(run, folder, scan_id) as (cohort, scan):
        wish = Wanted(
            form,
            bearing(run.now),
            today(run),
            pathway=pathway_of(scan, wanted) if wanted is not None else None,
            filters=filters,
            sort=sort,
            pseudonyms=pseudonyms,
            anonymous=anonymous,
            feedback=not no_feedback,
            sender=signed,
            paper=paper,
            bom=not no_bom,
            force=force,
            language=language(run),
        )
        written: list[Json] = []

        def tell(path: Path, data: bytes) -> None:
            written.append({"path": str(path), "bytes": len(data), "sha256": sha256(data).hexdigest()})
            run.out.fact("written", str(path))

        reports = Reports(cohort, scan, wish, tell)
        looked = look_at(run, cohort, scan, learner, files) if learner is not None else None
        number = looked.learner.number if looked is not None else None
        name = file_name(form, scan.id, number)
        target = Path(output).expanduser() if output else usual_place(cohort.folder, name)
        counted: int | None = None
        if looked is not None:
            method = reports.learner(looked, target).method
        elif form in LETTERS:
            many, method = reports.letters(target, library(run, scan, files))
            run.err.note(f"{plural(many, 'letter')}, named by number.")
        else:
            made = reports.cohort(target)
            method = made.method
            counted = made.learners if anonymous else None
            run.err.note("numbers only." if anonymous else f"{plural(len(made.lines), 'row')} of scan {scan.id}.")
        told = {"files": written, "method": method_json(method)}
        print_json(run, Told("report", cohort.folder, scan, pseudonyms, told, counted))
    return 0
