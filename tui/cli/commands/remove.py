"""`badgefolio remove`: take badges out of the wallet, reversibly."""

from __future__ import annotations

from tui.cli.badges import badge_names, resolve
from tui.cli.changes import say_change
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run


@make("remove", examples=("badgefolio remove 3f9a2c",))
@badge_names()
@with_run
def command(run: Run, names: tuple[str, ...]) -> None:
    """Take badges out of the wallet; 'undo' brings them back.

    The originals stay in the wallet folder, so nothing is lost.
    """
    rows = resolve(run, names)
    run.wallet.remove([row.id for row in rows], now=run.now)
    say_change(run, "removed", "removed", rows)
