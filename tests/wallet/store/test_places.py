"""What is said about places of pathways: planned, attested, excepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.support.wallets import NOW, later, open_wallet

WHO = "Avery Mentor of Field Street 7"


def test_the_latest_word_of_a_kind_about_a_place_holds_and_undo_brings_the_one_before_back(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.say_of_place("excepted", "urn:p", "a", {"kind": "force-complete"}, now=NOW)
        wallet.say_of_place(
            "excepted", "urn:p", "a", {"kind": "exclude-here"}, until=date(2027, 1, 1), now=later(days=1)
        )
        (held,) = wallet.said_of_places("urn:p")
        assert (held.about, held.until) == ({"kind": "exclude-here"}, date(2027, 1, 1))
        wallet.undo(now=later(days=2))
        (held,) = wallet.said_of_places()
        assert (held.about, held.until, held.recorded) == ({"kind": "force-complete"}, None, NOW)


def test_what_is_taken_back_does_not_hold_and_kinds_and_pathways_do_not_mix(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.say_of_place("planned", "urn:p", "a", {"count": 1}, now=NOW)
        wallet.say_of_place("attested", "urn:p", "a", {"who": WHO}, now=NOW)
        wallet.say_of_place("planned", "urn:q", "a", {"count": 1}, now=NOW)
        wallet.say_of_place("planned", "urn:p", "a", None, now=later(days=1))
        assert [(one.kind, one.pathway) for one in wallet.said_of_places()] == [
            ("attested", "urn:p"),
            ("planned", "urn:q"),
        ]
        assert wallet.history()[0].summary == "taking back planning place 'a'"


def test_names_and_reasons_are_in_an_object_and_not_in_the_log(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.say_of_place("attested", "urn:p", "a", {"who": WHO, "reason": "saw it"}, now=NOW)
        logs = b"".join(path.read_bytes() for path in (wallet.paths.wallet / "events").iterdir())
        assert WHO.encode() not in logs
        assert b"saw it" not in logs
        assert wallet.said_of_places()[0].about == {"who": WHO, "reason": "saw it"}
