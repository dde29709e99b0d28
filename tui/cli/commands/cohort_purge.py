"""`badgefolio cohort purge`: delete everything that was derived from a learner."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.cli.cohort import cohort_folder, complete_learners, folder_option, pseudonyms_option
from tui.cli.cohort_json import Told, print_json
from tui.cli.frame import command as make
from tui.cli.pathways import today
from tui.cli.run import Run, with_run
from wallet.errors import UsageError
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.store import Cohort


@make(
    "purge",
    examples=(
        'badgefolio cohort purge "Ada Example"',
        "badgefolio cohort purge L-482913 --with-files --yes",
        "badgefolio cohort purge --expired",
    ),
)
@click.argument("learner", metavar="[LEARNER]", required=False, shell_complete=complete_learners)
@click.option("--expired", is_flag=True, help="Everybody whose consent has ended.")
@click.option("--with-files", is_flag=True, help="Delete the learner's own files in the folder as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@folder_option
@pseudonyms_option
@with_run
def purge(
    run: Run,
    *,
    learner: str | None,
    expired: bool,
    with_files: bool,
    yes: bool,
    folder: str | None,
    pseudonyms: bool,
) -> int:
    """Delete all that was derived from a learner: originals, results, notes, exceptions, and the rows in every scan.

    What the learner put into the folder stays unless you say --with-files. This cannot be undone.
    """
    from wallet.cohort.store import Cohort

    if (learner is None) == (not expired):
        raise UsageError("Say who is to be purged.", "Name one learner, or say --expired.")
    with Cohort.open(cohort_folder(run, folder)) as cohort:
        numbers = cohort.ended(today(run)) if learner is None else (cohort.find(learner),)
        if not numbers:
            run.err.note("Nobody's consent has ended.")
        elif not yes:
            _confirm(run, numbers, with_files)
        purged: list[Json] = []
        for number in numbers:
            purged.append(_purge(run, cohort, number, with_files, pseudonyms))
        print_json(run, Told("purge", cohort.folder, None, pseudonyms, {"purged": purged}))
        if numbers and not with_files:
            run.err.note("Their own files stay, so the next scan finds them again. Delete them, or say --with-files.")
    return 0


def _confirm(run: Run, numbers: tuple[str, ...], with_files: bool) -> None:
    """Raises `UsageError` where nobody can answer, and `click.Abort` for no."""
    if run.options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "Purging cannot be undone, and nobody is there to be asked.", "Say --yes to do it all the same."
        )
    files = " and their own files" if with_files else ""
    shown = ", ".join(numbers[:8]) + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")
    click.confirm(
        f"Delete everything derived from {plural(len(numbers), 'learner')} ({shown}){files}, for good?",
        abort=True,
        err=True,
    )


def _purge(run: Run, cohort: Cohort, number: str, with_files: bool, pseudonyms: bool) -> Json:
    done = cohort.purge(number, with_files=with_files, now=run.now)
    # The names of files are mostly names of people.
    files = [] if pseudonyms else [str(path) for path in done.files]
    run.out.facts(
        [("purged", number), *(("deleted" if done.deleted else "still there", clean(one)) for one in files)], indent=0
    )
    return {"number": number, "files": list(files), "deleted": done.deleted}
