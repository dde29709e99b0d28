"""Verifying what may be more than fits into memory: a stream cut into pieces, and how far it is. Judges and reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from wallet.progress import Event, Progress

T = TypeVar("T")

#: Things in one piece: few in the first, so that the first result comes soon; then more, so that all threads have work.
_FIRST, _MOST = 16, 256
#: Bytes in one piece: the thing that goes beyond is its last.
_BYTES = 8 * 2**20


def windows(items: Iterable[T], kind: Callable[[T], str], weigh: Callable[[T], int]) -> Iterator[tuple[str, list[T]]]:
    """Pieces of neighbours of one kind, in their order. Whoever is done with a piece empties it before asking for the next."""
    most = _FIRST
    some: list[T] = []
    weight = 0
    for item in items:
        if some and kind(item) != kind(some[0]):
            yield kind(some[0]), some
            some, weight = [], 0
        some.append(item)
        weight += weigh(item)
        del item
        if len(some) >= most or weight >= _BYTES:
            yield kind(some[0]), some
            some, weight = [], 0
            most = min(2 * most, _MOST)
    if some:
        yield kind(some[0]), some


class Count:
    """How far a verification is while nobody knows yet how much there is.

    unread: inputs that were not looked at. found: what was found in the others. endless: one is at hand that may hold anything.
    """

    def __init__(self, inputs: int) -> None:
        self.unread = inputs
        self.found = 0
        self.done = 0
        self.endless = False

    def one_more(self, progress: Progress) -> None:
        """Something was settled without being judged."""
        self.done += 1
        progress(Event("verify", self.done, self._total))

    def of(self, things: int, progress: Progress) -> Progress:
        """What to tell while `things` of those found are judged: the same, but counted from the first thing of all."""
        before = self.done

        def tell(event: Event) -> None:
            if not event.done and event.total is not None:
                self.found += event.total - things  # a badge of the wallet may have several forms
            self.done = before + event.done
            progress(replace(event, done=self.done, total=self._total))

        return tell

    @property
    def _total(self) -> int | None:
        return None if self.endless else self.found + self.unread
