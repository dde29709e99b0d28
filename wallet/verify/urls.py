"""Addresses as the checks compare them: parsed first, compared afterwards, never by looking at the text alone.

Pure string work; nothing is resolved or fetched. Two addresses are the same when they can only mean one place: case of
scheme and host, a default port, a missing path and needless percent-codes make no difference, everything else does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+\Z")
_BAD_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\Z")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_USUAL, _LONGEST = 2_048, 16_384
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Url:
    """An http(s) address taken apart. `host` is ASCII, lower case, without a trailing dot; `path` begins with "/"."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None
    fragment: str | None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def path_and_query(self) -> str:
        """What a `startsWith` is compared with, after the origin."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{host}{port}{self.path_and_query}{fragment}"


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI by its shape."""
    return _IRI.match(text) is not None


def is_http(text: str) -> bool:
    """Whether `text` claims to be an http(s) address."""
    return text[:8].lower().startswith(("http://", "https://"))


def parse(text: str) -> Url | None:
    """The parts of an http(s) address; None when it is none, or when two readers could take it for two places."""
    return _kept(text) if len(text) <= _USUAL else _parse(text)


def _parse(text: str) -> Url | None:
    return None if problem(text) is not None else _split(text)


#: A few hosts and their documents are compared for each badge. What is longer is met once, and would fill the memory.
_kept = lru_cache(maxsize=4_096)(_parse)


def problem(text: str) -> str | None:
    """Why `text` cannot serve as an http(s) address, as the end of a sentence; None when it can (T11)."""
    if len(text) > _LONGEST:
        return f"it is longer than {_LONGEST:,} characters"
    if _BAD_IN_URL.search(text):
        return "it holds a space, a backslash or a control character"
    if not is_http(text):
        return "it does not begin with https:// or http://"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "its host or port cannot be read"
    if "@" in parts.netloc:
        return "it holds a user name before the host"
    if "%" in parts.netloc:
        return "its host is percent-encoded"
    if port == 0 or len(parts.netloc) > _USUAL or host_name(_host_text(parts.netloc)) is None:
        return "its host or port cannot be read"
    return None


def _host_text(netloc: str) -> str:
    if netloc.startswith("["):
        return netloc.partition("]")[0] + "]"
    return netloc.rpartition(":")[0] if ":" in netloc else netloc


def _split(text: str) -> Url:
    parts = urlsplit(text)
    scheme = parts.scheme.lower()
    host = host_name(_host_text(parts.netloc)) or ""
    fragment = text.partition("#")[2] if "#" in text else None
    rest = text.partition("#")[0]
    return Url(
        scheme=scheme,
        host=host,
        port=parts.port or _DEFAULT_PORTS[scheme],
        path=_tidy(parts.path) or "/",
        query=_tidy(parts.query) if "?" in rest else None,
        fragment=fragment,
    )


def _tidy(text: str) -> str:
    """Percent-codes of plain characters decoded, all others in upper case, and letters of other scripts as such codes."""

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    if not text.isascii():
        text = quote(text, safe=_ASCII)
    return _PERCENT.sub(plain, text) if "%" in text else text


@lru_cache(maxsize=4_096)
def host_name(text: str) -> str | None:
    """`text` as a comparable host: ASCII, lower case, no trailing dot. None for anything but a name or an address."""
    if text.startswith("["):
        try:
            return str(IPv6Address(text.strip("[]"))) if text.endswith("]") else None
        except AddressValueError:
            return None
    name = text.lower().removesuffix(".")
    if not name.isascii():
        # Only names in other scripts pay for this import.
        import idna

        try:
            name = idna.encode(text.removesuffix("."), uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            return None
    if not name or len(name) > 253:
        return None
    labels = name.split(".")
    if labels[-1].isdigit():
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            return None
    return name if all(len(label) < 64 and _LABEL.match(label) for label in labels) else None


def normal(text: str) -> str:
    """`text` in its one comparable spelling; what is neither an http(s) address nor a urn stays as it is."""
    url = parse(text)
    return _urn(text) if url is None else str(url)


def _urn(text: str) -> str:
    """The parts of a urn of which the case means nothing in lower case (RFC 8141; of a UUID that is all of it, RFC 9562)."""
    if text[:4].lower() != "urn:":
        return text
    space, colon, name = text[4:].partition(":")
    return f"urn:{space.lower()}{colon}{name.lower() if space.lower() == 'uuid' else name}"


def joined(base: str, text: str) -> str:
    """The address that `text` stands for in a document at `base`; `text` itself where there is none."""
    try:
        return urljoin(base, text)
    except ValueError:
        return text


def same(one: str, other: str) -> bool:
    """Whether two addresses or IRIs are the same."""
    return one == other or normal(one) == normal(other)


def transport_free(text: str) -> str:
    """As `normal`, with http and https counted as one: how revocation lists are matched."""
    url = parse(text)
    if url is None:
        return _urn(text)
    spelt = str(url).removeprefix(url.scheme)
    return spelt.replace(":80/", "/", 1) if url.port == 80 else spelt


def host_of(text: str) -> str | None:
    """The comparable host of an http(s) address, or None."""
    url = parse(text)
    return None if url is None else url.host
