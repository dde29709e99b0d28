"""`badgefolio hide`: keep badges out of sight."""

from __future__ import annotations

import click

from tui.cli.badges import badge_names, resolve
from tui.cli.changes import say_change
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run


@make("hide", examples=("badgefolio hide 3f9a2c", "badgefolio hide --off 3f9a2c"))
@badge_names()
@click.option("--off", is_flag=True, help="Show them again.")
@with_run
def command(run: Run, names: tuple[str, ...], off: bool) -> None:
    """Keep badges out of lists and exports; nothing is deleted."""
    ids = [row.id for row in resolve(run, names)]
    run.wallet.hide(ids, not off, now=run.now)
    rows = [run.wallet.row(badge) for badge in ids]
    say_change(run, "shown" if off else "hidden", "shown again" if off else "hidden", rows)
