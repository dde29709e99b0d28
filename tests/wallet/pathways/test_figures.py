"""Figures for many learners are those of `evaluate`, on every kind of pathway and badge, at the cost of the kinds there are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate import crowd
from tests.generate.pathways import HOST, tables
from tests.support.pathways import HERE, ISSUER, TODAY, Table, badge, badges, element, group, instance, pathway
from wallet.limits import LIMITS
from wallet.model import Alignment
from wallet.pathways import definition, emit, figures, rules
from wallet.pathways.candidates import Candidate
from wallet.pathways.figures import Quick, compile
from wallet.pathways.model import Credit, Pathway, Rule
from wallet.pathways.packing import Ask, bound, filled
from wallet.pathways.personal import NOBODY, Attested, Excepted, Personal, Planned
from wallet.pathways.progress import evaluate
from wallet.pathways.rules import Rules

STATUSES = ("verified", "verified", "verified-offline", "unverified", "self-asserted")


def in_full(asked: Pathway, held: Sequence[Candidate], personal: Personal = NOBODY) -> Quick:
    said = evaluate(asked, held, TODAY, personal=personal)
    return Quick(said.verified, said.accepted)


def mixed(seed: int) -> tuple[Pathway, tuple[Candidate, ...]]:
    """A small pathway with anything in it, and badges with every fault there is."""
    dice = random.Random(seed)
    groups, elements, held = instance(seed, exclusive=dice.random() < 0.6)
    inner = [name for name in groups if name != "root"]
    for name in inner:
        if dice.random() < 0.3:
            groups[name]["exclusive"] = True
        if dice.random() < 0.3 and "award" not in groups[name]:
            groups[name]["award"] = [{"achievement": HERE + dice.choice("abcde")}]
        if dice.random() < 0.2:
            groups[name].pop("ordered", None)
            groups[name]["need"] = dice.choice(({"hours": 3}, {"credits": 2, "unit": "ects"}, {"count": 1, "hours": 2}))
    if dice.random() < 0.2:
        groups["root"] |= {"award": [{"achievement": HERE + "f"}], "shortcut": dice.random() < 0.7}
    for table in elements.values():
        if dice.random() < 0.2:
            table["hours"] = dice.randint(1, 4)
        if dice.random() < 0.2:
            table["credit"] = {"value": dice.randint(1, 3), "unit": "ects"}
        if dice.random() < 0.2:
            table["match"] = [*_list(table["match"]), dice.choice(_rules(dice))]
        if dice.random() < 0.15:
            table["accept"] = dice.choice(
                ({"verification": ["verified"]}, {"max_age": "P6M"}, {"expired": "accept-if-earned-valid"})
            )
    more: Table = {"credit_units": {"ects": {"name": "ECTS", "hours": 25}}}
    if dice.random() < 0.3:
        more["equivalence"] = [{"achievements": [HERE + "a", HERE + "e"]}]
    if dice.random() < 0.2:
        more["accept"] = {"min_remaining": "P1M"}
    asked = pathway(groups, elements, **more)
    letters = held + "".join(dice.choice("abcdefz") for _ in range(dice.randint(0, 4)))
    return asked, tuple(_badge(dice, letter, number) for number, letter in enumerate(letters))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _rules(dice: random.Random) -> list[Table]:
    letter = dice.choice("abcde")
    return [
        {"issuer": ISSUER, "tag": f"tag-{letter}"},
        {"issuer": ISSUER, "name": f"badge {letter}"},
        {"issuer": ISSUER, "framework": "F", "code": letter},
        {"issuer": ISSUER, "alignment": f"{HERE}skills/{letter}"},
        {"achievement_glob": HERE + "?"},
        {"any_issuer": True, "name": f"Badge {letter}"},
        {"attested": "advisor"},
    ]


def _badge(dice: random.Random, letter: str, number: int) -> Candidate:
    issued = TODAY - timedelta(days=dice.randint(-5, 400))
    return badge(
        letter,
        id=f"b{number}",
        achievement_id=HERE + letter if dice.random() < 0.9 else None,
        issuer_id=ISSUER if dice.random() < 0.9 else "https://other.example/",
        tags=(f"tag-{dice.choice('abcde')}",),
        alignments=(Alignment("Skill", f"{HERE}skills/{dice.choice('abcde')}", None, "F", dice.choice("abcde")),),
        issued_on=issued,
        expires=issued + timedelta(days=dice.randint(1, 500)) if dice.random() < 0.2 else None,
        status=dice.choice(STATUSES),
        revoked=dice.random() < 0.05,
        invalid=dice.random() < 0.05,
        mine=dice.choice((True, True, True, None, False)),
        hours=Decimal(dice.randint(1, 3)) if dice.random() < 0.2 else None,
        credit=Credit(Decimal(1), "ects") if dice.random() < 0.2 else None,
    )


@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_the_figures_of_random_pathways_are_those_of_the_full_evaluation(start: int) -> None:
    for seed in range(start, start + 200):
        asked, held = mixed(seed)
        compiled = compile(asked, TODAY)
        for badges_of in (held, held[: len(held) // 2], ()):
            assert compiled.figures(badges_of) == in_full(asked, badges_of), seed


@given(tables(), st.lists(st.integers(0, 31), max_size=8), st.integers(0, 2**16))
@settings(max_examples=100, deadline=None)
def test_the_figures_of_any_file_are_those_of_the_full_evaluation(
    table: dict[str, object], held: list[int], seed: int
) -> None:
    asked = definition.read(emit.emit(table), "any.pathway.toml")
    dice = random.Random(seed)
    own = tuple(
        replace(_badge(dice, "a", place), achievement_id=f"{HOST}{number}" if number < 31 else f"{HOST}award-0")
        for place, number in enumerate(held)
    )
    assert compile(asked, TODAY).figures(own) == in_full(asked, own)


@st.composite
def sums(draw: st.DrawFn) -> tuple[Pathway, tuple[Candidate, ...]]:
    """A pathway that adds up hours and credits beside other groups; badges that state their own or do not."""
    some = st.one_of(st.none(), st.decimals("0.5", "40", places=1))
    elements, names = {}, [f"e{number}" for number in range(draw(st.integers(2, 7)))]
    for number, name in enumerate(names):
        hours, credit = draw(some), draw(some)
        elements[name] = element(
            *("abcdefgh"[number], *draw(st.lists(st.sampled_from("abcdefgh"), max_size=1))),
            count=draw(st.integers(1, 2)),
            **({"hours": float(hours)} if hours is not None else {}),
            **(
                {"credit": {"value": float(credit), "unit": draw(st.sampled_from(UNITS))}} if credit is not None else {}
            ),
            **({"reuse": True} if draw(st.integers(0, 9)) == 0 else {}),
        )
    needs = st.sampled_from(
        (
            {"hours": 30},
            {"credits": 12, "unit": "ects"},
            {"count": 2, "hours": 20},
            {"hours": 9, "credits": 3, "unit": "sws"},
        )
    )
    cut = draw(st.integers(1, len(names) - 1))
    groups = {"sum": group(*names[:cut], need=draw(needs)), "rest": group(*names[cut:], exclusive=draw(st.booleans()))}
    if draw(st.booleans()):
        groups["sum"]["award"] = [{"achievement": HERE + "z"}]
    groups["root"] = group("sum", "rest", ordered=draw(st.sampled_from(("no", "strict"))))
    units = {
        "ects": {"name": "ECTS", "hours": 25},
        "sws": {"name": "Weekly hours", "hours": 15},
        "odd": {"name": "Points"},
    }
    asked = pathway(groups, elements, credit_units=units)
    held = [
        badge(
            letter,
            id=f"b{number}",
            hours=draw(some),
            credit=Credit(value, draw(st.sampled_from((*UNITS, "unheard"))))
            if (value := draw(some)) is not None
            else None,
            status=draw(st.sampled_from(STATUSES)),
        )
        for number, letter in enumerate(draw(st.lists(st.sampled_from("abcdefghz"), max_size=9)))
    ]
    return asked, tuple(held)


UNITS = ("ects", "sws", "odd")


@given(sums())
@settings(max_examples=100, deadline=None)
def test_hours_and_credits_are_added_up_as_in_the_full_evaluation(given: tuple[Pathway, tuple[Candidate, ...]]) -> None:
    asked, held = given
    compiled = compile(asked, TODAY)
    for some in (held, held[::2], held[:1], ()):
        assert compiled.figures(some) == in_full(asked, some)


def test_a_plain_sum_is_added_up_without_the_full_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each badge fits one element, and no element has more than it takes: nothing is to be chosen."""
    elements = {letter: element(letter, hours=5) for letter in "abcdef"}
    asked = pathway({"root": group(*elements, need={"hours": 20})}, elements)
    compiled = compile(asked, TODAY)
    held = (*badges("ab"), badge("c", hours=Decimal("9.5")), badge("d", status="unverified", hours=Decimal(1)))
    expected = [in_full(asked, held[:many]) for many in range(5)]
    monkeypatch.setattr(figures, "count", _never)
    assert [compiled.figures(held[:many]) for many in range(5)] == expected
    assert [one.accepted.filled for one in expected] == [0, 0, 0, 0, 1]


