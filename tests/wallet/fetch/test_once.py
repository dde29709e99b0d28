"""Each thing is made once, and what is kept stays within its budget."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest

from wallet.fetch.once import Once


def quiet(_: float) -> None:
    pass


class Watched(str):
    """A key that notes every look-up, so that a test knows how far others have come."""

    __slots__ = ()
    looked: ClassVar[list[int]] = []

    def __hash__(self) -> int:
        self.looked.append(1)
        return super().__hash__()

    __eq__ = str.__eq__


def test_threads_that_ask_at_the_same_time_share_one_answer() -> None:
    made: list[int] = []
    started, go = threading.Barrier(4), threading.Event()

    def make() -> bytes:
        made.append(1)
        go.wait(10)
        return b"answer"

    waits: list[float] = []
    once: Once[str, bytes] = Once(len, 100, waits.append)

    def ask() -> bytes:
        started.wait(10)
        return once.get(Watched("a"), make)

    Watched.looked.clear()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask) for _ in range(4)]
        # Each looks twice, and one of them keeps the place: by then all four have asked and none can have an answer.
        while not made or len(Watched.looked) < 9:
            time.sleep(0.001)
        go.set()
        assert [answer.result() for answer in answers] == [b"answer"] * 4
    assert made == [1]
    assert len(waits) == 3


def test_the_oldest_answers_go_when_the_budget_is_used_up() -> None:
    made: list[str] = []

    def make(key: str) -> bytes:
        made.append(key)
        return bytes(40)

    once: Once[str, bytes] = Once(len, 100, quiet)
    for key in ("a", "b", "c", "c", "b", "a"):
        once.get(key, lambda key=key: make(key))
    assert made == ["a", "b", "c", "a"]


def test_an_interrupted_answer_is_not_kept() -> None:
    once: Once[str, bytes] = Once(len, 100, quiet)

    def interrupted() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once.get("a", interrupted)
    assert once.get("a", lambda: b"b") == b"b"
