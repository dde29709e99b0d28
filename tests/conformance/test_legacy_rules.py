"""Badges older than 2.0, by the cases of `tests.conformance.legacy_cases`; and what must hold for every one of them."""

from __future__ import annotations

import pytest

from tests.conformance.legacy_cases import CASES, INVALID, VALID, F, Old, OldCase, U
from tests.conformance.world import troubles
from wallet.verify.catalogue import CHECKS
from wallet.verify.remedies import REMEDIES
from wallet.verify.report import Report


def judged(case: OldCase) -> Report:
    old = Old(case.version)
    case.change(old)
    return old.signed(*case.identities) if case.way == "signed" else old.hosted(*case.identities)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.version} {case.way}: {case.name}")
def test_one_fault_is_named_by_its_check_and_decides_as_it_must(case: OldCase) -> None:
    report = judged(case)
    findings = [finding for finding in report.findings if finding.check == case.check]
    assert findings, troubles(report)
    assert case.outcome in {finding.outcome for finding in findings}, troubles(report)
    assert report.verdict is case.verdict, troubles(report)
    if case.cause is not None:
        assert case.cause in {finding.cause for finding in findings}, troubles(report)
    for finding in report.findings:
        assert finding.check.removesuffix(".note") in CHECKS, finding
        assert finding.summary.endswith(".") and not finding.summary[0].islower(), finding
        assert "  " not in finding.summary, finding
        if finding.outcome in (F, U):
            assert finding.remedy is not None and finding.cause in REMEDIES, finding
            assert finding.cause not in ("internal", "did-not-run"), finding
        if finding.outcome is F:
            assert finding.who is not None, finding


def test_every_rule_for_old_badges_has_a_pair() -> None:
    for check in ("legacy.0-5", "legacy.1-0", "legacy.pem"):
        assert {case.verdict for case in CASES if case.check == check} >= {VALID, INVALID}, check
