"""`badgefolio import`: bring badges into the wallet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.accounts import KINDS, Asked, opened
from tui.cli.frame import command as make
from tui.cli.import_report import ReportFile
from tui.cli.importing import Tally, Telling
from tui.cli.memory import give_back_at_once
from tui.cli.network import fetcher, host_of
from tui.cli.reports import print_judged, print_totals
from tui.cli.run import Run, with_run
from tui.cli.sources import STDIN, STDIN_NAME, check_sources, is_link
from tui.cli.verifying import Verifying, exit_code
from wallet.errors import UsageError
from wallet.limits import LIMITS
from wallet.text import clean, plural

if TYPE_CHECKING:
    from importers.intake import Pasted
    from wallet.fetch.base import Fetcher
    from wallet.found import Offer

_HOSTS_SHOWN = 12


@make(
    "import",
    network=True,
    examples=(
        "badgefolio import badge.png",
        "badgefolio import ~/Downloads/badges --report import.jsonl",
        "badgefolio import https://badges.riverbend.example/awards/17",
        "badgefolio import Certifications.csv --fetch",
        "badgefolio import --clipboard",
        "badgefolio import --account badgr --region eu",
        "badgefolio import --account badge-connect badges.riverbend.example",
        "badgefolio import --dry-run --json ~/Downloads/badges",
        "curl -s https://badges.riverbend.example/awards/17 | badgefolio import -",
    ),
)
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--clipboard", is_flag=True, help="Bring in what lies on the clipboard: a link, JSON, a token, paths.")
@click.option("--fetch", is_flag=True, help="Open the links that mails, PDFs, tables and texts hold.")
@click.option(
    "--fetch-more",
    type=click.IntRange(1, LIMITS.offers),
    metavar="N",
    help=f"The same, with up to N requests instead of {LIMITS.import_fetches}.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be brought in and how it was found; change nothing.")
@click.option("--report", metavar="FILE", help="Write what became of each item to FILE, as JSON lines.")
@click.option("--verify", is_flag=True, help="Verify the badges right after.")
@click.option(
    "--account",
    type=click.Choice(KINDS),
    help="Bring in what an account lists; with badge-connect, SOURCE is its host.",
)
@click.option("--region", metavar="NAME", help="Where a badgr account is: us, eu, au, ca, sg, parchment-us, ...")
@click.option("--user", metavar="EMAIL", help="Sign in to badgr with a password, which is asked for.")
@click.option("--token-stdin", is_flag=True, help="Read the account's token, or password, from standard input.")
@click.option("--paste", is_flag=True, help="Carry the browser's answer over yourself, from another computer.")
@click.option("--unaccepted", is_flag=True, help="Also badges that you have not accepted in the account.")
@click.option("--anew", is_flag=True, help="Also badges of the account that are in the wallet and proven.")
@with_run
def command(
    run: Run,
    *,
    sources: tuple[str, ...],
    account: str | None,
    region: str | None,
    user: str | None,
    token_stdin: bool,
    paste: bool,
    unaccepted: bool,
    anew: bool,
    clipboard: bool,
    fetch: bool,
    fetch_more: int | None,
    dry_run: bool,
    report: str | None,
    verify: bool,
) -> int:
    """Bring badges into the wallet from files, folders and links.

    SOURCE is a badge picture (PNG, SVG), JSON, a signed badge, a PDF, mail, archive or web page that holds badges, a list of
    links, a folder of such files, a link, or '-' for standard input. The exact bytes are kept. Each badge is on disk before it
    is reported: stop whenever you like, and run the same again to go on.

    Files never touch the network; links name the host first. Links within files are counted, and opened with --fetch or when
    you say yes. The hosted copy of a badge that came as a file is not fetched here: 'verify' does that.

    With --account the badges that an account elsewhere lists are fetched, each from its issuer's own address. The sign-in is kept
    in your system's password store; see docs/accounts.md.

    Exit code 0: all brought in or there already; 1: some refused or left; 3: no badge found; 4: only the network stood in the
    way.
    """
    give_back_at_once()
    asked = None
    if account is not None:
        if len(sources) > 1 or clipboard:
            raise UsageError("With --account there is one host at most.", "Import other sources by themselves.")
        host = sources[0] if sources else None
        asked = Asked(account, host, region, user, token_stdin, paste, unaccepted, anew)
    elif region or user or token_stdin or paste or unaccepted or anew:
        raise UsageError("This is said of an account.", f"Add --account {' or --account '.join(KINDS)}.")
    elif not sources and not clipboard:
        raise UsageError("Nothing was named to bring in.", "Name files, folders or links, or add --clipboard.")
    check_sources(sources if asked is None else ())
    inputs = _inputs(sources, clipboard=clipboard) if asked is None else []
    with ExitStack() as stack:
        lines = stack.enter_context(ReportFile(Path(report))) if report is not None else None
        telling = Telling(run, lines)
        if asked is None:
            net = stack.enter_context(fetcher(run, run.wallet_if_any))
            _bring_in(run, inputs, net, telling, dry_run=dry_run)
        else:
            net = _draw(run, stack, asked, telling, dry_run=dry_run)
        _open_links(run, net, telling, dry_run=dry_run, fetch=fetch or fetch_more is not None, most=fetch_more)
    tally = telling.tally
    if not dry_run:
        _propose(run, tally)
    telling.summary(dry_run=dry_run)
    code = tally.exit_code
    if verify and tally.badges:
        judged = []
        for result in Verifying(run).badges(list(tally.badges)):
            print_judged(run, result, first=False, verbose=False, brief=True)
            judged.append(result)
        print_totals(run, judged)
        code = max(code, exit_code(judged)) if code in (0, 1) else code
    elif tally.new:
        run.err.note("Next: 'badgefolio verify --all' proves them, 'badgefolio list' shows them.")
    return code


def _draw(run: Run, stack: ExitStack, asked: Asked, telling: Telling, *, dry_run: bool) -> Fetcher:
    """Bring in what an account lists."""
    account = stack.enter_context(opened(run, asked, dry_run=dry_run))
    telling.tally.outcomes["duplicate"] += account.known
    for refused in account.listing.refused:
        telling.refused(refused)
    _bring_in(run, account.inputs, account.net, telling, dry_run=dry_run)
    if not dry_run:
        account.done(telling.tally)
    telling.tally.nothing_new = account.quiet
    return account.net


def _inputs(sources: Sequence[str], *, clipboard: bool) -> list[str | Path | Pasted]:
    """The sources as the importers take them. Standard input is read here, once."""
    from importers.intake import Pasted, sources_in

    inputs: list[str | Path | Pasted] = []
    for source in sources:
        if source == STDIN:
            data = sys.stdin.buffer.read(LIMITS.archive_bytes + 1)
            inputs.append(Pasted(data, STDIN_NAME, chosen=False))
        else:
            inputs.append(source if is_link(source) else Path(source))
    if clipboard:
        from tui.cli.clipboard import read_clipboard

        content = read_clipboard()
        for found in sources_in(content.decode("utf-8", "surrogateescape")):
            inputs.append(found if isinstance(found, Path) and found.exists() else Pasted(content, "The clipboard"))
    return inputs


def _bring_in(
    run: Run, inputs: Sequence[str | Path | Pasted], net: Fetcher, telling: Telling, *, dry_run: bool
) -> None:
    from importers.intake import take_in

    wallet = None if dry_run else run.wallet
    with run.err.progress("Importing", items=True) as progress:
        for item in take_in(wallet, inputs, now=run.now, net=net, progress=progress):
            telling.item(item, hold=True)


def _open_links(run: Run, net: Fetcher, telling: Telling, *, dry_run: bool, fetch: bool, most: int | None) -> None:
    """Say which links were found, open them if the learner wants it, and say what was left."""
    from importers.intake import take_offers

    tally = telling.tally
    offers = tuple(tally.offers.values())
    if not offers:
        for refused in tally.held:
            telling.refused(refused)
        return
    _announce(run, offers)
    if fetch or _says_yes(run):
        with run.err.progress("Opening links", items=True) as progress:
            wallet = None if dry_run else run.wallet
            for item in take_offers(wallet, offers, now=run.now, net=net, most=most, progress=progress):
                telling.item(item)
        if tally.left:
            run.err.note(
                f"{plural(len(tally.left), 'link')} left, because an import makes no more requests than it may."
                f" Next: add --fetch-more {min(2 * len(offers), LIMITS.offers)} to open them as well."
            )
        telling.offered(tally.left)
        return
    telling.offered(offers)
    for refused in tally.held:
        telling.refused(refused)
    run.err.note("No link was opened. Next: run it again with --fetch to open them.")


def _announce(run: Run, offers: Sequence[Offer]) -> None:
    hosts = list(dict.fromkeys(host for offer in offers if (host := host_of(offer.url))))
    more = f" and {plural(len(hosts) - _HOSTS_SHOWN, 'more host')}" if len(hosts) > _HOSTS_SHOWN else ""
    files = len({offer.source for offer in offers})
    least = " or more" if len(offers) >= LIMITS.offers else ""
    run.err.note(
        f"{plural(len(offers), 'link')}{least} in {plural(files, 'file')}, to {', '.join(hosts[:_HOSTS_SHOWN])}{more}."
    )


def _says_yes(run: Run) -> bool:
    """Ask, once, if somebody is there to answer."""
    if run.options.json or run.options.offline or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm("Open them? Their hosts learn when and from where.", default=False, err=True)


def _propose(run: Run, tally: Tally) -> None:
    """Awards that came in two versions are two badges; that they look alike is worth saying."""
    from importers.alike import alike

    for pair in alike(run.wallet, tally.new) if tally.new else ():
        run.err.note(
            f"{pair.new.short} {clean(pair.new.name)} looks like the same award as {pair.other.short}"
            f" {clean(pair.other.name)}, in another version; both are kept, as two badges."
        )
