"""Decides whether a URL may be asked for at all, and spells its host the one way that the rest of the core compares.

A `Target` has an ASCII host (IDNA, lower case, no final dot) or the canonical spelling of a literal address, however it
was written: `http://127.1`, `http://0x7f000001` and `http://127。0。0。1` are all `127.0.0.1`, as the system's own resolver
would take them. Nothing is resolved or fetched here, and whether the host may be contacted is the guard's affair.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from wallet.limits import LIMITS, Limits
from wallet.text import clean

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SHAPE = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\s\\]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BRACKETED = re.compile(r"\[([^\[\]]*)\](?::([0-9]*))?")
_NAMED = re.compile(r"([^:\[\]]+)(?::([0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadUrlError(Exception):
    """This is not an address that is ever fetched. `detail` is a clean phrase for people."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to ask for. `url` has the ASCII host and no fragment; `host` has no brackets; `port` is always set."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """`host:port` for people and for matching; IPv6 literals in brackets."""
        return join_host(self.host, self.port)

    @property
    def host_header(self) -> str:
        """The value of the Host header: as `authority`, without the port where the scheme implies it."""
        return self.url.partition("://")[2].partition("/")[0].partition("?")[0]


def join_host(host: str, port: int) -> str:
    """`host:port`, IPv6 literals in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def ascii_host(host: str) -> str:
    """`host` (no brackets, no port) as it is compared and shown. Raises `BadUrlError`."""
    if ":" in host:
        try:
            address = IPv6Address(host)
        except AddressValueError:
            raise BadUrlError(f"'{clean(host, limit=80)}' is not an address") from None
        if address.scope_id is not None:
            raise BadUrlError("the address names a network card of one computer")
        return str(address)
    name = host
    if not name.isascii():
        import idna  # its tables load slowly, and hardly any badge host needs them

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except UnicodeError:
            raise BadUrlError(f"'{clean(host, limit=80)}' is not a host name") from None
    name = name.lower().removesuffix(".")
    if literal := _ipv4(name):
        return literal
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadUrlError(f"'{clean(host, limit=80)}' is not a host name")
    return name


def _ipv4(name: str) -> str | None:
    """The canonical spelling if the system would read `name` as an IPv4 address: 127.1, 2130706433, 0x7f.1, 0177.0.0.1."""
    if not name or not name[0].isdigit():
        return None
    try:
        return str(IPv4Address(socket.inet_aton(name)))
    except OSError:
        return None


def split_host(authority: str) -> tuple[str, int | None]:
    """The ASCII host and the port (None: not given) of `HOST`, `HOST:PORT`, `[V6]` or `[V6]:PORT`. Raises `BadUrlError`."""
    match = (_BRACKETED if authority.startswith("[") else _NAMED).fullmatch(authority)
    if match is None:
        raise BadUrlError(f"'{clean(authority, limit=80)}' is not a host name")
    host, digits = match.group(1), match.group(2)
    if authority.startswith("[") and ":" not in host:
        raise BadUrlError(f"'{clean(authority, limit=80)}' is not an address")
    port = int(digits) if digits and len(digits) <= 5 else None
    if digits and (port is None or not 0 < port <= 65_535):  # port 0 would be dialled as if none were given
        raise BadUrlError(f"'{clean(digits, limit=20)}' is not a port number")
    return ascii_host(host), port


def parse_target(url: str, limits: Limits = LIMITS) -> Target:
    """What `url` asks for. Raises `BadUrlError` for everything but a plain http or https address."""
    if len(url) > limits.url_characters:
        raise BadUrlError(f"the address is longer than {limits.url_characters:,} characters")
    if _UNSAFE.search(url) or _SURROGATE.search(url):
        raise BadUrlError("the address holds a space, a backslash or a control character")
    match = _SHAPE.match(url)
    if match is None:
        scheme = _SCHEME.match(url)
        if scheme and scheme.group(1).lower() not in _DEFAULT_PORTS:
            raise BadUrlError(
                f"'{clean(scheme.group(1), limit=40).lower()}:' addresses are never fetched, only http and https"
            )
        raise BadUrlError(f"'{clean(url, limit=80)}' is not a web address")
    scheme_name, authority, rest = match.group(1).lower(), match.group(2), match.group(3)
    if "@" in authority:
        raise BadUrlError("the address holds a user name or a password")
    if not authority:
        raise BadUrlError("the address names no host")
    host, port = split_host(authority)
    default = _DEFAULT_PORTS[scheme_name]
    shown = f"[{host}]" if ":" in host else host
    suffix = "" if port in (None, default) else f":{port}"
    return Target(f"{scheme_name}://{shown}{suffix}{rest}", scheme_name, host, default if port is None else port)
