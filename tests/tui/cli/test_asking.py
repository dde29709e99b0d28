"""Asking `verify` in other ways: by a policy, for a day, what is due, in silence, as a letter, and which checks there are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.generate import badges
from tui.cli.run import Run
from tui.cli.verifying import Judged
from tui.demo.host import LoopbackHost, Page
from tui.demo.sample import EMAIL
from wallet.verify.catalogue import CATALOGUE
from wallet.verify.compositions import POLICIES


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> datetime:
    """From here on the command line believes that it is so much later."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(**span)
    first = Run.__init__

    def begin(self: Run, *given: object) -> None:
        first(self, *given)
        self.now = moment

    monkeypatch.setattr(Run, "__init__", begin)
    return moment


class Hosted:
    """One hosted badge on a loopback issuer that can change its mind."""

    def __init__(self, host: LoopbackHost, **award: object) -> None:
        self.host, root = host, host.base_url
        self.allow = ("--allow-host", host.allow_host)
        self.url = f"{root}/a"
        self.issuer = badges.issuer(id=f"{root}/issuer", url=root, publicKey=None)
        self.class_ = badges.badge_class(id=f"{root}/class", issuer=f"{root}/issuer", image=f"{root}/p.png")
        recipient = {"type": "email", "hashed": False, "identity": EMAIL}
        self.award = badges.assertion(
            id=self.url, badge=f"{root}/class", recipient=recipient, verification={"type": "HostedBadge"}, **award
        )
        host.publish("/p.png", Page(badges.png(), "image/png"))
        self.publish()

    def publish(self) -> None:
        for path, document in (("/issuer", self.issuer), ("/class", self.class_), ("/a", self.award)):
            self.host.publish(path, Page(badges.encode(document)))

    def withdraw(self) -> None:
        body = badges.encode({"id": self.url, "revoked": True, "revocationReason": "Awarded by mistake"})
        self.host.publish("/a", Page(body, "application/json", 410))


@pytest.fixture
def hosted():
    with LoopbackHost() as host:
        yield Hosted(host, issuedOn="2026-01-05T10:00:00Z")


# which checks there are


def test_every_check_is_listed_with_its_question_and_its_section(cli) -> None:
    ended = cli("verify", "--list-checks", "--json")
    checks = {check["id"]: check for check in ended.document["checks"]}
    assert list(checks) == [check.id for check in CATALOGUE]
    assert checks["hosted.scope"]["question"] == "authentic"
    assert checks["recipient.match"]["question"] == "yours"
    assert checks["time.expires"]["question"] == "still_good"
    assert checks["recipient.weak-hash"] == {
        **checks["recipient.weak-hash"],
        "mandatory": False,
        "policies": ["strict"],
    }
    assert checks["structure.profile.email"]["policies"] == ["strict", "standard"]
    assert all(check["spec"] for check in checks.values() if check["mandatory"])
    assert [policy["name"] for policy in ended.document["policies"]] == list(POLICIES)


def test_the_list_of_checks_is_a_table_and_facts_as_well(cli) -> None:
    assert re.search(r"hosted\.scope +authentic\? +strict, standard, lenient", cli("verify", "--list-checks").out)
    assert "Check: hosted.scope" in cli("verify", "--list-checks", "--plain").out


# policies


def test_each_policy_judges_and_is_named(cli, hosted) -> None:
    del hosted.issuer["email"]
    hosted.publish()
    verdicts = {
        policy: cli("verify", hosted.url, "--policy", policy, "--json", *hosted.allow).document for policy in POLICIES
    }
    assert {name: (document["verdict"], document["policy"]) for name, document in verdicts.items()} == {
        "strict": ("invalid", "strict"),
        "standard": ("invalid", "standard"),
        "lenient": ("valid", "lenient"),
    }
    said = cli("verify", hosted.url, "--policy", "lenient", *hosted.allow)
    assert "lenient: for old badges" in said.out
    assert "The policy “lenient” lets that pass." in said.out


def test_strict_says_what_it_does_not_accept(cli, hosted) -> None:
    ended = cli("verify", hosted.url, "--policy", "strict", *hosted.allow)
    assert ended.code == 4
    assert "came over http. The policy “strict” does not accept that. [fetch.transport]" in ended.out


