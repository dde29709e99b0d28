"""Places planned, attested and excepted: what each changes in the figures, and what it never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.pathways import HERE, TODAY, badge, badges, element, group, pathway
from wallet.model import JsonObject
from wallet.pathways.model import Pathway, Rule
from wallet.pathways.personal import Attested, Excepted, Personal, Planned, from_records, misfit
from wallet.pathways.progress import Progress, evaluate, to_json

TWO = pathway({"root": group("a", "b")}, {"a": element("a"), "b": element("b")})
POOLS = pathway(
    {
        "root": group("one", "other", exclusive=True),
        "one": group("one-a", "one-c", need=1),
        "other": group("other-c"),
    },
    {"one-a": element("a"), "one-c": element("c"), "other-c": element("c")},
)
OBSERVED = pathway(
    {"root": group("a", "seen")},
    {"a": element("a"), "seen": {"name": "Observed", "match": [{"attested": "advisor"}], "hours": 30}},
)


def excepted(place: str, kind: str, **more: object) -> Excepted:
    return Excepted(place, kind, "Avery Mentor", "transfer", TODAY, **more)


def counted(asked: Pathway, letters: str, *exceptions: Excepted, at: date = TODAY) -> Progress:
    return evaluate(asked, badges(letters), at, personal=Personal(excepted=exceptions))


def figures(found: Progress) -> tuple[int, int]:
    return found.accepted.filled, found.accepted.required


def test_a_planned_place_shows_in_the_third_figure_only() -> None:
    found = evaluate(TWO, badges("a"), TODAY, personal=Personal(planned=(Planned("b", 1, TODAY),)))
    assert (found.verified.filled, found.accepted.filled, found.planned.filled) == (1, 1, 2)
    assert (found.node("b").state, found.node("b").planned, found.node("b").by) == ("planned", 1, ())


def test_a_planned_place_that_is_filled_meanwhile_counts_once() -> None:
    found = evaluate(TWO, badges("ab"), TODAY, personal=Personal(planned=(Planned("b", 1, TODAY),)))
    assert (found.accepted, found.node("b").state) == (found.planned, "met")


def test_a_plan_competes_with_no_badge_in_an_exclusive_group() -> None:
    found = evaluate(POOLS, badges("c"), TODAY, personal=Personal(planned=(Planned("one-a", 1, TODAY),)))
    assert (found.accepted.filled, found.planned.filled) == (1, 2)


def test_an_attestation_fills_its_place_with_its_own_mark_and_never_the_verified_figure() -> None:
    word = Attested("seen", "Avery Mentor", "advisor", "30 h at the hatchery", TODAY)
    found = evaluate(OBSERVED, badges("a"), TODAY, personal=Personal(attested=(word,)))
    node = found.node("seen")
    assert (found.verified.filled, found.accepted.filled) == (1, 2)
    assert (node.state, node.attested, node.by) == ("met", True, ())
    assert "recorded by you" in node.note
    assert "Avery Mentor" in node.note
    assert "verified" not in node.note


def test_an_attestation_of_another_role_or_after_its_end_fills_nothing() -> None:
    word = Attested("seen", "A friend", "issuer", "", TODAY)
    ended = Attested("seen", "Avery", "advisor", "", TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    for one in (word, ended, Attested("seen", "Avery", "advisor", "", TODAY + timedelta(days=1))):
        assert evaluate(OBSERVED, (), TODAY, personal=Personal(attested=(one,))).accepted.filled == 0


def test_substitute_lets_one_badge_stand_for_what_is_asked() -> None:
    found = counted(TWO, "aq", excepted("b", "substitute", badge="b-q1"))
    assert figures(found) == (2, 2)
    assert [(use.id, use.strength) for use in found.badges if use.place == "b"] == [("b-q1", "substitute")]
    assert found.without_exceptions[1].filled == 1


def test_a_substitute_must_still_be_authentic_and_the_learners() -> None:
    held = (badge("q", mine=False),)
    personal = Personal(excepted=(excepted("b", "substitute", badge="b-q"),))
    found = evaluate(TWO, held, TODAY, personal=personal)
    assert found.accepted.filled == 0
    assert "awarded to somebody else" in found.node("b").note


def test_also_allow_adds_a_rule_to_one_element() -> None:
    rule = Rule(achievement=HERE + "q")
    assert figures(counted(TWO, "aq", excepted("b", "also-allow", rule=rule))) == (2, 2)


def test_apply_here_pins_a_badge_to_one_place_of_an_exclusive_group() -> None:
    for place, missing in (("one-c", (0, 1)), ("other-c", (1, 0))):
        found = counted(POOLS, "c", excepted(place, "apply-here", badge="b-c0"))
        assert (found.node("one").missing, found.node("other").missing) == missing


def test_a_pinned_badge_is_used_before_a_better_one() -> None:
    asked = pathway({"root": group("a")}, {"a": element("a", "b")})
    held = (badge("a"), badge("b", status="unverified"))
    found = evaluate(asked, held, TODAY, personal=Personal(excepted=(excepted("a", "apply-here", badge="b-b"),)))
    assert found.node("a").by == ("b-b",)


def test_exclude_here_says_why_a_badge_does_not_count() -> None:
    found = counted(TWO, "ab", excepted("b", "exclude-here", badge="b-b1"))
    assert figures(found) == (1, 2)
    assert ("b-b1", "b", "excluded") in {(use.id, use.place, use.refused) for use in found.badges}


def test_change_count_changes_elements_and_groups() -> None:
    many = pathway({"root": group("pool")}, {"pool": element("a", "b", "c", count=3)})
    assert figures(counted(many, "a", excepted("pool", "change-count", count=2))) == (1, 2)
    assert figures(counted(TWO, "a", excepted("root", "change-count", count=1))) == (1, 1)


@pytest.mark.parametrize("place", ["a", "root"])
def test_force_complete_counts_without_badges_and_never_as_verified(place: str) -> None:
    found = counted(TWO, "b", excepted(place, "force-complete"))
    assert figures(found) == (2, 2)
    assert found.node(place).forced
    assert "by an exception" in found.node(place).note
    assert found.verified.filled == 1
    assert (found.without_exceptions[0].filled, found.without_exceptions[1].filled) == (1, 1)


def test_a_group_that_is_forced_takes_no_badge_from_the_others() -> None:
    assert figures(counted(POOLS, "c", excepted("one", "force-complete"))) == (2, 2)


def test_an_exception_holds_from_its_day_to_its_last_day() -> None:
    one = excepted("b", "force-complete", until=TODAY + timedelta(days=5))
    for days, filled in ((-1, 0), (0, 1), (5, 1), (6, 0)):
        assert counted(TWO, "", one, at=TODAY + timedelta(days=days)).accepted.filled == filled


@pytest.mark.parametrize(
    ("place", "more", "said"),
    [
        ("root", {"kind": "substitute", "badge": "x"}, "is a group"),
        ("a", {"kind": "substitute"}, "needs a badge"),
        ("a", {"kind": "also-allow", "rule": Rule(name="Water")}, "anybody can make"),
        ("a", {"kind": "change-count"}, "1 or more"),
        ("root", {"kind": "change-count", "count": 3}, "only 2 parts"),
    ],
)
def test_an_exception_that_cannot_be_is_refused_in_a_sentence(place: str, more: dict, said: str) -> None:
    kind = more.pop("kind")
    assert said in (misfit(TWO, excepted(place, kind, **more)) or "")


@dataclass
class Record:
    kind: str
    place: str
    about: JsonObject = field(default_factory=dict)
    pathway: str = "urn:test:pathway"
    recorded: datetime = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    until: date | None = None


def test_records_of_the_wallet_are_read_and_what_does_not_fit_has_no_effect() -> None:
    records = [
        Record("planned", "a", {"count": 1}),
        Record("attested", "b", {"who": "Avery", "role": "advisor", "reason": "saw it", "date": "2026-11-01"}),
        Record("excepted", "b", {"kind": "also-allow", "rule": {"achievement": HERE + "q"}, "who": "A", "reason": "B"}),
        Record("excepted", "a", {"kind": "from-the-future"}),
        Record("excepted", "root", {"kind": "change-count", "count": 9}),
        Record("planned", "gone"),
        Record("planned", "b", pathway="urn:other"),
    ]
    read = from_records(records, TWO)
    assert [one.place for one in read.planned] == ["a"]
    assert [(one.who, one.recorded) for one in read.attested] == [("Avery", date(2026, 11, 1))]
    assert [(one.place, one.rule) for one in read.excepted] == [("b", Rule(achievement=HERE + "q"))]


def test_the_json_lists_every_exception_and_attestation_in_force() -> None:
    word = Attested("seen", "Avery", "advisor", "saw it", TODAY, None, "https://work.example/1")
    personal = Personal(attested=(word,), excepted=(excepted("a", "force-complete"),))
    document = to_json(evaluate(OBSERVED, (), TODAY, personal=personal))
    assert [one["kind"] for one in document["exceptions"]] == ["force-complete"]
    assert [one["work_evidence"] for one in document["attestations"]] == ["https://work.example/1"]
    assert document["figures"]["accepted"]["missing"] == 0
    assert document["without_exceptions"]["accepted"]["missing"] == 1
