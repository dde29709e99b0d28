"""The SQLite index in the cache directory: what makes a list of 10,000 badges cheap. Never the truth: delete it at will.

It holds the lines of all logs and, folded from them, one row for each badge. It follows the logs by offset; only badges that
new lines touch are folded again. A malformed file is replaced unasked.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from wallet.errors import StoreBusyError, StoreError
from wallet.store.derive import Derivation
from wallet.store.describe import Reader
from wallet.store.events import LogEvent, Tail, read_log
from wallet.store.journal import Lock
from wallet.store.objects import Objects
from wallet.store.state import BadgeState, State, fold
from wallet.store.tables import EVENT_COLUMNS, INDEXES, NAMES, SCHEMA, TABLES, Value, event_of
from wallet.store.whole import insert_all, unswept
from wallet.text import clean

ENDING_BYTES = 80
#: The index of 30,000 badges fits in.
_WHOLE_KIB = 64 * 1024
_MALFORMED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# What SQLite says of a damaged file may quote the damage, which then is no text that Python could read.
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)

_inherited: list[sqlite3.Connection] = []

Row = tuple[Value, ...]
_Answer = TypeVar("_Answer")


class Index:
    """One connection to the index of one wallet. Safe to use from several threads; several processes may share the file."""

    def __init__(self, path: Path | None, events: Path, objects: Objects) -> None:
        """`path` None keeps the index in memory. Call `refresh` before the first question."""
        self._path, self._events, self._objects = path, events, objects
        self._guard = threading.RLock()
        self.rebuilds = 0
        self._version: Value = None
        self._connection = self._open()

    # connection

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            try:
                return self._open_file(self._path)
            except (OSError, sqlite3.OperationalError):
                # The cache cannot be used (read-only, full): the wallet still can.
                self._path = None
        connection = _connect(":memory:")
        _create(connection)
        return connection

    def _open_file(self, path: Path) -> sqlite3.Connection:
        for directory in (path.parent.parent, path.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Creating and replacing the file is done by one process at a time; afterwards SQLite's own locks do.
        with Lock(path.with_suffix(".lock")).held():
            for last in (False, True):
                if not path.exists():
                    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
                connection = _connect(str(path))
                try:
                    if connection.execute("pragma user_version").fetchone()[0] != SCHEMA:
                        _create(connection)
                    return connection
                except _DAMAGE as error:
                    connection.close()
                    if last or not _is_malformed(error):
                        raise
                    self._unlink(path)
            raise AssertionError("unreachable")  # pragma: no cover

    def _unlink(self, path: Path) -> None:
        self.rebuilds += 1
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connection."""
        with self._guard:
            self._connection.close()

    @property
    def is_file(self) -> bool:
        """Whether it is kept in a file, so that copies of this process can read it too."""
        return self._path is not None

    def open_in_copy(self) -> None:
        """In a copy of the process that opened it: a connection of its own, which is what SQLite asks for."""
        if self._path is None:
            raise AssertionError("an index in memory has nothing to open")
        # The one that was inherited is neither used nor closed: it is still the other process's.
        _inherited.append(self._connection)
        self._guard = threading.RLock()
        self._connection = _connect(str(self._path))

    def query(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows. A malformed index is rebuilt from the logs and asked again."""
        return self._healed(lambda: self._connection.execute(sql, values).fetchall())

    def _healed(self, ask: Callable[[], _Answer]) -> _Answer:
        with self._guard:
            try:
                return ask()
            except _DAMAGE as error:
                if not _is_malformed(error):
                    raise StoreError(
                        f"The wallet's index cannot be read: {clean(str(error))}. Nothing is lost.",
                        "Delete the cache directory that 'badgefolio paths' names; it is made again.",
                    ) from error
                self._replace()
                self._follow(Reader(self._objects.read), force=True)
                return ask()

    def _replace(self) -> None:
        self._connection.close()
        if self._path is not None:
            with Lock(self._path.with_suffix(".lock")).held():
                self._unlink(self._path)
        self._connection = self._open()

    # following the logs

    def refresh(self, reader: Reader | None = None) -> bool:
        """Take in what the logs have that the index has not; whether there was anything.

        `reader` may have at hand what would be read otherwise.
        """
        reader = reader or Reader(self._objects.read)
        with self._guard:
            try:
                return self._follow(reader)
            except _DAMAGE as error:
                if isinstance(error, sqlite3.OperationalError) and not _is_malformed(error):
                    # The disk of the cache is full or gone. The truth is safe; go on in memory.
                    self._path = None
                    self._connection.close()
                    self._connection = self._open()
                elif _is_malformed(error):
                    self._replace()
                else:
                    raise
                return self._follow(reader, force=True)

    def rebuild(self) -> None:
        """Throw everything away and read all logs again."""
        with self._guard:
            try:
                self._follow(Reader(self._objects.read), force=True)
            except _DAMAGE as error:
                if not _is_malformed(error):
                    raise
                self._replace()
                self._follow(Reader(self._objects.read), force=True)

    def _follow(self, reader: Reader, *, force: bool = False) -> bool:
        force = force or self._can_fill_gaps()
        if not force and not self._behind():
            return False
        with self._room(_WHOLE_KIB) if force or not self._logs() else contextlib.nullcontext(), self._transaction():
            # Asked again inside: another process may have caught up meanwhile.
            logs = self._logs()
            sizes = self._sizes()
            if force or not logs or self._differs(logs, sizes):
                _create(self._connection)
                logs = {}
            fresh: list[LogEvent] = []
            for name, size in sizes.items():
                held = logs.get(name)
                if held is None or size > held[0].offset:
                    fresh += self._take(name, held, reader.lines)
            if logs:
                Derivation(self._connection).take(fresh, reader)
            elif fresh:
                insert_all(self._connection, fresh, reader)
        return True

    def _behind(self) -> bool:
        sizes = self._sizes()
        logs = self._logs()
        return sizes.keys() != logs.keys() or any(size != logs[name][0].offset for name, size in sizes.items())

    def _can_fill_gaps(self) -> bool:
        """Whether an object has arrived that was missing when the logs that name it were read: syncing keeps no order."""
        gaps = self._connection.execute("select sha from gap").fetchall()
        return any(self._objects.is_whole(sha) for (sha,) in gaps)

    def _sizes(self) -> dict[str, int]:
        with os.scandir(self._events) as entries:
            return {
                entry.name: entry.stat().st_size
                for entry in sorted(entries, key=lambda entry: entry.name)
                if entry.name.endswith(".jsonl") and not entry.name.startswith(".") and entry.is_file()
            }

    def _logs(self) -> dict[str, tuple[Tail, bytes]]:
        rows = self._connection.execute("select name, offset, seq, sum, ending from log").fetchall()
        return {name: (Tail(offset, seq, total), ending) for name, offset, seq, total, ending in rows}

    def _differs(self, logs: Mapping[str, tuple[Tail, bytes]], sizes: Mapping[str, int]) -> bool:
        """Whether a log is not the continuation of what was read: shorter, gone, or with another ending there."""
        for name, (tail, ending) in logs.items():
            size = sizes.get(name, 0)
            if size < tail.offset:
                return True
            if size > tail.offset and self._read(name, tail.offset - len(ending), len(ending)) != ending:
                return True
        return False

    def _read(self, name: str, offset: int, length: int = -1) -> bytes:
        with (self._events / name).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def _take(self, name: str, held: tuple[Tail, bytes] | None, known: Mapping[str, LogEvent]) -> Sequence[LogEvent]:
        tail, ending = held or (Tail(), b"")
        data = self._read(name, tail.offset)
        read = read_log(data, tail, known)
        ending = (ending + data[: len(data) - read.unread])[-ENDING_BYTES:]
        self._connection.execute(
            "insert or replace into log values (?, ?, ?, ?, ?, ?, ?)",
            (
                name,
                read.tail.offset,
                read.tail.seq,
                read.tail.sum,
                max((event.time for event in read.events), default=None),
                read.events[-1].dev if read.events else None,
                ending,
            ),
        )
        return read.events

    @contextlib.contextmanager
    def _room(self, kib: int) -> Iterator[None]:
        """Room in memory for what is written, so that no page leaves it and is read again before the end."""
        (usual,) = self._connection.execute("pragma cache_size").fetchone()
        self._connection.execute(f"pragma cache_size = {-kib}")
        try:
            with unswept():
                yield
        finally:
            with contextlib.suppress(*_DAMAGE):  # which the work met too
                self._connection.execute(f"pragma cache_size = {usual}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        connection = self._connection
        try:
            connection.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise StoreBusyError(pid=None, command="badgefolio", waited=10) from error
            raise
        try:
            yield
            connection.execute("commit")
        except BaseException:
            # On a full disk SQLite has rolled back by itself, and a second rollback would hide the cause.
            if connection.in_transaction:
                connection.execute("rollback")
            raise

    # questions

    def forms(self, raws: Sequence[str]) -> dict[str, str]:
        """The badges that these credentials are forms of; what is of no badge in the wallet is left out."""
        sql = "select raw, badge from form where raw in (select value from json_each(?))"
        return {str(raw): str(badge) for raw, badge in self.query(sql, (json.dumps(raws),))}

    def badge_states(self, badges: Sequence[str], *, runs: bool = True) -> dict[str, BadgeState]:
        """Badges as the logs say they are now, by id, in the order asked for; what is not in the wallet is left out.

        runs: with their verifications.
        """
        sql = "select raw from form where badge in (select value from json_each(?))"
        raws = {str(row[0]) for row in self.query(sql, (json.dumps(badges),))}

        def about() -> list[LogEvent]:
            derivation = Derivation(self._connection)
            return derivation.events_about(derivation.closure(raws), runs=runs)

        states = fold(self._healed(about)).badges if raws else {}
        return {badge: states[badge] for badge in badges if badge in states}

    def state_of(self, *kinds: str) -> State:
        """The part of the state that lines of these kinds make."""
        return fold(self.events("kind in ('undone', " + ", ".join("?" * len(kinds)) + ")", kinds))

    def events(
        self, condition: str, values: Sequence[Value] = (), *, order: str = "time, dev, seq, sum"
    ) -> list[LogEvent]:
        """Lines of all logs. `condition` and `order` are SQL of ours, `values` its parameters."""
        sql = f"select {EVENT_COLUMNS} from event where {condition} order by {order}"  # noqa: S608 - constants of callers
        return [event_of(row) for row in self.query(sql, values)]

    def changed_elsewhere(self) -> bool:
        """Whether another connection has changed the index since this was last asked."""
        version = self.query("pragma data_version")[0][0]
        changed, self._version = version != self._version, version
        return changed

    def is_sound(self) -> bool:
        """Whether SQLite finds its own structures and the search tables whole."""
        try:
            with self._guard:
                self._connection.execute("insert into words (words) values ('integrity-check')")
                return bool(self._connection.execute("pragma quick_check(1)").fetchone() == ("ok",))
        except _DAMAGE:
            return False

    def extent(self) -> tuple[Value, int]:
        """Something that changes whenever lines are taken in."""
        return (self.query("select max(rowid) from event")[0][0], self.rebuilds)

    def newest(self) -> str | None:
        """The newest time in any log."""
        newest = self.query("select max(time) from event")[0][0]
        return str(newest) if newest is not None else None


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=10, isolation_level=None, check_same_thread=False)
    for pragma in (
        # Rows are long; a quarter of the usual number of pages is written in nearly a fifth less time.
        "page_size = 16384",
        "journal_mode = wal",
        "synchronous = normal",
        "busy_timeout = 10000",
        "trusted_schema = off",
        "cell_size_check = on",
    ):
        try:
            connection.execute(f"pragma {pragma}")
        except _DAMAGE as error:
            if not _is_malformed(error):
                connection.close()
                raise
    return connection


def _create(connection: sqlite3.Connection) -> None:
    """Empty tables; inside the caller's transaction if there is one."""
    own = not connection.in_transaction
    if own:
        connection.execute("begin immediate")
    for name in NAMES:
        connection.execute(f"drop table if exists {name}")
    for sql in (*TABLES, *INDEXES):
        connection.execute(sql)
    connection.execute(f"pragma user_version = {SCHEMA}")
    if own:
        connection.execute("commit")


def _is_malformed(error: sqlite3.DatabaseError | UnicodeDecodeError) -> bool:
    # All texts in it were written as UTF-8: that one is not any more has no code of its own.
    undecoded = isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8")
    return undecoded or getattr(error, "sqlite_errorcode", 0) & 0xFF in _MALFORMED
