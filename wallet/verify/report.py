"""What a verification says: findings, the three answers drawn from them, and the verdict drawn from those.

Nothing here decides: `Report` is built by `wallet.verify.run`. Findings hold foreign text as found; faces clean it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from wallet.fetch.base import Cause, Fetched
from wallet.model import Credential, Identity


class Outcome(StrEnum):
    """How one check, or one of the three questions, ended."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    SKIPPED = "skipped"
    UNDETERMINED = "undetermined"


class Verdict(StrEnum):
    """The one word for a badge. Only VALID says that every required check passed."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"


class Who(StrEnum):
    """Who can mend what a check found."""

    YOU = "you"
    ISSUER = "issuer"
    NETWORK = "network"


#: Cause of a finding that could not be had only because another check ended badly.
DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one named check.

    check: id of the catalogue, e.g. "hosted.scope". summary: one plain sentence, clean except for what it quotes.
    spec: section of the specification. cause: stable name of what went wrong, see `remedies`. expected, found: short texts.
    evidence: sha256 of the fetched bodies it rests on.
    """

    check: str
    outcome: Outcome
    summary: str
    spec: str = ""
    cause: str | None = None
    expected: str | None = None
    found: str | None = None
    who: Who | None = None
    remedy: str | None = None
    evidence: tuple[str, ...] = ()


class Findings(tuple[Finding, ...]):
    """All findings of one report, in order. `parts` is how they came: badges of one class share whole parts as objects."""

    parts: tuple[tuple[Finding, ...], ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[Finding, ...]]) -> Findings:
        """The findings of these parts, one after another."""
        some = tuple([part for part in parts if part])
        whole = cls(chain.from_iterable(some))
        whole.parts = some
        return whole

    def __reduce__(
        self,
    ) -> tuple[Callable[[Iterable[tuple[Finding, ...]]], Findings], tuple[tuple[tuple[Finding, ...], ...]]]:
        """Copied part by part, so that what is shared stays shared."""
        return Findings.of, (self.parts,)


class Role(StrEnum):
    """What a fetched document was fetched as."""

    ASSERTION = "assertion"
    ACHIEVEMENT = "achievement"
    ISSUER = "issuer"
    KEY = "key"
    REVOCATION_LIST = "revocation-list"
    ACHIEVEMENT_IMAGE = "achievement-image"
    ASSERTION_IMAGE = "assertion-image"
    ISSUER_IMAGE = "issuer-image"
    ENDORSEMENT = "endorsement"
    ENDORSER = "endorser"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fetch of this run, kept as proof, successful or not."""

    role: Role
    fetched: Fetched


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run proved, for the sentence "valid as of DATE; HOST has not answered since"."""

    verdict: Verdict
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """An issuer as this run proved it, for pinning at first sight. `name` is foreign text.

    host: ASCII. keys: sha256 (hex) of the SubjectPublicKeyInfo of the key that made the signature; empty for a hosted badge.
    """

    issuer_id: str
    host: str
    keys: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one run and what follows from them. `now` is when the run was made, `as_of` what it rests on.

    seen: the issuer, when the badge proved to be its own words; None when nothing was proven.
    """

    verdict: Verdict
    as_of: datetime
    now: datetime
    authentic: Outcome
    yours: Outcome
    still_good: Outcome
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...] = ()
    credential: Credential | None = None
    matched: Identity | None = None
    earlier: Earlier | None = None
    policy: str = "standard"
    offline: bool = False
    raw_sha256: str = ""
    seen: Seen | None = None

    def finding(self, check: str) -> Finding | None:
        """The finding of that check, if it ran."""
        return next((f for f in self.findings if f.check == check), None)

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """Findings that a reader should see first: failed, then undetermined, then warnings.

        What only waits on another finding is left out: it adds no news.
        """
        order = (Outcome.FAILED, Outcome.UNDETERMINED, Outcome.WARNING)
        return tuple(f for outcome in order for f in self.findings if f.outcome is outcome and f.cause != DEPENDS)


#: Causes under which a later try may succeed without anybody mending anything.
TRANSIENT_CAUSES = frozenset({Cause.DNS, Cause.CONNECT, Cause.TIMEOUT, Cause.PROXY, Cause.OFFLINE, Cause.BUDGET})
