"""The library: moving, searching, opening, marking, undoing, and noticing what others write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from textual.app import App
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen, settled, write
from tests.support.wallets import NOW
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.library import LibraryScreen
from tui.app.widgets.badge_list import BadgeList
from tui.app.widgets.line_list import LineList
from wallet.paths import Paths
from wallet.store.wallet import Wallet

# Newest award first.
ORDER = (
    "Master Grower",
    "Field Hours 30",
    "Raft Systems",
    "Nutrient Film Technique",
    "Plant Nutrition in Soilless Systems",
    "Water Chemistry",
    "Workplace Safety and Chemical Handling",
    "Forklift Basics",
    "First Aid at Work",
)


def under_cursor(pilot: Pilot[None]) -> str:
    row = pilot.app.screen.query_one(BadgeList).current
    return row.name if row is not None else ""


async def test_the_library_shows_every_badge_with_its_verdict_and_the_answers_for_one(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        shown = screen(pilot)
        assert all(name in shown for name in ORDER)
        assert "9 badges   ✓ 5 valid   ◷ 1 expired   ⊘ 2 revoked   ✗ 1 invalid" in shown
        assert "✗ authentic? no" in shown
        assert "127.0.0.1:" in shown, "the host stands beside the issuer's name"


async def test_keys_move_the_cursor(home: Path) -> None:
    first, second, last = 0, 1, len(ORDER) - 1
    way = (
        *(("j", second), ("k", first), ("k", first), ("down", second), ("up", first)),
        *(("G", last), ("j", last), ("g", first), ("end", last), ("home", first)),
        *(("ctrl+d", last), ("ctrl+u", first), ("pagedown", last), ("pageup", first)),
    )
    async with opened(home) as pilot:
        for key, there in way:
            await pilot.press(key)
            assert under_cursor(pilot) == ORDER[there], key


async def test_the_search_filters_as_one_types_and_escape_shows_all_again(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "slash")
        counts = []
        for letter in "first":
            await press(pilot, letter)
            counts.append(pilot.app.screen.query_one(BadgeList).row_count)
        assert counts[-1] == 1
        assert counts == sorted(counts, reverse=True)
        assert under_cursor(pilot) == "First Aid at Work"
        assert "Badges with “first”: 1" in screen(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.focused, BadgeList)
        await press(pilot, "escape")
        assert pilot.app.screen.query_one(BadgeList).row_count == len(ORDER)
        assert under_cursor(pilot) == "First Aid at Work", "the cursor stays on the badge"


async def test_no_letter_acts_while_the_search_has_the_focus(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "slash")
        await write(pilot, "qviwuVAjk?!")
        assert pilot.app.is_running
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert pilot.app.focused is not None
        assert pilot.app.screen.query_one("#search", Input).value == "qviwuVAjk?!"
        assert "No badge fits these words" in screen(pilot)


async def test_words_that_look_like_markup_are_searched_for_as_they_are(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "slash")
        pilot.app.screen.query_one("#search", Input).value = "[/oops] [@click=app.quit]x"
        await settled(pilot)
        assert "[/oops]" in screen(pilot)


async def test_a_narrow_terminal_shows_one_pane_and_enter_and_escape_move_between_them(home: Path) -> None:
    async with opened(home, USUAL) as pilot:
        assert "Awarded on" not in screen(pilot)
        await press(pilot, "enter")
        assert "authentic?" in screen(pilot)
        assert "Field Hours 30" not in screen(pilot)
        await press(pilot, "escape")
        assert "Field Hours 30" in screen(pilot)
        await press(pilot, "l")
        assert "authentic?" in screen(pilot)
        await press(pilot, "h")
        assert "Field Hours 30" in screen(pilot)


async def test_the_passed_checks_unfold_and_fold(home: Path) -> None:
    async with opened(home, (120, 200)) as pilot:
        assert "checks passed; p: read them" in screen(pilot)
        await press(pilot, "p")
        assert "checks passed; p" not in screen(pilot)
        assert "recipient.match" in screen(pilot)
        await press(pilot, "p")
        assert "checks passed; p: read them" in screen(pilot)


async def test_marks_are_shown_and_are_what_verifying_takes(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "space", "space")
        assert screen(pilot).count("●") == 2
        await press(pilot, "v")
        assert "Verify 2 badges" in screen(pilot)
        await press(pilot, "escape", "A")
        assert screen(pilot).count("●") == len(ORDER)
        await press(pilot, "A")
        assert screen(pilot).count("●") == 0


async def test_undo_takes_the_last_change_back_and_says_so(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.hide([wallet.resolve("Water Chemistry").id], True, now=NOW)
    async with opened(home) as pilot:
        assert pilot.app.screen.query_one(BadgeList).row_count == len(ORDER) - 1
        await press(pilot, "u")
        assert pilot.app.screen.query_one(BadgeList).row_count == len(ORDER)
        assert "Undone" in screen(pilot)


async def test_what_another_process_writes_appears_and_the_cursor_stays(home: Path, fresh: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "j", "j")
        before = under_cursor(pilot)
        script = (
            "from pathlib import Path; from datetime import datetime, UTC; from wallet.paths import Paths\n"
            "from wallet.store.wallet import Wallet\n"
            "import sys; now = datetime.now(UTC)\n"
            "with Wallet.open(Paths.under(Path(sys.argv[1])), now=now) as wallet:\n"
            "    wallet.hide([wallet.resolve('Master Grower').id], True, now=now)\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
        subprocess.run([sys.executable, "-c", script, str(home)], check=True, env=environment)
        for _ in range(50):
            await pilot.pause(0.1)
            if "Master Grower" not in screen(pilot):
                break
        assert pilot.app.screen.query_one(BadgeList).row_count == len(ORDER) - 1
        assert under_cursor(pilot) == before


async def test_a_badge_without_a_name_says_where_it_comes_from(fresh: Path) -> None:
    async with opened(fresh, ROOMY) as pilot:
        shown = screen(pilot)
        assert "no name yet: 127.0.0.1:" in shown
        assert "· not checked" in shown
        assert "v: verify it" in shown


async def test_help_explains_the_pane_in_focus_and_the_same_key_hides_it(home: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "question_mark")
        assert "filters as you type" in screen(pilot)
        await press(pilot, "tab")
        assert "the three answers" in screen(pilot).replace("\n", " ") or "three answers" in screen(pilot)
        await press(pilot, "f1")
        assert "three answers" not in screen(pilot)


async def test_q_leaves(home: Path) -> None:
    async with opened(home) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app._exit


#: What each key of the library does to the screen, by the id of its binding. Moving and marking have tests of their own.
ACTS: dict[str, tuple[str, Callable[[Pilot[None]], bool]]] = {
    "search": ("slash", lambda pilot: isinstance(pilot.app.focused, Input)),
    "verify": ("v", lambda pilot: "Verify 1 badge" in screen(pilot)),
    "verify.all": ("V", lambda pilot: "Verify 9 badges" in screen(pilot)),
    "import": ("i", lambda pilot: "Bring in" in screen(pilot)),
    "share": ("s", lambda pilot: "for one reader" in screen(pilot)),
    "shared": ("S", lambda pilot: "Nothing was handed out yet" in screen(pilot)),
    "pathways": ("w", lambda pilot: "Groups and elements" in screen(pilot)),
    "undo": ("u", lambda pilot: "Undone" in screen(pilot)),
    "passed": ("p", lambda pilot: "checks passed; p: read them" not in screen(pilot)),
    "pane.right": ("l", lambda pilot: getattr(pilot.app.focused, "id", "") == "detail-pane"),
    "pane.left": ("h", lambda pilot: isinstance(pilot.app.focused, BadgeList)),
    "back": ("escape", lambda pilot: isinstance(pilot.app.focused, BadgeList)),
    "retry": ("r", lambda pilot: pilot.app.screen.query_one(BadgeList).row_count == len(ORDER)),
    "help": ("question_mark", lambda pilot: "Mark all" in screen(pilot)),
    "errors": ("exclamation_mark", lambda pilot: "Nothing went wrong" in screen(pilot)),
    "history": ("H", lambda pilot: "adding 9 badges" in screen(pilot)),
    "cohort": ("C", lambda pilot: "No cohort was scanned yet" in screen(pilot)),
    "issuers": ("I", lambda pilot: "Your word" in screen(pilot)),
    "health": ("D", lambda pilot: "All is well" in screen(pilot)),
    "open": ("enter", lambda pilot: isinstance(pilot.app.screen, BadgeScreen)),
}


async def test_every_binding_acts(home: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        for name, (key, acted) in ACTS.items():
            await press(pilot, key)
            assert acted(pilot), name
            if name == "help":
                await press(pilot, key)
            while not (isinstance(pilot.app.screen, LibraryScreen) and isinstance(pilot.app.focused, BadgeList)):
                await press(pilot, "escape")


def test_every_binding_of_the_library_is_in_the_table() -> None:
    elsewhere = ("list.", "select", "quit")
    known = {
        binding.id
        for owner in (LibraryScreen, LineList, BadgeList, pilot_app())
        for binding in owner.BINDINGS
        if isinstance(binding, Binding) and binding.id is not None
    }
    assert {name for name in known if not name.startswith(elsewhere)} == set(ACTS)


def pilot_app() -> type[App[None]]:
    from tui.app.app import BadgefolioApp

    return BadgefolioApp
