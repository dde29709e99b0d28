"""Links that stand in a mail, a PDF, a table or a text: collected to be offered, never opened here.

Whoever wrote the text chose its links, and opening one tells a host that somebody read it. So the learner is shown how many there
are and which hosts they lead to, and decides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from importers.context import Context
from importers.personal import without_personal
from importers.refusals import refuse
from wallet.found import ImportReport, Offer
from wallet.text import clean, plural

_LINK = re.compile(r"https?://[^\s\"'<>\x00-\x1f]{3,2000}", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s{0,5}=\s{0,5}(?:"([^"]{1,2500})"|'([^']{1,2500})')""", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_HOSTS_SHOWN = 3
# What ends a sentence or a bracket, and not an address.
_AFTER = ".,;:!?)]}*_\u2019\u201d"


def links_in(text: str) -> list[str]:
    """The web addresses in plain text, each once, in their order."""
    return list(dict.fromkeys(found.group().rstrip(_AFTER) for found in _LINK.finditer(text)))


def links_in_html(page: str) -> list[str]:
    """The web addresses that a page links to, each once."""
    import html

    hrefs = (html.unescape(double or single).strip() for double, single in _HREF.findall(page))
    return list(dict.fromkeys(link for href in hrefs for link in [href.replace(" ", "%20")] if _LINK.fullmatch(link)))


def links_in_table(text: str) -> list[str] | None:
    """The web addresses in the cells of a table, or None when `text` is no table with a column of them."""
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    if delimiter not in head or "\n" not in text.strip():
        return None
    links: dict[str, None] = {}
    try:
        # Cells over the reader's own limit of 131,072 characters are an error of the csv module, and no addresses.
        for row in csv.reader(text.splitlines(), delimiter=delimiter):
            links.update((cell, None) for value in row if _LINK.fullmatch(cell := value.strip()))
    except csv.Error:
        return None
    return list(links) or None


def offer(links: Iterable[str], context: Context) -> tuple[Offer, ...]:
    """`links` as offers, at most `Limits.offers`, without what names the learner; one address once."""
    kept: dict[str, None] = {}
    for link in links:
        if len(kept) >= context.limits.offers:
            break
        if len(link) <= context.limits.url_characters:
            kept[without_personal(link)] = None
    return tuple(Offer(link, context.source) for link in kept)


def hosts_of(links: Iterable[str]) -> str:
    """The hosts that `links` lead to, as they may be shown: the first three and how many more."""
    hosts: dict[str, None] = {}
    for link in links:
        try:
            host = urlsplit(link).hostname
        except ValueError:
            continue
        hosts[_shown(host or "")] = None
    names = [host for host in hosts if host]
    more = len(names) - _HOSTS_SHOWN
    shown = ", ".join(names[:_HOSTS_SHOWN])
    return f"{shown} and {plural(more, 'more host')}" if more > 0 else shown


def _shown(host: str) -> str:
    from wallet.fetch.urls import BadUrlError, ascii_host

    try:
        return ascii_host(host)
    except BadUrlError:
        return clean(host, limit=60)


def only_links(links: list[str], context: Context) -> ImportReport:
    """A report for a text that holds links and no badge: the links offered, and said how many there are and whereto."""
    offers = offer(links, context)
    if not offers:
        return refuse(context, "not-recognised", "text")
    addresses = [each.url for each in offers]
    report = refuse(context, "only-links", f"{plural(len(offers), 'link')} ({hosts_of(addresses)})", name=addresses[0])
    return ImportReport(refused=report.refused, notes=report.notes, offers=offers)
