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
import pickle  # noqa: TID251 - between copies of one process, through pipes that nobody else can open
import selectors
import signal
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import fields
from io import BytesIO, FileIO
from operator import attrgetter
from typing import Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

#: More copies than this gain little, because one process takes in what all of them give back.
_AT_MOST = 8
#: Pieces that each worker has before it or has done, so that it need not wait for this process.
_AHEAD = 3
#: What one read or write is about, in bytes: as much as a pipe is let hold.
_ROOM = 2**20
_LENGTH = struct.Struct("<Q")
#: Before each result: whether to forget what those before it said, and its length.
_HEAD = struct.Struct("<?Q")
#: How many bytes of results a worker remembers, so as not to say the same again.
_REMEMBERED = 2**22


def workers() -> int:
    """How many processes may share the work; 1 where it is best done here."""
    # Python knows of the threads that it began itself; the system knows of all.
    if sys.platform != "linux" or threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        return 1
    return min(len(os.sched_getaffinity(0)), _AT_MOST)


def spread(
    act: Callable[[T], R], pieces: Iterable[T], *, enter: Callable[[], None] | None = None, processes: int
) -> Generator[R]:
    """What `act` gives for each of `pieces`, in their order; what it raises is raised here.

    pieces: each worth some milliseconds, read here, a few ahead; they and what comes of them must be possible to pickle, and what
    comes of one must not change later, because its parts may be sent once for several. `act` and `enter` need not be pickled.
    enter: called first in each worker, such as to open again what copies must not share.
    """
    if processes <= 1:
        yield from map(act, pieces)
        return
    crew = _Crew(act, enter, processes)
    under_way: deque[tuple[T, _Task[R]]] = deque()
    waiting = iter(pieces)
    try:
        while True:
            while len(under_way) < _AHEAD * processes and (following := next(((one,) for one in waiting), None)):
                under_way.append((following[0], crew.begin(following[0])))
            if not under_way:
                return
            piece, task = under_way.popleft()
            done = crew.finish(task)
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


class _Task(Generic[R]):
    """One piece that was given away: what came of it, or that nobody is left who could say."""

    def __init__(self) -> None:
        self.result: tuple[R] | None = None
        self.over = False


class _Worker(Generic[R]):
    """A copy of this process: what is on its way there, and what came back of what it was given."""

    def __init__(self, pid: int, there: int, back: int) -> None:
        self.pid, self.there, self.back = pid, there, back
        self.given: deque[_Task[R]] = deque()
        self.unsent: deque[memoryview] = deque()
        self._came = bytearray()
        self._source = _Source()
        self._results = pickle.Unpickler(self._source)  # noqa: S301 - as below
        for end in (there, back):
            os.set_blocking(end, False)

    def give(self, piece: bytes, task: _Task[R]) -> None:
        """Put a piece on its way."""
        self.given.append(task)
        self.unsent += (memoryview(_LENGTH.pack(len(piece))), memoryview(piece))

    def send(self) -> None:
        """Write as much as the pipe takes. Raises `OSError` when nobody reads it."""
        while self.unsent:
            try:
                written = os.write(self.there, self.unsent[0][:_ROOM])
            except BlockingIOError:
                return
            self.unsent[0] = self.unsent[0][written:]
            if not self.unsent[0]:
                self.unsent.popleft()

    def receive(self) -> bool:
        """Read what there is, and say whether more can come."""
        data = os.read(self.back, _ROOM)
        self._came += data
        while len(self._came) >= _HEAD.size:
            anew, length = _HEAD.unpack_from(self._came)
            end = _HEAD.size + length
            if len(self._came) < end:
                break
            if anew:
                self._results = pickle.Unpickler(self._source)  # noqa: S301 - written by a copy of this process
            self._source.take(bytes(memoryview(self._came)[_HEAD.size : end]))
            task = self.given.popleft()
            task.result = cast("tuple[R] | None", self._results.load())
            task.over = True
            del self._came[:end]
        return bool(data)


class _Source:
    """A file that always holds the message at hand: one unpickler reads them all, and knows what it read in earlier ones."""

    def __init__(self) -> None:
        self._message = BytesIO()

    def take(self, message: bytes) -> None:
        """Hold the next message."""
        self._message = BytesIO(message)

    def read(self, size: int) -> bytes:
        """As of files."""
        return self._message.read(size)

    def readline(self) -> bytes:
        """As of files."""
        return self._message.readline()


