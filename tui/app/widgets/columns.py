"""Which columns of the badge list fit a width, and text cut to cells. Pure but for the header line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from textual.widgets import Static

from wallet.text import ELLIPSIS

MARK = 2
STATE = 15
_DATE = 12
_DATES_FROM = 56  # cells of width from which there is room for the award's date
_ISSUER_FROM = 74  # ... for the issuer's name
_EXPIRES_FROM = 92  # ... for the end of validity


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells for each column; 0 means that it is left out."""

    name: int
    issuer: int
    issued: int
    expires: int


@lru_cache(maxsize=16)
def columns(width: int) -> Columns:
    """What fits `width` cells: the name always, then the date, the issuer, the end of validity."""
    issued = _DATE if width >= _DATES_FROM else 0
    expires = _DATE if width >= _EXPIRES_FROM else 0
    rest = max(width - MARK - STATE - issued - expires, 0)
    issuer = rest * 2 // 5 if width >= _ISSUER_FROM else 0
    return Columns(rest - issuer, issuer, issued, expires)


def fit(text: str, cells: int) -> str:
    """`text` in exactly `cells` cells, the last one free: columns never touch."""
    if cells <= 0:
        return ""
    return set_cell_size(cut(text, cells - 1), cells)


def cut(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, with an ellipsis where something was left out."""
    if cells <= 0:
        return ""
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1) + ELLIPSIS


class ListHeader(Static):
    """The names of the columns, above the list."""

    def on_resize(self) -> None:
        """One cell is the scrollbar's."""
        found = columns(self.size.width - 1)
        words = (
            ("State", STATE),
            ("Badge", found.name),
            ("Issuer", found.issuer),
            ("Issued", found.issued),
            ("Expires", found.expires),
        )
        self.update(" " * MARK + "".join(fit(word, cells) for word, cells in words))
