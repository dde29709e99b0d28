"""What the founding documents ask of pathways: one test for each row of the seeds page that is about them, named after it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.pathways import HERE, ISSUER, TODAY, badge, badges, element, group, pathway, pathway_table
from wallet.details import LABELS, BadgeDetails, card, commitment_words, of_element, stated
from wallet.errors import DefinitionError
from wallet.model import Alignment, Commitment
from wallet.pathways import definition
from wallet.pathways.advice import award_request, in_credits, similar
from wallet.pathways.collecting import collect
from wallet.pathways.emit import emit
from wallet.pathways.model import Pathway
from wallet.pathways.personal import Attested, Personal
from wallet.pathways.plan import (
    at_risk,
    closest,
    cost_left,
    differences,
    hours_by_facilitation,
    next_steps,
    stand_alone,
    what_if,
)
from wallet.pathways.progress import evaluate, to_json
from wallet.pathways.shortest import shortest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pathways"
needs_examples = pytest.mark.skipif(not SHARED.exists(), reason="the folder ../shared/pathways is not here")
HELP = "https://college.example/help"


def example(name: str) -> Pathway:
    return definition.read((SHARED / f"{name}.pathway.toml").read_bytes(), name)


def worked(name: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Figures of a worked case and what it refuses, each after comparing with the file."""
    from tests.wallet.pathways.test_worked_cases import BY_ID, _progress

    progress, expect = _progress(BY_ID[name]), BY_ID[name]["expect"]
    found = progress.accepted
    figures = {"filled": found.filled, "required": found.required, "percent": found.percent}
    assert figures == {key: expect[key] for key in figures}
    return figures, [(use.place or "", use.refused or "") for use in progress.badges if use.nearly]


def of(*letters: str, **more: object) -> Pathway:
    """All of these, each an element of its own."""
    return pathway({"root": group(*letters)}, {letter: element(letter) for letter in letters}, **more)


@needs_examples
def test_row_02_a_pathway_says_how_it_relates_to_a_qualification() -> None:
    assert [one.relation for one in example("aquaponics").qualifications] == ["component", "alternate"]
    text = (SHARED / "aquaponics.pathway.toml").read_text().replace('relation = "component"', 'relation = "part"')
    with pytest.raises(DefinitionError) as refused:
        definition.read(text.encode(), "aquaponics")
    assert refused.value.line is not None
    assert "part" in refused.value.message


def test_row_03_hours_of_what_remains_add_up_and_unknown_cost_is_at_least() -> None:
    elements = {name: element(name, hours=hours) for name, hours in (("a", 3), ("b", 5), ("c", 6))}
    elements["a"]["cost"] = {"value": 10, "currency": "CAD"}
    found = evaluate(pathway({"root": group("a", "b", "c")}, elements), (), TODAY)
    assert (found.hours_left.hours, found.hours_left.at_least) == (Decimal(14), False)
    assert cost_left(found).at_least


def test_row_04_a_badge_in_no_pathway_stands_alone_once() -> None:
    held = badges("az")
    progresses = [evaluate(asked, held, TODAY) for asked in (of("a"), of("a", "b"))]
    assert [one.achievement_id for one in stand_alone(held, progresses)] == [HERE + "z"]


def test_row_05_somebody_elses_badge_fills_no_place() -> None:
    found = evaluate(of("a"), (badge("a", mine=False),), TODAY)
    assert found.accepted.filled == 0
    assert [use.refused for use in found.badges] == ["not-yours"]


@needs_examples
@pytest.mark.parametrize("name", ["aquaponics", "instructional-skills", "digital-career"])
def test_row_10_every_open_element_has_a_link_or_says_whom_to_ask(name: str) -> None:
    asked = example(name)
    steps = next_steps(evaluate(asked, (), TODAY))
    assert steps
    assert all(step.enrol or step.ask or asked.publisher is None for step in steps)
    if name == "instructional-skills":
        assert {step.ask for step in steps} == {"https://prairierivers.example/teaching/help"}


