"""Finds a badge behind a web address that the learner gave: the address itself, then what its page calls the same in JSON.

Asks through a `Fetcher` and opens no connection itself; nothing but the given address and the page's own alternates is asked for.
What answers is recognised by content, whatever type the host gives it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from importers.context import Context
from importers.refusals import refuse
from importers.text import is_html, is_login
from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Want
from wallet.found import Carrier, Found, ImportReport, Step
from wallet.text import clean

Read = Callable[[bytes, Context], ImportReport]

_ALTERNATES = 8
_PAGE_BYTES = 262_144
_LINK = re.compile(r"<(link|base)\b([^>]{0,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]{2,20})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_JSON_TYPES = frozenset({"application/ld+json", "application/json", "application/vc+ld+json"})
_DEAD_ENDS = frozenset({"html-instead-of-json", "not-recognised", "no-credential-in-image", "only-links"})


def without_personal(url: str) -> str:
    """`url` as it may be kept and shown: platforms put the learner's own address into links (`identity__email`)."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    kept = [(name, value) for name, value in pairs if not name.lower().startswith("identity__")]
    if len(kept) == len(pairs):
        return url
    kept = [(name, value) for name, value in kept if name.lower() != "action"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def read_url(url: str, net: Fetcher | None, context: Context, read: Read) -> ImportReport:
    """The badge at `url`, or why there is none. `read` recognises a body by its content."""
    from wallet.fetch.urls import BadUrlError, parse_target

    context = replace(context, source=without_personal(context.source))
    try:
        target = parse_target(url, context.limits)
    except BadUrlError as error:
        return refuse(context, "bad-url", error.detail)
    if net is None:
        return refuse(context, "offline")
    context = replace(context, host=target.host if target.port in (80, 443) else target.authority)
    fetched = net.fetch(url, Want.ANYTHING)
    context = _with_hops(context, fetched)
    report = _read_answer(fetched, context, read)
    if report.found or not is_html(_text(fetched)) or is_login(_text(fetched)):
        return report
    for alternate in _alternates(fetched):
        inside = replace(context, steps=(*context.steps, Step('page, link rel="alternate"')))
        answer = net.fetch(alternate, Want.JSON)
        found = _read_answer(answer, _with_hops(inside, answer), read)
        if found.found:
            return found
    return report


def _with_hops(context: Context, fetched: Fetched) -> Context:
    """`context` with one step a request, so that the whole chain can be shown."""
    steps = [
        Step(f"GET {without_personal(hop.url)} {hop.status}, to {without_personal(hop.location or '')}")
        for hop in fetched.hops
        if hop.location is not None
    ]
    if fetched.failure is None:
        kind = fetched.header("content-type") or "no content type"
        at = fetched.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        steps.append(
            Step(f"GET {without_personal(fetched.final_url)} {fetched.status} {kind} sha256={fetched.sha256} {at}")
        )
    return replace(context, steps=(*context.steps, *steps))


def _read_answer(fetched: Fetched, context: Context, read: Read) -> ImportReport:
    if fetched.failure is not None:
        return _failed(fetched.failure, context)
    status = fetched.status or 0
    if status != 200:
        return _refused_status(status, context)
    report = read(fetched.body, replace(context, carrier=Carrier.URL))
    if not report.found:
        return report
    return replace(report, found=tuple(_from_host(found, fetched.final_url) for found in report.found))


def _from_host(found: Found, final_url: str) -> Found:
    """An old badge has no address of its own inside, so where it was found is where its hosted copy is."""
    if found.fetch_url is None and found.kind.value in ("ob05-json", "ob1-json") and found.container is None:
        return replace(found, fetch_url=without_personal(final_url))
    return found


def _failed(failure: Failure, context: Context) -> ImportReport:
    if failure.cause is Cause.OFFLINE:
        return refuse(context, "offline")
    if failure.cause in (Cause.PRIVATE_ADDRESS, Cause.BLOCKED_PORT):
        return refuse(context, "blocked-address", failure.detail)
    if failure.cause is Cause.BAD_URL:
        return refuse(context, "bad-url", failure.detail)
    if failure.cause is Cause.TOO_BIG:
        return refuse(context, "too-big", failure.detail)
    return refuse(context, "host-unreachable", failure.detail)


def _refused_status(status: int, context: Context) -> ImportReport:
    if status in (401, 403):
        return refuse(context, "auth-required", f"status {status}")
    if status in (404, 410, 429):
        return refuse(context, f"http-{status}")
    return refuse(context, "http-5xx" if status >= 500 else "http-4xx", f"status {status}")


def _text(fetched: Fetched) -> bytes:
    return fetched.body.removeprefix(b"\xef\xbb\xbf").lstrip() if fetched.ok else b""


def _alternates(page: Fetched) -> list[str]:
    """What the page says is the same thing in JSON, against its base."""
    base = page.final_url
    links: list[str] = []
    for name, inside in _LINK.findall(page.body[:_PAGE_BYTES].decode("utf-8", "replace")):
        attributes = {
            match[0].lower(): html.unescape(match[1] or match[2] or match[3]) for match in _ATTRIBUTE.findall(inside)
        }
        href = attributes.get("href", "").strip()
        try:
            if name.lower() == "base":
                base = urljoin(page.final_url, href)
            elif (
                href
                and "alternate" in attributes.get("rel", "").lower().split()
                and attributes.get("type", "").partition(";")[0].strip().lower() in _JSON_TYPES
            ):
                links.append(urljoin(base, href))
        except ValueError:
            continue
    return list(dict.fromkeys(link for link in links if clean(link) == link))[:_ALTERNATES]
