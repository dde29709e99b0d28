"""How checks say what they found: one short function for each outcome. Specification, who and next step come from the tables."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from wallet.text import clean
from wallet.verify.catalogue import spec_of
from wallet.verify.remedies import remedy, say
from wallet.verify.report import DEPENDS, Finding, Outcome

Evidence = tuple[str, ...]

_SHOWN = 120
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=1_024)
def passed(check: str, summary: str, evidence: Evidence = ()) -> Finding:
    """The rule holds. Cached: a thousand badges share their good news."""
    return Finding(check, Outcome.PASSED, summary, spec_of(check), evidence=evidence)


def failed(
    check: str,
    cause: str,
    summary: str,
    *,
    expected: str | None = None,
    found: str | None = None,
    evidence: Evidence = (),
) -> Finding:
    """The evidence contradicts the rule."""
    return _trouble(check, Outcome.FAILED, cause, summary, expected=expected, found=found, evidence=evidence)


def undetermined(
    check: str,
    cause: str,
    summary: str,
    *,
    expected: str | None = None,
    found: str | None = None,
    evidence: Evidence = (),
) -> Finding:
    """The evidence could not be had, or cannot be read by this version."""
    return _trouble(check, Outcome.UNDETERMINED, cause, summary, expected=expected, found=found, evidence=evidence)


def warning(
    check: str,
    summary: str,
    *,
    cause: str | None = None,
    expected: str | None = None,
    found: str | None = None,
    evidence: Evidence = (),
) -> Finding:
    """Worth knowing; no verdict hangs on it."""
    if cause is None:
        return Finding(check, Outcome.WARNING, summary, spec_of(check), None, expected, found, evidence=evidence)
    return _trouble(check, Outcome.WARNING, cause, summary, expected=expected, found=found, evidence=evidence)


def note(check: str, summary: str, *, evidence: Evidence = ()) -> Finding:
    """A warning that belongs to a mandatory check."""
    return warning(f"{check}.note", summary, evidence=evidence)


@lru_cache(maxsize=1_024)
def skipped(check: str, summary: str) -> Finding:
    """Not applicable, with the reason. Never satisfies a required check."""
    return Finding(check, Outcome.SKIPPED, summary, spec_of(check))


@lru_cache(maxsize=1_024)
def waits(check: str, summary: str) -> Finding:
    """Could not be had because of something that another finding reports."""
    return Finding(check, Outcome.UNDETERMINED, summary, spec_of(check), DEPENDS, remedy=remedy(DEPENDS).step)


def unread(check: str, cause: str, what: str) -> Finding:
    """A document could not be had; the sentence comes from the table of causes."""
    return undetermined(check, cause, say(cause, what))


def _trouble(
    check: str,
    outcome: Outcome,
    cause: str,
    summary: str,
    *,
    expected: str | None,
    found: str | None,
    evidence: Evidence,
) -> Finding:
    row = remedy(cause)
    return Finding(check, outcome, summary, spec_of(check), cause, expected, found, row.who, row.step, evidence)


def quote(text: str) -> str:
    """Foreign text inside a sentence of ours: clean, short, in quotation marks."""
    return f"“{clean(text, limit=_SHOWN)}”"


def day(moment: datetime) -> str:
    """A date as it is read aloud, the same in every locale: 2 March 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