@needs_examples
def test_row_11_online_drops_the_observed_lesson() -> None:
    held = tuple(
        badge("x", id=name, achievement_id=f"https://badges.prairierivers.example/classes/{name}")
        for name in ("outcomes-v2", "assessment")
    )
    found = evaluate(example("instructional-skills"), held, TODAY)
    assert "practice" in [step.element.id for step in next_steps(found)]
    assert "practice" not in [step.element.id for step in next_steps(found, delivery="online")]


def test_row_12_hours_become_credit_only_where_the_unit_says_how_long_it_is() -> None:
    units = {"credit": {"name": "credits", "hours": 15}, "point": {"name": "points"}}
    assert in_credits(of("a", credit_units=units), Decimal(45)) == ("3 credits",)
    assert in_credits(of("a"), Decimal(45)) == ()


def test_row_14_all_parts_met_without_the_award_is_eligible_with_a_text_to_the_issuer() -> None:
    asked = of("a", award=[{"achievement": HERE + "award"}], publisher={"name": "College", "support_url": HELP})
    found = evaluate(asked, badges("a"), TODAY)
    assert found.state == "eligible"
    text = award_request(found) or ""
    assert HELP in text
    assert "A pathway, version 1" in text
    assert award_request(evaluate(asked, (), TODAY)) is None


def test_row_15_tracks_and_optional_parts_leave_a_choice() -> None:
    groups = {"root": group("x", "y", need=1), "x": group("a", "b"), "y": group("c", "d", optional=["d"])}
    found = evaluate(pathway(groups, {name: element(name) for name in "abcd"}), badges("c"), TODAY)
    assert (found.accepted.required, found.accepted.missing) == (1, 0)


@needs_examples
@pytest.mark.parametrize(("name", "filled", "required"), [("E1", 4, 4), ("E6", 1, 2), ("S10", 0, 1)])
def test_row_15_choices_tracks_and_optional_parts_of_the_worked_cases(name: str, filled: int, required: int) -> None:
    figures, _ = worked(name)
    assert (figures["filled"], figures["required"]) == (filled, required)


@needs_examples
def test_row_16_advice_never_uncounts_a_badge_in_the_worked_case() -> None:
    assert worked("S4")[0] == {"filled": 2, "required": 3, "percent": 66}


def test_row_16_order_is_advice_unless_it_is_strict() -> None:
    elements = {"a": element("a"), "b": element("b", requires=["a"])}
    assert evaluate(pathway({"root": group("a", "b")}, elements), badges("b"), TODAY).accepted.filled == 1
    advised = pathway({"root": group("a", "b", ordered="advice")}, elements)
    assert evaluate(advised, badges("b"), TODAY).accepted.filled == 1


def test_row_17_a_shared_badge_counts_in_both_pathways_and_its_removal_lowers_both() -> None:
    both = (of("a", "b", id="urn:one"), of("a", "c", id="urn:two"))
    with_it = [evaluate(asked, badges("a"), TODAY) for asked in both]
    assert [one.accepted.filled for one in with_it] == [1, 1]
    assert {one.pathway.id for one in closest(with_it)} == {"urn:one", "urn:two"}
    assert [evaluate(asked, (), TODAY).accepted.filled for asked in both] == [0, 0]


@needs_examples
@pytest.mark.parametrize(("name", "filled"), [("S1", 6), ("S2", 4)])
def test_row_17_sharing_is_the_rule_and_exclusive_groups_the_exception(name: str, filled: int) -> None:
    assert worked(name)[0]["filled"] == filled


def test_row_18_fourteen_hours_at_three_a_week_are_five_weeks_and_dates_are_kept() -> None:
    elements = {name: element(name, hours=hours) for name, hours in (("a", 3), ("b", 5), ("c", 6))}
    ends = TODAY + timedelta(days=200)
    elements["c"]["offering"] = [{"begins": str(TODAY + timedelta(days=150)), "ends": str(ends)}]
    found = shortest(pathway({"root": group("a", "b", "c")}, elements), (), TODAY)
    assert (found.hours, found.weeks(Fraction(3)), found.ends) == (14, 5, ends)


