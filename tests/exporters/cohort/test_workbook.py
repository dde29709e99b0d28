"""The workbook, read back with the library that wrote it and as the zip that it is."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from exporters.cohort.workbook import workbook
from tests.support.scans import AT, CANARIES, FORMULA, cohort
from wallet.cohort.report import CohortReport, cohort_report

TOOL = "badgefolio 0.1.0"


def report(**more: bool) -> CohortReport:
    return cohort_report(cohort(), at=AT, tool=TOOL, badges=lambda number: cohort().learners[0].badges, **more)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(workbook(report())))


def test_it_has_the_five_sheets_with_filters_and_headers_that_stay(book: Workbook) -> None:
    assert book.sheetnames == ["Cohort", "Missing by requirement", "Expiring", "Problems", "Method"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes is not None
        assert (sheet.auto_filter.ref is None) == (sheet.title == "Method")
        assert sheet.print_title_rows == "$1:$1"


def test_a_text_that_begins_like_a_formula_is_a_text(book: Workbook) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]


def test_no_formula_is_in_the_file_itself() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(report()))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)


def test_numbers_are_numbers_and_days_are_days(book: Workbook) -> None:
    sheet = book["Cohort"]
    line = next(row for row in sheet.iter_rows() if row[0].value == "L-0001")
    ada = {head.value: cell.value for head, cell in zip(sheet[1], line, strict=True)}
    assert (ada["Learner"], ada["Filled"], ada["Percent"], ada["Hours left"]) == ("Ada Example", 2, 50, 20)
    assert ada["Last badge"] == datetime(2026, 3, 14)
    expiring = [cell.value for cell in book["Expiring"][2]]
    assert expiring == [datetime(2027, 1, 9), "Ada Example", "Aquaponics Technician", "Fish Health", "Fish Health"]


def test_what_most_lack_is_counted_over_those_whose_consent_holds(book: Workbook) -> None:
    rows = list(book["Missing by requirement"].iter_rows(min_row=2, values_only=True))
    assert rows == [
        ("Aquaponics Technician", "Food Safety", 5, 5),
        ("Aquaponics Technician", "Water Chemistry", 5, 5),
    ]


def test_the_same_report_gives_the_same_bytes_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook(report())
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert workbook(report()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026" not in archive.read("docProps/core.xml").replace(b"2026-11-21</dc:title>", b"")


def test_with_pseudonyms_no_name_is_anywhere_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(report(pseudonyms=True)))) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
    for learner in cohort().learners:
        assert learner.name.replace("&", "&amp;").replace('"', "&quot;") not in text
    assert "HYPERLINK" not in text
    assert "Example" not in text
    assert not any(canary in text for canary in CANARIES)
    assert "2027-01-09" not in text


def test_a_percentage_that_is_only_a_minimum_says_so(book: Workbook) -> None:
    heads = [cell.value for cell in book["Cohort"][1]]
    unsure = next(row for row in book["Cohort"].iter_rows() if row[0].value == "L-0004")
    assert unsure[heads.index("Exact")].value == "at least"
    assert unsure[heads.index("Hours are a minimum")].value == "yes"


def test_alarms_stand_in_red_and_in_words(book: Workbook) -> None:
    rows = list(book["Problems"].iter_rows(min_row=2))
    assert [row[1].value for row in rows] == ["yes", "yes", None]
    assert [row[2].font.color.rgb == "FF9A1F2B" for row in rows if row[2].font.color is not None][:2] == [True, True]
