"""Whether each part of a badge has the properties it must have, in the form they must have (OB2 Data Validation; 2.3).

Reads the tables of `wallet.verify.tables`; knows no other rule by heart than the few that a table cannot hold. Results are
cached by document, because a thousand badges share their classes and issuers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from wallet.documents.dates import is_well_written
from wallet.documents.languages import is_language_tag
from wallet.documents.openbadges2 import is_basic_format, parse_datetime
from wallet.model import Json, JsonObject
from wallet.verify import tables, urls
from wallet.verify.dossier import Content, Dossier, KeyCandidate, called_revoked, identifier, once, values
from wallet.verify.findings import Evidence, failed, note, passed, quote, undetermined, waits
from wallet.verify.report import DEPENDS, Finding, Role
from wallet.verify.tables import DataClass, Defect, Form, Property

#: The two shapes of a hashed identity (OB2 IdentityHash).
HASH = re.compile(r"(md5\$[0-9a-fA-F]{32}|sha256\$[0-9a-fA-F]{64})\Z")
_TELEPHONE = re.compile(r"\+[1-9][0-9]{1,14}\Z")
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
_Row = tuple[str, Defect, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a walk through one document met: the classes of its objects, and all defects."""

    classes: frozenset[str]
    defects: tuple[_Row, ...]


def structure(dossier: Dossier, own: Survey | None = None) -> Iterable[Finding]:
    """One finding for each property of each class in the badge, and a note for each blemish (checks 11 to 25).

    own: the survey of the credential, where it was made before.
    """
    parts = (
        (dossier.credential, tables.ASSERTION),
        (dossier.achievement, tables.BADGECLASS),
        (dossier.issuer, tables.PROFILE),
    )
    surveys = [
        (
            document,
            data_class,
            survey(document.content, data_class) if own is None or document.role is not Role.ASSERTION else own,
        )
        for document, data_class in parts
        if document is not None and document.content is not None and document.content.node is not None
    ]
    defects: dict[str, tuple[_Row, Evidence]] = {}
    notes: list[Finding] = []
    for document, _, found in surveys:
        for row in found.defects:
            check, amount = row[0], row[1]
            if amount is Defect.WARNING:
                notes.append(note(check, row[3], evidence=document.evidence))
            elif check not in defects or defects[check][0][1] is Defect.UNDETERMINED:
                defects[check] = (row, document.evidence)
    for part, data_class in parts:
        problem = part.content.problem if part is not None and part.content is not None else None
        if part is not None and problem is not None and problem.check.startswith("structure."):
            name = "type" if problem.check.endswith(".type") else "id"
            check = data_class.check(name)
            amount = Defect.FAILED if problem.failed else Defect.UNDETERMINED
            summary = f"The {name} of {data_class.words} is not usable. {problem.message.rstrip('.')}."
            defects[check] = ((check, amount, problem.cause, summary, None, None), part.evidence)
    met = frozenset().union(*(found.classes for _, _, found in surveys))
    findings: list[Finding] = []
    left = met
    for document, _, found in surveys:
        # A class that several documents hold is mentioned once, with the first of them.
        findings.extend(_all_passed(found.classes & left, document.evidence))
        left -= found.classes
    findings.extend(_all_waiting(tuple(data_class.name for data_class in tables.CORE if data_class.name not in met)))
    if defects:
        findings = [_finding(*defects[f.check]) if f.check in defects else f for f in findings]
    return (*findings, *notes)


@lru_cache(maxsize=512)
def _all_passed(classes: frozenset[str], evidence: Evidence) -> tuple[Finding, ...]:
    if not evidence:
        return _good_news(classes)
    # Each hosted badge rests on bytes of its own: made here at once, because nothing else will ever ask for these.
    return tuple(
        [Finding(good.check, good.outcome, good.summary, good.spec, evidence=evidence) for good in _good_news(classes)]
    )


@lru_cache(maxsize=64)
def _good_news(classes: frozenset[str]) -> tuple[Finding, ...]:
    return tuple(
        passed(data_class.check(prop.name), f"The “{prop.name}” of {data_class.words} is as it should be.")
        for data_class in tables.CLASSES.values()
        if data_class.name in classes
        for prop in data_class.properties
    )


@lru_cache(maxsize=64)
def _all_waiting(classes: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        waits(data_class.check(prop.name), f"This waits until {data_class.words} can be read.")
        for data_class in (tables.CLASSES[name] for name in classes)
        for prop in data_class.properties
    )


