"""The states that are not the usual one: empty, damaged, too small, a sample, no colours, pictures, and a bug of ours."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import pytest
from textual.geometry import Size

from tests.support.screens import ROOMY, USUAL, opened, press, screen, settled
from tui.app.screens.library import LibraryScreen
from tui.app.widgets.badge_list import BadgeList
from tui.app.widgets.picture import Picture, decode


async def test_an_empty_wallet_says_what_belongs_here_and_which_key_fills_it(tmp_path: Path) -> None:
    async with opened(tmp_path / "new", USUAL) as pilot:
        shown = screen(pilot)
        assert "Your wallet is empty" in shown
        assert re.search(r"\bi   bring badges in", shown)
        assert "badgefolio --help" in shown
        await press(pilot, "v", "V", "u", "l", "p", "j", "G", "enter", "space", "A")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_wallet_that_cannot_be_opened_says_why_and_opens_once_it_can(home: Path) -> None:
    shutil.move(home / "wallet", home / "aside")
    (home / "wallet").write_text("not a folder")
    async with opened(home, USUAL) as pilot:
        shown = screen(pilot)
        assert "This wallet cannot be opened" in shown
        assert "Traceback" not in shown
        await press(pilot, "v", "i", "escape", "w", "escape", "slash", "x", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
        (home / "wallet").unlink()
        shutil.move(home / "aside", home / "wallet")
        await press(pilot, "r")
        assert pilot.app.screen.query_one(BadgeList).row_count == 9
        assert "Master Grower" in screen(pilot)


async def test_lost_originals_are_said_and_the_list_goes_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")  # pictures are what is read first
    shutil.rmtree(home / "wallet" / "objects")
    async with opened(home, ROOMY) as pilot:
        shown = screen(pilot)
        assert "9 badges" in shown
        assert "The wallet does not hold the bytes" in shown
        await press(pilot, "escape")
        assert "The wallet does not hold the bytes" not in screen(pilot)
        await press(pilot, "exclamation_mark")
        assert "The wallet does not hold the bytes" in screen(pilot)
        await press(pilot, "escape", "p", "v", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


@pytest.mark.parametrize("size", [(39, 24), (80, 9)])
async def test_a_tiny_terminal_asks_for_room_on_every_screen(home: Path, size: tuple[int, int]) -> None:
    async with opened(home, size) as pilot:
        for key in ("i", "escape", "v", "escape", "w", "escape"):
            await press(pilot, key)
            shown = screen(pilot)
            assert "Please" in shown
            assert "Water" not in shown
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "Water Chemistry" in screen(pilot)


async def test_a_resized_terminal_draws_all_lines_anew(home: Path) -> None:
    async with opened(home, USUAL) as pilot:
        await pilot.resize_terminal(140, 42)
        await settled(pilot)
        assert pilot.app.size == Size(140, 42)
        assert "authentic?" in screen(pilot)
        assert "Issuer" in screen(pilot)


async def test_every_screen_over_a_sample_says_so(home: Path) -> None:
    async with opened(home, USUAL, sample=True) as pilot:
        for key in ("i", "escape", "v", "escape", "exclamation_mark", "escape", "w", "i"):
            await press(pilot, key)
            assert "SAMPLE: everybody in here is invented" in screen(pilot)
    async with opened(home, USUAL) as pilot:
        assert "SAMPLE" not in screen(pilot)


async def test_no_color_leaves_greys_words_and_a_visible_focus(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    async with opened(home, ROOMY) as pilot:
        shown = screen(pilot)
        assert "✗ invalid" in shown
        assert "┏━ Badges" in shown
        assert "╭─ Badge " in shown
        assert not pilot.app.screen.query_one(Picture).display
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip.apply_filter(pilot.app._filters[0], pilot.app.screen.background_colors[1]):
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if colour is not None and colour.triplet is not None:
                        assert len(set(colour.triplet)) == 1, f"{segment.text!r} is drawn in {colour.triplet}"


async def test_a_picture_is_drawn_where_the_terminal_can(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with opened(home, ROOMY) as pilot:
        assert "▀" * 24 in screen(pilot)
        await press(pilot, "j")
        assert pilot.app.screen.query_one(Picture).display


def test_a_picture_that_cannot_be_drawn_is_left_out() -> None:
    assert decode(b"\x89PNG\r\n\x1a\n broken", "#000000") is None
    assert decode(b"<svg xmlns='http://www.w3.org/2000/svg'><", "#000000") is None


def test_a_wide_picture_is_not_stretched() -> None:
    import io

    from PIL import Image

    wide = io.BytesIO()
    Image.new("RGB", (200, 40), "#ff0000").save(wide, "PNG")
    drawn = decode(wide.getvalue(), "#101010")
    assert drawn is not None
    assert drawn.width == drawn.height
    assert drawn.getpixel((drawn.width // 2, 2)) == (16, 16, 16)


async def test_a_bug_of_ours_ends_in_one_sentence_and_a_log_and_never_in_a_traceback(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("robin.sample@learner.example \x1b]52;c;x\x07")

    with pytest.raises(RuntimeError):
        async with opened(home, USUAL) as pilot:
            pilot.app.call_later(broken)
            await pilot.pause()
    said = capsys.readouterr().err
    assert "Something went wrong that badgefolio does not know (RuntimeError" in said
    assert "Traceback" not in said
    assert "\x1b]" not in said
    (log,) = (home / "state").glob("crash-*.log")
    kept = log.read_text(encoding="utf-8")
    assert "learner.example" not in kept
    assert "Traceback" in kept


async def test_the_palette_acts_as_the_keys_do(home: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "ctrl+p")
        for letter in "verify all":
            await pilot.press("space" if letter == " " else letter)
        await pilot.pause(0.4)
        await press(pilot, "enter")
        for _ in range(20):
            await pilot.pause(0.05)
            if "Verify 9 badges" in screen(pilot):
                break
        assert "Verify 9 badges" in screen(pilot)


def test_no_name_of_ours_hides_one_of_textual() -> None:
    """A private attribute of the same name once made every dialog believe that it was busy."""
    from textual.screen import ModalScreen, Screen
    from textual.scroll_view import ScrollView
    from textual.widgets import OptionList

    from tui.app.screens.badge import BadgeScreen
    from tui.app.screens.bring_in import BringInScreen
    from tui.app.screens.health import HealthScreen
    from tui.app.screens.history import HistoryScreen
    from tui.app.screens.issuers import IssuersScreen
    from tui.app.screens.leaving import LeavingScreen
    from tui.app.screens.pathways import PathwaysScreen
    from tui.app.screens.share import BundleForm, ShareScreen
    from tui.app.screens.shared import SharedScreen
    from tui.app.screens.verify import VerifyScreen
    from tui.app.share_reading import Form, Known, Order
    from tui.app.widgets.tick_list import TickList

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pairs = (
            (LibraryScreen(), Screen()),
            (PathwaysScreen(), Screen()),
            (BadgeScreen(""), Screen()),
            (HistoryScreen(), Screen()),
            (IssuersScreen(), Screen()),
            (HealthScreen(), Screen()),
            (BringInScreen(), ModalScreen()),
            (VerifyScreen(()), ModalScreen()),
            (ShareScreen((), False), ModalScreen()),
            (BundleForm((), Known(0, (), (), "")), ModalScreen()),
            (LeavingScreen(Order(Form.BUNDLE, (), Path())), Screen()),
            (SharedScreen(), Screen()),
            (TickList((), id="x"), OptionList()),
            (BadgeList(), ScrollView()),
        )
    meant = {"app", "compose", "on_mount", "check_action", "render_line", "can_focus", "can_focus_children"}
    made_by_textual = ("__", "_css", "_decorated", "_merged", "_inherit", "_computes", "_reactives")
    for ours, theirs in pairs:
        own = {name for kind in type(ours).__mro__ if kind.__module__.startswith("tui.") for name in vars(kind)}
        own |= set(vars(ours)) - set(vars(theirs))
        clashes = {name for name in own - meant if hasattr(theirs, name) and not name.isupper()}
        assert not {name for name in clashes if not name.startswith(made_by_textual)}
