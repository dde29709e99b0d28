"""A preview finds what a file says of its learner, however it is written there."""

from __future__ import annotations

import pytest

from exporters.disclosing import WITHHELD, Seen, Withholding, personal_fields
from tests.generate.badges import assertion, encode, itxt, png, signed_assertion, token
from wallet.found import Kind
from wallet.model import Identity

MINA = Identity("email", "mina.okafor@learner.example")
HASHED = {"type": "email", "hashed": True, "salt": "deadsea", "identity": "sha256$" + "ab" * 32}


def fields(data: bytes, kind: Kind | None = None, *, person: str = "") -> list[str]:
    return [one.field for one in personal_fields(person, (), (MINA,), [Seen("Water", data, kind)])]


def test_salt_and_hash_are_named_with_what_they_let_somebody_do() -> None:
    seen = [Seen("Water", encode(assertion(recipient=HASHED)), Kind.OB2_JSON)]
    (hashed,) = [one for one in personal_fields("", (), (MINA,), seen) if "salt and hash" in one.field]
    assert hashed.badges == ("Water",)
    assert "confirm" in hashed.remark


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (encode(assertion()), Kind.OB2_JSON),
        (token(signed_assertion()), Kind.OB2_JWS),
        (b'{"a": "MINA.Okafor\\u0040learner.example"}', None),
        (b'{"a": "https://c.example/?u=mina.okafor%40learner.example"}', None),
        (png(itxt(encode(assertion()))), None),
    ],
    ids=["json", "signed", "escaped", "in-a-link", "picture"],
)
def test_an_address_is_found_however_it_is_written(data: bytes, kind: Kind | None) -> None:
    assert f"your identity in plain text: {MINA}" in fields(data, kind)


def test_links_that_open_accounts_paths_work_and_camera_notes_are_named() -> None:
    work = encode(assertion(recipient=HASHED, evidence={"id": "https://portfolio.example/mina", "name": "Film"}))
    assert "links or words about your work" in fields(work, Kind.OB2_JSON)
    assert any("opens an account" in field for field in fields(b'{"u": "https://c.example/a?access_token=1"}'))
    assert not any("opens an account" in field for field in fields(b'{"u": "https://c.example/a?page=1"}'))
    assert any("path" in field for field in fields(b'{"u": "/home/mina/x"}'))
    assert any("camera" in field for field in fields(png() + b"eXIf"))
    assert "your name in plain text" in fields(b'{"n": "Mina Okafor"}', person="Mina Okafor")


def test_words_of_ours_lose_an_address_that_was_not_told() -> None:
    tell = Withholding([MINA])
    assert tell("Badge of Mina.Okafor@learner.example") == f"Badge of {WITHHELD}"
    assert tell.hides("https://c.example/?u=mina.okafor%40learner.example")
    assert Withholding([])(str(MINA)) == str(MINA)
