"""What older documents say of themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from wallet.documents.legacy import read_time
from wallet.documents.openbadges2 import claims
from wallet.found import Kind
from wallet.model import Recipient, Verification


def said(document, kind=Kind.OB1_JSON):
    credential = claims(json.dumps(document).encode(), kind)
    assert credential is not None
    return credential


def test_version_0_5_is_shown() -> None:
    issuer = {"origin": "https://college.example", "name": "College", "contact": "office@college.example"}
    badge = {
        "version": "0.5.0",
        "name": "Welding",
        "image": "/w.png",
        "description": "d",
        "criteria": "/c",
        "issuer": issuer,
    }
    credential = said(
        {"recipient": "sha256$00", "salt": "s", "issued_on": "2012-01-31", "badge": badge}, Kind.OB05_JSON
    )
    assert credential.version == "0.5" and credential.name == "Welding"
    assert credential.recipient == Recipient("email", "sha256$00", True, "s")
    assert credential.issuer.email == "office@college.example"
    assert credential.issuer.url == "https://college.example"
    assert credential.issued_on == datetime(2012, 1, 31, tzinfo=UTC)
    assert credential.id is None and credential.verification is None


def test_version_1_0_is_known_by_where_it_is_verified() -> None:
    recipient = {"type": "email", "hashed": "yes", "identity": "ada@college.example"}
    hosted = {"type": "hosted", "url": "https://college.example/a/1"}
    base = {"uid": "7", "recipient": recipient, "badge": "https://college.example/b", "issuedOn": 1327968000}
    credential = said({**base, "verify": hosted})
    assert (credential.version, credential.id) == ("1.0", "https://college.example/a/1")
    assert credential.achievement_id == "https://college.example/b" and credential.achievement is None
    assert credential.verification == Verification(("hosted",), None, "https://college.example/a/1")
    assert credential.recipient.hashed is None
    signed = said({**base, "verify": {"type": "signed", "url": "https://college.example/key"}})
    assert signed.id == "uid:7"


def test_version_1_1_is_known_by_its_id() -> None:
    badge = {"id": "https://college.example/b", "name": 5, "issuer": "https://college.example/i"}
    document = {"@context": "https://w3id.org/openbadges/v1", "id": "https://college.example/a/1", "badge": badge}
    credential = said({**document, "recipient": {"hashed": True}, "verify": {}})
    assert (credential.version, credential.id) == ("1.1", "https://college.example/a/1")
    assert credential.achievement.issuer_id == "https://college.example/i"
    assert credential.issuer is None and credential.name == ""
    assert credential.recipient == Recipient("", "", True)


def test_an_older_document_may_lack_everything() -> None:
    credential = said({"@context": "https://w3id.org/openbadges/v1"})
    assert credential.id is None and credential.recipient is None and credential.achievement_id is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2012-01-31", datetime(2012, 1, 31, tzinfo=UTC)),
        ("2012-01-31T01:00:00+01:00", datetime(2012, 1, 31, tzinfo=UTC)),
        ("1327968000", datetime(2012, 1, 31, tzinfo=UTC)),
        (1327968000, datetime(2012, 1, 31, tzinfo=UTC)),
        ("soon", None),
        ("0001-01-01T00:00:00+01:00", None),
        (10**18, None),
        (-(2**63), None),
        (True, None),
        (1.5, None),
        ([], None),
    ],
)
def test_older_dates_are_read_as_those_versions_allow(value, expected) -> None:
    assert read_time(value) == expected
