"""Older documents in the words of 2.0, and every step that this took."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate import badges
from wallet.documents.legacy import read_time, upgrade, withdrawn_only
from wallet.documents.openbadges2 import claims
from wallet.documents.survey import JsonLdProblem
from wallet.found import Kind
from wallet.model import Recipient, Verification

V1 = "https://w3id.org/openbadges/v1"
A, B, C, I = (f"https://college.example/{name}" for name in ("a/1", "b", "c", "i"))  # noqa: E741


def said(document, kind=Kind.OB1_JSON):
    credential = claims(json.dumps(document).encode(), kind)
    assert credential is not None
    return credential


def refused(document, part="assertion"):
    with pytest.raises(JsonLdProblem) as caught:
        upgrade(document, part, A)
    return caught.value.check, caught.value.failed


# what is shown before anything is verified


def test_version_0_5_is_shown() -> None:
    credential = said(badges.assertion_0_5(recipient="sha256$00", salt="s"), Kind.OB05_JSON)
    assert credential.version == "0.5" and credential.name == "Web Basics"
    assert credential.recipient == Recipient("email", "sha256$00", True, "s")
    assert credential.issuer.url == "https://old-club.example"
    assert credential.achievement.image.url == "https://old-club.example/images/web.png"
    assert credential.achievement.criteria.id == "https://old-club.example/web"
    assert credential.issued_on == datetime(2012, 6, 1, tzinfo=UTC)
    assert credential.id is None and credential.verification.types == ("HostedBadge",)


def test_version_1_0_is_known_by_where_it_is_verified() -> None:
    recipient = {"type": "email", "hashed": "yes", "identity": "ada@college.example"}
    base = {"uid": "7", "recipient": recipient, "badge": B, "issuedOn": 1327968000}
    credential = said({**base, "verify": {"type": "hosted", "url": A}})
    assert (credential.version, credential.id) == ("1.0", A)
    assert credential.achievement_id == B and credential.achievement is None
    assert credential.verification == Verification(("HostedBadge",), None, A)
    assert credential.recipient.hashed is None
    assert credential.issued_on == datetime(2012, 1, 31, tzinfo=UTC)
    assert said({**base, "verify": {"type": "signed", "url": "https://college.example/key"}}).id == "uid:7"
    assert said({**base, "verify": {"type": "sealed", "url": 7}}).id is None


def test_version_1_1_is_known_by_its_id() -> None:
    badge = {"id": B, "type": "badgeclass", "name": 5, "issuer": {"@id": I, "type": ["issuerorg"], "name": "College"}}
    credential = said({"@context": V1, "id": A, "type": "obi:Assertion", "badge": badge, "recipient": {}, "verify": {}})
    assert (credential.version, credential.id, credential.types) == ("1.1", A, ("Assertion",))
    assert credential.achievement.types == ("BadgeClass",) and credential.name == ""
    assert credential.issuer.id == I and credential.issuer.types == ("Issuer",)
    assert credential.recipient is None


def test_an_older_document_may_lack_everything() -> None:
    credential = said({"@context": V1})
    assert credential.id is None and credential.recipient is None and credential.achievement_id is None


def test_what_cannot_be_read_safely_is_not_shown() -> None:
    document = {"@context": [V1, {"until": "obi:x"}], "recipient": {}}
    assert claims(json.dumps(document).encode(), Kind.OB1_JSON) is None


# the steps


def test_every_step_of_an_upgrade_is_listed() -> None:
    award = upgrade(
        {
            "uid": "7",
            "recipient": {"type": "email", "identity": "x", "mood": "glad"},
            "badge": B,
            "verify": {"type": "hosted", "url": A},
            "issuedOn": 1327968000,
            "expires": "2013-01-31",
            "evidence": [C],
            "colour": "blue",
        },
        "assertion",
    )
    assert award.node == {
        "type": "Assertion",
        "id": A,
        "uid": "7",
        "recipient": {"type": "email", "identity": "x"},
        "badge": B,
        "verification": {"type": "HostedBadge", "url": A},
        "issuedOn": "2012-01-31T00:00:00+00:00",
        "expires": "2013-01-31T23:59:59.999999+00:00",
        "evidence": C,
    }
    assert award.steps == (
        "type inferred",
        "verify read as verification",
        "id from verify.url",
        "issuedOn in seconds since 1970",
        "expires lasts to the end of its day in UTC",
    )
    assert award.undefined == ("colour", "recipient.mood")


def test_a_class_takes_the_address_that_it_was_found_at() -> None:
    class_ = {"name": "n", "criteria": C, "issuer": I, "id": "7", "alignment": ["x", {"name": "a", "url": C}]}
    read = upgrade(class_, "badgeclass", B)
    assert read.node["id"] == B and read.node["type"] == "BadgeClass"
    assert read.node["alignment"] == ["x", {"targetName": "a", "targetUrl": C}]
    assert read.undefined == ("id",)
    with_context = upgrade({"@context": V1, **class_, "id": C}, "badgeclass", B)
    assert with_context.node["id"] == C and with_context.version == "1.1"
    assert upgrade({"@context": V1, "name": "n"}, "profile", I).node["id"] == I


def test_a_date_of_today_needs_no_step() -> None:
    read = upgrade({"@context": V1, "type": "Assertion", "issuedOn": "2016-05-01T00:00:00Z"}, "assertion")
    assert read.steps == () and read.node["issuedOn"] == "2016-05-01T00:00:00Z"
    unclear = upgrade(
        {"@context": V1, "type": [5, "Assertion"], "issuedOn": "2016-05-01T10:00", "expires": []}, "assertion"
    )
    assert unclear.steps == ("issuedOn without a zone read as UTC",)
    assert unclear.node["type"] == [5, "Assertion"]


def test_two_ways_to_the_same_place_are_one() -> None:
    read = upgrade(
        {"@context": V1, "id": A, "verify": {"type": ["hosted"], "url": A.replace("https", "HTTP")}}, "assertion"
    )
    assert read.node["id"] == A
    two = upgrade({"@context": V1, "id": A, "verify": {"type": ["hosted", 5], "url": B}}, "assertion")
    assert two.node["id"] == [A, B] and two.node["verification"]["type"] == ["HostedBadge", 5]
    assert upgrade({"@context": V1, "id": "urn:x", "verify": {"type": "hosted"}}, "assertion").node["id"] == "urn:x"
    assert upgrade({"@context": V1, "verify": {"type": "hosted", "url": A}}, "assertion").node["id"] == A


def test_a_list_of_withdrawn_badges_may_be_spelt_in_three_ways() -> None:
    entry = {"id": "7", "uid": "7", "revocationReason": "mistake"}
    assert upgrade({"7": "mistake"}, "revocationlist").node["revokedAssertions"] == [entry]
    context = {"@context": V1, "id": A, "type": "RevocationList", "issuer": I}
    assert upgrade({**context, "7": "mistake"}, "revocationlist").node["revokedAssertions"] == [entry]
    list_ = upgrade({**context, "revokedAssertions": [A]}, "revocationlist").node
    assert list_ == {"type": "RevocationList", "revokedAssertions": [A], "issuer": I}
    assert upgrade({"id": "x"}, "revocationlist").node["revokedAssertions"] == [
        {"id": "id", "uid": "id", "revocationReason": "x"}
    ]


def test_0_5_is_put_below_its_own_address() -> None:
    read = upgrade(
        badges.assertion_0_5(evidence="work", badge={**badges.assertion_0_5()["badge"], "criteria": None}),
        "assertion",
        A,
    )
    assert read.node["id"] == A and read.node["badge"]["id"] == f"{A}#badge"
    assert read.node["evidence"] == "https://old-club.example/work"
    assert "issuer's id and url from origin" in read.steps
    contact = {"origin": "https://old-club.example", "contact": "x@y.example", "org": "Club"}
    profile = upgrade({"recipient": "x", "badge": {"issuer": contact}}, "assertion").node["badge"]["issuer"]
    assert profile == {"type": "Issuer", "id": contact["origin"], "url": contact["origin"], "email": "x@y.example"}
    assert upgrade({"recipient": "x", "badge": {"name": "n"}}, "assertion").node["badge"] == {
        "type": "BadgeClass",
        "name": "n",
    }
    assert upgrade({"recipient": "x", "badge": B}, "assertion").node["badge"] == B
    assert "badge" not in upgrade({"recipient": "x"}, "assertion").node


def test_an_origin_that_is_no_address_completes_nothing() -> None:
    badge = {"image": "/w.png", "criteria": "data:,x", "issuer": {"origin": "http://[college"}}
    assert upgrade({"recipient": "x", "badge": badge}, "assertion").node["badge"]["image"] == "/w.png"


# what is refused


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"@context": [V1, {"expires": None}]}, ("jsonld.split", True)),
        ({"@context": [V1, {"sec": "x:"}]}, ("jsonld.split", True)),
        ({"@context": [V1, {"until": "sec:expiration"}]}, ("jsonld.context", False)),
        ({"@context": [V1, []]}, ("jsonld.context", False)),
        ({"@context": [V1, *(f"https://v.example/{n}" for n in range(11))]}, ("jsonld.keywords", False)),
        ({"@context": "https://v.example/"}, ("jsonld.context", False)),
        ({"@context": {"a": "b"}}, ("jsonld.context", False)),
        ({"@context": V1, "@graph": []}, ("jsonld.keywords", False)),
        ({"@context": V1, "obi:badge": "x"}, ("jsonld.keywords", False)),
        ({"@context": V1, "https://w3id.org/security#expiration": "x"}, ("jsonld.keywords", False)),
        ({"@context": V1, "recipient": {"@context": {"identity": "x:y"}}}, ("jsonld.split", True)),
        ({"@context": V1, "uid": 7.5, "verify": {"type": "signed"}}, ("structure.*.id", True)),
        ({"@context": V1, "uid": True, "verify": {"type": "signed"}}, ("structure.*.id", True)),
        ({"error": "none"}, ("jsonld.context", False)),
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(document, expected) -> None:
    assert refused(document) == expected


@pytest.mark.parametrize("document", [{"error": "x"}, {"Message": "x"}, {"7": ["x"]}, {"7": False}, {"7": {}}])
def test_an_excuse_is_no_list(document) -> None:
    assert refused(document, "revocationlist") == ("jsonld.context", False)


def test_extensions_and_unknown_contexts_are_left_out_and_named() -> None:
    read = upgrade(
        {
            "@context": [V1, "https://v.example/", None],
            "@language": "en",
            "extensions:mood": {},
            "x:y": 1,
            "recipient": {},
        },
        "assertion",
    )
    assert read.unknown_contexts == ("https://v.example/",)
    assert read.undefined == ("extensions:mood", "x:y")


def test_only_a_bare_notice_says_no_more_than_withdrawn() -> None:
    assert withdrawn_only({"revoked": True, "revocationReason": "x"})
    assert not withdrawn_only({"revoked": True, "badge": B})
    assert not withdrawn_only({"revoked": "true"})


# dates


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2012-01-31", datetime(2012, 1, 31, tzinfo=UTC)),
        ("2012-01-31T01:00:00+01:00", datetime(2012, 1, 31, tzinfo=UTC)),
        ("2012-01-31 00:00:00", datetime(2012, 1, 31, tzinfo=UTC)),
        ("1327968000", datetime(2012, 1, 31, tzinfo=UTC)),
        (1327968000, datetime(2012, 1, 31, tzinfo=UTC)),
        ("soon", None),
        ("2012-02-30", None),
        ("2012-W05-2", None),
        ("20120131", None),
        ("٢٠١٢-٠١-٣١", None),
        ("0001-01-01T00:00:00+01:00", None),
        (10**10, None),
        (-1, None),
        (True, None),
        (1.5, None),
        ([], None),
    ],
)
def test_older_dates_are_read_as_those_versions_allow(value, expected) -> None:
    assert read_time(value) == expected


# for every document

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2 * 10**9)
    | st.sampled_from(["x", A, B, V1, "2012-01-31", "hosted", "signed"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "url", "issuer", "origin", "id", "name"]), inner)
    ),
    max_leaves=6,
)
_NAMES = "recipient badge verify uid id type issuedOn issued_on expires salt issuer alignment image"
_DOCUMENTS = st.dictionaries(st.sampled_from(_NAMES.split()), _VALUES)


@settings(max_examples=100, deadline=None)
@given(_DOCUMENTS, st.booleans(), st.sampled_from(["assertion", "badgeclass", "profile", "revocationlist"]))
def test_no_document_breaks_the_upgrade(document, context, part) -> None:
    try:
        read = upgrade({"@context": V1, **document} if context else document, part, A)
    except JsonLdProblem:
        return
    assert read.version in ("0.5", "1.0", "1.1")
    assert part == "revocationlist" or "verify" not in read.node
