"""Bringing in from the app: by path, folder, link and pathway file; what is refused is said with the next step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from tests.generate import badges
from tests.support.screens import ROOMY, USUAL, opened, press, screen, settled, write
from tui.app.screens.bring_in import BringInScreen
from tui.app.screens.choose import ChooseScreen, FileTree
from tui.app.screens.library import LibraryScreen
from tui.app.screens.verify import VerifyScreen
from tui.app.widgets.badge_list import BadgeList
from tui.demo.host import LoopbackHost, Page
from wallet.progress import Cancelled, Event, Progress


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
        assert "1 badge added." in shown
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


# pasting


async def paste(pilot, text: str) -> str:
    """Paste as a terminal does, into what has the focus, and wait for what comes of it."""
    pilot.app.post_message(events.Paste(text))
    await settled(pilot)
    await settled(pilot)
    return screen(pilot)


async def test_a_badge_is_pasted_as_it_is_written(tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        await press(pilot, "i")
        assert "1 badge added" in await paste(pilot, badges.encode(badges.assertion(narrative="“Ünicode”")).decode())
        assert "1 badge added" in await paste(pilot, "\n" + badges.token(badges.signed_assertion(2)).decode() + "\n")


async def test_several_paths_are_pasted_as_a_terminal_drops_them(tmp_path: Path) -> None:
    for number, name in enumerate(("a badge.json", "b.json")):
        (tmp_path / name).write_bytes(badges.encode(badges.assertion(number)))
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, f"'{tmp_path / 'a badge.json'}' '{tmp_path / 'b.json'}'")
        assert "2 badges added" in shown
        assert "2 already there" in await paste(pilot, f"{tmp_path / 'a badge.json'}\n{tmp_path / 'b.json'}\n")


async def test_text_that_is_no_badge_is_refused_in_a_sentence(tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        await press(pilot, "i")
        shown = await paste(pilot, "Dear Mina,\n\x1b[2Jthank you for [bold]everything[/bold].\n")
        assert "1 refused" in shown
        assert "nothing in it is a badge" in " ".join(shown.replace("┃", " ").split())


# links within files


@pytest.fixture
def host() -> Iterator[LoopbackHost]:
    with LoopbackHost() as made:
        for number in range(2):
            url = f"{made.base_url}/a/{number}"
            made.publish(f"/a/{number}", Page(badges.encode(badges.assertion(number, id=url))))
        yield made


async def test_pasted_links_are_offered_with_their_host_and_opened_by_a_key(host: LoopbackHost, tmp_path: Path) -> None:
    links = "\n".join(f"{host.base_url}/a/{number}" for number in range(2))
    async with opened(tmp_path / "new", ROOMY, allow=(host.allow_host,)) as pilot:
        await press(pilot, "i")
        shown = await paste(pilot, links)
        assert "2 links to 127.0.0.1, not opened." in shown
        assert "f: open links" in shown
        assert "refused" not in shown
        assert not host.requests
        await press(pilot, "f")
        shown = screen(pilot)
        assert "2 badges added." in shown
        assert "f: open links" not in shown
        assert len(host.requests) == 2


async def test_offered_links_are_left_closed_by_going_on(host: LoopbackHost, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"Name,Url\nA,{host.base_url}/a/0\nB,{host.base_url}/a/1\n")
    async with opened(tmp_path / "new", ROOMY, allow=(host.allow_host,)) as pilot:
        assert "2 links to 127.0.0.1" in await bring(pilot, tmp_path / "list.csv")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert not host.requests


# and then


async def test_what_has_come_in_is_verified_by_a_key(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY, allow=sample.world.allow_hosts) as pilot:
        assert "v: verify new" in await bring(pilot, sample.downloads / "nutrient-film.jws")
        await press(pilot, "v")
        assert isinstance(pilot.app.screen, VerifyScreen)
        assert "Verify 1 badge" in screen(pilot)
        await press(pilot, "enter")
        assert "1 valid" in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BringInScreen)


async def test_nothing_new_leaves_nothing_to_verify(sample, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, sample.downloads / "screenshot.png")
        assert "v: verify" not in shown
        await press(pilot, "tab", "v", "f")
        assert isinstance(pilot.app.screen, BringInScreen)


# choosing files


async def loaded(pilot) -> FileTree:
    """The tree, once it has read its folder. It waits for more to read as long as it is there."""
    for _ in range(100):
        await pilot.pause(0.02)
        found = pilot.app.screen.query(FileTree)
        if found and found.first().root.children:
            return found.first()
    raise AssertionError("the tree stayed empty")


async def keys(pilot, *names: str) -> None:
    for name in names:
        await pilot.press(name)
        await pilot.pause()


def names(tree: FileTree) -> list[str]:
    return [str(node.label) for node in tree.root.children]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to begin at, with badges, a folder of badges, and what is not worth showing."""
    folder = tmp_path / "shelf"
    (folder / "more").mkdir(parents=True)
    for number, name in enumerate(("a.json", "b.json", "more/c.json", "more/d.json", "[red]e\x1b[2J.json")):
        (folder / name).write_bytes(badges.encode(badges.assertion(number)))
    for name in (".hidden.json", "film.mp4"):
        (folder / name).write_bytes(b"x")
    monkeypatch.setattr(ChooseScreen, "begin_at", folder)
    return folder


