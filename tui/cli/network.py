"""The network as a command uses it: one fetcher a run, and every host named on stderr before it is first contacted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.cli.run import Run
from wallet.fetch.base import Fetched, Fetcher, Want
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.store.wallet import Wallet


class Announcing:
    """A fetcher that says the name of a host before the first request goes there."""

    def __init__(self, inner: Fetcher, say: Callable[[str], None]) -> None:
        self._inner, self._say = inner, say
        self._lock = Lock()
        self._named: set[str] = set()

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """As the inner fetcher does."""
        host = host_of(url)
        with self._lock:
            new = host not in self._named
            self._named.add(host)
        if new and host:
            self._say(f"Contacting {host}")
        return self._inner.fetch(url, want)


def host_of(url: str) -> str:
    """The host and port of a URL, in ASCII and clean, or ""."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = clean(host, limit=100)
    return f"{host}:{port}" if host and port is not None else clean(host, limit=253)


@contextmanager
def fetcher(run: Run, wallet: Wallet | None) -> Iterator[Fetcher]:
    """What answers for URLs in this run: the network, or with `--offline` the evidence in the wallet."""
    if run.options.offline:
        from wallet.fetch.recorded import RecordedFetcher

        yield RecordedFetcher(wallet.evidence if wallet is not None else _nothing, now=run.now)
        return
    from wallet.fetch.http import HttpFetcher

    with HttpFetcher(network=run.config.network, allow_hosts=run.options.allow_hosts) as net:
        yield Announcing(net, run.err.note)


def _nothing(_: str) -> Fetched | None:
    return None
