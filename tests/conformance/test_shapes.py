"""Every property of every class, once as it should be and once not (verification.md 2.3)."""

from __future__ import annotations

import pytest

from tests.conformance.shapes import ShapeCase, full, shape_cases
from tests.conformance.world import World, troubles
from wallet.verify import tables
from wallet.verify.report import Outcome, Verdict

CASES = tuple(shape_cases())


@pytest.mark.parametrize("way", ["hosted", "signed"])
def test_with_one_of_every_class_a_badge_is_valid(way: str) -> None:
    world = World()
    full(world)
    report = world.signed() if way == "signed" else world.hosted()
    assert report.verdict is Verdict.VALID, troubles(report)
    classes = set(tables.CLASSES) - ({"evidence"} if way == "signed" else {"key", "revocationlist"})
    for name in classes:
        for check in tables.IDS[name]:
            finding = report.finding(check)
            assert finding is not None and finding.outcome is Outcome.PASSED, check


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_property_that_is_not_as_it_should_be_is_named(case: ShapeCase) -> None:
    world = case.world()
    report = world.signed() if case.way == "signed" else world.hosted()
    finding = report.finding(case.check)
    assert finding is not None, troubles(report)
    assert finding.outcome is case.outcome, troubles(report)
    if case.outcome is Outcome.WARNING:
        assert report.verdict is Verdict.VALID, troubles(report)
    else:
        assert report.verdict is not Verdict.VALID, troubles(report)
