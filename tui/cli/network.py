"""The network as a command uses it: one fetcher a run, and every host named on stderr before it is first contacted.

Where a redirect leads is not known beforehand: hosts that were reached in that way alone are named when the run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.cli.run import Run
from wallet.fetch.base import Fetched, Fetcher, Want
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.store.wallet import Wallet


class Announcing:
    """A fetcher that says the name of a host before the first request goes there. The network is loaded with that request."""

    def __init__(self, make: Callable[[], Fetcher], say: Callable[[str], None]) -> None:
        self._make, self._say = make, say
        self._lock = Lock()
        self._inner: Fetcher | None = None
        self._named: set[str] = set()
        self._reached: dict[str, None] = {}

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """As the inner fetcher does."""
        self.name(url)
        with self._lock:
            if self._inner is None:
                self._inner = self._make()
            inner = self._inner
        fetched = inner.fetch(url, want)
        if fetched.hops:
            asked = [hop.url for hop in fetched.hops] + ([fetched.final_url] if fetched.failure is None else [])
            with self._lock:
                self._reached.update(dict.fromkeys(map(host_of, asked)))
        return fetched

    def name_redirected(self) -> None:
        """Say which hosts were reached through redirects only."""
        with self._lock:
            hosts = [host for host in self._reached if host and host not in self._named]
            self._named.update(hosts)
        if hosts:
            self._say(f"Reached through redirects: {', '.join(hosts)}")

    def name(self, url: str) -> None:
        """Say where a request goes, the first time that one goes there."""
        host = host_of(url)
        with self._lock:
            if host and host not in self._named:
                self._named.add(host)
                self._say(f"Contacting {host}")


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
def fetcher(run: Run, wallet: Wallet | None, as_of: datetime | None = None) -> Iterator[Fetcher]:
    """What answers for URLs in this run: the network, or with `--offline` the evidence in the wallet.

    as_of: before either, the evidence that is not later than this moment.
    """
    with _now(run, wallet) as net:
        if as_of is None or wallet is None:
            yield net
            return
        from wallet.verify.asof import AsOfFetcher

        yield AsOfFetcher(lambda url, moment: wallet.evidence(url, at=moment), moment=as_of, otherwise=net)


@contextmanager
def _now(run: Run, wallet: Wallet | None) -> Iterator[Fetcher]:
    if run.options.offline:
        from wallet.fetch.recorded import RecordedFetcher

        yield RecordedFetcher(wallet.evidence if wallet is not None else _nothing, now=run.now)
        return
    with ExitStack() as opened:

        def online() -> Fetcher:
            from wallet.fetch.http import HttpFetcher

            return opened.enter_context(HttpFetcher(network=run.config.network, allow_hosts=run.options.allow_hosts))

        net = Announcing(online, run.err.note)
        try:
            yield net
        finally:
            net.name_redirected()


def _nothing(_: str) -> Fetched | None:
    return None