def _finding(row: _Row, evidence: Evidence) -> Finding:
    check, amount, cause, summary, expected, found = row
    say = failed if amount is Defect.FAILED else undetermined
    return say(check, cause, summary, expected=expected, found=found, evidence=evidence)


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


def older(row: _Row, version: str) -> _Row | None:
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
    rows: list[_Row] = []
    if not _is_usual(node, data_class, classes):
        classes.clear()
        _walk(node, data_class, classes, rows)
    return _met(frozenset(classes), tuple(rows))


@lru_cache(maxsize=256)
def _met(classes: frozenset[str], defects: tuple[_Row, ...]) -> Survey:
    """One object for all that are alike, which compare the quicker for it."""
    return Survey(classes, defects)


def _is_usual(node: JsonObject, data_class: DataClass, classes: set[str]) -> bool:
    """Whether `_walk` would find nothing, told by what is there instead of by all that could be. False when that is not plain."""
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
            if step.nested is None or not _says_more(value) or not _is_usual(value, step.nested, classes):
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


def _walk(node: JsonObject, data_class: DataClass, classes: set[str], rows: list[_Row]) -> None:
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
            if step.nested is not None and isinstance(item, dict) and _says_more(item):
                _walk(item, step.nested, classes, rows)
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
        plain = None if (prop.required and prop.form is Form.TEXT) or check in _ADVICE else _PLAIN.get(prop.form)
        good = _good(prop, data_class) if plain is None and check not in _ADVICE else None
        steps.append(_Step(prop.name, prop.required, prop, check, _ALIASES.get(check), nested, plain, good))
    return tuple(steps)


def _good(prop: Property, data_class: DataClass) -> Callable[[str], bool] | None:
    """What `_judge` has nothing to say about, told at once; None where that is not told at once."""
    if prop.form is Form.TYPE:
        # Of a class without words of its own no type is wrong.
        return frozenset(data_class.types).__contains__ if data_class.types else lambda _: True
    if prop.form is Form.TEXT:
        return _any_letters
    if prop.form is Form.DATE:
        return _is_usual_date
    return _FORMS[prop.form] if prop.form in _PLACES else None


#: Forms of which nothing but the form of a string is judged.
_PLACES = frozenset({Form.IRI, Form.LINK, Form.CLASS_ID, Form.PICTURE, Form.IRI_OR_OBJECT, Form.REFERENCE})


def _is_usual_date(value: str) -> bool:
    return parse_datetime(value) is not None and not is_basic_format(value)


_PLAIN: dict[Form, type] = {
    Form.TEXT: str,
    Form.MARKDOWN: str,
    Form.WORD: str,
    Form.HASHED_OR_PLAIN: str,
    Form.LETTERS: str,
    Form.IDENTITY_TYPE: str,
    Form.BOOLEAN: bool,
    Form.OBJECT: dict,
}


def _judge(found: Sequence[Json], data_class: DataClass, step: _Step, rows: list[_Row]) -> None:
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


def _types(found: Sequence[Json], data_class: DataClass, prop: Property, rows: list[_Row]) -> None:
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


def _blemish(check: str, summary: str) -> _Row:
    return (check, Defect.WARNING, "wrong-form", summary, None, None)


def _value(value: Json, data_class: DataClass, prop: Property, rows: list[_Row]) -> None:
    check = data_class.check(prop.name)
    if not _FORMS[prop.form](value):
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
    if check in _ADVICE:
        advice = _ADVICE[check](value)
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
    if prop.required and prop.form is Form.TEXT and not _any_letters(value):
        rows.append(_blemish(check, f"The “{prop.name}” of {data_class.words} is blank."))


def _any_letters(value: Json) -> bool:
    text = value.get("@value") if isinstance(value, dict) else value
    return isinstance(text, str) and bool(text.strip())


def _is_text(value: Json) -> bool:
    if isinstance(value, dict):
        tag = value.get("@language", "")
        return isinstance(value.get("@value"), str) and isinstance(tag, str) and set(value) <= {"@value", "@language"}
    return isinstance(value, str)


def _is_iri(value: Json) -> bool:
    return isinstance(value, str) and urls.is_iri(value)


def _is_link(value: Json) -> bool:
    return isinstance(value, str) and urls.parse(value) is not None


def _is_thing(value: Json) -> bool:
    """Whether it is an object with members, and not a text or a list written as one."""
    return isinstance(value, dict) and "@value" not in value and "@list" not in value


