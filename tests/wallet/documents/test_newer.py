"""Credentials of newer families are shown with what they say, and nothing that they say can raise or prove anything."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate import badges
from wallet.documents.openbadges2 import claims
from wallet.found import Kind

NEWER = (Kind.OB3_JSON, Kind.OB3_JWT, Kind.CLR2_JSON, Kind.CLR2_JWT, Kind.BLOCKCERTS_JSON)


def unsigned(payload: object) -> bytes:
    parts = (b'{"alg":"RS256"}', json.dumps(payload).encode(), b"signature")
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def test_an_open_badge_3_tells_name_issuer_and_dates() -> None:
    said = claims(badges.encode(badges.open_badge_3(validUntil="2027-01-01T00:00:00Z")), Kind.OB3_JSON)
    assert said is not None
    assert (said.name, said.version) == ("Laboratory Safety", "3.0")
    assert said.issuer is not None and str(said.issuer.name) == "Rowan College"
    assert said.issued_on == datetime(2026, 1, 1, tzinfo=UTC)
    assert said.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert said.recipient is None


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_token_of_either_data_model_tells_the_same(wrapped: bool) -> None:
    document = badges.open_badge_3()
    said = claims(unsigned({"iss": "x", "vc": document} if wrapped else document), Kind.OB3_JWT)
    assert said == claims(badges.encode(document), Kind.OB3_JSON)


def test_an_issuer_may_be_an_address_and_a_subject_a_list() -> None:
    subject = [{"achievement": [{"id": "https://a.example/1", "name": "Weaving", "tag": ["craft"]}]}]
    document = badges.open_badge_3(issuer="https://guild.example/", credentialSubject=subject)
    said = claims(badges.encode(document), Kind.OB3_JSON)
    assert said is not None and said.achievement is not None
    assert (said.name, said.achievement_id) == ("Weaving", "https://a.example/1")
    assert (said.achievement.issuer_id, said.achievement.tags) == ("https://guild.example/", ("craft",))


def test_a_learner_record_has_its_own_name_and_not_that_of_its_first_badge() -> None:
    subject = {"achievement": {"name": "First"}, "verifiableCredential": [badges.open_badge_3()]}
    document = badges.open_badge_3(name="Record of Mina Okafor", credentialSubject=subject)
    said = claims(badges.encode(document), Kind.CLR2_JSON)
    assert said is not None and said.name == "Record of Mina Okafor"


def test_a_blockcert_tells_its_badge() -> None:
    document = {
        "id": "urn:uuid:1",
        "badge": {"name": "Diploma", "issuer": {"id": "https://u.example/i", "name": "University"}},
        "issuedOn": "2020-05-01T00:00:00Z",
    }
    said = claims(badges.encode(document), Kind.BLOCKCERTS_JSON)
    assert said is not None and said.issuer is not None
    assert (said.name, str(said.issuer.name), said.version) == ("Diploma", "University", "Blockcerts")


@pytest.mark.parametrize("raw", [b"{", b"[]", b"{}", b"", b"a.b.c", b'{"credentialSubject": []}'])
@pytest.mark.parametrize("kind", NEWER)
def test_what_cannot_be_read_claims_nothing(raw: bytes, kind: Kind) -> None:
    assert claims(raw, kind) is None


def test_an_id_alone_is_told() -> None:
    said = claims(b'{"id": "urn:uuid:1"}', Kind.OB3_JSON)
    assert said is not None and said.id == "urn:uuid:1" and said.achievement is None


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["", "x", "2026-01-01T00:00:00Z", "https://a.example/1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "vc",
                    "name",
                    "issuer",
                    "credentialSubject",
                    "achievement",
                    "badge",
                    "validFrom",
                    "tag",
                    "criteria",
                    "image",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(document=values, kind=st.sampled_from(NEWER))
def test_no_shape_raises(document: object, kind: Kind) -> None:
    claims(json.dumps(document).encode(), kind)
    claims(unsigned(document), kind)
