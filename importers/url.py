"""Finds the badge behind a web address that the learner gave, be it the badge itself, its picture, or a page for people.

The address is asked for as it is, unless the table of platforms (`hosts.toml`) knows it to be a page: then the addresses that the
table makes of it come first. A page that is no badge is searched in a fixed order: what it names as its own JSON, the credential
written into it, pages of known platforms that it links to, pictures that hold a badge. Each of those is only an address to try:
whatever answers has to be a badge, and no badge is ever made out of what a page says.

Asks through a `Fetcher` and opens no connection itself. How many requests one page and one import may cause is capped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from importers.answers import TRANSIENT, Read, Tried, judge
from importers.context import Context, merge
from importers.hosts import Proposal, Row, propose
from importers.metered import Metered, metered
from importers.offers import offer
from importers.pagelinks import PageLinks, page_links
from importers.personal import without_secrets
from importers.refusals import refuse
from wallet.fetch.base import Cause, Fetcher, Want
from wallet.fetch.urls import BadUrlError, parse_target
from wallet.found import ImportReport, Refused
from wallet.text import clean, plural

# After these a host is not asked again for this page: it cannot be had, or it asked for fewer requests.
_HOST_FAILURES = frozenset(
    {Cause.DNS, Cause.CONNECT, Cause.TLS, Cause.TIMEOUT, Cause.PRIVATE_ADDRESS, Cause.BLOCKED_PORT, Cause.PROXY}
)
_TOO_MANY_REQUESTS = 429
_PICTURE_ENDINGS = (".png", ".svg")
_TRIES_CHARACTERS = 1_500
# Refusals whose next step a platform's own advice says better.
_ADVISED = frozenset({"html-instead-of-json", "no-candidate", "auth-required", "not-recognised", "http-404"})


def read_url(url: str, net: Fetcher | None, context: Context, read: Read) -> ImportReport:
    """The badge at `url` or behind it, or why there is none. `read` recognises a body by its content."""
    context = replace(context, source=without_secrets(context.source))
    try:
        host = _host(url, context)
    except BadUrlError as error:
        return refuse(context, "bad-url", error.detail)
    proposal = propose(url)
    if proposal is not None and proposal.row.dead:
        return refuse(context, "dead-host", proposal.row.dead.removesuffix("."))
    meter = metered(net, context.limits)
    if meter is None:
        return refuse(context, "offline")
    report = _Search(url, meter, replace(context, host=host), read).run(proposal)
    advice = proposal.row.advice if proposal is not None else ""
    if report.found or not advice:
        return report
    return replace(report, refused=tuple(_advised(refused, advice) for refused in report.refused))


def _host(url: str, context: Context) -> str:
    """The host of `url` as messages name it. Raises `BadUrlError`."""
    target = parse_target(url, context.limits)
    return target.host if target.port in (80, 443) else target.authority


def _advised(refused: Refused, advice: str) -> Refused:
    return replace(refused, remedy=clean(advice)) if refused.code in _ADVISED else refused


class _Search:
    """One pasted address: what was tried for it, and what it gave."""

    def __init__(self, url: str, net: Metered, context: Context, read: Read) -> None:
        self._url, self._net, self._context, self._read = url, net, context, read
        self._tried: dict[str, Tried] = {}
        self._failed_hosts: set[str] = set()
        self._passed_over: set[str] = set()

    def run(self, proposal: Proposal | None) -> ImportReport:
        """The badge, from the first place in the order that gives one, or why there is none."""
        if proposal is not None and proposal.row.page:
            known = self._rewrites(proposal, self._context, keep=1)
            if known is not None:
                return known
        pasted = self._tried.get(self._url) or self._ask(self._url, Want.ANYTHING, self._context)
        if pasted is None:  # its host failed a moment ago
            return self._refusal()
        if pasted.report.found and not _is_embedded(pasted):
            return pasted.report
        known = self._known(pasted, proposal)
        if known is not None:
            return known
        return (self._inside(pasted) if pasted.page else None) or self._refusal()

    def _known(self, pasted: Tried, proposal: Proposal | None) -> ImportReport | None:
        """What the table makes of the pasted address, and of the one that it led to."""
        arrived = propose(pasted.fetched.final_url) if pasted.fetched.final_url != self._url else None
        for each in (proposal, arrived):
            found = self._rewrites(each, pasted.context) if each is not None else None
            if found is not None:
                return found
        return None

    def _inside(self, page: Tried) -> ImportReport | None:
        """What the page leads to, in the order of how surely it is meant."""
        named = page_links(page.fetched.body, page.fetched.final_url, self._context.limits)
        for url in named.alternates:
            answer = self._ask(url, Want.JSON, page.context.step('page, link rel="alternate"'))
            if answer is not None and answer.report.found:
                return answer.report
        if page.report.found:
            return page.report
        return self._gathered(self._linked(named, page)) or self._gathered(self._pictured(named, page))

    def _gathered(self, reports: Iterable[ImportReport]) -> ImportReport | None:
        """All that one kind of place gave: a page of a learner's own may show many badges."""
        merged = merge(reports)
        return merged if merged.found else None

    def _linked(self, named: PageLinks, page: Tried) -> Iterator[ImportReport]:
        """Links to pages and awards of platforms that the table knows."""
        left: list[str] = []
        for url, proposal in _proposals((*named.links, *named.previews)):
            found = self._rewrites(proposal, page.context.step("page, a link"))
            if found is not None:
                yield found
            elif not self._tried.keys() & set(proposal.rewrites):
                left.append(url)
        if left:
            most = f"{plural(len(left), 'more badge is', 'more badges are')} linked on the page"
            yield replace(refuse(page.context, "too-many", most), offers=offer(left, page.context))

    def _pictured(self, named: PageLinks, page: Tried) -> Iterator[ImportReport]:
        """Pictures: those that the table knows to be baked, the page's preview, and those large enough to be a badge."""
        known = _proposals((self._url, page.fetched.final_url, *named.previews, *named.links))
        urls = (*(url for _, proposal in known for url in proposal.pictures), *named.previews, *named.pictures)
        for url in dict.fromkeys(urls):
            answer = self._ask(url, Want.IMAGE, page.context.step("page, a picture"))
            if answer is not None and answer.report.found:
                yield answer.report

    def _rewrites(self, proposal: Proposal, context: Context, *, keep: int = 0) -> ImportReport | None:
        """What the first of the proposed addresses gives that holds a badge. `keep`: requests to leave for others."""
        if proposal.row.dead:
            return None
        inside = context.step(f"address at {proposal.row.title}")
        for url in proposal.rewrites:
            want = Want.ANYTHING if urlsplit(url).path.lower().endswith(_PICTURE_ENDINGS) else Want.JSON
            answer = self._ask(url, want, inside, keep=keep)
            if answer is not None and answer.report.found:
                return answer.report
        return None

    def _ask(self, url: str, want: Want, context: Context, *, keep: int = 0) -> Tried | None:
        """What `url` gives; None when it is not asked: it was, its host failed, it is no address, or there was enough."""
        try:
            host = _host(url, context)
        except BadUrlError:
            return None
        if url in self._tried or host in self._failed_hosts:
            return None
        enough = len(self._tried) + keep >= context.limits.page_fetches
        if self._tried and (enough or not self._net.spend()):
            self._passed_over.add(url)
            return None
        self._passed_over.discard(url)
        fetched = self._net.fetch(url, want)
        failed = fetched.failure is not None and fetched.failure.cause in _HOST_FAILURES
        if failed or fetched.status == _TOO_MANY_REQUESTS:
            with suppress(BadUrlError):
                self._failed_hosts.add(_host(fetched.final_url, context))
        tried = judge(fetched, replace(context, host=host), self._read)
        self._tried[url] = tried
        return tried

    def _refusal(self) -> ImportReport:
        """Why nothing was found: the one answer that says it, or a list of all addresses that were tried."""
        tries = list(self._tried.values())
        first = tries[0]
        telling = next((each for each in tries if each.code == "http-410"), None)
        pasted = self._tried.get(self._url)
        if telling is None and pasted is not None and pasted.code == "auth-required":
            telling = pasted
        if telling is None and (first.code in TRANSIENT or (len(tries) == 1 and not self._passed_over)):
            telling = first
        steps = tuple(dict.fromkeys(step for each in tries for step in each.context.steps))
        if telling is not None:
            refused = tuple(replace(refused, steps=steps) for refused in telling.report.refused)
            return replace(telling.report, refused=refused)
        listed = f"{plural(len(tries), 'address', 'addresses')} tried: {', '.join(each.shown for each in tries)}"
        if self._passed_over:
            listed += f"; {self._limit_reached()}"
        return refuse(replace(self._context, steps=steps), "no-candidate", listed, characters=_TRIES_CHARACTERS)

    def _limit_reached(self) -> str:
        return f"{plural(len(self._passed_over), 'more was', 'more were')} not asked, because the limit is reached"


def _is_embedded(page: Tried) -> bool:
    """Whether what was found only stands in a page: then the hosted original is looked for first."""
    return page.page and all(found.source != page.context.source for found in page.report.found)


def _proposals(urls: Iterable[str]) -> list[tuple[str, Proposal]]:
    """Addresses that stand on a page and what the table says about them, each badge once."""
    kept: dict[tuple[str, tuple[str, ...]], tuple[str, Proposal]] = {}
    for url in urls:
        proposal = propose(url)
        if proposal is not None and _may_be_linked(proposal.row):
            kept.setdefault((proposal.row.name, proposal.rewrites), (url, proposal))
    return list(kept.values())


def _may_be_linked(row: Row) -> bool:
    return row.linked and not row.dead
