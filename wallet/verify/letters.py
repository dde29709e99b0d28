"""A message to the issuer about what a check found: what it is about, what was expected and found, and what is asked for.

Pure. It names the badge and nothing of its holder: the recipient, the salt and whatever looks like an e-mail address is left out
of every sentence, other badges never enter, and what the holder alone can mend is not the issuer's concern. Whoever sends it
adds what else they want to say. Nothing here sends anything.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from typing import Protocol

from wallet.fetch.base import Failure
from wallet.model import Credential, Identity, Profile
from wallet.text import clean
from wallet.verify.findings import day, quote
from wallet.verify.report import DEPENDS, Evidence, Finding, Outcome, Role, Verdict, Who
from wallet.verify.report_json import EvidenceSummary
from wallet.verify.requests import request

_WIDTH = 72
_LINE = 300
_MOST = 12
_WORDS = 20_000
_LEFT_OUT = "(left out)"
_MAIL = re.compile(r"[^\s@“”\"'<>]+(?:@|%40)[^\s@“”\"'<>]+")
_HASH = re.compile(r"\b(?:md5|sha256)\$[0-9A-Fa-f]{8,}")


#: Which document a check waits for.
_ROLES = {
    "issuer.proven": Role.ISSUER,
    "issuer.class": Role.ACHIEVEMENT,
    "revocation.list": Role.REVOCATION_LIST,
    "signed.key-usable": Role.KEY,
    "legacy.pem": Role.KEY,
    "image.achievement": Role.ACHIEVEMENT_IMAGE,
}
#: Checks of members that say who holds the badge.
_OF_THE_HOLDER = ("structure.assertion.recipient", "structure.identity.")


class Reported(Protocol):
    """What a letter needs of a report, fresh or stored."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def credential(self) -> Credential | None: ...
    @property
    def matched(self) -> Identity | None: ...
    @property
    def policy(self) -> str: ...
    @property
    def evidence(self) -> tuple[Evidence | EvidenceSummary, ...]: ...


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was found, and what is asked for. All clean."""

    check: str
    outcome: str
    said: str
    expected: str | None
    found: str | None
    spec: str
    asked: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that can be sent as it is. `to`: name, e-mail address and web address of the issuer, as far as they are known.

    proven: whether that address is the issuer's own word. badge, address: the achievement's name and the credential's id.
    """

    to: tuple[str, ...]
    proven: bool
    badge: str
    address: str | None
    subject: str
    points: tuple[Point, ...]
    text: str


def why_not(report: Reported) -> str | None:
    """Why there is nothing to write to the issuer about; None when there is."""
    if report.verdict is Verdict.VALID:
        return "The badge is valid: there is nothing to write about."
    if _points(report):
        return None
    if report.verdict is Verdict.EXPIRED:
        return "The badge has expired, which is no fault: there is nothing to write about. Renew it, if the issuer offers that."
    return (
        "Nothing that was found is the issuer's to mend: there is nothing to write about. See what you can do yourself."
    )


def letter(report: Reported) -> Letter | None:
    """The message, or None where `why_not` says why there is none."""
    if why_not(report) is not None:
        return None
    to, proven, name, address = _head(report)
    points = _points(report)
    subject = f"A problem with the badge “{name}”" if name else "A problem with a badge of yours"
    lines = ["Hello,", "", _opening(report.verdict, len(points)), ""]
    lines += _about(report, name, address)
    lines += ["", "What was found:"]
    for number, point in enumerate(points, 1):
        lines += ["", *_wrapped(point.said, first=f"{number}. ", rest="   ")]
        if point.expected:
            lines += _wrapped(point.expected, first="   Expected: ", rest="   ")
        if point.found:
            lines += _wrapped(point.found, first="   Found: ", rest="   ")
        lines += _wrapped(f"{point.spec} (check {point.check})", first="   Rule: ", rest="   ")
    lines += ["", "What I ask for:", ""]
    asked = tuple(dict.fromkeys(point.asked for point in points))
    for number, one in enumerate(asked, 1):
        lines += _wrapped(one, first=f"{number}. " if len(asked) > 1 else "", rest="   " if len(asked) > 1 else "")
    if report.verdict is not Verdict.REVOKED:
        lines += ["", "Please tell me when I can check it again, or that this badge is not yours."]
    lines += ["", "Thank you."]
    body = "\n".join(part for line in lines for part in ([line] if len(line) <= _WIDTH else _wrapped(line)))
    return Letter(to, proven, name, address, subject, points, body + "\n")


def told(report: Reported, words: str) -> Letter:
    """The holder's own words about a badge as a message to its issuer: theirs to choose, so nothing is left out of them."""
    to, proven, name, address = _head(report)
    subject = f"About the badge “{name}”" if name else "About a badge of yours"
    lines = ["Hello,", "", "I hold this badge of yours, and would like to tell you something about it.", ""]
    lines += [line for line in _about(report, name, address) if not line.startswith("  Result:")]
    for line in ["", *clean(words, lines=True, limit=_WORDS).splitlines(), "", "Thank you."]:
        lines += _wrapped(line)
    return Letter(to, proven, name, address, subject, (), "\n".join(lines) + "\n")


