"""Unusual spellings, by the cases of `tests.conformance.spellings`."""

from __future__ import annotations

import pytest

from tests.conformance.cases import VALID, Case
from tests.conformance.spellings import CASES
from tests.conformance.test_rules import judged
from tests.conformance.world import troubles
from wallet.verify.report import DEPENDS, Outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.way}: {case.name}")
def test_no_spelling_changes_what_is_found_or_hides_why(case: Case) -> None:
    report = judged(case)
    finding = report.finding(case.check)
    assert finding is not None, troubles(report)
    assert (finding.outcome, report.verdict) == (case.outcome, case.verdict), troubles(report)
    if case.cause is not None:
        assert finding.cause == case.cause, troubles(report)
    bad = (Outcome.FAILED, Outcome.UNDETERMINED)
    reasons = [one for one in report.findings if one.outcome in bad and one.cause != DEPENDS]
    assert report.verdict is VALID or reasons, troubles(report)
    strict = judged(case, "strict")
    reasons += [one for one in strict.findings if one.outcome in bad and one.cause != DEPENDS]
    for reason in reasons:
        assert reason.remedy, reason
        assert reason.cause not in ("did-not-run", "internal"), reason
