"""Gets documents over http and https: one polite, bounded, guarded request at a time.

What may be dialled is decided in `wallet.fetch.guard`, at the moment of dialling. This module adds the rest of the manners:
redirects followed by our own rules, bodies under caps, one deadline for a whole resource, a URL asked for once a run, two
connections a host, Retry-After, proxies and private certificate authorities. No cookie and no Referer is ever sent, because
requests are made on the transport itself, below the client that would add them; a credential only where `HttpFetcher.call`
is given one (`wallet.fetch.session`, for the learner's accounts). Nothing is judged here: every answer and every failure is
a `Fetched` for the verifier to weigh.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin

import httpx

from wallet import __version__
from wallet.config import Network
from wallet.fetch.base import Cause, Failure, Fetched, Hop, Tls, Want
from wallet.fetch.body import BodyError, read_body
from wallet.fetch.guard import (
    AllowList,
    DeadlineBackend,
    DeadlineStream,
    GuardedBackend,
    GuardedTransport,
    Lookup,
    Refused,
    Resolver,
    deadline,
    extend,
    system_lookup,
)
from wallet.fetch.once import Once
from wallet.fetch.proxies import BadProxyError, Proxies, open_proxy
from wallet.fetch.urls import BadUrlError, Target, parse_target
from wallet.limits import LIMITS, Limits
from wallet.text import clean

_JSON = "application/ld+json, application/json;q=0.9, */*;q=0.1"
# A picture may also be a JSON-LD Image object.
_IMAGE = "image/png, image/svg+xml;q=0.9, image/*;q=0.5, application/ld+json;q=0.3, application/json;q=0.2"
_ANYTHING = "application/ld+json, application/json;q=0.9, image/png;q=0.8, image/svg+xml;q=0.8, text/html;q=0.2"
_ACCEPT = {Want.JSON: _JSON, Want.KEY: _JSON, Want.IMAGE: _IMAGE, Want.ANYTHING: _ANYTHING}

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_USED_BODIES = frozenset([200, 410])
_BUSY = frozenset([429, 503])
_KEPT_HEADERS = ("content-type", "date", "last-modified", "etag", "link", "retry-after")
_KEPT_HEADER_CHARACTERS = 1_000


def user_agent() -> str:
    """The one constant User-Agent. No bot words: some badge hosts answer those with a preview page."""
    return f"badgefolio/{__version__}"


@dataclass(frozen=True, slots=True)
class Call:
    """One request that is more than asking for a document. `headers` and `body` may hold secrets: they are never shown."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


