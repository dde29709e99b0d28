"""CSV, TSV and JSON Lines: what a spreadsheet opens runs nothing, and what a program reads has stable names."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.cells import guarded, separated
from exporters.cohort.tables import method, table
from tests.support.scans import AT, CANARIES, FORMULA, cohort
from wallet.cohort.report import COLUMNS, cohort_report

TOOL = "badgefolio 0.1.0"
REPORT = cohort_report(cohort(), at=AT, tool=TOOL)
DANGEROUS = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def read(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff20a", "  =1+1"]
)
def test_a_cell_that_could_be_a_formula_is_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Ada", "1=1", "a+b", "'=1", "2 of 4"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_cell_ever_begins_like_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in DANGEROUS
    assert guarded(text).lstrip()[:1] not in DANGEROUS


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=2), max_size=4
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_raw_is_read_back(rows: list[list[str]]) -> None:
    assert read(separated(["a", "b"], rows, raw=True))[1:] == rows


def test_the_table_begins_with_a_mark_for_excel_unless_it_is_unwanted() -> None:
    assert table(REPORT, "csv").startswith(b"\xef\xbb\xbf")
    assert table(REPORT, "csv", bom=False).startswith(b'"Number"')


def test_every_cell_is_in_quotes_and_lines_end_as_rfc_4180_says() -> None:
    data = table(REPORT, "csv", bom=False)
    assert data.endswith(b'"\r\n')
    assert all(line.startswith(b'"') and line.endswith(b'"') for line in data.split(b"\r\n")[:-1])


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_name_that_is_a_formula_comes_out_as_text(form: str, delimiter: str) -> None:
    rows = read(table(REPORT, form), delimiter)
    assert [row[1] for row in rows if row[0] == "L-0004"] == [f"'{FORMULA}"]
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_a_learner_whose_consent_has_ended_is_in_no_row() -> None:
    for form in ("csv", "tsv", "jsonl"):
        data = table(REPORT, form).decode("utf-8")
        assert "Dana" not in data
        assert "L-0007" not in data
    assert "1 learner left out because the consent has ended" in method(REPORT).decode()


def test_json_lines_have_the_stable_names_and_real_numbers() -> None:
    rows = [json.loads(line) for line in table(REPORT, "jsonl").decode("ascii").splitlines()]
    assert set(rows[0]) == {column.key for column in COLUMNS}
    ada = next(row for row in rows if row["number"] == "L-0001")
    assert (ada["filled"], ada["percent"], ada["exact"], ada["target"]) == (2, 50, True, True)
    assert ada["at_risk"] == ["Fish Health 2027-01-09"]
    assert FORMULA in [row["learner"] for row in rows]


def test_the_method_lies_beside_the_table_with_all_that_the_figures_hang_on() -> None:
    text = method(REPORT).decode()
    for part in (
        "2026-11-21",
        "S-0002",
        "version 2026.2",
        "5f" * 32,
        "2026-11-20",
        "2 exceptions in force",
        TOOL,
        "20 h",
    ):
        assert part in text
    assert "Private notes: not included" in text


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_with_pseudonyms_nobody_and_no_day_is_told(form: str) -> None:
    data = table(cohort_report(cohort(), at=AT, tool=TOOL, pseudonyms=True), form).decode("utf-8")
    for learner in cohort().learners:
        assert learner.name not in data
    assert "HYPERLINK" not in data
    assert "2026-03" in data
    assert "2026-03-14" not in data
    assert not any(canary in data for canary in CANARIES)
