"""The SQLite index in the cache directory: what makes a list of 10,000 badges cheap. Never the truth: delete it at will.

It holds the lines of all logs and, folded from them, one row for each badge. It follows the logs by offset; only badges that
new lines touch are folded again. A malformed file is replaced unasked.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from wallet.errors import StoreBusyError
from wallet.model import Credential
from wallet.store.describe import Reader, describe
from wallet.store.events import LogEvent, Tail, read_log, stamp, unstamp
from wallet.store.journal import Lock
from wallet.store.objects import Objects
from wallet.store.state import BadgeState, State, fold, touched, undone_target, verification
from wallet.store.tables import (
    EVENT_COLUMNS,
    INSERT_BADGE,
    INSERT_EVENT,
    NAMES,
    SCHEMA,
    TABLES,
    Value,
    badge_values,
    event_of,
    event_values,
    texts_values,
)
from wallet.verify.report import Role

ENDING_BYTES = 80
SHORT = 6
_MALFORMED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FULL_FOLD = 2_000

Row = tuple[Value, ...]


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
                except sqlite3.DatabaseError as error:
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

    def query(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows. A malformed index is rebuilt from the logs and asked again."""
        with self._guard:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                if not _is_malformed(error):
                    raise
                self._replace()
                self._follow(Reader(self._objects.read), force=True)
                return self._connection.execute(sql, values).fetchall()

    def _replace(self) -> None:
        self._connection.close()
        if self._path is not None:
            with Lock(self._path.with_suffix(".lock")).held():
                self._unlink(self._path)
        self._connection = self._open()

    # following the logs

    def refresh(
        self, known: Mapping[str, bytes] | None = None, claimed: Mapping[str, Credential | None] | None = None
    ) -> bool:
        """Take in what the logs have that the index has not; whether there was anything.

        `known` and `claimed`: objects and claims at hand, which need not be read again.
        """
        reader = Reader(self._objects.read, known or {}, dict(claimed or {}))
        with self._guard:
            try:
                return self._follow(reader)
            except sqlite3.DatabaseError as error:
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
            except sqlite3.DatabaseError as error:
                if not _is_malformed(error):
                    raise
                self._replace()
                self._follow(Reader(self._objects.read), force=True)

    def _follow(self, reader: Reader, *, force: bool = False) -> bool:
        force = force or self._can_fill_gaps()
        if not force and not self._behind():
            return False
        with self._transaction():
            # Asked again inside: another process may have caught up meanwhile.
            logs = self._logs()
            sizes = self._sizes()
            if force or self._differs(logs, sizes):
                _create(self._connection)
                logs = {}
            fresh: list[LogEvent] = []
            for name, size in sizes.items():
                held = logs.get(name)
                if held is None or size > held[0].offset:
                    fresh += self._take(name, held)
            self._apply(fresh, reader, whole=not logs)
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

    def _take(self, name: str, held: tuple[Tail, bytes] | None) -> Sequence[LogEvent]:
        tail, ending = held or (Tail(), b"")
        data = self._read(name, tail.offset)
        read = read_log(data, tail)
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

    # from lines to rows

    def _apply(self, fresh: Sequence[LogEvent], reader: Reader, *, whole: bool) -> None:
        """Take new lines in. `whole`: they are all there are."""
        if not fresh:
            return
        connection = self._connection
        connection.executemany(INSERT_EVENT, (event_values(event) for event in fresh))
        connection.executemany(
            "insert or ignore into touch values (?, ?)", ((raw, event.sum) for event in fresh for raw in touched(event))
        )
        if whole:
            stale: set[str] = set()
            state = fold(fresh)
        else:
            raws = self._closure({raw for event in fresh for raw in touched(event)}, fresh)
            of = "select badge from form where raw = ?"
            stale = {str(row[0]) for raw in raws for row in connection.execute(of, (raw,))}
            for badge in stale:
                self._forget(badge)
            state = fold(self._events_about(raws))
        for one in state.badges.values():
            self._insert(one, reader)
        self._keep_evidence(fresh, reader)
        self._set_widths(stale | state.badges.keys())
        connection.executemany("insert or ignore into gap values (?)", ((sha,) for sha in sorted(reader.missing)))

    def _closure(self, todo: set[str], fresh: Iterable[LogEvent] = ()) -> set[str]:
        """All credentials whose badge may look different: those in `todo`, joined to these, or named by what was undone."""
        connection = self._connection
        targets = [target for event in fresh if (target := undone_target(event)) is not None]
        visited: set[tuple[str, int]] = set()
        while targets:
            target = targets.pop()
            if target in visited:
                continue
            visited.add(target)
            sql = f"select {EVENT_COLUMNS} from event where dev = ? and op = ?"  # noqa: S608 - constant
            for row in connection.execute(sql, target):
                event = event_of(row)
                todo.update(touched(event))
                further = undone_target(event)
                if further is not None:
                    targets.append(further)
        found: set[str] = set()
        # The plus keeps SQLite from walking all joins there are instead of the few lines about this one.
        pairs = (
            f"select {EVENT_COLUMNS} from event where sum in (select sum from touch where raw = ?)"  # noqa: S608 - constant
            " and +kind in ('badge.joined', 'badge.split', 'badge.removed')"
        )
        while todo:
            raw = todo.pop()
            found.add(raw)
            for row in connection.execute(pairs, (raw,)):
                todo.update(other for other in touched(event_of(row)) if other not in found)
        return found

    def _events_about(self, raws: set[str]) -> list[LogEvent]:
        connection = self._connection
        undone = f"select {EVENT_COLUMNS} from event where kind = 'undone'"  # noqa: S608 - constant
        rows: list[Row]
        if len(raws) > _FULL_FOLD:
            rows = connection.execute(f"select {EVENT_COLUMNS} from event").fetchall()  # noqa: S608 - constant
            return [event for row in rows if (event := event_of(row)).kind == "undone" or raws & set(touched(event))]
        about = f"select {EVENT_COLUMNS} from event where sum in (select sum from touch where raw = ?)"  # noqa: S608
        rows = connection.execute(undone).fetchall()
        for raw in raws:
            rows += connection.execute(about, (raw,)).fetchall()
        return [event_of(row) for row in rows]

    # questions

    def badge_state(self, badge: str) -> BadgeState | None:
        """One badge as the logs say it is now."""
        with self._guard:
            raws = {str(row[0]) for row in self.query("select raw from form where badge = ?", (badge,))}
            return fold(self._events_about(self._closure(raws))).badges.get(badge) if raws else None

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
        except sqlite3.DatabaseError:
            return False

    def newest(self) -> str | None:
        """The newest time in any log."""
        newest = self.query("select max(time) from event")[0][0]
        return str(newest) if newest is not None else None

    # from a badge to its rows

    def _forget(self, badge: str) -> None:
        connection = self._connection
        connection.execute("delete from words where rowid = (select n from badge where id = ?)", (badge,))
        connection.execute("delete from same where raw in (select raw from form where badge = ?)", (badge,))
        connection.execute("delete from form where badge = ?", (badge,))
        connection.execute("delete from badge where id = ?", (badge,))

    def _insert(self, badge: BadgeState, reader: Reader) -> None:
        connection = self._connection
        description = describe(badge, reader)
        n = connection.execute(INSERT_BADGE, badge_values(description.row)).lastrowid
        connection.execute(
            "insert into words (rowid, name, issuer, tags, criteria, codes) values (?, ?, ?, ?, ?, ?)",
            (n, *texts_values(description.texts)),
        )
        connection.executemany("insert into form values (?, ?)", ((raw, badge.id) for raw in badge.raws))
        connection.executemany(
            "insert or ignore into same values (?, ?)",
            ((texts_values((key,))[0], raw) for raw, key in description.keys),
        )

    def _keep_evidence(self, fresh: Sequence[LogEvent], reader: Reader) -> None:
        # Also of badges that are not in the wallet any more: what an issuer's host said does not depend on that.
        found = {pair for event in fresh if (run := verification(event)) is not None for pair in run.evidence}
        for role, meta in sorted(found):
            self._keep_one(role, meta, reader)

    def _keep_one(self, role: str, meta: str, reader: Reader) -> None:
        facts = reader.json(meta)
        if facts is None:
            return
        url, status, fetched_at, body = (facts.get(key) for key in ("url", "status", "fetched_at", "sha256"))
        if not (isinstance(url, str) and isinstance(fetched_at, str) and isinstance(body, str)):
            return
        try:
            moment = stamp(unstamp(fetched_at))
        except ValueError:
            return
        # 410 says "withdrawn" of an assertion; of any other document it says nothing that earlier bytes did not.
        conclusive = status == 200 or (status == 410 and role == Role.ASSERTION)
        self._connection.execute(
            "insert or replace into evidence values (?, ?, ?, ?, ?, ?)",
            (meta, role, *texts_values((url,)), moment, conclusive, body),
        )

    def _set_widths(self, changed: set[str]) -> None:
        """Give the changed badges, and those beside them, short names that are unique again."""
        connection = self._connection
        if len(changed) > _FULL_FOLD // 10:
            near = [str(row[0]) for row in connection.execute("select id from badge order by id")]
        else:
            around = set(changed)
            for name in changed:
                around.update(self._neighbours(name))
            near = sorted(around)
        everything = len(changed) > _FULL_FOLD // 10
        for position, name in enumerate(near):
            beside = near[max(position - 1, 0) : position + 2] if everything else self._neighbours(name)
            width = max([SHORT, *(_common(name, other) + 1 for other in beside if other != name)])
            connection.execute("update badge set width = ? where id = ? and width <> ?", (width, name, width))

    def _neighbours(self, name: str) -> list[str]:
        row = self._connection.execute(
            "select (select max(id) from badge where id < ?), (select min(id) from badge where id > ?)", (name, name)
        ).fetchone()
        return [other for other in row if other is not None]


def _common(one: str, other: str) -> int:
    return next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=10, isolation_level=None, check_same_thread=False)
    for pragma in (
        "journal_mode = wal",
        "synchronous = normal",
        "busy_timeout = 10000",
        "trusted_schema = off",
        "cell_size_check = on",
    ):
        try:
            connection.execute(f"pragma {pragma}")
        except sqlite3.DatabaseError as error:
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
    for sql in TABLES:
        connection.execute(sql)
    connection.execute(f"pragma user_version = {SCHEMA}")
    if own:
        connection.execute("commit")


def _is_malformed(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _MALFORMED
