"""Where the letters of a PDF come from: font packages first, this computer's own fonts only when a letter is missing.

Nothing is ever fetched. Typst's built-in fonts stay off: they would draw Arabic and Hebrew badly without a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from wallet.errors import ExportError

if TYPE_CHECKING:
    import typst

#: The order in which faces are tried; each falls back to the next.
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")
_PACKAGES = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("fontpkg_noto_sans_devanagari", "files"),
    ("justmytype_intl_rtl", "fonts/ofl/notosanshebrew"),
)
_REMEDIES = (
    (("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"), "fonts-noto-cjk"),
    (("EMOJI", "FACE", "PICTOGRAPH"), "fonts-noto-color-emoji"),
)


class FontMissingError(ExportError):
    """No font at hand has a character of the badge. Nothing was written: a box in place of a letter is no certificate."""

    code = "font-missing"

    def __init__(self, character: str, field: str) -> None:
        """`character`: one that cannot be drawn; `field`: the label of the text it stands in."""
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        super().__init__(
            f'font-missing: no font here can draw "{character}" ({name}) in the {field}; no PDF was written.',
            f"Install a font that has it (on Debian: apt install {_package_for(character, name)}), then run this again.",
        )
        self.character = character
        self.field = field


def _package_for(character: str, name: str) -> str:
    for words, package in _REMEDIES:
        if any(word in name.split() or name.startswith(word) for word in words):
            return package
    return "fonts-noto-color-emoji" if unicodedata.category(character) == "So" else "fonts-noto-core"


def font_folders() -> tuple[Path, ...]:
    """The folders of the font packages that are installed."""
    folders: list[Path] = []
    for package, inside in _PACKAGES:
        spec = find_spec(package)
        for place in spec.submodule_search_locations or () if spec is not None else ():
            if Path(place, inside).is_dir():
                folders.append(Path(place, inside))
    return tuple(folders)


@lru_cache(maxsize=2)
def fonts(*, system: bool = False) -> typst.Fonts:
    """The faces to draw with. `system` adds this computer's own, which takes longer and is not the same everywhere."""
    import typst

    return typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(folder) for folder in font_folders()]
    )


def missing(characters: Iterable[str], texts: Iterable[tuple[str, str]]) -> FontMissingError:
    """The error for the first of `characters`, naming which of the (field, text) pairs holds it."""
    first = next((c for text in characters for c in text), "\ufffd")
    field = next((name for name, text in texts if first in text), "text")
    return FontMissingError(first, field)
