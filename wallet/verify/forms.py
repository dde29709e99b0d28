"""Whether one value has the form that the tables ask for, and what is worth saying about one that has. Knows no object.

The forms are those of `wallet.verify.tables`; what stands here is how each is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wallet.documents.openbadges2 import is_basic_format, parse_datetime
from wallet.model import Json, JsonObject
from wallet.verify import urls
from wallet.verify.dossier import identifier
from wallet.verify.tables import DataClass, Form, Property

#: The two shapes of a hashed identity (OB2 IdentityHash).
HASH = re.compile(r"(md5\$[0-9a-fA-F]{32}|sha256\$[0-9a-fA-F]{64})\Z")
_TELEPHONE = re.compile(r"\+[1-9][0-9]{1,14}\Z")


def any_letters(value: Json) -> bool:
    """Whether it is a text that says anything at all."""
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


def says_more(item: JsonObject) -> bool:
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


#: Whether a value has the form.
FORMS: dict[Form, Callable[[Json], bool]] = {
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


#: What is worth saying about a value that has its form, by the check of its property.
ADVICE: dict[str, Callable[[Json], str | None]] = {
    "structure.profile.url": _url_advice,
    "structure.profile.email": _email_advice,
    "structure.profile.telephone": _telephone_advice,
}


def told_at_once(prop: Property, data_class: DataClass) -> Callable[[str], bool] | None:
    """Of which texts there is nothing to say, told at once; None where that is not told at once."""
    if prop.form is Form.TYPE:
        # Of a class without words of its own no type is wrong.
        return frozenset(data_class.types).__contains__ if data_class.types else lambda _: True
    if prop.form is Form.TEXT:
        return any_letters
    if prop.form is Form.DATE:
        return _is_usual_date
    return FORMS[prop.form] if prop.form in _PLACES else None


#: Forms of which nothing but the form of a string is judged.
_PLACES = frozenset({Form.IRI, Form.LINK, Form.CLASS_ID, Form.PICTURE, Form.IRI_OR_OBJECT, Form.REFERENCE})


def _is_usual_date(value: str) -> bool:
    return parse_datetime(value) is not None and not is_basic_format(value)


#: Types of which every value has the form.
PLAIN: dict[Form, type] = {
    Form.TEXT: str,
    Form.MARKDOWN: str,
    Form.WORD: str,
    Form.HASHED_OR_PLAIN: str,
    Form.LETTERS: str,
    Form.IDENTITY_TYPE: str,
    Form.BOOLEAN: bool,
    Form.OBJECT: dict,
}
