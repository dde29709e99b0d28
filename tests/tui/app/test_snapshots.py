"""Whole screens as text, one file each, so that a change of looks is seen in a diff.

`WRITE_SNAPSHOTS=1 pytest tests/tui/app/test_snapshots.py` writes them anew; look at the diff before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.screens import USUAL, WIDE, opened, press, screen
from tests.tui.app import still_life

FOLDER = Path(__file__).parent / "snapshots"
#: Keys from the library, and keys back to it.
SCREENS = {
    "library": ((), ()),
    "badge": (("j", "j", "enter"), ("escape",)),
    "unfolded": (("k", "enter", "p"), ("escape", "g")),
    "search": (("slash", "k", "n", "o", "t"), ("escape",)),
    "verify": (("V",), ("escape",)),
    "bring-in": (("i",), ("escape",)),
    "history": (("H",), ("escape",)),
    "issuers": (("I",), ("escape",)),
    "issuer": (("I", "l"), ("escape", "escape")),
    "distrust": (("I", "d"), ("escape", "escape")),
    "health": (("D",), ("escape",)),
    "health-asking": (("D", "f"), ("escape", "escape")),
    "pathways": (("w",), ("escape",)),
    "pathway-part": (("w", "j", "l"), ("escape", "escape")),
    "pathway-whole": (("w", "home", "l"), ("escape", "escape", "escape")),
    "planner": (("w", "p", "j", "space", "b", "f"), ("escape", "escape")),
    "planner-outcome": (("w", "p", "f", "l"), ("escape", "escape", "escape")),
    "exception-kinds": (("w", "j", "e"), ("escape", "escape")),
    "exception": (("w", "j", "e", "enter"), ("escape", "escape")),
    "errors": (("exclamation_mark",), ("escape",)),
    "help": (("g", "question_mark"), ()),
}
STATES = ("empty", "damaged", "no-pathway", "sample", "no-color")


def agrees(name: str, size: tuple[int, int], shown: str) -> None:
    file = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("WRITE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8"), f"{file.name} differs"
    assert all(len(line) <= size[0] for line in shown.splitlines())


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_screens_look_as_they_did(tmp_path: Path, size: tuple[int, int]) -> None:
    home = tmp_path / "home"
    still_life.arrange(home)
    async with opened(home, size) as pilot:
        for name, (keys, way_back) in SCREENS.items():
            await press(pilot, *keys)
            agrees(name, size, screen(pilot))
            await pilot.press(*way_back)


@pytest.mark.parametrize("size", [USUAL, WIDE])
@pytest.mark.parametrize("state", STATES)
async def test_states_look_as_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, size: tuple[int, int]
) -> None:
    place = tmp_path / "home"
    if state in ("sample", "no-color"):
        still_life.arrange(place)
    if state == "damaged":
        place.mkdir()
        (place / "wallet").write_text("not a folder")
    if state == "no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    async with opened(place, size, sample=state == "sample") as pilot:
        await press(pilot, *(("w",) if state == "no-pathway" else ()))
        agrees(state, size, screen(pilot))
