"""`badgefolio history`: the log of the wallet, or of one badge with how its verdict went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.badges import complete_badges, resolve
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from tui.cli.shared import print_shared
from tui.timeline import in_words, outcome_word, times
from tui.words import iso, minute
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.store.rows import TimelineEntry

_SHOWN = 50


@make("history", examples=("badgefolio history", "badgefolio history 3f9a2c", "badgefolio history --shared"))
@click.argument("name", metavar="[BADGE]", required=False, shell_complete=complete_badges)
@click.option("--shared", is_flag=True, help="Only what was handed to whom: who has my badges?")
@click.option("--limit", type=click.IntRange(min=1), help=f"Show so many entries (on a terminal {_SHOWN}).")
@with_run
def command(run: Run, name: str | None, shared: bool, limit: int | None) -> None:
    """Tell what happened in the wallet, or to one badge, newest first.

    For one badge it begins with how its verdict went over time.
    """
    badge = resolve(run, [name])[0].id if name is not None else None
    if shared:
        print_shared(run, badge, limit)
        return
    wallet = run.wallet_if_any
    timeline = wallet.timeline(badge) if wallet is not None and badge is not None else ()
    entries = wallet.history(badge) if wallet is not None else ()
    entries = tuple(sorted(entries, key=lambda entry: entry.time, reverse=True))
    shown = entries[: limit if limit is not None else (_SHOWN if run.out.terminal and run.out.table_form else None)]
    run.out.json(
        {
            "format": "badgefolio-history/1",
            "summary": in_words(timeline) or None,
            "timeline": [
                {
                    "verdict": entry.verdict.value,
                    "first": iso(entry.first),
                    "last": iso(entry.last),
                    "count": entry.count,
                    "reason": entry.reason,
                    "cause": entry.cause,
                }
                for entry in timeline
            ],
            "entries": [
                {
                    "time": iso(entry.time),
                    "kind": entry.kind,
                    "summary": entry.summary,
                    "badge": entry.badge,
                    "op": entry.op,
                    "device": entry.device,
                    "undone": entry.undone,
                }
                for entry in shown
            ],
        }
    )
    if badge is not None:
        _print_timeline(run, timeline)
    run.out.rows(
        ("When", "What"),
        [(minute(entry.time), clean(entry.summary) + (" (taken back)" if entry.undone else "")) for entry in shown],
        fold=("What",),
    )
    if not entries:
        run.err.note("Nothing has happened yet. Bring badges in with 'badgefolio import FILE'.")
    elif len(shown) < len(entries):
        run.err.note(
            f"{plural(len(entries) - len(shown), 'older entry', 'older entries')} not shown; --limit shows more."
        )


def _print_timeline(run: Run, timeline: Sequence[TimelineEntry]) -> None:
    """In one line, then run by run."""
    run.out.facts([("checked", in_words(timeline) or "never")], indent=0)
    run.out.blank()
    if len(timeline) > 1:
        run.out.rows(
            ("From", "To", "Verdict", "Checked", "Why"),
            [
                (
                    minute(entry.first),
                    minute(entry.last),
                    outcome_word(entry),
                    times(entry.count),
                    clean(entry.reason or "") or "all required checks passed",
                )
                for entry in timeline
            ],
            fold=("Why",),
        )
        run.out.blank()
