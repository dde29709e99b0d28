"""The planner: ticks, two sets, the shortest finish, and a plan that is only kept when the learner says so."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen, write
from tests.support.wallets import NOW
from tui.app.screens.pathways import PathwaysScreen
from tui.app.screens.planner import PlannerScreen
from wallet.paths import Paths
from wallet.store.wallet import Wallet


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins at the same pace."""
    monkeypatch.setattr(PlannerScreen, "pace", Decimal(3))


def folder(home: Path) -> dict[str, bytes]:
    """The wallet's lasting files."""
    return {str(path): path.read_bytes() for path in (home / "wallet").rglob("*") if path.is_file()}


def planned(home: Path) -> list[tuple[str, object]]:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        return [(one.place, one.about.get("count")) for one in wallet.said_of_places() if one.kind == "planned"]


async def test_row_58_two_sets_stand_side_by_side_and_nothing_is_written(home: Path) -> None:
    before = folder(home)
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "w", "p", "space", "b", "j", "space")
        shown = screen(pilot)
        assert re.search(r"filled +5 of 7  71 % +6 of 7  85 % +6 of 7  85 %", shown)
        assert re.search(r"missing +2 +1 +1", shown)
        assert re.search(r"hours to go +at least 15 h", shown)
        assert re.search(r"takes +8 h +10 h", shown)
        assert re.search(r"at 3 h/wk +3 weeks +4 weeks", shown)
        assert "[x] [ ]  Raft Systems" in shown
        assert "[ ] [x]  Sensors" in shown
        await press(pilot, "escape", "escape")
    assert folder(home) == before


async def test_a_badge_that_is_put_aside_shows_what_it_carries(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "p", "end", "space")
        shown = screen(pilot)
        assert "[-] [ ]  Workplace Safety" in shown
        assert re.search(r"Stage 1: Foundations +✓ met 3/3 → ◐ in progress 2/3", shown)
        await press(pilot, "enter")
        assert "nothing: tick a part with space" in screen(pilot)


async def test_rows_18_and_24_the_shortest_finish_has_hours_and_weeks_at_a_pace_that_can_be_changed(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "p")
        assert "2 badges, 15 h" in screen(pilot)
        assert "5 weeks with 3 h a week" in screen(pilot)
        await press(pilot, "w")
        field = pilot.app.screen.query_one("#pace", Input)
        for wrong in ("", "0", "nan", "-3", "many", "1e9"):
            field.value = wrong
            await press(pilot, "enter")
            assert "not a number of hours above 0" in screen(pilot), wrong
        field.value = "7,5"
        await press(pilot, "enter")
        assert "2 weeks with 7.5 h a week" in screen(pilot)
        await press(pilot, "m")
        assert "Shortest finish, fewest hours" in screen(pilot)
        await press(pilot, "m")
        assert "Shortest finish, earliest end" in screen(pilot)
        await press(pilot, "m", "f")
        assert re.search(r"filled +5 of 7  71 % +7 of 7  100 %", screen(pilot))
        await press(pilot, "c")
        assert re.search(r"filled +5 of 7  71 % +5 of 7  71 %", screen(pilot))


async def test_a_kept_plan_is_shown_beside_the_figures_and_undone_in_one(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "p", "f", "s")
        assert "Set A is your plan: 2 places" in screen(pilot)
        assert planned(home) == [("first-aid", 1), ("raft", 1)]
        await press(pilot, "s")
        assert "your plan already" in screen(pilot)
        await press(pilot, "escape")
        shown = screen(pilot)
        assert isinstance(pilot.app.screen, PathwaysScreen)
        assert re.search(r"with planned +████████ 7 of 7", shown)
        assert "5/7, 2 planned" in shown
        assert "2 to go  2 planned" in shown
        await press(pilot, "p")
        assert "[x] [ ]  Raft Systems" in screen(pilot), "a plan is where the first set begins"
        await press(pilot, "u")
        assert planned(home) == []


async def test_a_narrow_terminal_has_figures_above_and_the_parts_or_the_outcome_below(home: Path) -> None:
    async with opened(home, USUAL) as pilot:
        await press(pilot, "w", "p")
        shown = screen(pilot)
        assert "set A" in shown
        assert "[ ] [ ]  Raft Systems" in shown
        assert "Shortest finish" not in shown
        await press(pilot, "l")
        shown = screen(pilot)
        assert "set A" in shown
        assert "Shortest finish" in shown
        assert "[ ] [ ]" not in shown
        await press(pilot, "escape")
        assert "[ ] [ ]  Raft Systems" in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PathwaysScreen)


async def test_several_places_of_one_part_are_ticked_one_after_the_other(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("aquaponics", MANY.encode(), now=NOW)
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "p", "space", "space")
        shown = screen(pilot)
        assert "[2] [ ]  Talks" in shown
        assert re.search(r"takes +8 h ", shown)
        assert re.search(r"costs +20 CAD", shown)
        await press(pilot, "space")
        assert "[3] [ ]  Talks" in screen(pilot)
        await press(pilot, "space")
        assert "[ ] [ ]  Talks" in screen(pilot)
        await press(pilot, "w")
        await write(pilot, "x")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PlannerScreen)


MANY = """\
format = "badge-pathway/1"
id = "urn:example:many"
name = "Talks"
version = "1"
root = "all"

[group.all]
name = "All"
of = ["talks"]

[element.talks]
name = "Talks"
match = [{ issuer = "https://talks.example/issuer", tag = "talk" }]
count = 3
hours = 4
cost = { value = 10, currency = "CAD" }
"""
