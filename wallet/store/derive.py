"""From log lines to the rows of the index: only badges that new lines touch are folded and described again.

Works inside a transaction that the caller began; knows neither files nor locks.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import count, islice

from wallet.store.describe import Description, Reader, describe, verdict_of
from wallet.store.events import LogEvent, stamp, unstamp
from wallet.store.facts import Facts
from wallet.store.state import BadgeState, State, Verified, fold, touched, undone_target, verification
from wallet.store.tables import (
    EVENT_COLUMNS,
    INSERT_BADGE,
    INSERT_EVENT,
    INSERT_TOUCH,
    INSERT_WORDS,
    UPDATE_BADGE,
    UPDATE_ENDED,
    Row,
    Value,
    badge_values,
    event_of,
    event_values,
    texts_values,
    write_rows,
)
from wallet.verify.report import Role, Verdict

SHORT = 6
#: Badges whose rows are in memory at once.
AT_HAND = 1_000
_LISTED = "(select value from json_each(?))"
_RUNS = frozenset({"verified", "issuer.pinned"})
_FORMS_OF = f"select badge from form where raw in {_LISTED}"  # noqa: S608 - constants


@dataclass(slots=True)
class _Changes:
    """What some badges change in each table."""

    updated: list[tuple[Value, ...]] = field(default_factory=list)
    inserted: list[tuple[Value, ...]] = field(default_factory=list)
    unsaid: list[tuple[Value, ...]] = field(default_factory=list)
    words: list[tuple[Value, ...]] = field(default_factory=list)
    forms: list[tuple[Value, ...]] = field(default_factory=list)
    same: list[tuple[Value, ...]] = field(default_factory=list)
    said: list[tuple[Value, ...]] = field(default_factory=list)

    def take(
        self, description: Description, place: tuple[int, tuple[str, ...] | None] | None, fresh: Iterator[int]
    ) -> None:
        """`place`: where the row of this badge lies, and the words that are indexed for it. fresh: places for new rows."""
        values, texts = badge_values(description.row), texts_values(description.texts)
        n, before = place or (next(fresh), None)
        if place is None:
            self.inserted.append((*values, n))
        else:
            self.updated.append((*values, n))
        if before is not None and before != texts:
            self.unsaid.append((n,))
        if before != texts:
            self.words.append((n, *texts))
        if place is not None or description.said:
            self.said.append((description.row.id, description.said))
        self.same.extend((texts_values((key,))[0], raw, int(own)) for raw, key, own in description.keys)


class Derivation:
    """Derives rows through one connection."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def take(self, fresh: Sequence[LogEvent], reader: Reader) -> None:
        """Take new lines in."""
        if not fresh:
            return
        runs = runs_of(fresh)
        settled = self._settled(fresh, runs, reader)
        ended = self._ended(settled, reader)
        write_rows(self._sql, INSERT_EVENT, map(event_values, fresh))
        self._sql.executemany(INSERT_TOUCH, touch_rows(fresh))
        self._sql.executemany(UPDATE_ENDED, ended.values())
        self._look_again([event for event in fresh if event.on not in ended], settled.keys() - ended.keys(), reader)
        self._sql.executemany("insert or replace into evidence values (?, ?, ?, ?, ?, ?)", evidence_rows(runs, reader))
        self._sql.executemany("insert or ignore into gap values (?)", ((sha,) for sha in sorted(reader.missing)))

    def _look_again(self, fresh: Sequence[LogEvent], settled: Set[str], reader: Reader) -> None:
        """Fold and describe again what these lines touch. settled: see `_settled`."""
        raws = self.closure({raw for event in fresh for raw in touched(event)}, fresh)
        stale = {str(row[0]) for row in self._sql.execute(_FORMS_OF, _listed(raws))}
        known = [event for event in fresh if event.on in settled]
        without_runs = self.events_about(settled, fresh, runs=False) if settled else []
        state = fold([*self.events_about(raws - settled, fresh), *without_runs, *known])
        self._forget(raws, state)
        self._drop(stale - state.badges.keys())
        self._describe(state, reader)
        if stale != state.badges.keys():
            self._set_widths(stale ^ state.badges.keys())

    def _ended(self, settled: Mapping[str, Verified], reader: Reader) -> dict[str, Row]:
        """Of settled credentials those whose run says what the one shown so far said, with the values of `UPDATE_ENDED`."""
        sql = f"select raw, badge, said from form join said using (badge) where raw in {_LISTED}"  # noqa: S608 - constants
        rows = self._sql.execute(sql, _listed(settled)).fetchall() if settled else []
        return {
            raw: (*_how_it_ended(run, facts), badge)
            for raw, badge, said in rows
            if (facts := reader.facts[(run := settled[raw]).report, run.line]).said == said
        }

    def _settled(self, fresh: Sequence[LogEvent], runs: Sequence[Verified], reader: Reader) -> dict[str, Verified]:
        """The credentials whose badge is shown by a fresh run whatever runs there were before: those are not read again.

        That holds where the run came to a conclusion, rests on nothing older than the one shown so far, is newer than every
        line held, and is about the only form of its badge.
        """
        if any(event.kind not in _RUNS for event in fresh):
            return {}
        (newest,) = self._sql.execute("select max(time) from event").fetchone()
        sql = (
            "select raw, as_of from form join badge on id = badge"  # noqa: S608 - constants
            f" where raw in {_LISTED} and representations = 1 and (as_of is not null or verdict is null)"
        )
        rows = self._sql.execute(sql, _listed(run.raw for run in runs)).fetchall()
        shown = {raw: as_of or "" for raw, as_of in rows}
        often = Counter(run.raw for run in runs)
        return {
            run.raw: run
            for run in runs
            if often[run.raw] == 1
            and run.raw in shown
            and run.as_of >= shown[run.raw]
            and run.event.time > (newest or "")
            and verdict_of(run) is not Verdict.UNDETERMINED
            and (facts := reader.facts.get((run.report, run.line))) is not None
            and facts.credential is not None
            and facts.credential.name
        }

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
        # The plus keeps SQLite from walking all joins there are instead of the few lines about these.
        pairs = (
            f"select {EVENT_COLUMNS} from event where sum in (select sum from touch where raw in {_LISTED} and run = 0)"  # noqa: S608
            " and +kind in ('badge.joined', 'badge.split', 'badge.removed')"
        )
        while todo:
            found |= todo
            rows = self._sql.execute(pairs, _listed(todo)).fetchall()
            todo = {other for row in rows for other in touched(event_of(row))} - found
        return found

    def events_about(self, raws: Set[str], fresh: Iterable[LogEvent] = (), *, runs: bool = True) -> list[LogEvent]:
        """The lines that are about these credentials, and all that undo something.

        fresh: lines that are at hand. runs: with verifications, of which there are more each month.
        """
        at_hand = {event.sum: event for event in fresh}
        sql = (
            f"select {EVENT_COLUMNS} from event where kind = 'undone'"  # noqa: S608 - constants
            f" or sum in (select sum from touch where raw in {_LISTED}{'' if runs else ' and run = 0'})"
        )
        rows: list[tuple[Value, ...]] = self._sql.execute(sql, _listed(raws)).fetchall()
        return [at_hand.get(str(row[0])) or event_of(row) for row in rows]

    def _forget(self, raws: set[str], state: State) -> None:
        """Forget which badges these credentials belong to, and the keys that may be others now."""
        kept = {raw for badge in state.badges.values() for raw in badge.raws}
        self._sql.execute(f"delete from form where raw in {_LISTED}", _listed(raws))  # noqa: S608 - constants
        # What credentials say of themselves does not change; what reports say of them does.
        sql = f"delete from same where raw in {_LISTED}"  # noqa: S608 - constants
        self._sql.execute(sql, _listed(raws - kept))
        self._sql.execute(f"{sql} and own = 0", _listed(raws & kept))

    def _drop(self, badges: set[str]) -> None:
        """Drop the rows of badges that are not in the wallet any more."""
        here = f"from badge where id in {_LISTED}"
        self._sql.execute(f"delete from words where rowid in (select n {here})", _listed(badges))  # noqa: S608
        self._sql.execute(f"delete {here}", _listed(badges))
        self._sql.execute(f"delete from said where badge in {_LISTED}", _listed(badges))  # noqa: S608 - constants

    def _claims_held(self, badges: Iterable[BadgeState]) -> frozenset[str]:
        """The credentials of these badges whose own keys are known already."""
        raws = {raw for badge in badges for raw in badge.raws}
        sql = f"select distinct raw from same where own = 1 and raw in {_LISTED}"  # noqa: S608 - constants
        return frozenset(str(row[0]) for row in self._sql.execute(sql, _listed(raws)))

    def _describe(self, state: State, reader: Reader) -> None:
        held = self._claims_held(state.badges.values())
        (last,) = self._sql.execute("select coalesce(max(n), 0) from badge").fetchone()
        fresh = count(last + 1)
        waiting = iter(state.badges.values())
        while some := list(islice(waiting, AT_HAND)):
            places = self._places([badge.id for badge in some])
            changes = _Changes()
            for badge in some:
                description = describe(badge, reader, held)
                reader.forget()
                changes.take(description, places.get(badge.id), fresh)
                changes.forms.extend((raw, badge.id) for raw in badge.raws)
            write_rows(self._sql, UPDATE_BADGE, changes.updated)
            write_rows(self._sql, INSERT_BADGE, changes.inserted)
            self._sql.executemany("delete from words where rowid = ?", changes.unsaid)
            self._sql.executemany(INSERT_WORDS, changes.words)
            self._sql.executemany("insert into form values (?, ?)", changes.forms)
            self._sql.executemany("insert or ignore into same values (?, ?, ?)", changes.same)
            self._sql.executemany("insert or replace into said values (?, ?)", changes.said)

    def _places(self, badges: Sequence[str]) -> dict[str, tuple[int, tuple[str, ...] | None]]:
        """Where the rows of badges lie, and the words that are indexed for them."""
        sql = (
            "select id, n, words.name, issuer, words.tags, words.criteria, codes"  # noqa: S608 - constant
            f" from badge left join words on words.rowid = n where id in {_LISTED}"
        )
        rows = self._sql.execute(sql, _listed(badges)).fetchall()
        return {row[0]: (row[1], None if row[2] is None else tuple(row[2:])) for row in rows}

    def _set_widths(self, changed: set[str]) -> None:
        """Give the changed badges, and those beside them, short names that are unique again."""
        near = changed | {other for _, *beside in self._neighbours(changed) for other in beside if other is not None}
        widths: list[tuple[int, str, int]] = []
        for name, *beside in self._neighbours(near):
            width = max([SHORT, *[common(name, other) + 1 for other in beside if other is not None]])
            widths.append((width, name, width))
        self._sql.executemany("update badge set width = ? where id = ? and width <> ?", widths)

    def _neighbours(self, names: Iterable[str]) -> list[tuple[str, str | None, str | None]]:
        """These names, each with the badge before it and the one after it."""
        sql = (
            "select value, (select max(id) from badge where id < value), (select min(id) from badge where id > value)"
            " from json_each(?)"
        )
        return self._sql.execute(sql, _listed(names)).fetchall()


