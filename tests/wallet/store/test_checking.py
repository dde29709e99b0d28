"""Checking badges of the wallet: whose they are, what is recorded, in which order, and what a stop costs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conformance.world import HOST, MINE, World
from tests.generate import badges
from tests.support.wallets import NOW, later, open_wallet
from wallet.checking import check, due
from wallet.errors import StoreDamagedError
from wallet.found import Carrier, Found, Kind
from wallet.limits import LIMITS
from wallet.model import Identity
from wallet.progress import Cancelled, Event
from wallet.store.rows import Form
from wallet.store.wallet import Wallet
from wallet.verify.dossier import Subject
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


def hosted(wallet: Wallet, world: World, count: int) -> list[str]:
    """Awards of one class, each served at its own address."""
    items = []
    for number in range(count):
        document = badges.assertion(number)
        world.serve(f"{HOST}/awards/{number}", document)
        raw = badges.encode(document)
        items.append(Found(Kind.OB2_JSON, Carrier.JSON, raw, claimed_id=f"{HOST}/awards/{number}"))
    return [added.badge for added in wallet.add(items, now=NOW)]


def test_the_longest_unchecked_come_first_and_the_fresh_can_be_left_out(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        one, two, three, four = hosted(wallet, world, 4)
        list(check(wallet, [two], fetcher=world, now=later(days=1)))
        list(check(wallet, [one], fetcher=world, now=later(days=2)))
        world.fails(f"{HOST}/awards/2")
        list(check(wallet, [three], fetcher=world, now=later(days=3)))
        everything = [one, two, three, four]
        assert due(wallet, everything, now=later(days=4)) == (three, four, two, one)
        assert due(wallet, everything, now=later(days=4), max_age=timedelta(days=2)) == (three, four, two, one)
        assert due(wallet, everything, now=later(days=4), max_age=timedelta(days=3)) == (three, four, two)
        assert due(wallet, everything, now=later(days=4), max_age=timedelta(days=10)) == (three, four)
        done = [
            item.badge
            for item in check(wallet, everything, fetcher=world, now=later(days=4), max_age=timedelta(days=10))
        ]
        assert set(done) == {three, four}


def test_results_wait_for_their_batch_no_longer_than_a_second(tmp_path: Path) -> None:
    world = World()
    seconds = iter(range(0, 1_000, 2))
    with open_wallet(tmp_path) as wallet:
        names = hosted(wallet, world, 3)
        for item in check(wallet, names, fetcher=world, now=NOW, elapsed=lambda: float(next(seconds))):
            assert wallet.row(item.badge).verdict is not None, "what is announced is recorded"
        assert sum(entry.kind == "verified" for entry in wallet.history()) == 3, (
            "every result came late, so each was kept alone"
        )


@pytest.mark.parametrize("stop", ["cancel", "close"])
def test_a_stop_keeps_what_was_answered_and_the_next_run_goes_on_there(tmp_path: Path, stop: str) -> None:
    world = World()

    def progress(event: Event) -> None:
        if stop == "cancel" and event.done >= 5:
            raise Cancelled

    with open_wallet(tmp_path) as wallet:
        names = hosted(wallet, world, 12)
        run = check(wallet, names, fetcher=world, now=NOW, progress=progress, elapsed=lambda: 0.0)
        if stop == "cancel":
            told = []
            with pytest.raises(Cancelled):
                told.extend(item.badge for item in run)
        else:
            slow = iter(range(1_000))
            run = check(wallet, names, fetcher=world, now=NOW, elapsed=lambda: float(next(slow)))
            next(run)
            run.close()
        kept = [name for name in names if wallet.row(name).verdict is not None]
        assert kept
        rest = due(wallet, names, now=NOW, max_age=timedelta(days=1))
        assert set(rest) == set(names) - set(kept)


def test_one_damaged_file_does_not_keep_the_others_from_being_checked(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        names = hosted(wallet, world, 4)
        path = wallet._objects.path(names[1])
        path.chmod(0o600)
        path.write_bytes(b"{}")
        done = []
        with pytest.raises(StoreDamagedError):
            done.extend(item.badge for item in check(wallet, names, fetcher=world, now=NOW))
        assert wallet.verdict_counts()[None] == 1


def test_what_changed_since_an_earlier_run_is_announced_for_every_badge_of_the_class(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        names = hosted(wallet, world, 3)
        list(check(wallet, names, fetcher=world, now=NOW))
        world.class_["name"] = "Laboratory Safety II"
        world.moment = later(days=1)
        seconds = iter(range(1_000))
        again = list(check(wallet, names, fetcher=world, now=later(days=1), elapsed=lambda: float(next(seconds))))
        assert all(any(f.check.startswith("drift") and "II" in repr(f) for f in item.best.findings) for item in again)


def test_the_answer_of_a_day_and_how_it_went_since_can_be_asked(tmp_path: Path) -> None:
    world = World()
    url = f"{HOST}/awards/0"
    with open_wallet(tmp_path) as wallet:
        (badge,) = hosted(wallet, world, 1)
        for day in range(3):
            world.moment = later(days=day)
            list(check(wallet, [badge], fetcher=world, now=later(days=day)))
        world.fails(url)
        list(check(wallet, [badge], fetcher=world, now=later(days=3)))
        world.status(url, 410, b'{"revoked": true, "revocationReason": "Awarded in error"}')
        world.moment = later(days=4)
        list(check(wallet, [badge], fetcher=world, now=later(days=4)))
        held = wallet.evidence(url, at=later(days=1, hours=1))
        assert held is not None and held.fetched_at == later(days=1)
        assert wallet.evidence(url, at=later(days=-1)) is None
        went = wallet.timeline(badge)
        assert [(entry.verdict, entry.count) for entry in went] == [
            (Verdict.VALID, 3),
            (Verdict.UNDETERMINED, 1),
            (Verdict.REVOKED, 1),
        ]
        assert went[0].last - went[0].first == timedelta(days=2) - timedelta(microseconds=1) and went[0].reason is None
        assert went[1].cause == "timeout" and went[2].reason


def test_a_file_that_is_in_the_wallet_is_found_by_its_bytes(tmp_path: Path) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        (badge,) = hosted(wallet, world, 1)
        assert wallet.resolve_raw(badge) == badge
        assert wallet.resolve_raw("0" * 64) is None
        wallet.tag([badge], "for work", True, now=NOW)
        assert [row.id for row in wallet.list_badges(label=" for  work ")] == [badge]
        assert wallet.count(label="for work") == 1 and wallet.count(label="for") == 0


def test_the_bytes_of_few_badges_are_in_memory_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    with open_wallet(tmp_path) as wallet:
        names = hosted(wallet, world, 60)
        read: list[Form] = []
        ahead: list[int] = []
        real = wallet.subject

        def reading(form: Form) -> Subject:
            read.append(form)
            return real(form)

        monkeypatch.setattr(wallet, "subject", reading)
        list(check(wallet, names, fetcher=world, now=NOW, progress=lambda event: ahead.append(len(read) - event.done)))
        assert len(read) == 60
        assert max(ahead) <= 2 * LIMITS.workers + 1
