"""What the published Open Badges extensions demand of their objects, as tables of this project (verification.md checks 61 to 63).

Facts, and the plain walk that compares an object with them; `checks.extension` makes findings of it. An extension's members
come here in the compacted form of `wallet.documents.jsonld`, where they go by the IRIs that the extension's context gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from wallet.documents.contexts.extensions import EXTENSION_CONTEXTS
from wallet.documents.contexts.openbadges2 import PREFIXES, TERM_OF_IRI
from wallet.documents.dates import parse_datetime
from wallet.model import Json, JsonObject
from wallet.verify import urls
from wallet.verify.dossier import Content, identifier, once, values


class Kind(StrEnum):
    """What a value must be. The words are used in sentences: "should be ..."."""

    TEXT = "text"
    NUMBER = "a number"
    FLAG = "true or false"
    OBJECT = "an object"
    TEXTS = "a list of texts"


@dataclass(frozen=True, slots=True)
class Value:
    """One member. many: a list of such values may stand there as well. format: as JSON Schema names it."""

    kind: Kind = Kind.TEXT
    many: bool = False
    shape: Shape | None = None
    pattern: str | None = None
    format: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its members by name, and those that must be there."""

    members: Mapping[str, Value] = field(default_factory=dict)
    required: tuple[str, ...] = ()


