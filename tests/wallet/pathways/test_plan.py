"""Next steps, costs, the closest pathway, what-if, at risk and differences: the same figures, asked otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pathways import HERE, TODAY, badge, badges, element, group, instance, pathway
from wallet.pathways.model import Cost, Rule
from wallet.pathways.options import of_achievement
from wallet.pathways.personal import Attested, Excepted, Personal, Planned
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
from wallet.pathways.progress import evaluate

TWO = pathway({"root": group("a", "b")}, {"a": element("a"), "b": element("b")})
HELP = "https://college.example/help"
PUBLISHER = {"publisher": {"name": "College", "support_url": HELP}}


def test_next_steps_are_what_nothing_stands_before_the_shortest_first() -> None:
    elements = {
        "a": element("a", hours=6),
        "b": element("b", hours=2),
        "c": element("c"),
        "d": element("d", requires=["a"]),
    }
    steps = next_steps(evaluate(pathway({"root": group("a", "b", "c", "d")}, elements), (), TODAY))
    assert [step.element.id for step in steps] == ["b", "a", "c"]


def test_what_is_planned_comes_first() -> None:
    elements = {"a": element("a", hours=6), "b": element("b", hours=2)}
    personal = Personal(planned=(Planned("a", 1, TODAY),))
    steps = next_steps(evaluate(pathway({"root": group("a", "b")}, elements), (), TODAY, personal=personal))
    assert [(step.element.id, step.planned) for step in steps] == [("a", True), ("b", False)]


def test_a_link_is_the_offering_to_come_or_the_page_or_whom_to_ask() -> None:
    past = {"begins": str(TODAY - timedelta(days=50)), "ends": str(TODAY - timedelta(days=9)), "url": HERE + "past"}
    coming = {"begins": str(TODAY + timedelta(days=9)), "url": HERE + "soon"}
    elements = {
        "a": element("a", url=HERE + "page", offering=[past, coming]),
        "b": element("b", url=HERE + "page", offering=[past]),
        "c": element("c"),
    }
    steps = next_steps(evaluate(pathway({"root": group("a", "b", "c")}, elements, **PUBLISHER), (), TODAY))
    assert [(step.enrol, step.ask) for step in steps] == [
        (HERE + "soon", HELP),
        (HERE + "page", HELP),
        (None, HELP),
    ]


def test_filters_leave_out_what_says_otherwise_and_keep_what_says_nothing() -> None:
    elements = {
        "a": element("a", delivery="in-person", hours=3),
        "b": element("b", delivery="online", hours=9),
        "c": element("c", delivery="blended", hours=2),
        "d": element("d"),
    }
    found = evaluate(pathway({"root": group("a", "b", "c", "d")}, elements), (), TODAY)
    assert [step.element.id for step in next_steps(found, delivery="online")] == ["c", "b", "d"]
    assert [step.element.id for step in next_steps(found, max_hours=Decimal(4))] == ["c", "a", "d"]


def test_costs_add_up_by_currency_and_an_unknown_one_makes_it_at_least() -> None:
    def priced(letter: str, value: float, currency: str = "CAD"):
        return element(letter, cost={"value": value, "currency": currency})

    known = pathway({"root": group("a", "b")}, {"a": priced("a", 49.5), "b": priced("b", 20)})
    assert cost_left(evaluate(known, (), TODAY)).sums == (Cost(Decimal("69.5"), "CAD"),)
    assert not cost_left(evaluate(known, (), TODAY)).at_least
    unknown = pathway(
        {"root": group("a", "b", "c")}, {"a": priced("a", 9), "b": priced("b", 1, "EUR"), "c": element("c")}
    )
    left = cost_left(evaluate(unknown, (), TODAY))
    assert ([one.currency for one in left.sums], left.at_least) == (["CAD", "EUR"], True)


def test_the_closest_pathway_has_fewest_missing_then_fewest_hours() -> None:
    def named(name: str, *letters: str, hours: int):
        elements = {letter: element(letter, hours=hours) for letter in letters}
        return pathway({"root": group(*letters)}, elements, id=f"urn:{name}")

    asked = [named("far", "a", "b", "c", hours=1), named("slow", "a", "d", hours=9), named("quick", "a", "e", hours=2)]
    progresses = [evaluate(one, badges("a"), TODAY) for one in (*asked, named("none", "x", hours=1))]
    assert [one.pathway.id for one in closest(progresses)] == ["urn:quick", "urn:slow", "urn:far"]


def test_what_if_shows_both_and_what_differs() -> None:
    found = what_if(TWO, badges("a"), TODAY, add=[of_achievement(HERE + "b", TODAY)])
    assert (found.before.accepted.filled, found.after.accepted.filled) == (1, 2)
    assert [(one.id, one.before.state, one.after.state) for one in found.changed] == [
        ("root", "in-progress", "met"),
        ("b", "open", "met"),
    ]
    dropped = what_if(TWO, badges("a"), TODAY, drop=["b-a0"])
    assert dropped.after.accepted.filled == 0
    later = what_if(TWO, (badge("a", expires=date(2027, 1, 1)),), TODAY, then=date(2027, 1, 1))
    assert later.after.accepted.filled == 0


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_adding_and_dropping_the_same_badge_changes_nothing(seed: int) -> None:
    groups, elements, held = instance(seed)
    more = badge("a", id="more")
    found = what_if(pathway(groups, elements), (*badges(held), more), TODAY, add=[more], drop=["more"])
    assert (found.before.accepted, found.changed) == (found.after.accepted, ())


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_verified_never_has_fewer_missing_than_accepted_and_accepted_than_planned(seed: int) -> None:
    groups, elements, held = instance(seed)
    asked = pathway(groups, elements)
    candidates = [
        badge(letter, id=f"b-{number}", status=("verified", "unverified")[number % 2])
        for number, letter in enumerate(held)
    ]
    personal = Personal(planned=(Planned(sorted(elements)[0], 1, TODAY),))
    found = evaluate(asked, candidates, TODAY, personal=personal)
    strict = any(table.get("ordered") == "strict" and table.get("exclusive") for table in groups.values())
    if not strict:
        assert found.verified.missing >= found.accepted.missing >= found.planned.missing


def test_a_ticket_that_ends_names_the_place_and_the_group_that_it_breaks() -> None:
    ticket = badge("a", expires=TODAY + timedelta(days=60))
    found = at_risk(TWO, (ticket, badge("b")), TODAY)
    assert [(lost.element, lost.places) for lost in found.lost] == [("a", 1)]
    assert [(one.badge, one.ends) for one in found.lost[0].endings] == [("b-a", TODAY + timedelta(days=60))]
    assert found.broken == ("root",)
    assert at_risk(TWO, (ticket, badge("b")), TODAY, days=59).lost == ()


def test_a_badge_that_ends_breaks_nothing_where_another_can_take_its_place() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a", "b")})
    found = at_risk(asked, (badge("a", expires=TODAY + timedelta(days=9)), badge("b", status="unverified")), TODAY)
    assert (found.lost, [one.badge for one in found.endings]) == ((), ["b-a"])


def test_an_attestation_that_ends_is_a_place_lost() -> None:
    asked = pathway({"root": group("a")}, {"a": {"name": "Seen", "match": [{"attested": "advisor"}]}})
    word = Attested("a", "Avery", "advisor", "", TODAY, TODAY + timedelta(days=5))
    assert [one.element for one in at_risk(asked, (), TODAY, personal=Personal(attested=(word,))).lost] == ["a"]


SOON = TODAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("kind", "place", "more", "places"),
    [
        ("also-allow", "a", {"rule": Rule(achievement=HERE + "z")}, 1),
        ("substitute", "a", {"badge": "b-z"}, 1),
        ("force-complete", "a", {}, 2),
        ("change-count", "a", {"count": 1}, 1),
        ("force-complete", "root", {}, 2),
        ("change-count", "choice", {"count": 1}, 1),
    ],
)
def test_what_rests_on_an_exception_that_ends_is_at_risk(kind: str, place: str, more: dict, places: int) -> None:
    held = {
        ("change-count", "a"): badges("a"),
        ("change-count", "choice"): badges("b"),
        ("also-allow", "a"): (badge("z"), badge("a")),
        ("substitute", "a"): (badge("z"), badge("a")),
    }.get((kind, place), ())
    asked = pathway(
        {"root": group("a"), "choice": group("b", "c")},
        {"a": element("a", count=2), "b": element("b"), "c": element("c")},
    )
    asked = replace(asked, root="choice") if place == "choice" else asked
    word = Excepted(place, kind, "Avery", "so agreed", TODAY, SOON, **more)
    found = at_risk(asked, held, TODAY, personal=Personal(excepted=(word,)))
    assert [(one.element, one.places) for one in found.lost] == [(place, places)]
    (ends,) = found.lost[0].endings
    assert (ends.badge, ends.record, ends.ends) == (None, "exception", SOON)
    assert "Avery" in ends.note
    assert found.broken == (asked.root,)
    assert found.endings == (ends,)
    assert at_risk(asked, held, TODAY, days=5, personal=Personal(excepted=(word,))).lost == ()


def test_an_exception_that_ends_breaks_nothing_where_a_badge_fills_the_place() -> None:
    word = Excepted("a", "also-allow", "Avery", "so agreed", TODAY, SOON, rule=Rule(achievement=HERE + "z"))
    found = at_risk(TWO, badges("ab"), TODAY, personal=Personal(excepted=(word,)))
    assert (found.lost, [one.record for one in found.endings]) == ((), ["exception"])


def test_differences_name_what_is_new_and_who_drops_from_met() -> None:
    newer = pathway({"root": group("a", "b", "c")}, {"a": element("a"), "b": element("b", hours=3), "c": element("c")})
    found = differences(TWO, newer, badges("ab"), TODAY)
    assert (found.added, found.removed, found.altered) == (("c",), (), ("root", "b"))
    assert found.drops_from_met


def test_badges_that_no_pathway_asks_for_stand_alone_once() -> None:
    held = (*badges("a"), badge("z", name="Knots"), badge("y", name="Bread"))
    other = pathway({"root": group("b")}, {"b": element("b")})
    progresses = [evaluate(one, held, TODAY) for one in (TWO, other)]
    assert [one.name for one in stand_alone(held, progresses)] == ["Bread", "Knots"]


def test_hours_are_added_up_by_facilitation() -> None:
    asked = pathway(
        {"root": group("a", "b", "c", "d")},
        {
            "a": element("a", hours=3, facilitation="supervised"),
            "b": element("b", hours=4, facilitation="supervised"),
            "c": element("c", facilitation="fully-facilitated"),
            "d": element("d", hours=1.5),
        },
    )
    assert hours_by_facilitation(asked) == (
        ("supervised", Decimal(7), False),
        ("fully-facilitated", Decimal(0), True),
        (None, Decimal("1.5"), False),
    )
