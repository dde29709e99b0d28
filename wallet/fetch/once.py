"""Makes each thing once: threads that ask for the same key at the same time wait for the first one's answer.

Answers are kept for the run within a budget of bytes; the ones asked for longest ago go first. Knows nothing of what it keeps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Once(Generic[K, V]):
    """A mapping that makes what is missing. Safe to use from several threads."""

    def __init__(self, size: Callable[[V], int], budget: int, waited: Callable[[float], None]) -> None:
        """`size` of an answer and `budget` for all, in bytes. `waited` hears the seconds spent on another's work."""
        self._size = size
        self._budget = budget
        self._waited = waited
        self._used = 0
        self._kept: dict[K, Future[V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The answer for `key`. What `make` raises reaches everybody who waits, and the key can be tried again."""
        future = self._kept.get(key)
        if future is not None and future.done():
            return future.result()
        with self._lock:
            future = self._kept.get(key)
            ours = future is None
            if future is None:
                future = self._kept[key] = Future()
        if not ours:
            started = time.monotonic()
            answer = future.result()
            self._waited(time.monotonic() - started)
            return answer
        try:
            answer = make()
        except BaseException as error:
            with self._lock:
                del self._kept[key]
            future.set_exception(error)
            raise
        future.set_result(answer)
        with self._lock:
            self._used += self._size(answer)
            if self._used > self._budget:
                self._shrink()
        return answer

    def _shrink(self) -> None:
        """Forget the oldest finished answers until the rest fits."""
        for key in [key for key, future in self._kept.items() if future.done()]:
            if self._used <= self._budget:
                return
            self._used -= self._size(self._kept.pop(key).result())
