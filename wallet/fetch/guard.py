"""The gate that every connection passes: which ports and addresses may be dialled, and until when.

A host name is resolved once, every address that comes back is judged, and the judged address itself is dialled, so a name
cannot point somewhere else a moment later. TLS still checks the name, because only the dialling sees the address. This
module knows nothing of HTTP: redirects, bodies and proxies of the environment are `wallet.fetch.http`'s.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from math import inf

import httpcore
import httpx

from wallet.errors import ConfigError
from wallet.fetch.base import Cause, Tls
from wallet.fetch.urls import BadUrlError, join_host, split_host
from wallet.limits import LIMITS, Limits
from wallet.text import clean

# `is_global` calls several of these public; none of them is a place where an issuer can live.
_REFUSED_4 = tuple(IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10"))
_REFUSED_6 = tuple(IPv6Network(net) for net in ("2001::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10"))
# Global unicast. Everything public is in here, so what is not is refused without a list of names.
_UNICAST_6 = IPv6Network("2000::/3")
# IPv6-only networks reach IPv4 hosts through this prefix; the address inside is the one that counts.
_NAT64 = IPv6Network("64:ff9b::/96")

# Ports from 1024 up that belong to other protocols and that browsers therefore never speak HTTP to (Fetch standard).
_BLOCKED_PORTS = frozenset(
    [1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080]
)
_DIALLED_ADDRESSES = 4

Lookup = Callable[[str], Sequence[str]]


class Refused(httpcore.ConnectError):
    """No connection was made. `detail` is a clean phrase for people that names the host."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


def address_ok(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether this is a public unicast address. What cannot be read as one is not."""
    if isinstance(address, str):
        if "%" in address:
            return False
        try:
            address = ip_address(address)
        except ValueError:
            return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inside = address.ipv4_mapped
        if inside is None and address in _NAT64:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is None:
            return _public(address) and address in _UNICAST_6 and not any(address in net for net in _REFUSED_6)
        address = inside
    return _public(address) and not any(address in net for net in _REFUSED_4)


def _public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_link_local
        or address.is_loopback
        or address.is_private
    )


def port_ok(port: int) -> bool:
    """80, 443, or 1024 and up unless it belongs to another protocol."""
    return port in (80, 443) or (1_024 <= port <= 65_535 and port not in _BLOCKED_PORTS)


class AllowList:
    """Hosts that the learner opened by name: `HOST` on every usual port, `HOST:PORT` on that one port, usual or not."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Raises `ConfigError` for an entry that is neither."""
        self._entries: set[tuple[str, int | None]] = set()
        for entry in entries:
            text = entry.strip()
            try:
                # A bare IPv6 address has colons of its own, so it cannot be followed by a port.
                self._entries.add(split_host(f"[{text}]" if text.count(":") > 1 and text[0] != "[" else text))
            except BadUrlError as problem:
                raise ConfigError(
                    f"The allowed host '{clean(entry, limit=80)}' cannot be used: {problem.detail}.",
                    "Write it as HOST or HOST:PORT, for example badges.campus.example:8443.",
                ) from None

    def opens(self, host: str, port: int) -> bool:
        """Whether this host may have any address."""
        return (host, None) in self._entries or (host, port) in self._entries

    def check_port(self, host: str, port: int) -> None:
        """Raise `Refused` for a port that is not spoken to."""
        if not port_ok(port) and (host, port) not in self._entries:
            raise Refused(Cause.BLOCKED_PORT, f"port {port} of {host} is not a port for web pages")

    def check_address(self, host: str, port: int, address: str) -> None:
        """Raise `Refused` for an address that is not public, unless the host is opened."""
        if not self.opens(host, port) and not address_ok(address):
            where = "" if host == address else f" ({clean(address, limit=60)})"
            raise Refused(Cause.PRIVATE_ADDRESS, f"{host} is an address inside a private network{where}")

    def check_literal(self, host: str, port: int) -> None:
        """`check_address` for a host that is an address; a name passes, for whoever resolves it to judge."""
        try:
            ip_address(host)
        except ValueError:
            return
        self.check_address(host, port, host)


# --- deadline ---------------------------------------------------------------------------------------------------

# Timeouts of httpx are for one operation: a byte every 200 ms never trips them. The end is kept beside the job and not in
# the stream, because pooled connections outlive requests, and threads of a pool do not inherit it.
_END: ContextVar[float] = ContextVar("end_of_fetch", default=inf)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """All reading, writing and connecting in this block must be over in so many seconds."""
    token = _END.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _END.reset(token)


def extend(seconds: float) -> None:
    """Move the end: time spent waiting for one's turn is not the host's fault."""
    _END.set(_END.get() + seconds)


def _left(timeout: float | None) -> float | None:
    """`timeout`, or what is left of the deadline when that is less."""
    end = _END.get()
    if end == inf:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(left, timeout)


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation also ends with the job's deadline. `tls` is set once TLS is up."""

    def __init__(self, inner: httpcore.NetworkStream, host: str, tls: Tls | None = None) -> None:
        self._inner = inner
        self._host = host
        self.tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        name = server_hostname or self._host
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, _left(timeout))
        except httpcore.ConnectError as error:
            raise Refused(Cause.TLS, f"{name} could not prove who it is ({_tls_reason(error)})") from error
        return DeadlineStream(inner, name, _tls_facts(inner))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _tls_reason(error: httpcore.ConnectError) -> str:
    origin = error.__cause__
    if isinstance(origin, ssl.SSLCertVerificationError):
        return clean(origin.verify_message, limit=160).rstrip(".")
    if isinstance(origin, ssl.SSLError) and origin.reason:
        return clean(origin.reason.replace("_", " ").lower(), limit=160)
    return "the connection broke off while it was made secure"