class _Crew(Generic[T, R]):
    """Processes that call `act`. There is no thread in this one that helps them: it would stand in the way of the first."""

    def __init__(self, act: Callable[[T], R], enter: Callable[[], None] | None, processes: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker[R]] = []
        try:
            for _ in range(processes):
                self._hire(act, enter)
        except OSError:
            pass  # as many as the system allows; what nobody takes is done here

    def _hire(self, act: Callable[[T], R], enter: Callable[[], None] | None) -> None:
        read_there, there = _pipe()
        back, write_back = _pipe()
        try:
            pid = os.fork()
        except OSError:
            _close(read_there, there, back, write_back)
            raise
        if pid == 0:
            # Ends of pipes that stay open in a copy would keep others from noticing that this process is gone.
            _close(there, back, *(end for one in self._workers for end in (one.there, one.back)))
            _serve(cast("Callable[[object], object]", act), enter, read_there, write_back)
        _close(read_there, write_back)
        worker: _Worker[R] = _Worker(pid, there, back)
        self._workers.append(worker)
        self._selector.register(back, selectors.EVENT_READ, worker)

    def begin(self, piece: T) -> _Task[R]:
        """Give `piece` to whoever has least to do."""
        task: _Task[R] = _Task()
        present = [worker for worker in self._workers if worker.back >= 0]
        try:
            data = pickle.dumps(piece, 5)
        except Exception:  # noqa: BLE001 - what cannot be copied is worked on here
            present = []
        if not present:
            task.over = True
            return task
        min(present, key=lambda one: len(one.given)).give(data, task)
        self._exchange(0)
        return task

    def finish(self, task: _Task[R]) -> tuple[R] | None:
        """What came of it; None when it has to be done again, here."""
        while not task.over:
            self._exchange(None)
        return task.result

    def _exchange(self, timeout: float | None) -> None:
        """Send and receive what can be without waiting, or wait until something came."""
        for worker in self._workers:
            self._send(worker)
        for key, mask in self._selector.select(timeout):
            worker = key.data
            if mask & selectors.EVENT_WRITE:
                self._send(worker)
            elif worker.back >= 0 and not worker.receive():
                self._lose(worker)

    def _send(self, worker: _Worker[R]) -> None:
        if worker.there < 0 or not worker.unsent:
            return
        try:
            worker.send()
        except OSError:
            worker.unsent.clear()
        watched = worker.there in self._selector.get_map()
        if worker.unsent and not watched:
            self._selector.register(worker.there, selectors.EVENT_WRITE, worker)
        elif watched and not worker.unsent:
            self._selector.unregister(worker.there)

    def _lose(self, worker: _Worker[R]) -> None:
        """It is gone: what it was given is nobody's any more."""
        for end in (worker.there, worker.back):
            with suppress(KeyError):
                self._selector.unregister(end)
        _close(worker.there, worker.back)
        worker.there = worker.back = -1
        worker.unsent.clear()
        for task in worker.given:
            task.over = True
        worker.given.clear()

    def close(self) -> None:
        """Stop what is not done: nobody waits for it, and it only computes."""
        for worker in self._workers:
            if worker.back >= 0:
                self._lose(worker)
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGTERM)
        for worker in self._workers:
            with suppress(ChildProcessError):
                os.waitpid(worker.pid, 0)
        self._selector.close()


def _pipe() -> tuple[int, int]:
    """One that holds a piece, if the system lets it, so that neither end waits for the other to look."""
    import fcntl  # which is not everywhere where this module is read

    ends = os.pipe()
    with suppress(OSError):
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _ROOM)
    return ends


def _close(*ends: int) -> None:
    for end in ends:
        with suppress(OSError):
            os.close(end)


def _serve(act: Callable[[object], object], enter: Callable[[], None] | None, there: int, back: int) -> None:
    """What a copy does, until nobody gives it anything more. Never returns, and runs nothing that is run at an exit."""
    try:
        # What was inherited is never given back here: closing a database would disturb the one who goes on using it.
        gc.freeze()
        # Ctrl-C goes to all processes of a terminal; the one that is seen decides what to do about it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if enter is not None:
            enter()
        with os.fdopen(there, "rb", _ROOM) as given, os.fdopen(back, "wb", 0) as done:
            results = _Results(done)
            while len(length := given.read(_LENGTH.size)) == _LENGTH.size:
                piece = pickle.loads(given.read(_LENGTH.unpack(length)[0]))  # noqa: S301 - the process that made this one wrote it
                results.write(act, piece)
    finally:
        os._exit(0)


class _Results:
    """The way back. What a result has in common with those before it is not copied again, until that has become much."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._begin()

    def _begin(self) -> None:
        self._message = BytesIO()
        self._pickler = pickle.Pickler(self._message, 5)
        self._written = 0

    def write(self, act: Callable[[object], object], piece: object) -> None:
        """Send what comes of a piece, or that nothing came."""
        if self._written > _REMEMBERED:
            self._begin()
        anew = self._written == 0
        try:
            self._pickler.dump((act(piece),))
        except Exception:  # noqa: BLE001 - it is done again where its reason can be told
            # Half of it may be remembered here, and nobody else knows of it.
            self._begin()
            anew = True
            self._pickler.dump(None)
        message = self._message.getvalue()
        self._message.seek(0)
        self._message.truncate()
        self._written += len(message)
        left = memoryview(_HEAD.pack(anew, len(message)) + message)
        while left:
            left = left[self._file.write(left) or 0 :]
