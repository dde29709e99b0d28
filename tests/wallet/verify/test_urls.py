"""Addresses are parsed first and compared afterwards."""

from __future__ import annotations

import pytest

from wallet.verify import urls

SAME = [
    ("https://a.example", "https://a.example/"),
    ("https://A.Example/x", "https://a.example/x"),
    ("https://a.example:443/x", "https://a.example/x"),
    ("http://a.example:80/", "http://a.example"),
    ("https://a.example./x", "https://a.example/x"),
    ("https://a.example/%7Ex", "https://a.example/~x"),
    ("https://a.example/%c3%a9", "https://a.example/%C3%A9"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://a.example/é?q=ß", "https://a.example/%C3%A9?q=%c3%9f"),
    ("urn:uuid:1", "urn:uuid:1"),
    ("urn:uuid:9b3d2f0c-1111-4222-8333-44445555666a", "URN:UUID:9B3D2F0C-1111-4222-8333-44445555666A"),
    ("urn:ISBN:12x", "urn:isbn:12x"),
]
DIFFERENT = [
    ("https://a.example/x", "http://a.example/x"),
    ("https://a.example/x", "https://a.example/X"),
    ("https://a.example/x", "https://a.example/x/"),
    ("https://a.example/x", "https://a.example/x?"),
    ("https://a.example/x", "https://a.example/x#y"),
    ("https://a.example/x", "https://a.example:8443/x"),
    ("https://a.example/a%2Fb", "https://a.example/a/b"),
    ("https://a.example/é", "https://a.example/e"),
    ("urn:isbn:12x", "urn:isbn:12X"),
    ("urn:uuid", "urn:uuid:"),
]
REFUSED = [
    "https://good.example@evil.example/",
    "https://evil.example\\@good.example/",
    "https://good.example /x",
    "https://good%2eexample/",
    "https://",
    "https:///x",
    "https://a..example/",
    "https://-a.example/",
    "https://a.example:0/",
    "https://a.example:99999/",
    "https://a.example:x/",
    "https://[::1/",
    "https://1.2.3.999/",
    "https://127.1/",
    "ftp://a.example/",
    "javascript:alert(1)",
    "//a.example/",
    "",
    "https://a.example/\n",
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_place_are_the_same(one: str, other: str) -> None:
    assert urls.same(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_places_are_never_the_same(one: str, other: str) -> None:
    assert not urls.same(one, other)


@pytest.mark.parametrize("text", REFUSED)
def test_what_two_readers_could_take_for_two_places_is_refused(text: str) -> None:
    assert urls.parse(text) is None


def test_an_address_keeps_its_parts() -> None:
    url = urls.parse("https://[2001:DB8::1]:8443/a?b=c#d")
    assert url is not None
    assert (url.host, url.port, url.path, url.query, url.fragment) == ("2001:db8::1", 8443, "/a", "b=c", "d")
    assert str(url) == "https://[2001:db8::1]:8443/a?b=c#d"


def test_http_and_https_count_as_one_where_lists_are_matched() -> None:
    assert urls.transport_free("http://a.example/x") == urls.transport_free("https://a.example/x")
    assert urls.transport_free("http://a.example:8080/x") != urls.transport_free("https://a.example/x")


@pytest.mark.parametrize("text", ["a.example", "A.EXAMPLE.", "bücher.example", "127.0.0.1", "[::1]", "localhost"])
def test_a_host_name_is_a_name_or_an_address(text: str) -> None:
    assert urls.host_name(text) is not None


@pytest.mark.parametrize(
    "text", ["https://a.example", "a.example:80", "a.example/x", "*.example", "", ".", "a b.example"]
)
def test_anything_around_a_host_name_is_refused(text: str) -> None:
    assert urls.host_name(text) is None
