"""The cohort as a workbook: five sheets with filters and headers that stay. Texts are only ever text, dates are dates.

openpyxl writes the present time into the file and into its zip; both are put to a fixed one, so that the same report gives the
same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, cast

from wallet.cohort.report import COLUMNS, CohortReport, pivot_label

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value: TypeAlias = "str | int | Decimal | date | None"

_FIXED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
# Of columns, in characters; the sheet with many of them has narrower ones.
_WIDEST, _NARROW = 60, 24
_LONGEST, _LINE = 32_000, 15
# Columns that say the same in every row of most cohorts, and what they say then: shown where some row says otherwise.
_USUAL = {"exact": "yes", "hours_at_least": "", "forced": "", "target": "", "percent_without": ""}
_DAYS = {"last_badge", "handed", "consent_until"}
_NUMBERS = {"filled", "required", "percent", "verified_percent", "missing", "problems", "exceptions", "percent_without"}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet. fixed: columns that stay. widest: of a column, in characters. alarm: the column that turns a row red."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    filtered: bool = True
    fixed: int = 0
    widest: int = _WIDEST
    alarm: int | None = None


def workbook(report: CohortReport) -> bytes:
    """The whole file."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = f"Cohort, {report.at.isoformat()}"
    book.properties.creator = report.tool
    book.properties.created = _FIXED
    for sheet in (_cohort(report), _missing(report), _expiring(report), _problems(report), _method(report)):
        _write(book, sheet)
    written = io.BytesIO()
    book.save(written)
    return _settled(written.getvalue())


def _cohort(report: CohortReport) -> _Sheet:
    shown = [
        column
        for column in COLUMNS
        if column.key != "pathway_id"
        and (column.key not in _USUAL or any(column.text(line) != _USUAL[column.key] for line in report.lines))
    ]
    rows = [tuple(_typed(column.key, column.text(line)) for column in shown) for line in report.lines]
    return _Sheet("Cohort", tuple(column.head for column in shown), tuple(rows), fixed=3, widest=_NARROW)


def _typed(key: str, text: str) -> Value:
    if not text:
        return None
    if key in _NUMBERS:
        return int(text)
    if key == "hours":
        return Decimal(text)
    # With pseudonyms only a month is known, and that is a text.
    return date.fromisoformat(text) if key in _DAYS and len(text) == len("2026-01-31") else text


def _missing(report: CohortReport) -> _Sheet:
    found = report.pivot("missing")
    hidden = "hidden"
    rows = [
        (
            report.pathway_name(line.pathway),
            pivot_label(line.label, line.key),
            *(hidden if cell is None else cell for cell in line.cells),
            found.of,
        )
        for line in found.lines
    ]
    return _Sheet(
        "Missing by requirement",
        ("Pathway", "Requirement", "Learners who lack it", "Learners with consent"),
        tuple(rows),
    )


def _expiring(report: CohortReport) -> _Sheet:
    rows = [(_day(one.day), one.shown, one.pathway, one.place, one.badge or None) for one in report.expiring]
    return _Sheet("Expiring", ("Place lost on", "Learner", "Pathway", "Requirement", "What ends"), tuple(rows))


def _day(text: str) -> Value:
    return _typed("handed", text)


def _problems(report: CohortReport) -> _Sheet:
    rows = [(one.shown, "yes" if one.alarming else None, one.text, one.code) for one in report.problems]
    return _Sheet("Problems", ("Learner", "Alarm", "What to look at", "Kind"), tuple(rows), alarm=1)


def _method(report: CohortReport) -> _Sheet:
    return _Sheet("Method", ("What", "How"), report.method, filtered=False, widest=2 * _WIDEST)


def _write(book: Workbook, sheet: _Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    # A sheet that is written row by row: ten thousand learners need not be held as cells. It takes what a sheet takes.
    made = cast("Worksheet", book.create_sheet(sheet.title))
    letters = [get_column_letter(number) for number in range(1, len(sheet.heads) + 1)]
    widths = [_width(sheet, number) for number in range(len(letters))]
    for letter, width in zip(letters, widths, strict=True):
        made.column_dimensions[letter].width = width
    made.freeze_panes = f"{letters[sheet.fixed]}2"
    if sheet.filtered:
        made.auto_filter.ref = f"A1:{letters[-1]}{len(sheet.rows) + 1}"
    made.print_title_rows = "1:1"
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    made.row_dimensions[1].height = 3 * _LINE
    head = [_cell(made, text) for text in sheet.heads]
    font, fill = Font(name="Calibri", size=11, bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor="FF0D5660")
    middle = Alignment(horizontal="left", vertical="center", wrap_text=True)
    for cell in head:
        cell.font, cell.fill, cell.alignment = font, fill, middle
    made.append(head)
    texts = Alignment(horizontal="left", vertical="top", wrap_text=True)
    figures = Alignment(horizontal="center", vertical="top")
    red = Font(name="Calibri", size=11, bold=True, color="FF9A1F2B")
    below = Border(bottom=Side(style="thin", color="FFDDD8CC"))
    for number, row in enumerate(sheet.rows, 2):
        if (lines := _lines(row, widths)) > 1:
            # Some programs show a row as high as one line until somebody touches it.
            made.row_dimensions[number].height = _LINE * lines
        cells = [_cell(made, value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            cell.alignment = figures if isinstance(value, int | Decimal) else texts
            cell.border = below
            if sheet.alarm is not None and row[sheet.alarm] is not None:
                cell.font = red
        made.append(cells)


def _lines(row: tuple[Value, ...], widths: list[float]) -> int:
    return max(
        (-(-len(value) // int(width - 2)) for value, width in zip(row, widths, strict=True) if isinstance(value, str)),
        default=1,
    )


def _cell(sheet: Worksheet, value: Value) -> Cell:
    """A cell of the value's own kind. A text is a text, also where it begins like a formula."""
    from openpyxl.cell.cell import TYPE_STRING, WriteOnlyCell

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value[:_LONGEST])
        cell.data_type = TYPE_STRING
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime(value.year, value.month, value.day, tzinfo=UTC).replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd"
        return cell
    return WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)


def _width(sheet: _Sheet, number: int) -> float:
    texts = [str(row[number]) for row in sheet.rows[:500] if row[number] is not None]
    # A heading wraps between its words, and has the button of the filter beside it.
    longest = max([len(text) for text in texts] + [len(word) + 3 for word in sheet.heads[number].split()])
    return float(max(min(longest + 2, sheet.widest), 9))


def _settled(data: bytes) -> bytes:
    """The same file without the moment at which it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            content = given.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, content)
    return written.getvalue()
