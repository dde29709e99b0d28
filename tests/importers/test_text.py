"""Badges in text: which kind a document is, which bytes are kept, and what is said when there is none."""

from __future__ import annotations

import base64
import json

import pytest

from importers.find import find
from tests.generate import badges
from tests.generate.badges import HOST, assertion, encode, signed_assertion, token
from wallet.found import Carrier, Found, Kind


def only(data: bytes | str) -> Found:
    report = find(data)
    assert not report.refused, report.refused
    assert len(report.found) == 1
    return report.found[0]


def notes(found: Found) -> set[str]:
    return {note.code for note in found.notes}


BLOCKCERTS = assertion(
    **{
        "@context": [badges.OB2, "https://w3id.org/blockcerts/v2"],
        "signature": {"type": ["MerkleProof2017", "Extension"]},
    }
)
CLR = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "ClrCredential"],
    "id": "urn:uuid:1",
    "credentialSubject": {"verifiableCredential": [badges.open_badge_3(), badges.open_badge_3(id="urn:uuid:2")]},
}


@pytest.mark.parametrize(
    ("document", "kind", "claimed", "fetch_url"),
    [
        pytest.param(assertion(), Kind.OB2_JSON, f"{HOST}/awards/1", f"{HOST}/awards/1", id="2.0"),
        pytest.param(assertion(badge=badges.badge_class()), Kind.OB2_JSON, f"{HOST}/awards/1", f"{HOST}/awards/1", id="embedded"),
        pytest.param(signed_assertion(), Kind.OB2_JSON, f"{HOST}/awards/1", None, id="JSON that claims to be signed"),
        pytest.param(
            assertion(id="urn:uuid:9", verification={"type": "hosted", "url": f"{HOST}/awards/9"}),
            Kind.OB2_JSON, "urn:uuid:9", f"{HOST}/awards/9", id="URN with a verification address",
        ),
        pytest.param(
            assertion(verification={"type": "HostedBadge", "url": None}),
            Kind.OB2_JSON, f"{HOST}/awards/1", f"{HOST}/awards/1", id="nulls",
        ),
        pytest.param(
            assertion(type=["Assertion", "Extension"]), Kind.OB2_JSON, f"{HOST}/awards/1", f"{HOST}/awards/1", id="types",
        ),
        pytest.param(badges.assertion_1_1(), Kind.OB1_JSON, f"{HOST}/v1/awards/1", f"{HOST}/v1/awards/1", id="1.1"),
        pytest.param(badges.assertion_1_0(), Kind.OB1_JSON, "award-10", f"{HOST}/v1/awards/10", id="1.0"),
        pytest.param(
            badges.assertion_1_0(verify={"type": "signed", "url": f"{HOST}/key.pem"}),
            Kind.OB1_JSON, "award-10", None, id="1.0 signed: the address is a key",
        ),
        pytest.param(badges.assertion_0_5(), Kind.OB05_JSON, None, None, id="0.5"),
        pytest.param(badges.open_badge_3(), Kind.OB3_JSON, badges.open_badge_3()["id"], None, id="3.0"),
        pytest.param(BLOCKCERTS, Kind.BLOCKCERTS_JSON, f"{HOST}/awards/1", None, id="Blockcerts"),
    ],
)  # fmt: skip
def test_a_document_is_recognised_by_its_content(
    document: dict[str, object], kind: Kind, claimed: str | None, fetch_url: str | None
) -> None:
    raw = encode(document)
    found = only(raw)
    assert (found.kind, found.claimed_id, found.fetch_url) == (kind, claimed, fetch_url)
    assert (found.raw, found.container, found.carrier) == (raw, None, Carrier.JSON)


@pytest.mark.parametrize(
    "contexts",
    [None, [], "https://w3id.org/openbadges/v3", ["https://www.w3.org/ns/credentials/v2"]],
    ids=["none", "empty", "v3", "of credentials"],
)
def test_an_unexpected_context_is_noted_and_the_shape_decides(contexts: object) -> None:
    found = only(encode(assertion(**{"@context": contexts})))
    assert (found.kind, notes(found)) == (Kind.OB2_JSON, {"context-unexpected"})


def test_a_learner_record_gives_itself_and_every_award_within() -> None:
    report = find(encode(CLR))
    assert [found.kind for found in report.found] == [Kind.CLR2_JSON, Kind.OB3_JSON, Kind.OB3_JSON]
    assert [step.text for step in report.found[2].steps] == ["JSON verifiableCredential member 2", "JSON"]


