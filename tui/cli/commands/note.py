"""`badgefolio note`: the learner's own words about a badge."""

from __future__ import annotations

import sys

import click

from tui.cli.badges import badge_name, resolve
from tui.cli.changes import say_change
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError, UsageError

_LONGEST = 20_000


@make(
    "note",
    examples=(
        'badgefolio note 3f9a2c "Used it to set up the lab at the hatchery."',
        "badgefolio note 3f9a2c - < words.txt",
        'badgefolio note 3f9a2c ""',
        "badgefolio note 3f9a2c --letter",
    ),
)
@badge_name()
@click.argument("text", metavar="[TEXT]", required=False)
@click.option(
    "--letter", "as_letter", is_flag=True, help="Write the note that is kept as a message to the issuer, to copy."
)
@with_run
def command(run: Run, name: str, text: str | None, as_letter: bool) -> None:
    """Keep a note of your own with a badge.

    An empty text takes it away; '-' reads it from standard input. Notes are shown as your words, never as the issuer's.
    --letter makes the note a message that tells the issuer what you think; nothing is sent.
    """
    if as_letter == (text is not None):
        raise UsageError("A note needs either its text or --letter.", "See 'badgefolio note --help'.")
    if text is None:
        _letter(run, name)
        return
    if text == "-":
        text = sys.stdin.read(_LONGEST + 1)
    if len(text) > _LONGEST:
        raise UsageError(f"The note is longer than {_LONGEST:,} characters.", "Shorten it; nothing was changed.")
    row = resolve(run, [name])[0]
    run.wallet.set_note(row.id, text.strip(), now=run.now)
    say_change(run, "noted", "has your note" if text.strip() else "has no note any more", [row])


def _letter(run: Run, name: str) -> None:
    from tui.cli.letters import print_note_letter
    from wallet.verify.letters import told

    row = resolve(run, [name])[0]
    badge = run.wallet.badge(row.id)
    if not badge.note:
        raise NotFoundError("That badge has no note to write.", f"Keep one: badgefolio note {row.short} TEXT")
    if badge.report is None:
        raise UsageError(
            "The badge was never checked, so nobody knows whom to write to.", f"First: badgefolio verify {row.short}"
        )
    print_note_letter(run, row.id, badge.report.verdict, told(badge.report, badge.note))
