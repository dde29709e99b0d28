"""`badgefolio list`: what is in the wallet."""

from __future__ import annotations

import click

from tui.cli.frame import command as make
from tui.cli.listing import STATES, Filters, list_badges
from tui.cli.run import Run, with_run
from wallet.store.search import SORTS


@make(
    "list",
    examples=(
        "badgefolio list",
        "badgefolio list --state expired",
        "badgefolio list --issuer riverbend --sort name",
        "badgefolio list --plain",
    ),
)
@click.option("--state", type=click.Choice(STATES), help="Only badges in this state.")
@click.option("--issuer", metavar="WORDS", help="Only badges whose issuer's name or address holds these words.")
@click.option("--label", metavar="LABEL", help="Only badges with this label of yours.")
@click.option("--hidden", is_flag=True, help="Hidden badges as well.")
@click.option("--sort", type=click.Choice(SORTS), default="issued", show_default=True, help="Order.")
@click.option("--limit", type=click.IntRange(min=1), help="Show so many (on a terminal 50).")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Skip so many first.")
@with_run
def command(
    run: Run,
    *,
    state: str | None,
    issuer: str | None,
    label: str | None,
    hidden: bool,
    sort: str,
    limit: int | None,
    offset: int,
) -> None:
    """List the badges in the wallet.

    The state is what the last conclusive check said; 'badgefolio verify --all' checks anew.
    """
    list_badges(run, Filters(state=state, issuer=issuer, label=label, hidden=hidden), sort, limit, offset)
