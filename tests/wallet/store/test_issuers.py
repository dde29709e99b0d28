"""Issuers: pinned when first proven, never replaced, and judged by nobody but the learner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conformance.world import HOST, ISSUER, MINE, World
from tests.generate import keys
from tests.support.wallets import NOW, found, later, open_wallet, raw_sha, report
from wallet.checking import check
from wallet.errors import UsageError
from wallet.found import Carrier, Found
from wallet.store.doctor import examine
from wallet.store.wallet import Wallet
from wallet.verify.report import Report, Seen

BADGE = raw_sha(found(1))
FIRST = later(hours=1)
#: A line is dated a microsecond after the one before it.
TICK = timedelta(microseconds=1)
HOSTNAME = HOST.removeprefix("https://")


def proving(*key_shas: str, host: str = HOSTNAME, issuer: str = ISSUER) -> Report:
    return replace(report(found(1)), seen=Seen(issuer, host, key_shas, "Rowan College"))


def signed(world: World) -> Found:
    subject = world.signed_subject()
    return Found(subject.kind, Carrier.JWS, subject.raw)


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
        yield wallet


def test_an_issuer_is_pinned_when_it_is_first_proven_and_the_first_pin_is_kept(wallet: Wallet) -> None:
    one, two = "1" * 64, "2" * 64
    wallet.record(BADGE, proving(one), now=FIRST)
    wallet.record(BADGE, proving(one), now=later(days=1))
    wallet.record(BADGE, proving(one, two, host="other.example"), now=later(days=2))
    wallet.record(BADGE, proving(one), now=later(days=3))
    (row,) = [row for row in wallet.issuers() if row.id == ISSUER]
    assert (row.host, row.first_seen, row.trust) == (HOSTNAME, FIRST + TICK, "none")
    assert row.keys == ((one, FIRST + TICK), (two, later(days=2) + TICK))
    assert row.names == ("Rowan College",) and row.badges == 1
    pin = wallet.memory().pins[ISSUER]
    assert (pin.host, pin.first_seen, pin.keys) == (HOSTNAME, FIRST + TICK, (one, two))
    assert sum(entry.kind == "verified" for entry in wallet.history()) == 4, "pins come with the checks that made them"


def test_a_changed_key_is_announced_by_the_next_run(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        wallet.add_identity(MINE, now=NOW)
        (first,) = wallet.add([signed(world)], now=NOW)
        (before,) = check(wallet, [first.badge], fetcher=world, now=NOW)
        world.private, world.public = keys.pair("P-256")
        world.key["publicKeyPem"] = world.public
        world.algorithm = "ES256"
        world.signed_award["id"] = f"{HOST}/awards/2"
        (second,) = wallet.add([signed(world)], now=later(days=1))
        (after,) = check(wallet, [second.badge], fetcher=world, now=later(days=1))
        assert len(next(row for row in wallet.issuers() if row.id == ISSUER).keys) == 2
    said = [finding.check for finding in after.best.findings if finding not in before.best.findings]
    assert "trust.key-changed" in said


def test_trust_is_the_learners_last_word_and_changes_no_verdict(wallet: Wallet) -> None:
    wallet.record(BADGE, proving(), now=NOW)
    before = wallet.row(BADGE)
    wallet.set_trust(ISSUER, "distrusted", now=NOW, note="Sold badges to Pat.")
    assert wallet.row(BADGE) == before
    row = next(row for row in wallet.issuers() if row.id == ISSUER)
    assert (row.trust, row.note) == ("distrusted", "Sold badges to Pat.")
    log = b"".join(path.read_bytes() for path in (wallet.paths.wallet / "events").iterdir())
    assert b"Pat" not in log
    assert wallet.history()[0].summary == f"calling {ISSUER} distrusted"
    wallet.undo(now=later(days=1))
    assert next(row for row in wallet.issuers() if row.id == ISSUER).trust == "none"
    wallet.set_trust("https://never.example/seen", "trusted", now=NOW)
    assert [row.first_seen for row in wallet.issuers() if row.trust == "trusted"] == [None]
    for issuer, word in ((ISSUER, "splendid"), ("", "trusted"), ("x" * 3_000, "trusted")):
        with pytest.raises(UsageError):
            wallet.set_trust(issuer, word, now=NOW)


def test_pins_are_facts_that_undo_leaves_alone_and_doctor_takes_no_key_for_an_object(wallet: Wallet) -> None:
    wallet.tag([BADGE], "mine", True, now=NOW)
    wallet.record(BADGE, proving("1" * 64), now=NOW)
    assert wallet.undo(now=later(days=1)).description == "tagging 1 badge 'mine'"
    assert wallet.memory().pins
    assert not [item for item in examine(wallet.paths, now=later(days=1)) if item.severity != "ok"]


def test_an_id_that_fits_no_line_is_not_pinned(wallet: Wallet) -> None:
    wallet.record(BADGE, proving(issuer="https://long.example/" + "x" * 70_000), now=NOW)
    assert not wallet.memory().pins
