"""The single door through which foreign text reaches a screen, a log, a message or a page.

Foreign text is everything a badge, an issuer, a file name or a server says. `clean` takes the teeth out of it: terminal
escape codes, bidirectional overrides, invisible characters and piles of combining marks cannot pass; letters of every
script can. The stored originals keep their bytes; only what is shown goes through here. Escaping for HTML, Rich markup or
Typst is the affair of the place that writes them: after `clean` a `[bold]` is still the text "[bold]".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from wallet.limits import LIMITS

REPLACEMENT = "\ufffd"
ELLIPSIS = "…"

# Most text is plain ASCII without controls: one C-level scan lets it pass untouched.
_PLAIN = re.compile(r"[\x20-\x7e]*\Z")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0]+")

# Zl and Zp never reach here in one-line text (they became spaces); in text of several lines they became "\n".
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_REFUSED_CHARACTERS = frozenset(
    (
        *(0x061C, 0x200E, 0x200F),  # marks that turn the writing direction
        *(*range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # embeddings, overrides, isolates
        *(0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E),  # zero-width: two names that look alike would differ
        *(*range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC)),  # deprecated format and interlinear controls
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # letters and marks that draw nothing
    )
)
# Joiners shape letters in Arabic, Persian and Indic scripts, so they pass only between two letters of such a script.
_JOINERS = frozenset({0x200C, 0x200D})


@lru_cache(maxsize=4_096)
def _refused(character: str) -> bool:
    point = ord(character)
    return (
        point in _REFUSED_CHARACTERS
        or 0xE0000 <= point <= 0xE007F
        or unicodedata.category(character) in _REFUSED_CATEGORIES
    )


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between these two characters shapes a script that needs it."""
    return all(0x0600 <= ord(c) <= 0x0DFF or 0x1000 <= ord(c) <= 0x109F for c in (before, after))


def clean(text: str, *, lines: bool = False, limit: int | None = None) -> str:
    """`text` as it may be shown: harmless, bounded, and on one line unless `lines`.

    `limit` counts characters (default: `Limits.shown_characters`); longer text ends in an ellipsis. Refused characters
    become U+FFFD so that a reader sees that something was there. Idempotent.
    """
    cap = LIMITS.shown_characters if limit is None else limit
    if len(text) <= cap and _PLAIN.match(text):
        return _SPACES.sub(" ", text).strip() if not lines else text
    # Cut first, with room for what folding white space may take away: a 100 MB name must not cost 100 MB of work.
    text = text[: cap * 4 + 4]
    if lines:
        text = _LINE_BREAK.sub("\n", text)
    else:
        text = _SPACES.sub(" ", _LINE_BREAK.sub(" ", text)).strip()
    shown: list[str] = []
    marks = 0
    for position, character in enumerate(text):
        if character == "\n" and lines:
            marks = 0
        elif character == "\t":
            character = " "
        elif ord(character) in _JOINERS:
            around = text[position - 1 : position] + text[position + 1 : position + 2]
            if len(around) != 2 or not _joins(around[0], around[1]):
                character = REPLACEMENT
        elif _refused(character):
            character = REPLACEMENT
        elif unicodedata.category(character) in ("Mn", "Me"):
            marks += 1
            if marks > LIMITS.shown_marks_per_letter:
                continue
        else:
            marks = 0
        shown.append(character)
        if len(shown) > cap:
            return "".join(shown[: max(cap - 1, 0)]).rstrip() + ELLIPSIS
    return "".join(shown)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 badge`, `2 badges`: the count with its word."""
    word = one if count == 1 else (many if many is not None else one + "s")
    return f"{count:,} {word}"
