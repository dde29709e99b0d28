"""All rows of an index at once, from all lines of all logs: for an index that is made anew, and to compare one with.

What `wallet.store.derive` does step by step as lines arrive. Works inside a transaction that the caller began; knows neither
files nor locks.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, pairwise

from wallet.store.derive import SHORT, common, evidence_rows, runs_of, touch_rows
from wallet.store.describe import Reader, describe
from wallet.store.events import LogEvent
from wallet.store.state import State, fold
from wallet.store.tables import (
    COLUMNS,
    INDEXES,
    INSERT_BADGE,
    INSERT_EVENT,
    INSERT_TOUCH,
    INSERT_WORDS,
    Row,
    Value,
    badge_values,
    event_values,
    texts_values,
    write_rows,
)

#: Badges that are described at once, and from how many such pieces on the work is shared with copies of this process.
_PIECE = 250
_MANY_PIECES = 8


@dataclass(frozen=True, slots=True)
class _Rows:
    """What some badges add to each table. badges: the values of `INSERT_BADGE`; the others: whole rows.

    missing: objects that could not be read for these.
    """

    badges: list[Row]
    words: list[Row]
    forms: list[Row]
    same: list[Row]
    missing: frozenset[str]


def _rows(state: State, reader: Reader) -> Iterator[_Rows]:
    from wallet.forks import spread, workers  # which only a whole index needs

    badges = list(state.badges.values())
    widths = _widths(sorted(state.badges))

    def about(piece: range) -> _Rows:
        some = [badges[n] for n in piece]
        reader.read_ahead(some)
        said = [describe(badge, reader) for badge in some]
        reader.forget()
        return _Rows(
            badges=[(*badge_values(one.row, widths[one.row.id]), n) for n, one in enumerate(said, piece.start + 1)],
            words=[(n, *texts_values(one.texts)) for n, one in enumerate(said, piece.start + 1)],
            forms=[(raw, badge.id) for badge in some for raw in badge.raws],
            same=[(*texts_values((key,)), raw, int(own)) for one in said for raw, key, own in one.keys],
            missing=frozenset(reader.missing),  # as it is now: more may follow
        )

    pieces = [range(first, min(first + _PIECE, len(badges))) for first in range(0, len(badges), _PIECE)]
    with closing(spread(about, pieces, processes=workers() if len(pieces) >= _MANY_PIECES else 1)) as made:
        for rows in made:
            reader.missing |= rows.missing
            yield rows


def _widths(names: Sequence[str]) -> dict[str, int]:
    """How many characters make each of these sorted names unique."""
    shared = [0, *(common(one, other) for one, other in pairwise(names)), 0]
    return {name: max(SHORT, shared[n] + 1, shared[n + 1] + 1) for n, name in enumerate(names)}


@contextmanager
def unswept() -> Iterator[None]:
    """While many objects are made that stay and form no cycles: Python does not look through all of them again and again."""
    usual = gc.isenabled()
    gc.disable()  # in copies of this process too
    try:
        yield
    finally:
        if usual:
            gc.enable()


def insert_all(sql: sqlite3.Connection, events: Sequence[LogEvent], reader: Reader) -> None:
    """Fill the empty tables from these lines, which are all there are."""
    for index in INDEXES:
        sql.execute(f"drop index {index.split()[2]}")
    waiting = _rows(fold(events), reader)
    first = next(waiting, None)  # copies of this process go on with the next ones meanwhile
    write_rows(sql, INSERT_EVENT, map(event_values, events))
    sql.executemany(INSERT_TOUCH, touch_rows(events))
    for rows in chain([first] if first is not None else [], waiting):
        write_rows(sql, INSERT_BADGE, rows.badges)
        sql.executemany(INSERT_WORDS, rows.words)
        sql.executemany("insert into form values (?, ?)", rows.forms)
        sql.executemany("insert or ignore into same values (?, ?, ?)", rows.same)
    sql.executemany("insert into evidence values (?, ?, ?, ?, ?, ?)", evidence_rows(runs_of(events), reader))
    sql.executemany("insert or ignore into gap values (?)", ((sha,) for sha in sorted(reader.missing)))
    for index in INDEXES:
        sql.execute(index)


def agrees(query: Callable[[str, Sequence[Value]], list[Row]], events: Sequence[LogEvent], reader: Reader) -> bool:
    """Whether an index says exactly what one would that is made anew from these lines. `query` asks it."""
    with unswept():
        return _agrees(query, events, reader)


def _agrees(query: Callable[[str, Sequence[Value]], list[Row]], events: Sequence[LogEvent], reader: Reader) -> bool:
    state = fold(events)
    evidence = set(evidence_rows(runs_of(events), reader))
    if not (
        {total for (total,) in query("select sum from event", ())} == {event.sum for event in events}
        and set(query("select raw, run, sum from touch", ())) == set(touch_rows(events))
        and set(query("select * from evidence", ())) == evidence
    ):
        return False
    same: set[Row] = set()
    forms: set[Row] = set()
    for rows in _rows(state, reader):
        some = (json.dumps([row[0] for row in rows.badges]),)
        listed = "(select value from json_each(?))"
        held = query(f"select {COLUMNS} from badge where id in {listed}", some)  # noqa: S608 - constants
        said = query(
            "select id, words.name, issuer, words.tags, words.criteria, codes from badge join words on words.rowid = n"  # noqa: S608
            f" where id in {listed}",
            some,
        )
        names = {row[-1]: row[0] for row in rows.badges}
        if {row[:-3] for row in rows.badges} != set(held) or {(names[n], *w) for n, *w in rows.words} != set(said):
            return False
        forms.update(rows.forms)
        same.update((key, raw) for key, raw, _ in rows.same)
    counts = query("select (select count(*) from badge), (select count(*) from words)", ())
    return (
        counts == [(len(state.badges), len(state.badges))]
        and set(query("select raw, badge from form", ())) == forms
        and set(query("select key, raw from same", ())) == same
    )
