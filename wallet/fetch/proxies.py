"""Which proxy, if any, a request goes through: `[network] proxy`, else the environment as other tools read it.

HTTPS_PROXY, HTTP_PROXY and ALL_PROXY choose, NO_PROXY excepts; lower-case names win over upper-case ones. Only the choice
is made here. A proxy that cannot be used is an error at the moment of use and never a reason to go around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.request import getproxies

import httpx

from wallet.fetch.urls import BadUrlError, Target, ascii_host
from wallet.text import clean


class BadProxyError(Exception):
    """The proxy setting cannot be used. `detail` is a clean phrase that does not repeat a password."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Proxies:
    """The settings of one run."""

    def __init__(self, configured: str | None, environ: Mapping[str, str] | None) -> None:
        """`environ` None: the process's environment and the system's own settings."""
        found = getproxies() if environ is None else _from_environment(environ)
        self._no = tuple(entry.strip().lower() for entry in found.get("no", "").split(",") if entry.strip())
        self._by_scheme = {scheme: configured or found.get(scheme) or found.get("all") for scheme in ("http", "https")}

    def choose(self, target: Target) -> str | None:
        """The proxy's address for `target`, None for a direct connection."""
        proxy = self._by_scheme[target.scheme]
        if not proxy or any(_excepts(entry, target) for entry in self._no):
            return None
        return proxy


def _excepts(entry: str, target: Target) -> bool:
    """Whether one NO_PROXY entry covers `target`: `*`, a domain with all below it, `HOST:PORT`, an address or a network."""
    if entry in ("*", target.host, target.authority):
        return True
    if "/" in entry:
        try:
            return ip_address(target.host) in ip_network(entry, strict=False)
        except ValueError:
            return False
    domain = "." + entry.removeprefix("*").lstrip(".")
    return f".{target.host}".endswith(domain) or f".{target.authority}".endswith(domain)


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(environ):  # upper case sorts first, so lower case has the last word
        if name.lower().endswith("_proxy") and environ[name]:
            found[name.lower().removesuffix("_proxy")] = environ[name]
    return found


def open_proxy(address: str) -> httpx.Proxy:
    """The proxy at `address`, http when it names no scheme. Raises `BadProxyError`."""
    try:
        url = httpx.URL(address if "://" in address else f"http://{address}")
        if not url.raw_host:
            raise BadProxyError("the proxy setting names no host")
        ascii_host(url.raw_host.decode("ascii"))
        if url.scheme not in ("http", "https"):
            raise BadProxyError(f"'{clean(url.scheme, limit=20)}' proxies are not supported, only http and https")
        return httpx.Proxy(url)
    except (httpx.InvalidURL, BadUrlError, ValueError):
        raise BadProxyError("the proxy setting is not an address") from None
