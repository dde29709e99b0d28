"""The walk through one document, object by object, comparing each with its table (OB2 Data Validation; 2.3).

Knows no other rule by heart than the few that a table cannot hold. Gives defects, not findings; results are kept by document,
because a thousand badges share their classes and issuers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from wallet.documents.dates import is_well_written
from wallet.documents.languages import is_language_tag
from wallet.documents.openbadges2 import is_basic_format
from wallet.model import Json, JsonObject
from wallet.verify import tables, urls
from wallet.verify.dossier import Content, called_revoked, once, values
from wallet.verify.findings import quote
from wallet.verify.forms import ADVICE, FORMS, HASH, PLAIN, any_letters, says_more, told_at_once
from wallet.verify.report import DEPENDS
from wallet.verify.tables import DataClass, Defect, Form, Property

_CLASS_WORDS = frozenset(name for data_class in tables.CLASSES.values() for name in data_class.types)

#: The context has two names for one property, and Open Badges 1.x another spelling.
_ALIASES = {
    "structure.assertion.verification": "verify",
    "structure.assertion.revoked": "revokedAssertions",
    "structure.endorsement.revoked": "revokedAssertions",
    "structure.revocationlist.revokedAssertions": "revoked",
}
_NEVER_EXCUSED = {"assertion": ("id",), "endorsement": ("id", "issuer")}

#: A defect as found: the check, what it amounts to, its cause, a sentence, what was expected and found.
Row = tuple[str, Defect, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a walk through one document met: the classes of its objects, and all defects."""

    classes: frozenset[str]
    defects: tuple[Row, ...]


@once
def survey(content: Content, data_class: DataClass) -> Survey:
    """The walk through one document. Contents compare by identity, and gathering shares them between badges."""
    found = survey_node(content.node or {}, data_class)
    if content.version != "2.0":
        found = Survey(found.classes, tuple(row for each in found.defects if (row := older(each, content.version))))
    if content.language_ok or not any(prop.form is Form.LANGUAGE for prop in data_class.properties):
        return found
    summary = f"The language that {data_class.words} names for its texts is no language tag such as en or pt-BR."
    return Survey(found.classes, (*found.defects, _blemish(data_class.check("@language"), summary)))


def older(row: Row, version: str) -> Row | None:
    """A defect by the rules of a version before 2.0: what need not be there, and what 0.5 has no place for."""
    check, _, cause, _, expected, found = row
    if cause != "missing-property":
        return row
    if check == "structure.profile.email" or (check == "structure.assertion.issuedOn" and version == "0.5"):
        return None
    if check == "structure.assertion.id" and version == "0.5":
        return (check, Defect.UNDETERMINED, DEPENDS, "This waits until its address is known.", expected, found)
    return row


def survey_node(node: JsonObject, data_class: DataClass) -> Survey:
    """The walk through one object and all that stand inside it."""
    classes: set[str] = set()
    rows: list[Row] = []
    if not is_usual(node, data_class, classes):
        classes.clear()
        walk(node, data_class, classes, rows)
    return _met(frozenset(classes), tuple(rows))


@lru_cache(maxsize=256)
def _met(classes: frozenset[str], defects: tuple[Row, ...]) -> Survey:
    """One object for all that are alike, which compare the quicker for it."""
    return Survey(classes, defects)


def is_usual(node: JsonObject, data_class: DataClass, classes: set[str]) -> bool:
    """Whether `walk` would find nothing, told by what is there instead of by all that could be. False when that is not plain."""
    usual = _usual(data_class)
    if data_class in _CONDITIONS or not usual.required <= node.keys():
        return False
    classes.add(data_class.name)
    for name, value in node.items():
        step = usual.steps.get(name)
        if step is None:
            if name in usual.aliases:
                return False
        elif type(value) is str:
            if step.plain is not str and (step.good is None or not step.good(value)):
                return False
        elif type(value) is not step.plain:
            return False
        elif isinstance(value, dict):
            if step.nested is None or not says_more(value) or not is_usual(value, step.nested, classes):
                return False
        elif data_class is tables.IDENTITY and value is True:
            return False  # what is called hashed has to be a hash
    return True


