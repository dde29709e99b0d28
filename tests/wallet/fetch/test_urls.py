"""What may be asked for at all, and how a host is spelt."""

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.fetch.urls import BadUrlError, ascii_host, parse_target, split_host
from wallet.limits import Limits


@pytest.mark.parametrize(
    ("url", "host", "port", "asked"),
    [
        ("https://Badges.Example/a?b=1#c", "badges.example", 443, "https://badges.example/a?b=1"),
        ("HTTP://badges.example:80/", "badges.example", 80, "http://badges.example/"),
        ("https://badges.example:8443", "badges.example", 8443, "https://badges.example:8443"),
        ("https://badges.example:/a", "badges.example", 443, "https://badges.example/a"),
        ("https://badges.example./a", "badges.example", 443, "https://badges.example/a"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "https://xn--bcher-kva.example/"),
        ("https://аpple.example/", "xn--pple-43d.example", 443, "https://xn--pple-43d.example/"),
        ("http://[0:0::1]:8000/", "::1", 8000, "http://[::1]:8000/"),
        ("http://3com.example/", "3com.example", 80, "http://3com.example/"),
    ],
)
def test_a_web_address_is_read_with_its_host_in_ascii(url: str, host: str, port: int, asked: str) -> None:
    target = parse_target(url)
    assert (target.host, target.port, target.url) == (host, port, asked)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.0.0.1.",
        "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "0X7F.0.0.1", "017700000001",
    ],
)  # fmt: skip
def test_every_spelling_of_an_address_is_seen_as_that_address(host: str) -> None:
    assert parse_target(f"http://{host}/").host == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://badges.example/a", "'ftp:' addresses are never fetched"),
        ("javascript:alert(1)", "'javascript:' addresses are never fetched"),
        ("file:///etc/passwd", "'file:' addresses are never fetched"),
        ("data:text/plain,x", "'data:'"),
        ("urn:uuid:1", "'urn:'"),
        ("badges.example/a", "is not a web address"),
        ("", "is not a web address"),
        ("http:/badges.example", "is not a web address"),
        ("http://", "names no host"),
        ("http:///a", "names no host"),
        ("http://ada:secret@badges.example/", "a user name or a password"),
        ("http://badges.example\\@evil.example/", "backslash"),
        ("http://badges.example/a b", "space"),
        ("http://badges.example/\x1b]0;x", "control"),
        ("http://badges.example/\u2028", "space"),
        ("http://badges.example:99999/", "is not a port number"),
        ("http://badges.example:0/", "is not a port number"),
        ("http://badges.example:٣/", "is not a host name"),
        ("http://a..b/", "is not a host name"),
        ("http://%31%32%37.0.0.1/", "is not a host name"),
        ("http://[fe80::1%25eth0]/", "network card"),
        ("http://[127.0.0.1]/", "is not an address"),
        ("http://[::1/", "is not a host name"),
        ("http://a" + "b" * 64 + ".example/", "is not a host name"),
        ("http://\ud800.example/", "control"),
    ],
)
def test_anything_else_is_refused_with_a_reason(url: str, why: str) -> None:
    with pytest.raises(BadUrlError) as caught:
        parse_target(url)
    assert why in caught.value.detail
    assert caught.value.detail.isprintable()
    assert "secret" not in caught.value.detail


def test_a_very_long_address_is_refused() -> None:
    assert parse_target("http://badges.example/" + "a" * 2_000).host == "badges.example"
    with pytest.raises(BadUrlError, match="longer than 30"):
        parse_target("http://badges.example/" + "a" * 30, Limits(url_characters=30))


@given(st.sampled_from(["http://", "https://", "", "HTTP://[", "http://xn--"]), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_whatever_is_accepted_stays_the_same_when_read_again_and_can_be_sent(scheme: str, rest: str) -> None:
    try:
        target = parse_target(scheme + rest)
    except BadUrlError as problem:
        assert problem.detail.isprintable()
        return
    assert parse_target(target.url) == target
    assert httpx.URL(target.url).raw_host.decode() == target.host


def test_hosts_and_ports_come_apart() -> None:
    assert split_host("[::1]:8443") == ("::1", 8443)
    assert split_host("campus.example") == ("campus.example", None)
    assert ascii_host("EXAMPLE.") == "example"