def test_row_21_a_job_profile_counts_skills_with_the_badges_that_prove_them() -> None:
    def skill(code: str) -> dict[str, object]:
        return {"name": code, "match": [{"issuer": ISSUER, "framework": "Skills", "code": code}]}

    asked = pathway({"root": group(*"abcde")}, {letter: skill(letter) for letter in "abcde"})
    held = [
        badge(letter, alignments=(Alignment(target_framework="Skills", target_code=code),))
        for letter, code in (("p", "a"), ("q", "c"), ("r", "e"))
    ]
    found = evaluate(asked, held, TODAY)
    assert (found.accepted.filled, found.accepted.required) == (3, 5)
    assert [node.by for node in found.nodes if node.state == "met"] == [("b-p",), ("b-q",), ("b-r",)]


def test_row_23_next_steps_by_hours() -> None:
    elements = {"a": element("a", hours=3), "b": element("b", hours=5)}
    found = evaluate(pathway({"root": group("a", "b")}, elements), (), TODAY)
    assert [step.element.id for step in next_steps(found, max_hours=Decimal(4))] == ["a"]


@needs_examples
def test_row_24_the_shortest_finish_is_ten_hours_not_thirteen() -> None:
    cases = {case["id"]: case for case in json.loads((SHARED / "worked-cases.json").read_bytes())["cases"]}
    asked = definition.read(json.dumps(cases["E5"]["pathway"]).encode(), "E5")
    held = badge("c", achievement_id="https://badges.prairierivers.example/classes/c")
    assert shortest(asked, (held,), TODAY).hours == 10


def test_row_26_a_collection_becomes_a_draft_that_passes_the_check() -> None:
    held = (
        *badges("ab"),
        badge("q", achievement_id=None, name="Knots"),
        badge("z", achievement_id=None, issuer_id=None),
    )
    found = collect("My lab", "urn:uuid:1", held)
    data = emit(found.tables)
    assert [one for one in definition.check(data, "lab") if one.severity == "error"] == []
    drafted = definition.read(data, "lab")
    assert (drafted.status, evaluate(drafted, held, TODAY).state) == ("draft", "met")
    assert [one.id for one in found.nameless] == ["b-z"]


def test_row_29_a_ticket_that_ends_in_sixty_days_names_the_place_lost() -> None:
    ticket = badge("a", expires=TODAY + timedelta(days=60))
    (lost,) = at_risk(of("a"), (ticket,), TODAY).lost
    assert (lost.element, [one.badge for one in lost.endings]) == ("a", ["b-a"])


def test_row_31_a_badge_of_another_issuer_fills_a_place_and_the_strength_is_shown() -> None:
    rule = {"any_issuer": True, "framework": "Skills", "code": "DA-1"}
    asked = pathway(
        {"root": group("a")}, {"a": {"name": "Data", "match": [rule]}}, trusted_issuers=["https://u.example"]
    )
    aligned = (Alignment(target_framework="Skills", target_code="DA-1"),)
    outside = badge("q", issuer_id="https://u.example", alignments=aligned)
    (use,) = evaluate(asked, (outside,), TODAY).badges
    assert (use.place, use.strength) == ("a", "any-issuer")


def test_row_33_a_new_element_shows_who_drops_from_met() -> None:
    found = differences(of("a"), of("a", "b"), badges("a"), TODAY)
    assert (found.added, found.drops_from_met) == (("b",), True)


def test_row_34_names_follow_the_language() -> None:
    asked = pathway({"root": group("a")}, {"a": {**element("a"), "name": {"en": "Water", "fr": "Eau"}}})
    assert to_json(evaluate(asked, (), TODAY), "fr-CA")["nodes"][1]["name"] == "Eau"


def test_row_35_facilitation_has_four_values_and_another_is_refused() -> None:
    four = ("self-directed", "supervised", "lightly-facilitated", "fully-facilitated")
    assert [of_facilitation(one).elements["a"].facilitation for one in four] == list(four)
    with pytest.raises(DefinitionError, match="facilitation"):
        of_facilitation("guided")


def of_facilitation(value: str) -> Pathway:
    return pathway({"root": group("a")}, {"a": element("a", facilitation=value)})


