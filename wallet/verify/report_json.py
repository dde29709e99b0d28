"""A report as JSON (`badgefolio-report/1`) and back into what a list or a detail view needs of it.

The written form is for machines and for the wallet's own cache of verdicts. Reading it back gives a `ReportSummary`, never a
`Report`: the bodies of the evidence are kept elsewhere, and a stored verdict is only a cache of what they prove.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from wallet.documents.openbadges2 import read_credential, write_credential
from wallet.errors import NewerFormatError, StoreDamagedError
from wallet.model import Credential, Identity, Json, JsonObject
from wallet.verify.report import Earlier, Evidence, Finding, Outcome, Report, Role, Verdict, Who

FORMAT = "badgefolio-report/1"

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """One fetch of a run without its body. `failure` is the cause when no answer came; `sha256` names the body."""

    role: Role
    url: str
    final_url: str
    status: int | None
    fetched_at: datetime
    sha256: str | None
    failure: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What a stored report says. Fields as in `Report`."""

    verdict: Verdict
    as_of: datetime
    now: datetime
    authentic: Outcome
    yours: Outcome
    still_good: Outcome
    credential: Credential | None = None
    findings: tuple[Finding, ...] = ()
    evidence: tuple[EvidenceSummary, ...] = ()
    matched: Identity | None = None
    earlier: Earlier | None = None
    policy: str = "standard"
    offline: bool = False
    raw_sha256: str = ""

    def finding(self, check: str) -> Finding | None:
        """The finding of that check, if it ran."""
        return next((f for f in self.findings if f.check == check), None)


def write_time(moment: datetime) -> str:
    """An aware time in UTC, as in `2026-01-31T12:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(report: Report) -> dict[str, Json]:
    """The documented shape. Texts are as found: a JSON writer escapes them, a screen has to clean them."""
    return {
        "format": FORMAT,
        **members_to_json(report),
        "credential": write_credential(report.credential) if report.credential is not None else None,
        "findings": [finding_to_json(finding) for finding in report.findings],
        "evidence": [evidence_to_json(item) for item in report.evidence],
    }


def members_to_json(report: Report) -> dict[str, Json]:
    """The plain members of a report, which precede its credential, its findings and its evidence."""
    return {
        "verdict": report.verdict.value,
        "as_of": write_time(report.as_of),
        "now": write_time(report.now),
        "authentic": report.authentic.value,
        "yours": report.yours.value,
        "still_good": report.still_good.value,
        "policy": report.policy,
        "offline": report.offline,
        "raw_sha256": report.raw_sha256,
        "matched": {"type": report.matched.type, "value": report.matched.value} if report.matched else None,
        "earlier": (
            {"verdict": report.earlier.verdict.value, "as_of": write_time(report.earlier.as_of)}
            if report.earlier
            else None
        ),
    }


def evidence_to_json(item: Evidence) -> dict[str, Json]:
    """One fetch, as it stands in a report."""
    fetched = item.fetched
    failure = fetched.failure
    return {
        "role": item.role.value,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "status": fetched.status,
        "fetched_at": write_time(fetched.fetched_at),
        "sha256": fetched.sha256,
        "failure": {"cause": failure.cause.value, "detail": failure.detail} if failure else None,
    }


def finding_to_json(finding: Finding) -> dict[str, Json]:
    """One finding, as it stands in a report."""
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "summary": finding.summary,
        "spec": finding.spec,
        "cause": finding.cause,
        "expected": finding.expected,
        "found": finding.found,
        "who": finding.who.value if finding.who else None,
        "remedy": finding.remedy,
        "evidence": list(finding.evidence),
    }


def summary_from_json(obj: JsonObject) -> ReportSummary:
    """The report that `to_json` wrote.

    Raises `NewerFormatError` when another version wrote it and `StoreDamagedError` when it is not a report at all.
    """
    read = _Reader(obj)
    if obj.get("format") != FORMAT:
        raise NewerFormatError(
            "A stored report is in a format that this version does not know.", "Verify the badge again."
        )
    credential = obj.get("credential")
    matched = read.optional("matched")
    earlier = read.optional("earlier")
    return ReportSummary(
        verdict=read.word("verdict", Verdict),
        as_of=read.time("as_of"),
        now=read.time("now"),
        authentic=read.word("authentic", Outcome),
        yours=read.word("yours", Outcome),
        still_good=read.word("still_good", Outcome),
        credential=read_credential(credential) if isinstance(credential, Mapping) else None,
        findings=tuple(_read_finding(item) for item in read.items("findings")),
        evidence=tuple(_read_evidence(item) for item in read.items("evidence")),
        matched=Identity(matched.text("type"), matched.text("value")) if matched else None,
        earlier=Earlier(earlier.word("verdict", Verdict), earlier.time("as_of")) if earlier else None,
        policy=read.text("policy"),
        offline=obj.get("offline") is True,
        raw_sha256=read.text("raw_sha256"),
    )


def _read_finding(read: _Reader) -> Finding:
    who = read.text_or_none("who")
    evidence = read.obj.get("evidence")
    return Finding(
        check=read.text("check"),
        outcome=read.word("outcome", Outcome),
        summary=read.text("summary"),
        spec=read.text("spec"),
        cause=read.text_or_none("cause"),
        expected=read.text_or_none("expected"),
        found=read.text_or_none("found"),
        who=Who(who) if who in tuple(Who) else None,
        remedy=read.text_or_none("remedy"),
        evidence=tuple(sha for sha in evidence if isinstance(sha, str)) if isinstance(evidence, list | tuple) else (),
    )


def _read_evidence(read: _Reader) -> EvidenceSummary:
    status = read.obj.get("status")
    failure = read.optional("failure")
    return EvidenceSummary(
        role=read.word("role", Role),
        url=read.text("url"),
        final_url=read.text("final_url"),
        status=status if isinstance(status, int) else None,
        fetched_at=read.time("fetched_at"),
        sha256=read.text_or_none("sha256"),
        failure=failure.text("cause") if failure else None,
        detail=failure.text("detail") if failure else None,
    )


class _Reader:
    """Typed access to one JSON object of a stored report; names the member that is wrong."""

    def __init__(self, obj: JsonObject) -> None:
        self.obj = obj

    def _wrong(self, key: str) -> StoreDamagedError:
        return StoreDamagedError(f"A stored report has no usable '{key}'.", "Verify the badge again.")

    def text(self, key: str) -> str:
        value = self.obj.get(key)
        if isinstance(value, str):
            return value
        raise self._wrong(key)

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self.obj.get(key) is not None else None

    def word(self, key: str, words: type[_Word]) -> _Word:
        try:
            return words(self.text(key))
        except ValueError as error:
            raise self._wrong(key) from error

    def time(self, key: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(key))
        except ValueError as error:
            raise self._wrong(key) from error
        if moment.tzinfo is None:
            raise self._wrong(key)
        return moment.astimezone(UTC)

    def optional(self, key: str) -> _Reader | None:
        value = self.obj.get(key)
        return _Reader(value) if isinstance(value, Mapping) else None

    def items(self, key: str) -> list[_Reader]:
        value = self.obj.get(key)
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self._wrong(key)
        return [_Reader(item) for item in value if isinstance(item, Mapping)]
