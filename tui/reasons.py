"""Why each of the three answers is what it is: the facts or the finding that decided it, in every face alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.words import host
from wallet.text import clean
from wallet.verify.findings import day
from wallet.verify.report import DEPENDS, Evidence, Finding, Outcome, Report, Role

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary

QUESTIONS = ("authentic", "yours", "still good")
# By the first word of a check's id; all others are about authenticity.
_ABOUT = {"recipient": "yours", "revocation": "still good", "time": "still good"}
# Which passed check says best why an answer is "yes".
_PROOFS = {
    "authentic": ("signed.signature", "hosted.fetched", "issuer.proven"),
    "yours": ("recipient.match",),
    "still good": ("revocation.list", "revocation.hosted", "time.expires"),
}


def question_of(check: str) -> str:
    """Which of the three questions a check helps to answer."""
    return _ABOUT.get(check.partition(".")[0], "authentic")


def reason(findings: Sequence[Finding], question: str, answer: Outcome) -> str:
    """Why the answer to `question` is what it is, in the words of the finding that decided it."""
    own = [finding for finding in findings if question_of(finding.check) == question]
    if answer is Outcome.PASSED:
        passed = {finding.check: finding.summary for finding in own if finding.outcome is Outcome.PASSED}
        return next((clean(passed[check]) for check in _PROOFS[question] if check in passed), "")
    # What merely waits for another check explains nothing by itself.
    deciding = [f for f in own if f.outcome is answer and f.cause != DEPENDS] or [f for f in own if f.outcome is answer]
    if not deciding:
        deciding = [finding for finding in findings if finding.outcome is answer]
    return clean(deciding[0].summary) if deciding else ""


def because(report: Report | ReportSummary, question: str, answer: Outcome) -> str:
    """As `reason`, but a yes says the facts that it rests on: who served or signed it, where and when; until when it is good."""
    if answer is Outcome.PASSED and question == "authentic":
        return _proof(report) or reason(report.findings, question, answer)
    if answer is Outcome.PASSED and question == "still good":
        return _good(report) or reason(report.findings, question, answer)
    return reason(report.findings, question, answer)


def _good(report: Report | ReportSummary) -> str:
    """That it was not withdrawn, by whoever says so of this kind of badge, and when it ends if it ends."""
    passed = {finding.check: finding.summary for finding in report.findings if finding.outcome is Outcome.PASSED}
    order = (
        ("revocation.hosted", "revocation.list")
        if "hosted.fetched" in passed
        else ("revocation.list", "revocation.self")
    )
    withdrawn = next((passed[check] for check in order if check in passed), "")
    expires = report.credential.expires if report.credential is not None else None
    until = f"It expires on {day(expires)}." if expires is not None and "time.expires" in passed else ""
    return " ".join(clean(part) for part in (withdrawn, until) if part)


def _proof(report: Report | ReportSummary) -> str:
    """Signed: whose key. Hosted: which host served it when, and that the issuer publishes there."""
    passed = {finding.check for finding in report.findings if finding.outcome is Outcome.PASSED}
    credential = report.credential
    achievement = credential.achievement if credential is not None else None
    issuer = host(achievement.issuer_id) if achievement is not None else ""
    if "signed.signature" in passed and "signed.key-listed" in passed and issuer:
        return f"signed with a key that {issuer} lists"
    if "signed.signature" in passed and "legacy.pem" in passed and issuer:
        return f"signed with the key that {issuer} serves"
    if "hosted.fetched" not in passed:
        return ""
    for item in report.evidence:
        served = item.fetched if isinstance(item, Evidence) else item
        if item.role is Role.ASSERTION and served.status == 200:
            where = host(served.final_url)
            scope = ", within the issuer's scope" if "hosted.scope" in passed else ""
            return f"served by {where} on {day(served.fetched_at)}{scope}" if where else ""
    return ""
