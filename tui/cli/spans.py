"""Spans and days as options: `30d`, `12h`, `2w`; `2026-03-01`. `span` and `day` are callbacks of click. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from wallet.errors import UsageError
from wallet.text import clean

_SPAN = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def span(_: click.Context, __: click.Parameter, value: str | None) -> timedelta | None:
    """A span of time: a number and h, d or w."""
    if value is None:
        return None
    found = _SPAN.fullmatch(value.strip().lower())
    if found is None or int(found[1]) == 0:
        raise UsageError(f"'{clean(value, limit=40)}' is no span of time.", "Write it as 30d, 12h or 2w.")
    return int(found[1]) * _UNITS[found[2]]


def day(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """A day; its beginning, in UTC."""
    if value is None:
        return None
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(f"'{clean(value, limit=40)}' is no day.", "Write it as 2026-03-01.") from None


def end_of(begins: datetime, now: datetime) -> datetime | None:
    """The last second of a day that is over; None for today, which is judged as ever. Raises `UsageError` for a day to come."""
    if begins > now:
        raise UsageError(
            "Nobody can say yet what will hold on a day to come.",
            "Name today or a day in the past, such as 2026-03-01.",
        )
    ends = begins + timedelta(days=1) - timedelta(seconds=1)
    return ends if ends < now else None
