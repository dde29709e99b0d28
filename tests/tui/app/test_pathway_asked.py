"""What comes next with filters, and what another version of a pathway asks: twins of `pathway next` and `pathway diff`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.support.screens import USUAL, WIDE, opened, press, screen, settled
from tests.support.wallets import NOW
from tests.tui.test_hostile_screens import PATHWAY, harmless, lay_out
from tui.app.screens.pathway_asked import Answer, CompareForm, DiffScreen, NextScreen
from tui.app.screens.pathways import PathwaysScreen
from tui.cli.start import start
from wallet.paths import Paths
from wallet.store.wallet import Wallet


def words(pilot: Pilot[None]) -> str:
    """All of the answer, in sight or not."""
    from rich.console import Console

    console = Console(width=400)
    with console.capture() as capture:
        console.print(pilot.app.screen.query_one("#answer", Static)._Static__content)
    return capture.get()


def names(document: dict[str, object]) -> list[str]:
    return [step["name"] for step in document["steps"]]


async def test_filters_leave_out_what_the_commands_filters_leave_out(
    sample, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(home))
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        text = sample.world.pathway.replace("[element.raft]", '[element.raft]\ndelivery = "online"', 1)
        wallet.save_pathway("aquaponics", text.encode(), now=NOW)

    def asked(*options: str) -> list[str]:
        capsys.readouterr()
        assert start(["pathway", "next", "aquaponics", "--at", "2026-11-21", "--json", *options]) == 0
        return names(json.loads(capsys.readouterr().out))

    every, short = asked(), asked("--max-hours", "9.5")
    given = {manner: asked("--delivery", manner) for manner in ("online", "in-person", "blended")}
    assert 0 < len(short) < len(every)
    assert 0 < len(given["in-person"]) < len(every)
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "n")
        assert isinstance(pilot.app.screen, NextScreen)
        assert "in any way" in screen(pilot)
        assert _in_order(words(pilot), every)
        for manner, wanted in given.items():
            await press(pilot, "d")
            shown = words(pilot)
            assert _in_order(shown, wanted), manner
            assert all(name not in shown for name in every if name not in wanted), manner
        await press(pilot, "d", "m")
        for wrong in ("0", "many", "-1", "1e9"):
            pilot.app.screen.query_one("#hours", Input).value = wrong
            await press(pilot, "enter")
            assert "not a number of hours above 0" in screen(pilot)
        pilot.app.screen.query_one("#hours", Input).value = "9,5"
        await press(pilot, "enter")
        assert "at most 9.5 h" in screen(pilot)
        assert _in_order(words(pilot), short)
        assert all(name not in words(pilot) for name in every if name not in short)
        await press(pilot, "m")
        pilot.app.screen.query_one("#hours", Input).value = ""
        await press(pilot, "enter")
        assert "any time" in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PathwaysScreen)


def _in_order(text: str, wanted: list[str]) -> bool:
    at = [text.find(name) for name in wanted]
    return -1 not in at and at == sorted(at)


async def test_two_versions_are_compared_and_nothing_is_replaced(sample, home: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.pathway.toml"
    text = re.sub(r'(?m)^version *= *"3"', 'version = "9.3"', sample.world.pathway, count=1)
    newer.write_text(text.replace("[element.raft]", "[element.raft]\ncount = 2", 1), encoding="utf-8")
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        before = wallet.pathway_files()
    async with opened(home, WIDE) as pilot:
        await press(pilot, "w", "D")
        assert isinstance(pilot.app.screen, CompareForm)
        for wrong, said in (
            ("", "No file is named"),
            ("nowhere.toml", "There is no file"),
            ("~no-such-user/x", "no file"),
        ):
            pilot.app.screen.query_one("#file", Input).value = wrong
            await press(pilot, "enter")
            assert said in screen(pilot)
        pilot.app.screen.query_one("#file", Input).value = str(newer)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, DiffScreen)
        shown = screen(pilot)
        assert "the file's is 9.3" in shown
        assert "changed   Raft Systems (raft)" in shown
        assert "What that means for you" in shown
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PathwaysScreen)
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        assert wallet.pathway_files() == before


def test_each_key_has_an_id() -> None:
    ids = [one.id for owner in (Answer, NextScreen) for one in owner.BINDINGS if isinstance(one, Binding)]
    assert sorted(ids) == ["answer.back", "next.delivery", "next.hours"]


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_hostile_words_of_both_versions_are_text(tmp_path: Path, size: tuple[int, int]) -> None:
    home = tmp_path / "hostile"
    lay_out(home)
    other = tmp_path / "other.pathway.toml"
    other.write_text(
        PATHWAY.replace("[red]1", "[/oops]2").replace("[element.two]", "[element.three]").replace('"two"]', '"three"]')
    )
    async with opened(home, size) as pilot:
        await press(pilot, "w", "n")
        harmless(screen(pilot), size)
        await press(pilot, "escape", "D")
        pilot.app.screen.query_one("#file", Input).value = str(other)
        await settled(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, DiffScreen)
        harmless(screen(pilot), size)
        assert pilot.app.is_running