def _never(*_: object, **__: object) -> None:
    raise AssertionError("counted in full")


def test_the_figures_of_a_crowd_are_those_of_the_full_evaluation() -> None:
    learners = list(crowd.learners(40))
    for asked in crowd.pathways():
        compiled = compile(asked, TODAY)
        found = [compiled.figures(held) for held in learners]
        assert found == [in_full(asked, held) for held in learners]
        assert len({quick.accepted for quick in found}) > 1


@pytest.mark.parametrize("seed", range(150))
def test_records_of_the_learner_change_the_figures_as_they_change_the_evaluation(seed: int) -> None:
    asked, held = mixed(seed)
    dice = random.Random(seed)
    place = dice.choice(sorted(asked.elements))
    exceptions = (
        Excepted(place, "force-complete", "W", "", TODAY),
        Excepted(place, "also-allow", "W", "", TODAY, rule=Rule(achievement=HERE + "z")),
        Excepted(place, "substitute", "W", "", TODAY, badge="b0"),
        Excepted(place, "exclude-here", "W", "", TODAY, badge="b0"),
        Excepted("root", "force-complete", "W", "", TODAY),
        Excepted(place, "change-count", "W", "", TODAY, count=2),
        Excepted(place, "force-complete", "W", "", TODAY, until=date(2026, 11, 20)),
    )
    personal = Personal(
        planned=(Planned(place, 1, TODAY),) if dice.random() < 0.5 else (),
        attested=(Attested(place, "W", "advisor", "", TODAY),) if dice.random() < 0.5 else (),
        excepted=(dice.choice(exceptions),) if dice.random() < 0.7 else (),
    )
    compiled = compile(asked, TODAY)
    assert compiled.figures(held, personal) == in_full(asked, held, personal)
    assert compiled.evaluate(held, personal) == evaluate(asked, held, TODAY, personal=personal)


