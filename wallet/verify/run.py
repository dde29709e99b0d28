"""From a dossier to a report: name the required checks, run all checks, and let the sets decide.

1. `policy.required` names what the badge calls for, and the policy what of it must pass, before anything runs.
2. Every family of checks runs; one that raises leaves its checks undetermined and never stops the others.
3. A required id without a finding becomes undetermined.
4. The policy weighs the findings; the standard one leaves them as they are.
5. The verdict follows from how the required ids ended, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from wallet.documents.openbadges2 import read_achievement, read_credential, read_profile
from wallet.fetch.base import Cause, Fetched
from wallet.model import Achievement, Credential, Identity
from wallet.text import clean
from wallet.verify import policy as policies
from wallet.verify import urls, weighing
from wallet.verify.catalogue import AUTHENTIC, CHECKS, question
from wallet.verify.checks import (
    baking,
    declared,
    document,
    drift,
    endorsement,
    extension,
    hosted,
    image,
    issuer,
    legacy,
    recipient,
    revocation,
    signed,
    structure,
    time,
    transport,
    trust,
    verification_type,
)
from wallet.verify.common import Block, Common, CommonCheck, common_of, judged
from wallet.verify.compositions import Policy
from wallet.verify.dossier import NO_MEMORY, Content, Dossier, Given, Memory, once
from wallet.verify.findings import day, undetermined, waits, warning
from wallet.verify.policy import Answers
from wallet.verify.reading import why_unread
from wallet.verify.report import DEPENDS, Earlier, Evidence, Finding, Findings, Outcome, Report, Role, Verdict

Check = Callable[[Dossier, Given], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Family:
    """Checks that belong together. common: how badges of one class are asked all at once, where they can be; see `common`."""

    check: Check
    common: CommonCheck | None = None


def _own(check: Callable[[Dossier], Iterable[Finding]]) -> Family:
    """Looks at each badge by itself."""
    return Family(lambda dossier, _: check(dossier))


def _common(check: Callable[[Dossier], Iterable[Finding]]) -> Family:
    """Looks at nothing but what badges of one class have in common."""
    return Family(lambda dossier, _: check(dossier), lambda dossier, _: check(dossier))


#: In the order in which a reader wants the findings: is it there, is it proven, is it good, is it well made.
FAMILIES: tuple[Family, ...] = (
    _common(document.kind),
    _common(document.strict_json),
    _common(document.byte_order_mark),
    _common(document.json_ld),
    _common(verification_type.verification_type),
    _own(hosted.hosted),
    _common(declared.declared),
    _own(signed.signed),
    _common(issuer.issuer),
    _common(legacy.legacy),
    _own(revocation.revocation),
    Family(time.time),
    Family(recipient.recipient),
    _own(image.image),
    Family(lambda dossier, _: structure.structure(dossier), structure.structure),
    _common(structure.list_structure),
    _own(transport.transport),
    _common(extension.extension),
    _own(baking.baking),
    _own(endorsement.endorsement),
    Family(drift.drift),
    Family(trust.trust),
)
_NOTHING = Block({}, frozenset(), frozenset())

# Looked up a hundred times for each badge, which an enumeration makes slow.
_PASSED = Outcome.PASSED

#: The documents that a verdict rests on, of which a web page is none.
_JUDGED = frozenset({Role.ASSERTION, Role.ACHIEVEMENT, Role.ISSUER, Role.KEY, Role.REVOCATION_LIST})
#: What the address of a withdrawn badge can still get wrong.
_ADDRESS = frozenset({"hosted.id", "hosted.same-id", "hosted.scope", "hosted.class-scope", "legacy.0-5"})


def run(
    dossier: Dossier,
    *,
    identities: Sequence[Identity] = (),
    policy: str = policies.STANDARD,
    now: datetime,
    earlier: Earlier | None = None,
    offline: bool = False,
    memory: Memory = NO_MEMORY,
) -> Report:
    """The report on `dossier` at `now` (aware, UTC). Raises `UsageError` for an unknown policy, nothing else."""
    (report,) = run_several(
        [(dossier, earlier)], identities=identities, policy=policy, now=now, offline=offline, memory=memory
    )
    return report


def run_several(
    dossiers: Sequence[tuple[Dossier, Earlier | None]],
    *,
    identities: Sequence[Identity] = (),
    policy: str = policies.STANDARD,
    now: datetime,
    offline: bool = False,
    memory: Memory = NO_MEMORY,
) -> list[Report]:
    """What `run` says of each, in a third less time: one check looks at all of them before the next one does."""
    rules = policies.named(policy)
    given = Given(now, tuple(identities), memory)
    courses = [_course(dossier, rules, given) for dossier, _ in dossiers]
    for place, family in enumerate(FAMILIES):
        for course in courses:
            course.ask(place, family, given)
    return [
        _report(course, rules, given, earlier=earlier, offline=offline)
        for course, (_, earlier) in zip(courses, dossiers, strict=True)
    ]


@dataclass(slots=True)
class _Course:
    """One badge on its way through the checks.

    called_for, must_pass, may_not_remark: as in `weighing`. block: the findings that it has in common with others. own: those
    that are not in `block`, of which the first `told` stand in `parts`. fault: what a family of checks stumbled over.
    """

    dossier: Dossier
    called_for: frozenset[str]
    must_pass: frozenset[str]
    may_not_remark: frozenset[str]
    block: Block
    parts: list[tuple[Finding, ...]] = field(default_factory=list)
    own: list[Finding] = field(default_factory=list)
    told: int = 0
    fault: str | None = None

    def ask(self, place: int, family: Family, given: Given) -> None:
        """Let one family of checks look at it."""
        if self.dossier.unsupported is not None:
            return
        known = self.block.findings.get(place)
        if known is not None:
            if known:
                self.parts += (tuple(self.own[self.told :]), known)
                self.told = len(self.own)
            return
        try:
            self.own.extend(family.check(self.dossier, given))
        except Exception as error:  # noqa: BLE001 - a fault of ours must never pass for a verdict, nor hide the others
            self.fault = type(error).__name__

    def end(self) -> Findings:
        """All findings, with one for each check that did not run and should have."""
        dossier = self.dossier
        if dossier.unsupported is not None:
            waiting = "This waits until badges of this kind can be verified."
            others = sorted(self.must_pass - {"document.kind"})
            self.own = [*document.kind(dossier), *(waits(check, waiting) for check in others)]
            return Findings.of((tuple(self.own),))
        # The silence of a check counts for nothing when its family could not speak.
        needed = self.must_pass | self.may_not_remark if self.fault is not None else self.must_pass
        missing = needed - self.block.checks - {finding.check for finding in self.own}
        if missing:
            self.own.extend([_did_not_run(dossier, check, self.fault) for check in sorted(missing)])
        self.parts.append(tuple(self.own[self.told :]))
        return Findings.of(self.parts)


def _course(dossier: Dossier, rules: Policy, given: Given) -> _Course:
    called_for = policies.required(dossier, given.identities)
    asked = {"hosted": dossier.methods.hosted or not dossier.methods.known, "identities": bool(given.identities)}
    must_pass = weighing.demanded(rules, called_for, **asked)
    return _Course(dossier, called_for, must_pass, weighing.silent(rules, **asked), _block(dossier))


def _report(course: _Course, rules: Policy, given: Given, *, earlier: Earlier | None, offline: bool) -> Report:
    dossier, block = course.dossier, course.block
    findings, own = course.end(), course.own
    if dossier.withdrawn:
        own = [_withdrawn(finding) for finding in findings]
        findings = Findings.of((tuple(own),))
    weighed = weighing.weigh(
        rules,
        findings,
        called_for=course.called_for,
        must_pass=course.must_pass,
        may_not_remark=course.may_not_remark,
    )
    if weighed.findings is not findings:
        # Other words for some of them: nothing that was known of those in common beforehand still holds.
        own = list(weighed.findings)
        findings = Findings.of((tuple(own),))
        block = _NOTHING
    required = weighed.required
    answers, verdict = _judged(required, findings, own, block)
    as_of = _as_of(dossier, required, own, block, given.now)
    if verdict is Verdict.UNDETERMINED and earlier is not None and earlier.verdict is not Verdict.UNDETERMINED:
        said = _earlier(dossier, earlier)
        findings = Findings.of((*findings.parts, (said,))) if said is not None else findings
    return Report(
        verdict=verdict,
        as_of=as_of,
        now=given.now,
        authentic=answers.authentic,
        yours=answers.yours,
        still_good=answers.still_good,
        findings=findings,
        evidence=dossier.evidence,
        credential=credential_of(dossier),
        matched=recipient.matched(dossier, given) if given.identities else None,
        earlier=earlier,
        policy=rules.name,
        offline=offline,
        raw_sha256=dossier.raw_sha256,
        seen=trust.issuer_seen(dossier) if answers.authentic is Outcome.PASSED else None,
    )


def _block(dossier: Dossier) -> Block:
    """The findings that this badge has in common with others, if there are any."""
    common = common_of(dossier)
    if common is None:
        return _NOTHING
    try:
        return _shared_block(common)
    except Exception:  # noqa: BLE001 - then each check looks for itself, and says what is wrong
        return _NOTHING


@lru_cache(maxsize=128)
def _shared_block(common: Common) -> Block:
    return judged(
        common, [(place, family.common) for place, family in enumerate(FAMILIES) if family.common is not None]
    )


def _did_not_run(dossier: Dossier, check: str, fault: str | None) -> Finding:
    if fault is not None:
        return undetermined(check, "internal", f"This check stumbled over a fault of badgefolio ({fault}).")
    if dossier.node is None:
        return waits(check, "This waits until the badge can be read.")
    if not dossier.methods.known:
        return waits(check, "This waits until it is known how the badge is verified.")
    if not CHECKS[check].mandatory:
        # Only a policy asks for it, and it has nothing to say before there is an answer that it could be about.
        return waits(check, "This waits until the documents that it is about can be had.")
    return undetermined(check, "did-not-run", "This required check did not run.")


def _withdrawn(finding: Finding) -> Finding:
    """The content of a withdrawn badge is not judged; only its address can still speak against it (section 1)."""
    judged = question(finding.check) != AUTHENTIC or finding.check in _ADDRESS
    if finding.outcome is not Outcome.FAILED or judged:
        return finding
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        cause=DEPENDS,
        summary="The badge was withdrawn, so its content is no longer judged.",
    )


def _judged(
    required: frozenset[str], findings: Sequence[Finding], own: Sequence[Finding], block: Block
) -> tuple[Answers, Verdict]:
    """The answers and the verdict, from how each required id ended. own: the findings that are not in `block`."""
    others = [finding.check for finding in own if finding.outcome is not _PASSED]
    if (
        required.isdisjoint(others)
        and required.isdisjoint(block.others)
        and required - block.checks <= {finding.check for finding in own}
    ):
        return _all_passed(required)
    outcomes = _outcomes(required, findings)
    return policies.answers(outcomes), policies.verdict(outcomes)


@lru_cache(maxsize=64)
def _all_passed(required: frozenset[str]) -> tuple[Answers, Verdict]:
    """What follows when every required id passed, which is the same for all badges of one kind."""
    outcomes = dict.fromkeys(required, Outcome.PASSED)
    return policies.answers(outcomes), policies.verdict(outcomes)


def _outcomes(required: frozenset[str], findings: Sequence[Finding]) -> dict[str, Outcome]:
    """How each required id ended: the worst of its findings. What has none, a skip or a mere warning satisfies nothing."""
    ends: dict[str, set[Outcome]] = {check: set() for check in required}
    for finding in findings:
        if finding.check in ends:
            ends[finding.check].add(finding.outcome)
    return {check: _worst(found) for check, found in ends.items()}


def _worst(ends: set[Outcome]) -> Outcome:
    if Outcome.FAILED in ends:
        return Outcome.FAILED
    return Outcome.PASSED if ends == {Outcome.PASSED} else Outcome.UNDETERMINED


def _as_of(dossier: Dossier, required: frozenset[str], own: Sequence[Finding], block: Block, now: datetime) -> datetime:
    """The oldest fetch that a required finding rests on."""
    # Findings share their tuples of evidence, so few of them have to be taken apart.
    groups = {finding.evidence for finding in own if finding.evidence and finding.check in required}
    shas = _rests(block, required).union(*groups)
    return min((moment for sha, moment in dossier.stamps if sha in shas), default=now)


@lru_cache(maxsize=128)
def _rests(block: Block, required: frozenset[str]) -> frozenset[str]:
    return block.evidence(required)


def _earlier(dossier: Dossier, earlier: Earlier) -> Finding | None:
    """What an earlier run proved stays proven; only nothing newer is known. None when no fetch stood in the way today."""
    unheard = [item.fetched for item in dossier.evidence if _unheard(item)]
    if not unheard:
        return None
    silent = next((fetched for fetched in unheard if not _not_asked(fetched)), None)
    host = urls.host_of(silent.url) if silent is not None else None
    # A login page is an answer, too.
    silence = "answered" if silent is not None and silent.failure is not None else "served it"
    since = f"{clean(host)} has not {silence} since" if host is not None else "nothing newer is known"
    return warning("asof.earlier", f"{earlier.verdict.value.capitalize()} as of {day(earlier.as_of)}; {since}.")


def _unheard(item: Evidence) -> bool:
    """Whether what came is not what was asked for."""
    return not item.fetched.conclusive or (item.role in _JUDGED and why_unread(item.fetched) is not None)


def _not_asked(fetched: Fetched) -> bool:
    """Whether there is no answer because nobody asked the host."""
    return fetched.failure is not None and fetched.failure.cause in (Cause.OFFLINE, Cause.BUDGET)


def credential_of(dossier: Dossier) -> Credential | None:
    """The badge as it is shown: hosted values for a hosted badge, signed values for a signed one.

    While nothing could be read from its address, it is what the file brought says, which no verdict vouches for.
    """
    source = dossier.credential
    if source is None or source.node is None or dossier.withdrawn:
        source = dossier.brought if dossier.brought is not None and dossier.brought.node is not None else source
    if source is None or source.node is None or source.content is None:
        return None
    language, version = source.content.language, source.content.version
    node = dossier.achievement_node
    if node is None:
        return read_credential(source.node, language, version=version)
    fetched = dossier.achievement.content if dossier.achievement is not None else None
    profile = dossier.issuer.content if dossier.issuer is not None and dossier.issuer.agrees else None
    if fetched is not None and node is fetched.node:
        achievement = _achievement(fetched, profile)
    else:
        achievement = _with_issuer(read_achievement(node, language), profile)
    return read_credential(source.node, language, version=version, achievement=achievement)


@once
def _achievement(fetched: Content, profile: Content | None) -> Achievement:
    """A fetched achievement with its fetched issuer; shared by all badges of the class."""
    return _with_issuer(read_achievement(fetched.node or {}, fetched.language), profile)


def _with_issuer(achievement: Achievement, profile: Content | None) -> Achievement:
    if profile is None or profile.node is None:
        return achievement
    # An address that only leads to the profile says nothing about whose it is: what is shown is what the profile calls itself.
    issuer = read_profile(profile.node, profile.language)
    return replace(achievement, issuer=issuer, issuer_id=issuer.id or achievement.issuer_id)
