"""What-if by elements: what would fill them is worked out, and what that takes is added up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.pathways import TODAY, badges, element, group, pathway
from tests.support.wallets import NOW, later, open_wallet
from wallet.errors import UsageError
from wallet.pathways.options import for_rules
from wallet.pathways.personal import Personal, Planned, from_records
from wallet.pathways.plan import what_if
from wallet.pathways.progress import evaluate
from wallet.pathways.saying import attestation, exception, roles
from wallet.pathways.scenario import Scenario, of_finish, of_plans, play, proven_places, to_tick
from wallet.pathways.shortest import shortest


def test_ticked_elements_are_filled_and_what_they_take_is_added_up() -> None:
    cost = {"value": 10, "currency": "CAD"}
    asked = pathway(
        {"root": group("a", "b", "c")},
        {"a": element("a"), "b": element("b", hours=4, cost=cost), "c": element("c", hours=3.5)},
    )
    found = play(asked, badges("a"), TODAY, Scenario((("b", 1),)))
    assert (found.progress.accepted.filled, found.hours.hours, found.hours.at_least) == (2, Decimal(4), False)
    assert [str(one.value) for one in found.cost.sums] == ["10"]
    both = play(asked, badges("a"), TODAY, Scenario((("b", 1), ("c", 1))))
    assert both.progress.accepted.met
    assert both.weeks(Fraction(3)) == 3
    assert both.cost.at_least


def test_a_tick_is_what_the_command_adds() -> None:
    asked = pathway({"root": group("a", "b", exclusive=True)}, {"a": element("a", "x"), "b": element("b", "a")})
    made = for_rules(asked, asked.elements["b"], TODAY, "new:b:0")
    assert made is not None
    added = what_if(asked, badges("a"), TODAY, add=[made]).after
    ticked = play(asked, badges("a"), TODAY, Scenario((("b", 1),))).progress
    assert (ticked.accepted, ticked.hours_left, ticked.state) == (added.accepted, added.hours_left, added.state)


def test_two_sets_differ_and_an_empty_one_is_what_is() -> None:
    asked = pathway({"root": group("a", "b", need=1)}, {"a": element("a"), "b": element("b")})
    held = badges("a")
    assert play(asked, held, TODAY, Scenario()).progress == evaluate(asked, held, TODAY)
    dropped = Scenario().turned(held[0].id)
    assert not play(asked, held, TODAY, dropped).progress.accepted.met
    assert play(asked, held, TODAY, dropped.ticked("b", 1)).progress.accepted.met
    assert dropped.turned(held[0].id) == Scenario()
    assert Scenario().ticked("b", 1).ticked("b", 0) == Scenario()


def test_several_places_of_one_element_take_different_badges() -> None:
    asked = pathway({"root": group("many")}, {"many": element("a", "b", "c", count=3)})
    found = play(asked, badges("a"), TODAY, Scenario((("many", 2),)))
    assert found.progress.accepted.filled == 3
    again = pathway({"root": group("many")}, {"many": element("a", count=3, repeatable=True)})
    assert play(again, badges("a"), TODAY, Scenario((("many", 2),))).progress.accepted.filled == 3


def test_ticks_make_room_for_one_another_where_a_badge_counts_once() -> None:
    groups = {"root": group("either", "one", exclusive=True)}
    asked = pathway(groups, {"either": element("x", "y"), "one": element("x")})
    assert play(asked, (), TODAY, Scenario((("either", 1), ("one", 1)))).progress.accepted.met


def test_the_shortest_finish_becomes_a_set_that_is_complete() -> None:
    elements = {"many": element("a", "b", count=2), "both": element("b", "c", hours=2), "c": element("d", "c")}
    asked = pathway({"root": group("many", "both", "c")}, elements)
    finish = shortest(asked, (), TODAY)
    found = play(asked, (), TODAY, of_finish(finish))
    assert found.progress.accepted.met
    assert sum(found.scenario.counts.values()) == len(finish.steps)


def test_an_element_that_asks_for_a_word_is_filled_by_one() -> None:
    asked = pathway({"root": group("hours")}, {"hours": {"name": "Hours", "match": [{"attested": "advisor"}]}})
    found = play(asked, (), TODAY, Scenario((("hours", 1),)))
    assert found.progress.accepted.met
    assert found.progress.verified.filled == 0


def test_elements_that_are_not_there_any_more_are_passed_over_and_open_ones_are_listed_once() -> None:
    groups = {"root": group("x", "y"), "x": group("a", "b"), "y": group("b")}
    asked = pathway(groups, {"a": element("a"), "b": element("b")})
    found = play(asked, badges("a"), TODAY, Scenario((("gone", 1),)))
    assert found.hours.hours == 0
    assert [node.id for node in to_tick(found.progress)] == ["b"]


def test_proven_places_of_the_root_are_the_verified_figure() -> None:
    groups = {"root": group("x", "c"), "x": group("a", "b")}
    asked = pathway(groups, {name: element(name) for name in "abc"})
    held = (*badges("a"), *(one for one in badges("xb")[1:]))
    weak = tuple(
        type(one)(one.id, one.achievement_id, one.issuer_id, one.name, issued_on=one.issued_on) for one in held[1:]
    )
    found = evaluate(asked, (held[0], *weak), TODAY)
    places = proven_places(asked, (held[0], *weak), TODAY)
    assert (found.accepted.filled, found.verified.filled) == (2, 1)
    assert places[("root",)] == found.verified.filled
    assert places[("root", "x")] == 1


def test_a_plan_is_kept_in_one_change_and_undone_in_one(tmp_path: Path) -> None:
    asked = pathway({"root": group("a", "b", "c")}, {name: element(name) for name in "abc"})
    with open_wallet(tmp_path) as wallet:
        assert wallet.plan_places(asked.id, {"a": 1, "b": 1}, now=NOW) == 2
        assert wallet.plan_places(asked.id, {"a": 1, "b": 1}, now=NOW) == 0
        assert wallet.plan_places(asked.id, {"b": 1, "c": 2}, now=later(days=1)) == 2
        planned = from_records(wallet.said_of_places(asked.id), asked)
        assert of_plans(planned) == Scenario((("b", 1), ("c", 2)))
        assert wallet.history()[0].summary == "changing the plan for 2 places"
        wallet.undo(now=later(days=2))
        planned = from_records(wallet.said_of_places(asked.id), asked)
        assert planned == Personal(tuple(Planned(name, 1, NOW.date()) for name in "ab"))


def test_what_a_record_must_say_is_judged_in_one_place() -> None:
    asked = pathway(
        {"root": group("a", "seen")}, {"a": element("a"), "seen": {"name": "Seen", "match": [{"attested": "advisor"}]}}
    )
    assert roles(asked, "seen") == ("advisor",)
    assert roles(asked, "a") == roles(asked, "root") == ()
    about = attestation(asked, "seen", who=" A ", role=None, reason="Saw it", day=TODAY, evidence="https://w.example")
    assert (about["who"], about["role"], about["work_evidence"]) == ("A", "advisor", "https://w.example")
    made = exception(asked, "a", "also-allow", who="A", reason="B", at=TODAY, allow=["issuer = https://i.example"])
    assert made["rule"] == {"issuer": "https://i.example"}
    for kind, more in (
        ("also-allow", {"allow": ["name=X"]}),
        ("change-count", {}),
        ("substitute", {}),
        ("nothing", {}),
    ):
        with pytest.raises(UsageError):
            exception(asked, "a", kind, who="A", reason="B", at=TODAY, **more)
    with pytest.raises(UsageError, match="who"):
        attestation(asked, "seen", who="x" * 3_000, role=None, reason="B", day=TODAY)
