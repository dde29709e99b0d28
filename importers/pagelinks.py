"""Reads from a web page where a badge behind it may be: what it names as its JSON, what it links to, which pictures it shows.

The page is read and not run: no script, no style, nothing loaded. What it tells about a badge in words is of no interest here,
because a badge is never made out of what a page says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from wallet.limits import LIMITS, Limits

_JSON_TYPES = frozenset({"application/ld+json", "application/json", "application/vc+ld+json"})
_PREVIEWS = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"})
_LINKING = {"a": "href", "area": "href", "iframe": "src", "embed": "src", "object": "data", "form": "action"}
_PICTURE_LINK = re.compile(r"[^?#]*\.(?:png|svg)(?:[?#].*)?", re.IGNORECASE)
_SMALL_PIXELS = 64
_DIGITS = re.compile(r"\s{0,9}([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Absolute addresses, each once, in the order of the page; foreign text. None of them was asked for."""

    alternates: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    previews: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def page_links(page: bytes, address: str, limits: Limits = LIMITS) -> PageLinks:
    """What `page`, which came from `address`, names. Never raises: of a page that breaks off, what stood before."""
    collector = _Collector(limits.page_links)
    # What it raises is how the parser of the standard library answers some broken declarations.
    with suppress(AssertionError, ValueError):
        # Not closed on purpose: closing reads an unfinished end again from each of its characters on.
        collector.feed(page[: limits.page_bytes].decode("utf-8", "replace"))
    base = _joined(address, collector.base) or address
    return PageLinks(*(_absolute(found, base) for found in collector.found.values()))


def _absolute(found: Mapping[str, None], base: str) -> tuple[str, ...]:
    urls = (_joined(base, link) for link in found)
    return tuple(dict.fromkeys(url for url in urls if url is not None))


def _joined(base: str, link: str) -> str | None:
    try:
        url = urljoin(base, link.strip().replace(" ", "%20"))
    except ValueError:
        return None
    return url.partition("#")[0] if url[:8].lower().startswith(("http://", "https://")) else None


@dataclass(slots=True)
class _Found:
    alternates: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    previews: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, None] = field(default_factory=dict)

    def values(self) -> tuple[Mapping[str, None], ...]:
        return self.alternates, self.links, self.previews, self.pictures


class _Collector(HTMLParser):
    def __init__(self, most: int) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.found = _Found()
        self._most = most

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser for each element; self-closing ones come here too."""
        attributes = {name: value for name, value in reversed(attrs) if value}
        if tag == "base":
            self.base = self.base or attributes.get("href", "")
        elif tag == "link":
            self._link(attributes)
        elif tag == "meta":
            if attributes.get("property", attributes.get("name", "")).lower() in _PREVIEWS:
                self._add(self.found.previews, attributes.get("content"))
        elif tag == "img":
            self._picture(attributes)
        elif tag in _LINKING:
            link = attributes.get(_LINKING[tag])
            self._add(self.found.links, link)
            if link and _PICTURE_LINK.fullmatch(link.strip()):
                self._add(self.found.pictures, link)

    def _link(self, attributes: Mapping[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in relations and kind in _JSON_TYPES:
            self._add(self.found.alternates, attributes.get("href"))
        elif "image_src" in relations:
            self._add(self.found.previews, attributes.get("href"))
        elif "canonical" in relations:
            self._add(self.found.links, attributes.get("href"))

    def _picture(self, attributes: Mapping[str, str]) -> None:
        """A picture that may be a badge. Icons and the invisible ones that count readers say how small they are."""
        link = attributes.get("src", "")
        self._add(self.found.links, link)
        sides = [int(stated[1]) for name in ("width", "height") if (stated := _DIGITS.match(attributes.get(name, "")))]
        if all(side > _SMALL_PIXELS for side in sides) and (sides or _PICTURE_LINK.fullmatch(link.strip())):
            self._add(self.found.pictures, link)

    def _add(self, found: dict[str, None], link: str | None) -> None:
        if link and len(found) < self._most:
            found.setdefault(link)