async def test_files_and_folders_are_marked_in_a_tree_and_brought_in_together(shelf: Path, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", ROOMY) as pilot:
        await press(pilot, "i")
        await keys(pilot, "ctrl+o")
        tree = await loaded(pilot)
        assert names(tree) == ["more", "[red]e�[2J.json", "a.json", "b.json"]
        await keys(pilot, "down", "space", "down", "space")
        assert "[x]" in screen(pilot)
        assert "2 items marked. b brings them in." in screen(pilot)
        await keys(pilot, "b")
        await settled(pilot)
        assert isinstance(pilot.app.screen, BringInScreen)
        assert "3 badges added" in screen(pilot)


async def test_enter_on_a_file_brings_it_in_and_a_mark_can_be_taken_away(shelf: Path, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", USUAL) as pilot:
        await press(pilot, "i")
        await keys(pilot, "ctrl+o")
        await loaded(pilot)
        await keys(pilot, "end", "space", "end", "space")
        assert "marked. b brings" not in screen(pilot)
        await keys(pilot, "enter")
        await settled(pilot)
        assert "1 badge added" in screen(pilot)


async def test_the_folder_above_is_shown_and_escape_chooses_nothing(shelf: Path, tmp_path: Path) -> None:
    async with opened(tmp_path / "new", USUAL) as pilot:
        await press(pilot, "i")
        await keys(pilot, "ctrl+o")
        tree = await loaded(pilot)
        await keys(pilot, "u")
        for _ in range(100):
            await pilot.pause(0.02)
            if "shelf" in names(tree):
                break
        assert "shelf" in names(tree)
        await keys(pilot, "escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, BringInScreen)
        assert "added" not in screen(pilot)


# stopping


def stop_after(count: int):
    """Progress that ends as it does when escape was pressed meanwhile."""

    def telling(_: BringInScreen, __: object) -> Progress:
        def progress(event: Event) -> None:
            if event.done >= count:
                raise Cancelled

        return progress

    return telling


async def test_a_stop_keeps_what_was_found_and_the_same_again_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.json").write_bytes(badges.encode(badges.assertion(number)))
    async with opened(tmp_path / "new", ROOMY) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(BringInScreen, "telling", stop_after(2))
            assert "Stopped. 2 badges added." in await bring(pilot, folder)
        await press(pilot, "escape")
        assert "3 badges added, 2 already there." in await bring(pilot, folder)


async def test_opening_links_can_be_stopped(
    host: LoopbackHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = "\n".join(f"{host.base_url}/a/{number}" for number in range(2))
    async with opened(tmp_path / "new", ROOMY, allow=(host.allow_host,)) as pilot:
        await press(pilot, "i")
        await paste(pilot, links)
        monkeypatch.setattr(BringInScreen, "telling", stop_after(1))
        await press(pilot, "f")
        assert "Stopped. 1 badge added." in screen(pilot)
        assert len(host.requests) == 1


async def test_a_pathway_file_with_a_mistake_stops_no_badge_beside_it(sample, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[pathway")
    badge = sample.downloads / "nutrient-film.jws"
    async with opened(tmp_path / "new", ROOMY) as pilot:
        shown = await bring(pilot, f"'{broken}' '{badge}'")
        assert "1 badge added, 1 refused." in shown
