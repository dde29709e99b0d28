"""The part of a scan that asks the network: what is due, in an order in which the answers that matter come first.

Documents that many badges share (achievements, issuers, keys) come first, hundreds instead of hundreds of thousands; then
credentials that fill a place of a chosen pathway, then learners who are close, then the rest. Whose badge it is, is not asked
here. Answers are kept as they come, so a run that was stopped goes on where it was; of a revocation list only what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from wallet.cohort.checks import Freshness
from wallet.cohort.drawer import Drawer
from wallet.cohort.kept import Given, Item
from wallet.cohort.model import Handed
from wallet.cohort.shared import ROLES, Shared
from wallet.cohort.store import Cohort
from wallet.documents.openbadges2 import claims, read_achievement, read_profile
from wallet.fetch.base import Fetched, Fetcher, Want
from wallet.fetch.once import Once
from wallet.limits import LIMITS
from wallet.model import Achievement, Credential, CryptographicKey, Profile
from wallet.progress import Event, Progress, silent
from wallet.verify import urls
from wallet.verify.dossier import Subject
from wallet.verify.reading import read_content
from wallet.verify.report import Report, Role
from wallet.verify.service import verify_all

#: Answers that are kept together: a kill costs this much work.
_BATCH = 50
_Address = tuple[str, Want, Role]


def hosts(handed: Iterable[Handed], cohort: Cohort | None = None) -> tuple[str, ...]:
    """The hosts that checking is known to ask first; an issuer's answer may lead to more. Contacts nobody.

    cohort: where what came unchanged is kept, if `handed` leaves that out.
    """
    found: set[str] = set()
    for one in handed:
        subjects = [Subject.of(item) for item in one.found]
        if cohort is not None and not subjects:
            subjects = cohort.subjects(one.name)
        for subject in subjects:
            said = claims(subject.raw, subject.kind)
            addresses = [url for url, _, _ in _documents(said)]
            for url in (*addresses, subject.fetch_url, said.id if said is not None else None):
                host = urls.host_of(url) if url is not None else None
                if host is not None:
                    found.add(host)
    return tuple(sorted(found))


def ask(
    learners: Sequence[Drawer],
    shared: Shared,
    fetcher: Fetcher,
    freshness: Freshness,
    worth: Callable[[Drawer], tuple[bool, frozenset[str]]],
    *,
    now: datetime,
    progress: Progress = silent,
) -> None:
    """Ask about everything that is due and keep the answers. worth: whether a learner is close, and the badges that count.

    `Cancelled` from `progress` passes through when what was answered by then is kept.
    """
    tiers: tuple[list[tuple[int, int]], ...] = ([], [], [])
    addresses: dict[_Address, None] = {}
    for number, drawer in enumerate(learners):
        due = _due(drawer, freshness)
        if not due:
            continue
        close, wanted = worth(drawer)
        for place, item in due:
            tiers[0 if item.raw in wanted else 1 if close else 2].append((number, place))
            subject = drawer.subject(item)
            if subject is not None:
                addresses.update(dict.fromkeys(_documents(claims(subject.raw, subject.kind))))
    once: Once[tuple[str, Want], Fetched] = Once(_size, LIMITS.run_cache_bytes, _unheard)
    run = _OnceFetcher(fetcher, once)
    keeper = _Keeper(shared)
    _documents_first(addresses, run, keeper, progress)
    items = _Items(learners, [pair for tier in tiers for pair in tier])
    try:
        for key, report in verify_all(items, fetcher=run, now=now, progress=progress):
            keeper.add(items.drawer(key), report)
    finally:
        # Also when it was stopped: whoever was asked was asked, and need not be asked again.
        keeper.keep()


def _due(drawer: Drawer, freshness: Freshness) -> tuple[tuple[int, Item], ...]:
    """Those, with their place among what was handed over, without an answer of this scan or one that is new enough."""
    online = drawer.online()

    def known(item: Item) -> bool:
        one = online.get(item.raw)
        if one is None:
            return False
        return freshness.of_this_scan(one) or (freshness.since is not None and freshness.usable(one))

    items = (drawer.given() or Given()).items
    return tuple((place, item) for place, item in enumerate(items) if not known(item))


# documents that are shared


def _documents(said: Credential | None) -> Iterator[_Address]:
    """The documents that a credential names, by its own word."""
    achievement = said.achievement if said is not None else None
    if said is not None and said.achievement_id is not None:
        yield said.achievement_id, Want.JSON, Role.ACHIEVEMENT
    if said is not None and said.verification is not None and said.verification.creator is not None:
        yield said.verification.creator, Want.KEY, Role.KEY
    yield from _of_achievement(achievement)


def _of_achievement(one: Achievement | None) -> Iterator[_Address]:
    if one is None:
        return
    if one.issuer_id is not None:
        yield one.issuer_id, Want.JSON, Role.ISSUER
    if one.image is not None:
        yield one.image.url, Want.IMAGE, Role.ACHIEVEMENT_IMAGE


def _of_issuer(one: Profile) -> Iterator[_Address]:
    for key in one.public_keys:
        name = key.id if isinstance(key, CryptographicKey) else key
        if name is not None:
            yield name, Want.KEY, Role.KEY
    if one.revocation_list is not None:
        yield one.revocation_list, Want.JSON, Role.REVOCATION_LIST
    if one.image is not None:
        yield one.image.url, Want.IMAGE, Role.ISSUER_IMAGE


def _documents_first(addresses: Iterable[_Address], run: Fetcher, keeper: _Keeper, progress: Progress) -> None:
    """Fetch these documents and those that they lead to, each once."""
    done: set[tuple[str, Want]] = set()
    waiting = list(addresses)
    with ThreadPoolExecutor(max_workers=LIMITS.workers, thread_name_prefix="documents") as pool:
        while waiting:
            round_of = [one for one in dict.fromkeys(waiting) if one[:2] not in done and urls.parse(one[0]) is not None]
            waiting = []
            done.update((url, want) for url, want, _ in round_of)
            # A few at a time, so that a scan that is stopped does not work off a queue.
            for start in range(0, len(round_of), LIMITS.workers):
                some = round_of[start : start + LIMITS.workers]
                answers = list(pool.map(lambda one: run.fetch(one[0], one[1]), some))
                for (_, _, role), fetched in zip(some, answers, strict=True):
                    keeper.document(role, fetched)
                    waiting += _leads(role, fetched)
                progress(Event("documents", start + len(some), None, some[-1][0]))


def _leads(role: Role, fetched: Fetched) -> Iterator[_Address]:
    if role not in (Role.ACHIEVEMENT, Role.ISSUER) or not fetched.ok:
        return
    content = read_content(fetched.body)
    if content.node is not None and role is Role.ACHIEVEMENT:
        yield from _of_achievement(read_achievement(content.node, content.language))
    elif content.node is not None:
        yield from _of_issuer(read_profile(content.node, content.language))


# credentials


class _Items(Collection[tuple[str, Subject]]):
    """What is to be verified, in order: two numbers each, for there may be half a million. The rest is read at its turn."""

    def __init__(self, learners: Sequence[Drawer], pairs: Sequence[tuple[int, int]]) -> None:
        self._learners, self._pairs = learners, pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, item: object) -> bool:
        return any(item == one for one in self)

    def __iter__(self) -> Iterator[tuple[str, Subject]]:
        items: tuple[Item, ...] = ()
        at_hand: int | None = None
        for key, (number, place) in enumerate(self._pairs):
            if number != at_hand:
                items, at_hand = (self._learners[number].given() or Given()).items, number
            subject = self._learners[number].subject(items[place]) if place < len(items) else None
            if subject is not None:
                yield str(key), subject

    def drawer(self, key: str) -> Drawer:
        """Whose it is."""
        return self._learners[self._pairs[int(key)][0]]


class _OnceFetcher:
    """Asks for each URL once in a run."""

    def __init__(self, fetcher: Fetcher, once: Once[tuple[str, Want], Fetched]) -> None:
        self._fetcher, self._once = fetcher, once

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """The answer for `url`."""
        return self._once.get((url, want), partial(self._fetcher.fetch, url, want))


def _size(fetched: Fetched) -> int:
    return len(fetched.body)


def _unheard(seconds: float) -> None:
    """Waiting for another thread's answer is no time of this badge's host; nobody adds it up here."""


class _Keeper:
    """Keeps answers: shared documents once, the others with the learner whose badge they were asked for."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._kept: set[tuple[str, datetime]] = set()
        self._ready: dict[str, tuple[Drawer, list[Report]]] = {}
        self._count = 0

    def document(self, role: Role, fetched: Fetched) -> None:
        """Keep a shared document, unless it could not be had: then an older one is better."""
        if role in ROLES and fetched.ok and (fetched.url, fetched.fetched_at) not in self._kept:
            self._kept.add((fetched.url, fetched.fetched_at))
            self._shared.put(fetched)

    def add(self, drawer: Drawer, report: Report) -> None:
        """Keep a report, with others."""
        self._ready.setdefault(drawer.number, (drawer, []))[1].append(report)
        self._count += 1
        if self._count >= _BATCH:
            self.keep()

    def keep(self) -> None:
        """Write what is there: the documents, then what they prove."""
        ready, self._ready, self._count = self._ready, {}, 0
        for drawer, reports in ready.values():
            for report in reports:
                for item in report.evidence:
                    self._evidence(drawer, item.role, item.fetched)
            drawer.put_online(reports)

    def _evidence(self, drawer: Drawer, role: Role, fetched: Fetched) -> None:
        if role in ROLES:
            self.document(role, fetched)
        elif role is not Role.REVOCATION_LIST and fetched.conclusive:
            # A revocation list names other people's badges: what it said of this one stands in the report.
            drawer.put_document(fetched)
