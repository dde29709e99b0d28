"""Writes a new pathway file in TOML. Only ever new ones: a file of the learner's is never rewritten, its comments are theirs.

`emit` spells tables as a person would: plain values first, then one heading for each table, alternatives below each other.
`template` is the commented file that `pathway new` begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from wallet.text import clean

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
# Where a table gets a heading of its own: below these keys, `*` for any id. Everything else is written in its line.
_HEADED = (
    ("publisher",),
    ("accept",),
    ("credit_units", "*"),
    ("group", "*"),
    ("element", "*"),
    ("element", "*", "accept"),
)
_HEADED_LISTS = (("qualification",), ("element", "*", "offering"), ("equivalence",))
_LONGEST_LINE = 100


def emit(table: Mapping[str, object], comments: Sequence[str] = ()) -> bytes:
    """The file with these tables. `comments` stand before them; each becomes one line whatever is in it."""
    lines = [f"# {clean(comment, limit=2_000)}".rstrip() for comment in comments]
    lines += [""] if comments else []
    lines += _table((), table)
    return ("\n".join(lines) + "\n").encode()


def _table(path: tuple[str, ...], table: Mapping[str, object]) -> Iterator[str]:
    later: list[tuple[str, object]] = []
    for key, value in table.items():
        if _headed(path, key, value):
            later.append((key, value))
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in later:
        inner = (*path, key)
        if isinstance(value, Mapping):
            if _like(inner, _HEADED):
                yield ""
                yield f"[{_dotted(inner)}]"
            yield from _table(inner, value)
        elif isinstance(value, Sequence):
            for item in value:
                yield ""
                yield f"[[{_dotted(inner)}]]"
                yield from _table(inner, item)


def _headed(path: tuple[str, ...], key: str, value: object) -> bool:
    inner = (*path, key)
    if isinstance(value, Mapping):
        holds = inner in (("credit_units",), ("group",), ("element",)) and bool(value)
        return (holds and all(isinstance(item, Mapping) for item in value.values())) or _like(inner, _HEADED)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _like(inner, _HEADED_LISTS) and bool(value) and all(isinstance(item, Mapping) for item in value)
    return False


def _like(path: tuple[str, ...], patterns: Sequence[tuple[str, ...]]) -> bool:
    return any(
        len(path) == len(pattern) and all(want in ("*", have) for have, want in zip(path, pattern, strict=True))
        for pattern in patterns
    )


def _dotted(path: Sequence[str]) -> str:
    return ".".join(map(_key, path))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int():
            return str(value)
        case Decimal():
            return _number(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(str(key))} = {_value(item)}" for key, item in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case Sequence():
            return _list([_value(item) for item in value])
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")


def _list(items: Sequence[str]) -> str:
    line = f"[{', '.join(items)}]"
    if len(line) <= _LONGEST_LINE or len(items) == 1:
        return line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _number(value: Decimal) -> str:
    if not value.is_finite():
        return str(value).lower().replace("infinity", "inf")
    text = format(value, "f")
    return text if "." in text else text + ".0"


def _string(text: str) -> str:
    return '"' + "".join(map(_character, text)) + '"'


def _character(character: str) -> str:
    short = _SHORT.get(character)
    if short is not None:
        return short
    # What an editor would not show is spelled out: invisible letters and turned writing directions hide differences.
    if character.isprintable():
        return character
    point = ord(character)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def template(name: str, identifier: str) -> bytes:
    """A valid file to begin with, every part explained. `identifier`: a URN or URL that nobody else uses."""
    return _TEMPLATE.format(name=_string(name), id=_string(identifier)).encode()


_TEMPLATE = """\
# A pathway: which badges make up a larger credential. Lines that begin with # are notes for you.
# Look for mistakes with 'badgefolio pathway check FILE', then keep it with 'badgefolio pathway add FILE'.

format  = "badge-pathway/1"
id      = {id}   # never changes; stays the same in later versions
name    = {name}
version = "1"              # raise it when the requirements change
status  = "draft"          # draft, published or retired
root    = "program"        # the group that is the whole pathway
# language = "en-CA"
# description = "Who it is for and what it leads to."

# The badge given for the whole; with shortcut = true, holding it is enough.
# award = [{{ achievement = "https://college.example/badges/complete" }}]

# Who publishes it.
# [publisher]
# name = "Example College"
# url  = "https://college.example/"

# A larger qualification that it may count towards.
# [[qualification]]
# name = "Certificate"
# relation = "component"   # standalone, additional, alternate, complementary or component

# A group holds elements and other groups. Without 'need' all of its children are required.
[group.program]
name = {name}
of   = ["core", "choice"]

[group.core]
name = "Core"
of   = ["first-badge"]

[group.choice]
name = "One of two"
of   = ["second-badge", "third-badge"]
need = 1                   # any one of them; also need = {{ hours = 20 }} to add up
# exclusive = true         # inside this group a badge fills one place only

# An element is filled by a badge. 'match' lists alternatives; inside one, everything must fit.
[element.first-badge]
name = "First badge"
match = [{{ achievement = "https://college.example/badges/first" }}]   # the address of the badge class
hours = 6
# facilitation = "supervised"   # self-directed, supervised, lightly-facilitated or fully-facilitated
# criteria_url = "https://college.example/badges/first#criteria"
# outcomes = ["What somebody can do afterwards"]

[element.second-badge]
name = "Second badge"
match = [
  {{ achievement = "https://college.example/badges/second" }},
  {{ issuer = "https://other.example/issuer", name = "Second badge*" }},
]

[element.third-badge]
name = "Third badge"
match = [{{ achievement = "https://college.example/badges/third" }}]
requires = ["first-badge"] # advice: a badge earned earlier counts all the same
"""
