"""`badgefolio verify`: prove badges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import click

from tui.cli import spans
from tui.cli.badges import HOW_TO_BEGIN, complete_badges
from tui.cli.catalogue import print_checks
from tui.cli.frame import command as make
from tui.cli.letters import print_letter
from tui.cli.memory import give_back_at_once
from tui.cli.reports import print_judged, print_totals
from tui.cli.run import Run, with_run
from tui.cli.verifying import Judged, Verifying, exit_code
from tui.identities import read_identity
from tui.words import day
from wallet.errors import UsageError
from wallet.text import plural
from wallet.verify.compositions import POLICIES, STANDARD


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the line asks for, beside the inputs."""

    every: bool
    max_age: timedelta | None
    letter: bool
    quiet: bool
    verbose: bool


@make(
    "verify",
    network=True,
    examples=(
        "badgefolio verify badge.png",
        "badgefolio verify https://badges.riverbend.example/awards/17",
        "badgefolio verify badge.png --recipient email:ada@students.example --json",
        "badgefolio verify badge.png --policy strict",
        "badgefolio verify 3f9a2c --offline",
        "badgefolio verify 3f9a2c --as-of 2026-03-01",
        "badgefolio verify 3f9a2c --letter > letter.txt",
        "badgefolio verify --all --max-age 30d --quiet",
        "badgefolio verify --list-checks",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, shell_complete=complete_badges)
@click.option("--all", "every", is_flag=True, help="All badges in the wallet, those checked longest ago first.")
@click.option(
    "--max-age",
    callback=spans.span,
    metavar="SPAN",
    help="With --all: pass over what was checked within this span, such as 30d, 12h, 2w.",
)
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="TYPE:VALUE",
    help="Ask whether it was awarded to this identity (email:, url:, telephone:, id:); may be repeated.",
)
@click.option(
    "--policy",
    type=click.Choice(tuple(POLICIES)),
    default=STANDARD.name,
    show_default=True,
    help="What has to pass: strict for employers, lenient for old badges (docs/verification.md).",
)
@click.option(
    "--as-of",
    callback=spans.day,
    metavar="DATE",
    help="Answer for this day, from the evidence of then where there is some.",
)
@click.option(
    "--letter", is_flag=True, help="Print a message to the issuer about what was found, instead of the report."
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what is not valid: for cron.")
@click.option("-v", "--verbose", is_flag=True, help="Show the passed and skipped checks too.")
@click.option("--list-checks", is_flag=True, help="List every check there is, and verify nothing.")
@with_run
def command(
    run: Run,
    *,
    inputs: tuple[str, ...],
    every: bool,
    max_age: timedelta | None,
    recipients: tuple[str, ...],
    policy: str,
    as_of: datetime | None,
    letter: bool,
    quiet: bool,
    verbose: bool,
    list_checks: bool,
) -> int:
    """Prove badges: are they authentic, yours, still good?

    INPUT is a file, a folder, a link, '-' for standard input, or a badge of the wallet by id or name. No wallet is needed.
    Of a bundle that somebody handed you, every file is compared with its list, and each original is judged afresh for whom
    the bundle names: what it says of verdicts, and what it holds as evidence, is its sender's word and counts for nothing.
    Checks of badges in the wallet are recorded there, with what the issuer's site served as evidence; so are files that are
    in the wallet, but not answers for another policy, day or recipient. Stop it whenever you like: what was reported is
    recorded, and --all goes on with what was checked longest ago.

    Exit code 0: valid; 1: invalid, revoked or expired; 3: no badge there; 4: could not be determined, mostly because of the
    network.
    """
    if list_checks:
        return print_checks(run)
    if every == bool(inputs):
        raise UsageError(
            "Say either what to verify or --all.",
            "For example: badgefolio verify badge.png, or badgefolio verify --all.",
        )
    if max_age is not None and not every:
        raise UsageError("--max-age goes with --all.", "For example: badgefolio verify --all --max-age 30d.")
    if letter and every:
        raise UsageError("A letter is about one badge.", "For example: badgefolio verify 3f9a2c --letter.")
    run.err.quiet = quiet
    # The wallet's record answers for its owner's identities by the standard, today: not for somebody's question in between.
    verifying = Verifying(
        run,
        policy,
        tuple(read_identity(text) for text in recipients),
        spans.end_of(as_of, run.now) if as_of is not None else None,
    )
    asked = _Asked(every, max_age, letter, quiet, verbose)
    results = _due(run, verifying, max_age) if every else verifying.everything(inputs)
    give_back_at_once()
    judged = _tell(run, asked, results)
    if every and not judged:
        return 0
    if len(judged) > 1 and not letter:
        print_totals(run, judged)
    if verifying.unrecorded and any(item.row is not None for item in judged):
        run.err.note(f"Not recorded in the wallet, because {verifying.unrecorded}.")
    return exit_code(judged)


def _tell(run: Run, asked: _Asked, results: Iterator[Judged]) -> list[Judged]:
    """Print results as they come. What is printed first has no empty line before it."""
    judged: list[Judged] = []
    printed = False
    for item in results:
        judged.append(_outcome(item))
        if asked.letter and item.bundle is None:
            print_letter(run, item, first=not printed)
            printed = True
        elif not asked.quiet or item.exit_code != 0 or (item.bundle is None and item.report is None):
            print_judged(run, item, first=not printed, verbose=asked.verbose, brief=asked.every)
            printed = True
        del item  # before the next one is made
    return judged


def _outcome(item: Judged) -> Judged:
    """What the totals need of a result. Of thousands, nothing else is held once it has been printed."""
    if item.report is None:
        return item
    return replace(item, report=replace(item.report, findings=(), evidence=(), credential=None), reports=())


def _due(run: Run, verifying: Verifying, max_age: timedelta | None) -> Iterator[Judged]:
    """All badges of the wallet that are due, those checked longest ago first."""
    from wallet.checking import due

    wallet = run.wallet_if_any
    badges = [row.id for row in wallet.list_badges(hidden=True)] if wallet is not None else []
    if wallet is None or not badges:
        run.err.note(f"No badges yet. {HOW_TO_BEGIN}")
        return iter(())
    wanted = due(wallet, badges, now=run.now, max_age=max_age)
    if not wanted and max_age is not None:
        run.err.note(f"{plural(len(badges), 'badge')}: each was checked since {day(run.now - max_age)}.")
        return iter(())
    return verifying.badges(wanted)
