"""Proxies: who is asked, what is still judged, and that nothing ever goes around one."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.server import Authority, Server, as_json, drip
from wallet.config import Network
from wallet.fetch.base import Cause
from wallet.fetch.http import HttpFetcher
from wallet.fetch.proxies import BadProxyError, Proxies, open_proxy
from wallet.fetch.urls import parse_target
from wallet.limits import Limits

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("configured", "environ", "url", "chosen"),
    [
        (None, {}, "https://a.example/", None),
        (None, {"HTTPS_PROXY": PROXY}, "https://a.example/", PROXY),
        (None, {"HTTPS_PROXY": PROXY}, "http://a.example/", None),
        (None, {"http_proxy": PROXY}, "http://a.example/", PROXY),
        (None, {"HTTP_PROXY": "http://other.example", "http_proxy": PROXY}, "http://a.example/", PROXY),
        (None, {"ALL_PROXY": PROXY}, "http://a.example/", PROXY),
        (None, {"ALL_PROXY": "http://other.example", "HTTPS_PROXY": PROXY}, "https://a.example/", PROXY),
        (None, {"HTTPS_PROXY": ""}, "https://a.example/", None),
        (PROXY, {"HTTPS_PROXY": "http://other.example"}, "https://a.example/", PROXY),
        (PROXY, {"NO_PROXY": "*"}, "https://a.example/", None),
        (PROXY, {"NO_PROXY": "b.example, a.example"}, "https://a.example/", None),
        (PROXY, {"NO_PROXY": ".example"}, "https://a.example/", None),
        (PROXY, {"NO_PROXY": "example"}, "https://deep.a.example/", None),
        (PROXY, {"no_proxy": "*.example"}, "https://a.example/", None),
        (PROXY, {"NO_PROXY": "a.example:8443"}, "https://a.example:8443/", None),
        (PROXY, {"NO_PROXY": "a.example:8443"}, "https://a.example/", PROXY),
        (PROXY, {"NO_PROXY": "a.example"}, "https://evila.example/", PROXY),
        (PROXY, {"NO_PROXY": "10.0.0.0/8"}, "https://10.1.2.3/", None),
        (PROXY, {"NO_PROXY": "10.0.0.0/8,nonsense/99"}, "https://a.example/", PROXY),
        (PROXY, {"NO_PROXY": "::1"}, "https://[::1]/", None),
        (PROXY, {"NO_PROXY": " , "}, "https://a.example/", PROXY),
    ],
)
def test_a_proxy_is_chosen_as_other_tools_choose_it(
    configured: str | None, environ: Mapping[str, str], url: str, chosen: str | None
) -> None:
    assert Proxies(configured, environ).choose(parse_target(url)) == chosen


def test_the_environment_of_the_process_is_read_when_no_other_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", PROXY)
    monkeypatch.setenv("no_proxy", "b.example")
    proxies = Proxies(None, None)
    assert proxies.choose(parse_target("https://a.example/")) == PROXY
    assert proxies.choose(parse_target("https://b.example/")) is None


@pytest.mark.parametrize(
    "address", ["socks5://proxy.example", "ftp://proxy.example", "http://", "http://[", "http://a:b:c"]
)
def test_a_proxy_that_cannot_be_used_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(BadProxyError) as caught:
        open_proxy(address)
    assert caught.value.detail.isprintable()


def test_a_proxy_without_a_scheme_speaks_http_and_keeps_its_password_to_itself() -> None:
    proxy = open_proxy("ada:secret@proxy.example:3128")
    assert str(proxy.url) == "http://proxy.example:3128"
    assert proxy.raw_auth == (b"ada", b"secret")


def test_an_http_request_goes_through_the_proxy_with_the_name_unresolved() -> None:
    def lookup(host: str) -> tuple[str, ...]:
        raise AssertionError(f"looked up {host}")

    with Server({"http://badges.example/a": as_json({})}) as proxy:
        environ = {"HTTP_PROXY": f"http://ada:secret@{proxy.host}"}
        with HttpFetcher(environ=environ, lookup=lookup) as fetcher:
            fetched = fetcher.fetch("http://badges.example/a")
        assert fetched.ok
        assert fetched.proxied
        assert fetcher.hosts == {"badges.example:80"}
        assert proxy.paths() == ["http://badges.example/a"]
        assert proxy.log[0].headers["host"] == "badges.example"
        assert proxy.log[0].headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "１２７.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254"],
)
def test_a_literal_private_address_is_refused_behind_a_proxy_too(host: str) -> None:
    with Server() as proxy, HttpFetcher(environ={"ALL_PROXY": proxy.base_url}) as fetcher:
        fetched = fetcher.fetch(f"http://{host}/latest/meta-data")
        assert fetched.failure is not None
        assert fetched.failure.cause is Cause.PRIVATE_ADDRESS
        assert proxy.connections == 0


def test_a_blocked_port_is_refused_behind_a_proxy_too() -> None:
    with Server() as proxy, HttpFetcher(environ={"ALL_PROXY": proxy.base_url}) as fetcher:
        fetched = fetcher.fetch("http://badges.example:25/")
        assert fetched.failure is not None
        assert fetched.failure.cause is Cause.BLOCKED_PORT
        assert proxy.connections == 0


def test_a_name_that_begins_with_a_digit_is_not_an_address() -> None:
    with (
        Server({"http://3com.example/": as_json({})}) as proxy,
        HttpFetcher(environ={"ALL_PROXY": proxy.base_url}) as fetcher,
    ):
        assert fetcher.fetch("http://3com.example/").ok


def test_a_host_that_no_proxy_excepts_meets_the_guard() -> None:
    with Server() as proxy, Server({"/a": as_json({})}) as inside:
        environ = {"ALL_PROXY": proxy.base_url, "NO_PROXY": "127.0.0.1"}
        with HttpFetcher(environ=environ) as fetcher:
            fetched = fetcher.fetch(inside.url("/a"))
            assert fetched.failure is not None
            assert fetched.failure.cause is Cause.PRIVATE_ADDRESS
        with HttpFetcher(environ=environ, allow_hosts=[inside.host]) as fetcher:
            fetched = fetcher.fetch(inside.url("/a"))
            assert fetched.ok
            assert not fetched.proxied
        assert proxy.connections == 0


@contextmanager
def tunnels() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that only knows CONNECT and leads every tunnel to the port asked for on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    heads: list[bytes] = []
    opened: list[socket.socket] = []

    def relay(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            head = client.recv(65_536)
            heads.append(head)
            port = int(head.split()[1].rpartition(b":")[2])
            host = socket.create_connection(("127.0.0.1", port))
            opened.extend((client, host))
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            for pair in ((client, host), (host, client)):
                threading.Thread(target=relay, args=pair, daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        for each in opened:
            each.close()


def test_https_goes_through_a_tunnel_and_the_host_still_proves_its_name(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    network = Network(ca_file=authority.ca_file)
    with (
        tunnels() as (proxy, heads),
        Server({"/a": as_json({})}, tls=authority.server("badges.example")) as secure,
        HttpFetcher(network=network, environ={"HTTPS_PROXY": proxy}) as fetcher,
    ):
        fetched = fetcher.fetch(secure.url("/a", "badges.example"))
        assert fetched.ok
        assert fetched.proxied
        assert fetched.tls is not None
        assert heads[0].startswith(b"CONNECT badges.example:%d HTTP/1.1" % secure.port)
        other = fetcher.fetch(secure.url("/a", "other.example"))
        assert other.failure is not None
        assert other.failure.cause is Cause.TLS
        assert "other.example" in other.failure.detail


def test_a_proxy_that_refuses_the_tunnel_is_named_as_the_cause() -> None:
    with Server({"badges.example:443": (407, {}, b"")}) as proxy:
        with HttpFetcher(environ={"HTTPS_PROXY": proxy.base_url}) as fetcher:
            fetched = fetcher.fetch("https://badges.example/")
        assert fetched.failure is not None
        assert fetched.failure.cause is Cause.PROXY
        assert "badges.example" in fetched.failure.detail


def test_the_deadline_holds_through_a_proxy() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"
    with Server({"http://badges.example/": drip(head + b"x" * 2_000, every=0.02)}) as proxy:
        limits = Limits(resource_seconds=0.3)
        with HttpFetcher(environ={"HTTP_PROXY": proxy.base_url}, limits=limits) as fetcher:
            fetched = fetcher.fetch("http://badges.example/")
        assert fetched.failure is not None
        assert fetched.failure.cause is Cause.TIMEOUT
