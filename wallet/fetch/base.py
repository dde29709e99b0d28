"""What the rest of the core knows about the network: ask for a URL, get a `Fetched`. No I/O here.

A fetcher never raises because of what a host does or says: an unreachable host is a `Failure` inside the answer, because it
is a fact that the verifier has to weigh. Only `wallet.progress.Cancelled` passes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol


class Want(StrEnum):
    """What the caller hopes for: it sets the Accept header and the cap on the body's size."""

    JSON = "json"
    KEY = "key"
    IMAGE = "image"
    ANYTHING = "anything"  # a link that a learner pasted: badge, picture or page


class Cause(StrEnum):
    """Why there is no usable answer (verification.md section 5 has the sentence and the remedy of each)."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PRIVATE_ADDRESS = "private-address"
    BLOCKED_PORT = "blocked-port"
    BAD_URL = "bad-url"
    REDIRECT = "redirect"
    TOO_BIG = "too-big"
    ENCODING = "encoding"
    PROTOCOL = "protocol"
    PROXY = "proxy"
    OFFLINE = "offline"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no answer came. `detail` is a clean phrase for people, without a final full stop."""

    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a redirect chain."""

    url: str
    status: int
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """What the transport proved: protocol version, the host's certificate (sha256 hex of DER) and its end (UTC)."""

    version: str
    certificate_sha256: str
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer for one URL, or why there is none. Either `failure` is set, or `status` and `body` are.

    url: as asked. final_url: after redirects. headers: chosen ones, lower-case names. fetched_at: aware, UTC.
    proxied: the address of the host could not be checked because a proxy resolved the name.
    recorded: the answer came from evidence, not from the network.
    """

    url: str
    final_url: str
    fetched_at: datetime
    status: int | None = None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()
    tls: Tls | None = None
    failure: Failure | None = None
    proxied: bool = False
    recorded: bool = False

    def __hash__(self) -> int:
        # What tells answers apart: the rest would only make each look into a cache slower.
        return hash((self.url, self.status, self.body))

    @property
    def ok(self) -> bool:
        """Whether this is an answer with status 200."""
        return self.failure is None and self.status == 200

    @property
    def conclusive(self) -> bool:
        """Whether later offline checks may rest on it: 200, or 410 (which means "withdrawn" for an assertion)."""
        return self.failure is None and self.status in (200, 410)

    @property
    def sha256(self) -> str | None:
        """Hex digest of the body, or None when there is none."""
        return sha256(self.body).hexdigest() if self.failure is None else None

    def header(self, name: str) -> str | None:
        """The value of a kept header, by lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Fetcher(Protocol):
    """Gets one URL. Made for one run, in which a URL that was answered has one answer. Safe to call from several threads."""

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """The answer for `url`; never raises on account of the URL, the host or the answer."""
        ...
