"""The JSON form of a pathway file and the way back: one format, two spellings (pathways.md section 10).

JSON has no dates and no decimals, so dates are texts like "2027-03-01" there and numbers are what JSON readers make of them.
Works on the tables of a file, not on the model: keys that begin with `x-` and everything else that the model leaves out stay.
Nothing is judged here; `definition` does that.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from wallet.documents import strict_json
from wallet.model import Json

#: The keys of `badge-pathway/1` whose values are days.
_DAYS = frozenset({"begins", "ends", "enrol_by", "until", "earned_after", "earned_before"})
_DAY_LENGTH = len("2027-03-01")


def tables(data: bytes) -> dict[str, object]:
    """The tables of a pathway file that `definition.read` has accepted, TOML or JSON, days as `date`."""
    if is_json(data):
        return from_json(strict_json.parse_object(data))
    return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)


def is_json(data: bytes) -> bool:
    """Whether a pathway file is written in JSON and not in TOML."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def to_json(table: Mapping[str, object]) -> dict[str, Json]:
    """The tables with values that JSON has."""
    return {key: _json_value(value) for key, value in table.items()}


def from_json(document: Mapping[str, Json]) -> dict[str, object]:
    """The tables with days and decimals again. Texts below a key that begins with `x-` stay texts; null is no value."""
    return {key: _table_value(key, value) for key, value in document.items() if value is not None}


def dumps(table: Mapping[str, object]) -> bytes:
    """The file in JSON, made to be read by people as well."""
    return (json.dumps(to_json(table), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _json_value(value: object) -> Json:
    match value:
        case bool() | str() | int():
            return value
        case Decimal():
            return float(value) if value.is_finite() else str(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): _json_value(item) for key, item in value.items()}
        case Sequence():
            return [_json_value(item) for item in value]
        case _:
            return str(value)


def _table_value(key: str, value: Json, *, ours: bool = True) -> object:
    ours = ours and not key.startswith("x-")
    match value:
        case float():
            return Decimal(str(value))
        case str() if ours and key in _DAYS and len(value) == _DAY_LENGTH:
            try:
                return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, without time or zone
            except ValueError:
                return value
        case Mapping():
            return {name: _table_value(name, item, ours=ours) for name, item in value.items() if item is not None}
        case str():
            return value
        case Sequence():
            return [_table_value(key, item, ours=ours) for item in value if item is not None]
        case _:
            return value
