"""Verifying from the app: who is asked is named first, results come as they are kept, and a stop loses nothing."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from textual.widgets import ProgressBar, RichLog

from tests.support.screens import ROOMY, WIDE, opened, press, screen, settled, shown
from tests.support.wallets import NOW
from tui.app.screens.errors import ErrorsScreen
from tui.app.screens.library import LibraryScreen
from tui.app.screens.verify import VerifyScreen
from tui.app.widgets.badge_list import BadgeList
from tui.demo.host import JSON_LD, LoopbackHost, Page
from wallet.errors import StoreBusyError
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict


async def test_all_badges_are_verified_with_their_issuers_and_the_results_are_kept(sample, fresh: Path) -> None:
    asked = len(sample.world.requests)
    async with opened(fresh, WIDE, allow=sample.world.allow_hosts) as pilot:
        await press(pilot, "j", "V")
        shown = screen(pilot)
        assert all(host in shown for host in sample.world.allow_hosts), "who will be asked is named"
        assert len(sample.world.requests) == asked, "nobody is asked before the learner says so"
        await press(pilot, "enter")
        shown = screen(pilot)
        assert "5 valid" in shown
        assert "✗ invalid       Master Grower: The signature does not match" in shown
        assert "⊘ revoked       Forklift Basics" in shown
        bar = pilot.app.screen.query_one(ProgressBar)
        assert bar.progress == bar.total
        assert len(sample.world.requests) > asked
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert isinstance(pilot.app.focused, BadgeList)
        assert "5 valid" in screen(pilot)
        assert "Workplace Safety and Chemical Handling" in screen(pilot), "the list is read anew"
    with Wallet.open(Paths.under(fresh), now=NOW) as wallet:
        assert wallet.verdict_counts()[Verdict.VALID] == 5


async def test_the_cursor_stays_on_its_badge_when_verifying_moves_it(sample, fresh: Path) -> None:
    async with opened(fresh, ROOMY, allow=sample.world.allow_hosts) as pilot:
        await press(pilot, "j", "j", "j")
        row = pilot.app.screen.query_one(BadgeList).current
        await press(pilot, "V", "enter", "enter")
        after = pilot.app.screen.query_one(BadgeList).current
        assert row is not None
        assert after is not None
        assert after.id == row.id


async def test_without_network_the_kept_evidence_answers_and_nobody_is_asked(sample, home: Path) -> None:
    asked = len(sample.world.requests)
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "j", "v", "o")
        assert "1 valid." in screen(pilot)
        assert len(sample.world.requests) == asked


async def test_an_issuer_who_does_not_answer_turns_nothing_invalid(home: Path) -> None:
    # No address is allowed here, which is how a host that is gone looks to the app.
    async with opened(home, WIDE) as pilot:
        await press(pilot, "j", "v", "enter")
        assert "1 undetermined" in screen(pilot)
        await press(pilot, "escape")
        shown = screen(pilot)
        assert "✓ valid …" in shown
        assert "The dated result stands" in shown


async def test_nothing_is_asked_when_one_goes_back(sample, home: Path) -> None:
    asked = len(sample.world.requests)
    async with opened(home, ROOMY, allow=sample.world.allow_hosts) as pilot:
        await press(pilot, "v", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
    assert len(sample.world.requests) == asked


class SlowHost(LoopbackHost):
    """A host that waits for `gate` before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.reached = threading.Event(), threading.Event()

    def answer(self, path: str) -> Page:
        self.reached.set()
        self.gate.wait(20)
        return super().answer(path)


async def test_a_stopped_run_ends_and_leaves_the_list_usable(tmp_path: Path) -> None:
    from tests.generate import badges
    from wallet.found import Carrier, Found, Kind

    home = tmp_path / "home"
    with SlowHost() as host:
        with Wallet.open(Paths.under(home), now=NOW) as wallet:
            found = []
            for number in range(20):
                url = f"{host.base_url}/{number}"
                raw = badges.encode(badges.assertion(number, id=url))
                host.publish(f"/{number}", Page(raw, JSON_LD))
                found.append(Found(Kind.OB2_JSON, Carrier.JSON, raw, claimed_id=url, fetch_url=url))
            wallet.add(found, now=NOW)
        async with opened(home, ROOMY, allow=(host.allow_host,)) as pilot:
            await press(pilot, "V")
            await pilot.press("enter")
            assert await asyncio.to_thread(host.reached.wait, 20)
            await pilot.press("escape")
            assert await shown(pilot, "Stopping")
            host.gate.set()
            await settled(pilot)
            assert await shown(pilot, "Stopped.")
            await press(pilot, "escape", "j")
            assert isinstance(pilot.app.screen, LibraryScreen)
            assert pilot.app.screen.query_one(BadgeList).row_count == 20
            await press(pilot, "slash", "z", "escape")


async def test_what_nobody_expected_in_a_worker_is_said_with_a_log_and_listed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("a bug \x1b]52;c;x\x07")

    monkeypatch.setattr("wallet.checking.check", broken)
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "v", "enter")
        shown = screen(pilot)
        assert "Something went wrong that badgefolio does not know (RuntimeError" in shown
        assert "\x1b" not in shown
        await press(pilot, "escape", "exclamation_mark")
        assert isinstance(pilot.app.screen, ErrorsScreen)
        assert "RuntimeError" in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
    assert len(list((home / "state").glob("crash-*.log"))) == 1


async def test_an_error_of_ours_in_a_worker_is_said_with_its_remedy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> object:
        raise StoreBusyError(pid=7, command="badgefolio import", waited=5)

    monkeypatch.setattr("wallet.checking.check", busy)
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "v", "enter")
        assert "The wallet is busy" in screen(pilot)
        assert isinstance(pilot.app.screen, VerifyScreen)
        assert len(pilot.app.failures) == 1


async def test_another_policy_is_shown_and_not_kept_and_results_end_with_the_bad_first(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        before = len(wallet.history())
    async with opened(home, WIDE) as pilot:
        await press(pilot, "V", "p")
        assert "Policy lenient" in screen(pilot)
        await press(pilot, "p")
        shown = screen(pilot)
        assert "Policy strict: for employers" in shown
        assert "shown, not kept" in shown
        await press(pilot, "o")
        lines = [strip.text.split() for strip in pilot.app.screen.query_one(RichLog).lines]
        words = [line[1] for line in lines if len(line) > 1 and line[1] in set(Verdict)]
        assert words == sorted(words, key=["invalid", "revoked", "expired", "undetermined", "valid"].index)
        assert len(words) == 9
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        assert len(wallet.history()) == before


async def test_only_what_is_due_is_checked(home: Path, fresh: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "V", "d")
        assert "only what is due: 0 of 9" in screen(pilot)
        await press(pilot, "o")
        assert "enter: verify" in screen(pilot), "nothing is due, so nothing begins"
    async with opened(fresh, ROOMY) as pilot:
        await press(pilot, "V", "d")
        assert "only what is due: 9 of 9" in screen(pilot)
