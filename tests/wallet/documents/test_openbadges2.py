"""Readers and writers between documents and the model."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.keys import forged
from wallet.documents import openbadges2 as ob2
from wallet.documents.jsonld import OB2_CONTEXT, normalise
from wallet.documents.strict_json import dumps_bytes
from wallet.found import Kind
from wallet.model import (
    Achievement,
    Alignment,
    Commitment,
    Credential,
    Criteria,
    CryptographicKey,
    HostingScope,
    Image,
    Profile,
    Recipient,
    RevokedEntry,
    Text,
    Verification,
    WorkEvidence,
)

WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
MAYBE = st.none() | WORD
IRI = st.integers(0, 99).map("https://college.example/{}".format)
MAYBE_IRI = st.none() | IRI
TAG = st.sampled_from(["", "en", "de-ch", "ar"])
TEXT = st.lists(st.tuples(TAG, WORD), max_size=3).map(lambda pairs: Text(tuple(pairs)))
MOMENT = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def tuples(strategy, **sizes):
    return st.lists(strategy, max_size=3, **sizes).map(tuple)


IMAGE = st.none() | st.builds(Image, IRI, MAYBE, MAYBE_IRI)
COMMITMENT = st.none() | st.builds(
    Commitment,
    st.integers(1, 6_000).map(lambda minutes: Fraction(minutes, 60)),
    st.none() | st.decimals("0.5", 60, places=1),
    st.none() | st.decimals("0.5", 60, places=1),
)
KEY = st.builds(CryptographicKey, MAYBE_IRI, MAYBE_IRI, MAYBE)
SCOPE = st.builds(HostingScope, st.none() | tuples(WORD), st.none() | tuples(WORD), MAYBE)


def profile(identity):
    return st.builds(
        Profile,
        id=st.just(identity),
        types=st.just(("Issuer",)),
        name=TEXT,
        url=MAYBE_IRI,
        email=MAYBE,
        telephone=MAYBE,
        description=TEXT,
        image=IMAGE,
        public_keys=tuples(IRI | KEY),
        verification=st.none() | SCOPE,
        revocation_list=MAYBE_IRI,
    )


def achievement(identity):
    return MAYBE_IRI.flatmap(
        lambda issuer: st.builds(
            Achievement,
            id=st.just(identity),
            types=tuples(WORD, min_size=1),
            name=TEXT,
            description=TEXT,
            image=IMAGE,
            criteria=st.none() | st.builds(Criteria, MAYBE_IRI, TEXT),
            issuer_id=st.just(issuer),
            issuer=st.none() | profile(issuer),
            alignments=tuples(st.builds(Alignment, TEXT, MAYBE_IRI, TEXT, MAYBE, MAYBE)),
            tags=tuples(WORD),
            commitment=COMMITMENT,
            related=tuples(IRI),
        )
    )


CREDENTIAL = MAYBE_IRI.flatmap(
    lambda badge: st.builds(
        Credential,
        id=MAYBE_IRI,
        types=tuples(WORD),
        version=st.sampled_from(["2.0", "1.1", "1.0", "0.5"]),
        recipient=st.none() | st.builds(Recipient, WORD, WORD, st.none() | st.booleans(), MAYBE),
        achievement_id=st.just(badge),
        achievement=st.none() | achievement(badge),
        verification=st.none() | st.builds(Verification, tuples(WORD), MAYBE_IRI, MAYBE_IRI),
        issued_on=MOMENT,
        expires=MOMENT,
        image=IMAGE,
        work_evidence=tuples(st.builds(WorkEvidence, MAYBE_IRI, TEXT, TEXT, TEXT, MAYBE, MAYBE)),
        narrative=TEXT,
        revoked=st.none() | st.booleans(),
        revocation_reason=MAYBE,
        uid=MAYBE,
    )
)


@settings(max_examples=100, deadline=None)
@given(CREDENTIAL)
def test_what_is_written_is_read_again(credential) -> None:
    written = json.loads(dumps_bytes(ob2.write_credential(credential)))
    assert ob2.read_credential(written) == credential
    assert written["@context"] == OB2_CONTEXT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "name",
                    "badge",
                    "issuer",
                    "recipient",
                    "identity",
                    "verification",
                    "startsWith",
                    "image",
                    "criteria",
                    "evidence",
                    "alignment",
                    "tags",
                    "publicKey",
                    "@value",
                    "@language",
                    "revoked",
                    "revokedAssertions",
                    "uid",
                    "issuedOn",
                    "narrative",
                    "url",
                    "verify",
                    "salt",
                    "hashed",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["badge", "id", "issuer", "recipient", "revokedAssertions"]), JSON, max_size=5))
def test_no_shape_makes_a_reader_raise(node) -> None:
    for read in (ob2.read_credential, ob2.read_achievement, ob2.read_profile, ob2.read_key, ob2.read_revocation_list):
        assert read(node) is not None
    for kind in Kind:
        ob2.claims(json.dumps(node).encode(), kind)


def test_a_badge_by_address_gives_only_the_address() -> None:
    for badge in ("https://college.example/b", {"id": "https://college.example/b"}):
        credential = ob2.read_credential({"badge": badge})
        assert credential.achievement_id == "https://college.example/b"
        assert credential.achievement is None and credential.name == "" and credential.issuer is None


def test_a_badge_inside_gives_achievement_and_issuer() -> None:
    issuer = {"id": "https://college.example/i", "type": "Issuer", "name": "College"}
    badge = {"id": "https://college.example/b", "name": "Welding", "issuer": issuer}
    credential = ob2.read_credential({"badge": badge})
    assert (credential.achievement_id, credential.name) == ("https://college.example/b", "Welding")
    assert credential.achievement.issuer_id == "https://college.example/i"
    assert str(credential.issuer.name) == "College"


@pytest.mark.parametrize("hashed", [True, False, None, "true", 1])
def test_the_claim_of_hashing_is_kept_only_when_it_is_one(hashed) -> None:
    recipient = {"type": "email", "identity": "ada@college.example", "hashed": hashed}
    read = ob2.read_credential({"recipient": recipient}).recipient
    assert read == Recipient("email", "ada@college.example", hashed if isinstance(hashed, bool) else None)


@pytest.mark.parametrize("recipient", [None, "ada@college.example", 5, {}, [{}, {}], {"salt": "x"}])
def test_a_recipient_that_cannot_be_read_is_none(recipient) -> None:
    assert ob2.read_credential({"recipient": recipient}).recipient is None


def test_texts_are_read_in_all_their_forms() -> None:
    assert ob2.read_text("a").values == (("", "a"),)
    assert ob2.read_text("a", "en").values == (("en", "a"),)
    both = ob2.read_text(["a", {"@value": "b", "@language": "de"}, 5, {"en": "c"}, {"@value": 1}], "en")
    assert both.values == (("en", "a"), ("de", "b"))
    assert ob2.read_text({"en": "c"}) == ob2.read_text(None) == Text()


def test_several_values_where_one_belongs_are_none() -> None:
    node = {
        "image": ["a", "b"],
        "issuedOn": ["2026-01-31T12:00:00Z"] * 2,
        "revoked": [True, False],
        "criteria": ["a", "b"],
    }
    credential = ob2.read_credential(node)
    assert credential.image is credential.issued_on is credential.revoked is None
    assert ob2.read_achievement(node).criteria is None


def test_members_of_the_wrong_kind_are_none() -> None:
    node = {"image": {"caption": "x"}, "issuedOn": 5, "verification": "hosted", "evidence": [5, "https://a.example"]}
    credential = ob2.read_credential(node)
    assert credential.image is credential.issued_on is credential.verification is None
    assert credential.work_evidence == (WorkEvidence(id="https://a.example"),)
    assert ob2.read_achievement({"alignment": ["x"], "criteria": 5}) == Achievement(None)
    assert ob2.read_profile({"publicKey": [5, {"x": 1}], "verification": "x"}).public_keys == (
        CryptographicKey(None, None, None),
    )


def test_criteria_are_an_address_a_narrative_or_both() -> None:
    page = "https://college.example/c"
    assert ob2.read_achievement({"criteria": page}).criteria == Criteria(page)
    both = ob2.read_achievement({"criteria": {"id": page, "narrative": "Weld."}}, "en").criteria
    assert both == Criteria(page, Text.of("Weld.", "en"))


def test_the_older_spelling_of_verification_is_read() -> None:
    assert ob2.read_credential({"verify": {"type": "hosted"}}).verification == Verification(("hosted",))


def test_a_profile_that_declares_nothing_differs_from_one_that_declares_an_empty_list() -> None:
    nothing = ob2.read_profile({"verification": {}}).verification
    empty = ob2.read_profile({"verification": {"startsWith": [], "allowedOrigins": []}}).verification
    assert nothing == HostingScope(None, None) and empty == HostingScope((), ())


def test_a_revocation_list_is_read_in_all_its_forms() -> None:
    entries = [
        "https://college.example/a/1",
        {"id": "https://college.example/a/2", "revocationReason": "left"},
        {"uid": "7", "revoked": True},
        {"id": "https://college.example/a/3", "revoked": False},
        {"revocationReason": "nobody knows"},
        5,
    ]
    node = {"id": "https://college.example/r", "issuer": {"id": "https://college.example/i"}}
    expected = (
        RevokedEntry("https://college.example/a/1", None),
        RevokedEntry("https://college.example/a/2", None, "left"),
        RevokedEntry(None, "7"),
    )
    for name in ("revokedAssertions", "revoked"):
        read = ob2.read_revocation_list({**node, name: entries})
        assert (read.id, read.issuer, read.entries) == (node["id"], "https://college.example/i", expected)
    assert ob2.read_revocation_list({"revokedAssertions": entries[0]}).entries == expected[:1]
    assert ob2.read_revocation_list({}).entries == ()


ASSERTION = {
    "@context": OB2_CONTEXT,
    "@language": "en",
    "id": "https://college.example/a/1",
    "type": "Assertion",
    "badge": {"id": "https://college.example/b", "type": "BadgeClass", "name": "Welding"},
    "issuedOn": "2026-01-31T12:00:00Z",
}


def test_claims_of_json_and_token_are_the_same() -> None:
    data = json.dumps(ASSERTION).encode()
    said = ob2.claims(data, Kind.OB2_JSON)
    assert said == ob2.claims(forged(b'{"alg":"RS256"}', data) + b"\n", Kind.OB2_JWS)
    assert said.achievement.name == Text.of("Welding", "en")
    assert said.issued_on == datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_an_address_claims_only_itself() -> None:
    assert ob2.claims(b" https://college.example/a/1\n", Kind.OB2_URL) == Credential(id="https://college.example/a/1")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"{", Kind.OB2_JSON),
        (b"[]", Kind.OB2_JSON),
        (b"\xff", Kind.OB1_JSON),
        (b"a.b.c", Kind.OB2_JWS),
        (b"{}", Kind.OB2_JSON),
        (b'{"@context":["https://w3id.org/openbadges/v2",{"name":null}]}', Kind.OB2_JSON),
        (b"{}", Kind.OB3_JSON),
    ],
)
def test_what_cannot_be_read_claims_nothing(raw, kind) -> None:
    assert ob2.claims(raw, kind) is None


def test_written_credentials_are_plain_documents() -> None:
    credential = ob2.read_credential(normalise(ASSERTION).node)
    normal = normalise(ob2.write_credential(credential))
    assert normal.fast and not normal.undefined
