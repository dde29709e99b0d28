"""Why each of the three answers is what it is: the finding that decided it, on the command line and in the app alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from wallet.text import clean
from wallet.verify.report import DEPENDS, Finding, Outcome

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
