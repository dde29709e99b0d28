"""A scriptable HTTP server on 127.0.0.1 for tests: real sockets, real keep-alive, and every misbehaviour one can write down.

    with Server() as server:
        server.add("/badge", as_json({"id": server.url("/badge")}))          # application/ld+json, status 200
        server.add("/gone", (410, {}, b""))                                  # (status, headers, body)
        server.add("/moved", redirect("/badge"))
        server.add("/echo", lambda request: as_json(dict(request.headers)))  # asked on each request
        server.add("/slow", drip(b"HTTP/1.1 200 OK\\r\\n\\r\\n{}", every=0.05))  # raw bytes, one at a time
        fetcher = HttpFetcher(allow_hosts=[server.host], environ={})
        ...
        assert server.paths() == ["/badge"]

What a route may be: a `(status, headers, body)` tuple; a `Raw`, whose pieces are written to the socket as they are (status
line included; a float is a pause in seconds) before the connection is closed; or a callable that takes the `Request` and
returns either. An unknown path is a 404, so "host is there, document is not" needs no route. Paths hold the query: "/a?b=1"
is looked up first, then "/a". Routes may be added and replaced while the server runs.

With `Server(tls=Authority(folder).server("localhost"))` it speaks https under a certificate of a throw-away authority;
`authority.ca_file` is what a client must trust. The log (`server.log`, `server.paths()`) counts requests that were read
whole; `server.connections` counts accepted connections, so 0 proves that nobody dialled.

It does not judge anything and speaks only as much HTTP as tests need. It never resolves names and listens on loopback only.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

Plain = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. `path` holds the query; header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes for the socket as they are; `pieces` is called once for each request. A float is a pause in seconds."""

    pieces: Callable[[], Iterable[bytes | float]]


Answer = Plain | Raw
Route = Answer | Callable[[Request], Answer]


def as_json(value: object, status: int = 200, media: str = "application/ld+json") -> Plain:
    """`value` as a JSON document."""
    return status, {"Content-Type": media}, json.dumps(value).encode()


def redirect(to: str, status: int = 302) -> Plain:
    """A redirect; `to` is sent as it is, however wrong."""
    return status, {"Location": to}, b""


def drip(data: bytes, every: float, size: int = 1) -> Raw:
    """`data`, raw, in pieces of `size` bytes with a pause of `every` seconds before each."""

    def pieces() -> Iterator[bytes | float]:
        for start in range(0, len(data), size):
            yield every
            yield data[start : start + size]

    return Raw(pieces)


def raw(*pieces: bytes | float) -> Raw:
    """These bytes and pauses, then the end of the connection."""
    return Raw(lambda: pieces)


def endless(head: bytes, piece: bytes) -> Raw:
    """`head`, then `piece` for as long as the client listens."""

    def pieces() -> Iterator[bytes]:
        yield head
        while True:
            yield piece

    return Raw(pieces)


def silent(seconds: float = 60.0) -> Raw:
    """No answer at all for that long."""
    return raw(seconds)


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files of one server certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority that lives in `folder` for one test. Keys are P-256: quick to make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self._signer = _issue("Test authority", names=(), signer=None)
        self.ca_file.write_bytes(_pem(self._signer[1]))

    def server(self, *names: str, days: int = 30) -> Certificate:
        """A certificate for these host names or addresses; `days` below 0 is one that has ended."""
        key, certificate = _issue(names[0], names=names, signer=self._signer, days=days)
        stem = "".join(c if c.isalnum() else "_" for c in names[0]) + f"{days}"
        files = Certificate(self.folder / f"{stem}.crt", self.folder / f"{stem}.key")
        files.certificate.write_bytes(_pem(certificate))
        files.key.write_bytes(_key_pem(key))
        return files


def _issue(common: str, *, names: tuple[str, ...], signer, days: int = 30):
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def general(name: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ip_address(name))
        except ValueError:
            return x509.DNSName(name)

    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    signing_key, issuer = (key, None) if signer is None else signer
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([general(name) for name in names]), critical=False)
    if signer is None:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    return key, builder.sign(signing_key, hashes.SHA256())


def _pem(certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Server:
    """One listening server; a context manager. `tls` makes it an https server."""

    def __init__(self, routes: Mapping[str, Route] | None = None, *, tls: Certificate | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.log: list[Request] = []
        self.connections = 0
        self.most_at_once = 0
        self.closing = threading.Event()
        self._now = 0
        self._lock = threading.Lock()
        self._scheme = "http" if tls is None else "https"
        self._http = _Listener(self, tls)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port and every open connection; afterwards the address refuses connections."""
        if not self.closing.is_set():
            self.closing.set()
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as `allow_hosts` takes it."""
        return f"127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self._scheme}://{self.host}"

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of `path` here; `host` is another name for loopback."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def add(self, path: str, route: Route) -> str:
        """Serve `route` at `path` and return its URL."""
        self.routes[path] = route
        return self.url(path)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.log]

    def answer(self, request: Request) -> Answer:
        """Look up the route; called by the connection's thread."""
        with self._lock:
            self.log.append(request)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        route = self.routes.get(request.path, self.routes.get(request.path.partition("?")[0]))
        if route is None:
            return 404, {"Content-Type": "text/plain"}, b"no such document"
        return route(request) if callable(route) and not isinstance(route, Raw) else route

    def answered(self) -> None:
        """Count one request less in flight; called by the connection's thread."""
        with self._lock:
            self._now -= 1


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, owner: Server, tls: Certificate | None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._context: ssl.SSLContext | None = None
        if tls is not None:
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(tls.certificate, tls.key)

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self.owner.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: socket.socket, client_address: object) -> None:
        # The handshake belongs into the connection's thread: a client that never speaks must not stop the others.
        if self._context is None:
            super().finish_request(request, client_address)
            return
        try:
            secure = self._context.wrap_socket(request, server_side=True)
        except OSError:
            return  # the client did not like the certificate
        with secure:
            super().finish_request(secure, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self._open.discard(request)
        if request.fileno() >= 0:
            super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """Silence: a client that hangs up in the middle is what many tests are about."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write and one packet an answer: with Nagle's algorithm a keep-alive client waits 40 ms for each.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Listener

    def do_GET(self) -> None:
        owner = self.server.owner
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        try:
            answer = owner.answer(request)
            if isinstance(answer, Raw):
                self._write_raw(answer)
            else:
                self._write(request, answer)
        finally:
            owner.answered()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_CONNECT = do_GET  # noqa: N815 - the names that http.server looks up

    def _write(self, request: Request, answer: Plain) -> None:
        status, headers, body = answer
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        if not any(name.lower() in ("content-length", "transfer-encoding") for name in headers):
            lines.append(f"Content-Length: {len(body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        if request.method != "HEAD":
            self.wfile.write(body)

    def _write_raw(self, answer: Raw) -> None:
        self.close_connection = True
        for piece in answer.pieces():
            if isinstance(piece, bytes):
                self.wfile.write(piece)
                self.wfile.flush()
            elif self.server.owner.closing.wait(piece):
                return

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the log is `Server.log`."""
