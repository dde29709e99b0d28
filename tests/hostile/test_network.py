"""Hostile hosts and links, one test for each attack on the network side (rows N1 to N9 of the threat list).

Every one of them must end as a `Failure` with its own cause: no crash, no contact with what was refused, bounded memory.
"""

import gzip
import tracemalloc
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.server import Authority, Raw, Route, Server, as_json, drip, endless, raw, redirect, silent
from wallet.config import Network
from wallet.fetch.base import Cause, Fetched, Want
from wallet.fetch.http import HttpFetcher
from wallet.limits import Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def cause(fetched: Fetched) -> Cause:
    assert fetched.failure is not None
    assert fetched.failure.detail
    assert fetched.failure.detail.isprintable()
    return fetched.failure.cause


def fetch(server: Server, route: Route, limits: Limits | None = None) -> Fetched:
    url = server.add("/attack", route)
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=limits or Limits()) as fetcher:
        return fetcher.fetch(url)


@pytest.fixture
def server():
    with Server() as running:
        yield running


# N1: a link into the learner's own network


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "127.0.0.1", "127.255.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0", "0.0.0.0",
        "127.1", "0x7f000001", "0177.0.0.1", "2130706433", "１２７.0.0.1", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fec0::1]", "[fd00::1]", "[ff02::1]",
        "[::127.0.0.1]", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_n1_a_private_address_is_refused_in_every_spelling(host: str, server: Server) -> None:
    with HttpFetcher(environ={}) as fetcher:
        assert cause(fetcher.fetch(f"http://{host}:{server.port}/")) is Cause.PRIVATE_ADDRESS
        assert fetcher.hosts == set()
    assert server.connections == 0


def test_n1_a_name_for_a_private_address_is_refused(server: Server) -> None:
    with HttpFetcher(environ={}) as fetcher:
        assert cause(fetcher.fetch(server.url("/", host="localhost"))) is Cause.PRIVATE_ADDRESS
    assert server.connections == 0


# N2, N3: names that point into the network


def test_n2_a_name_that_changes_its_mind_gets_no_second_look(server: Server) -> None:
    answers = [["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    server.add("/a", as_json({}))
    server.add("/b", as_json({}))
    with HttpFetcher(environ={}, allow_hosts=["rebinding.example"], lookup=lookup) as fetcher:
        assert fetcher.fetch(server.url("/a", host="rebinding.example")).ok
        assert fetcher.fetch(server.url("/b", host="rebinding.example")).ok
    assert asked == ["rebinding.example"]


def test_n3_one_private_address_among_public_ones_refuses_the_host(server: Server) -> None:
    with HttpFetcher(environ={}, lookup=lambda _: ["93.184.215.14", "127.0.0.1"]) as fetcher:
        assert cause(fetcher.fetch(server.url("/", host="mixed.example"))) is Cause.PRIVATE_ADDRESS
    assert server.connections == 0


# N4: redirects that lead astray


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("file:///etc/passwd", Cause.REDIRECT),
        ("javascript:alert(1)", Cause.REDIRECT),
        ("data:application/json,{}", Cause.REDIRECT),
        ("http://ada:secret@badges.example/", Cause.REDIRECT),
        ("http://badges.example\\@evil.example/", Cause.REDIRECT),
        ("http://", Cause.REDIRECT),
        ("http://[", Cause.REDIRECT),
        ("http://[::1%25lo]/", Cause.REDIRECT),
        ("//", Cause.REDIRECT),
        ("http://badges.example:999999/", Cause.REDIRECT),
        ("/a b", Cause.REDIRECT),
        ("/" + "a" * 3_000, Cause.REDIRECT),
        ("/attack", Cause.REDIRECT),
        ("", Cause.REDIRECT),
        ("http://169.254.169.254/latest/meta-data", Cause.PRIVATE_ADDRESS),
        ("//10.0.0.1/", Cause.PRIVATE_ADDRESS),
        ("http://127.0.0.1:25/", Cause.BLOCKED_PORT),
        ("http://127.0.0.1:6667/", Cause.BLOCKED_PORT),
    ],
)
def test_n4_a_hostile_redirect_is_refused_by_name(location: str, expected: Cause, server: Server) -> None:
    fetched = fetch(server, redirect(location))
    assert cause(fetched) is expected
    assert fetched.failure is not None
    assert "secret" not in fetched.failure.detail
    assert server.paths() == ["/attack"]


