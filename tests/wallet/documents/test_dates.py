"""The strict dateTime of Open Badges 2.0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.documents import dates
from wallet.documents.dates import is_basic_format, parse_datetime


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+00:00", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+05:30", datetime(2026, 1, 31, 6, 30, tzinfo=UTC)),
        ("2026-01-31T12:00:00-0530", datetime(2026, 1, 31, 17, 30, tzinfo=UTC)),
        ("2026-01-31T12:00:00-08", datetime(2026, 1, 31, 20, tzinfo=UTC)),
        ("2026-01-31T12:00:00.5Z", datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31T12:00:00,123456789Z", datetime(2026, 1, 31, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("20260131T120000Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("20260131T1200+01", datetime(2026, 1, 31, 11, tzinfo=UTC)),
    ],
)
def test_a_conforming_date_is_read_in_utc(text, expected) -> None:
    read = parse_datetime(text)
    assert read == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31T12Z",
        "2026-01-31T12:00.5Z",
        "2026-01-31T12:00:00.Z",
        "2026-1-31T12:00:00Z",
        "2026-01-31T1200Z",
        "20260131T12:00Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+00:60",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-W05-6T12:00:00Z",
        "2026-031T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
        " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z2026-01-31T12:00:00Z",
        "٢٠٢٦-01-31T12:00:00Z",
        "1769860800",
    ],
)
def test_a_date_that_lacks_something_is_none(text) -> None:
    assert parse_datetime(text) is None


def test_the_basic_format_is_told_apart() -> None:
    assert is_basic_format("20260131T120000Z")
    assert not is_basic_format("2026-01-31T12:00:00Z")


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-23 * 60, 23 * 60),
)
def test_every_moment_that_python_writes_with_a_zone_is_read_back(moment, minutes) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_datetime(moment.isoformat()) == moment


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789-:TZ+.,", max_size=30))
def test_no_text_makes_the_reader_raise(text) -> None:
    read = parse_datetime(text)
    assert read is None or read.utcoffset() == timedelta(0)


_NUMBERS = st.sampled_from((0, 1, 2, 12, 13, 23, 24, 29, 30, 31, 59, 60, 61))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from((0, 1, 2024, 2026, 9999)),
    st.tuples(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS),
    st.sampled_from(("", ".5", ".123456")),
    st.sampled_from(("Z", "+00:00", "-00:00", "+05:30", "-23:59", "+24:00", "+01:60")),
)
def test_the_quick_way_of_reading_a_usual_date_is_the_long_way(
    year: int, rest: tuple[int, int, int, int, int], fraction: str, zone: str
) -> None:
    text = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(year, *rest) + fraction + zone
    quick, long = dates._parse(text), dates._parts(text)
    assert quick == long and (quick is None or (long is not None and quick.tzinfo is long.tzinfo))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "2026-02-30T00:00:00Z"])
def test_a_usual_date_that_is_no_date_is_none(text: str) -> None:
    assert dates._parse(text) is None
