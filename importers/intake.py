"""From sources to the wallet: find, keep in durable batches, and say what became of each item.

Both faces bring badges in through here. Nothing is announced as added before it is on disk, so a kill at any moment loses
nothing that was announced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from importers.find import iter_find
from wallet.found import Found, Refused
from wallet.limits import LIMITS, Limits
from wallet.progress import Progress, silent

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.store.wallet import Added, Wallet

#: Originals that one durable batch holds, by number and by bytes, whichever is reached first.
BATCH_ITEMS = 1_000
BATCH_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one item. Exactly one of `added` and `refused` is set."""

    added: Added | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Members of a folder that simply are no badge."""

    count: int


def take_in(
    wallet: Wallet,
    sources: Sequence[str | Path],
    *,
    now: datetime,
    net: Fetcher | None = None,
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Iterator[TakenIn | Skipped]:
    """Bring in `sources` (files, folders, URLs). Each yielded item is durable.

    A `Cancelled` raised by `progress` passes through after the batch at hand was kept.
    """
    batch: list[Found] = []
    weight = 0
    found = iter_find(sources, net=net, limits=limits, progress=progress)
    while True:
        try:
            report = next(found, None)
        except BaseException:
            # What was found before the stop is in hand and complete: keep it, then let the stop through.
            yield from _keep(wallet, batch, now)
            raise
        if report is None:
            break
        yield from (TakenIn(refused=refused) for refused in report.refused)
        if report.skipped:
            yield Skipped(report.skipped)
        batch.extend(report.found)
        weight += sum(len(item.original) for item in report.found)
        if len(batch) >= BATCH_ITEMS or weight >= BATCH_BYTES:
            yield from _keep(wallet, batch, now)
            batch, weight = [], 0
    yield from _keep(wallet, batch, now)


def _keep(wallet: Wallet, batch: Sequence[Found], now: datetime) -> Iterator[TakenIn]:
    if batch:
        yield from (TakenIn(added=added) for added in wallet.add(batch, now=now))
