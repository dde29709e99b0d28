"""Which addresses and ports may be dialled, and that the judged address is the one that is dialled."""

import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address

import httpcore
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.errors import ConfigError
from wallet.fetch.base import Cause
from wallet.fetch.guard import (
    AllowList,
    DeadlineBackend,
    GuardedBackend,
    GuardedTransport,
    Refused,
    Resolver,
    address_ok,
    port_ok,
)
from wallet.limits import Limits

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1
ff02::1 4000::1
"""
PUBLIC = "1.1.1.1 93.184.215.14 8.8.8.8 2606:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not address_ok(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_passes(address: str) -> None:
    assert address_ok(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "8.8.8.8.", " 8.8.8.8", "2606:4700::1111%1"])
def test_what_is_not_an_address_is_refused(text: str) -> None:
    assert not address_ok(text)


@given(st.ip_addresses(v=4))
@settings(max_examples=100, deadline=None)
def test_an_ipv4_address_is_judged_the_same_inside_ipv6(address: IPv4Address) -> None:
    number = int(address)
    assert address_ok(IPv6Address((0xFFFF << 32) | number)) == address_ok(address)
    assert address_ok(IPv6Address((0x64FF9B << 96) | number)) == address_ok(address)


@pytest.mark.parametrize(
    "port", [0, 1, 22, 25, 81, 1023, 2049, 5060, 6000, 6566, 6665, 6667, 6669, 6697, 10080, 65_536]
)
def test_ports_of_other_protocols_are_blocked(port: int) -> None:
    assert not port_ok(port)


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8000, 8080, 8443, 65_535])
def test_ports_for_web_pages_are_open(port: int) -> None:
    assert port_ok(port)


class RecordingDialler(httpcore.NetworkBackend):
    """Notes what it is told to dial and reaches nobody."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        return httpcore.MockStream([])


