"""`history BADGE`: how its verdict went, in words, as a table and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.tui.cli.test_asking import Hosted, later
from tui.demo.host import LoopbackHost
from tui.timeline import in_words, times
from wallet.store.rows import TimelineEntry
from wallet.verify.report import Verdict

START = datetime(2026, 3, 2, tzinfo=UTC)


def entry(verdict: Verdict, count: int = 1, reason: str | None = None, cause: str | None = None) -> TimelineEntry:
    return TimelineEntry(verdict, START, START + timedelta(days=count), count, reason, cause)


def test_a_timeline_reads_as_a_sentence() -> None:
    timeline = (
        entry(Verdict.VALID, 14),
        entry(Verdict.UNDETERMINED, 2, "The host did not answer.", "timeout"),
        entry(Verdict.UNDETERMINED, 1, "There is no evidence.", "offline"),
        entry(Verdict.REVOKED, 3, "The issuer withdrew this badge."),
    )
    assert in_words(timeline) == (
        "valid 14 times, unreachable twice, undetermined once, revoked since 2 March 2026 (The issuer withdrew this badge)"
    )
    assert in_words(()) == ""


@pytest.mark.parametrize(("count", "said"), [(1, "once"), (2, "twice"), (3, "3 times"), (1_200, "1,200 times")])
def test_how_often_is_said_in_words(count: int, said: str) -> None:
    assert times(count) == said


def test_an_issuer_that_goes_and_comes_back_to_withdraw_is_told_in_order(cli, monkeypatch) -> None:
    with LoopbackHost() as host:
        hosted = Hosted(host)
        cli("import", hosted.url, "--verify", *hosted.allow)
        (badge,) = cli("list", "--json").document["badges"]
        later(monkeypatch, days=1)
        cli("verify", badge["short"], *hosted.allow)
        hosted.withdraw()
        later(monkeypatch, days=9)
        cli("verify", badge["short"], *hosted.allow)
    later(monkeypatch, days=10)
    cli("verify", badge["short"], *hosted.allow)
    document = cli("history", badge["short"], "--json").document
    assert [(run["verdict"], run["count"]) for run in document["timeline"]] == [
        ("valid", 2),
        ("revoked", 1),
        ("undetermined", 1),
    ]
    assert document["timeline"][1]["cause"] == "revoked"
    assert document["timeline"][2]["cause"] == "connect"
    since = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d")
    assert document["timeline"][1]["first"].startswith(since)
    said = cli("history", badge["short"])
    assert said.out.startswith("checked        valid twice, revoked since ")
    assert "Awarded by mistake" in said.out
    assert "unreachable once" in said.out
    assert "all required checks passed" in said.out
    assert cli("show", badge["short"], "--json").document["verdict"] == "revoked"


def test_a_badge_that_was_never_checked_says_so(cli, sample) -> None:
    cli("import", sample.downloads / "water-chemistry.png")
    (badge,) = cli("list", "--json").document["badges"]
    assert cli("history", badge["short"]).out.startswith("checked        never\n")
    document = cli("history", badge["short"], "--json").document
    assert (document["summary"], document["timeline"]) == (None, [])


def test_the_history_of_the_wallet_has_no_timeline(cli, learner) -> None:
    document = cli("history", "--json").document
    assert (document["summary"], document["timeline"]) == (None, [])
    assert "checked" not in cli("history").out.splitlines()[0]