def test_another_policy_leaves_the_wallets_record_alone(cli, learner) -> None:
    ended = cli("verify", "Water", "--policy", "strict", *learner.allow)
    assert "Not recorded in the wallet" in ended.err
    document = cli("show", "Water", "--json").document
    assert (document["verdict"], len(document["checks"])) == ("valid", 1)


def test_a_policy_that_there_is_not_is_refused(cli) -> None:
    ended = cli("verify", "x.png", "--policy", "gentle")
    assert ended.code == 2
    assert "'strict', 'standard', 'lenient'" in ended.err


# the reasons of an answer


def test_the_deciding_facts_stand_beside_a_yes(cli, learner) -> None:
    for line in (["verify", "--offline"], ["show"]):
        assert re.search(r"authentic\? +✓ yes: signed with a key that 127\.0\.0\.1:\d+ lists", cli(*line, "Water").out)
        served = r"authentic\? +✓ yes: served by 127\.0\.0\.1:\d+ on \d+ [A-Z][a-z]+ \d{4}, within the issuer's scope"
        assert re.search(served, cli(*line, "Plant").out)
    assert "authentic: yes, signed with a key that" in cli("show", "Water", "--plain").out


# all that are due


def test_all_are_checked_longest_ago_first(cli, learner, monkeypatch) -> None:
    later(monkeypatch, minutes=5)
    assert cli("verify", "Field", *learner.allow).code == 0
    later(monkeypatch, minutes=10)
    documents = cli("verify", "--all", "--json", "--offline").documents  # one by one, so the order is to be seen
    assert len(documents) == 9
    assert documents[-1]["credential"]["badge"]["name"] == "Field Hours 30"


def test_what_was_checked_lately_is_passed_over(cli, learner, monkeypatch) -> None:
    later(monkeypatch, days=40)
    cli("verify", "Field", *learner.allow)
    later(monkeypatch, days=41)
    documents = cli("verify", "--all", "--max-age", "30d", "--json", *learner.allow).documents
    assert len(documents) == 8
    again = cli("verify", "--all", "--max-age", "30d", *learner.allow)
    assert (again.code, again.out) == (0, "")
    assert "9 badges: each was checked since" in again.err


@pytest.mark.parametrize(
    "words", [("--max-age", "soon", "--all"), ("--max-age", "0d", "--all"), ("--max-age", "3d", "x")]
)
def test_a_span_that_is_none_is_refused(cli, words: tuple[str, ...]) -> None:
    ended = cli("verify", *words)
    assert ended.code == 2
    assert "30d" in ended.err


def test_quiet_prints_only_what_is_not_valid(cli, learner) -> None:
    ended = cli("verify", "--all", "--quiet", *learner.allow)
    assert ended.code == 1
    assert ended.err == ""
    assert [line.split()[1] for line in ended.out.splitlines() if not line.startswith(" ")].count("valid") == 0
    assert "invalid  Master Grower" in ended.out
    documents = cli("verify", "--all", "-q", "--json", *learner.allow).documents
    assert sorted(document["verdict"] for document in documents) == ["expired", "invalid", "revoked", "revoked"]


