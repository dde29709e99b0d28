"""Waits on 127.0.0.1 for the one answer that a browser brings back from a sign-in (RFC 8252 section 7.3).

The port is random, open for minutes at most, and closed with the first answer that carries the state of this very sign-in.
Everything else is turned away and changes nothing: other paths, other methods, a host name that only points here, a state
that somebody made up. What the answer means, and whether it is a refusal, is the caller's affair.
"""

from __future__ import annotations

import hmac
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

PATH = "/badgefolio"
#: How long a browser may take to come back, in seconds.
PATIENCE_SECONDS = 120.0
_READ_SECONDS = 10.0
_ANSWER_CHARACTERS = 8_192

_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=referrer content=no-referrer>"
    "<title>badgefolio</title><body><h1>{title}</h1><p>{text}</p>"
)
_DONE = _PAGE.format(title="Thank you", text="badgefolio has its answer. You can close this page.")
_FOREIGN = _PAGE.format(title="Not expected", text="badgefolio waits for another answer. Nothing was changed.")


def answer_of(address: str) -> dict[str, str] | None:
    """The parameters in an address that a sign-in led to, or None when one of them comes twice."""
    try:
        pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    answer = dict(pairs)
    return answer if len(answer) == len(pairs) else None


class Listener:
    """Listens while it is open; a context manager. `redirect_uri` is where the browser is to be sent."""

    def __init__(self, state: str) -> None:
        """`state` as in the request that the browser is sent away with."""
        self._http = _Server(state)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.1}, name="sign-in", daemon=True
        )

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def redirect_uri(self) -> str:
        """The address of this listener."""
        return f"http://{self._http.authority}{PATH}"

    @property
    def foreign(self) -> int:
        """How many answers with another state were turned away."""
        return self._http.foreign

    def wait(self, seconds: float = PATIENCE_SECONDS) -> dict[str, str] | None:
        """The parameters of the one right answer; None when it did not come in time."""
        self._http.answered.wait(seconds)
        return self._http.answer


class _Server(ThreadingHTTPServer):
    # A browser opens connections in advance and says nothing on them: they must not keep the one that speaks waiting.
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.authority = f"127.0.0.1:{self.server_address[1]}"
        self.answered = threading.Event()
        self.answer: dict[str, str] | None = None
        self.foreign = 0
        self._state = state.encode()
        self._lock = threading.Lock()

    def take(self, answer: dict[str, str] | None) -> bool:
        """Whether this is the right answer and the first one."""
        state = (answer or {}).get("state", "").encode("utf-8", "replace")
        right = hmac.compare_digest(state, self._state)
        with self._lock:
            if not right or self.answer is not None:
                self.foreign += 1
                return False
            self.answer = answer
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """Silence: whoever hangs up half way gets no line on the learner's screen."""


class _Visit(BaseHTTPRequestHandler):
    timeout = _READ_SECONDS
    server: _Server

    def do_GET(self) -> None:
        # A name of somebody else's that resolves to 127.0.0.1 has a Host header of its own.
        known = self.headers.get("Host") == self.server.authority
        if not known or len(self.path) > _ANSWER_CHARACTERS or urlsplit(self.path).path != PATH:
            self._say(HTTPStatus.NOT_FOUND, _FOREIGN)
        elif self.server.take(answer_of(self.path)):
            self._say(HTTPStatus.OK, _DONE)
            self.server.answered.set()
        else:
            self._say(HTTPStatus.BAD_REQUEST, _FOREIGN)

    def _say(self, status: HTTPStatus, page: str) -> None:
        body = page.encode()
        self.send_response_only(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", "default-src 'none'"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the address of the request holds the code."""
