"""Who has my badge: what was handed out is recorded, told, and never taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.wallets import NOW, found, later, open_wallet
from wallet.errors import NotFoundError
from wallet.store.shared import Disclosure
from wallet.store.wallet import Wallet

SHA = "ab" * 32


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    return open_wallet(tmp_path)


def handed(*badges: str, to: str = "Riverbend College") -> Disclosure:
    return Disclosure("bundle", to, "Recognition of earlier learning", date(2027, 5, 31), SHA, badges)


def test_a_disclosure_is_told_with_whom_why_until_and_which_file(wallet: Wallet) -> None:
    one, two = (added.badge for added in wallet.add([found(1), found(2)], now=NOW))
    wallet.record_shared(handed(one), now=later(hours=1))
    (told,) = wallet.shared()
    assert (told.to, told.purpose, told.until, told.sha256) == (
        "Riverbend College", "Recognition of earlier learning", date(2027, 5, 31), SHA,
    )  # fmt: skip
    assert told.badges == (one,)
    assert told.when == later(hours=1)
    assert wallet.shared(one) == (told,)
    assert wallet.shared(two) == ()


def test_history_says_to_whom_of_the_wallet_and_of_the_badge(wallet: Wallet) -> None:
    one, two = (added.badge for added in wallet.add([found(1), found(2)], now=NOW))
    wallet.record_shared(handed(one), now=later(hours=1))
    assert wallet.history()[0].summary == "handing 1 badge to Riverbend College"
    assert next(entry.summary for entry in wallet.history(one)) == "handing it to Riverbend College"
    assert all(entry.kind != "shared" for entry in wallet.history(two))


def test_undo_passes_over_it_and_takes_back_the_change_before(wallet: Wallet) -> None:
    (one,) = (added.badge for added in wallet.add([found(1)], now=NOW))
    wallet.hide([one], True, now=later(hours=1))
    wallet.record_shared(handed(one), now=later(hours=2))
    assert wallet.undo(now=later(hours=3)).description == "hiding 1 badge"
    assert len(wallet.shared()) == 1
    assert not any(entry.undone for entry in wallet.history() if entry.kind == "shared")
    assert wallet.undo(now=later(hours=4)).description == "adding 1 badge"
    assert wallet.undo(now=later(hours=5)).count == 0


def test_more_badges_than_a_line_holds_are_one_record(wallet: Wallet) -> None:
    badges = [added.badge for added in wallet.add([found(n) for n in range(501)], now=NOW)]
    wallet.record_shared(handed(*badges), now=later(hours=1))
    (told,) = wallet.shared()
    assert told.badges == tuple(badges)
    assert wallet.history()[0].summary == "handing 501 badges to Riverbend College"


def test_it_survives_a_new_index_and_the_name_of_the_reader_is_not_in_the_log(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (one,) = (added.badge for added in wallet.add([found(1)], now=NOW))
        wallet.record_shared(handed(one), now=later(hours=1))
        before = wallet.shared()
        logs = b"".join(path.read_bytes() for path in (wallet.paths.wallet / "events").glob("*.jsonl"))
        for path in wallet.paths.cache.rglob("*.db*"):
            path.unlink()
    assert b"Riverbend" not in logs
    with open_wallet(tmp_path) as wallet:
        assert wallet.shared() == before


def test_a_badge_that_is_not_there_is_not_recorded(wallet: Wallet) -> None:
    with pytest.raises(NotFoundError):
        wallet.record_shared(handed(SHA), now=NOW)
    assert wallet.shared() == ()
