"""Small words that all exports share: dates, file names, links and the direction of writing. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from wallet.text import clean

# Not from the locale: the same wallet must give the same bytes on every computer.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
_SECRET_KEYS = re.compile(
    r"(?:^|[_.-])(?:token|secret|signature|sig|auth|password|passwd|pwd|session|sid|apikey|key|code|jwt)(?:$|[_.-])",
    re.I,
)
_URL_SPACE = re.compile(r"[\s\x00-\x20\x7f\"<>\\^`{|}]")


def long_date(moment: datetime) -> str:
    """`21 November 2026`, in UTC."""
    return long_day(moment.astimezone(UTC).date())


def long_day(day: date) -> str:
    """`21 November 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso_date(moment: datetime) -> str:
    """`2026-11-21`, in UTC."""
    return moment.astimezone(UTC).date().isoformat()


def slug(name: str, badge_id: str) -> str:
    """A file name without suffix for a badge: readable ASCII, never reserved, unlike any other badge's name."""
    ascii_name = unicodedata.normalize("NFKD", clean(name, limit=120)).encode("ascii", "ignore").decode("ascii").lower()
    stem = _NOT_IN_NAMES.sub("-", ascii_name).strip("-")[:48].strip("-")
    if not stem or stem in _RESERVED:
        stem = "badge"
    return f"{stem}-{_NOT_IN_NAMES.sub('', badge_id.lower())[:8]}"


def public_link(url: str | None) -> str | None:
    """`url` as it may be printed, or None when it may not.

    Only http and https; the host in ASCII, so that look-alike letters show; no user name and no query that looks like a
    secret, because a page that is handed on must not open somebody's account.
    """
    if not url or _URL_SPACE.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(parts.fragment, keep_blank_values=True)
    if any(_SECRET_KEYS.search(key) for key, _ in pairs):
        return None
    plain_host = ascii_host(host)
    if plain_host is None:
        return None
    netloc = f"[{plain_host}]" if ":" in plain_host else plain_host
    if port is not None:
        netloc += f":{port}"
    shown = urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment))
    # Letters outside ASCII would pass through the cleaner changed, and then the link would lead elsewhere.
    return shown if shown.isascii() else _percent(shown)


def ascii_host(host: str) -> str | None:
    """A host name in ASCII by the registries' rules, or None when it is no host name."""
    if host.isascii():
        return host.lower()
    import idna  # 10 ms, and almost every host is ASCII

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None


def host_of(url: str | None) -> str | None:
    """The ASCII host of an http(s) address, with its port when it has one."""
    link = public_link(url)
    return urlsplit(link).netloc if link is not None else None


def _percent(url: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in url)


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the first character that has a direction."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
