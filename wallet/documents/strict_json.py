"""Reads JSON that somebody else wrote, and accepts exactly one meaning for it.

Python's own reader takes the last of two equal keys, turns 1e999 into infinity, guesses UTF-16 and lets half a surrogate
pair through. Another reader would see other values, and a badge that two readers see differently can be signed as one
thing and shown as another. So all of these are refused here (verification.md check 3, security.md T19 and T20). This module
does not know what a badge is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from wallet.limits import LIMITS, Limits
from wallet.model import Json, JsonObject
from wallet.text import clean

_BOM = b"\xef\xbb\xbf"
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Possessive, so that a string that never ends costs one pass and not a backtrack for every character.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_EMPTY_CONTAINER = re.compile(r"\[\s*\]|\{\s*\}")
_BRACKET = re.compile(r"[\[\]{}]")
_LARGEST, _SMALLEST = 2**63 - 1, -(2**63)
_LONGEST_INTEGER = len(str(_SMALLEST))


class JsonProblem(Exception):  # noqa: N818 - a finding about a document, made into an error only by who needs one
    """Why bytes are not strict JSON.

    code: "syntax", "duplicate-key", "number", "surrogate", "encoding", "too-deep" or "too-big". message: a clean sentence
    without its full stop. line and column count from 1, in characters.
    """

    def __init__(self, code: str, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
        self.column = column

    @property
    def limit(self) -> bool:
        """Whether it ran into a cap of ours: then nothing is said against the document."""
        return self.code in ("too-deep", "too-big")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document and whether a byte order mark stood before it."""

    value: Json
    bom: bool = False


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise JsonProblem("duplicate-key", f"The member “{clean(repeated, limit=60)}” is given twice in one object")
    return members


def _integer(digits: str) -> int:
    # The length is asked first: converting thousands of digits is slow, and Python refuses over 4,300 with another error.
    if len(digits) <= _LONGEST_INTEGER:
        number = int(digits)
        if _SMALLEST <= number <= _LARGEST:
            return number
    raise JsonProblem("number", "A whole number does not fit into 64 bits")


def _fraction(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise JsonProblem("number", "A number is too large to be read exactly")
    return number


def _constant(name: str) -> float:
    raise JsonProblem("number", f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant, strict=True
)


def _check_shape(text: str, limits: Limits) -> None:
    """Count values and depth before any of them is built: a megabyte of brackets would become 50 times as much memory."""
    openings = text.count("{") + text.count("[")
    if openings <= limits.json_depth and openings + text.count(",") < limits.json_nodes:
        return  # brackets and commas inside strings only make this estimate larger
    skeleton = _STRING.sub("", text)
    containers = skeleton.count("{") + skeleton.count("[") - _EMPTY_CONTAINER.subn("", skeleton)[1]
    if skeleton.count(",") + containers + 1 > limits.json_nodes:
        raise JsonProblem("too-big", f"The document holds more than {limits.json_nodes:,} values")
    depth = 0
    for bracket in _BRACKET.finditer(skeleton):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > limits.json_depth:
            raise JsonProblem("too-deep", f"The document is nested more than {limits.json_depth} levels deep")


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise JsonProblem(
            "encoding",
            "The text is not UTF-8",
            line=before.count(b"\n") + 1,
            column=len(before.rpartition(b"\n")[2].decode("utf-8")) + 1,
        ) from error


def parse(data: bytes, limits: Limits = LIMITS) -> Parsed:
    """The one JSON value that `data` holds. Raises `JsonProblem`, and nothing else, whatever the bytes are."""
    if len(data) > limits.credential_bytes:
        raise JsonProblem("too-big", f"The document is larger than {limits.credential_bytes:,} bytes")
    bom = data.startswith(_BOM)
    text = _decode(data[3:] if bom else data)
    _check_shape(text, limits)
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonProblem("syntax", f"It is not JSON: {error.msg}", line=error.lineno, column=error.colno) from error
    except RecursionError as error:  # a caller near the end of its own stack, or caps set wider than Python's
        raise JsonProblem("too-deep", "The document is nested too deeply to be read here") from error
    if _ESCAPED_SURROGATE.search(text):
        _refuse_lone_surrogates(value)
    return Parsed(value, bom)


def _refuse_lone_surrogates(value: Json) -> None:
    """Decoded UTF-8 cannot hold one, so only text with such an escape comes here; the encoder then finds it in C."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonProblem("surrogate", "A text holds half a character (a lone surrogate)") from error


def parse_object(data: bytes, limits: Limits = LIMITS) -> JsonObject:
    """The JSON object that `data` holds; raises `JsonProblem` for anything else."""
    value = parse(data, limits).value
    if not isinstance(value, Mapping):
        raise JsonProblem("syntax", "It is JSON, but not an object")
    return value


def dumps(value: Json) -> str:
    """`value` as compact ASCII JSON, members in the order they have."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def dumps_bytes(value: Json) -> bytes:
    """`dumps` as bytes."""
    return dumps(value).encode("ascii")
