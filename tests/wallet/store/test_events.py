"""Lines of a log: whatever happens to a log, no line is believed that was not written so, and none is lost silently."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.support.wallets import NOW
from wallet.errors import StoreError
from wallet.store.events import FIRST_PREV, Draft, LogEvent, Tail, after, decode, encode, read_log, stamp, unstamp

DEV = "a" * 16


def lines(count: int) -> tuple[list[bytes], list[LogEvent]]:
    made: list[bytes] = []
    events: list[LogEvent] = []
    prev = FIRST_PREV
    for seq in range(1, count + 1):
        moment = NOW + timedelta(microseconds=seq)
        draft = Draft("tag.added", "b" * 64, {"label": f"label {seq}"})
        line, event = encode(draft, dev=DEV, seq=seq, op=1, time=moment, now=NOW, prev=prev)
        made.append(line)
        events.append(event)
        prev = event.sum
    return made, events


def codes(data: bytes) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.seq) for problem in read_log(data).problems]


def test_a_line_is_one_compact_ascii_object_with_its_keys_in_order() -> None:
    (line,), (event,) = lines(1)
    assert line.endswith(b"\n") and line.isascii()
    assert list(json.loads(line)) == ["v", "dev", "seq", "time", "op", "kind", "on", "data", "prev", "sum"]
    assert decode(line[:-1]) == event


def test_no_flipped_bit_passes() -> None:
    (line,), _ = lines(1)
    for place in range(len(line) - 1):
        for bit in range(8):
            changed = bytearray(line[:-1])
            changed[place] ^= 1 << bit
            assert decode(bytes(changed)) is None


def test_a_whole_log_reads_without_a_problem() -> None:
    made, events = lines(5)
    read = read_log(b"".join(made))
    assert read.events == tuple(events)
    assert read.problems == () and read.unread == 0
    assert read.tail == Tail(sum(map(len, made)), 5, events[-1].sum)


def test_a_torn_line_between_good_ones_was_never_acknowledged() -> None:
    made, events = lines(3)
    data = made[0] + made[1][:40] + b"\n" + made[1] + made[2]
    read = read_log(data)
    assert read.events == tuple(events)
    assert codes(data) == [("torn", None)]


def test_a_lost_line_is_damage_named_by_its_successor() -> None:
    made, events = lines(4)
    data = made[0] + made[2] + made[3]
    assert read_log(data).events == (events[0], events[2], events[3])
    assert codes(data) == [("missing", 3)]


def test_a_repeated_line_changes_nothing() -> None:
    made, events = lines(3)
    data = made[0] + made[1] + made[0] + made[1] + made[2]
    assert read_log(data).events == tuple(events)
    assert codes(data) == []


def test_two_continuations_of_one_log_are_a_fork() -> None:
    made, events = lines(2)
    draft = Draft("tag.added", "c" * 64, {"label": "other"})
    other, _ = encode(draft, dev=DEV, seq=2, op=2, time=NOW, now=NOW, prev=events[0].sum)
    assert codes(b"".join(made) + other) == [("fork", 2)]


def test_a_line_without_its_end_waits() -> None:
    made, events = lines(2)
    data = made[0] + made[1][:-1]
    read = read_log(data)
    assert read.events == (events[0],)
    assert read.unread == len(made[1]) - 1
    further = read_log(data[read.tail.offset :] + b"\n", read.tail)
    assert further.events == (events[1],)


def test_reading_goes_on_where_it_ended() -> None:
    made, events = lines(6)
    data = b"".join(made)
    for cut in range(0, len(data), 97):
        first = read_log(data[:cut])
        second = read_log(data[first.tail.offset :], first.tail)
        assert first.events + second.events == tuple(events)
        assert second.tail.seq == 6 and not second.problems


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"null", b"[" * 40_000, b'{"v":1}', b"\xff\xfe", b'{"a":1,"sum":"' + b"0" * 64 + b'"}']
)
def test_what_is_no_line_is_skipped(text: bytes) -> None:
    assert decode(text) is None


def test_an_edit_sorts_after_all_that_its_device_had_seen() -> None:
    ahead = stamp(NOW + timedelta(days=3))
    assert after(NOW, None) == NOW
    assert after(NOW, ahead) == NOW + timedelta(days=3, microseconds=1)


def test_a_time_far_ahead_of_the_clock_is_shown_by_the_clock() -> None:
    moment = NOW + timedelta(days=3)
    line, event = encode(Draft("undone", None, {}), dev=DEV, seq=1, op=1, time=moment, now=NOW, prev=FIRST_PREV)
    assert event.when == NOW
    assert decode(line[:-1]) == event
    assert unstamp(event.time) == moment


def test_a_line_cannot_push_the_clock_over_the_end_of_the_calendar() -> None:
    moment = NOW.replace(year=9999)
    line, _ = encode(Draft("undone", None, {}), dev=DEV, seq=1, op=1, time=moment, now=NOW, prev=FIRST_PREV)
    assert decode(line[:-1]) is None


def test_a_line_longer_than_its_cap_is_refused_before_it_is_written() -> None:
    draft = Draft("tag.added", None, {"label": "x" * 70_000})
    with pytest.raises(StoreError):
        encode(draft, dev=DEV, seq=1, op=1, time=NOW, now=NOW, prev=FIRST_PREV)
