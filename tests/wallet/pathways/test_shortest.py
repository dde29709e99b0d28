"""The shortest way to finish: against trying every set, and for what one badge can do in several places."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.pathways import HERE, TODAY, badge, badges, element, group, instance, pathway
from wallet.pathways.counting import count
from wallet.pathways.model import Pathway
from wallet.pathways.shortest import MEASURES, Finish, shortest


def letters(found: Finish) -> list[str]:
    return sorted(one.removeprefix(HERE) for one in found.achievements)


def by_trying(asked: Pathway, held: str, hours: dict[str, int], by: str) -> tuple[int, ...] | None:
    """The least cost over every set of letters that are not held."""
    best: tuple[int, ...] | None = None
    unheld = [letter for letter in "abcde" if letter not in held]
    for size in range(len(unheld) + 1):
        for chosen in combinations(unheld, size):
            if count(asked, (*badges(held), *(badge(letter) for letter in chosen)), TODAY).root.missing == 0:
                total = sum(hours[letter] for letter in chosen)
                cost = (size, total) if by == "badges" else (total, size)
                best = min(best, cost) if best is not None else cost
    return best


@example(1903, "badges", [1, 1, 1, 1, 1])
@given(st.integers(0, 2**32), st.sampled_from(["badges", "hours"]), st.lists(st.integers(1, 9), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_set_of_badges_is_shorter(seed: int, by: str, each: list[int]) -> None:
    hours = dict(zip("abcde", each, strict=True))
    groups, elements, held = instance(seed, exclusive=seed % 2 == 0)
    for table in elements.values():
        # One letter for each element, so that the hours of a letter are those of its element.
        table["match"] = table["match"][:1]  # type: ignore[index]
        letter = table["match"][0]["achievement"].removeprefix(HERE)
        table.update(hours=hours[letter], repeatable=False, count=1)
    for table in groups.values():
        if isinstance(table.get("need"), dict):
            del table["need"]
        table.pop("award", None)
        table.pop("shortcut", None)
    asked = pathway(groups, elements)
    best, found = by_trying(asked, held, hours, by), shortest(asked, badges(held), TODAY, by=by)
    if best is None:
        assert found.missing > 0
        return
    assert (found.exact, found.missing) == (True, 0)
    cost = (len(found.steps), int(found.hours))
    assert (cost if by == "badges" else cost[::-1]) == best


def test_nothing_is_left_to_do_when_all_is_met() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a")})
    found = shortest(asked, badges("a"), TODAY)
    assert (found.steps, found.exact, found.missing) == ((), True, 0)


def test_one_badge_that_lets_held_ones_count_in_strict_order_is_enough() -> None:
    groups = {
        "root": group("a", "stages", "either"),
        "stages": group("first", "then", ordered="strict"),
        "either": group("also-a", "b", need=1),
    }
    elements = {
        "a": element("a", "a"),
        "first": element("first", "a"),
        "then": element("then", "e"),
        "also-a": element("also-a", "a"),
        "b": element("b", "b"),
    }
    found = shortest(pathway(groups, elements), badges("e"), TODAY)
    assert (letters(found), found.exact, found.missing) == (["a"], True, 0)


def test_one_badge_that_fills_two_places_is_better_than_two() -> None:
    groups = {"root": group("one", "two"), "one": group("a"), "two": group("b")}
    found = shortest(pathway(groups, {"a": element("a", "c"), "b": element("b", "c")}), (), TODAY)
    assert (letters(found), found.steps[0].places) == (["c"], ("a", "b"))


def test_in_an_exclusive_group_one_badge_cannot_do_both() -> None:
    asked = pathway(
        {"root": group("one", "two", exclusive=True), "one": group("a"), "two": group("b")},
        {"a": element("a", "c"), "b": element("b", "c")},
    )
    assert len(shortest(asked, (), TODAY).steps) == 2


def test_what_is_advised_to_come_first_is_taken_along_and_stands_first() -> None:
    groups = {"root": group("a", "b", need=1)}
    elements = {"a": element("a", hours=1, requires=["c"]), "b": element("b", hours=9), "c": element("c", hours=2)}
    groups["root"]["of"] = ["a", "b", "c"]
    groups["root"]["optional"] = ["c"]
    asked = pathway(groups, elements)
    assert letters(shortest(asked, (), TODAY)) == ["b"]
    quick = shortest(asked, (), TODAY, by="hours")
    assert [step.option.achievement for step in quick.steps] == [HERE + "c", HERE + "a"]


def test_three_electives_of_thirty_are_found_exactly() -> None:
    names = [f"e-{number:02}" for number in range(30)]
    elements = {name: element(name, hours=30 - number) for number, name in enumerate(names)}
    asked = pathway({"root": group(*names, need=3)}, elements)
    found = shortest(asked, (), TODAY)
    assert (found.hours, found.exact) == (1 + 2 + 3, True)


def test_too_many_ways_give_an_estimate_that_finishes_all_the_same() -> None:
    names = [f"e-{number:02}" for number in range(24)]
    # Each badge fits two neighbours, so no two of them serve alike.
    elements = {
        name: element(name, names[(number + 1) % 24], hours=number % 7 + 1) for number, name in enumerate(names)
    }
    found = shortest(pathway({"root": group(*names)}, elements), (), TODAY)
    assert (found.exact, found.missing) == (False, 0)
    assert len(found.steps) >= 12


def test_placeholders_stand_for_badges_that_only_a_rule_describes() -> None:
    pool = {"name": "Any", "count": 3, "match": [{"issuer": "https://i.example", "tag": "teaching"}], "hours": 2}
    found = shortest(pathway({"root": group("pool")}, {"pool": pool}), (), TODAY)
    assert (len(found.steps), found.hours, found.achievements) == (3, 6, ())


def test_a_word_of_an_advisor_is_a_step_where_no_badge_would_do() -> None:
    seen = {"name": "Observed", "match": [{"attested": "advisor"}], "hours": 30}
    (step,) = shortest(pathway({"root": group("seen")}, {"seen": seen}), (), TODAY).steps
    assert (step.option.word, step.places) == (True, ("seen",))


def test_unknown_hours_never_look_short() -> None:
    asked = pathway({"root": group("a", "b", need=1)}, {"a": element("a"), "b": element("b", hours=3)})
    found = shortest(asked, (), TODAY, by="hours")
    assert (letters(found), found.at_least) == (["b"], False)


def test_offerings_that_end_first_win_by_days_and_past_ones_do_not_count() -> None:
    def offered(days: int) -> dict[str, str]:
        return {"begins": str(TODAY + timedelta(days=days - 5)), "ends": str(TODAY + timedelta(days=days))}

    asked = pathway(
        {"root": group("a", "b", need=1)},
        {
            "a": element("a", hours=1, offering=[offered(-30), offered(90)]),
            "b": element("b", hours=9, offering=[offered(20)]),
        },
    )
    soon = shortest(asked, (), TODAY, by="days")
    assert (letters(soon), soon.ends) == (["b"], TODAY + timedelta(days=20))
    assert letters(shortest(asked, (), TODAY, by="hours")) == ["a"]


def test_hours_a_week_become_whole_weeks() -> None:
    elements = {name: element(name, hours=hours) for name, hours in (("a", 3), ("b", 5), ("c", 6))}
    found = shortest(pathway({"root": group("a", "b", "c")}, elements), (), TODAY)
    assert (found.hours, found.weeks(Fraction(Decimal(3)))) == (14, 5)


@pytest.mark.parametrize("by", MEASURES)
def test_an_expired_ticket_is_earned_again(by: str) -> None:
    asked = pathway({"root": group("a")}, {"a": element("a", hours=4)})
    found = shortest(asked, (badge("a", expires=TODAY),), TODAY, by=by)
    assert letters(found) == ["a"]


def test_what_cannot_be_filled_is_told_with_what_still_helps() -> None:
    asked = pathway(
        {"root": group("a", "pool"), "pool": group("p", need={"hours": 50})}, {"a": element("a"), "p": element("b")}
    )
    found = shortest(asked, (), TODAY)
    assert (letters(found), found.missing, found.exact) == (["a"], 1, False)
