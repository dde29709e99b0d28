"""The dateTime of Open Badges 2.0: strict, because a date that two readers understand differently decides when a badge ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_EXTENDED_DATE = re.compile(
    r"(?P<Y>[0-9]{4})-(?P<M>[0-9]{2})-(?P<D>[0-9]{2})T(?P<h>[0-9]{2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]+))?)?"
    r"(?P<z>Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)
_BASIC_DATE = re.compile(
    r"(?P<Y>[0-9]{4})(?P<M>[0-9]{2})(?P<D>[0-9]{2})T(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?:(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]+))?)?"
    r"(?P<z>Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)

# How nearly everybody writes it. What this lets through means the same to Python's own reader, which is ten times as fast.
_USUAL_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


#: Longer ones are rare, and are not kept.
_SHORT = 40


def parse_datetime(text: str) -> datetime | None:
    """A dateTime of Open Badges 2.0 in UTC, or None if `text` is none: calendar date, "T", minutes and a zone are needed.

    ISO 8601's basic format is read too (`is_basic_format` tells). Digits beyond microseconds are cut off.
    """
    return _kept(text) if len(text) <= _SHORT else _parse(text)


def _parse(text: str) -> datetime | None:
    if _USUAL_DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):  # no such day, or UTC lies outside the years 1 to 9999
            return None
    return _parts(text)


def _parts(text: str) -> datetime | None:
    match = _EXTENDED_DATE.fullmatch(text) or _BASIC_DATE.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict(default="")
    zone = UTC if part["z"] == "Z" else _zone(part["z"])
    if zone is None:
        return None
    try:
        return datetime(
            int(part["Y"]),
            int(part["M"]),
            int(part["D"]),
            int(part["h"]),
            int(part["m"]),
            int(part["s"] or "0"),
            int(part["f"][:6].ljust(6, "0") or "0"),
            tzinfo=zone,
        ).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day or hour, or UTC lies outside the years 1 to 9999
        return None


#: One badge's dates are looked at several times, and many badges were awarded on one day.
_kept = lru_cache(maxsize=512)(_parse)


def _zone(text: str) -> timezone | None:
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def is_well_written(text: str) -> bool:
    """Whether a text has the form of a dateTime. If it is none all the same, there is no such day or moment."""
    return (_EXTENDED_DATE.fullmatch(text) or _BASIC_DATE.fullmatch(text)) is not None


def is_basic_format(text: str) -> bool:
    """Whether a dateTime is written without hyphens and colons, which other software may not read."""
    return _BASIC_DATE.fullmatch(text) is not None
