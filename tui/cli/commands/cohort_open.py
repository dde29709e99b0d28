"""`badgefolio cohort open`: the same table on the full screen."""

from __future__ import annotations

import sys

import click

from tui.cli.cohort import cohort_folder
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from wallet.errors import UsageError


@make("open", examples=("badgefolio cohort open", "badgefolio cohort open autumn-2026"))
@click.argument("folder", metavar="[FOLDER]", required=False)
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, for selecting text.")
@with_run
def open_cohort(run: Run, *, folder: str | None, no_mouse: bool) -> int:
    """Open the cohort on the full screen: table, filters, learners, counts.

    Without FOLDER it is the one scanned last. In the app 'm' shows numbers instead of names, for a screen that others see.
    """
    from wallet.cohort.store import Cohort

    found = cohort_folder(run, folder)
    with Cohort.open(found):
        pass  # says what is wrong with the folder in the words of a command, before the screen is taken
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The full screen needs a terminal.", "Use 'badgefolio cohort table' instead.")
    from tui.app import run_app

    return run_app(run.paths, run.config, mouse=not no_mouse, cohort=found)
