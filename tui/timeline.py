"""How the verdicts on a badge went over time, in words: "valid 14 times, unreachable twice, revoked since 2 March 2026". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wallet.text import clean
from wallet.verify.findings import day
from wallet.verify.remedies import remedy
from wallet.verify.report import Verdict, Who

if TYPE_CHECKING:
    from wallet.store.rows import TimelineEntry

_SHOWN = 200


def outcome_word(entry: TimelineEntry) -> str:
    """The verdict, or for one that is open whether only nobody answered."""
    if entry.verdict is not Verdict.UNDETERMINED:
        return entry.verdict.value
    nobody = entry.cause is not None and remedy(entry.cause).who is Who.NETWORK
    return "unreachable" if nobody else "undetermined"


def times(count: int) -> str:
    """`once`, `twice`, `14 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def in_words(timeline: Sequence[TimelineEntry]) -> str:
    """The timeline in one line; "" for a badge that was never checked."""
    parts = []
    for entry in timeline:
        word = outcome_word(entry)
        if entry.verdict in (Verdict.VALID, Verdict.UNDETERMINED):
            parts.append(f"{word} {times(entry.count)}")
        else:
            why = f" ({clean(entry.reason, limit=_SHOWN).rstrip('.')})" if entry.reason else ""
            parts.append(f"{word} since {day(entry.first)}{why}")
    return ", ".join(parts)
