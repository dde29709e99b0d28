"""Single values of CTDL: texts in languages, web addresses, credits in the three spellings that occur."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from wallet.model import Json
from wallet.pathways.ctdl_graph import Graph, Node, Texts
from wallet.pathways.drafting import Draft, named, slug
from wallet.pathways.tables import ID

_URL = re.compile(r"https?://\S+")
_CREDITS = ("creditValue", "creditUnitValue", "defaultCredits")


def text_of(texts: Texts, language: str) -> object:
    """A text as the tables of a file have it: plain in the file's language, else one for each language. None: no text."""
    if not texts:
        return None
    if len(texts) == 1 and texts[0][0] in ("", language):
        return texts[0][1]
    return {tag: text for tag, text in texts if tag} or texts[0][1]


def web_address(graph: Graph, values: list[Json]) -> str | None:
    """The first http or https address among the values."""
    found = (graph.reference(value) for value in values)
    return next((one for one in found if one is not None and _URL.fullmatch(one)), None)


def whole_number(graph: Graph, value: Json) -> int | None:
    """A whole number, also where it is written as text or as an object with a value."""
    number = _number(graph, value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _number(graph: Graph, value: Json, depth: int = 0) -> Decimal | None:
    if isinstance(value, Mapping) and depth < 3:
        inner = value.get("@value")
        if inner is None:
            node = graph.get(value)
            inner = node.first("value", "minValue", "creditUnitValue", "maxValue") if node is not None else None
        return _number(graph, inner, depth + 1)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    # The reader of pathway files takes numbers that a person would write.
    fits = number.is_finite() and abs(number) < 10**9
    return number.normalize() + 0 if fits else None


def credit_of(graph: Graph, node: Node, draft: Draft, called: str) -> dict[str, object] | None:
    """The credit of a component; its unit is declared in the draft where it is new."""
    values = node.all(*_CREDITS)
    if not values:
        return None
    value = values[0]
    number = _number(graph, value)
    if number is None or number < 0:
        draft.guess(f"The credit of {called} cannot be read: {named(value)}.")
        return None
    if len(values) > 1:
        draft.guess(f"{called} states several credits; the first is taken.")
    inner = graph.get(value) if isinstance(value, Mapping) else None
    if inner is not None and inner.first("minValue") is not None and inner.first("value") is None:
        draft.guess(f"{called} states a range of credits; the lower end is taken.")
    unit, name = _unit(graph, inner, node)
    units = draft.top.setdefault("credit_units", {})
    if isinstance(units, dict) and unit not in units:
        units[unit] = {"name": name}
        if name == _UNKNOWN:
            draft.guess(f"The source does not say in which unit the credit of {called} is.")
    exponent = number.as_tuple().exponent
    return {"value": int(number) if isinstance(exponent, int) and exponent >= 0 else number, "unit": unit}


_UNKNOWN = "Credit"


def _unit(graph: Graph, value: Node | None, node: Node) -> tuple[str, str]:
    """The unit's id and its name."""
    for holder in (value, node):
        said = holder.first("creditUnitType", "unitText", "unitCode") if holder is not None else None
        if said is None:
            continue
        inner = graph.get(said) if isinstance(said, Mapping) else None
        code = graph.texts(inner.all("codedNotation")) if inner is not None else ()
        names = graph.texts(inner.all("targetNodeName", "name")) if inner is not None else ()
        word = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", graph.concept(said))
        name = names[0][1] if names else word
        if name:
            return (code[0][1] if code and ID.fullmatch(code[0][1]) else slug(name, "credit")), name
    return "credit", _UNKNOWN
