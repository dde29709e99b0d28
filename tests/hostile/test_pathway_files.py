"""Definitions that were written to take the machine: stopped at a cap, by name, with a next step, and nothing kept."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pathways import TODAY
from wallet.errors import DefinitionError
from wallet.limits import LIMITS, Limits
from wallet.pathways import ctdl_write, definition, foreign, json_form
from wallet.text import clean

HERE = "https://registry.example/"


def node(name: object, /, *below: object, **more: object) -> dict[str, object]:
    condition = {"@type": "ComponentCondition", "targetComponent": [f"{HERE}{one}" for one in below]}
    return {
        "@id": f"{HERE}{name}",
        "@type": "CredentialComponent",
        "name": f"Part {name}",
        **({"hasCondition": [condition]} if below else {"proxyFor": f"https://badges.example/{name}"}),
        **more,
    }


def file(*nodes: object, end: object = "end") -> bytes:
    pathway = {"@id": HERE, "@type": "Pathway", "name": "P", "version": "1", "hasDestinationComponent": f"{HERE}{end}"}
    return json.dumps({"@graph": [pathway, *nodes]}).encode()


def refused(data: bytes, words: str, limits: Limits = LIMITS) -> None:
    with pytest.raises(DefinitionError, match=words) as caught:
        foreign.read(data, "hostile.json", today=TODAY, limits=limits)
    assert caught.value.message.startswith("hostile.json")
    assert caught.value.remedy
    assert clean(caught.value.message, limit=5_000) == caught.value.message


def test_a_graph_that_doubles_at_every_level_is_stopped() -> None:
    levels = [node(f"{side}{level}", f"a{level + 1}", f"b{level + 1}") for level in range(40) for side in "ab"]
    refused(file(node("end", "a0", "b0"), *levels, node("a40"), node("b40")), "10,000 places")


def test_conditions_that_double_at_every_level_are_read_once_each() -> None:
    conditions = [
        {
            "@id": f"_:{side}{level}",
            "@type": "ComponentCondition",
            "logicalOperator": "Or",
            "targetComponent": [HERE + "leaf"],
            "hasCondition": [f"_:a{level + 1}", f"_:b{level + 1}"] if level < 30 else [],
        }
        for level in range(31)
        for side in "ab"
    ]
    end = {**node("end"), "hasCondition": ["_:a0", "_:b0"]}
    refused(file(end, *conditions, node("leaf")), "10,000 places")


def test_conditions_nested_too_deeply_have_to_be_attested() -> None:
    deep = [
        {"@id": f"_:{level}", "@type": "ComponentCondition", "hasCondition": [f"_:{level + 1}"]} for level in range(200)
    ]
    (found,) = foreign.read(file({**node("end"), "hasCondition": ["_:0"]}, *deep), "deep.json", today=TODAY)
    assert any("too deep" in guess for guess in found.guesses)
    assert all(element.match[0].attested for element in found.pathway.elements.values())


def test_groups_nested_too_deeply_are_refused() -> None:
    chain = [node(level, level + 1) for level in range(80)]
    refused(file(*chain, node(80), end=0), "nested 81 deep|nested 82 deep")


def test_every_part_referring_to_every_other_is_stopped() -> None:
    names = [f"n{number}" for number in range(1_100)]
    shared = {
        "@id": "_:all",
        "@type": "ComponentCondition",
        "targetComponent": [HERE + name for name in (*names, "leaf")],
    }
    everyone = [{**node(name), "hasCondition": ["_:all"]} for name in names]
    refused(
        file({**node("end"), "hasCondition": ["_:all"]}, shared, *everyone, node("leaf")), "too often|cannot become"
    )


def test_long_rings_are_cut() -> None:
    ring = [node(number, (number + 1) % 1_000) for number in range(1_000)]
    refused(file(*ring, end=0), "nested")
    (found,) = foreign.read(file(*ring[:40], node(40, 0), end=0), "ring.json", today=TODAY)
    assert any("circle" in guess for guess in found.guesses)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"@type": "Pathway", "name": "' + b"x" * LIMITS.pathway_bytes + b'"}', "bytes"),
        (b"[" * 100 + b"]" * 100, "nested more than 64"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "nested more than 64"),
        (b"[" + b"{}," * 250_000 + b"{}]", "more than 200,000 values"),
        (b'{"@type": "Pathway", "name": "a", "name": "b"}', "twice"),
        (b'{"@type": "Pathway", "requiredNumber": 1e999}', "number"),
        (b'{"@type": "Pathway", "requiredNumber": NaN}', "number"),
        (b'{"@type": "Pathway", "name": "\\ud800"}', "character"),
        (b'{"@type": "Pathway"}\xff', "UTF-8"),
        (b"{" + b"}" * 50, "JSON"),
        (b'{"@type": "Pathway"} ' * 3 + b"{", "JSON"),
    ],
)
def test_files_over_a_cap_or_without_one_meaning_are_refused(data: bytes, words: str) -> None:
    refused(data, words)


def test_too_many_things_are_refused() -> None:
    refused(file(*(node(number) for number in range(10_001))), "more than 10,000 things")
    refused(
        file(*(node(number) for number in range(20))), "more than 10 things", replace(LIMITS, pathway_import_nodes=10)
    )


def test_too_many_badges_for_one_part_are_refused() -> None:
    many = [f"https://badges.example/{number}" for number in range(201)]
    refused(file(node("end", "a"), node("a", proxyForItems=many)), "202 badges")


def test_too_many_elements_of_a_tree_are_refused() -> None:
    leaf = {"name": "x", "badgeRequirements": {"requiredBadges": ["https://badges.example/1"]}}
    data = json.dumps({"name": "root", "badgeRequirements": {}, "children": [leaf] * 10_001}).encode()
    refused(data, "10,000 elements")


def test_a_tree_nested_too_deeply_is_refused() -> None:
    tree: dict[str, object] = {"name": "leaf", "badgeRequirements": {"requiredBadges": ["https://badges.example/1"]}}
    for _ in range(40):
        tree = {"name": "x", "badgeRequirements": {}, "children": [tree]}
    refused(json.dumps(tree).encode(), "nested")


def test_thousands_of_parts_of_one_name_get_ids_of_their_own() -> None:
    names = [str(number) for number in range(2_000)]
    data = file(node("end", *names), *(node(name, name="Same") for name in names))
    (found,) = foreign.read(data, "same.json", today=TODAY)
    assert len(found.pathway.elements) == 2_000


def test_foreign_text_is_harmless_in_what_is_told_and_written() -> None:
    evil = "\x1b[31mred\u202e [bold]\nroot = 'x'"
    data = file(node("end", "a"), node("a", name=evil, credentialType=f"ceterms:{evil}"))
    (found,) = foreign.read(data, "evil.json", today=TODAY)
    for guess in found.guesses:
        assert clean(guess, limit=5_000) == guess
    # The file keeps the name, spelled out so that no editor can be fooled by it.
    assert "\x1b" not in found.toml.decode()
    assert "\u202e" not in found.toml.decode()
    assert str(found.pathway.elements["31mred-bold-root-x"].name) == evil.strip()
    assert found.pathway.root == "part-end"


def test_our_own_properties_in_a_foreign_file_are_judged_like_any_file() -> None:
    refused(file(node("end", "a", **{"x-badge-pathway:exclusive": "perhaps"}), node("a")), "exclusive")
    (found,) = foreign.read(
        file(node("end", "a", **{"x-badge-pathway:of": ["z"], "x-badge-pathway:nonsense": 1}), node("a")),
        "own.json",
        today=TODAY,
    )
    assert found.pathway.groups["part-end"].of == ("part-a",)


def scrambled(dice: random.Random) -> list[object]:
    """Nodes with the right words in the wrong places, referring to each other at random."""
    many = dice.randrange(1, 9)
    keys = [
        "hasCondition",
        "targetComponent",
        "hasChild",
        "isChildOf",
        "isPartOf",
        "hasPart",
        "precedes",
        "precededBy",
        "prerequisite",
        "proxyFor",
        "name",
        "sourceData",
        "hasDestinationComponent",
        "isDestinationComponentOf",
        "hasConstraint",
        "ownedBy",
        "creditValue",
        "creditUnitType",
        "description",
        "requiredNumber",
        "rightOperand",
        "logicalOperator",
        "inLanguage",
        "versionIdentifier",
        "credentialType",
    ]
    types = ["Pathway", "CredentialComponent", "BasicComponent", "ComponentCondition", "Constraint", "CourseComponent"]

    def value(depth: int) -> object:
        match dice.randrange(8) if depth < 3 else 0:
            case 5:
                return thing(depth + 1)
            case 6:
                return [value(depth + 1) for _ in range(dice.randrange(4))]
            case 7:
                return {dice.choice(["en", "@value", "@id", "@list", "x"]): dice.choice(["T", 1, None, "_:1", ["a"]])}
            case 4:
                return dice.choice([0, 1, 2, -1, 1.5, True, None, "2", "Or", "And", "Not", "en", " ", ""])
            case _:
                return f"_:{dice.randrange(many)}"

    def thing(depth: int = 0) -> dict[str, object]:
        named = {"@id": f"_:{dice.randrange(many)}"} if dice.random() < 0.8 else {}
        more = {dice.choice(keys): value(depth) for _ in range(dice.randrange(6))}
        return {**named, "@type": dice.choice(types), **more}

    first = {"@id": HERE, "@type": "Pathway", "hasDestinationComponent": "_:0"}
    return [first, *(thing() for _ in range(many + 2))]


def test_scrambled_graphs_become_valid_files_that_go_out_and_come_back() -> None:
    usable = 0
    for seed in range(120):
        data = json.dumps(scrambled(random.Random(seed))).encode()
        try:
            first, *_ = foreign.read(data, "scrambled.json", today=TODAY)
        except DefinitionError as error:
            assert error.remedy, seed
            continue
        usable += 1
        out = ctdl_write.write(json_form.tables(first.toml)).data
        (again,) = foreign.read(out, "again.json", today=TODAY)
        assert replace(again.pathway, sha256="") == replace(first.pathway, sha256=""), seed
    assert usable > 50


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "a", "_:x", HERE + "x", "Pathway", "Or", "not"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("@id", "@type", "@graph", "@context", "@value", "name", "en", "hasCondition", "targetComponent"),
                    *("requiredNumber", "hasChild", "isChildOf", "proxyFor", "creditValue", "precedes", "prerequisite"),
                    *("hasDestinationComponent", "logicalOperator", "hasConstraint", "ownedBy", "children", "elements"),
                    *(
                        "badgeRequirements",
                        "requiredBadges",
                        "completionBadge",
                        "x-badge-pathway:need",
                        "versionIdentifier",
                    ),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=100, deadline=None)
@given(JSON, st.lists(JSON, max_size=3))
def test_whatever_the_shape_it_becomes_a_valid_file_or_is_refused_by_name(value: object, more: list[object]) -> None:
    pathway = {"@type": "Pathway", "@id": HERE + "x", "hasDestinationComponent": value, "hasPart": more}
    element = {"name": "x", "badgeRequirements": value, "children": more}
    for data in (json.dumps([pathway, value]).encode(), json.dumps(element).encode(), json.dumps(value).encode()):
        try:
            found = foreign.read(data, "shape.json", today=TODAY)
        except DefinitionError as error:
            assert error.message
            assert error.remedy
        else:
            for one in found:
                assert not [problem for problem in definition.check(one.toml, "p") if problem.severity == "error"]