_PLAIN_GET = Call()


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer to one request, before redirects. `location` only where the status says to go on there."""

    fetched: Fetched
    location: str | None = None


class HttpFetcher:
    """A `Fetcher` for one run. Safe to use from several threads; a context manager. Nothing is opened before it is needed."""

    def __init__(
        self,
        *,
        network: Network | None = None,
        allow_hosts: Sequence[str] = (),
        limits: Limits = LIMITS,
        environ: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        """`allow_hosts` adds to `network.allow_hosts`; a mistake in either raises `ConfigError`.

        environ: where proxies and certificate files are named, by default the process's own. clock: stamps answers.
        lookup: resolves names; tests put a hostile one here.
        """
        network = Network() if network is None else network
        self._limits = limits
        self._ca_file = network.ca_file
        self._environ = os.environ if environ is None else environ
        self._clock = clock if clock is not None else _utc_now
        self._proxies = Proxies(network.proxy, environ)
        self._allowed = AllowList((*network.allow_hosts, *allow_hosts))
        self.hosts: set[str] = set()
        resolver = Resolver(lookup)
        self._guarded = GuardedBackend(self._allowed, resolver, limits, hosts=self.hosts)
        self._to_proxy = DeadlineBackend(resolver, limits)
        self._transports: dict[tuple[bool, str | None], GuardedTransport] = {}
        self._context: ssl.SSLContext | None = None
        self._answers: Once[tuple[str, str], _Answer] = Once(_size, limits.run_cache_bytes, waited=extend)
        self._lock = threading.Lock()
        self._workers = threading.BoundedSemaphore(limits.workers)
        self._turns: dict[str, threading.BoundedSemaphore] = {}
        self._timeouts: dict[str, int] = {}
        self._impatient: set[str] = set()
        self._closing = threading.Event()
        self._extensions = {
            "timeout": {
                "connect": limits.connect_seconds,
                "read": limits.read_seconds,
                "write": limits.read_seconds,
                "pool": limits.resource_seconds,
            }
        }

    def __enter__(self) -> HttpFetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection, and wake those that wait for a Retry-After."""
        self._closing.set()
        with self._lock:
            for transport in self._transports.values():
                transport.close()
            self._transports.clear()

    # --- one resource -------------------------------------------------------------------------------------------

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """The answer for `url` after redirects. `hops` are the redirects followed; a failure names the host it met."""
        try:
            target = parse_target(url, self._limits)
        except BadUrlError as problem:
            return self._failed(url, Cause.BAD_URL, problem.detail)
        hops: list[Hop] = []
        with deadline(self._limits.resource_seconds):
            while True:
                answer = self._ask(target, want)
                fetched = answer.fetched
                if answer.location is not None and fetched.status is not None:
                    hops.append(Hop(target.url, fetched.status, answer.location))
                    following = self._follow(target, answer.location, hops)
                    if isinstance(following, Target):
                        target = following
                        continue
                    fetched = self._failed(target.url, Cause.REDIRECT, following)
                if hops or fetched.url != url:
                    fetched = replace(fetched, url=url, hops=tuple(hops))
                return fetched

    def call(self, target: Target, call: Call) -> Fetched:
        """The answer to one request of the caller's own making: never kept for others, and never sent on by a redirect."""
        with deadline(self._limits.resource_seconds):
            answer = self._ask_politely(target, _ACCEPT[Want.JSON], self._limits.json_body_bytes, call)
        if answer.location is None:
            return answer.fetched
        return self._failed(target.url, Cause.REDIRECT, f"{target.host} sends on, where nothing secret is sent")

    def refused(self, url: str, failure: Failure) -> Fetched:
        """What is answered for a request that is not made."""
        return self._failed(url, failure.cause, failure.detail)

    def opened_by_name(self, target: Target) -> bool:
        """Whether the learner opened this very host with `--allow-host` or in the settings."""
        return self._allowed.opens(target.host, target.port)

    def _follow(self, target: Target, location: str, hops: Sequence[Hop]) -> Target | str:
        """Where a redirect leads, or why it is not followed."""
        try:
            following = parse_target(urljoin(target.url, location), self._limits)
        except BadUrlError as problem:
            return f"{target.host} sends on to an address that is not followed: {problem.detail}"
        except ValueError:
            return f"{target.host} sends on to something that is not an address"
        if target.scheme == "https" and following.scheme == "http":
            return (
                f"{target.host} sends on from https to http, to {following.host}, where anybody could change the answer"
            )
        if any(hop.url == following.url for hop in hops):
            return f"{target.host} sends on in a circle"
        if len(hops) > self._limits.redirects:
            return f"{target.host} sends on more than {self._limits.redirects} times"
        return following

    def _failed(self, url: str, cause: Cause, detail: str) -> Fetched:
        return Fetched(url=url, final_url=url, fetched_at=self._clock(), failure=Failure(cause, detail))

    # --- one request --------------------------------------------------------------------------------------------

    def _ask(self, target: Target, want: Want) -> _Answer:
        """One request without redirects, made once a run however often and from wherever it is asked for."""
        accept = _ACCEPT[want]
        return self._answers.get((target.url, accept), lambda: self._ask_politely(target, accept, self._cap(want)))

    def _cap(self, want: Want) -> int:
        return self._limits.json_body_bytes if want in (Want.JSON, Want.KEY) else self._limits.image_body_bytes

    def _ask_politely(self, target: Target, accept: str, cap: int, call: Call = _PLAIN_GET) -> _Answer:
        """Wait for a turn, ask, and ask once more if the host says when or a kept-open connection had just ended."""
        with self._turn(target.host):
            late = self._timeouts.get(target.authority, 0)
            if late >= self._limits.timeouts_per_host:
                detail = f"{target.authority} did not answer in time, {late} times in a row; it is not asked again now"
                return _Answer(self._failed(target.url, Cause.TIMEOUT, detail))
            answer = self._send(target, accept, cap, call)
            pause = self._pause(target, answer.fetched)
            if pause is not None:
                self._closing.wait(pause)
                extend(pause)
                answer = self._send(target, accept, cap, call)
                if answer.fetched.status in _BUSY:
                    self._impatient.add(target.authority)
        failure = answer.fetched.failure
        if failure is None:
            self._timeouts.pop(target.authority, None)
        elif failure.cause is Cause.TIMEOUT:
            with self._lock:
                self._timeouts[target.authority] = self._timeouts.get(target.authority, 0) + 1
        return answer

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Two at a time for one host, eight in all. Waiting for others does not count against the deadline."""
        with self._lock:
            turns = self._turns.get(host)
            if turns is None:
                turns = self._turns[host] = threading.BoundedSemaphore(self._limits.connections_per_host)
        _acquire(turns)
        try:
            _acquire(self._workers)
            try:
                yield
            finally:
                self._workers.release()
        finally:
            turns.release()

    def _pause(self, target: Target, fetched: Fetched) -> float | None:
        """How many seconds the host asks to wait, when that is short enough and waiting has not been in vain before."""
        if fetched.status not in _BUSY or target.authority in self._impatient:
            return None
        stated = (fetched.header("retry-after") or "").strip()
        try:
            if stated.isascii() and stated.isdigit():
                seconds = float(stated[:6])
            else:
                moment = parsedate_to_datetime(stated)
                seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - self._clock()).total_seconds()
        except (ValueError, OverflowError, LookupError, TypeError):  # a date that makes the library stumble is no date
            return None
        return max(seconds, 0.0) if seconds <= self._limits.retry_after_seconds else None

    def _send(self, target: Target, accept: str, cap: int, call: Call) -> _Answer:
        proxy = self._proxies.choose(target)
        reused = target.authority in self.hosts
        try:
            if proxy is not None:
                # The proxy resolves names, so a literal address and the port are all that can be judged here.
                self._allowed.check_port(target.host, target.port)
                self._allowed.check_literal(target.host, target.port)
                self.hosts.add(target.authority)
            transport = self._transport(target.scheme == "https", proxy)
            try:
                return self._exchange(transport, target, accept, cap, call, proxied=proxy is not None)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # A host may close a kept-open connection just as it is used again: that is no news about the document.
                # What is sent there with a POST may have been done all the same, so that is not said twice.
                if not reused or call.method != "GET":
                    raise
                return self._exchange(transport, target, accept, cap, call, proxied=proxy is not None)
        except Refused as refusal:
            failure = Failure(refusal.cause, refusal.detail)
        except BodyError as problem:
            failure = Failure(problem.cause, f"{target.host} {problem.detail}")
        except BadProxyError as problem:
            failure = Failure(Cause.PROXY, problem.detail)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = _failure(error, target)
        return _Answer(
            Fetched(
                url=target.url,
                final_url=target.url,
                fetched_at=self._clock(),
                failure=failure,
                proxied=proxy is not None,
            )
        )

    def _exchange(
        self, transport: GuardedTransport, target: Target, accept: str, cap: int, call: Call, *, proxied: bool
    ) -> _Answer:
        request = httpx.Request(
            call.method,
            target.url,
            headers={
                # Named here, or httpx would decode a made-up "xn--" label to write it, and raise what it does not declare.
                "Host": target.host_header,
                "User-Agent": user_agent(),
                "Accept": accept,
                "Accept-Encoding": "identity",
                "Connection": "keep-alive",
                **dict(call.headers),
            },
            content=call.body or None,
            extensions=self._extensions,
        )
        response = transport.handle_request(request)
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)
        try:
            headers = response.headers
            status = response.status_code
            location = headers.get("location") if status in _REDIRECTS else None
            if status in _REDIRECTS and location is None:
                raise BodyError(Cause.REDIRECT, "sends on without saying where")
            body = b"" if location is not None else self._body(stream, headers, status, cap)
            connection: object = response.extensions.get("network_stream")
            tls: Tls | None = None
            if target.scheme == "https" and isinstance(connection, DeadlineStream):
                tls = connection.tls
        finally:
            stream.close()
        kept = tuple((name, headers[name][:_KEPT_HEADER_CHARACTERS]) for name in _KEPT_HEADERS if name in headers)
        fetched = Fetched(
            url=target.url,
            final_url=target.url,
            fetched_at=self._clock(),
            status=status,
            body=body,
            headers=kept,
            tls=tls,
            proxied=proxied,
        )
        return _Answer(fetched, location)

    def _body(self, stream: httpx.SyncByteStream, headers: httpx.Headers, status: int, cap: int) -> bytes:
        try:
            return read_body(
                stream, length=headers.get("content-length"), coding=headers.get("content-encoding"), cap=cap
            )
        except BodyError:
            if status in _USED_BODIES:
                raise
            return b""  # the status says it all; a huge error page must not turn "not found" into "too big"

    # --- connections --------------------------------------------------------------------------------------------

    def _transport(self, secure: bool, proxy: str | None) -> GuardedTransport:
        """One pool for plain and one for secure requests a route: certificates are loaded only when they are needed."""
        key = (secure, proxy)
        transport = self._transports.get(key)
        if transport is not None:
            return transport
        opened = None if proxy is None else open_proxy(proxy)
        with self._lock:
            transport = self._transports.get(key)
            if transport is None:
                needed = secure or (opened is not None and opened.url.scheme == "https")
                # Without certificates of authorities a context trusts nobody, so a mistake here could only fail.
                context = self._trust() if needed else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                backend = self._guarded if opened is None else self._to_proxy
                transport = GuardedTransport(context, backend, proxy=opened, connections=self._limits.workers)
                self._transports[key] = transport
        return transport

    def _trust(self) -> ssl.SSLContext:
        """Whom to trust: SSL_CERT_FILE, else SSL_CERT_DIR, else the bundled authorities; `[network] ca_file` besides."""
        if self._context is not None:
            return self._context
        file, folder = self._environ.get("SSL_CERT_FILE"), self._environ.get("SSL_CERT_DIR")
        named = file or folder or ""
        try:
            if file:
                context = ssl.create_default_context(cafile=file)
            elif folder:
                context = ssl.create_default_context(capath=folder)
            else:
                import certifi  # with httpx; only where the environment names nothing else

                context = ssl.create_default_context(cafile=certifi.where())
            if self._ca_file is not None:
                named = str(self._ca_file)
                context.load_verify_locations(cafile=named)
        except OSError as error:  # ssl.SSLError is one
            detail = f"the certificate file {clean(named, limit=120)} cannot be read"
            raise Refused(Cause.TLS, detail) from error
        self._context = context
        return context


def _failure(error: httpx.HTTPError | httpx.InvalidURL, target: Target) -> Failure:
    """What went wrong, from the exception of the transport and the one of the guard beneath it."""
    beneath = error.__cause__
    if isinstance(beneath, Refused):
        return Failure(beneath.cause, beneath.detail)
    reason = clean(str(error), limit=120).rstrip(".")
    if isinstance(error, httpx.InvalidURL):
        return Failure(Cause.BAD_URL, f"'{clean(target.url, limit=80)}' is not a web address")
    if isinstance(error, httpx.TimeoutException):
        return Failure(Cause.TIMEOUT, f"{target.authority} did not answer in time")
    if isinstance(error, httpx.ProxyError):
        return Failure(Cause.PROXY, f"the proxy did not connect to {target.host} ({reason})")
    if isinstance(error, httpx.RemoteProtocolError):
        if "too long" in reason:
            return Failure(Cause.TOO_BIG, f"{target.host} sent headers without end")
        return Failure(Cause.PROTOCOL, f"{target.host} broke off or did not speak HTTP ({reason})")
    return Failure(Cause.CONNECT, f"the connection to {target.authority} broke off")


def _acquire(semaphore: threading.BoundedSemaphore) -> None:
    if not semaphore.acquire(blocking=False):
        started = time.monotonic()
        semaphore.acquire()
        extend(time.monotonic() - started)


def _size(answer: _Answer) -> int:
    return len(answer.fetched.body) + 500


def _utc_now() -> datetime:
    return datetime.now(UTC)
