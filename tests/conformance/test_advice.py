"""What surrounds a badge, by the cases of `tests.conformance.advice`; and that every rule has its pair of cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.advice import ADVICE_CASES, AdviceCase, pictured
from tests.conformance.cases import CASES
from tests.conformance.shapes import ANY_TYPE, full, shape_cases
from tests.conformance.signed_endorsements import SIGNED_ENDORSEMENT_CASES
from tests.conformance.world import MINE, World, troubles
from wallet.verify.catalogue import CHECKS
from wallet.verify.remedies import REMEDIES
from wallet.verify.report import Outcome, Verdict


@pytest.mark.parametrize("case", [*ADVICE_CASES, *SIGNED_ENDORSEMENT_CASES], ids=lambda case: case.name)
def test_what_surrounds_a_badge_is_said_and_decides_no_more_than_it_must(case: AdviceCase) -> None:
    report = case.scene().report()
    found = [finding.outcome for finding in report.findings if finding.check == case.check]
    assert (case.outcome in found) if case.outcome is not None else not found, troubles(report)
    assert report.verdict is case.verdict, troubles(report)
    for finding in report.findings:
        assert finding.summary.endswith(".") and not finding.summary[0].islower(), finding
        assert finding.cause is None or finding.cause in REMEDIES, finding
        assert finding.cause not in ("internal", "did-not-run"), finding


@pytest.mark.parametrize(
    ("inside", "doctype", "cause", "cap"),
    [
        ("<g>" * 201 + "</g>" * 201, "", "too-deep", "more than 200 elements"),
        ("<g/>" * 100_000, "", "too-big", "more than 100,000 elements"),
        ("<g a='' b=''/>" * 125_001, "", "too-big", "250,000 attributes"),
        ("<text>&who;</text>", "<!DOCTYPE svg [<!ENTITY who 'me'>]>", "image-entities", "defines entities"),
    ],
)
def test_a_picture_beyond_a_cap_is_not_said_to_carry_no_badge(inside: str, doctype: str, cause: str, cap: str) -> None:
    picture = f'{doctype}<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()
    found = [each for each in pictured(picture)().report().findings if each.check == "image.baked-match"]
    assert [(each.outcome, each.cause) for each in found] == [(Outcome.WARNING, cause)]
    assert cap in found[0].summary
    assert "not found out" in found[0].summary
    assert found[0].remedy == REMEDIES[cause].step


def test_every_rule_has_a_good_case() -> None:
    """Mandatory rules pass somewhere in a valid badge; advice has nothing to say about a badge without fault."""
    world = World()
    full(world)
    scenes = [case.scene() for case in ADVICE_CASES if case.outcome is Outcome.PASSED]
    reports = [scene.report() for scene in scenes] + [world.hosted(MINE), world.signed(MINE)]
    for case in CASES:
        if case.outcome is Outcome.PASSED and case.verdict is Verdict.VALID:
            each = World()
            case.change(each)
            reports.append(each.signed(*case.identities) if case.way == "signed" else each.hosted(*case.identities))
    passed = {
        finding.check
        for report in reports
        if report.verdict is Verdict.VALID
        for finding in report.findings
        if finding.outcome is Outcome.PASSED
    }
    assert {check.id for check in CHECKS.values() if check.mandatory} - passed <= ELSEWHERE
    silent = {finding.check for finding in World().hosted().findings if finding.outcome is Outcome.WARNING}
    assert not silent


def test_every_rule_has_a_bad_case() -> None:
    bad = {case.check.removesuffix(".note") for case in (*CASES, *shape_cases()) if case.outcome is not Outcome.PASSED}
    bad |= {case.check for case in ADVICE_CASES if case.outcome not in (None, Outcome.PASSED)}
    assert set(CHECKS) - bad - ANY_TYPE == ELSEWHERE


#: Rules whose cases stand elsewhere, because they need another kind of badge or another policy.
ELSEWHERE = {
    "asof.earlier",
    "fetch.proxy",
    "hosted.scope-declared",
    "legacy.0-5",
    "legacy.1-0",
    "legacy.1-1",
    "legacy.pem",
}

DESIGN = Path(__file__).parents[3] / "shared" / "design" / "verification.md"


@pytest.mark.skipif(not DESIGN.is_file(), reason="the design pages are not here")
def test_every_id_of_the_design_is_in_the_catalogue() -> None:
    text = DESIGN.read_text().split("## 2. The catalogue")[1].split("## 3. Decisions")[0]
    rows = re.findall(r"^\| \d+ \| ([a-z0-9.*, -]+) \|", text, re.MULTILINE)
    rows += re.findall(r"^\| \d+ (legacy[a-z0-9.*-]+) \|", text, re.MULTILINE)
    ids = {name.strip() for row in rows for name in row.split(",") if "." in name}
    assert len(ids) > 50
    for name in ids:
        check = CHECKS.get(name.rstrip("*"))
        assert check is not None, name
        assert check.mandatory is name.endswith("*"), name
        assert check.title and (check.spec or not check.mandatory), name
        assert (check.question is not None) is check.mandatory, name


@pytest.mark.skipif(not DESIGN.is_file(), reason="the design pages are not here")
def test_every_required_property_of_the_design_has_its_check() -> None:
    text = DESIGN.read_text().split("### 2.3 Structure")[1].split("### 2.4")[0]
    table = dict(re.findall(r"^\| \d+ \| ([a-z]+)[^|]* \| (.*) \|$", text, re.MULTILINE))
    assert len(table) > 10
    for name, row in table.items():
        for word in re.findall(r"(?<![A-Za-z] O with )\b([a-z][A-Za-z]+)!", row):
            if f"structure.{name}.id" in CHECKS or name in ("identity", "alignment"):
                assert any(check.startswith("structure.") and check.endswith(f".{word}") for check in CHECKS), (
                    name,
                    word,
                )
