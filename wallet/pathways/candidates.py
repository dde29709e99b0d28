"""From badges of a wallet to candidates of a pathway, and the nine rules that say whether one counts on a day.

Nothing is dropped silently: the first rule that fails is kept as the reason, with a sentence for people. Which element a
badge fits is the affair of `matching`. Days are calendar days in UTC (pathways.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from wallet.model import Alignment, Commitment
from wallet.pathways.model import DEFAULT_VERIFICATION, Accept, Credit
from wallet.verify.report import Outcome

VERIFIED, OFFLINE, UNVERIFIED, SELF_ASSERTED = "verified", "verified-offline", "unverified", "self-asserted"
#: What a badge calls the unit of its credits; a pathway may declare it under another id, by this name.
ECTS = "ects"
#: Of a place that the learner means to fill: never accepted, only counted beside it.
PLANNED = "planned"
_STATUS_RANK = {VERIFIED: 0, OFFLINE: 1, UNVERIFIED: 2, SELF_ASSERTED: 3, PLANNED: 4}


class RowLike(Protocol):
    """What a badge of the wallet must tell; `wallet.store.wallet.BadgeRow` does."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def issuer_name(self) -> str: ...
    @property
    def issuer_id(self) -> str | None: ...
    @property
    def achievement_id(self) -> str | None: ...
    @property
    def criteria(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def alignments(self) -> tuple[Alignment, ...]: ...
    @property
    def issued_on(self) -> datetime | None: ...
    @property
    def expires(self) -> datetime | None: ...
    @property
    def authentic(self) -> Outcome | None: ...
    @property
    def yours(self) -> Outcome | None: ...
    @property
    def revoked(self) -> bool: ...
    @property
    def online(self) -> bool: ...
    @property
    def commitment(self) -> Commitment | None: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """One credential as a pathway sees it. `mine`: True, False, or None when that was not judged.

    virtual: None for a credential; otherwise why there is none: "attested", "forced", "planned", or "new" for one to earn.
    hours, credit: what the badge itself states; without them the element's values are used. Texts are foreign.
    """

    id: str
    achievement_id: str | None
    issuer_id: str | None
    name: str
    issuer_name: str = ""
    criteria: str | None = None
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    issued_on: date | None = None
    expires: date | None = None
    status: str = UNVERIFIED
    invalid: bool = False
    mine: bool | None = None
    revoked: bool = False
    hours: Decimal | Fraction | None = None
    credit: Credit | None = None
    virtual: str | None = None

    @property
    def granted(self) -> bool:
        """Whether the learner's own records put it there, not a badge."""
        return self.virtual in ("attested", "forced", "planned")

    @property
    def status_rank(self) -> int:
        """0 for the best proven."""
        return _STATUS_RANK[self.status]


def from_row(row: RowLike) -> Candidate:
    """The candidate for a badge of the wallet, from its newest conclusive report."""
    said = row.commitment
    proven = row.authentic is Outcome.PASSED and row.yours is Outcome.PASSED
    return Candidate(
        id=row.id,
        achievement_id=row.achievement_id,
        issuer_id=row.issuer_id,
        issuer_name=row.issuer_name,
        name=row.name,
        criteria=row.criteria,
        tags=row.tags,
        alignments=row.alignments,
        issued_on=_day(row.issued_on),
        expires=_day(row.expires),
        status=(VERIFIED if row.online else OFFLINE) if proven else UNVERIFIED,
        invalid=row.authentic is Outcome.FAILED,
        mine=True if row.yours is Outcome.PASSED else False if row.yours is Outcome.FAILED else None,
        revoked=row.revoked,
        hours=said.hours if said is not None else None,
        # Credits whose unit the issuer did not name cannot be added to any.
        credit=Credit(said.ects, ECTS) if said is not None and said.ects is not None else None,
    )


def from_rows(rows: Iterable[RowLike]) -> tuple[Candidate, ...]:
    """The candidates for badges of the wallet."""
    return tuple(from_row(row) for row in rows)


def _day(time: datetime | None) -> date | None:
    return time.astimezone(UTC).date() if time is not None else None


def verified_only(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Those whose proof includes the issuer's own word on revocation, for the strictest figure."""
    return tuple(candidate for candidate in candidates if candidate.status == VERIFIED)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a credential that matches does not count: a stable code, and the same for people."""

    code: str
    sentence: str


def judge(candidate: Candidate, accept: Accept, at: date) -> Refusal | None:
    """The first of the nine rules that fails, or None: it counts. `accept` is the element's over the pathway's."""
    if candidate.invalid:
        return Refusal("invalid", "it is not authentic")
    if candidate.mine is False:
        return Refusal("not-yours", "it was awarded to somebody else")
    if candidate.revoked:
        return Refusal("revoked", "the issuer revoked it")
    issued = candidate.issued_on
    if issued is not None and issued > at:
        return Refusal("not-yet-issued", f"issued only on {issued}")
    allowed = accept.verification if accept.verification is not None else DEFAULT_VERIFICATION
    if candidate.status not in allowed:
        return Refusal("verification", f"it is {candidate.status}, and this needs {' or '.join(allowed)}")
    return _earned(issued, accept) or _lasting(candidate, accept, at)


def _earned(issued: date | None, accept: Accept) -> Refusal | None:
    """Rule 6. Without an issue date nobody can say that it was early or late enough, so it is not."""
    if accept.earned_after is not None and (issued is None or issued < accept.earned_after):
        return Refusal("earned-too-early", f"earned {issued or 'on an unknown day'}, before {accept.earned_after}")
    if accept.earned_before is not None and (issued is None or issued > accept.earned_before):
        return Refusal("earned-too-late", f"earned {issued or 'on an unknown day'}, after {accept.earned_before}")
    return None


def _lasting(candidate: Candidate, accept: Accept, at: date) -> Refusal | None:
    """Rules 7 to 9: until when the badge counts here."""
    issued, expires = candidate.issued_on, candidate.expires
    if expires is None and accept.max_age is None:
        return None
    ends: list[date] = []
    if expires is not None:
        if accept.expired == "accept-if-earned-valid":
            if issued is not None and expires <= issued:
                return Refusal("expired", f"it had expired ({expires}) when it was issued")
        else:
            if expires <= at:
                return Refusal("expired", "expires today" if expires == at else f"expired {expires}")
            ends.append(expires)
    if accept.max_age is not None:
        if issued is None:
            return Refusal("too-old", "its issue date is unknown")
        oldest = accept.max_age.after(issued)
        if oldest <= at:
            return Refusal("too-old", f"earned {issued}, too long ago since {oldest}")
        ends.append(oldest)
    if accept.min_remaining is not None and ends and accept.min_remaining.after(at) > min(ends):
        return Refusal("ends-too-soon", f"it ends {min(ends)}, before {accept.min_remaining.after(at)}")
    return None


def end_of(candidate: Candidate, accept: Accept) -> date:
    """The last day on which it can count here, or the end of the calendar: the later the better."""
    end = date.max
    if candidate.expires is not None and accept.expired != "accept-if-earned-valid":
        end = candidate.expires
    if accept.max_age is not None and candidate.issued_on is not None:
        end = min(end, accept.max_age.after(candidate.issued_on))
    return end