def test_n4_a_circle_and_a_long_chain_end(server: Server) -> None:
    server.add("/back", redirect("/attack"))
    assert cause(fetch(server, redirect("/back"))) is Cause.REDIRECT
    for number in range(10):
        server.add(f"/{number}", redirect(f"/{number + 1}"))
    assert cause(fetch(server, redirect("/0"))) is Cause.REDIRECT
    assert server.paths()[2:] == ["/attack", "/0", "/1", "/2", "/3", "/4"]


def test_n4_a_redirect_without_a_target_is_refused(server: Server) -> None:
    assert cause(fetch(server, (302, {}, b""))) is Cause.REDIRECT


def test_n4_https_does_not_go_on_as_http(tmp_path: Path, server: Server) -> None:
    authority = Authority(tmp_path)
    network = Network(ca_file=authority.ca_file)
    with (
        Server({"/a": redirect(server.url("/b"))}, tls=authority.server("localhost")) as secure,
        HttpFetcher(network=network, allow_hosts=["localhost", server.host], environ={}) as fetcher,
    ):
        assert cause(fetcher.fetch(secure.url("/a", "localhost"))) is Cause.REDIRECT
    assert server.connections == 0


# N5: answers that are too much


def bomb() -> bytes:
    """128 MiB of spaces in an eighth of a megabyte, made without ever holding them."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    block = b" " * 2**20
    return b"".join(packer.compress(block) for _ in range(128)) + packer.flush()


CHUNK = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
LONG = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HEADERS = b"".join(b"X-Header-%d: %s\r\n" % (number, b"y" * 400) for number in range(500))


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (lambda _: (200, {"Content-Encoding": "gzip"}, bomb()), Cause.TOO_BIG),
        ((200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"{}"))), Cause.ENCODING),
        ((200, {"Content-Encoding": "br"}, b"{}"), Cause.ENCODING),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}" * 99)[:-9]), Cause.ENCODING),
        (raw(OK + b"Content-Length: 10737418240\r\n\r\n", 60.0), Cause.TOO_BIG),
        (endless(LONG, CHUNK), Cause.TOO_BIG),
        (endless(OK + b"\r\n", b"x" * 65_536), Cause.TOO_BIG),
        (endless(OK, b"X-Endless: " + b"y" * 8_000 + b"\r\n"), Cause.TOO_BIG),
        (raw(OK + HEADERS + b"\r\n{}"), Cause.TOO_BIG),
    ],
    ids=["bomb", "stacked", "brotli", "cut", "length", "chunks", "stream", "headers", "many-headers"],
)
def test_n5_a_flood_ends_with_bounded_memory(route: Route, expected: Cause, server: Server) -> None:
    url = server.add("/attack", route)
    server.add("/", as_json({}))
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        fetcher.fetch(server.url("/"))
        # The server makes its flood in this process too: the bomb is the only one of size, and it is small.
        tracemalloc.start()
        try:
            assert cause(fetcher.fetch(url)) is expected
            assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    "route",
    [
        drip(OK + b"\r\n" + b"x" * 1_000, every=0.02),
        raw(OK + b"Content-Length: 500\r\n\r\n", *(piece for _ in range(500) for piece in (0.02, b"x"))),
        raw(LONG, *(piece for _ in range(500) for piece in (0.02, b"1\r\nx\r\n"))),
        raw(*(piece for _ in range(500) for piece in (0.02, b"HTTP/1.1 103 Early Hints\r\n\r\n"))),
        silent(),
    ],
    ids=["headers", "body", "chunks", "hints", "silence"],
)
def test_n5_a_byte_at_a_time_does_not_outlast_the_deadline(route: Raw, server: Server) -> None:
    assert cause(fetch(server, route, Limits(resource_seconds=0.3))) is Cause.TIMEOUT


@pytest.mark.parametrize(
    "route",
    [
        raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        raw(b""),
        raw(OK + b"Content-Length: 10\r\n\r\n{}"),
        raw(OK + b"Content-Length: -1\r\n\r\n{}"),
        raw(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        raw(LONG + b"zz\r\n{}\r\n"),
        raw(OK + b"X-Bad: a\x00b\r\n\r\n{}"),
        raw(b"HTTP/1.1 99999 \x1b]0;owned\x07\r\n\r\n"),
    ],
)
def test_n5_what_is_not_http_is_said_to_be_that(route: Raw, server: Server) -> None:
    assert cause(fetch(server, route)) is Cause.PROTOCOL


def test_n5_a_header_value_is_kept_short(server: Server) -> None:
    fetched = fetch(server, (200, {"Content-Type": "a" * 50_000, "Link": "b" * 20_000}, b"{}"))
    assert fetched.ok
    assert max(len(value) for _, value in fetched.headers) == 1_000


# N6: the wrong host behind the right address


def test_n6_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with (
        Server({"/a": as_json({})}, tls=authority.server("evil.example")) as evil,
        HttpFetcher(
            network=Network(ca_file=authority.ca_file),
            allow_hosts=["badges.example"],
            environ={},
            lookup=lambda _: ["127.0.0.1"],
        ) as fetcher,
    ):
        fetched = fetcher.fetch(evil.url("/a", "badges.example"))
        assert cause(fetched) is Cause.TLS
        assert fetched.failure is not None
        assert "badges.example" in fetched.failure.detail
        assert evil.paths() == []


# N8: a proxy that is not there


@pytest.mark.parametrize(
    "setting", ["http://127.0.0.1:{port}", "127.0.0.1:{port}", "socks5://127.0.0.1:{port}", "http://", ":"]
)
def test_n8_a_broken_proxy_never_leads_to_a_direct_connection(setting: str, server: Server) -> None:
    with Server() as closed:
        port = closed.port
    environ = {"HTTP_PROXY": setting.format(port=port)}
    with HttpFetcher(environ=environ, allow_hosts=["badges.example"], lookup=lambda _: ["127.0.0.1"]) as fetcher:
        assert cause(fetcher.fetch(server.url("/", "badges.example"))) is Cause.PROXY
    assert server.connections == 0


# N9: answers that are not a badge


@pytest.mark.parametrize(
    ("status", "media", "body"),
    [
        (200, "text/html", b"<html><form>Log in</form>"),
        (200, "application/json", b'{"error": "no such badge"}'),
        (200, "application/json", b""),
        (401, "text/html", b""),
        (404, "application/json", b"{}"),
        (410, "application/json", b'{"revocationReason": "mistake"}'),
        (500, "text/plain", b"Traceback"),
    ],
)
def test_n9_every_answer_is_handed_on_as_it_came(status: int, media: str, body: bytes, server: Server) -> None:
    fetched = fetch(server, (status, {"Content-Type": media}, body))
    assert (fetched.failure, fetched.status, fetched.body, fetched.header("content-type")) == (
        None,
        status,
        body,
        media,
    )


@pytest.mark.parametrize("host", ["xn--a.example", "xn--.example", "xn--i-7iq.example", "-a-.example", "_a.example"])
def test_a_host_that_only_pretends_to_be_international_is_a_name_like_others(host: str, server: Server) -> None:
    server.add("/a", as_json({}))
    with HttpFetcher(environ={}, allow_hosts=[host], lookup=lambda _: ["127.0.0.1"]) as fetcher:
        assert fetcher.fetch(server.url("/a", host)).ok
    assert server.log[0].headers["host"] == f"{host}:{server.port}"


@pytest.mark.parametrize("want", Want)
@pytest.mark.parametrize(
    "url",
    ["", " ", "\x00", "http://\ud800/", "http://" + "[" * 50, "https://xn--a.example:0/", "x" * 10_000, "//a", "http:"],
)
def test_nothing_that_a_badge_says_makes_the_fetcher_raise(url: str, want: Want) -> None:
    with HttpFetcher(environ={}, lookup=lambda _: []) as fetcher:
        assert cause(fetcher.fetch(url, want)) in (Cause.BAD_URL, Cause.BLOCKED_PORT)
