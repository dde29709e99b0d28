"""The pathway view: figures, tree, card; reached and left by keys."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Tree

from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen
from tests.support.wallets import NOW
from tui.app.screens.library import LibraryScreen
from tui.app.screens.pathways import PathwaysScreen
from wallet.paths import Paths
from wallet.store.wallet import Wallet


async def test_figures_tree_and_reasons(home: Path) -> None:
    async with opened(home, (140, 42)) as pilot:
        await press(pilot, "w")
        shown = screen(pilot)
        assert "5 of 7  71 %  2 to go" in shown
        assert "✓ Water Chemistry  met" in shown
        assert "✗ Raft Systems  refused  would count but: the issuer revoked it" in shown
        assert "○ Sensors and Monitoring  open" in shown
        assert "by Field Hours 30" in shown
        assert "May count towards Diploma in Controlled Environment" in shown


async def test_the_card_follows_the_cursor(home: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "end", "k", "k", "k")
        shown = screen(pilot)
        assert "hours          10 h" in shown
        assert "facilitation   fully-facilitated scheduled" in shown
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
        assert "facilitation" in screen(pilot)
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
        assert "◐ Another Way  5/7" in screen(pilot), "first by name"
        await press(pilot, "shift+tab", "down", "enter")
        assert "◐ Aquaponics Technician  5/7" in screen(pilot)
        assert isinstance(pilot.app.focused, Tree)


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
