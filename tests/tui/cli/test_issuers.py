"""`issuer`: whom badges come from, look-alikes, and the learner's own word, which is shown as such and changes no verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wallet.lookalikes import lookalikes
from wallet.store.issuers import IssuerRow

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_issuers_are_listed_with_host_keys_and_badges(cli, learner) -> None:
    found = {issuer["names"][0]: issuer for issuer in cli("issuer", "list", "--json").document["issuers"]}
    college, growers = found["Prairie Rivers College"], found["Growers' Co-operative"]
    assert (college["badges"], growers["badges"]) == (8, 1)
    assert college["host"] == "127.0.0.1"
    assert len(college["keys"]) == 1
    assert len(college["keys"][0]["sha256"]) == 64
    assert college["first_seen"] is not None
    assert growers["keys"] == []
    table = cli("issuer", "list").out
    assert "Prairie Rivers College" in table
    assert "none" in table


@pytest.mark.parametrize("word", ["Growers' Co-operative", "growers", "GROW"])
def test_an_issuer_is_named_by_its_name_or_a_part_of_it(cli, learner, word: str) -> None:
    shown = cli("issuer", "show", word)
    assert shown.out.startswith("issuer         Growers' Co-operative\n")
    assert "Field Hours 30" in shown.out
    address = cli("issuer", "show", word, "--json").document["id"]
    assert cli("issuer", "show", address).code == 0


def test_a_name_that_fits_several_or_none_is_refused(cli, learner) -> None:
    several = cli("issuer", "show", "127.0.0.1")
    assert several.code == 2
    assert "fits 2 issuers" in several.err
    assert cli("issuer", "show", "nobody").code == 3
    assert cli("issuer", "trust", "").code == 3


def test_without_a_wallet_there_is_nobody_and_no_wallet_is_made(cli, home) -> None:
    assert "badgefolio import" in cli("issuer", "list").err
    assert cli("issuer", "trust", "anybody").code == 3
    assert not home.exists()


def test_trust_is_the_learners_word_and_shown_as_such_wherever_the_issuer_is(cli, learner) -> None:
    said = cli("issuer", "trust", "growers", "--note", "I worked there")
    assert "your word      you trust it: I worked there" in said.out
    for line in (["verify", "--offline"], ["show"]):
        assert "your word    you trust it: I worked there" in cli(*line, "Field").out
        assert "your word: you trust it: I worked there" in cli(*line, "Field", "--plain").out
        assert "your word" not in cli(*line, "Water").out
    assert cli("verify", "--offline", "Field", "--json").document["your_word"] == "you trust it: I worked there"
    assert "you trust it" in cli("issuer", "list").out


def test_a_word_changes_no_verdict(cli, learner) -> None:
    cli("issuer", "distrust", "growers")
    cli("issuer", "trust", "prairie")
    assert cli("verify", "--offline", "Field", "--json").document["verdict"] == "valid"
    assert cli("verify", "--offline", "Master", "--json").document["verdict"] == "invalid"


def test_a_word_can_be_changed_forgotten_and_undone(cli, learner) -> None:
    def word() -> object:
        document = cli("issuer", "show", "growers", "--json").document
        return document["your_word"], document["your_note"]

    cli("issuer", "distrust", "growers", "--note", "who are they?")
    assert word() == ("distrusted", "who are they?")
    cli("issuer", "trust", "growers")
    assert word()[0] == "trusted"
    cli("undo")
    assert word() == ("distrusted", "who are they?")
    assert cli("issuer", "forget", "growers").code == 0
    assert word()[0] is None
    assert "calling" in cli("history").out


def test_hostile_names_are_harmless(cli, learner) -> None:
    shown = cli("issuer", "trust", "growers", "--note", "a\x1b[2Jb\u202ec")
    assert "\x1b" not in shown.out + cli("issuer", "list").out
    assert "\u202e" not in shown.out


def row(number: int, host: str, name: str, *, seen: bool = True) -> IssuerRow:
    return IssuerRow(f"https://{host}/i{number}", host, (name,), START + timedelta(days=number) if seen else None)


def test_who_looks_like_somebody_known_before_is_pointed_out() -> None:
    known = row(1, "rowan-college.example", "Rowan College")
    alike = row(2, "rowan-co11ege.example", "Another")
    namesake = row(3, "elsewhere.example", "Rοwan College")  # with a Greek letter
    stranger = row(4, "quarry.example", "Quarry School")
    unproven = row(5, "new.example", "Rowan College", seen=False)
    found = lookalikes((known, alike, namesake, stranger, unproven))
    assert known.id not in found
    assert stranger.id not in found
    assert [like.other for like in found[alike.id]] == [known.id]
    assert "its host looks like rowan-college.example, known since 2 March 2026" in found[alike.id][0].said
    assert "it has the name of the issuer on rowan-college.example" in found[namesake.id][0].said
    assert {like.other for like in found[unproven.id]} == {known.id, namesake.id}


def test_pages_of_one_host_are_no_look_alikes() -> None:
    assert lookalikes((row(1, "rowan-college.example", "Rowan"), row(2, "rowan-college.example", "Rowan"))) == {}
