"""CTDL comes in whichever way it is spelled, is never met by accident, and goes out with a report of what it cannot say."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from tests.generate.pathways import FULL, tables
from tests.support.pathways import TODAY, badge
from wallet.errors import DefinitionError
from wallet.pathways import ctdl, ctdl_write, definition, emit, foreign, json_form
from wallet.pathways.drafting import Imported
from wallet.pathways.model import Need, Pathway
from wallet.pathways.progress import evaluate

HERE = "https://registry.example/resources/"
BADGE = "https://badges.college.example/"
TERMS = "https://purl.org/ctdl/terms/"
Document = dict[str, object]


def leaf(name: str, **more: object) -> Document:
    return {
        "@id": HERE + name,
        "@type": "ceterms:CredentialComponent",
        "ceterms:name": {"en": name.title()},
        "ceterms:credentialType": "ceterms:DigitalBadge",
        "ceterms:proxyFor": BADGE + name,
        **more,
    }


def condition(*names: str, **more: object) -> Document:
    number = {} if "ceterms:requiredNumber" in more or "number" in more else {"ceterms:requiredNumber": len(names)}
    more.pop("number", None)
    return {
        "@type": "ceterms:ComponentCondition",
        "ceterms:targetComponent": [HERE + name for name in names],
        **number,
        **more,
    }


def graph(*nodes: Document, destination: object = HERE + "end", **more: object) -> list[Document]:
    pathway: Document = {
        "@id": HERE + "pathway",
        "@type": "ceterms:Pathway",
        "ceterms:name": {"en": "Welding"},
        "ceterms:versionIdentifier": "3",
        "ceterms:hasDestinationComponent": [destination],
        **more,
    }
    if destination is None:
        del pathway["ceterms:hasDestinationComponent"]
    return [pathway, *nodes]


def end(*conditions: Document, **more: object) -> Document:
    return {
        "@id": HERE + "end",
        "@type": "ceterms:BasicComponent",
        "ceterms:name": {"en": "End"},
        **({"ceterms:hasCondition": list(conditions)} if conditions else {}),
        **more,
    }


SIMPLE = graph(end(condition("a", "b", "c", **{"ceterms:requiredNumber": 2})), leaf("a"), leaf("b"), leaf("c"))


def imported(value: object) -> Imported:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    (only,) = foreign.read(data, "file.json", today=TODAY)
    return only


def pathway(value: object) -> Pathway:
    return imported(value).pathway


def same(value: object) -> Pathway:
    return replace(pathway(value), sha256="")


def guesses(value: object) -> str:
    return "\n".join(imported(value).guesses)


def test_a_plain_pathway_becomes_groups_and_elements() -> None:
    found = pathway(SIMPLE)
    assert (found.id, str(found.name), found.version, found.language) == (HERE + "pathway", "Welding", "3", "en")
    assert found.root == "end"
    assert found.groups["end"].of == ("a", "b", "c")
    assert found.groups["end"].need == Need(children=2)
    assert not found.groups["end"].exclusive
    assert found.elements["a"].match[0].achievement == BADGE + "a"
    assert imported(SIMPLE).guesses == ()


# Dialects


def mapped(value: object, key: object = None) -> object:
    """The document with every key and type passed through `key`."""
    if isinstance(value, dict):
        return {key(name): mapped(item, key) for name, item in value.items()}
    return [mapped(item, key) for item in value] if isinstance(value, list) else value


def expanded(name: str) -> str:
    return name.replace("ceterms:", TERMS)


DIALECTS = {
    "array": SIMPLE,
    "graph": {"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": SIMPLE},
    "expanded": mapped(SIMPLE, expanded),
    "expanded with http": mapped(SIMPLE, lambda name: name.replace("ceterms:", "http://purl.org/ctdl/terms/")),
    "bare words": mapped(SIMPLE, lambda name: name.replace("ceterms:", "")),
    "another prefix": {"@context": [{"ct": TERMS}], "@graph": mapped(SIMPLE, lambda n: n.replace("ceterms:", "ct:"))},
    "type and id": mapped(SIMPLE, lambda name: {"@type": "type", "@id": "id"}.get(name, name)),
    "list of types": [{**node, "@type": [node["@type"], "ceterms:Thing"]} for node in SIMPLE],
    "several documents": b"\n".join(json.dumps(node).encode() for node in SIMPLE),
    "documents with graphs": [{"@graph": SIMPLE[:2]}, {"@graph": SIMPLE[2:]}],
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(SIMPLE).encode(),
    "languages with a sign": mapped(SIMPLE, lambda name: "@en" if name == "en" else name),
    "values with a language": [
        {**node, "ceterms:name": {"@value": node["ceterms:name"]["en"], "@language": "en"}} for node in SIMPLE
    ],
    "a list of values": [{**node, "ceterms:name": {"en": [node["ceterms:name"]["en"]]}} for node in SIMPLE],
    "references as objects": json.loads(
        json.dumps(SIMPLE)
        .replace(f'["{HERE}a"', f'[{{"@id": "{HERE}a"}}')
        .replace(f'["{HERE}end"', f'[{{"@id": "{HERE}end"}}')
    ),
    "twice the same": [*SIMPLE, *copy.deepcopy(SIMPLE)],
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_spelling_of_a_document_gives_the_same_pathway(dialect: str) -> None:
    assert same(DIALECTS[dialect]) == same(SIMPLE)


def test_a_single_object_with_everything_in_place() -> None:
    inner = end({**condition(), "ceterms:requiredNumber": 2, "ceterms:targetComponent": [leaf(n) for n in "abc"]})
    (whole,) = graph(destination=inner)
    assert same(whole) == same(SIMPLE)
    anonymous = json.loads(json.dumps(whole).replace('"@id": "', '"x-was": "'))
    found = pathway(anonymous)
    assert found.groups["end"].of == ("a", "b", "c")
    assert found.id.startswith("urn:sha256:")


@pytest.mark.parametrize("key", ["ceterms:isDestinationComponentOf", "ceterms:isDestinationComponentFor"])
def test_a_destination_may_point_back(key: str) -> None:
    nodes = graph(end(condition("a", "b", "c", **{"ceterms:requiredNumber": 2}), **{key: [HERE + "pathway"]}))
    del nodes[0]["ceterms:hasDestinationComponent"]
    assert same([*nodes, *SIMPLE[2:]]) == same(SIMPLE)


def test_a_destination_may_be_called_a_root() -> None:
    nodes = copy.deepcopy(SIMPLE)
    nodes[0]["ceterms:hasRoot"] = nodes[0].pop("ceterms:hasDestinationComponent")
    assert same(nodes) == same(SIMPLE)


@pytest.mark.parametrize("number", [2, "2", 2.0, {"@value": "2"}, [2], " 2 "])
@pytest.mark.parametrize("key", ["ceterms:requiredNumber", "ceterms:rightOperand"])
def test_the_required_number_has_many_forms(key: str, number: object) -> None:
    part = condition("a", "b", "c", number=True, **{key: number})
    assert same(graph(end(part), *SIMPLE[2:])) == same(SIMPLE)


@pytest.mark.parametrize("number", [None, 0, -1, "two", 1.5, True, 7, {"@value": {}}])
def test_a_required_number_that_says_nothing_means_all_and_is_told(number: object) -> None:
    nodes = graph(end(condition("a", "b", "c", **{"ceterms:requiredNumber": number})), *SIMPLE[2:])
    assert pathway(nodes).groups["end"].need.all
    assert "all are needed" in guesses(nodes)


def test_several_conditions_are_all_needed() -> None:
    found = pathway(graph(end(condition("a"), condition("b", "c", **{"ceterms:requiredNumber": 1})), *SIMPLE[2:]))
    assert found.groups["end"].of == ("a", "end-part-2")
    assert found.groups["end"].need.all
    assert found.groups["end-part-2"].need == Need(children=1)


@pytest.mark.parametrize(
    ("operator", "need"),
    [
        ("logicalOperator:Or", Need(children=1)),
        ("logicalOperator:And", Need()),
        ({"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": "logicalOperator:Or"}, Need(children=1)),
        ({"@id": "https://credreg.net/ctdl/vocabs/logicalOperator/Or"}, Need(children=1)),
        ("logicalOperator:Xor", Need()),
    ],
)
def test_operators_join_parts(operator: object, need: Need) -> None:
    part = condition("a", "b", "c", number=True, **{"ceterms:logicalOperator": operator})
    assert pathway(graph(end(part), *SIMPLE[2:])).groups["end"].need == need


def test_conditions_in_conditions() -> None:
    either = condition(
        **{"ceterms:logicalOperator": "Or", "ceterms:hasCondition": [condition("a", "b"), condition("c")]}, number=True
    )
    found = pathway(graph(end(either), *SIMPLE[2:]))
    inner = next(name for name in found.groups if name != "end")
    assert found.groups["end"].of == (inner, "c")
    assert found.groups["end"].need == Need(children=1)
    both = condition("a", "b", **{"ceterms:requiredNumber": 1, "ceterms:hasCondition": [condition("c")]})
    found = pathway(graph(end(both), *SIMPLE[2:]))
    assert found.groups["end"].need.all
    assert found.groups["end"].of[-1] == "c"


def test_children_without_a_condition_are_all_needed_unless_the_source_frees_them() -> None:
    node = end(**{"ceasn:hasChild": [HERE + "a", HERE + "b", HERE + "c"]})
    free = leaf("b", **{"ceterms:requiredForParentCompletion": False})
    found = pathway(graph(node, leaf("a"), free, leaf("c")))
    assert (found.groups["end"].of, found.groups["end"].optional) == (("a", "b", "c"), ("b",))
    assert "no condition" in guesses(graph(node, leaf("a"), free, leaf("c")))
    back = [leaf(name, **{"ceasn:isChildOf": HERE + "end"}) for name in "abc"]
    assert pathway(graph(end(), *back)).groups["end"].of == ("a", "b", "c")


def test_a_child_that_no_condition_asks_for_is_shown_and_not_counted() -> None:
    nodes = graph(end(condition("a", "b"), **{"ceterms:hasChild": [HERE + n for n in "abc"]}), *SIMPLE[2:])
    found = pathway(nodes)
    assert (found.groups["end"].of, found.groups["end"].optional) == (("a", "b", "c"), ("c",))
    assert "not counted" in guesses(nodes)


@pytest.mark.parametrize("part", ["ceterms:hasPart", "ceasn:hasPart", "ceterms:hasChild"])
def test_a_destination_that_nothing_leads_to_is_given_for_all_parts(part: str) -> None:
    nodes = graph(leaf("end"), *SIMPLE[2:], **{part: [HERE + n for n in ("a", "b", "c", "end")]})
    found = pathway(nodes)
    assert found.groups[found.root].of == ("a", "b", "c")
    assert found.groups[found.root].award[0].achievement == BADGE + "end"
    assert not found.groups[found.root].shortcut
    assert "does not say what leads to it" in guesses(nodes)


def test_without_a_destination_the_outermost_parts_are_needed() -> None:
    nodes = graph(end(condition("a", "b")), *SIMPLE[2:], destination=None)
    found = pathway(nodes)
    assert set(found.groups[found.root].of) == {"end", "c"}
    assert "no destination" in guesses(nodes)
    only = graph(leaf("end"))
    assert pathway(only).groups["pathway"].of == ("end",)
    two = graph(*SIMPLE[2:])
    two[0]["ceterms:hasDestinationComponent"] = [HERE + "a", HERE + "b"]
    assert pathway(two).groups["pathway"].of == ("a", "b")


@pytest.mark.parametrize(
    ("credit", "value", "unit", "name"),
    [
        ({"ceterms:creditValue": 3}, "3", "credit", "Credit"),
        ({"ceterms:creditValue": "1.5"}, "1.5", "credit", "Credit"),
        ({"ceterms:defaultCredits": ["2"]}, "2", "credit", "Credit"),
        (
            {"ceterms:creditUnitValue": 3, "ceterms:creditUnitType": "creditUnit:SemesterHours"},
            "3",
            "semester-hours",
            "Semester Hours",
        ),
        (
            {
                "ceterms:creditValue": [
                    {
                        "@type": "schema:QuantitativeValue",
                        "schema:value": "0.50",
                        "ceterms:creditUnitType": {"ceterms:targetNodeName": {"en": "ECTS"}},
                    }
                ]
            },
            "0.5",
            "ects",
            "ECTS",
        ),
        ({"ceterms:creditValue": {"schema:minValue": 2, "schema:maxValue": 4}}, "2", "credit", "Credit"),
    ],
)
def test_credit_has_three_spellings_and_many_forms(credit: Document, value: str, unit: str, name: str) -> None:
    found = pathway(graph(end(condition("a")), leaf("a", **credit)))
    stated = found.elements["a"].credit
    assert stated is not None
    assert (str(stated.value), stated.unit) == (value, unit)
    assert str(found.credit_units[unit].name) == name


def test_a_credit_that_is_no_number_is_left_out_and_told() -> None:
    nodes = graph(end(condition("a")), leaf("a", **{"ceterms:creditValue": "plenty"}))
    assert pathway(nodes).elements["a"].credit is None
    assert "cannot be read" in guesses(nodes)


@pytest.mark.parametrize(
    ("badges", "expected"),
    [
        ({"ceterms:proxyFor": BADGE + "x"}, [BADGE + "x"]),
        ({"ceterms:proxyFor": {"@id": BADGE + "x"}}, [BADGE + "x"]),
        ({"ceterms:sourceData": BADGE + "x"}, [BADGE + "x"]),
        ({"ceterms:proxyForItems": [BADGE + "x", BADGE + "y"]}, [BADGE + "x", BADGE + "y"]),
        ({"ceterms:proxyFor": BADGE + "x", "ceterms:sourceData": BADGE + "y"}, [BADGE + "x", BADGE + "y"]),
    ],
)
def test_the_badge_stands_in_one_of_three_places(badges: Document, expected: list[str]) -> None:
    node = leaf("a")
    del node["ceterms:proxyFor"]
    found = pathway(graph(end(condition("a")), {**node, **badges}))
    assert [rule.achievement for rule in found.elements["a"].match] == expected


@pytest.mark.parametrize("kind", ["ceterms:DigitalBadge", "ceterms:OpenBadge", TERMS + "OpenBadge"])
def test_a_badge_may_have_two_types_of_credential(kind: str) -> None:
    nodes = graph(end(condition("a")), leaf("a", **{"@type": "ceterms:BasicComponent", "ceterms:credentialType": kind}))
    assert pathway(nodes).elements["a"].match[0].achievement == BADGE + "a"
    assert guesses(nodes) == ""


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (leaf("a", **{"ceterms:credentialType": "ceterms:Certificate"}), "taken for a badge"),
        (leaf("a", **{"ceterms:proxyFor": "https://credentialengineregistry.org/resources/ce-1"}), "registry"),
        (leaf("a", **{"ceterms:proxyFor": None}), "which badge"),
        (leaf("a", **{"@type": "ceterms:CourseComponent", "ceterms:credentialType": None}), "no credential"),
        (leaf("a", **{"ceterms:name": None}), "does not name"),
    ],
)
def test_every_guess_about_a_part_is_told_and_written_down(node: Document, words: str) -> None:
    found = imported(graph(end(condition("a")), node))
    assert any(words in guess for guess in found.guesses)
    assert words in found.toml.decode()


def test_what_is_no_badge_has_to_be_attested() -> None:
    for node in (
        leaf("a", **{"ceterms:proxyFor": None}),
        leaf("a", **{"@type": "ceterms:JobComponent", "ceterms:credentialType": None}),
    ):
        assert pathway(graph(end(condition("a")), node)).elements["a"].match[0].attested == "advisor"


def test_targets_outside_the_file() -> None:
    part = condition("a", "b", **{"ceterms:requiredNumber": 2})
    part["ceterms:targetComponent"] = [HERE + "a", BADGE + "elsewhere", "_:lost"]
    found = pathway(graph(end(part), leaf("a")))
    _, elsewhere, lost = found.groups["end"].of
    assert found.elements[elsewhere].match[0].achievement == BADGE + "elsewhere"
    assert found.elements[lost].match[0].attested == "advisor"


def test_a_reference_may_give_the_registry_id_only() -> None:
    ctid = "ce-0a1b2c3d-0000-4000-8000-123456789abc"
    node = leaf("a", **{"@id": HERE + ctid})
    part = condition()
    part["ceterms:targetComponent"] = ["https://other.example/graph/" + ctid]
    assert pathway(graph(end(part), node)).groups["end"].of == ("a",)


UNREADABLE = {
    "constraint": condition(
        "a",
        **{"ceterms:hasConstraint": [{"@type": "ceterms:Constraint", "ceterms:description": {"en": "A mean of B"}}]},
    ),
    "not": condition("a", **{"ceterms:logicalOperator": "Not", "ceterms:description": {"en": "A mean of B"}}),
    "nothing": {"@type": "ceterms:ComponentCondition", "ceterms:description": {"en": "A mean of B"}},
    "sum": condition(
        "a",
        **{
            "ceterms:hasConstraint": {
                "@type": "ceterms:Constraint",
                "ceterms:leftSource": "ceterms:creditValue",
                "ceterms:leftAction": "mathAction:Sum",
                "ceterms:comparator": "comparator:gteq",
                "ceterms:rightSource": "A mean of B",
            }
        },
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_never_met_by_accident(what: str) -> None:
    nodes = graph(end(UNREADABLE[what]), leaf("a"))
    found = pathway(nodes)
    assert evaluate(found, (badge("a", achievement_id=BADGE + "a"),), TODAY).accepted.missing > 0
    attested = [one for one in found.elements.values() if one.match[0].attested]
    assert len(attested) == 1
    assert "A mean of B" in str(attested[0].description)
    assert "advisor" in guesses(nodes)


def test_a_constraint_on_the_number_of_parts_can_be_read() -> None:
    constraint = {
        "@type": "ceterms:Constraint",
        "ceterms:leftSource": ["ceterms:targetComponent"],
        "ceterms:comparator": "comparator:gteq",
        "ceterms:rightSource": ["2"],
    }
    part = condition("a", "b", "c", number=True, **{"ceterms:hasConstraint": [constraint]})
    assert pathway(graph(end(part), *SIMPLE[2:])).groups["end"].need == Need(children=2)


@pytest.mark.parametrize("key", ["ceterms:precedes", "ceterms:preceeds"])
def test_order_over_all_children_is_the_order_of_the_group(key: str) -> None:
    nodes = graph(
        end(condition("a", "b", "c")), leaf("a"), leaf("b", **{key: HERE + "a"}), leaf("c", **{key: [HERE + "b"]})
    )
    group = pathway(nodes).groups["end"]
    assert (group.of, group.ordered) == (("c", "b", "a"), "advice")


def test_order_between_some_is_advice_and_prerequisites_too() -> None:
    nodes = graph(
        end(condition("a", "b", "c")),
        leaf("a"),
        leaf("b", **{"ceterms:precededBy": HERE + "a"}),
        leaf("c", **{"ceterms:prerequisite": [HERE + "a"]}),
    )
    found = pathway(nodes)
    assert found.groups["end"].ordered == "no"
    assert found.elements["b"].requires == found.elements["c"].requires == ("a",)


def test_circles_are_cut_and_told() -> None:
    ring = [
        {**end(condition("x")), "@id": HERE + "x", "ceterms:name": "X"},
        {**end(condition("end")), "@id": HERE + "y"},
    ]
    nodes = graph(end(condition("a", "x")), leaf("a", **{"ceterms:prerequisite": HERE + "end"}), *ring)
    found = pathway(nodes)
    assert found.groups["end"].of == ("a", "x")
    assert found.elements["x"].match[0].attested == "advisor"
    assert "circle" in guesses(nodes)
    looped = condition("a", **{"@id": "_:loop", "ceterms:hasCondition": ["_:loop"]})
    assert "circle" in guesses(graph(end(looped), leaf("a")))


def test_a_destination_that_leads_only_to_itself_has_to_be_attested() -> None:
    found = pathway(graph(end(condition("end"))))
    assert found.groups[found.root].of == ("end",)
    assert found.elements["end"].match[0].attested == "advisor"


def test_a_language_that_is_no_tag_is_left_out_and_told() -> None:
    nodes = copy.deepcopy(SIMPLE)
    nodes[0]["ceterms:inLanguage"] = ["English", "fr"]
    assert pathway(nodes).language == "fr"
    assert "'English'" in guesses(nodes)


def test_languages_are_kept() -> None:
    nodes = copy.deepcopy(SIMPLE)
    nodes[0]["ceterms:name"] = {"en-US": "Welding", "@fr": "Soudage", "not a language": "?"}
    nodes[0]["ceterms:inLanguage"] = ["en-US"]
    found = pathway(nodes)
    assert (found.name.pick("fr"), found.language) == ("Soudage", "en-US")
    assert str(pathway([{**nodes[0], "@context": {"@language": "de"}}, *SIMPLE[1:]]).name) == "Welding"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("https://college.example/org", "college.example"),
        ({"@type": "ceterms:CredentialOrganization", "ceterms:name": {"en": "College"}}, "College"),
        ("_:org", "College"),
    ],
)
def test_the_publisher_is_named(owner: object, name: str) -> None:
    organisation = {"@id": "_:org", "@type": "ceterms:QACredentialOrganization", "ceterms:name": "College"}
    found = pathway([*graph(*SIMPLE[1:], **{"ceterms:ownedBy": [owner]}), organisation])
    assert found.publisher is not None
    assert found.publisher.name == name


def test_a_file_may_hold_several_pathways() -> None:
    other = json.loads(json.dumps(SIMPLE).replace("resources/", "resources/2-"))
    found = foreign.read(json.dumps([SIMPLE, other]).encode(), "two.json", today=TODAY)
    assert [one.pathway.id for one in found] == [HERE + "pathway", HERE + "2-pathway"]
    assert [len(one.pathway.elements) for one in found] == [3, 3]


# Refused


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"@type": "ceterms:Pathway", // a note\n"@id": "x"}', "comment"),
        (b'/* note */ {"@type": "ceterms:Pathway"}', "comment"),
        (b'{"@type": "ceterms:Pathway"', "not readable JSON"),
        (b'{"a": 1} {"a": 1, "a": 2}', "part 2 of 2"),
        (b'{"a": 1}', "no pathway in CTDL"),
        (b"[]", "no pathway in CTDL"),
        (b'{"@type": "ceterms:Pathway", "@id": "https://x.example/"}', "no parts"),
        (b'format = "badge-pathway/1"', "not JSON"),
        (b'{"format": "badge-pathway/1"}', "pathway file already"),
        (b"", "not JSON"),
    ],
)
def test_what_is_no_pathway_of_other_software_is_refused_with_a_next_step(data: bytes, words: str) -> None:
    with pytest.raises(DefinitionError, match=words) as caught:
        foreign.read(data, "file.json", today=TODAY)
    assert str(caught.value).startswith("file.json")
    assert caught.value.remedy


def test_a_file_without_a_pathway_is_no_ctdl() -> None:
    with pytest.raises(DefinitionError, match="describes no pathway"):
        ctdl.read(b"[]", "file.json", today=TODAY)


# The way out


def test_the_way_out_and_back_changes_nothing() -> None:
    exported = ctdl_write.write(json_form.tables(FULL))
    assert same(exported.data) == replace(definition.read(FULL, "p"), sha256="")
    assert imported(exported.data).guesses == ()


@settings(max_examples=40, deadline=None)
@given(tables(mapped=True))
def test_what_ctdl_has_words_for_goes_out_and_comes_back_without_loss(made: dict[str, object]) -> None:
    toml = emit.emit(made)
    exported = ctdl_write.write(json_form.tables(toml))
    assert exported.losses == ()
    assert same(exported.data) == replace(definition.read(toml, "p"), sha256="")


@settings(max_examples=30, deadline=None)
@given(tables())
def test_what_ctdl_cannot_say_comes_back_as_well(made: dict[str, object]) -> None:
    toml = emit.emit(made)
    exported = ctdl_write.write(json_form.tables(toml))
    assert same(exported.data) == replace(definition.read(toml, "p"), sha256="")


def test_ctdl_that_goes_in_and_out_is_the_same_pathway() -> None:
    made = imported(SIMPLE)
    again = same(ctdl_write.write(json_form.tables(made.toml)).data)
    assert again == replace(made.pathway, sha256="")


def test_the_loss_report_has_a_line_for_everything_that_ctdl_cannot_say() -> None:
    exported = ctdl_write.write(json_form.tables(FULL))
    report = exported.report.decode()
    for where, key in (
        ("The pathway", "equivalence"),
        ("The pathway", "trusted_issuers"),
        ("The pathway", "qualification"),
        ("The pathway", "credit_units"),
        ("The pathway", "x-colour"),
        ("The publisher", "support_url"),
        ("Group 'program'", "exclusive"),
        ("Group 'program'", "shortcut"),
        ("Group 'stages'", "ordered"),
        ("Group 'practice'", "need"),
        ("Element 'chemistry'", "accept"),
        ("Element 'chemistry'", "hours"),
        ("Element 'chemistry'", "offering"),
        ("Element 'hours'", "repeatable"),
        ("Element 'hours'", "reuse"),
        ("Element 'mentor'", "match"),
    ):
        assert f"{where}: {key} is not said" in report
    assert "nothing is lost" in ctdl_write.Exported(b"", ()).report.decode()


def test_what_others_read_of_it_is_ctdl() -> None:
    document = json.loads(ctdl_write.write(json_form.tables(FULL)).data)
    nodes = {node["@id"]: node for node in document["@graph"]}
    here = "https://badges.college.example/pathways/water"
    assert nodes[here]["ceterms:hasDestinationComponent"] == [here + "#program"]
    root = nodes[here + "#program"]
    assert root["@type"] == "ceterms:CredentialComponent"
    assert root["ceterms:proxyFor"] == "https://badges.college.example/program"
    assert root["ceterms:hasCondition"][0]["ceterms:requiredNumber"] == 2
    safety = nodes[here + "#safety"]
    assert safety["ceterms:prerequisite"] == [here + "#chemistry"]
    assert safety["ceterms:precededBy"] == [here + "#chemistry"]
    assert safety["ceterms:hasCondition"][0]["ceterms:requiredNumber"] == 1
    assert len(safety["ceterms:hasCondition"][0]["ceterms:targetComponent"]) == 2
    assert nodes[here + "#chemistry"]["ceterms:creditValue"][0]["schema:value"] == 0.5
    # Somebody else's program, which does not know our properties, never finds it easier.
    plain = json.loads(json.dumps(document))
    for node in plain["@graph"]:
        for key in [key for key in node if key.startswith("x-badge-pathway:")]:
            del node[key]
    assert all(not one.exclusive and not one.shortcut for one in pathway(plain).groups.values())


def test_the_day_of_the_import_stands_in_the_file() -> None:
    source = json_form.tables(imported(SIMPLE).toml)["x-source"]
    assert isinstance(source, dict)
    assert source["imported"] == date(2026, 11, 21)
    assert source["sha256"] == imported(SIMPLE).sha256
