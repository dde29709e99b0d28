"""What extensions demand: our tables beside the published schemas, where copies of those are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wallet.documents.contexts.extensions import EXTENSION_CONTEXTS
from wallet.documents.jsonld import OB2_CONTEXT, normalise
from wallet.verify.extensions import SHAPES, Kind, Shape, Value, defects, extensions_in, name_of

REFERENCE = Path(__file__).parents[4] / "shared" / "contexts" / "ob-ext" / "v2"
BASE = "https://w3id.org/openbadges/extensions"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no copies of the published schemas here")
KINDS = {"string": Kind.TEXT, "number": Kind.NUMBER, "boolean": Kind.FLAG, "object": Kind.OBJECT, "array": Kind.TEXTS}


def shape_of(schema: dict, whole: dict) -> Shape:
    members = {
        # One published schema has "required" among its properties by mistake.
        name: value_of(inner, whole)
        for name, inner in schema.get("properties", {}).items()
        if isinstance(inner, dict)
    }
    return Shape(members, tuple(schema.get("required", ())))


def value_of(schema: dict, whole: dict) -> Value:
    if "oneOf" in schema:
        inner = value_of(schema["oneOf"][0], whole)
        return Value(inner.kind, True, inner.shape, inner.pattern, inner.format, inner.words)
    if "$ref" in schema:
        return value_of(whole["definitions"][schema["$ref"].rpartition("/")[2]], whole)
    inside = shape_of(schema, whole) if schema["type"] == "object" and "properties" in schema else None
    words = tuple(schema.get("enum", ()))
    return Value(KINDS[schema["type"]], False, inside, schema.get("pattern"), schema.get("format"), words)


@needs_reference
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_our_tables_say_what_the_published_schemas_say(name: str) -> None:
    schema = json.loads((REFERENCE / f"{name}.schema.json").read_text())
    theirs, ours = shape_of(schema, schema), SHAPES[name]
    assert dict(theirs.members) == dict(ours.members)
    assert set(theirs.required) == set(ours.required)


@needs_reference
def test_every_published_extension_has_a_table() -> None:
    assert {path.name.removesuffix(".schema.json") for path in REFERENCE.glob("*.schema.json")} == set(SHAPES)


def test_every_known_context_belongs_to_a_table() -> None:
    assert {name_of(address) for address in EXTENSION_CONTEXTS} == set(SHAPES)
    assert name_of("https://evil.example/extensions/applyLinkExtension/context.json") is None


def faults(name: str, /, **members: object) -> list[str]:
    """What is wrong with an extension, read as a badge's own reader would read it."""
    context = f"{BASE}/{name}/context.json"
    value = {"@context": context, "type": ["Extension", f"extensions:{name}"], **members}
    document = {"@context": OB2_CONTEXT, "id": "https://a.example/1", "type": "BadgeClass", "extensions:x": value}
    ((_, node),) = extensions_in(normalise(document).node)
    return list(defects(node, context))


UUID = "01234567-89ab-cdef-0123-456789abcdef"
ASSESSMENT = {
    "description": "A practical test.",
    "type": "Performance",
    "assessmentOutput": "A report",
    "hasGroupParticipation": False,
    "hasGroupEvaluation": False,
    "evaluationMethod": "By rubric",
    "rubrics": {
        "identifier": UUID,
        "title": "Safety",
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
        "rubricCriteria": [{"identifier": UUID, "weight": 2}, {"identifier": UUID, "caseUri": "https://c.example/1"}],
    },
}

GOOD = [
    ("applyLinkExtension", {"url": "https://a.example/apply"}),
    ("accessibilityExtension", {"accessibilityControl": ["mouse", "keyboard"], "url": "https://a.example"}),
    ("originalCreatorExtension", {"url": "https://a.example/creator"}),
    ("exampleExtension", {"exampleProperty": "words"}),
    ("extraDescription", {"name": "More", "narrative": "A lot more."}),
    ("geoCoordinatesExtension", {"description": "Here", "geo": {"latitude": 45.5, "longitude": -122}}),
    (
        "issuerAccreditationExtension",
        {
            "name": "Board",
            "contactInstructions": "Write",
            "url": "https://board.example",
            "address": {"streetAddress": "1 Road"},
            "accreditationDate": "2020-02-29",
        },
    ),
    ("licenseExtension", {"id": "CC-BY", "name": "By"}),
    ("endorsement", {"description": "Good", "endorsedObject": {"id": "https://a.example/2", "type": "Assertion"}}),
    ("recipientProfile", {"name": "Mina"}),
    ("assessmentExtension", {"description": "Tests", "assessments": [ASSESSMENT, ASSESSMENT]}),
]


@pytest.mark.parametrize(("name", "members"), GOOD, ids=[name for name, _ in GOOD])
def test_a_good_extension_has_no_fault(name: str, members: dict) -> None:
    assert faults(name, **members) == []


@pytest.mark.parametrize(
    ("name", "members", "fault"),
    [
        ("applyLinkExtension", {}, "its “url” is missing"),
        ("applyLinkExtension", {"url": "here"}, "its “url” is no address"),
        ("applyLinkExtension", {"url": ["https://a.example", "https://b.example"]}, "its “url” has several values"),
        ("applyLinkExtension", {"url": 5}, "its “url” should be text"),
        ("accessibilityExtension", {"accessibilityControl": [1, 2]}, "its “accessibilityControl” should be text"),
        ("geoCoordinatesExtension", {"description": "x", "geo": "x"}, "its “geo” should be an object"),
        (
            "geoCoordinatesExtension",
            {"description": "x", "geo": {"latitude": True, "longitude": 1}},
            "its “geo.latitude” should be a number",
        ),
        ("licenseExtension", {"id": "https://a.example/by", "name": "By"}, "its “id” is not written as it should be"),
        (
            "assessmentExtension",
            {"description": "x", "assessments": {**ASSESSMENT, "type": "Exam2"}},
            "its “assessments.type” should be one of Exam, Performance, Artifact",
        ),
        (
            "assessmentExtension",
            {"description": "x", "assessments": {**ASSESSMENT, "hasGroupEvaluation": "no"}},
            "its “assessments.hasGroupEvaluation” should be true or false",
        ),
        (
            "assessmentExtension",
            {"description": "x", "assessments": {**ASSESSMENT, "rubrics": {"lastChangeDateTime": "today"}}},
            "its “assessments.rubrics.lastChangeDateTime” is no date with time and zone",
        ),
    ],
)
def test_a_fault_of_an_extension_is_named(name: str, members: dict, fault: str) -> None:
    assert fault in faults(name, **members)
