"""`badgefolio verify`: prove badges."""

from __future__ import annotations

import click

from tui.cli.badges import HOW_TO_BEGIN, complete_badges
from tui.cli.frame import command as make
from tui.cli.identities import read_identity
from tui.cli.reports import print_judged, print_totals
from tui.cli.run import Run, with_run
from tui.cli.verifying import Judged, Verifying, exit_code
from wallet.errors import UsageError


@make(
    "verify",
    network=True,
    examples=(
        "badgefolio verify badge.png",
        "badgefolio verify https://badges.riverbend.example/awards/17",
        "badgefolio verify badge.png --recipient email:ada@students.example --json",
        "badgefolio verify 3f9a2c --offline",
        "badgefolio verify --all",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, shell_complete=complete_badges)
@click.option("--all", "every", is_flag=True, help="All badges in the wallet.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="TYPE:VALUE",
    help="Ask whether it was awarded to this identity (email:, url:, telephone:, id:); may be repeated.",
)
@click.option(
    "--policy", type=click.Choice(("standard",)), default="standard", show_default=True, help="Which checks must pass."
)
@click.option("-v", "--verbose", is_flag=True, help="Show the passed and skipped checks too.")
@with_run
def command(
    run: Run, *, inputs: tuple[str, ...], every: bool, recipients: tuple[str, ...], policy: str, verbose: bool
) -> int:
    """Prove badges: are they authentic, yours, still good?

    INPUT is a file, a folder, a link, '-' for standard input, or a badge of the wallet by id or name. No wallet is needed.
    Checks of badges in the wallet are recorded there, with what the issuer's site served as evidence.

    Exit code 0: valid; 1: invalid, revoked or expired; 3: no badge there; 4: could not be determined, mostly because of the
    network.
    """
    if every == bool(inputs):
        raise UsageError(
            "Say either what to verify or --all.",
            "For example: badgefolio verify badge.png, or badgefolio verify --all.",
        )
    asked = tuple(read_identity(text) for text in recipients)
    # The wallet's record answers for its owner's identities, not for somebody asked about this once.
    verifying = Verifying(run, policy, asked)
    if every:
        wallet = run.wallet_if_any
        badges = [row.id for row in wallet.list_badges(hidden=True)] if wallet is not None else []
        if not badges:
            run.err.note(f"No badges yet. {HOW_TO_BEGIN}")
            return 0
        results = verifying.badges(badges)
    else:
        results = verifying.inputs(inputs)
    judged: list[Judged] = []
    for item in results:
        print_judged(run, item, first=not judged, verbose=verbose, brief=every)
        judged.append(item)
    if len(judged) > 1:
        print_totals(run, judged)
    if asked and any(item.row is not None for item in judged):
        run.err.note("Not recorded in the wallet, because --recipient asked for particular identities.")
    return exit_code(judged)
