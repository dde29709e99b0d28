"""All worked cases of the shared design folder, to the letter. Skipped by name where that folder is not at hand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from wallet.pathways import definition
from wallet.pathways.candidates import Candidate
from wallet.pathways.counting import count
from wallet.pathways.model import Credit, Pathway
from wallet.pathways.plan import at_risk
from wallet.pathways.progress import Progress, evaluate
from wallet.pathways.shortest import shortest
from wallet.pathways.tally import Standing

SHARED = Path(__file__).resolve().parents[4] / "shared" / "pathways"
FILE = SHARED / "worked-cases.json"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the folder ../shared/pathways is not here")


def _cases() -> list[dict]:
    if not FILE.exists():
        return []
    document = json.loads(FILE.read_bytes())
    cases = [*document["cases"], *document["random"]]
    for case in cases:
        held = [*case["held"], *_range(case.get("held_range"))]
        case["held"] = [{**document["held_defaults"], **one} for one in held]
    return cases


def _range(many: dict | None) -> list[dict]:
    if many is None:
        return []
    pattern = {key: value for key, value in many.items() if key not in ("from", "to")}
    return [
        {key: value.replace("{n}", str(n)) if isinstance(value, str) else value for key, value in pattern.items()}
        for n in range(many["from"], many["to"] + 1)
    ]


CASES = _cases()
BY_ID = {case["id"]: case for case in CASES}


def _candidate(held: dict) -> Candidate:
    credit = held.get("credit")
    return Candidate(
        id=held["id"],
        achievement_id=held["achievement"],
        issuer_id=held["issuer"],
        name=held.get("name", ""),
        tags=tuple(held.get("tags", ())),
        issued_on=date.fromisoformat(held["issued_on"]),
        expires=date.fromisoformat(held["expires"]) if "expires" in held else None,
        status=held["verification"],
        mine=held["mine"],
        revoked=held["revoked"],
        credit=Credit(Decimal(str(credit["value"])), credit["unit"]) if credit else None,
    )


def _read(case: dict) -> tuple[Pathway, tuple[Candidate, ...], date]:
    pathway = definition.read(json.dumps(case["pathway"]).encode(), f"{case['id']}.json")
    return pathway, tuple(_candidate(held) for held in case["held"]), date.fromisoformat(case["at"])


def _progress(case: dict) -> Progress:
    return evaluate(*_read(case))


def test_the_file_holds_the_cases_that_the_design_names() -> None:
    assert len(CASES) == 111
    assert {"E1", "E10", "S16", "E4-40", "M40"} <= BY_ID.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_figures_and_state_are_those_of_the_worked_case(case: dict) -> None:
    progress, expect = _progress(case), case["expect"]
    figures = progress.accepted
    assert figures.exact
    assert {
        "required": figures.required,
        "filled": figures.filled,
        "missing": figures.missing,
        "percent": figures.percent,
        "state": progress.state,
    } == {key: expect[key] for key in ("required", "filled", "missing", "percent", "state")}


@pytest.mark.parametrize("case", [case for case in CASES if "groups" in case["expect"]], ids=lambda case: case["id"])
def test_groups_have_their_own_figures(case: dict) -> None:
    progress = _progress(case)
    for name, (required, filled) in case["expect"]["groups"].items():
        node = progress.node(name)
        assert (node.required, node.filled) == (required, filled)


@pytest.mark.parametrize("case", [case for case in CASES if "states" in case["expect"]], ids=lambda case: case["id"])
def test_nodes_have_their_own_states(case: dict) -> None:
    progress = _progress(case)
    assert {name: progress.node(name).state for name in case["expect"]["states"]} == case["expect"]["states"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "assignment" in case["expect"]], ids=lambda case: case["id"]
)
def test_the_only_best_assignment_is_found(case: dict) -> None:
    progress = _progress(case)
    achievement = {held["id"]: held["achievement"].rpartition("/")[2] for held in case["held"]}
    for name, expected in case["expect"]["assignment"].items():
        assert sorted(achievement[badge] for badge in progress.node(name).by) == sorted(expected)


@pytest.mark.parametrize("case", [case for case in CASES if "chosen" in case["expect"]], ids=lambda case: case["id"])
def test_the_better_choice_of_children_is_taken(case: dict) -> None:
    progress = _progress(case)
    for name, expected in case["expect"]["chosen"].items():
        assert sorted(child.id for child in progress.node(name).children if child.in_plan) == sorted(expected)


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case["expect"]], ids=lambda case: case["id"])
def test_refused_badges_are_shown_with_their_reason(case: dict) -> None:
    said = {(use.id, use.place, use.refused) for use in _progress(case).badges}
    for refused in case["expect"]["refused"]:
        assert (refused["badge"], refused["element"], refused["reason"]) in said


@pytest.mark.parametrize("case", [case for case in CASES if "shortage" in case["expect"]], ids=lambda case: case["id"])
def test_the_shortage_of_credits_is_the_smallest_there_is(case: dict) -> None:
    def short(standing: Standing, unit: str) -> Fraction:
        own = sum((one.shortage for one in standing.sums if one.what == unit), Fraction(0))
        return own + sum((short(child, unit) for child in standing.children), Fraction(0))

    root = count(*_read(case)).root
    for unit, amount in case["expect"]["shortage"].items():
        assert short(root, unit) == amount


def test_verified_and_accepted_figures_stand_side_by_side() -> None:
    figures, expect = _progress(BY_ID["S11"]).verified, BY_ID["S11"]["expect"]["verified_only"]
    assert (figures.required, figures.filled, figures.missing, figures.percent) == tuple(expect.values())


@pytest.mark.parametrize("case", [case for case in CASES if "shortest" in case["expect"]], ids=lambda case: case["id"])
def test_the_shortest_finish_is_that_of_the_worked_case(case: dict) -> None:
    found, expect = shortest(*_read(case)), case["expect"]["shortest"]
    assert {
        "badges": len(found.steps),
        "hours": found.hours,
        "achievements": sorted(found.achievements),
        "exact": found.exact,
    } == {**expect, "achievements": sorted(expect["achievements"])}


@pytest.mark.parametrize("case", [case for case in CASES if "at_risk" in case["expect"]], ids=lambda case: case["id"])
def test_what_is_at_risk_is_that_of_the_worked_case(case: dict) -> None:
    risk = case["expect"]["at_risk"]
    found = at_risk(*_read(case), days=risk["days"])
    assert [lost.element for lost in found.lost] == risk["lost"]
    assert all(lost.endings for lost in found.lost)


@pytest.mark.parametrize("name", ["aquaponics", "digital-career", "instructional-skills"])
def test_the_example_files_are_read_without_an_error_and_nothing_is_held_at_first(name: str) -> None:
    data = (SHARED / f"{name}.pathway.toml").read_bytes()
    assert [problem for problem in definition.check(data, name) if problem.severity == "error"] == []
    progress = evaluate(definition.read(data, name), (), date(2026, 11, 21))
    assert (progress.accepted.filled, progress.state) == (0, "not-started")
