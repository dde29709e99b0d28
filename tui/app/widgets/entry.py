"""A line to type or paste into. What is pasted is foreign as well: it shows, and is used, as harmless text only."""

from __future__ import annotations

from textual.widgets import Input

from wallet.text import clean

_LONGEST = 4_096


class Entry(Input):
    """An input that no escape code can pass."""

    def validate_value(self, value: str) -> str:
        """One line of clean text; spaces at its ends stay, or nobody could type two words."""
        return clean(value, lines=True, limit=_LONGEST).replace("\n", " ")
