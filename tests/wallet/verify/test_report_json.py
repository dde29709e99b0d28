"""The written report says what the report says, and its summary reads back the same."""

from __future__ import annotations

import json

import pytest

from tests.conformance.world import AWARD, MINE, NOW, World
from wallet.errors import NewerFormatError, StoreDamagedError
from wallet.verify.report import Earlier, Outcome, Report, Verdict
from wallet.verify.report_json import ReportSummary, summary_from_json, to_json


def through_text(report: Report) -> ReportSummary:
    return summary_from_json(json.loads(json.dumps(to_json(report))))


def test_the_documented_members_are_there() -> None:
    written = to_json(World().hosted(MINE))
    assert written["format"] == "badgefolio-report/1"
    assert written["verdict"] == "valid"
    assert written["as_of"] == "2026-11-21T10:00:00Z"
    assert (written["authentic"], written["yours"], written["still_good"]) == ("passed", "passed", "passed")
    assert set(written["findings"][0]) >= {"check", "outcome", "summary", "spec", "expected", "found", "who", "remedy"}
    assert set(written["evidence"][0]) >= {"role", "url", "status", "fetched_at", "sha256", "failure"}


@pytest.mark.parametrize("signed", [False, True])
def test_a_summary_says_what_the_report_says(signed: bool) -> None:
    world = World()
    world.award["expires"] = "2026-01-01T00:00:00Z"
    report = world.signed(MINE) if signed else world.hosted(MINE)
    read = through_text(report)
    assert (read.verdict, read.as_of, read.now) == (report.verdict, report.as_of, report.now)
    assert (read.authentic, read.yours, read.still_good) == (report.authentic, report.yours, report.still_good)
    assert read.findings == report.findings
    assert read.credential == report.credential
    assert read.matched == MINE
    assert [(e.role, e.url, e.sha256) for e in read.evidence] == [
        (e.role, e.fetched.url, e.fetched.sha256) for e in report.evidence
    ]


def test_a_fetch_that_failed_keeps_its_cause() -> None:
    world = World()
    world.fails(AWARD)
    report = world.report(world.subject(), (), Earlier(Verdict.VALID, NOW))
    read = through_text(report)
    assert read.evidence[0].failure == "timeout"
    assert read.evidence[0].sha256 is None
    assert read.earlier == Earlier(Verdict.VALID, NOW)
    assert read.finding("hosted.fetched").outcome is Outcome.UNDETERMINED


def test_another_format_is_not_guessed_at() -> None:
    written = to_json(World().hosted())
    with pytest.raises(NewerFormatError):
        summary_from_json({**written, "format": "badgefolio-report/2"})


@pytest.mark.parametrize("member", ["verdict", "as_of", "findings", "evidence", "policy"])
def test_a_damaged_report_is_named_as_damaged(member: str) -> None:
    written = to_json(World().hosted())
    with pytest.raises(StoreDamagedError, match=member):
        summary_from_json({**written, member: 7})
    with pytest.raises(StoreDamagedError):
        summary_from_json({**written, member: None})


def test_a_report_on_nothing_readable_has_no_credential() -> None:
    world = World()
    world.brought = b"{"
    assert through_text(world.hosted()).credential is None
