"""What issuers really write: one test for each row of the quirks table of the import design, named by its number.

"Kept" means that the exact bytes are handed on; whether they prove anything is the verifier's affair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers.find import find
from tests.generate import badges
from tests.generate.badges import HOST, assertion, chunk, encode, itxt, png, signed_assertion, text_chunk, token
from tests.support.server import Server, as_json, drip, redirect
from wallet.documents import jws
from wallet.fetch.http import HttpFetcher
from wallet.found import Found, ImportReport, Kind
from wallet.limits import Limits


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        yield fetcher


def only(report: ImportReport) -> Found:
    assert not report.refused, report.refused
    (found,) = report.found
    return found


def kept(document: object) -> Found:
    """The one badge in `document`, bare and baked, its bytes untouched."""
    raw = document if isinstance(document, bytes) else encode(document)
    bare, baked = only(find(raw)), only(find(png(itxt(raw))))
    assert bare.raw == baked.raw == raw
    assert (bare.kind, bare.claimed_id, bare.fetch_url) == (baked.kind, baked.claimed_id, baked.fetch_url)
    return bare


def notes(found: Found) -> set[str]:
    return {note.code for note in found.notes}


def code(report: ImportReport) -> str:
    assert not report.found
    (refused,) = report.refused
    return refused.code


def test_01_nulls_in_baked_json_are_kept_and_the_hosted_copy_is_known() -> None:
    found = kept(
        json.dumps(
            {**assertion(), "issuedOn": None, "expires": None, "verification": {"type": "HostedBadge", "url": None}}
        ).encode()
    )
    assert (found.kind, found.fetch_url) == (Kind.OB2_JSON, f"{HOST}/awards/1")


def test_02_every_spelling_of_the_kind_of_verification_is_read() -> None:
    for name in ("hosted", "Hosted", "HostedBadge", "HostedVerification"):
        for member in ("verify", "verification"):
            document = assertion(**{"verification": None, member: {"type": name, "url": f"{HOST}/awards/1"}})
            assert kept(document).fetch_url == f"{HOST}/awards/1", (name, member)
    for name in ("signed", "Signed", "SignedBadge"):
        assert kept(assertion(verification={"type": name, "creator": f"{HOST}/key"})).fetch_url is None, name


def test_03_a_token_that_says_hosted_is_a_token_with_a_hosted_copy() -> None:
    found = kept(token(assertion(3)))
    assert (found.kind, found.fetch_url) == (Kind.OB2_JWS, f"{HOST}/awards/3")


def test_04_what_moodle_writes_beside_the_standard_is_kept() -> None:
    document = assertion(
        recipient={"type": "email", "hashed": True, "salt": "site", "identity": badges.EMAIL},
        badge=badges.badge_class(alignments=[{"targetName": "x"}], version=""),
    )
    assert kept(document).kind is Kind.OB2_JSON


@pytest.mark.parametrize(
    "identifier",
    [
        "http://badges.rowan-college.example/awards/1",
        "https://BADGES.rowan-college.example:443/awards/1/",
        "https://badges.rowan-college.example/badges/assertion.php?b=abc&obversion=2",
        "https://api.badgr.example/public/assertions/Ab_1?v=2_0",
        "  https://badges.rowan-college.example/awards/1",
    ],
)
def test_05_an_id_is_kept_exactly_as_written(identifier: str) -> None:
    assert kept(assertion(id=identifier)).claimed_id == identifier


def test_06_what_a_web_server_says_before_or_instead_of_json_is_told_apart(server: Server, net: HttpFetcher) -> None:
    raw = encode(assertion())
    notice = b"<br />\n<b>Notice</b>:  Undefined index: id in <b>/var/www/badge.php</b> on line <b>3</b><br />\n"
    for junk in (notice, b"Warning: mysql_connect()\n", b"\n\n\xef\xbb\xbf"):
        found = only(find(junk + raw))
        assert (found.raw, notes(found)) == (raw, {"junk-before-json"})
    big = encode(assertion(image="data:image/png;base64," + "A" * 400_000))
    assert only(find(notice + big)).raw == big
    assert only(find(b"\xef\xbb\xbf" + raw)).raw == b"\xef\xbb\xbf" + raw
    for path, body, expected in (
        ("/login", badges.LOGIN_PAGE, "auth-required"),
        ("/maintenance", badges.WEB_PAGE, "html-instead-of-json"),
    ):
        server.add(path, (200, {"content-type": "application/json"}, body))
        assert code(find(server.url(path), net=net)) == expected


@pytest.mark.parametrize(
    ("context", "noted"),
    [
        (None, True),
        ([], True),
        ([badges.OB2], False),
        ([badges.OB2, {"x": "https://x.example/"}], False),
        ("https://w3id.org/openbadges/v3", True),
        (["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], True),
    ],
)
def test_07_the_shape_decides_where_the_context_is_not_the_expected_one(context: object, noted: bool) -> None:
    found = kept(assertion(**{"@context": context}))
    assert (found.kind, notes(found)) == (Kind.OB2_JSON, {"context-unexpected"} if noted else set())


def test_08_a_urn_is_no_address_and_the_verification_names_one() -> None:
    urn = "urn:uuid:6f2b7a9e-1111-4222-8333-444455556666"
    assert (found := kept(assertion(id=urn, badge=urn))).fetch_url is None and found.claimed_id == urn
    assert (
        kept(assertion(id=urn, verify={"type": "hosted", "url": f"{HOST}/x"}, verification=None)).fetch_url
        == f"{HOST}/x"
    )


@pytest.mark.parametrize(
    "recipient",
    [
        {"type": "email", "hashed": True, "identity": "SHA256$" + "AB" * 32},
        {"type": "email", "hashed": False, "identity": "Mina.Okafor@Learner.example"},
        {"type": "email", "hashed": False, "identity": "mailto:mina.okafor@learner.example"},
        {"type": "email", "hashed": True, "identity": "sha256$" + "ab" * 32, "salt": ""},
        {"type": "email", "hashed": True, "identity": ["sha256$" + "ab" * 32, "x@y.example"]},
        [{"type": "email", "hashed": False, "identity": badges.EMAIL}],
    ],
)  # fmt: skip
def test_09_a_recipient_is_kept_in_every_spelling(recipient: object) -> None:
    assert kept(assertion(recipient=recipient)).kind is Kind.OB2_JSON


def test_10_recipients_of_other_types_are_kept() -> None:
    for kind in ("url", "telephone", "id", "CryptographicKey"):
        kept(
            assertion(recipient={"type": kind, "hashed": False, "identity": "x", "identity__url": "https://m.example/"})
        )


@pytest.mark.parametrize(
    "date",
    [
        1360000000,
        "1360000000",
        "2016-05-01",
        "2016-05-01T10:00:00",
        "2016-05-01T10:00Z",
        "2016-05-01T10:00:00.123456789Z[UTC]",
    ],
)
def test_11_a_date_is_kept_in_every_spelling(date: object) -> None:
    kept(assertion(issuedOn=date))
    assert kept(badges.assertion_1_0(issuedOn=date)).kind is Kind.OB1_JSON


def test_12_signed_bytes_are_never_repaired() -> None:
    twice = "Café".encode().decode("latin-1")
    signed = token(badges.open_badge_3(name=twice))
    assert kept(signed).kind is Kind.OB3_JWT
    assert twice.encode() in kept(encode(badges.open_badge_3(name=twice))).raw


def test_13_a_token_with_a_doubtful_header_is_imported_for_the_verifier_to_refuse() -> None:
    _, payload, signature = token(signed_assertion()).split(b".")
    for header in ({"alg": "rs256"}, {"alg": "none"}, {"alg": "HS256", "jwk": {"kty": "oct"}}, {"typ": "JWT"}):
        doubtful = jws.sign(encode(header), badges.key_pair()[0]).split(b".")[1] + b"." + payload + b"." + signature
        assert kept(doubtful).kind is Kind.OB2_JWS


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b'{"type": "Assertion", // mine\n "id": 1}', "line 1, column 23, near"),
        (b'{"type": "Assertion",\n "id": 1,}', "line 2, column 10, near"),
        (b'{type: "Assertion"}', "line 1, column 2, near"),
        (b"{'type': 'Assertion'}", "line 1, column 2, near"),
    ],
    ids=["comment", "trailing comma", "unquoted", "single quotes"],
)
def test_14_json_that_is_not_json_is_refused_with_its_place(broken: bytes, message: str) -> None:
    for data in (broken, png(itxt(broken))):
        (refused,) = find(data).refused
        assert refused.code == "json-broken"
        assert message in refused.message


def test_15_redirects_are_recorded_and_end_after_five(server: Server, net: HttpFetcher) -> None:
    for number in range(1, 9):
        server.add(f"/{number}", redirect(f"/{number - 1}"))
    server.add("/0", as_json(assertion()))
    steps = [step.text for step in only(find(server.url("/5"), net=net)).steps]
    assert [re.search(r"/\d (30\d|200)", step) is not None for step in steps[:6]] == [True] * 6
    assert code(find(server.url("/6"), net=net)) == "host-unreachable"
    server.add("/inside", redirect("http://169.254.169.254/latest"))
    assert code(find(server.url("/inside"), net=net)) == "blocked-address"


@pytest.mark.parametrize(
    "image",
    [
        "https://cdn.example/a.png?Expires=1&Signature=x",
        ["https://cdn.example/a.png", "https://cdn.example/b.png"],
        {"id": "https://cdn.example/a.png", "caption": "A"},
        "data:image/png;base64,iVBORw0KGgo=",
        "<img src=x>",
        17,
    ],
)
def test_16_pictures_and_evidence_are_kept_in_any_shape_and_never_fetched(image: object) -> None:
    class Refusing:
        def fetch(self, *_: object) -> object:
            raise AssertionError("nothing is fetched on import")

    raw = encode(assertion(image=image, evidence=image))
    assert only(find(raw, net=Refusing())).raw == raw  # type: ignore[arg-type]


def test_17_content_decides_and_a_wrong_suffix_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "badge.png"
    for data, expected in ((badges.JPEG, "no-credential-in-image"), (badges.WEB_PAGE, "html-instead-of-json")):
        file.write_bytes(data)
        assert code(find(file)) == expected
    file.write_bytes(encode(assertion()))
    assert notes(only(find(file))) == {"suffix-mismatch"}


def test_18_what_names_the_learner_in_a_link_is_stripped_before_it_is_kept(server: Server, net: HttpFetcher) -> None:
    server.add("/award", as_json(assertion()))
    personal = server.url("/award?identity__email=mina%40learner.example&action=download")
    report = find(personal, net=net)
    assert "mina%40" not in repr(report)
    assert "mina%40" not in repr(find(f"Claim {personal} now".encode()))
    assert "mina%40" not in repr(find(personal))


def test_19_each_way_of_not_answering_has_its_own_code(server: Server) -> None:
    codes = {404: "http-404", 410: "http-410", 429: "http-429", 500: "http-5xx", 503: "http-5xx"}
    for status in codes:
        server.add(f"/{status}", as_json({"error": "no"}, status))
    server.add("/slow", drip(b"HTTP/1.1 200 OK\r\n\r\n" + encode(assertion()), every=0.05))
    limits = Limits(read_seconds=0.2, resource_seconds=0.3, retry_after_seconds=0)
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=limits) as net:
        for status, expected in codes.items():
            assert code(find(server.url(f"/{status}"), net=net)) == expected
        assert code(find(server.url("/slow"), net=net)) == "host-unreachable"
        assert "revoked" in find(server.url("/410"), net=net).refused[0].remedy


def test_text_chunks_without_any_nul_are_skipped_as_openbadgeslib_writes_one() -> None:
    picture = png(chunk(b"tEXt", b"Software openbadgeslib"), after=[itxt(token(signed_assertion()))])
    assert notes(only(find(picture))) == {"late-chunk"}


def test_latin_1_in_plain_text_chunks_is_read_as_what_it_is() -> None:
    raw = encode(assertion(narrative="Zażółć"))
    assert only(find(png(text_chunk(raw)))).raw == raw
