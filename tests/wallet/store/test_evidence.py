"""Reports and evidence: what was once proven is never lost to a failure, and is found again without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.wallets import (
    NOW,
    RecordingDisk,
    answer,
    found,
    later,
    no_answer,
    open_wallet,
    raw_sha,
    report,
    with_role,
)
from wallet.errors import NotFoundError
from wallet.fetch.recorded import RecordedFetcher
from wallet.store.wallet import Wallet
from wallet.verify.report import Earlier, Outcome, Role, Verdict

URL = f"{badges.HOST}/awards/1"
BADGE = raw_sha(found(1))


@pytest.fixture
def wallet(tmp_path: Path):
    with open_wallet(tmp_path) as opened:
        opened.add([found(1)], now=NOW)
        yield opened


def test_a_row_shows_what_the_report_says(wallet: Wallet) -> None:
    wallet.record(BADGE, report(found(1), at=later(hours=1)), now=later(hours=1))
    row = wallet.row(BADGE)
    assert (row.verdict, row.name, row.issuer_id) == (Verdict.VALID, "Checked Name", f"{badges.HOST}/issuer")
    assert row.as_of == row.checked_at == later(hours=1)
    assert (row.authentic, row.yours, row.still_good) == (Outcome.PASSED, Outcome.SKIPPED, Outcome.PASSED)
    assert row.online and not row.revoked and not row.disagree
    badge = wallet.badge(BADGE)
    assert badge.report is not None and badge.report.verdict is Verdict.VALID
    assert [attempt.verdict for attempt in badge.attempts] == [Verdict.VALID]


def test_a_failed_attempt_never_replaces_an_earlier_result(wallet: Wallet) -> None:
    wallet.record(BADGE, report(found(1)), now=NOW)
    wallet.record(BADGE, report(found(1), Verdict.UNDETERMINED, at=later(days=1)), now=later(days=1))
    row = wallet.row(BADGE)
    assert (row.verdict, row.last_attempt) == (Verdict.VALID, Verdict.UNDETERMINED)
    assert row.as_of == NOW
    assert wallet.earlier(BADGE) == Earlier(Verdict.VALID, NOW)
    assert [attempt.verdict for attempt in wallet.badge(BADGE).attempts] == [Verdict.UNDETERMINED, Verdict.VALID]


@pytest.mark.parametrize("verdict", [Verdict.REVOKED, Verdict.INVALID, Verdict.EXPIRED])
def test_a_later_definite_answer_replaces_an_earlier_one(wallet: Wallet, verdict: Verdict) -> None:
    wallet.record(BADGE, report(found(1)), now=NOW)
    wallet.record(BADGE, report(found(1), verdict, at=later(days=1)), now=later(days=1))
    row = wallet.row(BADGE)
    assert row.verdict is verdict and row.revoked is (verdict is Verdict.REVOKED)


def test_a_run_on_older_evidence_does_not_hide_a_newer_answer(wallet: Wallet) -> None:
    wallet.record(BADGE, report(found(1), Verdict.REVOKED, at=later(days=2)), now=later(days=2))
    wallet.record(BADGE, report(found(1), at=later(days=1), offline=True), now=later(days=3))
    assert wallet.row(BADGE).verdict is Verdict.REVOKED


def test_a_badge_that_could_never_be_checked_says_so(wallet: Wallet) -> None:
    assert wallet.earlier(BADGE) is None
    wallet.record(BADGE, report(found(1), Verdict.UNDETERMINED, name=""), now=NOW)
    row = wallet.row(BADGE)
    assert row.verdict is row.last_attempt is Verdict.UNDETERMINED
    assert row.name == "Bread Baking" and not row.online
    assert wallet.earlier(BADGE) is None


def test_a_withdrawn_badge_keeps_its_name(wallet: Wallet) -> None:
    wallet.record(BADGE, report(found(1), name="Full Name"), now=NOW)
    wallet.record(BADGE, report(found(1), Verdict.REVOKED, at=later(days=1), name=""), now=later(days=1))
    assert wallet.row(BADGE).name != ""


def test_a_forgery_under_the_same_address_changes_nothing_about_the_good_badge(wallet: Wallet) -> None:
    forged = found(1, narrative="forged")
    wallet.record(BADGE, report(found(1)), now=NOW)
    assert wallet.add([forged], now=later(hours=1))[0].outcome == "merged"
    wallet.record(BADGE, report(forged, Verdict.INVALID, at=later(days=1)), now=later(days=1))
    row = wallet.row(BADGE)
    assert row.verdict is Verdict.VALID and row.disagree
    # Its maker can also run an issuer of their own that says "revoked" of it, and mean it.
    evil = report(forged, Verdict.REVOKED, at=later(days=2), issuer="https://evil.example/issuer")
    wallet.record(BADGE, evil, now=later(days=2))
    assert wallet.row(BADGE).verdict is Verdict.VALID


def test_two_true_forms_of_a_badge_show_the_newest_answer(wallet: Wallet) -> None:
    other = found(1, narrative="hosted copy")
    wallet.add([other], now=NOW)
    wallet.record(BADGE, report(found(1)), now=NOW)
    wallet.record(BADGE, report(other, Verdict.REVOKED, at=later(days=1)), now=later(days=1))
    assert wallet.row(BADGE).verdict is Verdict.REVOKED


def test_the_newest_conclusive_answer_is_found_again(wallet: Wallet) -> None:
    for day, fetched in enumerate(
        [answer(URL, b"old", at=NOW), answer(URL, b"new", at=later(days=1)), no_answer(URL, at=later(days=2))]
    ):
        wallet.record(BADGE, report(found(1), evidence=(fetched,)), now=later(days=day))
    wallet.record(BADGE, report(found(1), evidence=(answer(URL, b"gone?", status=404, at=later(days=3)),)), now=NOW)
    kept = wallet.evidence(URL)
    assert kept is not None and (kept.body, kept.fetched_at) == (b"new", later(days=1))
    assert wallet.evidence(f"{URL}/other") is None
    fetcher = RecordedFetcher(wallet.evidence, now=NOW)
    assert fetcher.fetch(URL).body == b"new" and fetcher.fetch(URL).recorded


def test_a_withdrawal_counts_for_the_assertion_only(wallet: Wallet) -> None:
    key = f"{badges.HOST}/key"
    before = report(found(1), evidence=(answer(URL, b"badge"), answer(key, b"key")))
    after = report(
        found(1),
        evidence=(answer(URL, b"", status=410, at=later(days=1)), answer(key, b"", status=410, at=later(days=1))),
    )
    for made in (before, after):
        wallet.record(BADGE, with_role(made, Role.ASSERTION, Role.KEY), now=NOW)
    withdrawn, held = wallet.evidence(URL), wallet.evidence(key)
    assert withdrawn is not None and withdrawn.status == 410
    assert held is not None and held.body == b"key"


def test_an_index_that_names_another_answer_is_not_believed(wallet: Wallet) -> None:
    other = f"{badges.HOST}/awards/2"
    wallet.record(BADGE, report(found(1), evidence=(answer(URL, b"mine"), answer(other, b"theirs"))), now=NOW)
    wallet._index.query("update evidence set url = ? where url = ?", (URL, other))
    kept = wallet.evidence(URL)
    assert kept is not None and kept.body == b"mine"
    wallet._index.query("update evidence set url = ?", (other,))
    assert wallet.evidence(other) is not None and wallet.evidence(URL) is None


def test_a_withdrawn_endorsement_stays_withdrawn(wallet: Wallet) -> None:
    for day, status in enumerate((200, 410)):
        made = report(found(1), evidence=(answer(URL, b"{}", status=status, at=later(days=day)),))
        wallet.record(BADGE, with_role(made, Role.ENDORSEMENT), now=NOW)
    kept = wallet.evidence(URL)
    assert kept is not None and kept.status == 410


def test_evidence_that_has_changed_on_disk_is_passed_over(wallet: Wallet) -> None:
    wallet.record(BADGE, report(found(1), evidence=(answer(URL, b"old"),)), now=NOW)
    newer = answer(URL, b"new", at=later(days=1))
    wallet.record(BADGE, report(found(1), evidence=(newer,)), now=NOW)
    path = wallet._objects.path(newer.sha256 or "")
    path.chmod(0o600)
    path.write_bytes(b"forged")
    kept = wallet.evidence(URL)
    assert kept is not None and kept.body == b"old"


def test_a_hundred_reports_cost_three_files_and_one_append(tmp_path: Path) -> None:
    disk = RecordingDisk()
    items = [found(number) for number in range(100)]
    shared = answer(f"{badges.HOST}/issuer", b"the profile")
    with open_wallet(tmp_path, disk=disk) as wallet:
        wallet.add(items, now=NOW)
        disk.calls.clear()
        wallet.record_many([(raw_sha(item), report(item, evidence=(shared,))) for item in items], now=NOW)
        assert wallet.verdict_counts() == {Verdict.VALID: 100}
    assert disk.count("append") == 1
    staged = [name for call, name in disk.calls if call == "write" and len(name.rpartition("-")[2]) == 64]
    assert len(staged) == 3, "one pack of all reports, one body, one record of it"


def test_a_report_on_no_badge_of_the_wallet_is_refused_whole(wallet: Wallet) -> None:
    with pytest.raises(NotFoundError):
        wallet.record_many([(BADGE, report(found(1))), ("0" * 64, report(found(2)))], now=NOW)
    assert wallet.row(BADGE).verdict is None


def test_a_picture_from_the_evidence_is_shown_where_the_file_has_none(wallet: Wallet) -> None:
    picture = answer(f"{badges.HOST}/images/1.png", b"\x89PNG")
    made = with_role(report(found(1), evidence=(picture,)), Role.ACHIEVEMENT_IMAGE)
    wallet.record(BADGE, made, now=NOW)
    assert wallet.row(BADGE).image_sha == picture.sha256
