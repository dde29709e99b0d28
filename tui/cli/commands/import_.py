"""`badgefolio import`: bring badges into the wallet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import click

from tui.cli.frame import command as make
from tui.cli.network import fetcher
from tui.cli.reports import print_judged, print_totals
from tui.cli.run import Run, with_run
from tui.cli.sources import STDIN, check_sources, read_source
from tui.cli.verifying import Verifying, exit_code
from wallet.found import Found, Refused
from wallet.text import clean, plural

if TYPE_CHECKING:
    from importers.intake import Skipped, TakenIn
    from wallet.fetch.base import Fetcher
    from wallet.progress import Progress
    from wallet.store.wallet import Added

FORMAT = "badgefolio-import/1"


@dataclass(slots=True)
class _Tally:
    """What became of everything so far."""

    outcomes: dict[str, int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    badges: dict[str, None] = field(default_factory=dict)
    skipped: int = 0

    def count(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    @property
    def exit_code(self) -> int:
        """0 all, also all duplicates; 1 some refused; 3 nothing found; 4 only the network stood in the way."""
        if any(self.outcomes.values()):
            return 1 if self.refused else 0
        return 4 if self.refused and all(refused.network for refused in self.refused) else 3


@make(
    "import",
    network=True,
    examples=(
        "badgefolio import badge.png",
        "badgefolio import ~/Downloads/badges",
        "badgefolio import https://badges.riverbend.example/awards/17",
        "badgefolio import --dry-run --json ~/Downloads/badges",
        "curl -s https://badges.riverbend.example/awards/17 | badgefolio import -",
    ),
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would be brought in; change nothing.")
@click.option("--verify", is_flag=True, help="Verify the badges right after.")
@with_run
def command(run: Run, *, sources: tuple[str, ...], dry_run: bool, verify: bool) -> int:
    """Bring badges into the wallet from files, folders and links.

    SOURCE is a badge picture (PNG, SVG), JSON, a signed badge, a folder of such files, a link, or '-' for standard input.
    The exact bytes are kept. Files never touch the network; links name the host first. Each badge is on disk before it is
    reported, so stopping loses nothing that was reported.

    Exit code 0: all brought in or there already; 1: some refused; 3: no badge found; 4: only the network stood in the way.
    """
    check_sources(sources)
    tally = _Tally()
    with fetcher(run, run.wallet_if_any) as net, run.err.progress("Importing", items=True) as progress:
        if dry_run:
            _look(run, sources, net, tally)
        else:
            for item in _take_in(run, sources, net, progress):
                _tell(run, item, tally)
    _summary(run, tally, dry_run=dry_run)
    code = tally.exit_code
    if verify and tally.badges:
        judged = []
        for result in Verifying(run).badges(list(tally.badges)):
            print_judged(run, result, first=False, verbose=False, brief=True)
            judged.append(result)
        print_totals(run, judged)
        code = max(code, exit_code(judged)) if code in (0, 1) else code
    elif tally.outcomes.get("added") and not dry_run:
        run.err.note("Next: 'badgefolio verify --all' proves them, 'badgefolio list' shows them.")
    return code


def _take_in(run: Run, sources: Sequence[str], net: Fetcher, progress: Progress) -> Iterator[TakenIn | Skipped]:
    from importers.intake import TakenIn, take_in

    for piped, some in groupby(sources, STDIN.__eq__):
        if not piped:
            yield from take_in(run.wallet, list(some), now=run.now, net=net, progress=progress)
            continue
        for report in read_source(STDIN, net):
            yield from (TakenIn(refused=refused) for refused in report.refused)
            if report.found:
                yield from (TakenIn(added=added) for added in run.wallet.add(report.found, now=run.now))


def _tell(run: Run, item: TakenIn | Skipped, tally: _Tally) -> None:
    from importers.intake import Skipped

    if isinstance(item, Skipped):
        tally.skipped += item.count
    elif item.refused is not None:
        _tell_refused(run, item.refused, tally)
    elif item.added is not None:
        _tell_added(run, item.added, tally)


def _tell_added(run: Run, added: Added, tally: _Tally) -> None:
    tally.count(added.outcome)
    tally.badges.setdefault(added.badge)
    _tell_found(run, added.found, added.outcome, added.badge)


def _tell_found(run: Run, found: Found, outcome: str, badge: str | None) -> None:
    out = run.out
    if out.json_form:
        out.json(
            {
                "format": FORMAT,
                "source": found.source,
                "outcome": outcome,
                "badge": badge,
                "kind": found.kind.value,
                "carrier": found.carrier.value,
                "claimed_id": found.claimed_id,
                "steps": [step.text for step in found.steps],
                "notes": [{"code": note.code, "text": note.text} for note in found.notes],
                "code": None,
                "message": None,
                "remedy": None,
            }
        )
        return
    name = ""
    short = ""
    if badge is not None:
        row = run.wallet.row(badge)
        name, short = clean(row.name), row.short
    if out.plain:
        out.fact(outcome, " ".join(part for part in (short, name, f"from {clean(found.source)}") if part))
    else:
        words = {"duplicate": "already there", "merged": "another copy of", "found": "found"}.get(outcome, outcome)
        shown = " ".join(part for part in (short, name) if part) or f"{found.kind.value} in {found.carrier.value}"
        # Before the first check most badges have no name: their file says then which one is meant.
        source = clean(found.source, limit=80)
        out.line(f"{words} {shown} ({source})" if name or badge is None else f"{words} {shown} from {source}")


def _tell_refused(run: Run, refused: Refused, tally: _Tally) -> None:
    tally.refused.append(refused)
    run.out.json(
        {
            "format": FORMAT,
            "source": refused.source,
            "outcome": "refused",
            "badge": None,
            "kind": None,
            "carrier": None,
            "claimed_id": None,
            "steps": [step.text for step in refused.steps],
            "notes": [],
            "code": refused.code,
            "message": refused.message,
            "remedy": refused.remedy,
        }
    )
    run.err.refused(refused.source, refused.message, refused.remedy)


def _look(run: Run, sources: Sequence[str], net: Fetcher, tally: _Tally) -> None:
    for source in sources:
        for report in read_source(source, net):
            tally.skipped += report.skipped
            for refused in report.refused:
                _tell_refused(run, refused, tally)
            for found in report.found:
                tally.count("found")
                _tell_found(run, found, "found", None)


def _summary(run: Run, tally: _Tally, *, dry_run: bool) -> None:
    parts = [
        plural(tally.outcomes.get("found", 0), "badge") + " found, nothing changed" if dry_run else "",
        f"{tally.outcomes.get('added', 0)} added" if not dry_run else "",
        f"{tally.outcomes['duplicate']} already there" if tally.outcomes.get("duplicate") else "",
        f"{tally.outcomes['merged']} merged as further copies" if tally.outcomes.get("merged") else "",
        f"{len(tally.refused)} refused" if tally.refused else "",
        f"{plural(tally.skipped, 'file')} without a badge passed over" if tally.skipped else "",
    ]
    run.err.note(", ".join(part for part in parts if part) + ".")
