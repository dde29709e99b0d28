"""`badgefolio cohort scan`: read the folder, check what is in it, work out who is how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli import spans
from tui.cli.cohort import pseudonyms_option, remember, used_pathways
from tui.cli.cohort_json import Told, filters_json, method_json, print_json
from tui.cli.cohort_text import print_filters
from tui.cli.frame import command as make
from tui.cli.network import fetcher
from tui.cli.output import Cell
from tui.cli.pathways import complete_pathways, day_option, today
from tui.cli.run import Run, with_run
from tui.cohort_figures import TOOL
from wallet.errors import NotFoundError, UsageError
from wallet.progress import Cancelled, Event, Progress
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.figuring import UsedPathway
    from wallet.cohort.model import Learner, Scan
    from wallet.cohort.store import Cohort
    from wallet.fetch.base import Fetcher

_SHOWN, _HOSTS = 40, 12
PROOFS = {
    "verified-now": "verified now",
    "verified-on": "verified earlier",
    "proven-offline": "proven offline",
    "could-not-check": "could not check",
    "failed": "failed",
    "described": "described",
}
_MEANING = {
    "proven-offline": ", revocation not looked up",
    "could-not-check": ", neither failed nor verified",
    "described": ", not verifiable",
}


@make(
    "scan",
    network=True,
    examples=(
        "badgefolio cohort scan autumn-2026 --pathway aquaponics.pathway.toml",
        "badgefolio cohort scan autumn-2026 --verify --max-age 30d",
        "badgefolio cohort scan autumn-2026 --at 2027-06-30",
    ),
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=True))
@click.option("--verify", is_flag=True, help="Ask the issuers' hosts too; they are named first.")
@click.option(
    "--pathway",
    "pathways",
    metavar="PATHWAY",
    multiple=True,
    shell_complete=complete_pathways,
    help="A pathway of your wallet, or a file; may be repeated (default: all of the wallet).",
)
@click.option("--at", metavar="DAY", callback=day_option, help="Figures for this day (default: today).")
@click.option(
    "--max-age", callback=spans.span, metavar="SPAN", help="With --verify: ask again after this span, such as 30d."
)
@pseudonyms_option
@with_run
def scan(
    run: Run,
    *,
    folder: Path,
    verify: bool,
    pathways: tuple[str, ...],
    at: date | None,
    max_age: timedelta | None,
    pseudonyms: bool,
) -> int:
    """Read a folder of learners, check what they handed over, and work out who is how far.

    FOLDER holds one file or one sub-folder for each learner. What learners say of themselves is not believed: only the original
    badges count, and your own checks. Exit code 1: some learners have a problem, listed; 4: no badge could be judged.
    """
    from importers.learners import known
    from wallet.cohort.store import Cohort

    folder = folder.expanduser()
    used = used_pathways(run, pathways)
    if verify and run.options.offline:
        raise UsageError("--verify asks hosts and --offline asks nobody.", "Say one of them.")
    people = len(known(folder))
    if not people:
        raise NotFoundError(
            f"There is nothing in '{clean(str(folder), limit=200)}'.",
            "Put one file or one sub-folder for each learner into it.",
        )
    with Cohort.open(folder, create=True) as cohort:
        remember(run, folder, pathways)
        if verify:
            _name_hosts(run, cohort)
        wanted = _Wanted(used, at or today(run), max_age, people)
        with _going_on(run), _net(run, verify) as net, run.err.progress("Scanning", items=not pseudonyms) as progress:
            made = _scan(run, cohort, wanted, net, progress)
        return _say(run, cohort, made, pseudonyms)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be worked out. people: how many learners are in the folder."""

    pathways: tuple[UsedPathway, ...]
    at: date
    max_age: timedelta | None
    people: int


def _name_hosts(run: Run, cohort: Cohort) -> None:
    """Who will be asked, before anybody is; a host that only an answer leads to is named when it comes up."""
    from importers.learners import handed
    from wallet.cohort.asking import hosts

    with run.err.progress("Looking for hosts") as progress:
        found = hosts(handed(cohort.folder, unchanged=cohort.taken_in(), progress=progress), cohort)
    more = f" and {plural(len(found) - _HOSTS, 'more host')}" if len(found) > _HOSTS else ""
    run.err.note(
        f"Asking {', '.join(found[:_HOSTS])}{more}. They learn that somebody checks these badges."
        if found
        else "No host needs to be asked."
    )