def _says_more(item: JsonObject) -> bool:
    """Whether it is an object that does more than refer to something."""
    return _is_thing(item) and (item.keys() != {"id"} or not isinstance(item["id"], str))


def _is_picture(value: Json) -> bool:
    if _is_thing(value):
        return True  # its id is looked at as a property of its own class
    return isinstance(value, str) and (urls.parse(value) is not None or value[:5].lower() == "data:")


def _is_reference(value: Json) -> bool:
    return _is_thing(value) or _is_iri(value)


def _is_entry(value: Json) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("id"), str) or isinstance(value.get("uid"), str | int)
    return isinstance(value, str)


_FORMS: dict[Form, Callable[[Json], bool]] = {
    Form.TEXT: _is_text,
    Form.MARKDOWN: _is_text,
    Form.WORD: _is_text,
    Form.IRI: lambda value: _is_iri(identifier(value)),
    Form.LINK: lambda value: _is_link(identifier(value)),
    Form.CLASS_ID: lambda value: _is_link(value) or (_is_iri(value) and str(value).lower().startswith("urn:")),
    Form.PICTURE: _is_picture,
    Form.DATE: lambda value: isinstance(value, str) and parse_datetime(value) is not None,
    Form.BOOLEAN: lambda value: isinstance(value, bool),
    Form.HOST: lambda value: isinstance(value, str) and urls.host_name(value) is not None,
    Form.OBJECT: _is_thing,
    Form.IRI_OR_OBJECT: _is_reference,
    Form.ENTRY: _is_entry,
    Form.REFERENCE: lambda value: _is_iri(identifier(value)),
    Form.TYPE: lambda value: isinstance(value, str),
    Form.IDENTITY_TYPE: lambda value: isinstance(value, str),
    Form.HASHED_OR_PLAIN: lambda value: isinstance(value, str),
    Form.LETTERS: lambda value: isinstance(value, str),
    Form.LANGUAGE: lambda value: isinstance(value, str),
    Form.VERSION: lambda value: _is_text(value) or (isinstance(value, int | float) and not isinstance(value, bool)),
}


def _url_advice(value: Json) -> str | None:
    return None if urls.is_http(identifier(value) or "") else "The issuer's url is not a web address."


def _email_advice(value: Json) -> str | None:
    return None if str(value).count("@") == 1 else "The issuer's email is not an e-mail address."


def _telephone_advice(value: Json) -> str | None:
    text = re.sub(r"[ ()./-]", "", str(value))
    return (
        None
        if _TELEPHONE.match(text)
        else "The issuer's telephone number is not written internationally, as in +33123456789."
    )


_ADVICE: dict[str, Callable[[Json], str | None]] = {
    "structure.profile.url": _url_advice,
    "structure.profile.email": _email_advice,
    "structure.profile.telephone": _telephone_advice,
}


def list_structure(dossier: Dossier) -> Iterable[Finding]:
    """The findings about the issuer's revocation list (check 19). A defect leaves open whether the badge was withdrawn.

    A hosted badge does not need the list: its defects are only mentioned.
    """
    listed = dossier.revocation_list
    if listed is None or listed.content is None or listed.content.node is None:
        return
    found = survey(listed.content, tables.REVOCATION_LIST)
    if not dossier.methods.signed:
        yield from (note(row[0], row[3], evidence=listed.evidence) for row in found.defects)
        return
    defects = {row[0]: row for row in found.defects if row[1] is not Defect.WARNING}
    for finding in _all_passed(frozenset({"revocationlist"}), listed.evidence):
        row = defects.get(finding.check)
        yield finding if row is None else _finding(row, listed.evidence)
    yield from (note(row[0], row[3], evidence=listed.evidence) for row in found.defects if row[1] is Defect.WARNING)


@lru_cache(maxsize=128)
def key_structure(candidate: KeyCandidate) -> tuple[Finding, ...]:
    """The findings about one key of the issuer (check 18). Defects leave open what the key could have proven."""
    found = survey_node(candidate.node or {}, tables.KEY)
    if not found.defects:
        return _all_passed(found.classes, candidate.evidence)
    broken = {row[0]: row for row in found.defects if row[1] is not Defect.WARNING}
    findings = [
        _finding(broken[finding.check], candidate.evidence) if finding.check in broken else finding
        for finding in _all_passed(found.classes, candidate.evidence)
    ]
    notes = [note(row[0], row[3], evidence=candidate.evidence) for row in found.defects if row[1] is Defect.WARNING]
    return (*findings, *notes)