_TEXT, _NUMBER, _FLAG = Value(), Value(Kind.NUMBER), Value(Kind.FLAG)
_ADDRESS = Value(format="uri")
_MOMENT = Value(format="date-time")
_UUID = Value(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
_DAY = Value(pattern=r"^([0-9]{4})(-?)(1[0-2]|0[1-9])\2(3[01]|0[1-9]|[12][0-9])$")


def _texts(names: str) -> dict[str, Value]:
    return dict.fromkeys(names.split(), _TEXT)


def _object(shape: Shape, *, many: bool = False) -> Value:
    return Value(Kind.OBJECT, many, shape)


_CASE = {"identifier": _UUID, "lastChangeDateTime": _MOMENT, "caseUri": _ADDRESS}
_LEVEL = Shape(
    {**_CASE, **_texts("quality description feedback"), "score": _NUMBER, "position": _NUMBER},
    ("identifier", "description"),
)
_CRITERION = Shape(
    {
        **_CASE,
        **_texts("category description"),
        "weight": _NUMBER,
        "position": _NUMBER,
        "criterionLevels": _object(_LEVEL, many=True),
    },
    ("identifier",),
)
_RUBRIC = Shape(
    {**_CASE, "title": _TEXT, "rubricCriteria": _object(_CRITERION, many=True)},
    ("identifier", "rubricCriteria", "title"),
)
_QUESTION = Shape(
    {
        "type": Value(words=("ExternalQuestion", "FileQuestion", "TextQuestion")),
        **_texts("text rubricId"),
        "url": _ADDRESS,
        "required": _FLAG,
        "wordLimit": _NUMBER,
        "characterLimit": _NUMBER,
    },
    ("type", "text"),
)
_SECTION = Shape(
    {
        **_texts("title description rubricId"),
        "url": _ADDRESS,
        "required": _FLAG,
        "questions": _object(_QUESTION, many=True),
    }
)
_ASSESSMENT = Shape(
    {
        **_texts("description assessmentOutput evaluationMethod scoringMethodExampleDescription"),
        "type": Value(words=("Exam", "Performance", "Artifact")),
        "hasGroupParticipation": _FLAG,
        "hasGroupEvaluation": _FLAG,
        "assessmentExample": _ADDRESS,
        "assessmentEvaluation": _ADDRESS,
        "rubrics": _object(_RUBRIC, many=True),
        "sections": _object(_SECTION, many=True),
    },
    ("description", "type", "assessmentOutput", "hasGroupParticipation", "hasGroupEvaluation", "evaluationMethod"),
)
_POSTAL = Shape(_texts("streetAddress addressLocality addressRegion addressCountry postalCode"))
_APPLY = Shape({"url": _ADDRESS}, ("url",))

#: Name of an extension, as in the address of its context -> its object.
SHAPES: dict[str, Shape] = {
    "accessibilityExtension": Shape(
        {
            **_texts("accessibilityAPI accessibilityFeature accessibilityHazard"),
            "accessibilityControl": Value(Kind.TEXTS),
            "url": _ADDRESS,
        }
    ),
    "applyLinkExtension": _APPLY,
    "assessmentExtension": Shape(
        {"description": _TEXT, "assessments": _object(_ASSESSMENT, many=True)}, ("description", "assessments")
    ),
    "endorsement": Shape({"description": _TEXT, "endorsedObject": Value(Kind.OBJECT)}, ("description",)),
    "exampleExtension": Shape({"exampleProperty": _TEXT}, ("exampleProperty",)),
    "extraDescription": Shape(_texts("name narrative"), ("name", "narrative")),
    "geoCoordinatesExtension": Shape(
        {
            **_texts("name description"),
            "geo": _object(Shape({"latitude": _NUMBER, "longitude": _NUMBER}, ("latitude", "longitude"))),
        },
        ("description", "geo"),
    ),
    "issuerAccreditationExtension": Shape(
        {
            **_texts("name contactInstructions email description areaServed educationalSector"),
            "url": _ADDRESS,
            "logo": _ADDRESS,
            "address": _object(_POSTAL),
            "parentOrganization": _object(Shape({"name": _TEXT, "url": _ADDRESS, "address": _object(_POSTAL)})),
            "accreditationDate": _DAY,
        },
        ("name", "contactInstructions", "url", "address"),
    ),
    "licenseExtension": Shape(
        {"id": Value(pattern=r"^CC\-"), "name": _TEXT, "legalCode": Value(format="url")}, ("id", "name")
    ),
    "originalCreatorExtension": _APPLY,
    "recipientProfile": Shape({"id": _TEXT, "name": _TEXT, "publicKey": _ADDRESS}),
}


def name_of(context: str) -> str | None:
    """The extension whose context stands at this address, if it is one of those known here."""
    name = next((part for part in reversed(context.split("/")[:-1]) if part in SHAPES), None)
    return name if context in EXTENSION_CONTEXTS else None


@lru_cache(maxsize=64)
def _spellings(context: str) -> Mapping[str, tuple[str, ...]]:
    """For each term of an extension's context, the names under which a compacted object may hold it."""
    terms = EXTENSION_CONTEXTS[context]
    # As written, too: JSON-LD 1.1 does not take every term for a prefix that one context uses as one.
    return {term: (*_names(_full(meaning, terms)), meaning) for term, meaning in terms.items()}


def _full(short: str, terms: Mapping[str, str]) -> str:
    prefix, colon, rest = short.partition(":")
    base = terms.get(prefix, PREFIXES.get(prefix)) if colon and not rest.startswith("//") else None
    return f"{_full(base, terms) if base != short else base}{rest}" if base is not None else short


def _names(iri: str) -> tuple[str, ...]:
    short = f"extensions:{iri.removeprefix(PREFIXES['extensions'])}" if iri.startswith(PREFIXES["extensions"]) else iri
    return tuple(dict.fromkeys((TERM_OF_IRI.get(iri, iri), short, iri)))


def defects(node: JsonObject, context: str) -> Iterator[str]:
    """What is wrong with an extension's object, each as a sentence part: "its “url” is missing"."""
    yield from _object_defects(node, SHAPES[name_of(context) or ""], _spellings(context), "")


def _object_defects(node: JsonObject, shape: Shape, spelt: Mapping[str, tuple[str, ...]], path: str) -> Iterator[str]:
    for name, value in shape.members.items():
        found = _found(node, name, spelt)
        where = f"{path}{name}"
        if not found:
            if name in shape.required:
                yield f"its “{where}” is missing"
        elif len(found) > 1 and not (value.many or value.kind is Kind.TEXTS):
            yield f"its “{where}” has several values"
        else:
            for item in found:
                yield from _value_defects(item, value, spelt, where)


def _found(node: JsonObject, name: str, spelt: Mapping[str, tuple[str, ...]]) -> tuple[Json, ...]:
    names = spelt.get(name, (name,))
    return next((found for spelling in names if (found := values(node, spelling))), ())


def _value_defects(item: Json, value: Value, spelt: Mapping[str, tuple[str, ...]], where: str) -> Iterator[str]:
    if value.kind is Kind.OBJECT:
        if not isinstance(item, Mapping):
            yield f"its “{where}” should be {value.kind}"
        elif value.shape is not None:
            yield from _object_defects(item, value.shape, spelt, f"{where}.")
        return
    if value.kind is Kind.NUMBER:
        right = isinstance(item, int | float) and not isinstance(item, bool)
    elif value.kind is Kind.FLAG:
        right = isinstance(item, bool)
    else:
        # An address may come out of the compaction as a reference.
        text = identifier(item)
        right = text is not None
        if text is not None:
            yield from _text_defects(_last(text) if value.words else text, value, where)
    if not right:
        yield f"its “{where}” should be {Kind.TEXT if value.kind is Kind.TEXTS else value.kind}"


def _last(word: str) -> str:
    """A type of the assessment extension, whose IRIs begin with the extension's own name."""
    return word.rpartition("AssessmentExtension")[2]


def _text_defects(text: str, value: Value, where: str) -> Iterator[str]:
    if value.words and text not in value.words:
        yield f"its “{where}” should be one of {', '.join(value.words)}"
    if value.pattern is not None and not re.search(value.pattern, text):
        yield f"its “{where}” is not written as it should be"
    if value.format in ("uri", "url") and not urls.is_iri(text):
        yield f"its “{where}” is no address"
    if value.format == "date-time" and parse_datetime(text) is None:
        yield f"its “{where}” is no date with time and zone"


def extensions_in(node: JsonObject) -> Iterator[tuple[str, Json]]:
    """Every value of a member in the namespace of extensions, with that member's name, wherever it stands in `node`."""
    for name, member in node.items():
        for item in member if isinstance(member, list) else [member]:
            if name.startswith("extensions:"):
                yield name, item
            elif isinstance(item, Mapping):
                yield from extensions_in(item)


@once
def extended(content: Content) -> bool:
    """Whether a document holds an extension. One that was read on the fast path has no member with a colon in its name."""
    return content.extended and any(extensions_in(content.node or {}))
