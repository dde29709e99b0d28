"""Bringing in from the app: by path, folder, link and pathway file; what is refused is said with the next step."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.screens import ROOMY, USUAL, opened, press, screen, settled, write
from tui.app.screens.bring_in import BringInScreen
from tui.app.screens.library import LibraryScreen
from tui.app.widgets.badge_list import BadgeList


async def bring(pilot, source: object) -> str:
    """Open the dialog, give it `source`, and return the screen."""
    await press(pilot, "i")
    pilot.app.screen.query_one("#source", Input).value = str(source)
    await press(pilot, "enter")
    return screen(pilot)


async def test_the_first_badge_is_brought_in_by_path_and_then_listed(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        assert "Your wallet is empty" in screen(pilot)
        shown = await bring(pilot, sample.downloads / "nutrient-film.jws")
        assert "1 badge added. Press esc, then V to verify." in shown
        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, BadgeList)
        assert pilot.app.screen.query_one(BadgeList).row_count == 1
        assert "Your wallet is empty" not in screen(pilot)


async def test_a_folder_brings_all_its_badges_and_a_second_time_none(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        assert "8 badges added" in await bring(pilot, sample.downloads)
        await press(pilot, "escape")
        assert "8 already there" in await bring(pilot, sample.downloads)


async def test_a_link_is_fetched_from_its_host(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY, allow=sample.world.allow_hosts) as pilot:
        assert "1 badge added" in await bring(pilot, sample.world.url)


async def test_a_link_to_a_private_address_is_refused(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, sample.world.url)
        assert "1 refused" in shown
        assert "added" not in shown


@pytest.mark.parametrize(
    ("name", "words"),
    [("screenshot.png", "without badge data in it"), ("no-such-file.png", "no-such-file.png")],
)
async def test_what_is_refused_is_said_with_its_reason(sample, tmp_path: Path, name: str, words: str) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, sample.downloads / name)
        assert words in " ".join(shown.replace("┃", " ").split())
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_pathway_file_is_kept_and_shown(sample, tmp_path: Path) -> None:
    file = tmp_path / "aquaponics.pathway.toml"
    file.write_text(sample.world.pathway, encoding="utf-8")
    async with opened(tmp_path / "new", ROOMY) as pilot:
        await press(pilot, "w")
        assert "No pathway yet" in screen(pilot)
        assert "Aquaponics Technician is kept, version 3" in await bring(pilot, file)
        await press(pilot, "escape")
        assert "Stage 1: Foundations" in screen(pilot)


async def test_a_pathway_file_with_a_mistake_names_the_line_and_is_not_kept(sample, tmp_path: Path) -> None:
    file = tmp_path / "aquaponics.pathway.toml"
    file.write_text(sample.world.pathway.replace("relation =", "relaton ="), encoding="utf-8")
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, file)
        assert "aquaponics.pathway.toml, line" in shown
        await press(pilot, "escape", "w")
        assert "No pathway yet" in screen(pilot)


async def test_typing_in_the_dialog_neither_quits_nor_acts(tmp_path: Path) -> None:
    async with opened(tmp_path / "new", USUAL) as pilot:
        await press(pilot, "i")
        await write(pilot, "qvVwu?!qqq")
        assert pilot.app.is_running
        assert isinstance(pilot.app.screen, BringInScreen)
        assert pilot.app.screen.query_one("#source", Input).value == "qvVwu?!qqq"
        await press(pilot, "tab", "q")
        assert pilot.app.is_running
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_quoted_path_as_a_terminal_drops_it_is_understood(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        assert "1 badge added" in await bring(pilot, f"'{sample.downloads / 'nutrient-film.jws'}'")
        await settled(pilot)
