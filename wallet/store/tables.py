"""The tables of the index, and how a row of a list goes into them and comes out. No connection is opened here.

A change of anything in this module needs a new `SCHEMA`: it is part of the file name, so there are no migrations.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from itertools import compress, islice, repeat
from operator import is_not

from wallet.found import Carrier, Kind
from wallet.model import Alignment, Commitment, Text
from wallet.store.events import LogEvent, stamp
from wallet.store.rows import BadgeRow
from wallet.verify.report import Outcome, Verdict

SCHEMA = 5

TABLES = (
    "create table log (name text primary key, offset integer not null, seq integer not null, sum text not null,"
    " newest text, dev text, ending blob not null) strict",
    "create table event (sum text primary key, dev text not null, seq integer not null, time text not null, wall text,"
    " op integer not null, kind text not null, about text, data text not null, prev text not null,"
    " version integer not null) strict",
    "create table touch (raw text not null, run integer not null, sum text not null, primary key (raw, run, sum))"
    " strict, without rowid",
    "create table badge (n integer primary key, id text not null unique, width integer not null default 0,"
    " name text not null, issuer_name text not null, issuer_id text, achievement_id text, credential_id text,"
    " issued_on text, expires text, verdict text, as_of text, checked_at text, authentic text, yours text,"
    " still_good text, revoked integer not null, online integer not null, last_attempt text, carrier text not null,"
    " kind text not null, tags text not null, labels text not null, alignments text not null, criteria text,"
    " image_sha text, hidden integer not null, added_at text not null, disagree integer not null,"
    " representations integer not null, commitment text not null, name_sort text not null, issuer_sort text not null) strict",
    # What the run said that a row was made from: another run that says the same changes nothing but how it ended.
    "create table said (badge text primary key, said text not null) strict, without rowid",
    "create table form (raw text primary key, badge text not null) strict, without rowid",
    "create table same (key text not null, raw text not null, own integer not null, primary key (key, raw))"
    " strict, without rowid",
    "create table evidence (meta text not null, role text not null, url text not null, fetched_at text not null,"
    " conclusive integer not null, body text not null, primary key (meta, role)) strict, without rowid",
    "create table gap (sha text primary key) strict, without rowid",
    "create virtual table words using fts5 (name, issuer, tags, criteria, codes, prefix = '2 3',"
    " tokenize = 'unicode61 remove_diacritics 2')",
)
#: Made after the rows where there are many at once.
INDEXES = (
    "create index event_op on event (dev, op)",
    "create index event_kind on event (kind)",
    "create index event_time on event (time)",
    "create index badge_issued on badge (issued_on is null, issued_on desc, name_sort, id)",
    "create index badge_name on badge (name_sort, id)",
    "create index form_badge on form (badge)",
    "create index same_raw on same (raw)",
    "create index evidence_url on evidence (url, conclusive, fetched_at)",
)
NAMES = ("log", "event", "touch", "badge", "said", "form", "same", "evidence", "gap", "words")

COLUMNS = (
    "id, width, name, issuer_name, issuer_id, achievement_id, credential_id, issued_on, expires, verdict, as_of,"
    " checked_at, authentic, yours, still_good, revoked, online, last_attempt, carrier, kind, tags, labels, alignments,"
    " criteria, image_sha, hidden, added_at, disagree, representations, commitment"
)
INSERT_BADGE = f"insert into badge ({COLUMNS}, name_sort, issuer_sort, n) values ({', '.join('?' * 33)})"  # noqa: S608 - constants
# The width of the short name is not known to whoever makes a row, and stays.
UPDATE_BADGE = f"update badge set ({COLUMNS}, name_sort, issuer_sort) = (?, max(width, ?){', ?' * 30}) where n = ?"  # noqa: S608
UPDATE_ENDED = (
    "update badge set (verdict, as_of, checked_at, authentic, yours, still_good, revoked, online, last_attempt)"
    " = (?, ?, ?, ?, ?, ?, ?, ?, ?) where id = ?"
)
INSERT_WORDS = "insert into words (rowid, name, issuer, tags, criteria, codes) values (?, ?, ?, ?, ?, ?)"
INSERT_TOUCH = "insert or ignore into touch values (?, ?, ?)"
INSERT_EVENT = "insert or ignore into event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
EVENT_COLUMNS = "sum, dev, seq, time, wall, op, kind, about, data, prev, version"

Value = str | int | bytes | None
Row = tuple[Value, ...]
# Rows that are sorted by what they lack at once.
_SORTED = 1_000


def write_rows(sql: sqlite3.Connection, statement: str, rows: Iterable[Row]) -> None:
    """`executemany`, with NULL in the statement itself where a row has it.

    Python hands a text or a number over as it is, but asks around how to adapt None, which takes five times as long; so do
    members of enumerations, which do not belong in these rows.
    """
    parts = statement.split("?")
    waiting = iter(rows)
    while some := list(islice(waiting, _SORTED)):
        alike: dict[tuple[bool, ...], list[Row]] = {}
        for row in some:
            said = tuple(map(is_not, row, repeat(None)))
            alike.setdefault(said, []).append(tuple(compress(row, said)))
        for said, these in alike.items():
            marks = ["?" if one else "null" for one in said]
            sql.executemany("".join([part for pair in zip(parts, [*marks, ""], strict=True) for part in pair]), these)


def badge_values(row: BadgeRow, width: int = 0) -> Row:
    """The values of `INSERT_BADGE` but for `n`. width: of the short name."""
    name, issuer_name = _text(row.name), _text(row.issuer_name)
    return (
        row.id,
        width,
        name,
        issuer_name,
        _text_or_none(row.issuer_id),
        _text_or_none(row.achievement_id),
        _text_or_none(row.credential_id),
        _time(row.issued_on),
        _time(row.expires),
        row.verdict and str(row.verdict),
        _time(row.as_of),
        _time(row.checked_at),
        row.authentic and str(row.authentic),
        row.yours and str(row.yours),
        row.still_good and str(row.still_good),
        int(row.revoked),
        int(row.online),
        row.last_attempt and str(row.last_attempt),
        str(row.carrier),
        str(row.kind),
        json.dumps(row.tags) if row.tags else "",
        json.dumps(row.labels) if row.labels else "",
        json.dumps([_alignment_values(one) for one in row.alignments]) if row.alignments else "",
        _text_or_none(row.criteria),
        row.image_sha,
        int(row.hidden),
        stamp(row.added_at),
        int(row.disagree),
        row.representations,
        _commitment_text(row.commitment),
        name.casefold(),
        issuer_name.casefold(),
    )


def _text(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    # SQLite keeps UTF-8 only: a lone surrogate, which JSON can spell, would not go in; NUL would end the text in its functions.
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _text_or_none(text: str | None) -> str | None:
    return _text(text) if text is not None else None


def texts_values(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Texts as they can be indexed."""
    return tuple(_text(text) for text in texts)