def _tls_facts(stream: httpcore.NetworkStream) -> Tls | None:
    secured: object = stream.get_extra_info("ssl_object")
    version = getattr(secured, "version", None)
    certificate = getattr(secured, "getpeercert", None)
    if not callable(version) or not callable(certificate):
        return None
    der, fields = certificate(True), certificate(False)
    if not isinstance(der, bytes):
        return None
    end = fields.get("notAfter") if isinstance(fields, dict) else None
    not_after = datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None
    return Tls(version=str(version()), certificate_sha256=sha256(der).hexdigest(), not_after=not_after)


# --- names ------------------------------------------------------------------------------------------------------


def system_lookup(host: str) -> tuple[str, ...]:
    """All addresses of `host` as the system resolves it. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    # A scope id other than 0 stays out of the text form on some systems: put it in, so that it is refused.
    return tuple(
        dict.fromkeys(
            f"{item[4][0]}%{item[4][3]}" if len(item[4]) == 4 and item[4][3] else str(item[4][0]) for item in found
        )
    )


class Resolver:
    """Looks every name up once a run. `getaddrinfo` cannot be interrupted, so it runs in a daemon thread of its own."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._known: dict[str, Future[tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def addresses(self, host: str, seconds: float) -> tuple[str, ...]:
        """The addresses of `host`, a literal's own included. Raises `Refused`."""
        try:
            return (str(ip_address(host)),)
        except ValueError:
            pass
        with self._lock:
            future = self._known.get(host)
            if future is None:
                future = self._known[host] = Future()
                threading.Thread(target=self._run, args=(host, future), name="lookup", daemon=True).start()
        try:
            found = future.result(seconds)
        except FutureTimeout:
            raise Refused(Cause.TIMEOUT, f"looking up the name {host} took too long") from None
        except (OSError, UnicodeError):
            raise Refused(Cause.DNS, f"the host name {host} could not be found") from None
        if not found:
            raise Refused(Cause.DNS, f"the host name {host} has no address")
        return found

    def _run(self, host: str, future: Future[tuple[str, ...]]) -> None:
        try:
            future.set_result(tuple(self._lookup(host)))
        except Exception as error:  # noqa: BLE001 - handed over to the thread that asked
            future.set_exception(error)


