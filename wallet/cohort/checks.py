"""Checks what one learner handed over, from what is in the store: offline each time, with what online checks said before.

Trusts nothing that a bundle says of itself: the originals are judged, against identities of the bundle or recorded by the
advisor. Whether a badge is this learner's is always compared anew. Nothing is fetched here (advisor.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wallet.cohort import forms
from wallet.cohort.drawer import Drawer
from wallet.cohort.kept import Given, Item, Online, document_name
from wallet.cohort.model import CheckedBadge, Proof
from wallet.cohort.shared import Shared
from wallet.fetch.base import Fetched
from wallet.fetch.recorded import RecordedFetcher
from wallet.model import Alignment, Commitment, Identity, Json
from wallet.pathways.candidates import VERIFIED, Candidate, from_row
from wallet.store.sameness import normal_id
from wallet.text import clean
from wallet.verify.report import Outcome, Report, Verdict
from wallet.verify.service import verify

#: Changes when the same files would be judged otherwise.
_VERSION = 1
_RANK = {proof: rank for rank, proof in enumerate(Proof)}
SOMEBODY_ELSES = "It was awarded to somebody else."
NOT_TOLD_WHOSE = "Whose it is could not be compared: no identity came with it."
_UNREADABLE = "Its bytes in the store are missing or changed."


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which online checks count. began: those made since then are of this scan; since: none before it counts."""

    began: datetime | None = None
    since: datetime | None = None

    def usable(self, one: Online) -> bool:
        """Whether it is an answer, and new enough."""
        return one.settled and (self.since is None or one.made >= self.since or self.of_this_scan(one))

    def of_this_scan(self, one: Online) -> bool:
        """Whether it was made in this scan."""
        return self.began is not None and one.made >= self.began


def check(
    drawer: Drawer,
    shared: Shared,
    *,
    sha: str,
    identities: Sequence[Identity],
    freshness: Freshness,
    now: datetime,
) -> str:
    """Check a learner's badges and keep them, unless nothing changed since; gives their key. sha: of what was handed over."""
    online = {raw: one for raw, one in drawer.online().items() if freshness.usable(one)}
    rest: Json = [
        _VERSION,
        sha,
        sorted([one.type, one.value] for one in identities),
        [[raw, online[raw].report, freshness.of_this_scan(online[raw])] for raw in sorted(online)],
    ]
    before = drawer.checks()
    if before is not None and before[0] == _basis(drawer, shared, rest) and drawer.has_badges(before[1]):
        return before[1]
    given = drawer.given() or Given()
    asked: set[str] = set()

    def lookup(url: str) -> Fetched | None:
        asked.add(document_name(url))
        return drawer.document(url) or shared.document(url)

    fetcher = RecordedFetcher(lookup, now=now)
    found: list[CheckedBadge] = []
    early = False
    for item in given.items:
        said = online.get(item.raw)
        report = _judged(drawer, item, fetcher, identities, now)
        if report is None:
            nothing = Candidate(item.raw, None, None, "")
            found.append(CheckedBadge(item.original, None, nothing, Proof.UNCHECKED, why=_UNREADABLE))
            continue
        issued = report.credential.issued_on if report.credential is not None else None
        early = early or (issued is not None and issued > now)
        found.append(_badge(item, report, said, freshness))
    badges = (*_once(found), *given.described)
    key = drawer.put_badges(badges)
    drawer.put_uses(asked)
    # Of a badge that is dated in the future nothing is remembered: another day gives another answer.
    drawer.put_checks("" if early else _basis(drawer, shared, rest), key, badges)
    return key


def _basis(drawer: Drawer, shared: Shared, rest: Json) -> str:
    """A name for all that the answers hang on: the shared documents that were asked for, had or not, and the rest."""
    return sha256(forms.dumps([rest, [[name, shared.digest(name)] for name in sorted(drawer.uses())]])).hexdigest()


def _judged(
    drawer: Drawer, item: Item, fetcher: RecordedFetcher, identities: Sequence[Identity], now: datetime
) -> Report | None:
    """What can be said from evidence alone; None where the bytes are gone."""
    subject = drawer.subject(item)
    if subject is None:
        return None
    return verify(subject, fetcher=fetcher, identities=identities, now=now, offline=True)


