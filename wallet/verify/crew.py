"""Threads for work that mostly waits for hosts: as few as keep it going. Knows nothing of badges.

A second thread would only be in the way of the first while answers are at hand, because Python runs one at a time. So there is
one until it keeps its caller waiting, which is when a host does, and then one more each time, up to a limit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
M = TypeVar("M")
R = TypeVar("R")

#: How long nothing may come, in seconds, before another thread helps: longer than a badge takes whose answers are at hand.
_PATIENCE = 0.02
#: How long, in seconds, a thread may hold back what it has begun, and how many: handing over each by itself wakes the caller too
#: often, and finishing several at once is quicker.
_TOGETHER, _AT_MOST = 0.005, 16


class Crew(Generic[T, M, R]):
    """Up to `size` threads, each of which begins one thing after another and finishes those together that took no time."""

    def __init__(self, begin: Callable[[T], M], finish: Callable[[list[M]], Iterable[R]], size: int) -> None:
        """`begin` may wait for hosts; `finish` gives one result for each that was begun."""
        self._begin, self._finish = begin, finish
        self._size = size
        self._threads: list[threading.Thread] = []
        self._todo: SimpleQueue[tuple[T] | None] = SimpleQueue()
        self._done: SimpleQueue[list[tuple[R] | BaseException]] = SimpleQueue()

    def work(self, items: Iterable[T]) -> Generator[R]:
        """What comes of each of `items`, as it comes; what is raised is raised here.

        `items` is read in the caller's thread, a second item ahead for each thread, so that none waits for its caller. When the
        caller stops early, what was begun is let finish and nothing more is begun.
        """
        waiting = iter(items)
        under_way = 0
        try:
            while True:
                if under_way <= self._size:
                    # All at once: one by one, each would be begun, judged and handed back by itself while the next is read.
                    following = [(item,) for item in islice(waiting, 2 * self._size - under_way)]
                    for one in following:
                        self._todo.put(one)
                    under_way += len(following)
                if not under_way:
                    return
                for came in self._next():
                    under_way -= 1
                    if isinstance(came, BaseException):
                        raise came
                    yield came[0]
        finally:
            with suppress(Empty):
                while True:
                    self._todo.get_nowait()
            for _ in self._threads:
                self._todo.put(None)
            for thread in self._threads:
                thread.join()

    def _next(self) -> list[tuple[R] | BaseException]:
        while len(self._threads) < self._size:
            try:
                return self._done.get(timeout=_PATIENCE if self._threads else 0)
            except Empty:
                thread = threading.Thread(target=self._run, name=f"verify_{len(self._threads)}")
                self._threads.append(thread)
                thread.start()
        return self._done.get()

    def _run(self) -> None:
        begun: list[M] = []
        handed = monotonic()
        while True:
            try:
                item = self._todo.get_nowait()
            except Empty:
                # Whoever waits for more to do holds nothing back meanwhile.
                if begun:
                    begun = self._hand_over(begun)
                item = self._todo.get()
                handed = monotonic()
            if item is None:
                return
            try:
                begun.append(self._begin(*item))
            except BaseException as error:  # noqa: BLE001 - whoever asked is in another thread, and is told there
                self._done.put([error])
            if begun and (len(begun) >= _AT_MOST or monotonic() - handed >= _TOGETHER):
                begun = self._hand_over(begun)
                handed = monotonic()

    def _hand_over(self, begun: list[M]) -> list[M]:
        """Finish these, and give a list for the next ones."""
        try:
            self._done.put([(result,) for result in self._finish(begun)])
        except BaseException as error:  # noqa: BLE001 - as above
            self._done.put([error])
        return []
