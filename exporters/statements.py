"""The dated verdict in words: what was found, when, how, and nothing beyond it. Pure.

The issuer vouches; we only witness. A verdict is never worded more strongly than the report that it comes from, and one
that has aged (an end date has passed since) is worded as it stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exporters.model import Standing, Statement
from exporters.words import long_date
from wallet.text import clean
from wallet.verify.report import Finding, Outcome, Verdict

LABELS = {
    Standing.VALID: "Valid",
    Standing.EXPIRED: "Expired",
    Standing.REVOKED: "Revoked",
    Standing.INVALID: "Not valid",
    Standing.UNDETERMINED: "Not determined",
    Standing.UNCHECKED: "Not checked yet",
}


def statement(
    *,
    verdict: Verdict | None,
    as_of: datetime | None,
    now: datetime,
    signed: bool,
    host: str | None,
    expires: datetime | None = None,
    reason: str | None = None,
    authentic: Outcome | None = None,
    yours: Outcome | None = None,
    findings: Sequence[Finding] = (),
    last_attempt: Verdict | None = None,
) -> Statement:
    """The verdict in words. `host`: who served the assertion, when it is hosted; `reason`: the issuer's, for a revocation."""
    if verdict is None or as_of is None:
        return Statement(
            Standing.UNCHECKED,
            LABELS[Standing.UNCHECKED],
            "Not checked yet: this badge is as its holder brought it.",
        )
    standing = Standing(verdict.value)
    if standing is Standing.VALID and expires is not None and expires <= now:
        standing = Standing.EXPIRED
    return Statement(
        standing,
        LABELS[standing],
        _sentence(
            standing,
            as_of=as_of,
            how=_how(signed, host),
            expires=expires,
            authentic=authentic,
            reason=reason,
            findings=findings,
        ),
        as_of,
        _more(standing, yours, last_attempt, verdict),
    )


def _how(signed: bool, host: str | None) -> str:
    if signed:
        return "by the issuer's signature"
    return f"as served by {host}" if host else "as its issuer served it"


def _sentence(
    standing: Standing,
    *,
    as_of: datetime,
    how: str,
    expires: datetime | None,
    authentic: Outcome | None,
    reason: str | None,
    findings: Sequence[Finding],
) -> str:
    day = long_date(as_of)
    match standing:
        case Standing.VALID:
            return f"Valid as of {day}, {how}."
        case Standing.EXPIRED:
            ended = f"Expired on {long_date(expires)}" if expires is not None else "Expired"
            return (
                f"{ended}. Authentic {how}, checked on {day}."
                if authentic is Outcome.PASSED
                else f"{ended}; checked on {day}."
            )
        case Standing.REVOKED:
            why = f' for this reason: "{clean(reason)}"' if reason else ""
            return f"Withdrawn by its issuer{why}, as of {day}."
        case Standing.INVALID:
            return f"Did not pass the check of {day}. {_first(findings, Outcome.FAILED)}".rstrip()
        case _:
            return f"Could not be determined as of {day}. {_first(findings, Outcome.UNDETERMINED)}".rstrip()


def _first(findings: Sequence[Finding], outcome: Outcome) -> str:
    return next((clean(finding.summary) for finding in findings if finding.outcome is outcome), "")


def _more(standing: Standing, yours: Outcome | None, last_attempt: Verdict | None, verdict: Verdict) -> tuple[str, ...]:
    more: list[str] = []
    if standing in (Standing.VALID, Standing.EXPIRED):
        if yours is Outcome.PASSED:
            more.append("Its recipient matches an identity that the holder of this wallet entered.")
        else:
            more.append("Whether it was awarded to the person who shows it was not checked.")
    if last_attempt is Verdict.UNDETERMINED and verdict is not Verdict.UNDETERMINED:
        more.append("A later try to check it again had no answer.")
    return tuple(more)
