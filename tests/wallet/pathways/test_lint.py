"""Every lint of a pathway file has a test: mistakes refuse it, doubts are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.support.pathways import HERE, ISSUER, TODAY, badge, element, group, pathway_table
from wallet.limits import LIMITS, Limits
from wallet.pathways import definition
from wallet.pathways.tables import Problem

A = {"a": element("a")}
UNIT = {"credits": 3, "unit": "ects"}


def lint(groups: dict, elements: dict, limits: Limits = LIMITS, **more: object) -> tuple[Problem, ...]:
    known, changed = more.pop("known", None), more.pop("changed", None)
    data = json.dumps(pathway_table(groups, elements, **more)).encode()
    found = definition.check(data, "p.json", today=TODAY, known=known, changed=changed, limits=limits)
    # What the elements are about is remarked of nearly all of these small pathways.
    return tuple(problem for problem in found if problem.severity != "remark")


def only(found: tuple[Problem, ...], severity: str) -> Problem:
    assert [problem.severity for problem in found] == [severity], found
    assert found[0].line is not None
    return found[0]


@pytest.mark.parametrize(
    ("groups", "elements", "more", "key", "words"),
    [
        ({"root": group("a", "b")}, A, {}, "group.root.of[1]", "no group or element 'b'"),
        ({"root": group("a", requires=["b"])}, A, {}, "group.root.requires[0]", "no group or element 'b'"),
        (
            {"root": group("a")},
            {"a": element("a", requires=["z"])},
            {},
            "element.a.requires[0]",
            "no group or element 'z'",
        ),
        ({"root": group("a"), "a": group("b")}, {**A, "b": element("b")}, {}, "element.a", "a group and an element"),
        ({"root": group("a")}, A, {"root": "rot"}, "root", "no group 'rot'"),
        ({"root": group("a")}, A, {"root": "a"}, "root", "no group 'a'"),
        ({"root": group("g"), "g": group("root")}, A, {}, "group.g", "circle"),
        ({"root": group("a")}, {"a": element("a", requires=["root"])}, {}, "element.a", "circle: root -> a -> root"),
        ({"root": group("a", "b", optional=["b"], need=2)}, {**A, "b": element("b")}, {}, "group.root.need", "2 of 1"),
        ({"root": group("a", optional=["a"])}, A, {}, "group.root.optional", "optional"),
        ({"root": group("a", optional=["x"])}, A, {}, "group.root.optional[0]", "called 'x'"),
        ({"root": group("g", need={"hours": 3}), "g": group("a")}, A, {}, "group.root.need", "elements"),
        ({"root": group("a", need=UNIT)}, A, {}, "group.root.need", "credit unit 'ects'"),
        ({"root": group("a", need=1, ordered="strict")}, A, {}, "group.root.ordered", "strict"),
        (
            {"root": group("a")},
            {"a": element("a", credit={"value": 1, "unit": "x"})},
            {},
            "element.a.credit.unit",
            "'x'",
        ),
        (
            {"root": group("a")},
            A,
            {"qualification": [{"name": "Q", "relation": "component", "total": {"value": 1, "unit": "x"}}]},
            "qualification[0].total.unit",
            "'x'",
        ),
        ({"root": group("a")}, {"a": {"name": "A", "match": [{"name": "x"}]}}, {}, "element.a.match[0]", "anybody"),
        (
            {"root": group("a")},
            {"a": {"name": "A", "match": [{"any_issuer": True}]}},
            {},
            "element.a.match[0]",
            "every badge",
        ),
        (
            {"root": group("a")},
            {"a": {"name": "A", "match": [{"attested": "advisor", "tag": "x"}]}},
            {},
            "element.a.match[0]",
            "stands alone",
        ),
        (
            {"root": group("a")},
            {"a": {"name": "A", "match": [{"issuer": ISSUER, "name": "a*b*c*d*e*f"}]}},
            {},
            "element.a.match[0].name",
            "stars",
        ),
        (
            {"root": group("a", award=[{"achievement": "x"}])},
            A,
            {"award": [{"achievement": "y"}]},
            "award",
            "group.root",
        ),
        ({"root": group("a", award=[{"attested": "issuer"}])}, A, {}, "group.root.award[0]", "attested"),
        ({"root": group("a", shortcut=True)}, A, {}, "group.root.shortcut", "no award"),
    ],
)
def test_a_mistake_is_an_error(groups: dict, elements: dict, more: dict, key: str, words: str) -> None:
    problem = only(lint(groups, elements, **more), "error")
    assert problem.key == key
    assert words in problem.message


def test_a_graph_that_doubles_at_every_level_is_stopped() -> None:
    groups = {f"g{level}": group(f"g{level + 1}", f"h{level + 1}") for level in range(40)}
    groups |= {f"h{level}": group(f"g{level + 1}", f"h{level + 1}") for level in range(1, 40)}
    groups |= {"g40": group("a"), "h40": group("a"), "root": group("g0")}
    assert "10,000 places" in only(lint(groups, A), "error").message


def test_groups_nested_too_deeply_are_stopped() -> None:
    groups = {f"g{level}": group(f"g{level + 1}") for level in range(80)}
    groups |= {"g80": group("a"), "root": group("g0")}
    assert "deep" in only(lint(groups, A), "error").message


def test_more_nodes_or_rules_than_the_caps_are_stopped() -> None:
    many = {"a": {"name": "A", "match": [{"achievement": HERE + str(n)} for n in range(201)]}}
    assert "201 rules" in only(lint({"root": group("a")}, many), "error").message
    tight = replace(LIMITS, pathway_places=1)
    found = lint({"root": group("a")}, A, tight)
    assert [problem.severity for problem in found] == ["error"]


@pytest.mark.parametrize(
    ("groups", "elements", "more", "key", "words"),
    [
        ({"root": group("a")}, {**A, "b": element("b")}, {}, "element.b", "used by no group"),
        ({"root": group("a"), "g": group("a")}, A, {}, "group.g", "used by no group"),
        ({"root": group("a", award=[{"achievement": HERE + "a"}])}, A, {}, "element.a", "award"),
        ({"root": group("a", "b", exclusive=True)}, {**A, "b": element("a")}, {}, "group.root", "cannot fill"),
        (
            {"root": group("a")},
            {"a": {"name": "A", "match": [{"any_issuer": True, "tag": "x"}]}},
            {},
            "element.a.match[0]",
            "anybody",
        ),
        (
            {"root": group("a")},
            {"a": element("a", offering=[{"begins": "2026-01-01", "ends": "2026-11-20"}])},
            {},
            "element.a.offering[0]",
            "over",
        ),
        ({"root": group("a")}, A, {"status": "retired"}, "status", "retired"),
        ({"root": group("a")}, A, {"changed": date(2025, 11, 20)}, "version", "over a year"),
        ({"root": group("a")}, A, {"known": (badge("b"),)}, "element.a.match[0]", "No badge known"),
    ],
)
def test_a_doubt_is_a_warning_and_the_file_is_read(
    groups: dict, elements: dict, more: dict, key: str, words: str
) -> None:
    problem = only(lint(groups, elements, **more), "warning")
    assert problem.key == key
    assert words in problem.message
    more = {name: value for name, value in more.items() if name not in ("known", "changed")}
    definition.read(json.dumps(pathway_table(groups, elements, **more)).encode(), "p.json")


def test_an_exclusive_group_that_reuse_or_open_rules_can_fill_is_not_doubted() -> None:
    assert lint({"root": group("a", "b", exclusive=True)}, {**A, "b": element("a", reuse=True)}) == ()
    anything = {"name": "B", "match": [{"issuer": ISSUER, "tag": "x"}], "count": 3}
    assert lint({"root": group("a", "b", exclusive=True)}, {**A, "b": anything}) == ()


def test_a_known_badge_and_a_coming_offering_raise_no_doubt() -> None:
    elements = {"a": element("a", offering=[{"begins": date(2027, 1, 1).isoformat()}])}
    assert lint({"root": group("a")}, elements, known=(badge("a"),)) == ()


def test_a_file_changed_within_the_year_raises_no_doubt() -> None:
    assert lint({"root": group("a")}, A, changed=date(2025, 11, 22)) == ()
