"""`badgefolio search`: find badges by words."""

from __future__ import annotations

import click

from tui.cli.frame import command as make
from tui.cli.listing import STATES, Filters, list_badges
from tui.cli.run import Run, with_run


@make("search", examples=("badgefolio search water chemistry", "badgefolio search --state valid lab"))
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option("--state", type=click.Choice(STATES), help="Only badges in this state.")
@click.option("--hidden", is_flag=True, help="Hidden badges as well.")
@click.option("--limit", type=click.IntRange(min=1), help="Show so many (on a terminal 50).")
@with_run
def command(run: Run, *, words: tuple[str, ...], state: str | None, hidden: bool, limit: int | None) -> int:
    """Find badges by words in their name, issuer, criteria and tags.

    Each word may be the beginning of one. Exit code 3 when no badge fits.
    """
    found = list_badges(run, Filters(text=" ".join(words), state=state, hidden=hidden), "relevance", limit, 0)
    return 0 if found else 3
