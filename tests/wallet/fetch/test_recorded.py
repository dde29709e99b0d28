"""Evidence answers as the network did, and knows when it was changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.documents.strict_json import dumps_bytes, parse_object
from wallet.errors import StoreDamagedError
from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Hop, Tls, Want
from wallet.fetch.recorded import RecordedFetcher, decode, encode

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
URL = "https://badges.example/issuer"
ANSWER = Fetched(
    url=URL,
    final_url=URL,
    fetched_at=NOW,
    status=200,
    body=b"{}",
    headers=(("content-type", "application/json"),),
    hops=(Hop("http://badges.example/issuer", 301, URL),),
    tls=Tls("TLSv1.3", "ab" * 32, NOW),
)

moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
answers = st.builds(
    Fetched,
    url=texts,
    final_url=texts,
    fetched_at=moments,
    status=st.integers(100, 599),
    body=st.binary(max_size=50),
    headers=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    hops=st.lists(st.builds(Hop, texts, st.integers(300, 399), st.none() | texts), max_size=3).map(tuple),
    tls=st.none() | st.builds(Tls, texts, texts, st.none() | moments),
    failure=st.none(),
    proxied=st.booleans(),
)
failures = st.builds(
    Fetched,
    url=texts,
    final_url=texts,
    fetched_at=moments,
    failure=st.builds(Failure, st.sampled_from(Cause), texts),
)


@given(answers | failures)
@settings(max_examples=100, deadline=None)
def test_what_is_written_down_reads_back_the_same(fetched: Fetched) -> None:
    meta, body = encode(fetched)
    assert decode(parse_object(dumps_bytes(meta)), body) == fetched


def test_a_changed_body_is_not_evidence() -> None:
    meta, _ = encode(ANSWER)
    with pytest.raises(StoreDamagedError, match="kept answer"):
        decode(meta, b"{} ")


@pytest.mark.parametrize(
    "change",
    [
        {"url": 1},
        {"fetched_at": "yesterday"},
        {"fetched_at": "2026-11-21T10:00:00"},
        {"status": "200"},
        {"status": True},
        {"status": None},
        {"headers": "x"},
        {"headers": [["a"]]},
        {"hops": [1]},
        {"hops": [{}]},
        {"tls": []},
        {"failure": {"cause": "weather", "detail": ""}},
    ],
)
def test_a_record_that_was_tampered_with_is_refused_without_a_crash(change: dict[str, object]) -> None:
    meta, body = encode(ANSWER)
    with pytest.raises(StoreDamagedError):
        decode({**meta, **change}, body)
    for key in meta:
        if key not in ("format", "proxied"):
            with pytest.raises(StoreDamagedError):
                decode({name: value for name, value in meta.items() if name != key}, body)


def test_a_recorded_answer_says_that_it_is_one() -> None:
    fetcher: Fetcher = RecordedFetcher({URL: ANSWER}.get, now=NOW)
    assert fetcher.fetch(URL, Want.JSON) == replace(ANSWER, recorded=True)
    assert fetcher.fetch(URL + "#key").url == URL + "#key"
    assert fetcher.fetch(URL + "#key").body == b"{}"


def test_the_answer_of_a_part_goes_before_that_of_the_whole() -> None:
    key = replace(ANSWER, url=URL + "#key", body=b"[]")
    assert RecordedFetcher({URL: ANSWER, URL + "#key": key}.get, now=NOW).fetch(URL + "#key").body == b"[]"


@pytest.mark.parametrize(("url", "named"), [(URL, "badges.example"), ("\x1b]0;urn", "]0;urn")])
def test_what_was_never_recorded_is_offline(url: str, named: str) -> None:
    fetched = RecordedFetcher(lambda _: None, now=NOW).fetch(url)
    assert fetched.failure is not None
    assert fetched.failure.cause is Cause.OFFLINE
    assert named in fetched.failure.detail
    assert fetched.failure.detail.isprintable()
    assert (fetched.fetched_at, fetched.url, fetched.ok) == (NOW, url, False)


def test_in_one_run_an_answer_is_looked_up_once() -> None:
    asked: list[str] = []

    def lookup(url: str) -> Fetched | None:
        asked.append(url)
        return ANSWER if url == URL else None

    fetcher = RecordedFetcher(lookup, now=NOW)
    assert fetcher.fetch(URL) is fetcher.fetch(URL)
    assert asked == [URL]
    missing = "https://badges.example/nowhere"
    assert fetcher.fetch(missing) == fetcher.fetch(missing)
    assert asked == [URL, missing]