def _badge(item: Item, report: Report, online: Online | None, freshness: Freshness) -> CheckedBadge:
    candidate = candidate_of(item.raw, report, online)
    proof = _proof(candidate, online, freshness)
    return CheckedBadge(
        item.original,
        report.credential.id if report.credential is not None else None,
        candidate,
        proof,
        _checked(report, online),
        _why(candidate, proof, report, online),
        candidate.mine is False and not candidate.invalid,
        (),
        online.report if online is not None else "",
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """What a candidate is made from; as `wallet.pathways.candidates.RowLike` asks."""

    id: str
    name: str
    issuer_name: str
    issuer_id: str | None
    achievement_id: str | None
    criteria: str | None
    tags: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    issued_on: datetime | None
    expires: datetime | None
    authentic: Outcome | None
    yours: Outcome | None
    revoked: bool
    online: bool
    commitment: Commitment | None


def candidate_of(raw: str, report: Report, online: Online | None) -> Candidate:
    """The candidate for one credential. An online answer counts before what evidence proves, but never for *yours*."""
    credential = report.credential
    achievement = credential.achievement if credential is not None else None
    issuer = achievement.issuer if achievement is not None else None
    criteria = achievement.criteria if achievement is not None else None
    verdict = online.verdict if online is not None else report.verdict
    return from_row(
        _Row(
            id=raw,
            name=credential.name if credential is not None else "",
            issuer_name=str(issuer.name) if issuer is not None else "",
            issuer_id=(issuer.id if issuer is not None else None)
            or (achievement.issuer_id if achievement is not None else None),
            achievement_id=(credential.achievement_id or (achievement.id if achievement is not None else None))
            if credential is not None
            else None,
            criteria=(criteria.id or str(criteria.narrative) or None) if criteria is not None else None,
            tags=achievement.tags if achievement is not None else (),
            alignments=achievement.alignments if achievement is not None else (),
            issued_on=credential.issued_on if credential is not None else None,
            expires=credential.expires if credential is not None else None,
            authentic=online.authentic if online is not None else report.authentic,
            yours=report.yours,
            revoked=verdict is Verdict.REVOKED,
            online=online is not None,
            commitment=achievement.commitment if achievement is not None else None,
        )
    )


def _proof(candidate: Candidate, online: Online | None, freshness: Freshness) -> Proof:
    if candidate.invalid or candidate.revoked or candidate.mine is False:
        return Proof.FAILED
    if candidate.status == VERIFIED and online is not None:
        return Proof.NOW if freshness.of_this_scan(online) else Proof.EARLIER
    return Proof.UNCHECKED if candidate.status == "unverified" else Proof.OFFLINE


def _checked(report: Report, online: Online | None) -> datetime | None:
    """When the answer was got. What rests on no fetch at all has no such time."""
    if online is not None:
        return online.as_of
    return report.as_of if report.as_of != report.now else None


def _why(candidate: Candidate, proof: Proof, report: Report, online: Online | None) -> str:
    if proof is Proof.FAILED:
        if candidate.mine is False and not candidate.invalid:
            # Not the finding's own words: they may quote the address of somebody who handed over nothing.
            return SOMEBODY_ELSES
        said = online.why if online is not None else _trouble(report, Outcome.FAILED)
        return said or ("The issuer revoked it." if candidate.revoked else "It is not authentic.")
    if proof is not Proof.UNCHECKED:
        return ""
    authentic = online.authentic if online is not None else report.authentic
    if authentic is Outcome.PASSED and candidate.mine is None:
        return (
            NOT_TOLD_WHOSE if report.yours is Outcome.SKIPPED else _trouble(report, Outcome.UNDETERMINED, "recipient.")
        )
    return _trouble(report, Outcome.UNDETERMINED) or "Its issuer was not asked."


def _trouble(report: Report, outcome: Outcome, start: str = "") -> str:
    said = (one.summary for one in report.troubles if one.outcome is outcome and one.check.startswith(start))
    return clean(next(said, ""), limit=200)


def _once(badges: Iterable[CheckedBadge]) -> list[CheckedBadge]:
    """Each credential once: an unproven copy must not stand beside the genuine one. None hides what is another person's."""
    best: dict[tuple[str, bool], CheckedBadge] = {}
    for badge in badges:
        name = f"id {normal_id(badge.credential_id)}" if badge.credential_id else f"raw {badge.candidate.id}"
        key = (name, badge.mismatch)
        held = best.get(key)
        if held is None or (_RANK[badge.proof], badge.candidate.id) < (_RANK[held.proof], held.candidate.id):
            best[key] = badge
    return list(best.values())
