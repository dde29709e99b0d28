"""Driving the app without a terminal, and reading its screen as plain lines."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.worker import WorkerError

from tests.support.hand import driven
from tests.support.wallets import NOW
from tui.app.app import BadgefolioApp
from wallet.config import Config, Network
from wallet.paths import Paths

#: As wide as it takes for two panes; the size that most terminals open with; and what pictures of screens are taken in.
ROOMY, USUAL, WIDE = (104, 32), (80, 24), (120, 40)


@asynccontextmanager
async def opened(
    home: Path, size: tuple[int, int] = USUAL, *, allow: tuple[str, ...] = (), sample: bool = False
) -> AsyncIterator[Pilot[None]]:
    """The app on the wallet below `home`, its clock stopped at `NOW`, ready for keys."""
    app = BadgefolioApp(Paths.under(home), Config(network=Network(allow_hosts=allow)), sample=sample, now=NOW)
    async with driven(app, size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all keys are acted on and all work is done and drawn."""
    await pilot.pause()
    # What a worker posts last may begin more work: a picture, a page of the list.
    while len(pilot.app.workers):
        with contextlib.suppress(WorkerError):  # a worker that fails is what some tests are about
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after the other; the work that one begins is done before the next is pressed."""
    for key in keys:
        await pilot.press(key)
        if len(pilot.app.workers):
            await settled(pilot)
    await settled(pilot)


async def shown(pilot: Pilot[None], words: str) -> bool:
    """Whether `words` come to the screen; a busy computer may need some time to draw them."""
    for _ in range(200):
        if words in screen(pilot):
            return True
        await pilot.pause(0.05)
    return False


async def write(pilot: Pilot[None], text: str) -> None:
    """Type `text` into what has the focus, as quickly as somebody pastes."""
    names = {" ": "space", "/": "slash", "-": "minus", ".": "full_stop", ":": "colon", "_": "underscore"}
    await pilot.press(*(names.get(character, character) for character in text))
    await settled(pilot)


def screen(pilot: Pilot[None]) -> str:
    """What is on the screen, as lines of text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"
