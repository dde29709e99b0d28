"""Checking badges of the wallet: whose they are, what is recorded, in which order, and what a stop costs."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.world import MINE, World
from tests.support.wallets import NOW, later, open_wallet
from wallet.checking import check
from wallet.found import Carrier, Found
from wallet.model import Identity
from wallet.store.wallet import Wallet
from wallet.verify.report import Outcome, Verdict


def brought(wallet: Wallet, world: World) -> str:
    subject = world.signed_subject()
    (added,) = wallet.add([Found(subject.kind, Carrier.JWS, subject.raw)], now=NOW)
    return added.badge


def test_a_badge_awarded_to_an_address_given_up_stays_the_learners(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        badge = brought(wallet, world)
        wallet.add_identity(Identity("email", "new@learner.example"), now=NOW)
        wallet.add_identity(MINE, now=NOW)
        (first,) = check(wallet, [badge], fetcher=world, now=NOW)
        wallet.retire_identity(MINE, now=later(days=1))
        (second,) = check(wallet, [badge], fetcher=world, now=later(days=1))
        assert first.best.verdict is second.best.verdict is Verdict.VALID
        assert wallet.row(badge).yours is Outcome.PASSED