class Names:
    """A name server that gives one answer after the other, and counts how often it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_name_is_looked_up_once_and_the_judged_address_is_dialled() -> None:
    names, dialler = Names(["93.184.215.14"], ["127.0.0.1"]), RecordingDialler()
    guard = GuardedBackend(AllowList([]), Resolver(names), dialler=dialler)
    guard.connect_tcp("rebinding.example", 443)
    guard.connect_tcp("rebinding.example", 443)
    assert names.asked == ["rebinding.example"]
    assert dialler.dialled == [("93.184.215.14", 443)] * 2
    assert guard.hosts == {"rebinding.example:443"}


def test_one_private_address_among_several_refuses_the_host() -> None:
    dialler = RecordingDialler()
    guard = GuardedBackend(
        AllowList([]), Resolver(Names(["93.184.215.14", "10.0.0.7", "2606:4700::1111"])), dialler=dialler
    )
    with pytest.raises(Refused) as caught:
        guard.connect_tcp("mixed.example", 443)
    assert caught.value.cause is Cause.PRIVATE_ADDRESS
    assert caught.value.detail == "mixed.example is an address inside a private network (10.0.0.7)"
    assert dialler.dialled == []
    assert guard.hosts == set()


def test_a_blocked_port_is_refused_before_anything_is_looked_up() -> None:
    names = Names(["93.184.215.14"])
    with pytest.raises(Refused) as caught:
        GuardedBackend(AllowList([]), Resolver(names)).connect_tcp("mail.example", 25)
    assert caught.value.cause is Cause.BLOCKED_PORT
    assert names.asked == []


def test_a_name_that_is_not_found_says_so_and_is_not_asked_again() -> None:
    asked: list[str] = []

    def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no")

    resolver = Resolver(lookup)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            resolver.addresses("gone.example", 5)
        assert caught.value.cause is Cause.DNS
        assert "gone.example" in caught.value.detail
    assert asked == ["gone.example"]


def test_a_name_server_that_never_answers_is_not_waited_for() -> None:
    never = threading.Event()

    def lookup(host: str) -> Sequence[str]:
        never.wait(60)
        return []

    try:
        with pytest.raises(Refused) as caught:
            GuardedBackend(AllowList([]), Resolver(lookup), Limits(dns_seconds=0.05)).connect_tcp("slow.example", 80)
        assert caught.value.cause is Cause.TIMEOUT
    finally:
        never.set()


def test_a_name_without_any_address_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        Resolver(lambda _: ()).addresses("empty.example", 5)
    assert caught.value.cause is Cause.DNS


def test_an_allowed_host_may_have_any_address() -> None:
    dialler = RecordingDialler()
    guard = GuardedBackend(AllowList(["campus.example"]), Resolver(Names(["10.0.0.7"])), dialler=dialler)
    guard.connect_tcp("campus.example", 8443)
    assert dialler.dialled == [("10.0.0.7", 8443)]
    with pytest.raises(Refused, match="not a port"):
        guard.connect_tcp("campus.example", 25)


def test_an_allowed_host_with_a_port_opens_that_port_and_no_other() -> None:
    guard = GuardedBackend(AllowList(["campus.example:25"]), Resolver(Names(["10.0.0.7"])), dialler=RecordingDialler())
    guard.connect_tcp("campus.example", 25)
    for host, port in (("campus.example", 443), ("www.campus.example", 25)):
        with pytest.raises(Refused):
            guard.connect_tcp(host, port)


@pytest.mark.parametrize(
    ("entry", "host", "port"),
    [
        ("::1", "::1", 8000),
        ("[::1]", "::1", 8000),
        ("[0:0::1]:8443", "::1", 8443),
        ("127.1:8000", "127.0.0.1", 8000),
        ("LocalHost", "localhost", 80),
        ("Bücher.example", "xn--bcher-kva.example", 443),
        (" campus.example ", "campus.example", 443),
    ],
)
def test_an_allowed_host_may_be_spelt_in_any_way(entry: str, host: str, port: int) -> None:
    assert AllowList([entry]).opens(host, port)


@pytest.mark.parametrize(
    "entry", ["", "*", "http://campus.example", "campus.example:port", "a b", "[::1", "10.0.0.0/8", ":80"]
)
def test_an_allowed_host_that_is_no_host_is_a_mistake_in_the_settings(entry: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        AllowList([entry])


class RefusingDialler(RecordingDialler):
    """Reaches only the last address."""

    def connect_tcp(self, host: str, port: int, *rest: object, **more: object) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port)
        if host != "2606:4700::3":
            raise httpcore.ConnectError("unreachable")
        return stream


def test_the_next_address_is_tried_when_one_cannot_be_reached() -> None:
    dialler = RefusingDialler()
    names = Names(["2606:4700::1", "2606:4700::2", "2606:4700::3"])
    GuardedBackend(AllowList([]), Resolver(names), dialler=dialler).connect_tcp("many.example", 443)
    assert [host for host, _ in dialler.dialled] == ["2606:4700::1", "2606:4700::2", "2606:4700::3"]


def test_a_proxy_that_cannot_be_reached_is_named_as_the_cause() -> None:
    backend = DeadlineBackend(Resolver(Names(["127.0.0.1"])), dialler=RefusingDialler())
    with pytest.raises(Refused) as caught:
        backend.connect_tcp("proxy.example", 3128)
    assert caught.value.cause is Cause.PROXY
    assert "proxy.example:3128" in caught.value.detail


def test_the_transport_dials_through_the_guard_and_nothing_else() -> None:
    # `_pool` is private to httpx. If a new version kept its connections elsewhere, this request would get out.
    dialler = RecordingDialler()
    guard = GuardedBackend(AllowList([]), Resolver(Names(["93.184.215.14"])), dialler=dialler)
    with GuardedTransport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), guard) as transport:
        with pytest.raises(httpx.RemoteProtocolError):
            transport.handle_request(httpx.Request("GET", "http://badges.example/"))
        assert dialler.dialled == [("93.184.215.14", 80)]
        with pytest.raises(httpx.ConnectError) as caught:
            transport.handle_request(httpx.Request("GET", "http://127.0.0.1:8000/"))
        assert isinstance(caught.value.__cause__, Refused)
