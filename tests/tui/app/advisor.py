"""Driving the advisor's screens: a folder of thirty learners, scanned, and the app opened on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.hand import driven
from tests.support.screens import ROOMY, press, settled
from tests.support.wallets import NOW
from tui.app.app import BadgefolioApp
from tui.app.widgets.cohort_list import CohortList
from tui.demo.cohort import SampleCohort
from wallet.config import Config, Network
from wallet.paths import Paths


@dataclass(frozen=True, slots=True)
class Place:
    """A home that remembers a cohort, and what its issuers' hosts are called."""

    home: Path
    allow: tuple[str, ...]
    world: SampleCohort

    @property
    def folder(self) -> Path:
        return self.home / "autumn"


@asynccontextmanager
async def opened(place: Place, size: tuple[int, int] = ROOMY, *, now: datetime = NOW) -> AsyncIterator[Pilot[None]]:
    config = Config(network=Network(allow_hosts=place.allow))
    app = BadgefolioApp(Paths.under(place.home), config, now=now, cohort=place.folder)
    async with driven(app, size) as pilot:
        await settled(pilot)
        yield pilot


def is_on(pilot: Pilot[None], kind: type[Screen[None]]) -> bool:
    return isinstance(pilot.app.screen, kind)


def listed(pilot: Pilot[None]) -> CohortList:
    return pilot.app.screen.query_one(CohortList)


async def to(pilot: Pilot[None], name: str) -> None:
    """The cursor to somebody's first row."""
    await press(pilot, "g")
    for _ in range(listed(pilot).row_count):
        row = listed(pilot).current
        if row is not None and row.shown == name:
            return
        await pilot.press("j")
    raise AssertionError(name)