def _time(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None


def _alignment_values(one: Alignment) -> list[object]:
    return [
        one.target_name.values,
        one.target_url,
        one.target_description.values,
        one.target_framework,
        one.target_code,
    ]


def _commitment_text(one: Commitment | None) -> str:
    return "" if one is None else " ".join(str(amount or "-") for amount in (one.hours, one.ects, one.credits))


def badge_row(values: tuple[Value, ...]) -> BadgeRow:
    """The row of `COLUMNS`."""
    name, width = str(values[0]), values[1]
    text = [None if value is None else str(value) for value in values]
    return BadgeRow(
        id=name,
        short=name[: width if isinstance(width, int) else len(name)],
        name=text[2] or "",
        issuer_name=text[3] or "",
        issuer_id=text[4],
        achievement_id=text[5],
        credential_id=text[6],
        issued_on=_moment(text[7]),
        expires=_moment(text[8]),
        verdict=Verdict(text[9]) if text[9] else None,
        as_of=_moment(text[10]),
        checked_at=_moment(text[11]),
        authentic=Outcome(text[12]) if text[12] else None,
        yours=Outcome(text[13]) if text[13] else None,
        still_good=Outcome(text[14]) if text[14] else None,
        revoked=bool(values[15]),
        online=bool(values[16]),
        last_attempt=Verdict(text[17]) if text[17] else None,
        carrier=Carrier(text[18] or ""),
        kind=Kind(text[19] or ""),
        tags=_texts(text[20]),
        labels=_texts(text[21]),
        alignments=_alignments(text[22]),
        criteria=text[23],
        image_sha=text[24],
        hidden=bool(values[25]),
        added_at=datetime.fromisoformat(text[26] or ""),
        disagree=bool(values[27]),
        representations=int(text[28] or 1),
        commitment=_commitment(text[29]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _texts(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()  # noqa: TID251 - written above


def _alignments(text: str | None) -> tuple[Alignment, ...]:
    if not text:
        return ()
    return tuple(
        Alignment(_language_text(name), url, _language_text(description), framework, code)
        for name, url, description, framework, code in json.loads(text)  # noqa: TID251 - written above
    )


def _commitment(text: str | None) -> Commitment | None:
    if not text:
        return None
    from decimal import Decimal  # which few badges need
    from fractions import Fraction

    hours, ects, credit = (None if amount == "-" else amount for amount in text.split())
    return Commitment(
        Fraction(hours) if hours else None, Decimal(ects) if ects else None, Decimal(credit) if credit else None
    )


def _language_text(values: list[list[str]]) -> Text:
    return Text(tuple((tag, text) for tag, text in values))


def event_values(event: LogEvent) -> tuple[Value, ...]:
    """The values of `INSERT_EVENT`."""
    return (
        event.sum,
        event.dev,
        event.seq,
        event.time,
        event.wall,
        event.op,
        event.kind,
        event.on,
        json.dumps(event.data),
        event.prev,
        event.version,
    )


def event_of(values: tuple[Value, ...]) -> LogEvent:
    """The event of `EVENT_COLUMNS`."""
    total, dev, seq, time, wall, op, kind, about, data, prev, version = values
    return LogEvent(
        dev=str(dev),
        seq=int(str(seq)),
        time=str(time),
        op=int(str(op)),
        kind=str(kind),
        on=None if about is None else str(about),
        data=json.loads(str(data)),  # noqa: TID251 - written above
        prev=str(prev),
        sum=str(total),
        wall=None if wall is None else str(wall),
        version=int(str(version)),
    )
