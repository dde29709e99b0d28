"""One line of an event log: how it is written, and how a log is read whatever happened to it.

A line is one compact ASCII JSON object. `prev` and `sum` chain the lines of one log: they show loss, reordering and flipped
bits. They are checksums, not signatures: whoever can write the folder can write a chain that fits. No I/O here, no clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from wallet.errors import StoreError
from wallet.model import Json, JsonObject

LINE_BYTES = 64 * 1024
VERSION = 1
FIRST_PREV = "0" * 64
AHEAD = timedelta(minutes=1)

_SUM = re.compile(rb',"sum":"([0-9a-f]{64})"\}\Z')
_SUM_BYTES = len(b',"sum":""}') + 64
# Years of four digits below 9000: one hostile line must not push the clock of every later line over the calendar's end.
_TIME = re.compile(r"[0-8]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a command wants to record; the journal gives it time, number and chain."""

    kind: str
    on: str | None
    data: JsonObject


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One good line. `time` and `wall` are text in the form of `stamp`; `op` is the `seq` of its command's first line."""

    dev: str
    seq: int
    time: str
    op: int
    kind: str
    on: str | None
    data: JsonObject
    prev: str
    sum: str
    wall: str | None = None
    version: int = VERSION

    @property
    def order(self) -> tuple[str, str, int, str]:
        """Where it stands in the history of all devices."""
        return (self.time, self.dev, self.seq, self.sum)

    @property
    def when(self) -> datetime:
        """What the device's clock said, for people."""
        return unstamp(self.wall or self.time)


def stamp(moment: datetime) -> str:
    """A time as logs write it: fixed width, UTC, microseconds, so that text order is time order."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    # As `isoformat` writes it but for the zone, which it asks for and writes at length; other ways to format take twice as long.
    day = (moment.year, moment.month, moment.day)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % (  # noqa: UP031
        (*day, moment.hour, moment.minute, moment.second, moment.microsecond)
    )


def unstamp(text: str) -> datetime:
    """Inverse of `stamp`. Raises `ValueError`."""
    return datetime.fromisoformat(text)


def after(now: datetime, newest: str | None) -> datetime:
    """The hybrid clock: `now`, or a microsecond after the newest line ever seen, whichever is later."""
    return now if newest is None else max(now, unstamp(newest) + _MICROSECOND)


_NONE: Mapping[str, LogEvent] = {}
# One for all lines: `json.dumps` makes a new one each time.
_dumps = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def encode(
    draft: Draft, *, dev: str, seq: int, op: int, time: datetime, now: datetime, prev: str
) -> tuple[bytes, LogEvent]:
    """The line with its LF, and the event it holds."""
    wall = stamp(now) if time - now > AHEAD else None
    when = stamp(time)
    line: dict[str, Json] = {"v": VERSION, "dev": dev, "seq": seq, "time": when}
    if wall is not None:
        line["wall"] = wall
    line |= {"op": op, "kind": draft.kind, "on": draft.on, "data": draft.data, "prev": prev}
    body = _dumps(line).encode("ascii")[:-1]
    total = sha256(body).hexdigest()
    whole = b'%b,"sum":"%b"}\n' % (body, total.encode("ascii"))
    if len(whole) > LINE_BYTES:
        raise StoreError(
            "This change is too big for one line of the wallet's log; nothing was changed.",
            "Do it in smaller steps.",
        )
    return whole, LogEvent(dev, seq, when, op, draft.kind, draft.on, draft.data, prev, total, wall)


def decode(line: bytes, known: Mapping[str, LogEvent] = _NONE) -> LogEvent | None:
    """The event of one line without its LF, or None if the line is not what was once written.

    known: events by their sums, whose lines are hashed but not taken apart again.
    """
    found = _SUM.match(line, max(len(line) - _SUM_BYTES, 0))
    if found is None or len(line) >= LINE_BYTES:
        return None
    total = found[1].decode("ascii")
    if sha256(line[: found.start()]).hexdigest() != total:
        return None
    held = known.get(total)
    if held is not None:
        return held
    try:
        value: object = json.loads(line)  # noqa: TID251 - a line of our own, whose sum was just checked
    except (ValueError, RecursionError):
        return None
    return _event(value, total) if isinstance(value, dict) else None


def _event(value: dict[str, object], total: str) -> LogEvent | None:
    version, dev, seq, time, op = (value.get(key) for key in ("v", "dev", "seq", "time", "op"))
    kind, on, data, prev, wall = (value.get(key) for key in ("kind", "on", "data", "prev", "wall"))
    if not (isinstance(version, int) and isinstance(seq, int) and isinstance(op, int) and 1 <= op <= seq < 2**53):
        return None
    if not (isinstance(dev, str) and isinstance(kind, str) and isinstance(prev, str) and isinstance(data, dict)):
        return None
    if not (isinstance(time, str) and _is_time(time) and (on is None or isinstance(on, str))):
        return None
    if not (isinstance(wall, str) and _is_time(wall)):
        wall = None
    return LogEvent(dev, seq, time, op, kind, on, data, prev, total, wall, version)


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        unstamp(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tail:
    """Up to where a log was read: bytes, and the number and sum of the last good line."""

    offset: int = 0
    seq: int = 0
    sum: str = FIRST_PREV


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a log. `code`: "torn" (never acknowledged), "missing", "fork". `seq`: the good line after it."""

    code: str
    offset: int
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class LogRead:
    """The good lines of a stretch of log, in order, where reading ended, and what was odd.

    `unread`: bytes after the last LF; a line that is being written, or was torn, or is not fully synced yet.
    """

    events: tuple[LogEvent, ...]
    tail: Tail
    problems: tuple[Problem, ...] = ()
    unread: int = 0


def read_log(data: bytes, tail: Tail = Tail(), known: Mapping[str, LogEvent] = _NONE) -> LogRead:
    """Read a log from `tail.offset` on; `data` begins there. Never raises: what cannot be read is named in `problems`.

    known: as in `decode`.
    """
    events: list[LogEvent] = []
    problems: list[Problem] = []
    offset, seq, last = tail.offset, tail.seq, tail.sum
    torn: Problem | None = None
    seen = {last}
    position = 0
    while (end := data.find(b"\n", position)) >= 0:
        event = decode(data[position:end], known) if end > position else None
        if event is None:
            if end > position:  # an empty line is what a writer leaves after another's torn one
                torn = torn or Problem("torn", offset + position)
        elif event.sum not in seen:
            seen.add(event.sum)
            if torn is not None and event.prev == last:
                problems.append(torn)
            elif event.prev != last:
                problems.append(Problem("fork" if event.seq <= seq else "missing", offset + position, event.seq))
            torn = None
            events.append(event)
            seq, last = event.seq, event.sum
        position = end + 1
    if torn is not None:
        problems.append(torn)
    return LogRead(tuple(events), Tail(offset + position, seq, last), tuple(problems), len(data) - position)
