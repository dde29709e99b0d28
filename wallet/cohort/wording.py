"""How days, proofs and problems of learners read in every report, with names or with pseudonyms. Pure.

With pseudonyms a personal day shrinks to its month, and a sentence written about a person gives way to one about the case.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from wallet.cohort.model import CheckedBadge, NextStep, Problem, ProblemCode, Proof
from wallet.text import clean, plural

_DAY = re.compile(r"\b(\d{4}-\d{2})-\d{2}\b")

PROBLEMS: dict[ProblemCode, str] = {
    ProblemCode.FAILED: "a badge failed its check",
    ProblemCode.MISMATCH: "a badge was awarded to somebody else",
    ProblemCode.DUPLICATE: "the same badge was handed over by another learner",
    ProblemCode.SAME_IDENTITY: "another learner told the same identity as their own",
    ProblemCode.UNREADABLE: "a file could not be read",
    ProblemCode.EMPTY: "no badge was found",
}
STATES = {
    "met": "met",
    "eligible": "parts met, award not received",
    "in-progress": "in progress",
    "not-started": "not started",
    "blocked": "after an earlier step",
    "refused": "a badge does not count here",
    "planned": "planned",
    "open": "open",
}


def shown_day(day: date | datetime | None, *, months: bool) -> str:
    """A personal day in ISO form, or its month; "" for none."""
    if day is None:
        return ""
    plain = day.astimezone(UTC).date() if isinstance(day, datetime) else day
    return plain.isoformat()[:7] if months else plain.isoformat()


def to_months(text: str) -> str:
    """A sentence of ours with its days cut to months."""
    return _DAY.sub(r"\1", text)


def state_words(state: str) -> str:
    """The state of a pathway or a place."""
    return STATES.get(state, clean(state))


def badge_name(badge: CheckedBadge) -> str:
    """What a badge is called. Before its achievement was fetched only that one's address may be known."""
    one = badge.candidate
    return clean(one.name, limit=200) or clean(one.achievement_id or "", limit=200) or "a badge without a name"


def proof_words(badge: CheckedBadge, *, months: bool) -> str:
    """How far a badge is proven, dated; what could not be checked is neither failed nor verified."""
    day = shown_day(badge.checked, months=months)
    match badge.proof:
        case Proof.NOW | Proof.EARLIER:
            return f"verified {day}".rstrip()
        case Proof.OFFLINE:
            return "proven by its signature, revocation not looked up"
        case Proof.FAILED:
            return "failed" if months or not badge.why else f"failed: {clean(badge.why, limit=300).rstrip('.')}"
        case Proof.DESCRIBED:
            return "described, not verifiable"
    return (
        "could not be checked"
        if months or not badge.why
        else f"could not be checked: {clean(badge.why, limit=300).rstrip('.')}"
    )


def problem_words(problem: Problem, *, pseudonyms: bool) -> str:
    """What to look at. The scan's own sentence may name a person or a file, so with pseudonyms only the case is told."""
    return PROBLEMS[problem.code] if pseudonyms else clean(problem.text, limit=400) or PROBLEMS[problem.code]


def hours_words(hours: Decimal | None, *, at_least: bool = False) -> str:
    """`20 h`, `at least 20 h`, or that nobody says."""
    if hours is None:
        return "hours not stated"
    if at_least:
        return f"at least {hours.normalize():f} h" if hours else "hours not stated"
    return f"{hours.normalize():f} h"


def left_words(missing: int, hours: Decimal, *, at_least: bool) -> str:
    """What is still to be done."""
    if not missing:
        return "nothing"
    return f"{plural(missing, 'place')}, {hours_words(hours, at_least=at_least)}"


def percent_words(percent: int, *, exact: bool) -> str:
    """A whole percentage, rounded down; an undecided one is a lower bound."""
    return f"{percent} %" if exact else f"at least {percent} %"


def step_words(step: NextStep) -> str:
    """A next step on one line: its name and its hours."""
    return f"{clean(step.name, limit=120)} ({hours_words(step.hours)})"
