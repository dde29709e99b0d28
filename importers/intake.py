"""From sources to the wallet: find, keep in durable batches, and say what became of each item.

Both faces bring badges in through here. Nothing is announced as added before it is on disk, so a kill at any moment loses
nothing that was announced. Links that files hold are handed on as offers; `take_offers` opens them, and whoever calls it has
asked the learner.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from importers.context import Context
from importers.find import find, iter_find
from importers.metered import Metered, metered
from importers.offers import only_links
from importers.text import WEB_ADDRESS
from wallet.documents.jws import COMPACT
from wallet.found import Found, FromBundle, ImportReport, Offer, Refused
from wallet.limits import LIMITS, Limits
from wallet.progress import Event, Progress, silent

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.store.wallet import Added, Wallet

#: Originals that one durable batch holds, by number and by bytes, whichever is reached first.
BATCH_ITEMS = 1_000
BATCH_BYTES = 8 * 2**20
#: The refusal of a text that holds links and no badge: settled when its links were opened.
ONLY_LINKS = "only-links"
_LONGEST_PATH = 4_096
_LONGEST_TYPED = 300


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text or bytes that came by itself, and what to call it in messages.

    chosen: the learner saw it, so that a link which is all of it was meant to be opened; what comes through a pipe may be
    anybody's, and its links are offered.
    """

    content: bytes
    name: str = "The pasted text"
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one item. Exactly one is set; `found` is one that was looked at and not kept."""

    added: Added | None = None
    refused: Refused | None = None
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Members of a folder that simply are no badge."""

    count: int


@dataclass(frozen=True, slots=True)
class Offered:
    """Links that were found in one file, and opened only when the learner says so."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Links that were not opened, because as many requests as were allowed had been made."""

    offers: tuple[Offer, ...]


Item = TakenIn | Skipped | Offered | Left | FromBundle


def take_in(
    wallet: Wallet | None,
    sources: Sequence[str | Path | Pasted],
    *,
    now: datetime,
    net: Fetcher | None = None,
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Iterator[Item]:
    """Bring in `sources` (files, folders, URLs, pasted texts). Each yielded item is durable; without a wallet none is kept.

    `net` is asked for the URLs among the sources and for nothing else. A `Cancelled` raised by `progress` passes through
    after the batch at hand was kept.
    """
    yield from _in_batches(wallet, _look(sources, net, limits, progress), now)


def _look(
    sources: Sequence[str | Path | Pasted],
    net: Fetcher | None,
    limits: Limits,
    progress: Progress,
) -> Iterator[ImportReport]:
    net = metered(net, limits)  # one count for all sources
    for source in sources:
        if isinstance(source, Pasted) and not source.chosen and WEB_ADDRESS.fullmatch(source.content.strip()):
            url = source.content.strip().decode("utf-8", "replace")
            yield only_links([url], Context(source.name, limits))
        elif isinstance(source, Pasted):
            yield find(source.content, net=net, limits=limits, name=source.name, progress=progress)
        else:
            yield from iter_find([source], net=net, limits=limits, progress=progress)


def take_offers(
    wallet: Wallet | None,
    offers: Sequence[Offer],
    *,
    now: datetime,
    net: Fetcher,
    most: int | None = None,
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Iterator[Item]:
    """Open links that were offered and keep the badges behind them: only after the learner said so.

    most: requests that may be made, `Limits.import_fetches` unless the learner allowed more. What these links lead to is not
    followed any further. Ends with `Left` when links are left.
    """
    left: list[Offer] = []
    metered = Metered(net, replace(limits, import_fetches=limits.import_fetches if most is None else most))
    yield from _in_batches(wallet, _open(offers, left, metered, limits, progress), now)
    if left:
        yield Left(tuple(left))


def _open(
    offers: Sequence[Offer], left: list[Offer], net: Metered, limits: Limits, progress: Progress
) -> Iterator[ImportReport]:
    """What is behind each link; `left` is filled with those that were not opened."""
    for number, offer in enumerate(offers):
        if not net.spend():
            left += offers[number:]
            return
        report = find(offer.url, net=net, limits=limits)
        # One step is what the learner agreed to: links behind links stay closed.
        yield replace(report, offers=())
        progress(Event("fetch", number + 1, len(offers), offer.url))


def collect(kept: dict[str, Offer], offers: Iterable[Offer], limits: Limits = LIMITS) -> None:
    """Add `offers` to those `kept` by address: each address once, however many files hold it, and no more than may be shown."""
    for offer in offers:
        if len(kept) >= limits.offers:
            return
        kept.setdefault(offer.url, offer)


def sources_in(text: str) -> tuple[Path | Pasted, ...]:
    """What somebody meant who typed or pasted `text`: paths, one or several, if all of it names files; else the text itself.

    Terminals put quotes around the files that are dropped on them, or a backslash before a space.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    for words in (lines, _as_a_shell_reads(text)):
        paths = [_path(word) for word in words]
        if paths and all(path is not None for path in paths):
            return tuple(path for path in paths if path is not None)
    if len(lines) == 1 and _is_typed_path(lines[0]):
        return (Path(lines[0].strip("'\"")),)
    return (Pasted(_bytes(text)),)


def _bytes(text: str) -> bytes:
    """As it was before it was decoded with "surrogateescape"; nothing raises."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _is_typed_path(line: str) -> bool:
    """Whether a line that names no file was still meant to: then the learner wants to hear that there is none."""
    return (
        len(line) <= _LONGEST_TYPED
        and "://" not in line
        and line[0] not in "{[<"
        and not COMPACT.fullmatch(_bytes(line))
    )


def _as_a_shell_reads(text: str) -> list[str]:
    if len(text) > 64 * _LONGEST_PATH:
        return []
    try:
        return shlex.split(text)
    except ValueError:  # a quote that is not closed
        return []


def _path(word: str) -> Path | None:
    word = word.strip("'\"")
    if not word or len(word) > _LONGEST_PATH or "\0" in word:
        return None
    if word.startswith("file://"):  # what file managers put on the clipboard
        word = unquote(word.removeprefix("file://"))
    try:
        path = Path(word).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError, ValueError):  # longer than the system takes, no such home
        return None


def _in_batches(wallet: Wallet | None, reports: Iterator[ImportReport], now: datetime) -> Iterator[Item]:
    batch: list[Found] = []
    weight = 0
    while True:
        try:
            report = next(reports, None)
        except BaseException:
            # What was found before the stop is in hand and complete: keep it, then let the stop through.
            yield from _keep(wallet, batch, now)
            raise
        if report is None:
            break
        yield from report.bundles
        yield from (TakenIn(refused=refused) for refused in report.refused)
        if report.skipped:
            yield Skipped(report.skipped)
        if report.offers:
            yield Offered(report.offers)
        batch.extend(report.found)
        weight += sum(len(item.original) for item in report.found)
        if len(batch) >= BATCH_ITEMS or weight >= BATCH_BYTES:
            yield from _keep(wallet, batch, now)
            batch, weight = [], 0
    yield from _keep(wallet, batch, now)


def _keep(wallet: Wallet | None, batch: Sequence[Found], now: datetime) -> Iterator[TakenIn]:
    if wallet is None:
        yield from (TakenIn(found=found) for found in batch)
    elif batch:
        yield from (TakenIn(added=added) for added in wallet.add(batch, now=now))
