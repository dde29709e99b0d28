"""Badge, history, issuers and health: each says what its command says, acts as it does, and is left by escape."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import OptionList

from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen, write
from tests.support.wallets import NOW
from tests.tui.app import still_life
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.history import HistoryScreen
from tui.app.screens.issuers import IssuersScreen
from tui.app.screens.library import LibraryScreen
from tui.app.screens.verify import VerifyScreen
from tui.app.widgets.badge_list import BadgeList
from wallet.paths import Paths
from wallet.store.wallet import Wallet


async def test_all_about_a_badge_with_its_history_issuer_and_details(home: Path) -> None:
    async with opened(home, (120, 90)) as pilot:
        await press(pilot, "space", "j", "j", "j", "enter")
        shown = screen(pilot)
        assert "How its verdict went" in shown
        assert "The issuer, as this wallet knows it" in shown
        assert "Key          sha256" in shown
        assert "of 8 stated" in shown
        assert "Aquaponics Technician" in shown, "the pathway that it fills"
        await press(pilot, "p")
        assert "recipient.match" in screen(pilot)
        await press(pilot, "v")
        assert isinstance(pilot.app.screen, VerifyScreen)
        await press(pilot, "escape", "I")
        assert isinstance(pilot.app.screen, IssuersScreen)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert len(pilot.app.screen.query_one(BadgeList).marked) == 1, "marks stay"


async def test_the_learners_word_is_kept_shown_and_taken_back_and_changes_no_verdict(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "I", "d")
        await write(pilot, "not them")
        await press(pilot, "enter")
        assert "you distrust it: not them" in screen(pilot)
        await press(pilot, "escape")
        shown = screen(pilot)
        assert "your word: you distrust it: not them" in shown
        assert "5 valid" in shown
        await press(pilot, "I", "t", "escape")
        assert "you distrust it" in screen(pilot), "nothing is kept when one goes back"
        await press(pilot, "f")
        assert "Your word    none" in screen(pilot)
        await press(pilot, "l", "h", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        assert {row.trust for row in wallet.issuers()} == {"none"}


async def test_the_history_opens_badges_and_takes_the_last_change_back(tmp_path: Path) -> None:
    still_life.arrange(tmp_path)
    async with opened(tmp_path, ROOMY) as pilot:
        await press(pilot, "H")
        assert "calling https://badges.rowan-college.example/issuer trusted" in screen(pilot)
        await press(pilot, "j", "j", "enter")
        assert isinstance(pilot.app.screen, BadgeScreen)
        assert "園芸の基礎" in screen(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen.query_one(OptionList).highlighted == 2
        await press(pilot, "u", "u")
        assert screen(pilot).count("taken back") >= 2
        assert isinstance(pilot.app.screen, HistoryScreen)
        await press(pilot, "u", "u", "u")
        assert "There is nothing to undo." in screen(pilot)


async def test_health_examines_at_once_and_mends_only_after_asking(home: Path) -> None:
    stray = home / "wallet" / "objects"
    victim = next(path for path in sorted(stray.rglob("*")) if path.is_file())
    victim.chmod(0o644)
    async with opened(home, USUAL) as pilot:
        await press(pilot, "D")
        before = screen(pilot)
        await press(pilot, "f")
        assert "f: mend it   esc: leave it as it is" in screen(pilot)
        await press(pilot, "escape")
        assert screen(pilot) == before
        assert victim.stat().st_mode & 0o077
        await press(pilot, "f", "f")
        assert "Mended what can be mended." in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
    assert not victim.stat().st_mode & 0o077


async def test_new_screens_over_a_wallet_that_cannot_be_read_say_so_and_are_left(tmp_path: Path) -> None:
    (tmp_path / "wallet").write_text("not a folder")
    async with opened(tmp_path, USUAL) as pilot:
        for key in ("H", "I", "D"):
            await press(pilot, key)
            assert "esc: close" in screen(pilot) or "cannot" in screen(pilot), key
            await press(pilot, "escape", "escape")
            assert isinstance(pilot.app.screen, LibraryScreen), key
