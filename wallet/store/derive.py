"""From log lines to the rows of the index: only badges that new lines touch are folded and described again.

Works inside a transaction that the caller began; knows neither files nor locks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from wallet.store.describe import Reader, describe
from wallet.store.events import LogEvent, stamp, unstamp
from wallet.store.state import BadgeState, fold, touched, undone_target, verification
from wallet.store.tables import (
    EVENT_COLUMNS,
    INSERT_BADGE,
    INSERT_EVENT,
    Value,
    badge_values,
    event_of,
    event_values,
    texts_values,
)
from wallet.verify.report import Role

SHORT = 6
# From so many on, reading a whole table once is faster than asking for each.
_MANY_RAWS = 2_000
_MANY_BADGES = 200


class Derivation:
    """Derives rows through one connection."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def take(self, fresh: Sequence[LogEvent], reader: Reader, *, whole: bool) -> None:
        """Take new lines in. `whole`: they are all there are."""
        if not fresh:
            return
        self._sql.executemany(INSERT_EVENT, (event_values(event) for event in fresh))
        self._sql.executemany(
            "insert or ignore into touch values (?, ?)", ((raw, event.sum) for event in fresh for raw in touched(event))
        )
        if whole:
            stale: set[str] = set()
            state = fold(fresh)
        else:
            raws = self.closure({raw for event in fresh for raw in touched(event)}, fresh)
            of = "select badge from form where raw = ?"
            stale = {str(row[0]) for raw in raws for row in self._sql.execute(of, (raw,))}
            for badge in stale:
                self._forget(badge)
            state = fold(self.events_about(raws))
        for one in state.badges.values():
            self._insert(one, reader)
        self._keep_evidence(fresh, reader)
        self._set_widths(stale | state.badges.keys())
        self._sql.executemany("insert or ignore into gap values (?)", ((sha,) for sha in sorted(reader.missing)))

    def closure(self, todo: set[str], fresh: Iterable[LogEvent] = ()) -> set[str]:
        """All credentials whose badge may look different: those in `todo`, joined to these, or named by what was undone."""
        targets = [target for event in fresh if (target := undone_target(event)) is not None]
        visited: set[tuple[str, int]] = set()
        while targets:
            target = targets.pop()
            if target in visited:
                continue
            visited.add(target)
            sql = f"select {EVENT_COLUMNS} from event where dev = ? and op = ?"  # noqa: S608 - constant
            for row in self._sql.execute(sql, target):
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
            for row in self._sql.execute(pairs, (raw,)):
                todo.update(other for other in touched(event_of(row)) if other not in found)
        return found

    def events_about(self, raws: set[str]) -> list[LogEvent]:
        """The lines that are about these credentials, and all that undo something."""
        undone = f"select {EVENT_COLUMNS} from event where kind = 'undone'"  # noqa: S608 - constant
        rows: list[tuple[Value, ...]]
        if len(raws) > _MANY_RAWS:
            rows = self._sql.execute(f"select {EVENT_COLUMNS} from event").fetchall()  # noqa: S608 - constant
            return [event for row in rows if (event := event_of(row)).kind == "undone" or raws & set(touched(event))]
        about = f"select {EVENT_COLUMNS} from event where sum in (select sum from touch where raw = ?)"  # noqa: S608
        rows = self._sql.execute(undone).fetchall()
        for raw in raws:
            rows += self._sql.execute(about, (raw,)).fetchall()
        return [event_of(row) for row in rows]

    def _forget(self, badge: str) -> None:
        self._sql.execute("delete from words where rowid = (select n from badge where id = ?)", (badge,))
        self._sql.execute("delete from same where raw in (select raw from form where badge = ?)", (badge,))
        self._sql.execute("delete from form where badge = ?", (badge,))
        self._sql.execute("delete from badge where id = ?", (badge,))

    def _insert(self, badge: BadgeState, reader: Reader) -> None:
        description = describe(badge, reader)
        reader.forget()
        n = self._sql.execute(INSERT_BADGE, badge_values(description.row)).lastrowid
        self._sql.execute(
            "insert into words (rowid, name, issuer, tags, criteria, codes) values (?, ?, ?, ?, ?, ?)",
            (n, *texts_values(description.texts)),
        )
        self._sql.executemany("insert into form values (?, ?)", ((raw, badge.id) for raw in badge.raws))
        self._sql.executemany(
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
        self._sql.execute(
            "insert or replace into evidence values (?, ?, ?, ?, ?, ?)",
            (meta, role, *texts_values((url,)), moment, conclusive, body),
        )

    def _set_widths(self, changed: set[str]) -> None:
        """Give the changed badges, and those beside them, short names that are unique again."""
        if len(changed) > _MANY_BADGES:
            near = [str(row[0]) for row in self._sql.execute("select id from badge order by id")]
        else:
            around = set(changed)
            for name in changed:
                around.update(self._neighbours(name))
            near = sorted(around)
        everything = len(changed) > _MANY_BADGES
        for position, name in enumerate(near):
            beside = near[max(position - 1, 0) : position + 2] if everything else self._neighbours(name)
            width = max([SHORT, *(_common(name, other) + 1 for other in beside if other != name)])
            self._sql.execute("update badge set width = ? where id = ? and width <> ?", (width, name, width))

    def _neighbours(self, name: str) -> list[str]:
        row = self._sql.execute(
            "select (select max(id) from badge where id < ?), (select min(id) from badge where id > ?)", (name, name)
        ).fetchone()
        return [other for other in row if other is not None]


def _common(one: str, other: str) -> int:
    return next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
