"""Asking for the documents of one credential, each once, within its budget. Reads what comes; judges nothing.

A document that cannot be had is a fact with a cause, never an exception. Every answer, good or bad, is kept as evidence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Want
from wallet.limits import LIMITS, Limits
from wallet.verify import older, urls
from wallet.verify.dossier import Content, Document
from wallet.verify.reading import digest_of, read_content, why_unread
from wallet.verify.report import Evidence, Role

_SHARED_BYTES = 64 * 2**10


def _part(role: Role, url: str, fetched: Fetched) -> Document:
    """A part of a badge of today, under the usual limits."""
    content = read_content(fetched.body)
    if content.node is not None and content.version != "2.0":
        # Its members went through no rule of 2.0, so a badge of 2.0 must not rest on them.
        return Document(role, url, fetched, unread="other-version")
    return Document(role, url, fetched, content, evidence=(content.sha256,))


#: A thousand badges share their classes, issuers and keys: each is then one and the same document, and judged once.
_shared_part = lru_cache(maxsize=128)(_part)


class Asking:
    """The fetches made so far for one credential, and the budget that is left.

    evidence: every answer. stamps: when each body that was read came, by its sha256. older: the version before 2.0 that the
    badge is written in, if it is.
    """

    def __init__(self, fetcher: Fetcher, limits: Limits, now: datetime) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._now = now
        self._answers: dict[tuple[str, Want], Fetched] = {}
        self.evidence: list[Evidence] = []
        self.stamps: list[tuple[str, datetime]] = []
        self._latest: datetime | None = None
        self._took = 0.0
        self.older: str | None = None

    def fetch(self, role: Role, url: str, want: Want) -> Fetched:
        """The answer for `url`."""
        key = (url, want)
        known = self._answers.get(key)
        if known is not None:
            return known
        if self.spent:
            few = Failure(Cause.BUDGET, "this badge needs more fetches than are made for one badge")
            slow = Failure(Cause.TIMEOUT, "this badge's hosts took longer than is waited for one badge")
            fetched = Fetched(url, url, self._now, failure=slow if self._late else few)
        else:
            fetched = self._fetcher.fetch(url, want)
            self._watch(fetched)
        self._answers[key] = fetched
        self.evidence.append(Evidence(role, fetched))
        return fetched

    def again(self, earlier: Asking) -> bool:
        """Ask what another badge asked, in its order; whether every answer was the same.

        Only where this one is known to ask just that as long as it hears just that: then nothing is asked in vain.
        """
        for (key, known), item in zip(earlier._answers.items(), earlier.evidence, strict=True):
            fetched = self.fetch(item.role, *key)
            if fetched is not known and fetched != known:
                return False
        return True

    @property
    def spent(self) -> bool:
        """Whether this badge has used up its fetches or its time."""
        return self._late or len(self._answers) >= self._limits.fetches_per_badge

    @property
    def _late(self) -> bool:
        return self._took > self._limits.badge_seconds

    def _watch(self, fetched: Fetched) -> None:
        """The stamps on answers tell how long this badge has taken, so that no clock has to be read here.

        Between two of them may lie what other badges of a run took, when the first was one of theirs: no answer takes longer
        than it may.
        """
        if fetched.recorded:
            return
        if self._latest is None or fetched.fetched_at > self._latest:
            gap = (fetched.fetched_at - self._latest).total_seconds() if self._latest is not None else 0.0
            self._took += min(gap, self._limits.resource_seconds)
            self._latest = fetched.fetched_at

    def document(self, role: Role, url: str, want: Want = Want.JSON) -> Document:
        """The document at `url`, or why it cannot be read."""
        if urls.parse(url) is None:
            return Document(role, url, unread="bad-url")
        fetched = self.fetch(role, url, want)
        cause = why_unread(fetched)
        if cause == "http-410" and role in (Role.ASSERTION, Role.ENDORSEMENT):
            digest = digest_of(fetched.body)
            self.stamps.append((digest, fetched.fetched_at))
            return Document(role, url, fetched, unread=cause, evidence=(digest,))
        if cause is not None:
            return Document(role, url, fetched, unread=cause)
        if role is not Role.ASSERTION and self.older is None and self._limits is LIMITS:
            document = (
                _shared_part(role, url, fetched) if len(fetched.body) <= _SHARED_BYTES else _part(role, url, fetched)
            )
            if document.content is not None:
                self.stamps.append((document.content.sha256, fetched.fetched_at))
            return document
        if role is Role.ASSERTION:
            content = older.read_assertion(fetched.body, url, self.older, self._limits)
        elif self.older is not None and role in older.PARTS:
            content = older.read_older(fetched.body, older.PARTS[role], url, self._limits)
        else:
            content = read_content(fetched.body, self._limits)
        self.stamps.append((content.sha256, fetched.fetched_at))
        if not self._fits(role, content):
            return Document(role, url, fetched, unread="other-version")
        return Document(role, url, fetched, content, evidence=(content.sha256,))

    def _fits(self, role: Role, content: Content) -> bool:
        """Whether a part is of the badge's own generation: a badge must not rest on rules that its version does not have."""
        if role is Role.ASSERTION or content.node is None or (role is Role.REVOCATION_LIST and self.older is not None):
            return True
        if self.older is not None and role in older.PARTS:
            return content.version in older.ONE_GENERATION
        return content.version == "2.0"

    def declared(self, role: Role, url: str, *, same_host: bool = False) -> Document:
        """The document at `url`; if it names another address, the one there, provided that one names itself."""
        document = self.document(role, url)
        other = document.id
        if document.node is None or other is None or document.agrees or urls.parse(other) is None:
            return document
        if same_host and urls.host_of(other) != urls.host_of(url):
            return document
        second = self.document(role, other)
        if second.agrees:
            return replace(second, moved_from=url)
        return replace(document, declared=second)