def _how_it_ended(run: Verified, facts: Facts) -> Row:
    """How a run ended, for the row of a badge that it decides and that has no other form."""
    verdict = verdict_of(run)
    return (
        str(verdict),
        stamp(facts.as_of),
        stamp(run.event.when),
        str(facts.authentic),
        str(facts.yours),
        str(facts.still_good),
        int(verdict is Verdict.REVOKED),
        int(not facts.offline),
        str(verdict),
    )


def touch_rows(events: Iterable[LogEvent]) -> Iterator[tuple[Value, ...]]:
    """Which credentials these lines are about, and whether a line records a run, of which there are more each month."""
    return ((raw, int(event.kind == "verified"), event.sum) for event in events for raw in touched(event))


def runs_of(events: Iterable[LogEvent]) -> list[Verified]:
    """The runs that these lines record."""
    return [run for event in events if (run := verification(event)) is not None]


def evidence_rows(runs: Iterable[Verified], reader: Reader) -> Iterator[tuple[Value, ...]]:
    """What was fetched for these runs."""
    # Also of badges that are not in the wallet any more: what an issuer's host said does not depend on that.
    found = {pair for run in runs for pair in run.evidence}
    return (row for role, meta in sorted(found) if (row := _evidence_row(role, meta, reader)) is not None)


def _evidence_row(role: str, meta: str, reader: Reader) -> tuple[Value, ...] | None:
    facts = reader.json(meta)
    if facts is None:
        return None
    url, status, fetched_at, body = (facts.get(key) for key in ("url", "status", "fetched_at", "sha256"))
    if not (isinstance(url, str) and isinstance(fetched_at, str) and isinstance(body, str)):
        return None
    try:
        moment = stamp(unstamp(fetched_at))
    except ValueError:
        return None
    # 410 says "withdrawn" of an award or an endorsement; of any other document nothing that earlier bytes did not.
    conclusive = int(status == 200 or (status == 410 and role in (Role.ASSERTION, Role.ENDORSEMENT)))
    return (meta, role, *texts_values((url,)), moment, conclusive, body)


def _listed(names: Iterable[str]) -> tuple[str]:
    return (json.dumps(list(names)),)


def common(one: str, other: str) -> int:
    """How many characters two names begin with alike."""
    most = min(len(one), len(other))
    place = 0
    while place < most and one[place] == other[place]:
        place += 1
    return place
