"""Handing out, as both faces do it: which badges go, which stay and why, what may be said in a bundle, and the record of it.

What leaves in which form is for the exporters. Nothing here asks or prints.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.words import NOT_STATED, named, state_word
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from exporters.bundle import Prepared
    from wallet.pathways.progress import Progress
    from wallet.store.shared import Disclosure
    from wallet.store.wallet import BadgeRow, Wallet

# What is said in a bundle is read by people: a page of text is not a purpose.
WHOM, WHY, CONSENT = 120, 1_000, 4_000
# Not for show unless the learner names them.
_NOT_FOR_SHOW = frozenset({Verdict.EXPIRED, Verdict.REVOKED, Verdict.INVALID})
_NAMED = 4


def moment(now: datetime) -> datetime:
    """When an export says that it was made: now, or what SOURCE_DATE_EPOCH says, so that the same wallet gives the same bytes."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return now
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is '{clean(fixed, limit=40)}', which is not a number of seconds.",
            "Set it to seconds since 1970, or unset it.",
        ) from None


def for_show(every: Sequence[BadgeRow]) -> tuple[tuple[BadgeRow, ...], Counter[str]]:
    """Of all badges, those to show when none is named, and how many were left out for which reason."""
    left_out = Counter(
        "hidden" if row.hidden else state_word(row.verdict)
        for row in every
        if row.hidden or row.verdict in _NOT_FOR_SHOW
    )
    return tuple(row for row in every if not row.hidden and row.verdict not in _NOT_FOR_SHOW), left_out


def never(row: BadgeRow, why: str) -> UsageError:
    """That this badge is never handed out, `why` being what the exporter keeps it back for."""
    return UsageError(
        f"{row.short} {clean(row.name, limit=60)} is {why}, and such badges are never handed out.",
        f"Leave it out, or show it again: badgefolio hide --off {row.short}"
        if row.hidden
        else f"Leave it out. 'badgefolio show {row.short}' says what was found.",
    )


def for_bundle(every: Sequence[BadgeRow], wanted: set[str] | None) -> tuple[tuple[BadgeRow, ...], Counter[str]]:
    """The badges to hand out, and how many others there are for which reason. wanted: full ids, or None for all of them."""
    from exporters.bundle import kept_back

    left_out: Counter[str] = Counter()
    chosen: list[BadgeRow] = []
    for row in every:
        why = kept_back(row)
        if why is not None:
            left_out[why] += 1
        elif wanted is None and row.verdict in (Verdict.EXPIRED, Verdict.REVOKED):
            left_out[state_word(row.verdict)] += 1
        elif wanted is not None and row.id not in wanted:
            left_out["not chosen"] += 1
        else:
            chosen.append(row)
    if not chosen:
        raise NotFoundError(
            f"There is no badge to hand out{f' ({counted(left_out)})' if left_out else ''}; nothing was written.",
            "See what there is: badgefolio list --hidden",
        )
    return tuple(chosen), left_out


def counting(uses: Iterable[Progress]) -> set[str]:
    """Ids of the badges that count in these pathways."""
    return {badge for progress in uses for node in progress.nodes for badge in node.by}


def counted(left_out: Counter[str]) -> str:
    """`2 hidden, 1 expired`."""
    return ", ".join(f"{count} {reason}" for reason, count in left_out.items())


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def said(field: str, text: str, most: int, remedy: str) -> str:
    """`text` as it goes into a bundle. Raises `UsageError` where it says nothing or too much."""
    shown = clean(text, limit=most + 1)
    if not shown:
        raise UsageError(f"{field} says nothing.", remedy)
    if len(shown) > most:
        raise UsageError(f"{field} is longer than {most:,} characters.", "Say it in fewer words.")
    return shown


def day_to_come(until: date, today: date, remedy: str) -> date:
    """`until`, unless it is over. Raises `UsageError`."""
    if until < today:
        raise UsageError(f"{until.isoformat()} is over: nobody could use the bundle.", remedy)
    return until


def hand_out(wallet: Wallet, prepared: Prepared, target: Path, *, force: bool, now: datetime) -> Path:
    """Write a bundle and record to whom it went. now: the moment of the record."""
    from exporters.bundle import write
    from wallet.store.shared import Disclosure

    made = prepared.bundle

    def record() -> None:
        wallet.record_shared(
            Disclosure(
                "bundle", made.audience, made.purpose, made.until, prepared.sha256, tuple(one.id for one in made.badges)
            ),
            now=now,
        )

    # Recorded before the file has its name: what was handed out is never unknown, whatever happens in between.
    return write(prepared, target, force=force, ready=record)


def shared_words(one: Disclosure, today: date) -> str:
    """In a line: to whom, for what and until when."""
    until = f", until {one.until.isoformat()}" if one.until is not None else ""
    over = " (over)" if one.until is not None and one.until < today else ""
    why = f" for {clean(one.purpose, limit=200)}" if one.purpose else ""
    return f"{clean(one.to, limit=120) or NOT_STATED}{why}{until}{over}"


def names_of(wallet: Wallet, badges: Sequence[str]) -> list[str]:
    """Names of badges that were handed out; of one that is no longer there its short id."""
    names: list[str] = []
    for badge in badges:
        try:
            row = wallet.row(badge)
            names.append(named(row.name, row.short))
        except NotFoundError:  # removed since
            names.append(badge[:6])
    return names