@pytest.mark.parametrize(
    "wrapped",
    [
        [assertion(1), assertion(2)],
        {"status": {"error": None}, "results": [assertion(1), assertion(2)]},
        {"result": [{"assertion": assertion(1)}, assertion(2)]},
        {"badges": [assertion(1), assertion(2), {"name": "no badge"}]},
    ],
    ids=["list", "Badge Connect", "one level in", "beside a stranger"],
)
def test_wrapped_awards_are_found_one_by_one(wrapped: object) -> None:
    report = find(encode(wrapped))
    assert not report.refused
    assert [found.claimed_id for found in report.found] == [f"{HOST}/awards/1", f"{HOST}/awards/2"]
    assert json.loads(report.found[1].raw) == assertion(2)


def test_a_presentation_gives_the_awards_it_presents() -> None:
    signed = token(badges.open_badge_3())
    presentation = {"type": "VerifiablePresentation", "verifiableCredential": [badges.open_badge_3(), signed.decode()]}
    assert [found.kind for found in find(encode(presentation)).found] == [Kind.OB3_JSON, Kind.OB3_JWT]


def test_a_newer_blockcerts_award_is_recognised_by_its_proof() -> None:
    assert only(encode(badges.open_badge_3(proof={"type": "MerkleProof2019"}))).kind is Kind.BLOCKCERTS_JSON


def test_a_list_of_awards_that_are_not_strict_is_still_taken_apart() -> None:
    found = only(b'[{"type": "Assertion", "id": "urn:x", "weight": NaN}]')
    assert (found.claimed_id, json.loads(found.raw)["type"]) == ("urn:x", "Assertion")
    assert notes(found) >= {"json-not-strict"}


def test_of_several_signatures_the_first_is_read_and_said() -> None:
    protected, payload, signature = token(signed_assertion()).decode().split(".")
    part = {"protected": protected, "signature": signature}
    assert notes(only(encode({"payload": payload, "signatures": ["stray", part, part]}))) == {"several-credentials"}


def test_white_space_and_a_mark_around_json_are_kept_bytes() -> None:
    raw = b"\xef\xbb\xbf\n " + encode(assertion()) + b"\n"
    assert only(raw).raw == raw


def test_utf_16_is_turned_into_utf_8_and_noted() -> None:
    found = only(encode(assertion()).decode().encode("utf-16"))
    assert (found.raw, notes(found)) == (encode(assertion()), {"not-utf8"})


def test_notices_of_a_web_server_before_the_json_are_noted() -> None:
    found = only(b"<br />\n<b>Notice</b>: Undefined index in /srv/x.php\n" + encode(assertion()))
    assert (found.raw, notes(found)) == (encode(assertion()), {"junk-before-json"})


@pytest.mark.parametrize(
    "broken",
    [
        encode(assertion()).replace(b'"type": "Assertion"', b'"type": "Assertion", "type": "Assertion"', 1),
        encode(assertion(narrative=1)).replace(b'"narrative": 1', b'"narrative": 1e999'),
        encode(assertion(narrative=1)).replace(b'"narrative": 1', b'"narrative": NaN'),
        encode(assertion(narrative=1)).replace(b'"narrative": 1', b'"narrative": "\\ud800"'),
        encode(assertion(narrative="\xe9")).replace("\xe9".encode(), b"\xe9"),
    ],
    ids=["key twice", "too large a number", "NaN", "half a character", "not UTF-8"],
)
def test_json_that_is_not_strict_is_kept_for_the_verifier_to_judge(broken: bytes) -> None:
    found = only(broken)
    assert (found.raw, notes(found)) == (broken, {"json-not-strict"})


def test_a_token_is_found_without_the_white_space_around_it() -> None:
    signed = token(signed_assertion(4))
    found = only(b"\n" + signed + b"\r\n")
    assert (found.kind, found.raw, found.claimed_id, found.fetch_url) == (
        Kind.OB2_JWS,
        signed,
        f"{HOST}/awards/4",
        None,
    )


def test_a_token_on_the_command_line_is_no_file_name() -> None:
    signed = token(signed_assertion())
    assert only(signed.decode()).raw == signed


def test_a_token_that_says_hosted_has_a_hosted_copy() -> None:
    assert only(token(assertion(8))).fetch_url == f"{HOST}/awards/8"


def test_a_token_of_a_newer_version_is_recognised() -> None:
    assert only(token(badges.open_badge_3())).kind is Kind.OB3_JWT
    assert only(token({"vc": badges.open_badge_3(), "jti": "urn:x"})).kind is Kind.OB3_JWT
    assert find(token(CLR)).found[0].kind is Kind.CLR2_JWT


