"""Share: what is chosen, what is seen before it leaves, what is written, and who has it afterwards."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.generate import badges
from tests.support.screens import ROOMY, USUAL, WIDE, opened, press, screen, settled
from tests.support.wallets import NOW
from tests.tui.app import still_life
from tests.tui.app.test_snapshots import agrees
from tests.tui.test_hostile_screens import NAMES, harmless, lay_out
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.forms import Form
from tui.app.screens.leaving import LeavingScreen
from tui.app.screens.library import LibraryScreen
from tui.app.screens.share import ShareForm, ShareScreen
from tui.app.screens.shared import SharedScreen
from tui.app.share_reading import Form as Shape
from tui.app.share_reading import Order, free_target, get_ready, target_of
from tui.app.widgets.badge_list import BadgeList
from tui.app.widgets.panes import SharedList
from tui.app.widgets.tick_list import TickList
from tui.cli.start import start
from tui.demo.sample import EMAIL
from wallet.errors import UsageError
from wallet.model import Identity
from wallet.paths import Paths
from wallet.progress import Cancelled, Event, silent
from wallet.store.shared import Disclosure
from wallet.store.wallet import Wallet

PORTFOLIO, CERTIFICATE, ORIGINALS, BUNDLE = ((), ("j",), ("j", "j"), ("j", "j", "j"))
TERMS = ("Riverbend College", "Admission to nursing", "2027-05-31")
NOTE, LABEL, SECOND = "privatenote-7c1f-canary", "label-canary-93b", "second-canary@private.example"


@pytest.fixture(autouse=True)
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to write to; the app is started in it, and it is the learner's home."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def still(tmp_path: Path) -> Path:
    """The wallet whose every word is fixed."""
    still_life.arrange(tmp_path / "still")
    return tmp_path / "still"


def wallet_files(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (home / "wallet").rglob("*") if path.is_file()}


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shared(home: Path) -> tuple[Disclosure, ...]:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        return wallet.shared(None)


async def to_form(pilot: Pilot[None], kind: tuple[str, ...], *, every: bool = False) -> None:
    await press(pilot, "s", *(("a",) if every else ()), *kind, "enter")
    assert isinstance(pilot.app.screen, ShareForm)


async def fill(pilot: Pilot[None], *, terms: tuple[str, str, str] = TERMS, target: str | None = None) -> None:
    for name, words in zip(("audience", "purpose", "until"), terms, strict=True):
        pilot.app.screen.query_one(f"#{name}", Input).value = words
    if target is not None:
        pilot.app.screen.query_one("#target", Input).value = target
    await settled(pilot)


# -- choosing


async def test_the_marked_badges_are_shared_or_the_one_under_the_cursor_or_all(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "s")
        assert "The badge under the cursor. a: all 9 instead" in screen(pilot)
        await press(pilot, "escape", "space", "space", "s")
        assert "The 2 badges that you marked" in screen(pilot)
        await press(pilot, "enter")
        assert "Portfolio: 2 badges" in screen(pilot)
        await press(pilot, "escape", "a")
        assert "All badges of the list (9)" in screen(pilot)
        await press(pilot, "enter")
        assert "Portfolio: all badges" in screen(pilot)
        await press(pilot, "escape", "a", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert len(pilot.app.screen.badges.marked) == 2, "nothing was shared, so the marks stay"


async def test_a_badge_is_shared_from_its_own_screen(home: Path) -> None:
    async with opened(home) as pilot:
        await press(pilot, "j", "j", "enter", "s", "enter")
        assert "Portfolio: 1 badge" in screen(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, BadgeScreen)


async def test_an_empty_wallet_says_that_there_is_nothing_to_share(tmp_path: Path) -> None:
    async with opened(tmp_path / "new") as pilot:
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert "There is no badge to share" in screen(pilot)


# -- seen before it leaves


async def test_nothing_is_written_before_the_last_enter_and_escape_always_goes_back(home: Path, outbox: Path) -> None:
    before = wallet_files(home)
    async with opened(home, ROOMY) as pilot:
        for kind in (PORTFOLIO, CERTIFICATE, ORIGINALS, BUNDLE):
            await to_form(pilot, kind, every=True)
            if kind is BUNDLE:
                await fill(pilot)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, LeavingScreen)
            assert "Nothing is written yet" in screen(pilot)
            await press(pilot, "escape", "escape", "escape")
            assert isinstance(pilot.app.screen, LibraryScreen)
            assert list(outbox.iterdir()) == []
    assert wallet_files(home) == before


async def test_the_preview_lists_what_the_commands_preview_lists(
    home: Path, outbox: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(home))
    line = ("export", "bundle", "--to", TERMS[0], "--purpose", TERMS[1], "--expires", TERMS[2], "--preview", "--json")
    assert start(list(line)) == 0
    document = json.loads(capsys.readouterr().out)
    async with opened(home, (200, 120)) as pilot:
        await to_form(pilot, BUNDLE, every=True)
        await fill(pilot)
        await press(pilot, "enter")
        shown = screen(pilot)
        for one in document["bundle"]["personal"]:
            assert one["field"] in shown
            assert one["remark"] is None or one["remark"][:60] in shown
            for name in one["badges"] if len(one["badges"]) < len(document["badges"]) else ():
                assert name in shown
        counted = ", ".join(f"{count} {why}" for why, count in document["left_out"].items())
        assert counted in shown
        assert f"{len(document['badges'])} badges" in shown


async def test_badges_that_are_never_handed_out_are_named(still: Path, outbox: Path) -> None:
    async with opened(still, WIDE) as pilot:
        await press(pilot, "space", "space")
        await to_form(pilot, BUNDLE)
        await fill(pilot)
        await press(pilot, "enter")
        assert "Bread Baking (invalid): such badges are never handed out" in screen(pilot)
        await press(pilot, "escape", "escape", "escape", "space", "k", "k", "space", "j")
        pilot.app.screen.query_one(BadgeList).marked.clear()
        await press(pilot, "g", "j")
        await to_form(pilot, BUNDLE)
        await fill(pilot)
        await press(pilot, "enter")
        shown = screen(pilot)
        assert "Bread Baking is invalid, and such badges are never handed out" in shown
        assert "Nothing was written" in shown
        await press(pilot, "enter", "r", "y", "escape", "escape")
        assert isinstance(pilot.app.screen, ShareForm)
    assert list(outbox.iterdir()) == []


@pytest.mark.parametrize(
    ("terms", "target", "words"),
    [
        ((" ", "x", "2027-01-01"), None, "For whom says nothing"),
        (("x" * 200, "x", "2027-01-01"), None, "For whom is longer than 120"),
        (("x", "", "2027-01-01"), None, "What for says nothing"),
        (("x", "x" * 2_000, "2027-01-01"), None, "What for is longer than 1,000"),
        (("x", "x", ""), None, "No last day is named"),
        (("x", "x", "soon"), None, "'soon' is not a day"),
        (("x", "x", "2020-01-01"), None, "2020-01-01 is over"),
        (TERMS, "", "No file is named"),
        (TERMS, "~nobody-of-that-name/b.zip", "home folder that is not there"),
    ],
)
async def test_what_is_wrong_with_a_form_is_said_in_its_place(
    still: Path, terms: tuple[str, str, str], target: str | None, words: str
) -> None:
    async with opened(still, WIDE) as pilot:
        await to_form(pilot, BUNDLE)
        await fill(pilot, terms=terms, target=target)
        await press(pilot, "enter")
        assert words in screen(pilot)
        assert isinstance(pilot.app.screen, ShareForm)


@pytest.mark.parametrize(
    ("target", "words"),
    [("nowhere/b.zip", "There is no folder"), (".", "is a folder, not a file"), ("x" * 300, "could not be written")],
)
async def test_a_place_where_nothing_can_be_written_is_said_before(
    still: Path, outbox: Path, target: str, words: str
) -> None:
    async with opened(still, WIDE) as pilot:
        await to_form(pilot, BUNDLE)
        await fill(pilot, target=target)
        await press(pilot, "enter")
        assert words in screen(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, ShareForm)
    assert list(outbox.iterdir()) == []
    assert shared(still) == ()


# -- written


async def test_a_bundle_from_the_app_is_the_bundle_from_the_command(
    home: Path, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(home, ROOMY) as pilot:
        await to_form(pilot, BUNDLE, every=True)
        await fill(pilot)
        pilot.app.screen.query_one("#consent", Input).value = "They may look."
        pilot.app.screen.query_one("#identities", TickList).focus()
        await press(pilot, "space", "enter", "enter")
        assert "Written: ~/bundle.zip" in screen(pilot)
    monkeypatch.setenv("BADGEFOLIO_HOME", str(home))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    line = ("export", "bundle", "--to", TERMS[0], "--purpose", TERMS[1], "--expires", TERMS[2], "--yes")
    assert start([*line, "--consent", "They may look.", "--identity", EMAIL, "-o", "other.zip"]) == 0
    assert (outbox / "bundle.zip").read_bytes() == (outbox / "other.zip").read_bytes()
    mine, others = (replace(one, when=None) for one in shared(home))
    assert mine == others


async def test_a_pathway_chooses_its_badges_as_with_the_command(
    home: Path, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(home, ROOMY) as pilot:
        await to_form(pilot, BUNDLE, every=True)
        await fill(pilot)
        pilot.app.screen.query_one("#pathways-chosen", TickList).focus()
        await press(pilot, "space", "enter", "enter")
    monkeypatch.setenv("BADGEFOLIO_HOME", str(home))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    line = ("export", "bundle", "--to", TERMS[0], "--purpose", TERMS[1], "--expires", TERMS[2], "--yes")
    assert start([*line, "--pathway", "aquaponics", "-o", "other.zip"]) == 0
    assert (outbox / "bundle.zip").read_bytes() == (outbox / "other.zip").read_bytes()


async def test_nothing_private_is_in_it_unless_it_was_told(home: Path, outbox: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        first = wallet.resolve("Water Chemistry").id
        wallet.set_note(first, NOTE, now=NOW)
        wallet.tag([first], LABEL, True, now=NOW)
        wallet.add_identity(Identity("email", SECOND), now=NOW)
    async with opened(home, ROOMY) as pilot:
        await to_form(pilot, BUNDLE, every=True)
        await fill(pilot)
        await press(pilot, "enter", "enter", "enter")
        for kind in (PORTFOLIO, ORIGINALS):
            await to_form(pilot, kind, every=True)
            await press(pilot, "enter", "enter", "enter")
            assert isinstance(pilot.app.screen, LibraryScreen)
        await to_form(pilot, BUNDLE, every=True)
        await fill(pilot, target="told.zip")
        pilot.app.screen.query_one("#identities", TickList).focus()
        await press(pilot, "j", "space", "enter")
        assert f"your identity: email:{SECOND}" in screen(pilot)
        await press(pilot, "enter")
    bundle = b"".join(members(outbox / "bundle.zip").values())
    assert [word for word in (NOTE, LABEL, EMAIL, SECOND, str(home)) if word.encode() in bundle] == []
    rest = b"".join(path.read_bytes() for path in outbox.rglob("*") if path.is_file() and path.name != "told.zip")
    assert [word for word in (NOTE, LABEL, SECOND, str(home)) if word.encode() in rest] == []
    told = b"".join(members(outbox / "told.zip").values())
    assert SECOND.encode() in told
    assert EMAIL.encode() not in told


async def test_originals_are_the_files_that_were_brought(sample, home: Path, outbox: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await to_form(pilot, ORIGINALS, every=True)
        await press(pilot, "enter", "enter")
        assert "files in ~/originals" in screen(pilot)
    brought = {sha256(path.read_bytes()).hexdigest() for path in sample.downloads.iterdir()}
    written = [sha256(path.read_bytes()).hexdigest() for path in (outbox / "originals").iterdir()]
    assert sum(one in brought for one in written) >= 4


async def test_one_certificate_is_a_file_and_several_are_a_folder(home: Path, outbox: Path) -> None:
    async with opened(home, ROOMY) as pilot:
        await press(pilot, "G", "k")
        await to_form(pilot, CERTIFICATE)
        pilot.app.screen.query_one("#person", Input).value = "Ada Example"
        pilot.app.screen.query_one("#paper", TickList).focus()
        await press(pilot, "space", "space", "enter")
        assert "your name: Ada Example" in screen(pilot)
        await press(pilot, "enter", "enter")
        (single,) = outbox.iterdir()
        assert single.name.startswith("certificate-forklift-basics")
        assert single.read_bytes().startswith(b"%PDF-")
        await press(pilot, "g", "j", "j", "space", "space")
        await to_form(pilot, CERTIFICATE)
        await press(pilot, "enter", "enter")
        assert "2 files in ~/certificates" in screen(pilot)
    assert len(list((outbox / "certificates").glob("*.pdf"))) == 2


async def test_a_portfolio_from_the_app_is_the_one_from_the_command(
    home: Path, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(home, ROOMY) as pilot:
        await to_form(pilot, PORTFOLIO, every=True)
        pilot.app.screen.query_one("#person", Input).value = "Ada Example"
        await press(pilot, "enter")
        assert "how far you are: Aquaponics Technician" in screen(pilot)
        await press(pilot, "enter")
    monkeypatch.setenv("BADGEFOLIO_HOME", str(home))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert start(["export", "portfolio", "--person", "Ada Example", "-o", "other.html"]) == 0
    assert (outbox / "portfolio.html").read_bytes() == (outbox / "other.html").read_bytes()


# -- never over another file without saying so


async def test_the_default_is_a_name_that_is_free(still: Path, outbox: Path) -> None:
    (outbox / "bundle.zip").write_bytes(b"mine")
    (outbox / "bundle-2.zip").symlink_to("nowhere")
    async with opened(still, ROOMY) as pilot:
        await to_form(pilot, BUNDLE)
        assert pilot.app.screen.query_one("#target", Input).value == "~/bundle-3.zip"
    assert free_target("other") == outbox / "other"


async def test_a_file_that_is_there_is_replaced_only_by_a_key_of_its_own(still: Path, outbox: Path) -> None:
    (outbox / "mine.zip").write_bytes(b"mine")
    async with opened(still, WIDE) as pilot:
        await to_form(pilot, BUNDLE)
        await fill(pilot, target="mine.zip")
        await press(pilot, "enter")
        assert "~/mine.zip is there already: nothing is written. r: replace" in screen(pilot)
        await press(pilot, "enter", "y")
        assert (outbox / "mine.zip").read_bytes() == b"mine"
        assert shared(still) == ()
        await press(pilot, "r")
        assert "Written: ~/mine.zip" in screen(pilot)
    assert "bundle.json" in members(outbox / "mine.zip")
    assert len(shared(still)) == 1


async def test_a_file_that_appears_after_the_preview_is_left_alone(still: Path, outbox: Path) -> None:
    async with opened(still, WIDE) as pilot:
        await to_form(pilot, BUNDLE)
        await fill(pilot)
        await press(pilot, "enter")
        (outbox / "bundle.zip").write_bytes(b"somebody else's")
        await press(pilot, "enter")
        assert "is there already: nothing is written" in screen(pilot)
        assert (outbox / "bundle.zip").read_bytes() == b"somebody else's"
        await press(pilot, "escape")
        await fill(pilot, target="another.zip")
        await press(pilot, "enter", "enter")
        assert (outbox / "another.zip").is_file()


async def test_of_a_folder_it_is_said_how_many_files_are_in_the_way(still: Path, outbox: Path) -> None:
    async with opened(still, WIDE) as pilot:
        await press(pilot, "space", "space")
        await to_form(pilot, ORIGINALS)
        await press(pilot, "enter", "enter")
        written = sorted((outbox / "originals").iterdir())
        assert len(written) == 2
        written[0].unlink()
        await press(pilot, "enter", "space", "g", "space", "j")
        await to_form(pilot, ORIGINALS, every=True)
        await fill_target(pilot, "originals")
        await press(pilot, "enter")
        assert "1 of 7 files there already in ~/originals" in screen(pilot)
        await press(pilot, "r")
        assert "Written: 7 files in ~/originals" in screen(pilot)


async def fill_target(pilot: Pilot[None], target: str) -> None:
    pilot.app.screen.query_one("#target", Input).value = target
    await settled(pilot)


def test_work_that_is_stopped_leaves_nothing_but_whole_files(still: Path, outbox: Path) -> None:
    def stop(event: Event) -> None:
        if event.done == 2:
            raise Cancelled

    with Wallet.open(Paths.under(still), now=NOW) as wallet:
        for shape in Shape:
            if shape is not Shape.BUNDLE:
                order = Order(shape, None, outbox / shape.value)
                with pytest.raises(Cancelled):
                    get_ready(wallet, order, now=NOW, language=None, progress=stop)
        assert list(outbox.iterdir()) == []
        made = get_ready(wallet, Order(Shape.ORIGINALS, None, outbox / "o"), now=NOW, language=None, progress=silent)
        with pytest.raises(Cancelled):
            made.put(wallet, False, stop)
        assert made.taken == len(list((outbox / "o").iterdir())) == 2


def test_a_path_is_taken_as_it_is_typed(outbox: Path) -> None:
    assert target_of("~/a  b.zip") == outbox / "a  b.zip"
    assert target_of("b.zip") == outbox / "b.zip"
    with pytest.raises(UsageError):
        target_of("")


# -- afterwards


async def test_who_has_what_is_told_for_all_badges_and_for_one(still: Path, outbox: Path) -> None:
    async with opened(still, WIDE) as pilot:
        await to_form(pilot, BUNDLE)
        await fill(pilot)
        await press(pilot, "enter", "enter", "y")
        assert pilot.app.clipboard == str(outbox / "bundle.zip")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, LibraryScreen)
        await press(pilot, "S")
        shown = screen(pilot)
        assert "2026-11-21  Riverbend College" in shown
        assert "Admission to nursing" in shown
        assert sha256((outbox / "bundle.zip").read_bytes()).hexdigest()[:30] in shown
        assert "Laboratory Safety" in shown
        await press(pilot, "escape", "enter")
        assert "Handed out   S: all of it" in screen(pilot)
        assert "2026-11-21  Riverbend College for Admission" in screen(pilot)
        await press(pilot, "S")
        assert "Who has Laboratory Safety" in screen(pilot)
        await press(pilot, "escape", "escape", "j", "enter", "S")
        assert "Nothing was handed out yet" in screen(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_what_is_over_says_so_and_a_narrow_terminal_shows_list_or_badges(still: Path) -> None:
    remember(still)
    async with opened(still, USUAL) as pilot:
        await press(pilot, "S")
        shown = screen(pilot)
        assert "2026-01-31 over" in shown
        assert shown.index("Rowan Clinic") < shown.index("M. Advisor"), "newest first"
        assert "2 badges" not in shown
        await press(pilot, "enter")
        assert "2 badges" in screen(pilot)
        await press(pilot, "escape")
        assert "2 badges" not in screen(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


def remember(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        first, second = (row.id for row in wallet.list_badges()[:2])
        for to, why, until, chosen in (
            ("M. Advisor", "Advice", date(2026, 1, 31), (first,)),
            ("Rowan Clinic", "An application", date(2027, 1, 31), (first, second)),
        ):
            wallet.record_shared(Disclosure("bundle", to, why, until, "ab" * 32, chosen), now=NOW)


# -- keys, looks, hostile words


async def test_every_key_acts(still: Path, outbox: Path) -> None:
    acts: dict[str, tuple[str, Callable[[Pilot[None]], bool]]] = {
        "share.all": ("a", lambda pilot: "All badges" in screen(pilot)),
        "share.back": ("escape", lambda pilot: isinstance(pilot.app.screen, LibraryScreen)),
        "words.back": ("escape", lambda pilot: isinstance(pilot.app.screen, ShareScreen)),
        "ticks.tick": ("space", lambda pilot: "[x] Letter" in screen(pilot)),
        "ticks.down": ("j", lambda pilot: pilot.app.screen.query_one("#paper", TickList).highlighted == 1),
        "ticks.up": ("k", lambda pilot: pilot.app.screen.query_one("#paper", TickList).highlighted == 0),
        "ticks.go": ("enter", lambda pilot: isinstance(pilot.app.screen, LeavingScreen)),
        "leaving.write": ("enter", lambda pilot: "Written: " in screen(pilot)),
        "leaving.finish": ("enter", lambda pilot: isinstance(pilot.app.screen, LibraryScreen)),
        "leaving.replace": ("r", lambda pilot: "Written: " in screen(pilot)),
        "leaving.copy": ("y", lambda pilot: "Copied: " in screen(pilot)),
        "leaving.back": ("escape", lambda pilot: not isinstance(pilot.app.screen, LeavingScreen)),
        "shared.right": ("l", lambda pilot: getattr(pilot.app.focused, "id", "") == "card-pane"),
        "shared.left": ("h", lambda pilot: isinstance(pilot.app.focused, SharedList)),
        "shared.back": ("escape", lambda pilot: isinstance(pilot.app.screen, LibraryScreen)),
    }
    remember(still)
    tried = []
    async with opened(still, WIDE) as pilot:

        async def act(*names: str) -> None:
            for name in names:
                key, acted = acts[name]
                await press(pilot, key)
                assert acted(pilot), name
                tried.append(name)

        await press(pilot, "s")
        await act("share.all", "share.back")
        await to_form(pilot, CERTIFICATE)
        await act("words.back")
        await press(pilot, "enter", "tab")
        await act("ticks.tick", "ticks.up", "ticks.down", "ticks.go", "leaving.back", "ticks.go", "leaving.write")
        await act("leaving.copy", "leaving.finish")
        target = next(outbox.glob("*.pdf"))
        await to_form(pilot, CERTIFICATE)
        await fill_target(pilot, target.name)
        await press(pilot, "enter")
        await act("leaving.replace")
        await press(pilot, "escape")
        await press(pilot, "S")
        await act("shared.right", "shared.left", "shared.back")
    known = {
        binding.id
        for owner in (ShareScreen, Form, TickList, LeavingScreen, SharedScreen)
        for binding in owner.BINDINGS
        if isinstance(binding, Binding)
    }
    assert known == set(tried) == set(acts)


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_the_screens_look_as_they_did(still: Path, size: tuple[int, int]) -> None:
    remember(still)
    async with opened(still, size) as pilot:
        await press(pilot, "space", "space", "s")
        agrees("share", size, screen(pilot))
        await press(pilot, *BUNDLE, "enter")
        await fill(pilot)
        agrees("share-bundle", size, screen(pilot))
        await press(pilot, "enter")
        agrees("leaving", size, screen(pilot))
        await press(pilot, "enter")
        agrees("written", size, screen(pilot))
        await press(pilot, "enter", "S")
        agrees("shared", size, screen(pilot))


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_hostile_names_and_words_are_text(tmp_path: Path, outbox: Path, size: tuple[int, int]) -> None:
    home = tmp_path / "hostile"
    lay_out(home)
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.add_identity(Identity("email", badges.EMAIL), now=NOW)
        every = tuple(row.id for row in wallet.list_badges())
        for name in NAMES[:20:4]:
            wallet.record_shared(Disclosure("bundle", name, name, None, "ab" * 32, every), now=NOW)
    async with opened(home, size) as pilot:
        for kind in (PORTFOLIO, CERTIFICATE, ORIGINALS, BUNDLE) if size == USUAL else (BUNDLE,):
            await to_form(pilot, kind, every=True)
            harmless(screen(pilot), size)
            if kind is BUNDLE:
                words = NAMES[15] + NAMES[1]
                await fill(pilot, terms=(words, words, "2027-01-01"))
            await press(pilot, "enter")
            for _ in range(4):
                harmless(screen(pilot), size)
                await press(pilot, "pagedown")
            await press(pilot, "enter")
            harmless(screen(pilot), size)
            while not isinstance(pilot.app.screen, LibraryScreen):
                await press(pilot, "escape")
        await press(pilot, "S")
        for _ in range(6):
            harmless(screen(pilot), size)
            await press(pilot, "l")
            harmless(screen(pilot), size)
            await press(pilot, "h", "j")
        assert isinstance(pilot.app.screen, SharedScreen)
        assert pilot.app.screen.query_one("#shared", OptionList).option_count == 6
    assert not os.path.lexists(outbox / "nowhere")
