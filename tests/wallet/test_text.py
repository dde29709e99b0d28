"""The one door for foreign text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.limits import LIMITS
from wallet.text import clean, plural

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "attack",
    [
        "\x1b]52;c;aGk=\x07",
        "\x1b]0;title\x07",
        "\x1b[2J",
        "\x9b31m",
        "\x00",
        "\x7f",
        "\ud800",
        "\ue000",
        "\U000e0041",
        "\u200b",
        "\ufeff",
        *BIDI,
    ],
)
def test_what_could_steer_a_terminal_or_hide_becomes_a_visible_mark(attack: str) -> None:
    shown = clean(f"Water{attack}Chemistry")
    assert "\ufffd" in shown
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Cf") for c in shown)


@pytest.mark.parametrize(
    "name", ["مرحبا بالعالم", "שלום עולם", "ᓀᐦᐃᔭᐍᐏᐣ", "हिन्दी प्रमाणपत्र", "Ünïcödé", "日本語", "می‌خواهم"]
)
def test_letters_of_every_script_stay(name: str) -> None:
    assert clean(name) == name


def test_rich_markup_stays_text() -> None:
    assert clean("[bold]x[/bold][link=javascript:1]") == "[bold]x[/bold][link=javascript:1]"


def test_line_breaks_become_spaces_in_one_line_and_stay_in_several() -> None:
    assert clean("a\r\nb\u2028c\n\nd") == "a b c d"
    assert clean("a\r\nb\u2028c", lines=True) == "a\nb\nc"


def test_long_text_ends_in_an_ellipsis_within_the_limit() -> None:
    shown = clean("word " * 10_000)
    assert len(shown) <= LIMITS.shown_characters
    assert shown.endswith("…")


def test_a_pile_of_marks_is_cut_to_a_few() -> None:
    assert len(clean("e" + "\u0301" * 1_000)) == 1 + LIMITS.shown_marks_per_letter


def test_a_joiner_between_latin_letters_is_shown() -> None:
    assert clean("pay\u200cpal") == "pay\ufffdpal"


@settings(deadline=None)
@given(st.text(max_size=700), st.booleans())
def test_cleaning_twice_changes_nothing_and_nothing_harmful_passes(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once
    allowed = "\n" if lines else ""
    joiners = "\u200c\u200d"
    bad = [c for c in once if unicodedata.category(c)[0] == "C" and c not in allowed + joiners]
    assert bad == []


def test_counts_agree_with_their_words() -> None:
    assert [plural(n, "badge") for n in (0, 1, 2, 1_500)] == ["0 badges", "1 badge", "2 badges", "1,500 badges"]
    assert plural(2, "entry", "entries") == "2 entries"
