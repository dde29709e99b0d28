"""A real HTTP host on loopback for sample issuers: what it publishes can be changed or withdrawn while it runs.

It serves exactly what was published, with the status that was published, and logs what was asked for. It knows nothing of
badges; `tui.demo.issuer` does. Never reachable from another machine.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

JSON_LD = "application/ld+json"


@dataclass(frozen=True, slots=True)
class Page:
    """One published answer."""

    body: bytes
    content_type: str = JSON_LD
    status: int = 200


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A sample run asks for a burst of documents at once; the default backlog of 5 makes some of them wait a second.
    request_queue_size = 64

    def __init__(self, host: LoopbackHost) -> None:
        self.host = host
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Headers and body leave in one segment each way; waiting for a fuller one costs 40 ms a request.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        page = self.server.host.answer(self.path)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: stderr belongs to the face."""


class LoopbackHost:
    """A host at `base_url` while the `with` block lasts. `publish` may be called at any time, from any thread."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self._requests: list[str] = []
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._running = False
        self.port: int = self._server.server_address[1]

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allow_host(self) -> str:
        """What `--allow-host` must name for this host to be fetched."""
        return f"127.0.0.1:{self.port}"

    @property
    def requests(self) -> tuple[str, ...]:
        """The paths asked for so far, in order."""
        with self._lock:
            return tuple(self._requests)

    def publish(self, path: str, page: Page) -> str:
        """Serve `page` at `path` from now on; its URL is returned."""
        with self._lock:
            self._pages[path] = page
        return self.base_url + path

    def answer(self, path: str) -> Page:
        """What is served at `path`; 404 for what was never published."""
        with self._lock:
            self._requests.append(path)
            return self._pages.get(path, Page(b'{"error": "not found"}', "application/json", 404))

    def stop(self) -> None:
        """Go offline: connections are refused from here on. May be called twice."""
        if self._running:
            self._running = False
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> LoopbackHost:
        self._running = True
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