class _Usual(NamedTuple):
    """One class, by the names that its members mostly have."""

    steps: Mapping[str, _Step]
    aliases: frozenset[str]
    required: frozenset[str]


@lru_cache(maxsize=64)
def _usual(data_class: DataClass) -> _Usual:
    plan = _plan(data_class)
    return _Usual(
        {step.name: step for step in plan},
        frozenset(step.alias for step in plan if step.alias is not None),
        frozenset(step.name for step in plan if step.required),
    )


#: Classes with a rule about their members together.
_CONDITIONS = frozenset({tables.HOSTING, tables.CRITERIA})


def walk(node: JsonObject, data_class: DataClass, classes: set[str], rows: list[Row]) -> None:
    """Look at one object and all inside it: add the classes that are met to `classes`, and what is wrong to `rows`."""
    classes.add(data_class.name)
    # OB2: of an assertion that was withdrawn only id and revoked are required, of an endorsement also its issuer.
    excused = data_class in (tables.ASSERTION, tables.ENDORSEMENT) and called_revoked(node)
    for step in _plan(data_class):
        value = node.get(step.name)
        if step.alias is not None and (other := node.get(step.alias)) is not None:
            value = other if value is None else [*values(node, step.name), *values(node, step.alias)]
        if value is None and not step.required:
            continue
        if value is None or value == []:
            prop = step.prop
            empty_list = value is not None and prop.form is Form.ENTRY
            if step.required and not empty_list and not (excused and prop.name not in _NEVER_EXCUSED[data_class.name]):
                summary = f"{data_class.start} has no “{prop.name}”."
                rows.append((step.check, prop.missing, "missing-property", summary, prop.form.value, None))
            continue
        if step.good is not None and type(value) is str and step.good(value):
            continue
        if step.plain is not None and type(value) is step.plain:
            if step.nested is None or not isinstance(value, dict):
                continue
            found: Sequence[Json] = (value,)
            if "@value" in value or "@list" in value:
                _judge(found, data_class, step, rows)
        else:
            found = value if isinstance(value, list) else (value,)
            _judge(found, data_class, step, rows)
        for item in found:
            if step.nested is not None and isinstance(item, dict) and says_more(item):
                walk(item, step.nested, classes, rows)
    if data_class is tables.IDENTITY and node.get("hashed") is True:
        identity = node.get("identity")
        # A plain e-mail marked as hashed is published by Moodle and compared as plain; anything else names nobody.
        if isinstance(identity, str) and not HASH.match(identity) and identity.count("@") != 1:
            summary = "The recipient is marked as hashed, but the value is no hash."
            rows.append(
                (
                    "structure.identity.identity",
                    Defect.FAILED,
                    "wrong-form",
                    summary,
                    "md5$… or sha256$…",
                    identity[:200],
                )
            )
    if data_class is tables.HOSTING and any(value != "id" for value in values(node, "verificationProperty")):
        summary = "The issuer's rule for hosted badges is about another property than the id, which is not read here."
        rows.append((data_class.check("verificationProperty"), Defect.UNDETERMINED, "wrong-form", summary, "id", None))
    if data_class is tables.CRITERIA and node.get("id") is None and node.get("narrative") is None:
        summary = "The criteria have neither an address nor a narrative."
        rows.append(("structure.criteria.id", Defect.FAILED, "missing-property", summary, "id or narrative", None))


@dataclass(frozen=True, slots=True)
class _Step:
    """One property, with all that can be known about it beforehand.

    plain: a value of this very type needs no second look. good: nor does a string of which this holds.
    """

    name: str
    required: bool
    prop: Property
    check: str
    alias: str | None
    nested: DataClass | None
    plain: type | None
    good: Callable[[str], bool] | None