def test_more_choices_than_may_be_tried_give_the_same_interval() -> None:
    elements = {f"e{one}-{two}": element("abcdefghij"[one * 2 + two], count=2) for one in range(5) for two in range(2)}
    groups = {f"g{number}": group(f"e{number}-0", f"e{number}-1", need=1) for number in range(5)}
    asked = pathway({"root": group(*groups, exclusive=True), **groups}, elements)
    for flows in (1, 31, 2000):
        limits = replace(LIMITS, pathway_flows=flows)
        said = evaluate(asked, badges("bdfhj"), TODAY, limits=limits)
        found = compile(asked, TODAY, limits=limits).figures(badges("bdfhj"))
        assert (found.accepted, found.verified) == (said.accepted, said.verified)


def test_the_whole_answer_is_that_of_the_evaluation_for_whoever_comes_first_or_later() -> None:
    for asked in crowd.pathways(2):
        compiled = compile(asked, TODAY)
        for held in (*crowd.learners(6), (), badges("zy"), badges("z")):
            assert compiled.evaluate(held) == evaluate(asked, held, TODAY)
    for seed in range(200):
        asked, held = mixed(seed)
        compiled = compile(asked, TODAY)
        for some in (held, held[:1], held[1:], badges("q")):
            assert compiled.evaluate(some, language="fr") == evaluate(asked, some, TODAY, language="fr")


def test_the_order_of_badges_changes_no_figure() -> None:
    for seed in range(100):
        asked, held = mixed(seed)
        compiled = compile(asked, TODAY)
        assert compiled.figures(held) == compiled.figures(held[::-1])


