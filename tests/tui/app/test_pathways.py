"""The pathway view: figures, tree, card; reached and left by keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static, Tree

from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen, write
from tests.support.wallets import NOW
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.library import LibraryScreen
from tui.app.screens.pathways import PathwaysScreen
from wallet.paths import Paths
from wallet.store.wallet import Wallet


async def test_figures_tree_and_reasons(home: Path) -> None:
    async with opened(home, (140, 42)) as pilot:
        await press(pilot, "w")
        shown = screen(pilot)
        assert "5 of 7  71 %  2 to go" in shown
        for line in (
            "✓ Stage 1: Foundations .*████████ 3/3 met",
            "◐ Stage 2: .*████░░░░ 1/2 in progress  any 2 of 3",
            "✓ Water Chemistry +met",
            "✗ Raft Systems +refused  would count but: the iss",
            "○ Sensors and Monitoring +open  10 h",
            "verified only +█████░░░ 5 of 7",
            "accepted +█████░░░ 5 of 7",
        ):
            assert re.search(line, shown), line
        assert "by Field Hours 30" in shown
        await press(pilot, "l", "end")
        assert "May count towards Diploma in Controlled Environment" in _words(pilot)


async def test_the_card_follows_the_cursor(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "end", "k", "k", "k")
        shown = screen(pilot)
        assert "you hold no badge that its rules name" in shown
        assert "https://prairierivers.example/courses/monitoring" in _words(pilot).replace(" ", "")
        assert "Details: 5 of 8 stated" in shown
        assert "1 Outcomes or competencies  not stated" in shown
        assert "2027-01-20 to" in shown
        await press(pilot, "j", "down", "up")
        assert isinstance(pilot.app.focused, Tree)


async def test_a_narrow_terminal_shows_the_tree_or_the_card(home: Path) -> None:
    async with opened(home, USUAL) as pilot:
        await press(pilot, "w")
        assert "verified only" not in screen(pilot)
        await press(pilot, "l")
        shown = screen(pilot)
        assert "verified only" in shown
        assert "Stage 1" not in shown
        await press(pilot, "escape")
        assert "Stage 1" in screen(pilot)
        await press(pilot, "l", "h")
        assert "Stage 1" in screen(pilot)
        await press(pilot, "j", "j", "enter")
        assert re.search("Details: [5-8] of 8 stated", screen(pilot))
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_several_pathways_are_chosen_from_the_list(sample, home: Path) -> None:
    second = sample.world.pathway.replace("/pathways/aquaponics", "/pathways/second").replace(
        "Aquaponics Technician", "Another Way"
    )
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("another", second.encode(), now=NOW)
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "w")
        assert re.search("◐ Another Way .*5/7", screen(pilot)), "first by name"
        await press(pilot, "shift+tab", "down", "enter")
        assert re.search("◐ Aquaponics Technician .*5/7", screen(pilot))
        assert isinstance(pilot.app.focused, Tree)


async def test_row_48_a_draft_is_marked_in_the_list_on_the_card_and_in_the_planner(sample, home: Path) -> None:
    text = sample.world.pathway
    assert text.count('status   = "published"') == 1
    second = text.replace("/pathways/aquaponics", "/pathways/second").replace("Aquaponics Technician", "Another Way")
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("another", second.replace('status   = "published"', 'status = "draft"').encode(), now=NOW)
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w")
        shown = screen(pilot)
        assert "Another Way (draft)" in shown
        assert "Aquaponics Technician (draft)" not in shown
        await press(pilot, "p")
        assert "Another Way (draft)" in screen(pilot)


async def test_a_broken_pathway_file_is_said_and_the_others_are_shown(home: Path) -> None:
    folder = next(path for path in (home / "wallet").rglob("*.pathway.toml")).parent
    (folder / "broken.pathway.toml").write_text('format = "badge-pathway/1"\nid = 7\n', encoding="utf-8")
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "w")
        shown = screen(pilot)
        assert "Aquaponics Technician" in shown
        assert "broken.pathway.toml" in shown
        await press(pilot, "escape")
        assert "esc: close" not in screen(pilot)
        assert isinstance(pilot.app.screen, PathwaysScreen)
        await press(pilot, "escape", "exclamation_mark")
        assert "broken.pathway.toml" in screen(pilot)


async def test_without_a_pathway_it_says_what_belongs_here_and_which_key_fills_it(tmp_path: Path) -> None:
    async with opened(tmp_path / "new", USUAL) as pilot:
        await press(pilot, "w")
        shown = screen(pilot)
        assert "No pathway yet" in shown
        assert "bring a pathway file in" in shown
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_when_no_file_can_be_read_that_is_said_and_nothing_breaks(home: Path) -> None:
    for path in (home / "wallet").rglob("*.pathway.toml"):
        path.write_text("format = 7", encoding="utf-8")
    async with opened(home, USUAL) as pilot:
        await press(pilot, "w")
        assert "No pathway could be read" in screen(pilot)
        await press(pilot, "p", "c", "d", "y", "b", "a", "e", "x", "z", "l", "h", "escape", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_groups_fold_one_by_one_and_all_at_once(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "j", "space")
        assert "▸ ✓ Stage 1: Foundations" in screen(pilot)
        assert "Water Chemistry" not in screen(pilot)
        await press(pilot, "space")
        assert "Water Chemistry" in screen(pilot)
        await press(pilot, "z")
        assert "Sensors and Monitoring" not in screen(pilot)
        assert "▸ ◐ Stage 2" in screen(pilot)
        await press(pilot, "z")
        assert "Sensors and Monitoring" in screen(pilot)


async def test_the_closest_pathway_comes_first_on_demand_and_the_cursor_stays_on_its_pathway(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway(
            "a", PLAIN.replace("NAME", "A far one").replace("Water Chemistry", "Nothing").encode(), now=NOW
        )
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "w")
        lines = screen(pilot).splitlines()
        assert "A far one" in lines[1]
        assert "Pathways, by name" in lines[0]
        await press(pilot, "c")
        lines = screen(pilot).splitlines()
        assert "Aquaponics" in lines[1]
        assert "Pathways, closest first" in lines[0]
        assert pilot.app.screen.query_one("#pathways", OptionList).highlighted == 1


async def test_badges_in_no_pathway_have_a_line_and_open_from_there(home: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "w", "shift+tab", "G", "enter")
        shown = screen(pilot)
        assert "Badges in no pathway: 2" in shown
        assert "· Forklift Basics" in shown
        await press(pilot, "j", "enter")
        assert isinstance(pilot.app.screen, BadgeScreen)
        assert "Forklift Basics" in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PathwaysScreen)
        assert "· Forklift Basics" in screen(pilot)


async def test_a_forecast_names_the_place_and_the_badge_that_ends(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("a", AGING.encode(), now=NOW)
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w")
        assert "looking 90 days ahead" in screen(pilot)
        assert "no place will be lost" in screen(pilot)
        await press(pilot, "d")
        shown = screen(pilot)
        assert "looking 365 days ahead" in shown
        assert "! 1 at risk" in shown
        await press(pilot, "shift+tab", "down", "enter", "l")
        assert "! Water will be lost: Water Chemistry ends" in _words(pilot)


async def test_the_link_to_enrol_goes_to_the_clipboard(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(home, USUAL) as pilot:
        sent: list[str] = []
        monkeypatch.setattr(pilot.app, "copy_to_clipboard", sent.append)
        await press(pilot, "w", "y")
        assert sent == []
        await press(pilot, "end", "k", "k", "k", "y")
        assert sent == ["https://prairierivers.example/courses/monitoring"]


async def test_a_record_of_a_word_counts_as_such_and_is_taken_back_and_undone(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("aquaponics", WORD.encode(), now=NOW)
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "G", "a", "enter")
        assert "(who) is missing" in _note(pilot)
        await write(pilot, "Avery Mentor")
        await press(pilot, "tab")
        await write(pilot, "Saw it")
        await press(pilot, "tab", "1", "enter")
        assert "is not a day" in _note(pilot)
        await press(pilot, "backspace", "enter")
        assert isinstance(pilot.app.screen, PathwaysScreen)
        assert "met by attestation" in screen(pilot)
        assert "2 of 2  100 %  complete  1 verified" in screen(pilot)
        assert "2/2, 1 verified, met" in screen(pilot)
        assert "naming Avery Mentor (advisor): Saw it" in _words(pilot)
        await press(pilot, "x")
        assert "met by attestation" not in screen(pilot)
        await press(pilot, "u")
        assert "met by attestation" in screen(pilot)
        await press(pilot, "home", "a")
        assert "asks for no word" in screen(pilot)


async def test_an_exception_is_recorded_with_who_and_why(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "end", "k", "k", "k", "e", "enter")
        assert "This says: a badge of yours stands for what is asked." in _note(pilot)
        await press(pilot, "end", "k", "enter", "enter")
        assert "(who) is missing" in _note(pilot)
        await write(pilot, "A. Advisor")
        await press(pilot, "tab")
        await write(pilot, "Same course")
        await press(pilot, "enter")
        assert "6 of 7" in screen(pilot)
        assert "no exceptions" not in screen(pilot)
        await press(pilot, "home")
        assert "no exceptions" in screen(pilot)
        assert "A. Advisor, 2026-11-21: Same course" in _words(pilot)
        await press(pilot, "e")
        assert "substitute" not in screen(pilot), "a group takes no badge"
        await press(pilot, "enter", "x", "tab", "A", "tab", "B", "enter")
        assert "needs a number" in _note(pilot)
        await press(pilot, "escape", "u")
        assert "5 of 7" in screen(pilot)


async def test_the_palette_has_what_can_be_done_here(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w")
        names = [each.title for each in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Plan", "Closest first", "Record a word", "Undo", "Quit"} <= set(names)
        await press(pilot, "p")
        names = [each.title for each in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Keep as plan", "Other set", "Hours a week"} <= set(names)


def _note(pilot: Pilot[None]) -> str:
    """What a dialog says above its fields."""
    return str(pilot.app.screen.query_one("#note", Static).content)


def _words(pilot: Pilot[None]) -> str:
    """The right half of the screen, or all of a dialog, without borders and line breaks."""
    lines = screen(pilot).splitlines()
    return " ".join(" ".join(re.split("[│┃]", line)[-2] for line in lines if re.search("[│┃].*[│┃]", line)).split())


PLAIN = """\
format = "badge-pathway/1"
id = "urn:example:plain"
name = "NAME"
version = "1"
root = "all"

[group.all]
name = "All"
of = ["water", "other"]

[element.water]
name = "Water"
match = [{ any_issuer = true, name = "Water Chemistry" }]

[element.other]
name = "Other"
match = [{ achievement = "https://nowhere.example/other" }]
"""
AGING = PLAIN.replace('name = "Water"\n', 'name = "Water"\naccept = { max_age = "P1Y" }\n')
WORD = PLAIN.replace('achievement = "https://nowhere.example/other"', 'attested = "advisor"')
