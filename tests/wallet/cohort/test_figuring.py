"""A row that is sketched is the row that the full evaluation gives, badge by badge and place by place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.generate import crowd
from tests.support.pathways import TODAY, badge, badges, element, group, pathway
from tests.wallet.pathways.test_figures import mixed
from wallet.cohort.figuring import row, standing
from wallet.cohort.forms import Standings, write_standing
from wallet.cohort.model import Loss, Standing, Thresholds
from wallet.pathways import sketch
from wallet.pathways.candidates import Candidate
from wallet.pathways.figures import Compiled, compile
from wallet.pathways.model import Pathway
from wallet.pathways.personal import NOBODY, Attested, Excepted, Personal, Planned
from wallet.pathways.progress import evaluate

LIMITS = Thresholds()


def quick(compiled: Compiled, held: Sequence[Candidate], personal: Personal = NOBODY) -> Standing:
    return standing("L-1", compiled, held, personal, thresholds=LIMITS)


def full(asked: Pathway, held: Sequence[Candidate], personal: Personal = NOBODY) -> Standing:
    progress = evaluate(asked, held, TODAY, personal=personal)
    return row("L-1", progress, asked, held, personal, thresholds=LIMITS)


def plain(seed: int) -> tuple[Pathway, list[tuple[Candidate, ...]]]:
    """A pathway that can be sketched: exclusive and shared groups, choices, stages, advice; and learners in tight competition."""
    dice = random.Random(seed)
    letters = "abcdefghij"[: dice.randint(4, 10)]
    elements = {
        f"e{number}": element(
            *dice.sample(letters, dice.randint(1, 4)),
            count=dice.choice((1, 1, 1, 2, 3)),
            **({"hours": dice.randint(1, 9)} if dice.random() < 0.7 else {}),
            accept=dice.choice(({}, {}, {}, {}, {"verification": ["verified"]}, {"max_age": "P1Y"})),
            **({"requires": [f"e{number - 1}"]} if number and dice.random() < 0.15 else {}),
            **({"repeatable": True} if dice.random() < 0.1 else {}),
        )
        for number in range(dice.randint(3, 9))
    }
    names = list(elements)
    dice.shuffle(names)
    cut = sorted(dice.sample(range(1, len(names)), min(2, len(names) - 1)))
    parts = [names[start:end] for start, end in zip([0, *cut], [*cut, None], strict=True)]
    groups = {}
    for number, part in enumerate(parts):
        single = all(elements[name]["count"] == 1 for name in part)
        more: dict[str, object] = {}
        if single and dice.random() < 0.5:
            more["need"] = dice.randint(1, len(part))
        elif dice.random() < 0.2:
            more["need"] = {"count": dice.randint(1, len(part))}
        if dice.random() < 0.2 and len(part) > 1 and "need" not in more:
            more["optional"] = [part[-1]]
        if dice.random() < 0.15:
            more["award"] = [{"achievement": "https://badges.college.example/classes/z"}]
        groups[f"g{number}"] = group(*part, **more)
    way = dice.random()
    if way < 0.6:
        root = group(*groups, exclusive=True)
    elif way < 0.8:
        root = group(*groups, ordered=dice.choice(("strict", "no")))
        groups["g0"]["exclusive"] = True
    else:
        root = group(*groups, *([parts[0][0]] if len(groups) > 1 else []))
    asked = pathway({"root": root, **groups}, elements)
    return asked, [_held(dice, letters) for _ in range(6)]


def _held(dice: random.Random, letters: str) -> tuple[Candidate, ...]:
    """Mostly one badge of each achievement; some end within the span that the rows look at."""
    some = dice.sample(letters, dice.randint(0, len(letters)))
    if dice.random() < 0.1 and some:
        some.append(dice.choice(some))
    ids = dice.sample(range(100), len(some))
    return tuple(_one(dice, letter, f"b{number:02}") for letter, number in zip(some, ids, strict=True))


def _one(dice: random.Random, letter: str, name: str) -> Candidate:
    issued = TODAY - timedelta(days=dice.randint(-5, 600)) if dice.random() < 0.95 else None
    return badge(
        letter,
        id=name,
        issued_on=issued,
        expires=TODAY + timedelta(days=dice.randint(-20, 200)) if dice.random() < 0.15 else None,
        status=dice.choice(("verified", "verified", "verified", "verified-offline", "unverified")),
        revoked=dice.random() < 0.05,
    )


@pytest.mark.parametrize("start", range(0, 1500, 500))
def test_rows_of_pathways_that_can_be_sketched_are_those_of_the_full_evaluation(start: int) -> None:
    sketched = 0
    for seed in range(start, start + 200):
        asked, learners = plain(seed)
        compiled = compile(asked, TODAY)
        for held in learners:
            sketched += compiled.sketch(held) is not None
            assert quick(compiled, held) == full(asked, held), seed
    assert sketched > 600


@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_rows_of_any_random_pathway_are_those_of_the_full_evaluation(start: int) -> None:
    sketched = 0
    for seed in range(start, start + 200):
        asked, held = mixed(seed)
        compiled = compile(asked, TODAY)
        for some in (held, held[: len(held) // 2], held[::2], ()):
            sketched += compiled.sketch(some) is not None
            assert quick(compiled, some) == full(asked, some), seed
    assert sketched > 80


@pytest.mark.parametrize("seed", range(150))
def test_records_of_the_learner_change_the_row_as_they_change_the_evaluation(seed: int) -> None:
    asked, learners = plain(seed)
    dice = random.Random(seed)
    place = dice.choice(sorted(asked.elements))
    personal = Personal(
        planned=(Planned(place, 1, TODAY),) if dice.random() < 0.5 else (),
        attested=(Attested(place, "W", "advisor", "", TODAY),) if dice.random() < 0.3 else (),
        excepted=(Excepted(place, "force-complete", "W", "", TODAY),) if dice.random() < 0.3 else (),
    )
    compiled = compile(asked, TODAY)
    for held in learners:
        assert quick(compiled, held, personal) == full(asked, held, personal)


def test_a_place_that_rests_on_a_record_is_at_risk_where_the_record_ends() -> None:
    asked = pathway({"root": group("a", "b")}, {"a": element("a"), "b": element("b", count=2)})
    soon = TODAY + timedelta(days=LIMITS.risk_days - 1)
    ends = Personal(excepted=(Excepted("b", "change-count", "W", "", TODAY, soon, count=1),))
    lasts = Personal(excepted=(replace(ends.excepted[0], until=TODAY + timedelta(days=LIMITS.risk_days)),))
    held = badges("ab")
    for found in (quick(compile(asked, TODAY), held, ends), full(asked, held, ends)):
        assert found.at_risk == (Loss("b", soon, "", "exception"),)
        assert Standings().read(write_standing(found), "L-1", ()) == found
    assert quick(compile(asked, TODAY), held, lasts).at_risk == ()


def test_rows_of_a_crowd_are_sketched_and_those_of_the_full_evaluation() -> None:
    learners = list(crowd.learners(60))
    for asked in crowd.pathways():
        compiled = compile(asked, TODAY)
        assert all(compiled.sketch(held) is not None for held in learners)
        for held in learners:
            assert quick(compiled, held) == full(asked, held)
            assert quick(compiled, held[::-1]) == full(asked, held)


def test_two_credentials_of_one_achievement_or_of_one_id_are_evaluated_in_full() -> None:
    asked = pathway({"root": group("a", "b", exclusive=True)}, {"a": element("a", "b"), "b": element("b", "c")})
    compiled = compile(asked, TODAY)
    for held in (badges("aa"), (badge("a"), badge("b", id="b-a")), badges("aab")):
        assert compiled.sketch(held) is None
        assert quick(compiled, held) == full(asked, held)


def test_shapes_that_are_remembered_have_a_bound_and_forgetting_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sketch, "_MOST_SHAPES", 2)
    asked = crowd.pathways(1)[0]
    compiled = compile(asked, TODAY)
    for held in crowd.learners(20):
        assert quick(compiled, held) == full(asked, held)
    assert compiled._sketcher is not None
    assert len(compiled._sketcher._shapes) <= 2


def test_learners_alike_in_what_they_fill_share_a_shape_and_keep_their_own_badges() -> None:
    asked = pathway({"root": group("a", "b", exclusive=True)}, {"a": element("a", "b"), "b": element("b", "c")})
    compiled = compile(asked, TODAY)
    first, second = badges("ab"), tuple(replace(one, id=f"x{one.id}") for one in badges("bc"))
    one, other = compiled.sketch(first), compiled.sketch(second)
    assert one is not None
    assert other is not None
    assert one.shape is other.shape
    assert quick(compiled, first).by != quick(compiled, second).by
