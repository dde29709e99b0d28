"""What is drawn about a badge, without drawing: findings, changes, endorsements, history, issuers, and issuers' prose."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.wallets import NOW, later
from tui.app.badge_views import IssuerView, issuer_facts
from tui.app.finding_views import endorsements, findings
from tui.app.prose import prose
from tui.app.screens.issuers import issuer_lines
from wallet.lookalikes import lookalikes
from wallet.store.issuers import IssuerRow
from wallet.verify.report import DEPENDS, Finding, Outcome


def drawn(*every: Finding, folded: bool = True) -> str:
    return "".join(part.plain for part in findings(every, ascii_only=False, folded=folded))


def test_a_change_reads_as_before_and_now() -> None:
    summary = "The achievement was changed since 2 March 2026, in “name”: “Lab” became “Laboratory”."
    shown = drawn(Finding("drift.hosted", Outcome.WARNING, summary, expected="Lab", found="Laboratory"))
    assert "  before: Lab\n  now: Laboratory\n" in shown
    shown = drawn(Finding("trust.key-changed", Outcome.WARNING, "Another key.", expected="aa", found="bb"))
    assert "  known key: aa\n  new key: bb\n" in shown


def test_what_the_sentence_quotes_is_not_said_twice() -> None:
    shown = drawn(
        Finding("revocation.hosted", Outcome.FAILED, "It was withdrawn: “Awarded twice”.", found="Awarded twice")
    )
    assert shown.count("Awarded twice") == 1


def test_an_old_badge_says_how_it_was_read() -> None:
    summary = "The badge is written in Open Badges 1.1; badgefolio read it as 2.0: verify read as verification, type inferred."
    shown = drawn(Finding("legacy.1-1", Outcome.WARNING, summary))
    assert shown.startswith("! The badge is written in Open Badges 1.1\n")
    assert "  read as 2.0: verify read as verification, type inferred.\n" in shown


def test_what_is_wrong_stands_first_and_what_waits_for_it_is_left_out() -> None:
    shown = drawn(
        Finding("a", Outcome.PASSED, "Passed."),
        Finding("b", Outcome.WARNING, "Odd."),
        Finding("c", Outcome.UNDETERMINED, "Waiting.", cause=DEPENDS),
        Finding("d", Outcome.FAILED, "Broken.", remedy="Mend it."),
    )
    assert "Waiting" not in shown
    assert shown.index("Broken") < shown.index("Mend it") < shown.index("Odd") < shown.index("1 check passed; p")


def test_only_proven_endorsements_count_as_such() -> None:
    every = (
        Finding("endorsement.proven", Outcome.PASSED, "“Shore Guild” on guild.example endorses this badge."),
        Finding(
            "endorsement.proven", Outcome.WARNING, "An endorsement of this badge is not counted: it was withdrawn."
        ),
    )
    shown = "".join(part.plain for part in endorsements(every, ascii_only=False))
    assert "Shore Guild" in shown
    assert "withdrawn" not in shown
    assert "withdrawn" in drawn(*every)
    assert not list(endorsements((), ascii_only=False))


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Passed the **practical** _test_ with `care`.", "Passed the practical test with care."),
        ("# Ask\n\n* one\n* two\n  1. deeper", "Ask\n• one\n• two\n  1. deeper"),
        ("[the page](https://x.example) ![picture](https://x.example/p.png)", "the page picture"),
        ("<script>x</script> [bold]x[/bold] [/oops]", "<script>x</script> [bold]x[/bold] [/oops]"),
        ("a&#x202e;b &#x200b;&#x2028;c", "a\ufffdb \ufffd\nc"),
        ("   \n", ""),
    ],
)
def test_markdown_is_read_as_plain_lines(markdown: str, plain: str) -> None:
    assert prose(markdown, limit=500) == plain


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab*_`#>-[]()!&;\n \u202e\x1b\u0335x0123456789", max_size=60), st.integers(4, 60))
def test_prose_is_bounded_and_harmless_whatever_it_is_made_of(markdown: str, limit: int) -> None:
    shown = prose(markdown, limit=limit)
    assert len(shown) <= limit
    assert all(unicodedata.category(c) not in ("Cc", "Cs") and c != "\u202e" for c in shown if c != "\n")


def issuer(host: str, name: str, days: int, *, trust: str = "none", note: str | None = None) -> IssuerRow:
    keys = (("ab" * 32, NOW),)
    return IssuerRow(f"https://{host}/issuer", host, (name,), later(days=days), keys, badges=2, trust=trust, note=note)


def test_a_look_alike_is_marked_in_the_list_and_explained_in_the_details() -> None:
    real = issuer("rowan-college.example", "Rowan College", -90, trust="trusted", note="my college")
    double = issuer("rowan-co11ege.example", "Rowan College", -1)
    alike = lookalikes((real, double))
    views = [IssuerView(row, alike.get(row.id, ())) for row in (real, double)]
    lines = [line.plain for line in issuer_lines(views, 76)]
    assert lines[0].startswith("  Rowan College")
    assert lines[0].endswith("2 badges  trusted")
    assert lines[1].startswith("! Rowan College")
    assert all("rowan-co" in line and len(line) <= 76 for line in lines)
    told = ["".join(part.plain for part in issuer_facts(view)) for view in views]
    assert "Your word    you trust it: my college" in told[0]
    assert "look twice" not in told[0]
    assert "! look twice its host looks like rowan-college.example" in told[1]
    assert "Key          sha256 abababababababab…, known since 2026-11-21" in told[1]