@lru_cache(maxsize=64)
def _plan(data_class: DataClass) -> tuple[_Step, ...]:
    steps = []
    for prop in data_class.properties:
        check = data_class.check(prop.name)
        nested = tables.CLASSES[prop.nested] if prop.nested is not None else None
        # What is required must not be blank either, and some texts get advice.
        plain = None if (prop.required and prop.form is Form.TEXT) or check in ADVICE else PLAIN.get(prop.form)
        good = told_at_once(prop, data_class) if plain is None and check not in ADVICE else None
        steps.append(_Step(prop.name, prop.required, prop, check, _ALIASES.get(check), nested, plain, good))
    return tuple(steps)


def _judge(found: Sequence[Json], data_class: DataClass, step: _Step, rows: list[Row]) -> None:
    """The values of one property."""
    prop = step.prop
    if len(found) > 1 and not prop.many and not _one_text(prop, found):
        summary = f"{data_class.start} has {len(found)} values of “{prop.name}”, and may have one."
        rows.append((step.check, prop.malformed, "too-many", summary, "one value", f"{len(found)} values"))
    elif prop.form is Form.TYPE:
        _types(found, data_class, prop, rows)
    else:
        for value in found:
            _value(value, data_class, prop, rows)


def _one_text(prop: Property, found: Sequence[Json]) -> bool:
    """Whether several values are one text in several languages."""
    if prop.form not in (Form.TEXT, Form.MARKDOWN):
        return False
    languages = [value.get("@language") if isinstance(value, dict) else None for value in found]
    return all(isinstance(tag, str) for tag in languages) and len(set(languages)) == len(found)


def _types(found: Sequence[Json], data_class: DataClass, prop: Property, rows: list[Row]) -> None:
    check = data_class.check("type")
    # Reading the document made sure that types are words or IRIs.
    kinds = [value for value in found if isinstance(value, str)]
    if data_class.types and not any(kind in data_class.types for kind in kinds):
        expected = " or ".join(data_class.types)
        summary = f"The type of {data_class.words} is {quote(', '.join(kinds))}, and should be {expected}."
        rows.append((check, prop.malformed, "wrong-form", summary, expected, ", ".join(kinds)[:200]))
    elif data_class.types:
        for kind in kinds:
            if kind not in _CLASS_WORDS and kind != "Extension" and not urls.is_iri(kind):
                rows.append(
                    _blemish(check, f"The additional type {quote(kind)} of {data_class.words} has no meaning here.")
                )


def _blemish(check: str, summary: str) -> Row:
    return (check, Defect.WARNING, "wrong-form", summary, None, None)


def _value(value: Json, data_class: DataClass, prop: Property, rows: list[Row]) -> None:
    check = data_class.check(prop.name)
    if not FORMS[prop.form](value):
        cause, hint = "wrong-form", ""
        if prop.form is Form.DATE:
            cause, hint = "bad-date", ", as in 2026-01-31T12:00:00Z"
        elif prop.form is Form.HOST:
            cause, hint = "origins-format", " without scheme, port or path"
        found = value if isinstance(value, str) else None
        shown = f"is {quote(found)}, and should be" if found is not None else "should be"
        summary = f"The “{prop.name}” of {data_class.words} {shown} {prop.form.value}{hint}."
        if prop.form is Form.DATE and found is not None and is_well_written(found):
            summary = f"The “{prop.name}” of {data_class.words} is {quote(found)}, and there is no such day or time."
        rows.append(
            (check, prop.malformed, cause, summary, prop.form.value, found[:200] if found is not None else None)
        )
        return
    if check in ADVICE:
        advice = ADVICE[check](value)
        if advice is not None:
            rows.append(_blemish(check, advice))
    if isinstance(value, dict) and not is_language_tag(str(value.get("@language", "en"))):
        rows.append(
            _blemish(check, f"The language named for the “{prop.name}” of {data_class.words} is no language tag.")
        )
    if prop.form is Form.DATE and isinstance(value, str) and is_basic_format(value):
        rows.append(
            _blemish(check, f"“{prop.name}” is written in ISO 8601's basic form, which other software may not read.")
        )
    if prop.required and prop.form is Form.TEXT and not any_letters(value):
        rows.append(_blemish(check, f"The “{prop.name}” of {data_class.words} is blank."))
