"""Each place where a badge is found in the wild: one test for each row of the tables of files in the import design."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from importers.find import find
from tests.generate import badges
from tests.generate.badges import (
    HOST,
    assertion,
    cdata,
    encode,
    itxt,
    open_badge_3,
    png,
    signed_assertion,
    svg,
    text_chunk,
    token,
    ztxt,
)
from tests.generate.containers import mail, mbox, pdf, tarred, zipped
from wallet.found import Carrier, Found, Kind

JSON = encode(assertion())
SIGNED = token(signed_assertion())
URL = f"{HOST}/v1/obi/badge_assertions/6f2b7a9e-1111-4222-8333-444455556666".encode()
OB3 = encode(open_badge_3())
OB3_JWT = token(open_badge_3())
BADGR = json.dumps(
    {**assertion(), "issuedOn": None, "expires": None, "verification": {"type": "HostedBadge", "url": None}}
).encode()


def only(data: bytes) -> Found:
    report = find(data)
    assert not report.refused, report.refused
    (found,) = report.found
    return found


@pytest.mark.parametrize(
    ("picture", "raw", "kind"),
    [
        pytest.param(png(itxt(JSON)), JSON, Kind.OB2_JSON, id="iTXt before the image: Credly, Badgr, VirtualBadge"),
        pytest.param(
            png(itxt(BADGR), itxt(b"badgr.com", b"baked-by"), itxt(b"2026-01-01", b"baked-at")), BADGR, Kind.OB2_JSON,
            id="baked-by and baked-at beside it: Badgr Pro, Canvas, Parchment",
        ),
        pytest.param(png(itxt(URL)), URL, Kind.OB2_URL, id="a bare address: Accredible"),
        pytest.param(png(itxt(SIGNED)), SIGNED, Kind.OB2_JWS, id="compact JWS: signed 2.0"),
        pytest.param(png(itxt(OB3, b"openbadgecredential")), OB3, Kind.OB3_JSON, id="openbadgecredential JSON: 3.0"),
        pytest.param(png(itxt(OB3_JWT, b"openbadgecredential")), OB3_JWT, Kind.OB3_JWT, id="openbadgecredential JWT: 3.0"),
        pytest.param(png(text_chunk(URL)), URL, Kind.OB2_URL, id="tEXt address: Backpack, Webmaker"),
        pytest.param(png(text_chunk(JSON)), JSON, Kind.OB2_JSON, id="tEXt JSON: hand-made"),
        pytest.param(png(after=[itxt(JSON)]), JSON, Kind.OB2_JSON, id="after the image, JSON: Moodle"),
        pytest.param(png(after=[itxt(URL)]), URL, Kind.OB2_URL, id="after the image, address: Blockcerts"),
        pytest.param(png(after=[itxt(SIGNED)]), SIGNED, Kind.OB2_JWS, id="after the image, JWS: openbadgeslib"),
        pytest.param(png(itxt(JSON, compressed=True)), JSON, Kind.OB2_JSON, id="compressed iTXt: hand-made"),
        pytest.param(png(ztxt(JSON)), JSON, Kind.OB2_JSON, id="zTXt: hand-made"),
        pytest.param(png(text_chunk(JSON, b"openbadge")), JSON, Kind.OB2_JSON, id="singular keyword, JSON: old Moodle"),
        pytest.param(png(text_chunk(URL, b"openbadge")), URL, Kind.OB2_URL, id="singular keyword, address: old Moodle"),
    ],
)  # fmt: skip
def test_png(picture: bytes, raw: bytes, kind: Kind) -> None:
    found = only(picture)
    assert (found.raw, found.kind, found.carrier, found.container) == (raw, kind, Carrier.PNG, picture)


@pytest.mark.parametrize(
    ("picture", "raw", "kind"),
    [
        pytest.param(svg(cdata(JSON), verify=URL.decode()), JSON, Kind.OB2_JSON, id="CDATA and verify"),
        pytest.param(svg(verify=SIGNED.decode()), SIGNED, Kind.OB2_JWS, id="JWS in verify"),
        pytest.param(svg(verify=URL.decode()), URL, Kind.OB2_URL, id="address in verify"),
        pytest.param(svg(cdata(b"{broken"), verify=URL.decode()), URL, Kind.OB2_URL, id="broken body, good address"),
        pytest.param(svg(cdata(JSON), prefix="x"), JSON, Kind.OB2_JSON, id="any prefix"),
        pytest.param(svg(cdata(JSON), namespace=None), JSON, Kind.OB2_JSON, id="prefix without namespace"),
        pytest.param(
            svg(cdata(OB3), prefix="ob", namespace="https://purl.imsglobal.org/ob/v3p0", name="credential"), OB3,
            Kind.OB3_JSON, id="3.0 credential, JSON",
        ),
        pytest.param(
            svg(verify=OB3_JWT.decode(), prefix="ob", namespace="https://purl.imsglobal.org/ob/v3p0", name="credential"),
            OB3_JWT, Kind.OB3_JWT, id="3.0 credential, JWT",
        ),
        pytest.param(
            svg(cdata(JSON), prolog='<!DOCTYPE svg [<!ENTITY ns "http://x.example/">]>'), JSON, Kind.OB2_JSON,
            id="Illustrator's entities",
        ),
    ],
)  # fmt: skip
def test_svg(picture: bytes, raw: bytes, kind: Kind) -> None:
    found = only(picture)
    assert (found.raw, found.kind, found.carrier, found.container) == (raw, kind, Carrier.SVG, picture)


def _jws_json(general: bool) -> bytes:
    protected, payload, signature = SIGNED.decode().split(".")
    entry = {"protected": protected, "signature": signature}
    return encode({"payload": payload, **({"signatures": [entry]} if general else entry)})


BLOCKCERTS = encode(
    assertion(
        **{"@context": [badges.OB2, "https://w3id.org/blockcerts/v2", {"x": "https://x.example/"}]},
        id="urn:uuid:6f2b7a9e-1111-4222-8333-444455556666",
        badge=badges.badge_class(image="data:image/png;base64," + "A" * 2_000_000),
        signature={"type": ["MerkleProof2017", "Extension"]},
    )
)


@pytest.mark.parametrize(
    ("data", "raw", "kind"),
    [
        pytest.param(JSON, JSON, Kind.OB2_JSON, id="JSON-LD"),
        pytest.param(b" " + SIGNED + b"\r\n", SIGNED, Kind.OB2_JWS, id="compact JWS with white space around"),
        pytest.param(_jws_json(False), SIGNED, Kind.OB2_JWS, id="JWS flattened"),
        pytest.param(_jws_json(True), SIGNED, Kind.OB2_JWS, id="JWS general"),
        pytest.param(token({"vc": open_badge_3()}), token({"vc": open_badge_3()}), Kind.OB3_JWT, id="VC 1.1 in a JWT"),
        pytest.param(OB3_JWT, OB3_JWT, Kind.OB3_JWT, id="VC 2.0 in a JWT"),
        pytest.param(OB3, OB3, Kind.OB3_JSON, id="3.0"),
        pytest.param(BLOCKCERTS, BLOCKCERTS, Kind.BLOCKCERTS_JSON, id="Blockcerts v2"),
        pytest.param(encode(badges.assertion_1_1()), encode(badges.assertion_1_1()), Kind.OB1_JSON, id="1.1"),
        pytest.param(
            encode(badges.assertion_1_1(**{"@context": "http://standard.openbadges.org/1.1/context.json"})),
            encode(badges.assertion_1_1(**{"@context": "http://standard.openbadges.org/1.1/context.json"})),
            Kind.OB1_JSON, id="1.1, the standard's own context",
        ),
        pytest.param(encode(badges.assertion_1_0()), encode(badges.assertion_1_0()), Kind.OB1_JSON, id="1.0"),
        pytest.param(encode(badges.assertion_0_5()), encode(badges.assertion_0_5()), Kind.OB05_JSON, id="0.5"),
        *(
            pytest.param(
                encode(badges.assertion_0_5(recipient=recipient, salt="x")),
                encode(badges.assertion_0_5(recipient=recipient, salt="x")), Kind.OB05_JSON, id=f"0.5, {recipient[:6]}",
            )
            for recipient in ("sha256$" + "0" * 64, "sha512$" + "0" * 128, "md5$" + "0" * 32)
        ),
    ],
)  # fmt: skip
def test_text(data: bytes, raw: bytes, kind: Kind) -> None:
    found = only(data)
    assert (found.raw, found.kind, found.container) == (raw, kind, None)


def test_text_with_white_space_inside_a_token_is_refused() -> None:
    assert [refused.code for refused in find(SIGNED[:50] + b"\n" + SIGNED[50:]).refused] == ["jws-broken"]


def test_text_of_a_learner_record_gives_each_award_in_it() -> None:
    record = {
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"verifiableCredential": [open_badge_3(), OB3_JWT.decode()]},
    }
    assert [found.kind for found in find(encode(record)).found] == [Kind.CLR2_JSON, Kind.OB3_JSON, Kind.OB3_JWT]
    assert [found.kind for found in find(token(record)).found] == [Kind.CLR2_JWT, Kind.OB3_JSON, Kind.OB3_JWT]


PICTURE = png(itxt(JSON))
DATA_URL = b"<html><a href='data:image/png;base64," + base64.b64encode(PICTURE) + b"' download='b.png'>b</a></html>"


@pytest.mark.parametrize(
    "container",
    [
        pytest.param(zipped({"b.png": PICTURE}), id="zip"),
        pytest.param(tarred({"b.png": PICTURE}), id="tar"),
        pytest.param(gzip.compress(PICTURE), id="gzip"),
        pytest.param(mail(attach={"b.png": PICTURE}), id="eml"),
        pytest.param(mail(html="<img src='cid:b.png'>", inline={"b.png": PICTURE}), id="eml, inline"),
        pytest.param(mbox(mail(attach={"b.png": PICTURE})), id="mbox"),
        pytest.param(pdf({"b.png": PICTURE}), id="PDF attachment"),
        pytest.param(DATA_URL, id="HTML, data address"),
    ],
)
def test_container(container: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(container)
    for report in (find(container), find(tmp_path / "x"), find(tmp_path)):
        (found,) = report.found
        assert (found.raw, found.container, found.carrier) == (JSON, PICTURE, Carrier.PNG)


def test_container_pdf_metadata_and_links() -> None:
    assert only(pdf(info=SIGNED.decode())).carrier is Carrier.PDF
    assert [offer.url for offer in find(pdf(links=[URL.decode()])).offers] == [URL.decode()]


def test_container_html_with_embedded_json_ld() -> None:
    assert only(b'<html><script type="application/ld+json">' + JSON + b"</script></html>").raw == JSON


def test_container_list_of_links() -> None:
    assert [offer.url for offer in find(b"Name,Url\nA," + URL + b"\n").offers] == [URL.decode()]


def test_a_file_in_a_zip_in_a_mail_is_the_same_bytes_as_the_file_alone() -> None:
    inside = only(mail(attach={"a.zip": zipped({"b.png": PICTURE})}))
    alone = only(PICTURE)
    assert (inside.raw, inside.container, inside.claimed_id) == (alone.raw, alone.container, alone.claimed_id)
