"""Names that want to be commands: every screen shows them as harmless text, and nothing but the driver speaks to the terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from tests.generate import badges
from tests.support import wallets
from tests.support.screens import USUAL, WIDE, opened, press, screen, settled
from tests.support.wallets import NOW
from tui.app.badge_views import columns, head
from tui.app.reading import whole
from tui.app.widgets.badge_list import BadgeList
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Finding, Outcome, Verdict

NAMES = (
    "\x1b]52;c;cHduZWQ=\x07 clipboard",
    "\x1b]0;pwned\x07 title",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H cleared",
    "\x1b[?1049l left the screen",
    "\x1b[31mred\x1b[0m",
    "\x1bP0;1|17/17\x1b\\ device control",
    "\x1b_Gi=1;AAAA\x1b\\ kitty",
    "\x9b31m eight bits",
    "\x9d52;c;cHduZWQ=\x9c eight bits",
    "\x90q#0~\x9c sixel",
    "carriage\rreturn",
    "line\nbreak\n\n\nbreaks",
    "tab\tand\x0bvertical\x0cfeed",
    "\x00nul\x08\x08\x08backspace\x7f",
    "[@click=app.quit]leave[/]",
    "[@click=app.bell()]ring[/@click]",
    "[/oops] closes nothing",
    "[link=javascript:alert(1)]link[/link]",
    "[bold red]not bold[/bold red]",
    "[[[[ ]] [/] [$x] {} %s \\[",
    "[on red blink reverse]",
    "\u202egnirts desrever\u202c",
    "\u2066isolated\u2069 \u200fright \u061cmark",
    "zero\u200bwidth\u2060joiner\ufeff",
    "\U000e0041\U000e0042 tags",
    "Z" + "\u0335\u0321\u0353" * 300,
    "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 漢字漢字漢字",
    "مهارات الماء والتربة",
    "x" * 100_000,
    "é" * 5_000,
    "\u2028separated\u2029paragraphs",
    "\ud83d lone surrogate".encode("utf-8", "replace").decode(),
    "",
)
PATHWAY = """\
format = "badge-pathway/1"
id = "urn:example:hostile"
name = "[@click=app.quit]Pathway[/] [/oops] \\u001b]52;c;x\\u0007"
description = "\\u001b[2J [/oops]"
version = "[red]1"
root = "all"

[publisher]
name = "[/oops]\\u202e"

[group.all]
name = "[/oops] group \\u001b]0;x\\u0007"
of = ["one", "two"]

[element.one]
name = "[@click=app.quit]one[/] \\u009b31m"
match = [{ achievement = "HOST/classes/3" }]
facilitator = "[/oops]\\u001b[2J"
outcomes = ["[/x]\\u202e"]

[element.two]
name = "TWO"
match = [{ achievement = "HOST/classes/none" }]
""".replace("HOST", badges.HOST).replace("TWO", "t" * 300)


def lay_out(home: Path) -> None:
    """A wallet in which every foreign word is hostile."""
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        items = []
        for number, name in enumerate(NAMES):
            issuer = badges.issuer(name=name, id=f"{badges.HOST}/{number}")
            achievement = badges.badge_class(
                id=f"{badges.HOST}/classes/{number}",
                name=name,
                description=name,
                criteria={"narrative": f"{name} **&#x202e;** &#x9b; [l](javascript:x)"},
                issuer=issuer,
                tags=[name],
            )
            items.append(wallets.found(number, badge=achievement))
        added = wallet.add(items, now=NOW)
        for number, name in enumerate(NAMES[:6]):
            note = Finding("drift.hosted", Outcome.WARNING, name, expected=name, found=name, remedy=name)
            made = wallets.report(items[number], Verdict.REVOKED, issuer=f"{badges.HOST}/{number}", name=name)
            wallet.record(added[number].badge, replace(made, findings=(note,)), now=NOW)
            wallet.set_trust(f"{badges.HOST}/{number}", "distrusted", now=NOW, note=name)
            wallet.set_note(added[number].badge, name, now=NOW)
        wallet.save_pathway("hostile", PATHWAY.encode(), now=NOW)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing in here is changed by what these tests do, except that badges are checked."""
    folder = tmp_path_factory.mktemp("hostile")
    lay_out(folder)
    return folder


