"""What somebody meant who typed or pasted a text, and that links are collected within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.intake import Pasted, collect, sources_in
from tests.generate import badges
from wallet.found import Offer
from wallet.limits import LIMITS, Limits


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a badge.json", "b.json"):
        (tmp_path / name).write_bytes(b"{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "text",
    ["a badge.json\nb.json", "'a badge.json' b.json", "a\\ badge.json b.json", '  "a badge.json"\r\n\r\n"b.json"  '],
    ids=["lines", "quotes", "backslash", "quoted lines"],
)
def test_paths_are_understood_as_terminals_drop_them(here: Path, text: str) -> None:
    assert sources_in(text) == (Path("a badge.json"), Path("b.json"))


def test_a_home_and_a_file_address_are_understood(here: Path) -> None:
    assert sources_in("~/b.json") == (here / "b.json",)
    assert sources_in(f"file://{here}/a%20badge.json") == (here / "a badge.json",)


def test_a_line_that_names_no_file_is_still_a_path(here: Path) -> None:
    assert sources_in("'no such.png'") == (Path("no such.png"),)


@pytest.mark.parametrize(
    "text",
    [
        badges.encode(badges.assertion()).decode(),
        badges.token(badges.signed_assertion()).decode(),
        "https://a.example/1",
        "b.json\nand some words",
        "x" * (LIMITS.url_characters + 1),
        "<svg/>",
    ],
    ids=["JSON", "token", "link", "a path among words", "long", "SVG"],
)
def test_anything_else_is_the_thing_itself(here: Path, text: str) -> None:
    assert sources_in(text) == (Pasted(text.encode()),)


def test_bytes_that_are_no_text_come_out_as_they_went_in() -> None:
    assert sources_in(b"\xff\xfe{".decode("utf-8", "surrogateescape") * 200) == (Pasted(b"\xff\xfe{" * 200),)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60)
    | st.text(st.characters(categories=["Cs", "Ll"]), max_size=9)
    | st.text(alphabet="ab~/'\"\\ \n\0%file:", max_size=30)
)
def test_no_text_raises(text: str) -> None:
    sources_in(text)


def test_an_address_is_collected_once_and_no_more_than_may_be_shown() -> None:
    kept: dict[str, Offer] = {}
    for file in ("a", "b"):
        collect(kept, (Offer(f"https://a.example/{number}", file) for number in range(9)), Limits(offers=5))
    assert list(kept) == [f"https://a.example/{number}" for number in range(5)]
    assert {offer.source for offer in kept.values()} == {"a"}
