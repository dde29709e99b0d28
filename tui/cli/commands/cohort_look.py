"""`badgefolio cohort table` and `diff`: the rows and numbers of a scan, and what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.cohort import (
    complete_filters,
    folder_option,
    opened,
    pathway_of,
    pseudonyms_option,
    scan_option,
    sort_option,
)
from tui.cli.cohort_json import Told, filters_json, method_json, pivot_json, print_json, rows_json
from tui.cli.cohort_text import print_filters, print_pivot, print_rows
from tui.cli.frame import command as make
from tui.cli.output import Cell
from tui.cli.pathways import today
from tui.cli.run import Run, with_run
from tui.cohort_changes import LOSSES, changes, scan_before
from tui.cohort_changes import Told as ChangeTold
from tui.cohort_figures import TOOL
from wallet.errors import UsageError
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@make(
    "table",
    examples=(
        "badgefolio cohort table",
        "badgefolio cohort table close unchecked",
        "badgefolio cohort table --pivot missing --who",
        "badgefolio cohort table --pivot skills --anonymous",
    ),
)
@click.argument("filters", metavar="[FILTER...]", nargs=-1, shell_complete=complete_filters)
@click.option("--pivot", "kind", type=click.Choice(("missing", "states", "skills")), help="Numbers instead of rows.")
@sort_option
@click.option("--pathway", "wanted", metavar="PATHWAY", help="Only this pathway.")
@click.option("--anonymous", is_flag=True, help="Pivots only: nobody is named and small numbers are hidden.")
@click.option("--who", is_flag=True, help="Name the learners behind each number of a pivot.")
@scan_option
@folder_option
@pseudonyms_option
@with_run
def table(
    run: Run,
    *,
    filters: tuple[str, ...],
    kind: str | None,
    sort: str,
    wanted: str | None,
    anonymous: bool,
    who: bool,
    scan_id: str | None,
    folder: str | None,
    pseudonyms: bool,
) -> int:
    """Show who is how far on which pathway, or in numbers what most of them lack.

    FILTER: close, eligible, stuck, at-risk, problem, unchecked, no-consent, not-started; several narrow down. Learners are sorted
    by name, never ranked.
    """
    from wallet.cohort.report import cohort_report
    from wallet.cohort.table import SORTS, rows

    if anonymous and (kind is None or who or filters):
        raise UsageError(
            "--anonymous is for pivots.", "Say --pivot missing, states or skills, without --who and filters."
        )
    if kind is not None and filters:
        raise UsageError(
            "A pivot counts everybody whose consent holds.", "Leave the filters out, or leave --pivot out."
        )
    if sort not in SORTS:
        raise UsageError(f"Rows cannot be sorted by '{clean(sort, limit=40)}'.", f"There are: {', '.join(SORTS)}.")
    with opened(run, folder, scan_id) as (cohort, scan):
        pathway = pathway_of(scan, wanted) if wanted is not None else None
        at = today(run)
        report = cohort_report(
            scan,
            at=at,
            tool=TOOL,
            filters=filters,
            pathway=pathway,
            sort=sort,
            pseudonyms=pseudonyms,
            anonymous=anonymous,
        )
        more: dict[str, Json] = {"filters": filters_json(report.counted), "method": method_json(report.method)}
        if kind is not None:
            found = report.pivot(kind)
            more["pivot"] = pivot_json(found)
            print_json(run, Told("table", cohort.folder, scan, pseudonyms, more, found.of if anonymous else None))
            names = {one.number: one.number if pseudonyms else clean(one.name, limit=80) for one in scan.learners}
            print_pivot(run.out, report, found, who=names if who else None)
            run.err.note(_counted(found.of, scan.at, anonymous=anonymous))
            return 0 if found.lines else 3
        shown = rows(scan, at=at, filters=filters, pathway=pathway, sort=sort, pseudonyms=pseudonyms)
        ended = tuple(dict.fromkeys(row.shown for row in shown if row.ended))
        print_json(
            run, Told("table", cohort.folder, scan, pseudonyms, {**more, "rows": rows_json(report.lines, ended)})
        )
        print_rows(run.out, report, ended)
        print_filters(run.out, report.counted)
        run.err.note(f"{plural(len(report.lines), 'row')} of scan {scan.id}, figures for {scan.at}.")
        if not report.lines and not ended:
            run.err.note("Nobody fits." if filters else "The scan has no rows.")
            return 3
    return 0


def _counted(of: int, at: date, *, anonymous: bool) -> str:
    hidden = " Numbers below 5 are hidden, and those that would give one away." if anonymous else ""
    return f"Of {plural(of, 'learner')} whose consent holds, figures for {at}.{hidden}"


@make("diff", examples=("badgefolio cohort diff", "badgefolio cohort diff S-0001 S-0003"))
@click.argument("before", metavar="[SCAN]", required=False)
@click.argument("after", metavar="[SCAN]", required=False)
@folder_option
@pseudonyms_option
@with_run
def diff(run: Run, *, before: str | None, after: str | None, folder: str | None, pseudonyms: bool) -> int:
    """Compare two scans (default: the last two): who moved up, who lost a place, new problems, who came and went.

    Where a pathway has a new version, what it alone changes is told apart.
    """
    with opened(run, folder, after) as (cohort, now):
        was = cohort.load(scan_before(cohort, now.id) if before is None else before)
        told = changes(cohort, was, now, at=today(run), pseudonyms=pseudonyms)
        print_json(run, Told("diff", cohort.folder, now, pseudonyms, {"changes": _changes_json(told)}))
        run.out.rows(
            ("Learner", "Change", "Pathway", "What"),
            [
                (
                    Cell(one.shown, "bold"),
                    Cell(one.kind, "dark_orange" if one.change.kind in LOSSES else ""),
                    one.pathway or "-",
                    one.text,
                )
                for one in told
            ],
            cut=("Learner", "Pathway"),
            fold=("What",),
        )
        run.err.note(f"{plural(len(told), 'change')} from {was.id} ({was.at}) to {now.id} ({now.at}).")
    return 0


def _changes_json(told: Sequence[ChangeTold]) -> list[Json]:
    return [
        {
            "kind": one.change.kind,
            "number": one.change.learner,
            "learner": one.shown,
            "pathway": one.change.pathway or None,
            "place": one.change.place or None,
            "text": one.text,
        }
        for one in told
    ]