def _head(report: Reported) -> tuple[tuple[str, ...], bool, str, str | None]:
    """To whom, whether that is proven, the badge's name, and its address."""
    credential = report.credential
    issuer = credential.issuer if credential is not None else None
    name = clean(credential.name, limit=120) if credential is not None else ""
    where = _where(report)
    address = _scrubbed(where, credential, report.matched) if where else None
    proven = any(f.check == "issuer.proven" and f.outcome is Outcome.PASSED for f in report.findings)
    return _addressee(issuer, credential), proven, name, address


def _points(report: Reported) -> tuple[Point, ...]:
    """What the issuer or its network could mend, gravest first; what only waits for something else is left out."""
    order = (Outcome.FAILED, Outcome.UNDETERMINED)
    findings = [
        finding
        for outcome in order
        for finding in report.findings
        if finding.outcome is outcome
        and finding.cause != DEPENDS
        and finding.who in (Who.ISSUER, Who.NETWORK)
        # Whom it was awarded to is between the two of them, and no machine's text.
        and not finding.check.startswith("recipient.")
    ]
    seen: dict[tuple[str, str], Point] = {}
    for finding in findings:
        point = _point(finding, report)
        seen.setdefault((point.said, point.asked), point)
    return tuple(seen.values())[:_MOST]


def _point(finding: Finding, report: Reported) -> Point:
    def said(text: str) -> str:
        return _scrubbed(text, report.credential, report.matched)

    if finding.check.startswith(_OF_THE_HOLDER):
        # Whatever stands in the wrong place there may be a name.
        hidden = finding.summary.replace(quote(finding.found or ""), _LEFT_OUT)
        finding = replace(finding, summary=hidden, found=None)
    summary = said(finding.summary)
    where = _asked_at(finding, report)
    if where is not None and where not in summary:
        summary = f"{summary.rstrip('.')}: {said(where)}."
    expected, found = (
        said(text) if text and clean(text) not in summary else None for text in (finding.expected, finding.found)
    )
    return Point(
        finding.check,
        finding.outcome.value,
        summary,
        expected,
        found,
        clean(finding.spec) or "Open Badges 2.0",
        request(finding.cause or ""),
    )


def _asked_at(finding: Finding, report: Reported) -> str | None:
    """Where the document was asked for that did not come, if it is another one than the badge."""
    for item in report.evidence if finding.outcome is Outcome.UNDETERMINED else ():
        fetched = item.fetched if isinstance(item, Evidence) else item
        failure = fetched.failure.cause.value if isinstance(fetched.failure, Failure) else fetched.failure
        if item.role is _ROLES.get(finding.check) and (failure is not None or fetched.status != 200):
            return fetched.url
    return None


def _scrubbed(text: str, credential: Credential | None, matched: Identity | None) -> str:
    """The text without anything that names its holder."""
    recipient = credential.recipient if credential is not None else None
    private = [matched.value] if matched is not None else []
    if recipient is not None:
        private += [recipient.identity, recipient.salt or ""]
    for secret in sorted((secret for secret in private if len(secret) > 1), key=len, reverse=True):
        text = text.replace(secret, _LEFT_OUT)
    return clean(_HASH.sub(_LEFT_OUT, _MAIL.sub(_LEFT_OUT, text)), limit=_LINE)


def _addressee(issuer: Profile | None, credential: Credential | None) -> tuple[str, ...]:
    achievement = credential.achievement if credential is not None else None
    home = (
        issuer.url or issuer.id if issuer is not None else (achievement.issuer_id if achievement is not None else None)
    )
    parts = (
        str(issuer.name) if issuer is not None else "",
        (issuer.email or "") if issuer is not None else "",
        home or "",
    )
    return tuple(shown for part in parts if (shown := clean(part, limit=200)))


def _where(report: Reported) -> str | None:
    """The badge's id; where nothing of it could be read, the address at which it was asked for."""
    if report.credential is not None and report.credential.id:
        return report.credential.id
    for item in report.evidence:
        if item.role is Role.ASSERTION:
            return item.fetched.url if isinstance(item, Evidence) else item.url
    return None


def _opening(verdict: Verdict, count: int) -> str:
    if verdict is Verdict.REVOKED:
        return "I hold a badge of yours that you have withdrawn, and I would like to understand why."
    what = "a problem" if count == 1 else "some problems"
    if verdict is Verdict.UNDETERMINED:
        return f"I hold a badge of yours that could not be proven: checking it met {what} on your side."
    return f"I hold a badge of yours, and checking it found {what} on your side."


def _about(report: Reported, name: str, address: str | None) -> list[str]:
    credential = report.credential
    issued = day(credential.issued_on) if credential is not None and credential.issued_on is not None else None
    facts = (
        ("Badge", name),
        ("Address", address),
        ("Issued", issued),
        ("Result", f"{report.verdict.value}, by the policy “{report.policy}”"),
    )
    return [f"  {label + ':':<9}{value}" for label, value in facts if value]


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of a mail; addresses are never broken."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    ) or [first]