def test_a_token_whose_payload_is_not_strict_is_kept_for_the_verifier_to_judge() -> None:
    signed = token(b'{"type": "Assertion", "type": "Assertion"}')
    assert (only(signed).raw, notes(only(signed))) == (signed, {"json-not-strict"})


@pytest.mark.parametrize("general", [False, True], ids=["flattened", "general"])
def test_a_token_in_json_becomes_the_compact_one(general: bool) -> None:
    signed = token(signed_assertion())
    protected, payload, signature = signed.decode().split(".")
    parts = {"protected": protected, "signature": signature, "header": {"jwk": {"kty": "RSA"}}}
    document = {"payload": payload, "signatures": [parts]} if general else {"payload": payload, **parts}
    found = only(encode(document))
    assert (found.kind, found.raw) == (Kind.OB2_JWS, signed)
    assert [step.text for step in found.steps] == ["JWS JSON serialization", "compact JWS"]


def test_a_token_amid_other_text_is_found() -> None:
    signed = token(signed_assertion())
    assert only(b"Your badge:\n\n  " + signed + b"\n\nRowan College\n").raw == signed


def b64(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(text).rstrip(b"=")


HEADER = b64(b'{"alg":"RS256"}')
LONG = token(signed_assertion())


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (badges.png(), "no-credential-in-image", "x is a PNG picture without badge data in it."),
        (badges.JPEG, "no-credential-in-image", "x is a JPEG picture without badge data in it."),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "no-credential-in-image", "x is a WebP picture without badge data in it."),
        (b"\x00\x00\x00\x18ftypheic", "no-credential-in-image", "x is a HEIC picture without badge data in it."),
        (encode(badges.badge_class()), "not-a-badge:BadgeClass",
         "x describes a kind of badge (a BadgeClass); it is not an award to you."),
        (encode(badges.badge_class(type=None)), "not-a-badge:BadgeClass",
         "x describes a kind of badge (a BadgeClass); it is not an award to you."),
        (encode(badges.issuer()), "not-a-badge:Issuer",
         "x describes an issuer of badges (a Profile); it is not an award to you."),
        (encode(badges.issuer(type=None)), "not-a-badge:Issuer",
         "x describes an issuer of badges (a Profile); it is not an award to you."),
        (encode({"type": "RevocationList", "revokedAssertions": []}), "not-a-badge:RevocationList",
         "x is an issuer's list of withdrawn badges; it is not an award to you."),
        (encode({"type": "CryptographicKey", "publicKeyPem": "x"}), "not-a-badge:CryptographicKey",
         "x is an issuer's public key; it is not an award to you."),
        (encode({"type": "Endorsement", "claim": {}}), "not-a-badge:Endorsement",
         "x is an endorsement, which is somebody's word about a badge; it is not an award to you."),
        (encode({"$schema": "https://json-schema.example", "properties": {}}), "not-a-badge:schema",
         "x is a JSON schema; it is not an award to you."),
        (encode({"type": "Collection", "badges": []}), "not-a-badge:collection", "x is a list that holds no badge itself."),
        (encode({"type": ["VerifiableCredential"], "credentialSubject": {"id": "urn:x"}}), "not-a-badge:credential",
         "x is a verifiable credential, but not one about an achievement."),
        (encode({"name": "package"}), "not-recognised", "x is JSON; nothing in it is a badge."),
        (b'{"type": "Assertion",\n "id": nope}', "json-broken",
         "x is not valid JSON: line 2, column 8, near “\"id\": nope}”."),
        (b'{"type": "Assertion",\n', "json-broken", "x is not valid JSON: it ends too early, at line 2, column 1."),
        (b"[" * 100, "too-deep", None),
        (b'["\xff",' + b"[" * 100_000, "too-deep", None),
        (b"", "empty", "x is empty."),
        (b" \n", "empty", "x is empty."),
        (b"\x00\x01\x02", "unsupported:binary", "x is a binary file of a kind that carries no badges."),
        (badges.WEB_PAGE, "html-instead-of-json", "x is the web page “Rowan College & friends”, not a badge."),
        (badges.LOGIN_PAGE, "auth-required", "x needs a login (the page “Rowan College: sign in” asks for a password)."),
        (badges.PDF, "no-badges-inside", "x is a PDF without a badge in it (0 parts looked at)."),
        (badges.ZIP, "no-badges-inside", "x is a ZIP archive without a badge in it (0 parts looked at)."),
        (b"\x1f\x8b\x08rest", "file-damaged",
         "x is a damaged gzip file (it cannot be unpacked), so not everything in it could be read."),
        (b"BZh91AY", "unsupported:archive", "x is a packed archive (bzip2), which is not opened."),
        (b"From a@b.example\nSubject: x\nTo: b\n\nhello", "no-badges-inside",
         "x is a mail folder without a badge in it (1 part looked at)."),
        (b"Received: by a\nFrom: a@b.example\n\nhello", "no-badges-inside",
         "x is an e-mail without a badge in it (1 part looked at)."),
        (b"Received: by a\nFrom: a@b.example\n\nsee https://a.example/1.", "only-links",
         "x holds 1 link (a.example), and no badge itself."),
        (b"name,url\nA,https://a.example/1\nB,https://b.example/2\n", "only-links",
         "x holds 2 links (a.example, b.example), and no badge itself."),
        (b"see https://a.example/1 and https://a.example/2", "only-links",
         "x holds 2 links (a.example), and no badge itself."),
        (b"hello", "not-recognised", "x is text; nothing in it is a badge."),
        (b"<note/>", "not-recognised", "x is XML; nothing in it is a badge."),
        ("Grüße aus Köln".encode("latin-1"), "not-recognised", "x is text; nothing in it is a badge."),
        (b"\x9c\x05\xff\x1b", "unsupported:binary", "x is a binary file of a kind that carries no badges."),
        (LONG[:60] + b"\n" + LONG[60:], "jws-broken", "x looks like a signed badge, but there is white space inside it."),
        (HEADER + b"." + b64(b"\x00\x01") + b".abcd", "jws-broken",
         "x looks like a signed badge, but what it says cannot be read."),
        (HEADER + b"." + b64(b'{"a":1}') + b".", "jws-broken",
         "x looks like a signed badge, but it does not have three parts with a dot between them."),
        (HEADER + b"." + b64(b'{"sub":"me"}') + b".abcd", "not-a-badge:token",
         "x is a signed token (JWT), but what it says is not a badge."),
        (HEADER + b".YQ.YQ~YQ", "unsupported:sd-jwt", "x is an SD-JWT credential, which is not supported."),
        (HEADER + b".YQ.YQ.YQ.YQ", "unsupported:jwe", "x is an encrypted token (JWE), which is not supported."),
        (b"BM\x46\0\0\0\0\0\0\0", "no-credential-in-image", "x is a BMP picture without badge data in it."),
        (b"a.json".ljust(257, b"\0") + b"ustar" + bytes(250), "file-damaged",
         "x is a damaged tar archive (a part of it is damaged or missing), so not everything in it could be read."),
        (encode({"type": ["VerifiableCredential", "EndorsementCredential"]}), "not-a-badge:Endorsement", None),
        (encode({"revokedAssertions": []}), "not-a-badge:RevocationList", None),
        (encode({"id": "x", "publicKeyPem": ""}), "not-a-badge:CryptographicKey", None),
        (encode({"payload": "?", "protected": "?", "signature": "?"}), "jws-broken",
         "x looks like a signed badge, but its parts are not base64url."),
        (b'{"a": 1, "a": 2}', "not-recognised", "x is JSON; nothing in it is a badge."),
        (b'{"a": "\xff" nope}', "json-broken", None),
        (b'{"a": 1,\n"b": {"c": 1, "c": 2}, nope}', "json-broken", None),
        (b"x{} {}", "not-recognised", None),
        (b"a token ey12345678.ey12345678.ey12345678.x", "not-recognised", None),
        (b"a token ey12345678.ey12345678.12345678", "not-recognised", None),
        (encode({"credential_offer": {}}), "unsupported:offer",
         "x is an offer of a credential to a wallet app, not the credential."),
        (b"file:///etc/passwd", "bad-url",
         "x is not an address that can be opened: only http and https are opened, not file."),
    ],
)  # fmt: skip
def test_what_is_no_badge_is_refused_by_name_with_a_next_step(data: bytes, code: str, message: str | None) -> None:
    report = find(data, name="x")
    assert not report.found
    (refused,) = report.refused
    assert refused.code == code
    assert message is None or refused.message == message
    assert refused.remedy.strip()
    assert refused.source == "x"


def test_foreign_words_in_a_refusal_cannot_reach_the_terminal() -> None:
    page = b"<html><title>\x1b]52;c;ZXZpbA==\x07 \xe2\x80\xae evil</title></html>"
    (refused,) = find(page, name="a\x1b[2J.html").refused
    assert "\x1b" not in refused.message
    assert "\u202e" not in refused.message
    assert "\x07" not in refused.message
