"""A pathway file can be written in TOML and in JSON, and both say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.pathways import FULL, tables, text
from wallet.pathways import definition, emit, json_form
from wallet.pathways.model import Pathway


def read(data: bytes) -> Pathway:
    return replace(definition.read(data, "p"), sha256="")


def test_a_file_with_everything_comes_back_from_toml_and_json() -> None:
    as_tables = json_form.tables(FULL)
    as_json = json_form.dumps(as_tables)
    assert json_form.tables(as_json) == as_tables
    assert json_form.tables(emit.emit(as_tables)) == as_tables
    assert read(as_json) == read(FULL) == read(emit.emit(json_form.tables(as_json)))


@settings(max_examples=40, deadline=None)
@given(tables())
def test_toml_to_json_to_toml_is_the_identity(made: dict[str, object]) -> None:
    toml = emit.emit(made)
    again = json_form.tables(json_form.dumps(json_form.tables(toml)))
    assert again == json_form.tables(toml) == made


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(text(), text(), min_size=1))
def test_any_text_survives_as_key_and_value(values: dict[str, str]) -> None:
    data = emit.emit({"x-any": values, "x-list": list(values)})
    assert json_form.tables(data) == {"x-any": values, "x-list": list(values)}


@pytest.mark.parametrize("number", ["0.5", "7", "0.000001", "1000000000", "12.50", "1E+3"])
def test_numbers_stay_what_they_are(number: str) -> None:
    data = emit.emit({"hours": Decimal(number)})
    assert json_form.tables(data) == {"hours": Decimal(number)}


def test_what_the_file_keeps_for_itself_may_be_anything_that_toml_has() -> None:
    kept = b"x-a = inf\nx-b = 2027-03-01T10:00:00Z\nx-c = { until = 2027-03-01, deep = [[1, 2.5], []] }\nx-d = {}\nx-e = nan\n"
    found = json_form.tables(kept)
    assert emit.emit(found).splitlines()[0] == b"x-a = inf"
    assert json_form.to_json(found)["x-c"] == {"until": "2027-03-01", "deep": [[1, 2.5], []]}
    # A text below a key of its own stays a text: only the format's own days are days.
    assert json_form.from_json({"x-c": {"until": "2027-03-01"}, "until": "2027-03-01", "begins": "2027-02-30"}) == {
        "x-c": {"until": "2027-03-01"},
        "until": date(2027, 3, 1),
        "begins": "2027-02-30",
    }
    # JSON has a way to say nothing, TOML has none.
    assert json_form.from_json({"x-f": None, "x-g": {"a": None, "b": [1, None]}}) == {"x-g": {"b": [1]}}
    with pytest.raises(TypeError):
        emit.emit({"x-f": None})


def test_a_comment_is_one_line_whatever_it_holds() -> None:
    data = emit.emit({"a": 1}, ["first\nroot = 2", "escape \x1b[31m"])
    assert data.decode().splitlines() == ["# first root = 2", "# escape \ufffd[31m", "", "a = 1"]


def test_long_lists_stand_below_each_other() -> None:
    lines = emit.emit({"of": [f"element-{number}" for number in range(20)]}).decode().splitlines()
    assert lines[:3] == ["of = [", '  "element-0",', '  "element-1",']


@pytest.mark.parametrize("name", ["Nursing", 'A "quoted" name', "Größe \\ {braces}"])
def test_the_template_is_valid_and_says_what_its_parts_are(name: str) -> None:
    data = emit.template(name, "urn:uuid:1")
    assert {problem.severity for problem in definition.check(data, "p", today=date(2026, 11, 21))} <= {"remark"}
    assert str(definition.read(data, "p").name) == name
    assert data.count(b"#") > 20