@contextmanager
def _net(run: Run, verify: bool) -> Iterator[Fetcher | None]:
    if not verify:
        yield None
        return
    with fetcher(run, None) as net:
        yield net


@contextmanager
def _going_on(run: Run) -> Iterator[None]:
    """Whoever stops a scan is told that nothing is lost."""
    try:
        yield
    except (KeyboardInterrupt, Cancelled):
        run.err.note("What was checked is kept. Give the same command again and it goes on from there.")
        raise


def _scan(run: Run, cohort: Cohort, wanted: _Wanted, net: Fetcher | None, progress: Progress) -> Scan:
    from importers.learners import handed
    from wallet.cohort.scan import scan as run_scan

    def told(event: Event) -> None:
        progress(event if event.total is not None else replace(event, total=wanted.people))

    return run_scan(
        cohort,
        handed(cohort.folder, unchanged=cohort.taken_in()),
        wanted.pathways,
        now=run.now,
        at=wanted.at,
        fetcher=net,
        max_age=wanted.max_age,
        progress=told,
    )


def _say(run: Run, cohort: Cohort, made: Scan, pseudonyms: bool) -> int:
    from wallet.cohort.report import cohort_report, consent_ended

    report = cohort_report(made, at=today(run), tool=TOOL, pseudonyms=pseudonyms)
    told = [one for one in made.learners if not consent_ended(one, today(run))]
    proofs = Counter(badge.proof.value for one in told for badge in cohort.badges(one.number, made.id))
    out = run.out
    print_json(
        run,
        Told(
            "scan",
            cohort.folder,
            made,
            pseudonyms,
            {
                "proofs": {name: proofs.get(name, 0) for name in PROOFS},
                "problems": [
                    {"learner": one.shown, "kind": one.code, "text": one.text, "alarm": one.alarming}
                    for one in report.problems
                ],
                "filters": filters_json(report.counted),
                "method": method_json(report.method),
            },
        ),
    )
    out.facts(
        [
            ("scan", made.id),
            ("figures for", made.at.isoformat()),
            ("learners", str(len(made.learners))),
            ("pathways", ", ".join(clean(one.name) for one in made.pathways)),
            ("badges", f"{proofs.total():,}"),
            *((PROOFS[name], f"{proofs[name]:,}{_MEANING.get(name, '')}") for name in PROOFS if proofs[name]),
        ],
        indent=0,
    )
    print_filters(out, report.counted)
    if report.problems:
        out.heading("To look at")
        out.facts(
            [
                (one.shown, Cell(one.text, "bold red" if one.alarming else "dark_orange"))
                for one in report.problems[:_SHOWN]
            ]
        )
        if len(report.problems) > _SHOWN:
            run.err.note(f"{plural(len(report.problems) - _SHOWN, 'problem')} more: badgefolio cohort table problem")
    _tell_who_is_gone(run, cohort, made)
    code = _exit_code(told, proofs)
    if code == 4:
        run.err.note("No badge could be judged. With --verify the issuers' hosts are asked.")
    run.err.note("Next: 'badgefolio cohort table', or 'badgefolio cohort table --pivot missing'.")
    return code


def _tell_who_is_gone(run: Run, cohort: Cohort, made: Scan) -> None:
    """Files that were renamed or taken away: a new name is a new learner, and what is kept under the old number stays."""
    gone = sorted({*cohort.numbers()} - {one.number for one in made.learners})
    if gone:
        shown = ", ".join(gone[:_HOSTS]) + (f" and {len(gone) - _HOSTS} more" if len(gone) > _HOSTS else "")
        run.err.note(
            f"{shown} {'is' if len(gone) == 1 else 'are'} not in the folder any more; what was recorded is kept. A file with"
            " another name is somebody new: give it the old name back, or delete what is kept with 'cohort purge'."
        )


def _exit_code(told: Sequence[Learner], proofs: Counter[str]) -> int:
    """told: those whose consent holds; of the others nothing is said, and that is no fault."""
    codes = {problem.code.value for one in told for problem in one.problems}
    if told and not proofs and codes <= {"nothing-found"}:
        return 3
    if proofs.total() and proofs["could-not-check"] == proofs.total():
        return 4
    return 1 if codes else 0