def test_row_36_figures_at_two_dates() -> None:
    held = (badge("a"), badge("b", issued_on=date(2026, 6, 1), expires=date(2027, 1, 1)))
    filled = [evaluate(of("a", "b"), held, day).accepted.filled for day in (date(2026, 3, 1), TODAY, date(2027, 6, 1))]
    assert filled == [1, 2, 1]


def test_row_37_the_next_two_steps_are_small_and_concrete() -> None:
    elements = {name: element(name, hours=hours, url=HERE + name) for name, hours in (("a", 8), ("b", 2), ("c", 4))}
    steps = next_steps(evaluate(pathway({"root": group("a", "b", "c")}, elements), (), TODAY))[:2]
    assert [(step.hours, step.enrol) for step in steps] == [(2, HERE + "b"), (4, HERE + "c")]


def test_row_39_a_badge_older_than_the_pathway_allows_does_not_count() -> None:
    asked = of("a", accept={"max_age": "P5Y"})
    (use,) = evaluate(asked, (badge("a", issued_on=date(2020, 1, 1)),), TODAY).badges
    assert use.refused == "too-old"


@needs_examples
@pytest.mark.parametrize(
    ("name", "refused"), [("S12a", []), ("S12b", [("t", "ends-too-soon")]), ("S12c", [("t", "too-old")])]
)
def test_row_39_age_and_what_remains_of_it_decide_in_the_worked_cases(
    name: str, refused: list[tuple[str, str]]
) -> None:
    figures, found = worked(name)
    assert found == refused
    assert figures["filled"] == (0 if refused else 1)


def test_row_41_a_similar_badge_is_suggested_and_counts_only_once_accepted() -> None:
    skill = {"name": "Data", "framework": "Skills", "code": "DA-1"}
    table = {"a": {**element("a"), "competencies": [skill]}}
    alike = badge("q", alignments=(Alignment(target_framework="Skills", target_code="DA-1"),))
    found = evaluate(pathway({"root": group("a")}, table), (alike,), TODAY)
    assert found.accepted.filled == 0
    assert [(one.element, one.badge) for one in similar(found, (alike,))] == [("a", "b-q")]
    accepted = pathway({"root": group("a")}, table, equivalence=[{"achievements": [HERE + "a", HERE + "q"]}])
    assert evaluate(accepted, (alike,), TODAY).state == "met"


def test_row_42_one_element_and_nested_pathways_are_both_valid() -> None:
    assert of("a").root == "root"
    nested = pathway({"root": group("one"), "one": group("two"), "two": group("a")}, {"a": element("a")})
    assert evaluate(nested, badges("a"), TODAY).state == "met"


def test_row_45_a_facilitator_is_shown_or_not_stated() -> None:
    told, silent = (
        pathway({"root": group("a")}, {"a": element("a", **more)}) for more in ({"facilitator": "R. Lee"}, {})
    )
    shown = [card(None, [of_element(one, one.elements["a"])])[6].values for one in (told, silent)]
    assert shown == [("R. Lee",), ()]


@needs_examples
def test_row_46_hours_by_facilitation_add_up_to_those_of_the_elements() -> None:
    asked = example("instructional-skills")
    sums = hours_by_facilitation(asked)
    assert {degree: hours for degree, hours, _ in sums} == {
        "supervised": 7,
        "lightly-facilitated": 5,
        "fully-facilitated": 6,
        None: 0,
    }
    assert sum(hours for _, hours, _ in sums) == sum(one.hours or 0 for one in asked.elements.values())


def test_row_54_an_attested_element_has_its_own_mark_and_is_not_in_the_verified_figure() -> None:
    asked = pathway({"root": group("a")}, {"a": {"name": "Seen", "match": [{"attested": "advisor"}]}})
    word = Attested("a", "Avery", "advisor", "30 h", TODAY)
    found = evaluate(asked, (), TODAY, personal=Personal(attested=(word,)))
    assert (found.accepted.filled, found.verified.filled) == (1, 0)
    node = found.node("a")
    assert node.attested
    assert "verified" not in node.note


def test_row_56_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    held = badges("abc")
    answers = {json.dumps(to_json(evaluate(of(*"abc"), given, TODAY))) for given in (held, held[::-1])}
    assert len(answers) == 1