def test_quiet_says_nothing_at_all_when_all_is_well(cli, learner) -> None:
    ended = cli("verify", "Water", "Plant", "-q", *learner.allow)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_quiet_does_not_swallow_errors(cli, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    ended = cli("verify", tmp_path / "broken.json", "-q")
    assert ended.code == 3
    assert "Error: " in ended.err


# for a day in the past


def test_a_badge_withdrawn_since_was_valid_on_a_day_before(cli, hosted, monkeypatch) -> None:
    cli("identity", "add", f"email:{EMAIL}")
    assert cli("import", hosted.url, "--verify", *hosted.allow).code == 0
    hosted.withdraw()
    today = datetime.now(UTC).date()
    later(monkeypatch, days=3)
    (badge,) = cli("list", "--json").document["badges"]
    then = cli("verify", badge["short"], "--as-of", today, *hosted.allow)
    assert then.code == 0, then.out
    assert f"answer for   {today}; it rests on 4 documents kept from then or before" in then.out
    assert f"Not recorded in the wallet, because they answer for {today}." in then.err
    assert cli("verify", badge["short"], "--as-of", today, "--json", *hosted.allow).document["for_date"] == str(today)
    assert cli("verify", badge["short"], "--as-of", today, "--offline").code == 0
    assert cli("verify", badge["short"], *hosted.allow).code == 1


def test_a_badge_expired_since_was_valid_on_a_day_before_and_what_that_rests_on_is_said(cli, hosted) -> None:
    hosted.award["expires"] = "2026-06-30T00:00:00Z"
    hosted.publish()
    assert cli("verify", hosted.url, *hosted.allow).code == 1
    then = cli("verify", hosted.url, "--as-of", "2026-05-01", *hosted.allow)
    assert then.code == 0
    assert "nothing is kept from then, so it rests on what is served now" in then.out


def test_a_badge_that_was_not_there_yet_is_not_judged(cli, hosted) -> None:
    ended = cli("verify", hosted.url, "--as-of", "2025-05-01", *hosted.allow)
    assert ended.code == 3
    assert "On 2025-05-01 this badge was not there yet. It is dated 5 January 2026" in ended.err


def test_today_is_judged_as_ever(cli, learner) -> None:
    ended = cli("verify", "Water", "--as-of", datetime.now(UTC).date(), *learner.allow)
    assert ended.code == 0
    assert len(cli("show", "Water", "--json").document["checks"]) == 2


@pytest.mark.parametrize("word", ["2999-01-01", "yesterday", "2026-02-30"])
def test_a_day_that_is_none_or_to_come_is_refused(cli, word: str) -> None:
    ended = cli("verify", "x.png", "--as-of", word)
    assert ended.code == 2
    assert "2026-03-01" in ended.err


# letters


def test_a_letter_can_be_sent_as_it_is(cli, learner) -> None:
    ended = cli("verify", "Master", "--letter", *learner.allow)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[0] == "To:      Prairie Rivers College"
    assert lines[1].strip() == "badges@prairierivers.example"
    assert "Subject: A problem with the badge “Master Grower”" in lines
    assert "(check signed.signature)" in ended.out
    assert EMAIL not in ended.out
    assert "Water" not in ended.out
    assert "Contacting" not in ended.out


def test_a_letter_as_json_holds_the_same(cli, learner) -> None:
    document = cli("verify", "Raft", "--letter", "--json", *learner.allow).document
    assert document["format"] == "badgefolio-letter/1"
    assert document["to_proven"] is True
    assert "withdrawn" in document["text"]
    assert [point["check"] for point in document["points"]] == ["revocation.list"]


def test_where_there_is_nothing_to_write_about_it_is_said(cli, learner) -> None:
    ended = cli("verify", "Water", "--letter", *learner.allow)
    assert (ended.code, ended.out) == (0, "")
    assert "nothing to write about" in ended.err
    document = cli("verify", "First", "--letter", "--json", *learner.allow).document
    assert (document["text"], document["verdict"]) == (None, "expired")
    assert "Renew it" in document["nothing_to_write"]


def test_a_letter_is_about_one_badge(cli, tmp_path: Path) -> None:
    assert cli("verify", "--all", "--letter").code == 2
    (tmp_path / "broken.json").write_text("{")
    ended = cli("verify", tmp_path / "broken.json", "--letter", "--json")
    assert (ended.code, ended.document["text"]) == (3, None)


def test_an_address_that_is_not_proven_is_said_to_be_so(cli, hosted) -> None:
    hosted.issuer["id"] = f"{hosted.host.base_url}/nobody"
    hosted.publish()
    ended = cli("verify", hosted.url, "--letter", *hosted.allow)
    assert ended.code in (1, 4)
    assert "not proven: look the issuer up" in ended.err or "names no address" in ended.out


def test_what_was_told_before_a_stop_is_recorded_and_is_not_asked_again(cli, learner, monkeypatch) -> None:
    later(monkeypatch, days=40)
    told: list[str] = []

    def stop(run: Run, judged: Judged, **how: object) -> None:
        assert judged.row is not None
        told.append(judged.row.id)
        if len(told) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tui.cli.commands.verify.print_judged", stop)
        assert cli("verify", "--all", *learner.allow).code == 130
    documents = cli("verify", "--all", "--max-age", "30d", "--json", *learner.allow).documents
    assert not set(told) & {document["badge"] for document in documents}
    assert cli("verify", "--all", "--max-age", "30d").out == ""