# --- dialling ---------------------------------------------------------------------------------------------------


class DeadlineBackend(httpcore.NetworkBackend):
    """Dials whatever it is told, under the deadline: for proxies, which the learner chose."""

    def __init__(
        self, resolver: Resolver, limits: Limits = LIMITS, *, dialler: httpcore.NetworkBackend | None = None
    ) -> None:
        self._resolver = resolver
        self._limits = limits
        self._dialler = httpcore.SyncBackend() if dialler is None else dialler

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature; no pool of ours sets it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - likewise
    ) -> httpcore.NetworkStream:
        try:
            return self._dial(host, port, self._resolve(host), timeout)
        except Refused as refusal:
            raise Refused(Cause.PROXY, f"the proxy cannot be reached: {refusal.detail}") from refusal

    def _resolve(self, host: str) -> tuple[str, ...]:
        return self._resolver.addresses(host, _left(self._limits.dns_seconds) or 0.0)

    def _dial(self, host: str, port: int, addresses: tuple[str, ...], timeout: float | None) -> httpcore.NetworkStream:
        refusal = Refused(Cause.CONNECT, f"{join_host(host, port)} cannot be reached")
        for address in addresses[:_DIALLED_ADDRESSES]:
            try:
                stream = self._dialler.connect_tcp(address, port, _left(timeout))
            except httpcore.ConnectTimeout:
                refusal = Refused(Cause.TIMEOUT, f"{join_host(host, port)} did not take the connection in time")
            except httpcore.ConnectError as error:
                origin = error.__cause__
                if isinstance(origin, OSError) and origin.errno == errno.ECONNREFUSED:
                    refusal = Refused(Cause.CONNECT, f"{join_host(host, port)} refuses connections")
            else:
                return DeadlineStream(stream, host)
        raise refusal


class GuardedBackend(DeadlineBackend):
    """Dials public addresses only, and those that the learner opened by name. `hosts` are those it has dialled."""

    def __init__(
        self,
        allowed: AllowList,
        resolver: Resolver,
        limits: Limits = LIMITS,
        *,
        hosts: set[str] | None = None,
        dialler: httpcore.NetworkBackend | None = None,
    ) -> None:
        super().__init__(resolver, limits, dialler=dialler)
        self._allowed = allowed
        self.hosts: set[str] = set() if hosts is None else hosts

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature; no pool of ours sets it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - likewise
    ) -> httpcore.NetworkStream:
        self._allowed.check_port(host, port)
        addresses = self._resolve(host)
        for address in addresses:
            self._allowed.check_address(host, port, address)
        self.hosts.add(join_host(host, port))
        return self._dial(host, port, addresses, timeout)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport with a pool that can only dial through `backend`."""

    def __init__(
        self,
        context: ssl.SSLContext,
        backend: httpcore.NetworkBackend,
        *,
        proxy: httpx.Proxy | None = None,
        connections: int = LIMITS.workers,
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        if not isinstance(self._pool, httpcore.ConnectionPool):
            # `_pool` is private: should httpx rename it, nothing may go out around the guard.
            raise TypeError("this version of httpx keeps its connections elsewhere")
        if proxy is None:
            self._pool = httpcore.ConnectionPool(
                ssl_context=context, network_backend=backend, max_connections=connections, http2=False, retries=0
            )
            return
        self._pool = httpcore.HTTPProxy(
            proxy_url=httpcore.URL(
                scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
            ),
            proxy_auth=proxy.raw_auth,
            proxy_headers=proxy.headers.raw,
            ssl_context=context,
            proxy_ssl_context=context if proxy.url.scheme == "https" else None,
            network_backend=backend,
            max_connections=connections,
            http2=False,
            retries=0,
        )
