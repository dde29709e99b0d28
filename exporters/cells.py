"""Tables as CSV, TSV and JSON Lines that a spreadsheet may open without running anything. Pure: texts in, bytes out.

A cell that a spreadsheet would take for a formula gets a leading apostrophe, the fullwidth forms included, because some programs
fold those into ASCII first. What the columns mean is the caller's affair.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from wallet.model import Json

#: What begins a formula, or may hide one from a check that looks at the first character only.
_BEGINS_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
BOM = "\ufeff"


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet reads as a formula."""
    # A program that trims a cell before it looks at it would find the formula behind the spaces.
    first = text[:1] if text[:1] in _BEGINS_FORMULA else text.lstrip()[:1]
    return f"'{text}" if first in _BEGINS_FORMULA and first else text


def separated(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ",", bom: bool = True, raw: bool = False
) -> bytes:
    """RFC 4180 in UTF-8 with every cell in quotes. bom: so that Excel knows the encoding. raw: cells are not guarded."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow(row if raw else [guarded(cell) for cell in row])
    return ((BOM if bom else "") + written.getvalue()).encode("utf-8", "replace")


def json_lines(rows: Iterable[Mapping[str, Json]]) -> bytes:
    """One object a line, in ASCII: no control character and no line break can pass."""
    return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows).encode("ascii")
