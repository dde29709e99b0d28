"""Ids that mean one badge are one key, however they are spelt, and the quick way to a key gives the same as the long one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.store.sameness import _normal_id, normal_id

HOSTS = st.sampled_from(
    [
        "college.example",
        "COLLEGE.example",
        "a-b.example.",
        "api.badgr.io",
        "eu.badgr.com",
        "badgr.io",
        "credly.com",
        "www.youracclaim.com",
        "notcredly.com",
        "127.0.0.1",
        "[::1]",
        "ü.example",
        "localhost",
        "a..example",
        "",
    ]
)
PARTS = st.lists(
    st.sampled_from(["", "a", "B", "~x", "%41", ".", "..", "b;p", "public", "6f2b7a9e-1111-4222-8333-444455556666"]),
    max_size=4,
)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(["http://", "https://", "HTTPS://", "//", "urn:", "ftp://", " https://", "https:"]),
    HOSTS,
    st.sampled_from(["", ":443", ":80", ":8443", ":x"]),
    PARTS,
    st.sampled_from(["", "/", "//", "?", "?v=2_0", "?id=7&v=2", "#", "#a", "\n", " ", "\t"]),
)
def test_the_quick_way_to_a_key_is_the_long_one(scheme: str, host: str, port: str, parts: list[str], rest: str) -> None:
    text = f"{scheme}{host}{port}{''.join('/' + part for part in parts)}{rest}"
    assert normal_id(text) == _normal_id(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://college.example/a/1", "https://college.example/a/1/"),
        ("https://api.eu.badgr.io/public/assertions/x", "https://eu.badgr.com/public/assertions/x?v=2_0"),
        ("https://college.example/a?v=2&id=1", "https://college.example/a?id=1"),
    ],
)
def test_two_spellings_of_one_address_are_one_key(one: str, other: str) -> None:
    assert normal_id(one) == normal_id(other)
