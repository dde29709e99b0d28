"""`badgefolio note`: the learner's own words about a badge."""

from __future__ import annotations

import sys

import click

from tui.cli.badges import badge_name, resolve
from tui.cli.changes import say_change
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from wallet.errors import UsageError

_LONGEST = 20_000


@make(
    "note",
    examples=(
        'badgefolio note 3f9a2c "Used it to set up the lab at the hatchery."',
        "badgefolio note 3f9a2c - < words.txt",
        'badgefolio note 3f9a2c ""',
    ),
)
@badge_name()
@click.argument("text", metavar="TEXT")
@with_run
def command(run: Run, name: str, text: str) -> None:
    """Keep a note of your own with a badge.

    An empty text takes it away; '-' reads it from standard input. Notes are shown as your words, never as the issuer's.
    """
    if text == "-":
        text = sys.stdin.read(_LONGEST + 1)
    if len(text) > _LONGEST:
        raise UsageError(f"The note is longer than {_LONGEST:,} characters.", "Shorten it; nothing was changed.")
    row = resolve(run, [name])[0]
    run.wallet.set_note(row.id, text.strip(), now=run.now)
    say_change(run, "noted", "has your note" if text.strip() else "has no note any more", [row])
