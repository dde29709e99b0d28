"""How a policy weighs the findings of a run: what it forgives becomes a remark, what it will not have becomes undetermined.

Pure. Nothing is ever turned into a pass, and a stricter policy contradicts nobody: where the specification only remarks, the
answer is "not known", never "no". The standard policy changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wallet.verify.catalogue import YOURS, question
from wallet.verify.compositions import STANDARD, Demand, Policy
from wallet.verify.remedies import remedy
from wallet.verify.report import DEPENDS, Finding, Outcome

_BAD = frozenset({Outcome.FAILED, Outcome.UNDETERMINED})
_SHORT = frozenset({Outcome.WARNING, Outcome.SKIPPED})
_CAUSE = "policy"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The ids that decide, and the findings as this policy reads them."""

    required: frozenset[str]
    findings: Sequence[Finding]


def demanded(policy: Policy, called_for: frozenset[str], *, hosted: bool, identities: bool) -> frozenset[str]:
    """The ids that must pass: what the badge calls for as far as the policy asks for it, and what only the policy asks for."""
    if policy is STANDARD:
        return called_for
    asked = policy.checks(Demand.HOLD)
    extra = asked - STANDARD.checks(Demand.HOLD)
    return (called_for & asked) | frozenset(check for check in extra if _applies(check, hosted, identities))


def silent(policy: Policy, *, hosted: bool, identities: bool) -> frozenset[str]:
    """The ids about which nothing may be remarked."""
    if policy is STANDARD:
        return frozenset()
    return frozenset(check for check in policy.checks(Demand.REMARK) if _applies(check, hosted, identities))


def _applies(check: str, hosted: bool, identities: bool) -> bool:
    if check.startswith("hosted."):
        return hosted
    return identities or question(check) != YOURS


def weigh(
    policy: Policy,
    findings: Sequence[Finding],
    *,
    called_for: frozenset[str],
    must_pass: frozenset[str],
    may_not_remark: frozenset[str],
) -> Weighed:
    """The findings under `policy`, and the ids that its verdict hangs on."""
    if policy is STANDARD:
        return Weighed(must_pass, findings)
    forgiven = frozenset(_forgiven(policy, findings))
    lenient = (called_for - must_pass) | forgiven
    demanding = must_pass - called_for
    remarked = frozenset(f.check for f in findings if f.check in may_not_remark and f.outcome not in _passing())
    read = []
    for finding in findings:
        if finding.check in lenient and finding.outcome in _BAD and finding.cause != DEPENDS:
            finding = _mentioned(policy, finding)
        elif (finding.check in demanding and finding.outcome in _SHORT) or (
            finding.check in remarked and finding.outcome is Outcome.WARNING
        ):
            finding = _not_enough(policy, finding)
        read.append(finding)
    return Weighed((must_pass - forgiven) | remarked, tuple(read))


def _passing() -> frozenset[Outcome]:
    return frozenset({Outcome.PASSED, Outcome.SKIPPED})


def _forgiven(policy: Policy, findings: Sequence[Finding]) -> Iterable[str]:
    """Ids of which every bad end is forgiven, and that have one."""
    for check, ends in policy.forgiving.items():
        bad = {finding.outcome for finding in findings if finding.check == check} & _BAD
        if bad and bad <= ends:
            yield check


def _mentioned(policy: Policy, finding: Finding) -> Finding:
    summary = f"{finding.summary} The policy “{policy.name}” lets that pass."
    return replace(finding, check=f"{finding.check}.note", outcome=Outcome.WARNING, summary=summary)


def _not_enough(policy: Policy, finding: Finding) -> Finding:
    row = remedy(_CAUSE)
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        summary=f"{finding.summary} The policy “{policy.name}” does not accept that.",
        cause=finding.cause or _CAUSE,
        who=finding.who or row.who,
        remedy=finding.remedy or row.step,
    )