def test_row_58_two_sets_compare_hours_cost_and_missing() -> None:
    elements = {
        name: element(name, hours=hours, cost={"value": cost, "currency": "CAD"})
        for name, hours, cost in (("a", 3, 10), ("b", 5, 0))
    }
    found = what_if(pathway({"root": group("a", "b")}, elements), badges("a"), TODAY, add=badges("b"), drop=["b-a0"])
    for progress, hours, cost in ((found.before, 5, 0), (found.after, 3, 10)):
        assert (progress.accepted.missing, progress.hours_left.hours) == (1, hours)
        assert [one.value for one in cost_left(progress).sums] == [cost]


FULL = {
    **element("a", hours=6, facilitator="R. Lee", facilitation="supervised", outcomes=["Measure pH"]),
    "description": "A first course.",
    "criteria_url": "https://college.example/criteria",
    "offering": [{"begins": "2027-01-18", "ends": "2027-02-12"}],
}
KNOWN = ("Water", "by College", "on 1 May 2026")


@pytest.mark.parametrize(
    ("badge_says", "table", "many"),
    [
        (None, FULL, 8),
        (BadgeDetails(known=KNOWN), {k: v for k, v in FULL.items() if k not in ("outcomes", "description")}, 7),
        (BadgeDetails(outcomes=("DA-1",), criteria=("Pass the quiz.",), known=KNOWN), None, 3),
        (BadgeDetails(known=KNOWN), None, 1),
    ],
)
def test_row_64_the_card_has_eight_details_and_names_the_absent_ones(
    badge_says: BadgeDetails | None, table: dict | None, many: int
) -> None:
    elements = []
    if table is not None:
        asked = pathway({"root": group("a")}, {"a": table})
        elements = [of_element(asked, asked.elements["a"])]
    details = card(badge_says, elements)
    assert (len(details), stated(details)) == (8, many)
    assert all(detail.label for detail in details)
    assert all((detail.source is None) == (not detail.values) for detail in details)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (Commitment(hours=Fraction(4)), ("4 hours",)),
        (Commitment(hours=Fraction(1, 3), ects=Decimal("2.50")), ("0.33 hours", "2.5 ECTS")),
        (Commitment(credits=Decimal(1)), ("1 credit",)),
        (None, ("6 hours",)),
    ],
)
def test_row_64_the_time_that_a_badge_states_stands_beside_that_of_the_pathway(
    said: Commitment | None, values: tuple[str, ...]
) -> None:
    asked = pathway({"root": group("a")}, {"a": FULL})
    own = BadgeDetails(time=commitment_words(said))
    detail = card(own, [of_element(asked, asked.elements["a"])])[LABELS.index("Time commitment")]
    assert detail.values == tuple(dict.fromkeys((*values, "6 hours")))
    assert ("the badge" in (detail.source or "")) == (said is not None)


def test_row_68_the_licence_survives_toml_and_json() -> None:
    from wallet.pathways import json_form

    data = emit(
        {
            "format": "badge-pathway/1",
            "id": "urn:x",
            "name": "X",
            "version": "1",
            "license": "CC-BY-NC-4.0",
            "root": "root",
            "group": {"root": group("a")},
            "element": {"a": element("a")},
        }
    )
    as_json = json_form.dumps(json_form.tables(data))
    back = emit(json_form.tables(as_json))
    assert {definition.read(each, "x").license for each in (data, as_json, back)} == {"CC-BY-NC-4.0"}


def test_row_49_none_or_many_outcomes_are_remarked_and_never_failed() -> None:
    elements = {
        "none": element("a"),
        "two": element("b", outcomes=["Does this", "Does that"]),
        "skill": element("c", competencies=[{"name": "Soldering", "url": "https://skills.example/1"}]),
        "five": element("d", outcomes=[f"Does {number}" for number in range(5)]),
    }
    data = json.dumps(pathway_table({"root": group(*elements)}, elements)).encode()
    found = definition.check(data, "p.json", today=TODAY)
    assert [(problem.severity, problem.key) for problem in found] == [
        ("remark", "element.none"),
        ("remark", "element.five"),
    ]
    assert len(definition.read(data, "p.json").elements["five"].outcomes) == 5
