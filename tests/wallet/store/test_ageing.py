"""A badge that was valid when it was last checked reads as expired from the moment its date has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tests.support.wallets import NOW, found, later, open_wallet, raw_sha, report
from wallet.pathways.candidates import from_row
from wallet.store.doctor import examine
from wallet.verify.report import Earlier, Outcome, Report, Verdict

BADGE = raw_sha(found(1))
EXPIRES = later(days=10)


def good(number: int = 1, expires: datetime | None = EXPIRES) -> Report:
    made = report(found(number))
    assert made.credential is not None
    return replace(made, credential=replace(made.credential, expires=expires))


def filled(base: Path) -> None:
    with open_wallet(base) as wallet:
        wallet.add([found(1), found(2), found(3)], now=NOW)
        wallet.record_many([(BADGE, good()), (raw_sha(found(2)), good(2, None))], now=NOW)
        assert wallet.verdict_counts() == {Verdict.VALID: 2, None: 1}


def test_a_badge_past_its_date_reads_expired_wherever_it_is_shown(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_wallet(tmp_path, now=later(days=11)) as wallet:
        row = wallet.row(BADGE)
        assert (row.verdict, row.still_good, row.last_attempt) == (Verdict.EXPIRED, Outcome.FAILED, Verdict.EXPIRED)
        assert row.as_of == NOW and row.authentic is Outcome.PASSED
        assert wallet.verdict_counts() == {Verdict.VALID: 1, Verdict.EXPIRED: 1, None: 1}
        assert [one.id for one in wallet.list_badges(verdict="expired")] == [BADGE]
        assert BADGE not in [one.id for one in wallet.list_badges(verdict=Verdict.VALID)]
        assert wallet.count(verdict="valid") == wallet.count(verdict="expired") == 1
        assert [one.verdict for one in wallet.list_badges(sort="verdict")] == [None, Verdict.EXPIRED, Verdict.VALID]
        assert wallet.resolve(row.short).verdict is Verdict.EXPIRED
        shown = wallet.badge(BADGE).report
        assert shown is not None and (shown.verdict, shown.still_good) == (Verdict.EXPIRED, Outcome.FAILED)
        assert from_row(row).expires == EXPIRES.date()


def test_the_last_moment_still_counts(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_wallet(tmp_path, now=EXPIRES) as wallet:
        assert wallet.row(BADGE).verdict is Verdict.VALID and wallet.count(verdict="valid") == 2
        wallet.refresh(now=EXPIRES.replace(microsecond=1))
        assert wallet.row(BADGE).verdict is Verdict.EXPIRED and wallet.count(verdict="valid") == 1


def test_what_was_proven_on_its_day_stays_what_it_was(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_wallet(tmp_path, now=later(days=11)) as wallet:
        assert wallet.earlier(BADGE) == Earlier(Verdict.VALID, NOW)
        assert [attempt.verdict for attempt in wallet.badge(BADGE).attempts] == [Verdict.VALID]
        wallet.record(BADGE, report(found(1), Verdict.REVOKED, at=later(days=11)), now=later(days=11))
        assert wallet.row(BADGE).verdict is Verdict.REVOKED
    with open_wallet(tmp_path, now=NOW):
        assert not [item for item in examine(wallet.paths, now=later(days=11)) if item.severity != "ok"]


def test_the_finding_says_that_the_date_passed_since(tmp_path: Path) -> None:
    from tests.conformance.world import World

    world = World()
    world.award["expires"] = "2026-12-01T00:00:00Z"
    subject = found(1)
    with open_wallet(tmp_path) as wallet:
        wallet.add([subject], now=NOW)
        wallet.record(BADGE, replace(world.hosted(), raw_sha256=BADGE), now=NOW)
        assert wallet.row(BADGE).verdict is Verdict.VALID
        wallet.refresh(now=later(days=11))
        shown = wallet.badge(BADGE).report
    assert shown is not None
    finding = shown.finding("time.expires")
    assert finding is not None and finding.outcome is Outcome.FAILED and finding.remedy
    assert finding.summary == "It expired on 1 December 2026, after it was last checked."