def _by_trying(asks: Sequence[Ask], fitting: Sequence[int], keys: int) -> int:
    """The most places filled, over every way to deal the badges out."""
    places = {leaf: many for ask in asks for leaf, many in ask.leaves}
    options = [[None, *(leaf for leaf in places if fitting[leaf] >> key & 1)] for key in range(keys)]
    most = 0
    for dealt in product(*options):
        if all(dealt.count(leaf) <= many for leaf, many in places.items()):
            shared = [sum(min(many, fitting[leaf].bit_count()) for leaf, many in ask.shared) for ask in asks]
            own = [sum(dealt.count(leaf) for leaf, _ in ask.leaves) for ask in asks]
            most = max(most, sum(min(ask.most, free + used) for ask, free, used in zip(asks, shared, own, strict=True)))
    return most


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.lists(st.tuples(st.integers(1, 2), st.booleans()), max_size=3)), max_size=3
    ),
    st.lists(st.integers(0, 31), min_size=9, max_size=9),
)
@settings(max_examples=400, deadline=None)
def test_no_way_to_deal_badges_out_fills_more_places(
    drawn: list[tuple[int, list[tuple[int, bool]]]], fitting: list[int]
) -> None:
    asks, leaf = [], 0
    for most, parts in drawn:
        numbered = [(leaf + offset, places, shared) for offset, (places, shared) in enumerate(parts)]
        leaf += len(parts)
        own, shared = ([(at, places) for at, places, one in numbered if one is kind] for kind in (False, True))
        asks.append(Ask(most, tuple(own), tuple(shared)))
    best = _by_trying(asks, fitting, 5)
    assert filled(asks, fitting) == best <= bound(asks, fitting)


def test_a_kind_of_badge_is_matched_once_for_all_learners(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = crowd.pathways(1)[0]
    compiled = compile(asked, TODAY)
    looked: list[str] = []
    of = Rules.of
    monkeypatch.setattr(Rules, "of", lambda self, one: looked.append(one.name) or of(self, one))
    learners = list(crowd.learners(30))
    for held in learners:
        compiled.figures(held)
    assert len(looked) == len({one.name for held in learners for one in held})


def test_badges_alike_but_for_what_a_rule_looks_at_are_told_apart() -> None:
    tagged = {"name": "T", "match": [{"issuer": ISSUER, "tag": "x"}]}
    compiled = compile(pathway({"root": group("a")}, {"a": tagged}), TODAY)
    assert compiled.figures([badge("a", tags=("x",))]).accepted.met
    assert not compiled.figures([badge("a", tags=("y",))]).accepted.met
    assert not compiled.figures([badge("a", tags=("x",), issuer_id=None)]).accepted.met


def test_badges_without_an_achievement_id_are_of_one_kind_only_when_all_they_say_is_the_same() -> None:
    any_two = {"name": "Any", "match": [{"issuer": ISSUER}], "count": 2}
    compiled = compile(pathway({"root": group("a")}, {"a": any_two}), TODAY)
    first, second = (badge("a", id=name, achievement_id=None) for name in ("1", "2"))
    assert compiled.figures([first, second]).accepted.filled == 1
    assert compiled.figures([first, replace(second, criteria="Other")]).accepted.filled == 2


def test_what_is_remembered_has_a_bound_and_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = crowd.pathways(1)[0]
    learners = list(crowd.learners(20))
    unbounded = compile(asked, TODAY)
    expected = [unbounded.figures(held) for held in learners]
    for where, name in ((rules, "MOST_KINDS"), (figures, "MOST_KINDS"), (figures, "_MOST_ANSWERS")):
        monkeypatch.setattr(where, name, 3)
    bounded = compile(asked, TODAY)
    assert [bounded.figures(held) for held in learners] == expected
    assert max(len(bounded._kinds), len(bounded._answers), len(bounded._prepared.rules._seen)) <= 3


def test_an_award_of_the_whole_pathway_fills_it_and_one_of_a_part_is_left_to_the_full_count() -> None:
    done = {"award": [{"achievement": HERE + "done"}], "shortcut": True}
    two = {"a": element("a"), "b": element("b")}
    whole = pathway({"root": group("a", "b", exclusive=True, **done)}, two)
    part = pathway({"root": group("g", "b", exclusive=True), "g": group("a", **done)}, two)
    for asked, filled_places in ((whole, 2), (part, 1)):
        held = (badge("done"),)
        assert compile(asked, TODAY).figures(held).accepted.filled == filled_places
        assert compile(asked, TODAY).figures(held) == in_full(asked, held)
    late = (badge("done", revoked=True),)
    assert compile(whole, TODAY).figures(late) == in_full(whole, late)
