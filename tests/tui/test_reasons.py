"""Beside a yes stand the facts that it rests on, taken from a fresh report and from a stored one alike."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.world import AWARD, MINE, World
from tui.reasons import because
from wallet.verify.report import Outcome, Report
from wallet.verify.report_json import summary_from_json, to_json

YES = Outcome.PASSED


def both(report: Report, question: str) -> str:
    fresh = because(report, question, YES)
    assert because(summary_from_json(to_json(report)), question, YES) == fresh
    return fresh


def test_a_hosted_badge_was_served_and_a_signed_one_bears_a_key() -> None:
    world = World()
    host = "badges.rowan-college.example"
    assert both(world.hosted(), "authentic") == f"served by {host} on 21 November 2026, within the issuer's scope"
    assert both(world.signed(), "authentic") == f"signed with a key that {host} lists"


def test_a_good_badge_is_not_withdrawn_and_has_its_last_day() -> None:
    world = World()
    world.award["expires"] = "2030-01-31T00:00:00Z"
    said = both(world.hosted(), "still good")
    assert said.endswith(" It expires on 31 January 2030.")
    assert "withdrawn" in said
    assert both(world.hosted(MINE), "yours").startswith("It was awarded to")


def test_without_the_facts_the_finding_speaks() -> None:
    report = World().hosted()
    assert because(replace(report, evidence=()), "authentic", YES).startswith("The hosted badge could be read")
    bare = replace(report, evidence=(), findings=(), credential=None)
    assert because(bare, "authentic", YES) == ""
    assert because(bare, "still good", YES) == ""


def test_a_no_is_explained_by_the_finding_that_decided() -> None:
    world = World()
    world.status(AWARD, 410)
    report = world.hosted()
    assert "withdrew" in because(report, "still good", report.still_good)
