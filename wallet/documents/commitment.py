"""How much work an achievement says it is: read from the extensions that issuers use for it, and from Open Badges 3.0.

The contexts of these extensions are not bundled, so their members would be dropped with all undefined ones: `stated` gives what
the survey of a document puts beside them under names that are defined. A figure that is odd in any way is none. Nothing here
says whether a figure is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final
from urllib.parse import urlsplit

from wallet.documents.contexts.openbadges2 import PREFIXES, PROPERTIES
from wallet.model import Commitment, Json, JsonObject

_HOURS, _ECTS, _OWN = "extensions:statedHours", "extensions:statedEcts", "extensions:timeCommitment"
_CREDITS: Final = "creditsAvailable"
_MOST_HOURS, _MOST_CREDITS = 100_000, 10_000
# Decimals beyond these are dust of floating numbers.
_DIGITS = 6
#: Members of an achievement that say nothing of this.
_USUAL: Final = frozenset({*PROPERTIES, "id", "type"} - {_CREDITS})
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6})?")
_SPAN = re.compile(r"PT(?=[0-9])(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)H)?(?:([0-9]{1,7}(?:\.[0-9]{1,6})?)M)?")
_RATIO = re.compile(r"[0-9]{1,15}/[1-9][0-9]{0,9}")
# Both public schemas of StudyLoad say hours. One family of software writes minutes all the same, and only the address of the
# extension's context tells which one wrote a badge.
_STUDY_LOADS: Final = {"edubadges.nl": 1, "openbadges.education": 60}


def stated(member: str, extension: JsonObject) -> dict[str, Json]:
    """What to put into an extension's object as written, with its member's short name. Mostly nothing."""
    name = _plain(member).removesuffix("extension")
    if name not in ("timeinvestment", "studyload", "ects"):
        return {}
    values = [value for key, value in extension.items() if _plain(key) == name]
    value = values[0] if len(values) == 1 else None
    if name == "ects":
        return _full(_ECTS, _amount(value, _MOST_CREDITS))
    per_hour = 1 if name == "timeinvestment" else _per_hour(extension.get("@context"))
    hours = _span(value) or _amount(value, _MOST_HOURS * (per_hour or 0), per_hour or 1)
    return _full(_HOURS, hours)


def _plain(name: str) -> str:
    return re.split(r"[:#/]", name)[-1].lower()


def _full(name: str, amount: Fraction | None) -> dict[str, Json]:
    return {name.replace("extensions:", PREFIXES["extensions"]): _write(amount)} if amount is not None else {}


def _per_hour(contexts: Json) -> int | None:
    """How many of the unit of a study load make an hour, by the hosts of its contexts; None: nobody can say."""
    found = {_unit_of(item) for item in _items(contexts)}
    return found.pop() if len(found) == 1 else None


def _unit_of(address: Json) -> int | None:
    try:
        host = urlsplit(address).hostname if isinstance(address, str) else None
    except ValueError:
        return None
    return next((unit for name, unit in _STUDY_LOADS.items() if f".{host}".endswith(f".{name}")), None)


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _amount(value: Json, most: int, divisor: int = 1) -> Fraction | None:
    """A number above nothing, written as one or as text."""
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, str) and len(value) <= 40:
        number = Fraction(value) if _NUMBER.fullmatch(value) or _RATIO.fullmatch(value) else None
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most:
        number = round(Fraction(value), _DIGITS)
    else:
        number = None
    return number / divisor if number is not None and 0 < number <= most else None


def _span(value: Json) -> Fraction | None:
    """A duration of ISO 8601 in hours and minutes. How many hours a day of learning has, nobody knows."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    hours = Fraction(found[1] or 0) + Fraction(found[2] or 0) / 60 if found is not None else Fraction(0)
    return hours if 0 < hours <= _MOST_HOURS else None


def read_commitment(node: JsonObject) -> Commitment | None:
    """The figures of an achievement. Several that differ are none."""
    if node.keys() <= _USUAL:  # as nearly all are
        return None
    names = [key for key in node if key.startswith("extensions:")]
    if not names and _CREDITS not in node:
        return None
    inside = [item for name in names for item in _items(node[name]) if isinstance(item, Mapping)]
    hours = _agreed(_amount(item.get(_HOURS), _MOST_HOURS) for item in inside if _HOURS in item)
    ects = _agreed(_amount(item.get(_ECTS), _MOST_CREDITS) for item in inside if _ECTS in item)
    credit = _amount(node.get(_CREDITS), _MOST_CREDITS)
    if hours is None and ects is None and credit is None:
        return None
    return Commitment(hours, _decimal(ects), _decimal(credit))


def _decimal(amount: Fraction | None) -> Decimal | None:
    return Decimal(amount.numerator) / amount.denominator if amount is not None else None


def _agreed(amounts: Iterable[Fraction | None]) -> Fraction | None:
    found = set(amounts)
    return found.pop() if len(found) == 1 else None


def write_commitment(commitment: Commitment | None) -> dict[str, Json]:
    """The members of an achievement that `read_commitment` reads back."""
    if commitment is None:
        return {}
    own: dict[str, Json] = {}
    if commitment.hours is not None:
        own[_HOURS] = _write(commitment.hours)
    if commitment.ects is not None:
        own[_ECTS] = _write(Fraction(commitment.ects))
    credit: dict[str, Json] = {} if commitment.credits is None else {_CREDITS: _write(Fraction(commitment.credits))}
    return {**({_OWN: own} if own else {}), **credit}


def _write(amount: Fraction) -> str:
    """In decimals where they are exact, else as a ratio: three times a third of an hour is an hour."""
    exact = 10**_DIGITS % amount.denominator == 0
    return f"{Decimal(amount.numerator) / amount.denominator:f}" if exact else str(amount)
