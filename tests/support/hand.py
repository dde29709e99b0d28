"""An app driven without a terminal, its keys answered as fast as the computer can.

Textual's own pilot waits after each key, by the clock, until the processor seems to rest. This one waits until the event loop
has nothing left to do. It does not wait for what the app itself does in other threads; `tests.support.screens.settled` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual import app as textual_app
from textual.app import App
from textual.pilot import Pilot

#: Seconds: a timer that ends sooner is part of what is being done: that of the next frame, or the one before a new size counts.
SOON = 0.02


class Hand(Pilot[None]):
    """Textual's pilot, waiting for the event loop."""

    def __init__(self, app: App[None]) -> None:
        super().__init__(app)
        self._threads: set[asyncio.Future[object]] = set()

    async def _wait_for_screen(self, timeout: float = 30.0) -> bool:
        await self.still()
        return True

    async def pause(self, delay: float | None = None) -> None:
        """Wait until all is done, after `delay` seconds if given."""
        if delay is not None:
            await asyncio.sleep(delay)
        await self.still()

    async def still(self, *_: float) -> None:
        """Wait until nothing is left to do at once or soon."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0)
            if loop._ready:
                continue
            # What has changed is drawn when a timer says so; not to wait for it is most of what makes this quick.
            if self.app.screen_stack:
                self.app.screen._on_timer_update()
            if loop._ready:
                continue
            # Textual parses Markdown and asks for folders in threads that are no workers of the app.
            if len(self._threads) > len(self.app.workers):
                await asyncio.wait(self._threads, return_when=asyncio.FIRST_COMPLETED)
                continue
            soon = loop.time() + SOON
            timers = [timer.when() for timer in loop._scheduled if not timer.cancelled() and timer.when() < soon]
            if not timers:
                return
            await asyncio.sleep(max(0.0, min(timers) - loop.time()))

    def in_thread(self, begin: Callable[..., asyncio.Future[object]]) -> Callable[..., asyncio.Future[object]]:
        """`begin`, which has a thread do something, remembering what is not done yet."""

        def begun(*work: object) -> asyncio.Future[object]:
            future = begin(*work)
            self._threads.add(future)
            future.add_done_callback(self._threads.discard)
            return future

        return begun


@asynccontextmanager
async def driven(app: App[None], size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """The app, running, and the hand on its keys."""
    hand, loop = Hand(app), asyncio.get_running_loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "run_in_executor", hand.in_thread(loop.run_in_executor))
        patch.setattr(textual_app, "wait_for_idle", hand.still)
        async with app.run_test(size=size, notifications=True):
            yield hand