def harmless(shown: str, size: tuple[int, int]) -> None:
    for line in shown.splitlines():
        assert cell_len(line) <= size[0], line
        for character in line:
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"), f"U+{ord(character):04X} in {line!r}"
            assert not 0x202A <= ord(character) <= 0x202E, line
            assert not 0x2066 <= ord(character) <= 0x2069, line


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_every_screen_survives_every_name(home: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(home, size) as pilot:
        rows = pilot.app.screen.query_one(BadgeList)
        assert rows.row_count == len(NAMES)
        for number in range(len(NAMES) if size == USUAL else 4):
            # Opening takes a while: all names are seen in the list, some are opened, and the next test reads all of them.
            if number % 8 == 0:
                await press(pilot, "enter")
                harmless(screen(pilot), size)
                await press(pilot, "escape")
            rows.action_move(1)
            await pilot.pause()
            harmless(screen(pilot), size)
        harmless(screen(pilot), size)
        assert "[@click=app.quit]" in "".join(rows._row(number).name for number in range(len(NAMES)))
        for key in (
            "H",
            "G",
            "escape",
            "I",
            "j",
            "l",
            "pagedown",
            "h",
            "t",
            "escape",
            "escape",
            "D",
            "f",
            "escape",
            "escape",
            "A",
            "v",
            "p",
            "d",
            "d",
            "enter",
            "escape",
            "escape",
            "w",
            "down",
            "l",
            "h",
            "a",
            "e",
            "enter",
            "escape",
            "p",
            "space",
            "b",
            "f",
            "l",
            "escape",
            "escape",
            "escape",
            "question_mark",
            "exclamation_mark",
        ):
            await press(pilot, key)
            harmless(screen(pilot), size)
        assert pilot.app.is_running


def test_all_that_is_said_of_a_badge_is_harmless_for_every_name(home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        for row in wallet.list_badges():
            read = whole(wallet, row.id, NOW, None)
            texts = columns(read, language=None, ascii_only=False, folded=False, wide=True)
            for text in (head(read.badge, read.issuer, ascii_only=False), *texts):
                harmless(text.plain, (100_000, 0))


async def test_words_that_are_typed_or_refused_are_text(home: Path, tmp_path: Path) -> None:
    async with opened(home, WIDE) as pilot:
        await press(pilot, "slash")
        for name in NAMES[:26]:
            pilot.app.screen.query_one("#search", Input).value = name
            await pilot.pause()
            harmless(screen(pilot), WIDE)
        await press(pilot, "escape", "i")
        for number, name in enumerate(NAMES[:26:4]):
            file = tmp_path / str(number)
            file.mkdir()
            file = file / (name.replace("/", "|").replace("\x00", "")[:80] + ".png")
            file.write_bytes(badges.png())
            pilot.app.screen.query_one("#source", Input).value = str(file)
            await press(pilot, "enter")
            harmless(screen(pilot), WIDE)
        await settled(pilot)
        assert pilot.app.is_running


#: What Textual's driver and the question about graphics are made of: modes, cursor, colours, keys, queries. No OSC but these.
_OSC = re.compile(rb"(?:\x1b\]|\xc2\x9d)([^\x07\x1b]{0,80})")
_ALLOWED_OSC = (
    b"10;?",
    b"11;?",
    b"22;default",
)  # asks for colours, sets the mouse pointer; nothing of a badge is in it


def test_in_a_real_terminal_nothing_speaks_but_the_driver(home: Path) -> None:
    said = _in_a_terminal(
        home,
        (
            b"jjjjjjjj",
            b"\r",
            b"\x1b",
            b"GG",
            b"l",
            b"h",
            b"H",
            b"\x1b",
            b"I",
            b"j",
            b"\x1b",
            b"w",
            b"l",
            b"\x1b",
            b"\x1b",
            b"A",
            b"v",
            b"\x1b",
            b"q",
        ),
    )
    assert b"eight bits" in said, "the names were on the screen"
    assert b"clipboard" in said
    foreign = [match for match in _OSC.findall(said) if not match.startswith(_ALLOWED_OSC)]
    assert not foreign
    assert b"cHduZWQ=" not in b"".join(_OSC.findall(said))
    text = said.decode("utf-8", "replace")
    assert "\x9b" not in text
    assert "\x90" not in text
    assert "\u202e" not in text
    # The screen is left once, at the end, and by the driver.
    assert said.count(b"\x1b[?1049l") == 1
    assert said.rindex(b"\x1b[?1049l") > len(said) - 400
    assert b"Traceback" not in said


def _in_a_terminal(home: Path, keys: tuple[bytes, ...]) -> bytes:
    """Run the program in a pseudo terminal of 100 x 30, press keys, and return all that it wrote."""
    ours, theirs = pty.openpty()
    _resize(theirs)
    environment = {
        **os.environ,
        "BADGEFOLIO_HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.cli"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    said = bytearray()
    try:
        _read(ours, said, until=b"\x1b[?1049h", quiet=1.0)
        for key in keys:
            os.write(ours, key)
            _read(ours, said, quiet=0.2)
        _read(ours, said, quiet=5.0)
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
    return bytes(said)


def _resize(descriptor: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))


def _read(descriptor: int, into: bytearray, *, quiet: float, until: bytes = b"") -> None:
    """Read until nothing came for `quiet` seconds, and, first, until `until` was seen."""
    start = time.monotonic()
    while time.monotonic() - start < 30:
        waiting = bool(until) and until not in into
        ready, _, _ = select.select([descriptor], [], [], 30 if waiting else quiet)
        if not ready:
            return
        try:
            got = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end has closed
            return
        if not got:
            return
        into += got
