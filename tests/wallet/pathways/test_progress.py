"""States, reasons, what is missing, how long it takes, and the JSON shape."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.support.pathways import HERE, TODAY, badge, badges, element, group, pathway
from wallet.limits import LIMITS
from wallet.pathways.candidates import Candidate
from wallet.pathways.model import Credit, Pathway
from wallet.pathways.progress import BadgeUse, Progress, evaluate, to_json

ECTS = {"credit_units": {"ects": {"name": "ECTS", "hours": 27}, "point": {"name": "Point", "hours": 13.5}}}


def progress(asked: Pathway, *held: Candidate, at: date = TODAY, **more: str) -> Progress:
    return evaluate(asked, held, at, **more)


def state(found: Progress, name: str) -> tuple[str, str]:
    node = found.node(name)
    assert node is not None
    return node.state, node.note


def use(found: Progress, name: str) -> BadgeUse:
    (one,) = [one for one in found.badges if one.id == name]
    return one


TWO = pathway({"root": group("a", "b")}, {"a": element("a"), "b": element("b")})


def test_a_held_badge_that_does_not_count_says_why() -> None:
    found = progress(TWO, badge("a"), badge("b", expires=date(2026, 10, 1)))
    assert state(found, "a") == ("met", "")
    assert state(found, "b") == ("refused", "Badge b would count but: expired 2026-10-01")
    assert (use(found, "b-b").place, use(found, "b-b").refused) == ("b", "expired")
    (spot,) = found.missing
    assert (spot.elements, [one.id for one in spot.near]) == (("b",), ["b-b"])


def test_a_badge_nobody_asks_for_is_told_and_not_dropped() -> None:
    line = use(progress(TWO, badge("q")), "b-q")
    assert (line.place, line.counts, line.nearly) == (None, False, False)
    assert "nothing in this pathway" in line.note


def test_a_badge_that_counts_names_its_rule_and_strength() -> None:
    line = use(progress(TWO, badge("a")), "b-a")
    assert (line.counts, line.strength) == (True, "achievement")
    assert line.rule is not None and line.rule.achievement == HERE + "a"


def test_of_two_badges_of_one_achievement_the_better_proven_is_shown() -> None:
    found = progress(TWO, badge("a", id="1", status="unverified"), badge("a", id="2"))
    node = found.node("a")
    assert node is not None and node.by == ("2",)
    assert use(found, "1").refused == "same-achievement"


def test_the_badge_that_lasts_longest_is_shown() -> None:
    found = progress(TWO, badge("a", id="1", expires=date(2027, 1, 1)), badge("a", id="2", expires=date(2028, 1, 1)))
    node = found.node("a")
    assert node is not None and node.by == ("2",)


def test_a_full_element_says_that_it_has_all_it_needs() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a", "b")})
    found = progress(asked, badge("a", issued_on=date(2026, 2, 1)), badge("b"))
    assert (use(found, "b-b").counts, use(found, "b-a").refused) == (True, "not-needed")


def test_an_unmet_requirement_is_advice_and_never_uncounts_a_badge() -> None:
    asked = pathway({"root": group("a", "b")}, {"a": element("a"), "b": element("b", requires=["a"])})
    assert state(progress(asked), "b") == ("blocked", "first a")
    found = progress(asked, badge("b"))
    assert state(found, "b") == ("met", "advised after a")
    assert found.accepted.filled == 1
    assert progress(asked).missing[1].after == ("a",)


def test_a_stage_behind_an_unmet_one_is_blocked_and_its_badge_out_of_order() -> None:
    asked = pathway(
        {"root": group("one", "two", ordered="strict"), "one": group("a"), "two": group("b")},
        {"a": element("a"), "b": element("b")},
    )
    found = progress(asked, badge("b"))
    assert (found.state, state(found, "two")[0], state(found, "b")[0]) == ("not-started", "blocked", "blocked")
    assert use(found, "b-b").refused == "out-of-order"
    assert progress(asked, badge("a"), badge("b")).state == "met"


def test_all_parts_without_the_award_is_eligible_and_with_it_met() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a")}, award=[{"achievement": HERE + "done"}])
    assert progress(asked, badge("a")).state == "eligible"
    assert progress(asked, badge("a"), badge("done")).state == "met"
    found = progress(asked, badge("done"))
    assert (found.state, found.accepted.filled) == ("not-started", 0)
    assert "award held" in state(found, "root")[1]


def test_an_award_with_shortcut_stands_for_its_group_and_claims_no_part() -> None:
    asked = pathway({"root": group("a", "b")}, TWO_ELEMENTS, award=[{"achievement": HERE + "done"}], shortcut=True)
    found = progress(asked, badge("a"), badge("done"))
    root, part = found.node("root"), found.node("b")
    assert root is not None and part is not None
    assert (root.state, root.by_award, root.by, root.filled) == ("met", True, ("b-done",), 2)
    assert (part.state, part.by, found.missing) == ("open", (), ())
    assert "stands for it" in use(found, "b-done").note


TWO_ELEMENTS = {"a": element("a"), "b": element("b")}


def test_a_revoked_award_stands_for_nothing() -> None:
    asked = pathway({"root": group("a", "b")}, TWO_ELEMENTS, award=[{"achievement": HERE + "done"}], shortcut=True)
    assert progress(asked, badge("done", revoked=True)).accepted.filled == 0


def test_an_award_is_not_its_own_part_but_may_be_part_of_another_group() -> None:
    anything = {"name": "Any", "match": [{"issuer": "https://badges.college.example/issuer"}]}
    groups = {"root": group("one", "two"), "one": group("a", award=[{"achievement": HERE + "x"}]), "two": group("b")}
    found = progress(pathway(groups, {"a": anything, "b": anything}), badge("x"))
    assert (state(found, "a")[0], state(found, "b")[0]) == ("open", "met")
    assert {line.refused for line in found.badges} == {"own-award", None}


def test_in_an_exclusive_group_a_badge_used_elsewhere_says_so() -> None:
    asked = pathway({"root": group("a", "b", exclusive=True)}, {"a": element("a"), "b": element("a", count=2)})
    found = progress(asked, badge("a"))
    assert found.accepted.filled == 1
    assert sorted(str(line.refused) for line in found.badges) == ["None", "used-elsewhere"]


def test_optional_children_are_shown_and_never_counted() -> None:
    asked = pathway({"root": group("a", "b", optional=["b"])}, TWO_ELEMENTS)
    found = progress(asked, badge("b"))
    node = found.node("b")
    assert node is not None and node.optional and node.state == "met"
    assert (found.accepted.required, found.accepted.filled, found.state) == (1, 0, "not-started")


def test_in_an_exclusive_group_an_optional_place_takes_only_what_is_left() -> None:
    asked = pathway(
        {"root": group("b", "a", optional=["b"], exclusive=True)}, {"a": element("x"), "b": element("x", "y")}
    )
    assert state(progress(asked, badge("x")), "a")[0] == "met"
    assert state(progress(asked, badge("x")), "b")[0] == "open"
    assert state(progress(asked, badge("x"), badge("y")), "b")[0] == "met"


def test_any_of_several_lists_the_choice_that_is_left() -> None:
    asked = pathway({"root": group("a", "b", "c", need=2)}, {**TWO_ELEMENTS, "c": element("c")})
    found = progress(asked, badge("a"))
    (spot,) = found.missing
    assert (spot.places, spot.elements) == (1, ("b", "c"))
    assert state(found, "root") == ("in-progress", "any 2 of 3")


def test_hours_left_add_up_and_say_when_they_are_at_least() -> None:
    hours = {"a": element("a", hours=3), "b": element("b", hours=4.5), "c": element("c", hours=10)}
    all_three = progress(pathway({"root": group("a", "b", "c")}, hours), badge("a")).hours_left
    assert (all_three.hours, all_three.at_least) == (Decimal("14.5"), False)
    choice = progress(pathway({"root": group("a", "b", "c", need=1)}, hours)).hours_left
    assert (choice.hours, choice.at_least) == (Decimal(3), True)
    unknown = progress(pathway({"root": group("a", "b")}, {**hours, "b": element("b")})).hours_left
    assert (unknown.hours, unknown.at_least) == (Decimal(3), True)
    assert progress(TWO, badge("a"), badge("b")).hours_left.hours == 0


def test_hours_and_credits_of_a_group_are_added_once_for_each_badge() -> None:
    need = {"credits": 3, "unit": "ects", "hours": 10}
    asked = pathway({"root": group("a", need=need)}, {"a": element("a", "b", count=5, hours=6)}, **ECTS)
    found = progress(
        asked, badge("a", credit=Credit(Decimal(1), "ects")), badge("b", credit=Credit(Decimal(2), "point"))
    )
    assert state(found, "root") == ("in-progress", "10 of 10 h; 2 of 3 ects (converted)")
    assert (found.accepted.required, found.accepted.filled) == (2, 1)
    (spot,) = found.missing
    assert [(one.unit, one.needed - one.reached) for one in spot.short] == [("ects", 1)]
    assert found.hours_left.hours == 27


def test_a_sum_with_an_unknown_part_reads_at_least() -> None:
    asked = pathway({"root": group("a", need={"hours": 10})}, {"a": element("a", "b", count=5)})
    found = progress(asked, badge("a", hours=Decimal(4)), badge("b"))
    assert state(found, "root") == ("in-progress", "at least 4 of 10 h")


def test_what_a_badge_states_goes_before_what_the_element_says_and_thirds_of_an_hour_make_one() -> None:
    need = {"hours": 1}
    asked = pathway({"root": group("a", need=need)}, {"a": element("a", "b", "c", count=3, hours=0.1)})
    assert state(progress(asked, *badges("abc")), "root")[1] == "0.3 of 1 h"
    thirds = [badge(letter, hours=Fraction(1, 3)) for letter in "abc"]
    assert state(progress(asked, *thirds), "root") == ("met", "1 of 1 h")
    assert state(progress(asked, *thirds[:2], badge("c")), "root")[0] == "in-progress"


def test_a_badge_says_ects_and_each_pathway_has_its_own_id_for_that_unit() -> None:
    said = badge("a", credit=Credit(Decimal(2), "ects"))
    for units, note in [
        ({"ects": {"name": "Credit"}}, "2 of 3 ects"),
        ({"ec": {"name": {"nl": "ECTS-punt", "en": "ECTS credit"}}}, "2 of 3 ec"),
        ({"point": {"name": "Point"}}, "1 of 3 point"),  # no such unit: what the element says
    ]:
        (unit,) = units
        table = element("a", credit={"value": 1, "unit": unit})
        asked = pathway({"root": group("a", need={"credits": 3, "unit": unit})}, {"a": table}, credit_units=units)
        assert state(progress(asked, said), "root")[1] == note


def test_credits_in_units_that_do_not_convert_are_unknown() -> None:
    units = {"credit_units": {"ects": {"name": "ECTS"}, "point": {"name": "Point", "hours": 3}}}
    asked = pathway({"root": group("a", need={"credits": 1, "unit": "ects"})}, {"a": element("a")}, **units)
    found = progress(asked, badge("a", credit=Credit(Decimal(9), "point")))
    assert found.accepted.filled == 0
    assert found.hours_left.at_least


def test_a_search_that_is_cut_off_answers_with_an_interval_and_never_with_met() -> None:
    pools = {f"p{index}": element(*"abcdefgh", count=8) for index in range(3)}
    groups = {f"g{index}": group(f"p{index}", need={"hours": 10}) for index in range(3)}
    asked = pathway({"root": group(*groups, exclusive=True), **groups}, pools)
    worth = [7, 7, 7, 3, 3, 2, 1, 5]
    held = tuple(badge(letter, hours=Decimal(hours)) for letter, hours in zip("abcdefgh", worth, strict=True))
    exact = evaluate(asked, held, TODAY)
    assert exact.accepted.exact and exact.accepted.met
    cut = evaluate(asked, held, TODAY, limits=replace(LIMITS, pathway_states=1)).accepted
    assert cut.least_missing <= exact.accepted.missing <= cut.missing
    if not cut.met:
        assert not cut.exact and cut.most_percent == 100


def test_choices_past_the_cap_on_flows_give_an_interval() -> None:
    elements = {
        f"e{group_}-{index}": element("abcdefghij"[group_ * 2 + index], count=2)
        for group_ in range(5)
        for index in range(2)
    }
    groups = {f"g{number}": group(f"e{number}-0", f"e{number}-1", need=1) for number in range(5)}
    asked = pathway({"root": group(*groups, exclusive=True), **groups}, elements)
    held = badges("bdfhj")
    full = evaluate(asked, held, TODAY).accepted
    cut = evaluate(asked, held, TODAY, limits=replace(LIMITS, pathway_flows=1)).accepted
    assert (full.exact, full.missing) == (True, 5)
    assert cut.least_missing <= full.missing <= cut.missing
    assert not cut.exact
    document = to_json(evaluate(asked, held, TODAY, limits=replace(LIMITS, pathway_flows=1)))
    assert document["figures"]["accepted"]["missing"] == [cut.least_missing, cut.missing]
    assert document["figures"]["accepted"]["exact"] is False


def test_an_attested_element_waits_for_a_record_and_no_badge_fills_it() -> None:
    asked = pathway({"root": group("a")}, {"a": {"name": "Note", "match": [{"attested": "advisor"}]}})
    found = progress(asked, badge("a"))
    assert found.accepted.filled == 0
    assert state(found, "a") == ("open", "filled by a record of your advisor, not by a badge")


def test_repeatable_elements_take_several_badges_of_one_achievement() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a", count=3, repeatable=True)})
    found = progress(asked, *badges("aa"))
    assert (found.accepted.filled, state(found, "a")[1]) == (2, "1 badge to go")


def test_a_child_of_two_groups_counts_in_both() -> None:
    groups = {"root": group("one", "two"), "one": group("a"), "two": group("a", "b")}
    found = progress(pathway(groups, TWO_ELEMENTS), badge("a"))
    assert (found.accepted.required, found.accepted.filled) == (3, 2)
    assert len([node for node in found.nodes if node.id == "a"]) == 2


def test_names_in_notes_follow_the_language() -> None:
    elements = {"a": {**element("a"), "name": {"en": "Water", "fr": "Eau"}}, "b": element("b", requires=["a"])}
    asked = pathway({"root": group("a", "b")}, elements)
    assert state(progress(asked, language="fr"), "b")[1] == "first Eau"
    assert to_json(progress(asked), "fr")["nodes"][1]["name"] == "Eau"


def test_foreign_names_in_notes_are_harmless() -> None:
    found = progress(TWO, badge("a", name="\x1b[31mred", revoked=True))
    assert "\x1b" not in state(found, "a")[1]


def test_the_json_document_has_the_documented_shape() -> None:
    document = to_json(progress(TWO, badge("a"), badge("b", revoked=True)))
    assert document["format"] == "badgefolio-progress/1"
    assert document["pathway"] == {"id": "urn:test:pathway", "name": "A pathway", "version": "1", "sha256": TWO.sha256}
    exact = {"required": 2, "filled": 1, "missing": 1, "percent": 50, "exact": True}
    assert document["figures"] == {"verified": exact, "accepted": exact, "planned": exact}
    assert document["nodes"][1] == {
        "id": "a",
        "parent": "root",
        "kind": "element",
        "name": "a",
        "state": "met",
        "required": 1,
        "filled": 1,
        "by": ["b-a"],
        "note": "",
        "optional": False,
        "in_plan": True,
        "attested": False,
        "forced": False,
        "planned": 0,
    }
    assert document["without_exceptions"] is None
    assert document["badges"][1]["refused"] == "revoked"
    assert document["missing"][0]["near"] == ["b-b"]
    assert json.loads(json.dumps(document)) == document


def test_a_credential_that_fails_leaves_the_place_to_another_of_its_achievement() -> None:
    found = progress(TWO, badge("a", id="1", revoked=True), badge("a", id="2", status="unverified"))
    node = found.node("a")
    assert node is not None and (node.state, node.by) == ("met", ("2",))
    assert (use(found, "1").refused, use(found, "2").counts) == ("revoked", True)
    assert (found.verified.filled, found.accepted.filled) == (0, 1)


def test_stages_that_add_up_hours_must_be_complete_before_the_next_one_counts() -> None:
    groups = {
        "root": group("one", "two", ordered="strict", exclusive=True),
        "one": group("a", need={"hours": 6, "count": 1}),
        "two": group("b"),
    }
    asked = pathway(groups, {"a": element("a", "b", count=3, hours=5), "b": element("b", "c")})
    found = progress(asked, badge("a"), badge("b"))
    assert (found.accepted.filled, found.accepted.required) == (2, 3)
    assert state(found, "two")[0] == "not-started"
    assert progress(asked, *badges("abc")).state == "met"
    short = progress(asked, badge("a"), badge("c"))
    assert (short.accepted.filled, state(short, "two")[0]) == (1, "blocked")


def test_hours_compete_with_other_places_for_a_badge_and_the_best_split_is_found() -> None:
    groups = {"root": group("pool", "core", exclusive=True), "pool": group("p", need={"hours": 8}), "core": group("a")}
    elements = {"p": element("a", "b", "c", count=2), "a": element("a", "b")}
    held = [badge(letter, hours=Decimal(hours)) for letter, hours in (("a", 6), ("b", 5), ("c", 2))]
    found = progress(pathway(groups, elements), *held)
    assert found.state == "met"
    core, pool = found.node("a"), found.node("p")
    assert core is not None and pool is not None
    assert (core.by, sorted(pool.by)) == (("b-b",), ["b-a", "b-c"])


def test_repeatable_and_reused_badges_add_their_hours_too() -> None:
    asked = pathway(
        {"root": group("a", "b", need={"hours": 12})},
        {"a": element("a", count=2, repeatable=True, hours=3), "b": element("a", hours=6, reuse=True)},
    )
    assert progress(asked, *badges("aa")).state == "met"
    assert progress(asked, badge("a")).accepted.filled == 0


def test_blocked_groups_without_strict_order_name_what_comes_first() -> None:
    groups = {"root": group("one", "two"), "one": group("a"), "two": group("b", requires=["one"])}
    found = progress(pathway(groups, TWO_ELEMENTS))
    assert state(found, "two") == ("blocked", "first A group")
    assert [spot.group for spot in found.missing] == ["one", "two"]
