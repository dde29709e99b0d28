"""Appends to this device's own event log: one writer a log, one lock a device and wallet.

Keeps, outside the wallet, which log is this device's and how it ended, so that a copied or rolled-back folder never makes
two writers of one log. Does not read other logs and does not know what events mean.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from wallet.errors import StoreBusyError
from wallet.store.disk import Disk, cannot_write
from wallet.store.events import FIRST_PREV, Draft, LogEvent, Tail, after, encode, read_log, stamp
from wallet.text import clean

BUSY_SECONDS = 10.0
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def computer_name() -> str:
    """A stable short name of this computer and user that tells nothing about either."""
    try:
        machine = Path("/etc/machine-id").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid()) if hasattr(os, "getuid") else ""
    return sha256("\0".join((machine, platform.node(), user)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Device:
    """This computer as a writer: its id, and how its log ended when it last wrote."""

    id: str
    tail: Tail


class Lock:
    """An exclusive lock between processes of this computer, held for moments only."""

    def __init__(self, path: Path, *, patience: float = BUSY_SECONDS) -> None:
        """`patience` in seconds: how long to wait before `StoreBusyError`."""
        self._path, self._patience = path, patience

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock. Raises `StoreBusyError` that names who has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._acquire(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {_command()}".encode(), 0)
            yield
        finally:
            os.close(descriptor)  # which also unlocks

    def _acquire(self, descriptor: int) -> None:
        begun = time.monotonic()
        while not _try_lock(descriptor):
            waited = time.monotonic() - begun
            if waited >= self._patience:
                pid, _, command = os.pread(descriptor, 200, 0).decode("utf-8", "replace").partition(" ")
                raise StoreBusyError(
                    pid=int(pid) if pid.isdecimal() else None, command=clean(command) or "badgefolio", waited=waited
                )
            time.sleep(0.005)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 2**30, os.SEEK_SET)  # beyond the text, which others must be able to read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _command() -> str:
    # The command's own word and nothing behind it: arguments may name people.
    words = [Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python", *sys.argv[1:2]]
    return clean(" ".join(word for word in words if not word.startswith("-")), limit=60)


class Journal:
    """This device's log below `<wallet>/events`."""

    def __init__(
        self, events: Path, state: Path, wallet_id: str, disk: Disk, *, patience: float = BUSY_SECONDS
    ) -> None:
        self._events, self._disk = events, disk
        disk.make_directory(state)
        self._memory = state / f"{wallet_id}.{computer_name()}.json"
        self._lock = Lock(self._memory.with_suffix(".lock"), patience=patience)

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Hold the write lock: between reading what is there and appending what follows from it."""
        return self._lock.held()

    def device(self) -> Device:
        """This device, its log read to the end. A new id if the log is not the one it remembers."""
        remembered = self._remembered()
        if remembered is not None:
            tail = self._checked_tail(remembered)
            if tail is not None:
                return Device(remembered.id, tail)
        return Device("".join(secrets.choice(_ALPHABET) for _ in range(16)), Tail())

    def remembered_id(self) -> str | None:
        """The id that this computer last wrote under, if it ever wrote."""
        remembered = self._remembered()
        return remembered.id if remembered is not None else None

    def _remembered(self) -> Device | None:
        try:
            value: object = json.loads(self._disk.read(self._memory))  # noqa: TID251 - our own state file
        except (OSError, ValueError):
            return None
        if not isinstance(value, dict):
            return None
        dev, offset, seq, total = (value.get(key) for key in ("device", "offset", "seq", "sum"))
        if not (isinstance(dev, str) and len(dev) == 16 and set(dev) <= set(_ALPHABET)):
            return None
        if not (isinstance(offset, int) and isinstance(seq, int) and isinstance(total, str) and offset >= 0):
            return None
        return Device(dev, Tail(offset, seq, total))

    def _checked_tail(self, device: Device) -> Tail | None:
        """Where the device's log ends now, or None if what it remembers of the log is not there any more."""
        end = f',"sum":"{device.tail.sum}"}}\n'.encode()
        begin = device.tail.offset - len(end)
        try:
            data = self._disk.read(self._log(device.id), max(begin, 0))
        except OSError:
            return None
        if begin < 0 or not data.startswith(end):
            return None
        read = read_log(data[len(end) :], device.tail)
        return Tail(read.tail.offset + read.unread, read.tail.seq, read.tail.sum)

    def _log(self, dev: str) -> Path:
        return self._events / f"{dev}.jsonl"

    def append(self, drafts: Sequence[Draft], *, now: datetime, newest: str | None) -> tuple[LogEvent, ...]:
        """Append one command's lines durably. The caller holds the lock; `newest`: the newest time in any log."""
        if not drafts:
            return ()
        device = self.device()
        log, tail = self._log(device.id), device.tail
        new = tail.offset == 0
        lines: list[bytes] = []
        if not new and self._disk.read(log, tail.offset - 1) != b"\n":
            lines.append(b"\n")  # ends a torn line, which stays: every later copy of a log extends every earlier one
        events: list[LogEvent] = []
        op, prev = tail.seq + 1, tail.sum if not new else FIRST_PREV
        for number, draft in enumerate(drafts):
            moment = after(now, newest)
            line, event = encode(draft, dev=device.id, seq=op + number, op=op, time=moment, now=now, prev=prev)
            newest, prev = event.time, event.sum
            lines.append(line)
            events.append(event)
        data = b"".join(lines)
        try:
            self._disk.append(log, data)
            if new:
                self._disk.sync_directory(self._events)
        except OSError as error:
            raise cannot_write(error) from error
        self._remember(Device(device.id, Tail(tail.offset + len(data), events[-1].seq, prev)), now)
        return tuple(events)

    def _remember(self, device: Device, now: datetime) -> None:
        value = {
            "device": device.id,
            "offset": device.tail.offset,
            "seq": device.tail.seq,
            "sum": device.tail.sum,
            "written": stamp(now),
        }
        # Not synced: an older memory is still right, and a lost one only costs a new device id.
        with contextlib.suppress(OSError):
            self._disk.replace(self._memory, json.dumps(value).encode(), durable=False)
