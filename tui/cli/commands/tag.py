"""`badgefolio tag`: the learner's own labels."""

from __future__ import annotations

import click

from tui.cli.badges import badge_names, resolve
from tui.cli.changes import say_change
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from wallet.text import clean


@make("tag", examples=("badgefolio tag water 3f9a2c 81bd00", "badgefolio tag --off water 3f9a2c"))
@click.argument("label", metavar="LABEL")
@badge_names()
@click.option("--off", is_flag=True, help="Take the label off.")
@with_run
def command(run: Run, label: str, names: tuple[str, ...], off: bool) -> None:
    """Put a label of your own on badges, or take it off.

    Labels are yours: they stand apart from the issuer's tags, and 'list --label' and 'search' find them.
    """
    ids = [row.id for row in resolve(run, names)]
    run.wallet.tag(ids, label, not off, now=run.now)
    words = f"no longer labelled '{clean(label)}'" if off else f"labelled '{clean(label)}'"
    say_change(run, "untagged" if off else "tagged", words, [run.wallet.row(badge) for badge in ids])
