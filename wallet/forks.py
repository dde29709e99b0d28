"""Work that only computes, spread over the cores of this computer. Knows nothing of badges.

Python runs one thread at a time, so threads gain nothing here. The workers are copies of this process: they begin at once, with
all that is in memory, and whatever they are given and give back is copied. What a worker cannot do is done here instead, so a
worker that is killed costs time and nothing else. Where a copy would not be safe (other threads are running, whose locks would
stay locked in it) or cannot be made, everything is done here.
"""

from __future__ import annotations

import copyreg
import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

#: More copies than this gain little, because one process takes in what all of them give back.
_AT_MOST = 8
#: Pieces that each worker has before it or has done, so that it need not wait for this process.
_AHEAD = 3


def workers() -> int:
    """How many processes may share the work; 1 where it is best done here."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _AT_MOST)


def spread(
    act: Callable[[T], R], pieces: Iterable[T], *, enter: Callable[[], None] | None = None, processes: int
) -> Generator[R]:
    """What `act` gives for each of `pieces`, in their order; what it raises is raised here.

    pieces: each worth some milliseconds, read here, a few ahead; they and what comes of them must be possible to pickle. `act`
    and `enter` need not be. enter: called first in each worker, such as to open again what copies must not share.
    """
    if processes <= 1:
        yield from map(act, pieces)
        return
    crew = _Crew(act, enter, processes)
    under_way: deque[tuple[T, Future[tuple[R] | None] | None]] = deque()
    waiting = iter(pieces)
    try:
        while True:
            while len(under_way) < _AHEAD * processes and (following := next(((one,) for one in waiting), None)):
                under_way.append((following[0], crew.begin(following[0])))
            if not under_way:
                return
            piece, future = under_way.popleft()
            done = crew.finish(future)
            yield done[0] if done is not None else act(piece)
    finally:
        crew.close()


def light(*classes: type) -> None:
    """Let instances of these dataclasses, of several fields each, be copied by their fields, which is several times quicker."""
    for each in classes:
        if each not in copyreg.dispatch_table:
            copyreg.pickle(each, _by_fields(each))


def _by_fields(made: type) -> Callable[[object], tuple[type, tuple[object, ...]]]:
    values = attrgetter(*(one.name for one in fields(made) if one.init))
    return lambda instance: (made, values(instance))


class _Crew(Generic[T, R]):
    """Processes that call `act`."""

    def __init__(self, act: Callable[[T], R], enter: Callable[[], None] | None, processes: int) -> None:
        from concurrent.futures import ProcessPoolExecutor  # costs a start what only long work is worth
        from multiprocessing import get_context

        given = cast("Callable[[object], object]", act)
        self._lifeline = os.pipe()
        self._pool = ProcessPoolExecutor(
            processes, mp_context=get_context("fork"), initializer=partial(_enter, given, enter, self._lifeline)
        )

    def begin(self, piece: T) -> Future[tuple[R] | None] | None:
        """Give `piece` to whoever is free next; None when the workers are gone."""
        try:
            return cast("Future[tuple[R] | None]", self._pool.submit(_do, piece))
        except (RuntimeError, OSError):
            return None

    def finish(self, future: Future[tuple[R] | None] | None) -> tuple[R] | None:
        """What came of it; None when it has to be done again, here."""
        try:
            return future.result() if future is not None else None
        except Exception:  # noqa: BLE001 - a worker was killed, or what came of it cannot be copied
            return None

    def close(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        for end in self._lifeline:
            os.close(end)


#: In a worker: what it does for each piece.
_acts: list[Callable[[object], object]] = []


def _enter(act: Callable[[object], object], enter: Callable[[], None] | None, lifeline: tuple[int, int]) -> None:
    # What was inherited is never given back here: closing a database would disturb the one who goes on using it.
    gc.freeze()
    # Ctrl-C goes to all processes of a terminal; the one that is seen decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours, theirs = lifeline
    os.close(theirs)
    threading.Thread(target=_outlive_nobody, args=(ours,), daemon=True).start()
    if enter is not None:
        enter()
    _acts.append(act)


def _outlive_nobody(lifeline: int) -> None:
    """Nothing is ever written there: reading ends when the process at the other end does, however it ended."""
    os.read(lifeline, 1)
    os._exit(1)


def _do(piece: object) -> tuple[object] | None:
    try:
        return (_acts[0](piece),)
    except Exception:  # noqa: BLE001 - it is done again where its reason can be told
        return None
