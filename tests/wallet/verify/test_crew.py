"""Threads for badges: none to spare while answers are at hand, more as soon as hosts keep one waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from wallet.verify.crew import Crew


def test_as_many_work_at_once_as_hosts_keep_waiting() -> None:
    together = threading.Barrier(4)

    def act(number: int) -> int:
        together.wait(timeout=30)
        return number

    assert sorted(Crew(act, list, 4).work(range(8))) == list(range(8))


def test_what_is_at_hand_needs_no_crowd() -> None:
    names: set[str] = set()

    def act(number: int) -> int:
        names.add(threading.current_thread().name)
        return number

    assert sorted(Crew(act, list, 50).work(range(400))) == list(range(400))
    assert len(names) < 50
    assert threading.current_thread().name not in names


def test_nothing_to_do_starts_nobody() -> None:
    before = threading.active_count()
    assert list(Crew(str, list, 4).work([])) == []
    assert threading.active_count() == before


def test_what_one_raises_reaches_the_caller_and_nobody_is_left_behind() -> None:
    before = threading.active_count()

    def act(number: int) -> int:
        if number == 3:
            raise KeyError(number)
        return number

    with pytest.raises(KeyError):
        list(Crew(act, list, 2).work(range(100)))
    assert threading.active_count() == before


def test_a_caller_who_stops_has_nothing_more_begun() -> None:
    before = threading.active_count()
    begun: list[int] = []
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1_000):
            read.append(number)
            yield number

    results = Crew(begun.append, list, 4).work(items())
    next(results)
    results.close()
    assert threading.active_count() == before
    assert len(begun) <= 8
    assert len(read) <= 8


def test_nothing_that_is_done_is_held_back_however_quick_the_others_are() -> None:
    def act(number: int) -> int:
        if number % 7 == 0:
            threading.Event().wait(0.03)
        return number

    for _ in range(5):
        assert sorted(Crew(act, list, 6).work(range(150))) == list(range(150))


def test_what_waits_for_nobody_is_finished_together_and_what_waits_by_itself() -> None:
    together: list[int] = []

    def begin(number: int) -> int:
        if number >= 100:
            threading.Event().wait(0.02)
        return number

    def finish(begun: list[int]) -> list[int]:
        together.append(len(begun))
        return begun

    assert sorted(Crew(begin, finish, 8).work(range(120))) == list(range(120))
    assert max(together) > 4
    assert together.count(1) >= 10


def test_what_finishing_raises_reaches_the_caller_too() -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        list(Crew(int, lambda begun: [1 // number for number in begun], 3).work(range(50)))
    assert threading.active_count() == before


def test_the_caller_is_not_woken_for_each_thing_that_is_at_hand() -> None:
    woken = 0

    class Counted(Crew[int, int, int]):
        def _next(self) -> list[tuple[int] | BaseException]:
            nonlocal woken
            woken += 1
            return super()._next()

    assert sorted(Counted(int, list, 8).work(range(1_600))) == list(range(1_600))
    assert woken < 800
