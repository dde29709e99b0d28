"""The nine rules that say whether a badge counts on a day, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.pathways import TODAY, badge
from wallet.model import Commitment
from wallet.pathways.candidates import from_row, from_rows, judge
from wallet.pathways.model import Accept, Credit, Duration
from wallet.verify.report import Outcome


def reason(accept: Accept | None = None, **more: object) -> str | None:
    found = judge(badge("a", **more), accept or Accept(), TODAY)
    return found.code if found is not None else None


YEAR = Duration(years=1)


@pytest.mark.parametrize(
    ("more", "accept", "code"),
    [
        ({}, Accept(), None),
        ({"invalid": True}, Accept(), "invalid"),
        ({"mine": False}, Accept(), "not-yours"),
        ({"mine": None}, Accept(), None),
        ({"revoked": True}, Accept(), "revoked"),
        ({"issued_on": date(2026, 11, 22)}, Accept(), "not-yet-issued"),
        ({"issued_on": TODAY}, Accept(), None),
        ({"issued_on": None}, Accept(), None),
        ({"status": "unverified"}, Accept(), None),
        ({"status": "self-asserted"}, Accept(), "verification"),
        ({"status": "verified-offline"}, Accept(verification=("verified",)), "verification"),
        ({"status": "self-asserted"}, Accept(verification=("self-asserted",)), None),
        ({}, Accept(earned_after=date(2026, 1, 15)), None),
        ({}, Accept(earned_after=date(2026, 1, 16)), "earned-too-early"),
        ({"issued_on": None}, Accept(earned_after=date(2020, 1, 1)), "earned-too-early"),
        ({}, Accept(earned_before=date(2026, 1, 15)), None),
        ({}, Accept(earned_before=date(2026, 1, 14)), "earned-too-late"),
        ({"expires": TODAY}, Accept(), "expired"),
        ({"expires": TODAY + timedelta(1)}, Accept(), None),
        ({"expires": date(2026, 2, 1)}, Accept(expired="accept-if-earned-valid"), None),
        ({"expires": date(2026, 1, 15)}, Accept(expired="accept-if-earned-valid"), "expired"),
        ({"issued_on": date(2025, 11, 22)}, Accept(max_age=YEAR), None),
        ({"issued_on": date(2025, 11, 21)}, Accept(max_age=YEAR), "too-old"),
        ({"issued_on": None}, Accept(max_age=YEAR), "too-old"),
        ({"expires": date(2026, 12, 21)}, Accept(min_remaining=Duration(months=1)), None),
        ({"expires": date(2026, 12, 20)}, Accept(min_remaining=Duration(months=1)), "ends-too-soon"),
        ({}, Accept(min_remaining=YEAR), None),
        ({"invalid": True, "revoked": True}, Accept(), "invalid"),
    ],
)
def test_the_first_rule_that_fails_is_the_reason(more: dict, accept: Accept, code: str | None) -> None:
    assert reason(accept, **more) == code


def test_a_badge_that_expires_today_says_so() -> None:
    found = judge(badge("a", expires=TODAY), Accept(), TODAY)
    assert found is not None and found.sentence == "expires today"
    found = judge(badge("a", expires=date(2026, 10, 1)), Accept(), TODAY)
    assert found is not None and found.sentence == "expired 2026-10-01"


@pytest.mark.parametrize(
    ("day", "duration", "after"),
    [
        (date(2024, 1, 31), Duration(months=1), date(2024, 2, 29)),
        (date(2024, 2, 29), Duration(years=1), date(2025, 2, 28)),
        (date(2024, 12, 31), Duration(months=2, days=1), date(2025, 3, 1)),
        (date(2024, 1, 1), Duration(years=999, months=9999, days=99999), None),
        (date(9999, 12, 31), Duration(days=1), date.max),
        (date(9999, 1, 1), Duration(years=1), date.max),
    ],
)
def test_months_end_on_the_last_day_of_a_short_month(day: date, duration: Duration, after: date | None) -> None:
    assert duration.after(day) == after or after is None


@dataclass
class Row:
    """A badge of the wallet as far as a pathway looks at it."""

    authentic: Outcome | None = Outcome.PASSED
    yours: Outcome | None = Outcome.PASSED
    revoked: bool = False
    online: bool = True
    issued_on: datetime | None = datetime(2026, 1, 15, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    expires: datetime | None = datetime(2027, 1, 1, tzinfo=UTC)
    id: str = "3f9a"
    name: str = "Water"
    issuer_name: str = "College"
    issuer_id: str | None = "https://college.example/issuer"
    achievement_id: str | None = "https://college.example/b/water"
    criteria: str | None = None
    tags: tuple[str, ...] = ("water",)
    alignments: tuple = ()
    commitment: Commitment | None = None


def test_a_row_of_the_wallet_becomes_a_candidate_with_days_in_utc() -> None:
    candidate = from_row(Row())
    assert (candidate.status, candidate.mine, candidate.invalid) == ("verified", True, False)
    assert (candidate.issued_on, candidate.expires) == (date(2026, 1, 16), date(2027, 1, 1))
    assert candidate.tags == ("water",)
    assert candidate.hours is None and candidate.credit is None


def test_hours_and_ects_of_a_badge_come_along_and_credits_without_a_unit_do_not() -> None:
    said = Commitment(hours=Fraction(1, 3), ects=Decimal("2.5"), credits=Decimal(3))
    candidate = from_row(Row(commitment=said))
    assert (candidate.hours, candidate.credit) == (Fraction(1, 3), Credit(Decimal("2.5"), "ects"))
    assert from_row(Row(commitment=Commitment(credits=Decimal(3)))).credit is None


@pytest.mark.parametrize(
    ("row", "status", "mine", "invalid"),
    [
        (Row(online=False), "verified-offline", True, False),
        (Row(yours=Outcome.SKIPPED), "unverified", None, False),
        (Row(yours=Outcome.FAILED), "unverified", False, False),
        (Row(authentic=Outcome.UNDETERMINED), "unverified", True, False),
        (Row(authentic=Outcome.FAILED), "unverified", True, True),
        (Row(authentic=None, yours=None, issued_on=None, expires=None), "unverified", None, False),
    ],
)
def test_only_a_proven_badge_is_called_verified(row: Row, status: str, mine: bool | None, invalid: bool) -> None:
    (candidate,) = from_rows([row])
    assert (candidate.status, candidate.mine, candidate.invalid) == (status, mine, invalid)
