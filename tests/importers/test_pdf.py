"""Badges in PDF files: attachments come out byte for byte, metadata is read, links are offered."""

from __future__ import annotations

import pytest

from importers.find import find
from tests.generate.badges import HOST, assertion, encode, itxt, png, signed_assertion, token
from tests.generate.containers import mail, pdf, zipped
from wallet.found import Carrier, Kind

ONE = encode(assertion(1))
PICTURE = png(itxt(encode(assertion(2))))
SIGNED = token(signed_assertion(3))


def test_attached_files_are_found_with_their_exact_bytes() -> None:
    report = find(pdf({"assertion.json": ONE, "badge.png": PICTURE, "readme.txt": b"hello"}), name="award.pdf")
    assert [found.original for found in report.found] == [ONE, PICTURE]
    assert (report.skipped, report.refused) == (1, ())
    assert report.found[0].source == "award.pdf!assertion.json"
    assert report.found[0].container is None
    assert report.found[1].steps[0].text.startswith("PDF attachment award.pdf!badge.png sha256=")


def test_a_badge_in_the_metadata_keeps_the_pdf_as_its_original() -> None:
    for text, kind in (
        (SIGNED.decode(), Kind.OB2_JWS),
        (f"{HOST}/awards/9", Kind.OB2_URL),
        (ONE.decode(), Kind.OB2_JSON),
    ):
        document = pdf(info=text)
        (found,) = find(document).found
        assert (found.kind, found.carrier, found.raw, found.container) == (kind, Carrier.PDF, text.encode(), document)
        assert found.steps[0].text == "PDF information dictionary, openbadges"


@pytest.mark.parametrize(
    "packet",
    [
        '<rdf xmlns:o="https://x.example/"><o:openbadges>{0}</o:openbadges></rdf>',
        '<rdf xmlns:o="https://x.example/" o:openbadges="{0}"/>',
        '<?xpacket begin="" id="x"?><x><OpenBadges><b>{0}</b></OpenBadges></x><?xpacket end="w"?>',
    ],
    ids=["element", "attribute", "in a packet"],
)
def test_a_badge_in_the_xmp_packet_is_found(packet: str) -> None:
    (found,) = find(pdf(xmp=packet.format(SIGNED.decode()).encode())).found
    assert (found.raw, found.steps[0].text) == (SIGNED, "PDF XMP metadata, openbadges")


def test_links_are_offered_and_other_schemes_are_not() -> None:
    report = find(
        pdf(links=["https://a.example/1", "javascript:alert(1)", "https://a.example/1", "file:///etc"]), name="p"
    )
    assert [(offer.url, offer.source) for offer in report.offers] == [("https://a.example/1", "p")]
    assert report.refused[0].message == "p holds 1 link (a.example), and no badge itself."


def test_a_pdf_that_only_changing_needs_a_password_for_is_read() -> None:
    assert find(pdf({"a.json": ONE}, owner="secret")).found[0].raw == ONE


def test_a_pdf_within_a_mail_within_an_archive_is_read() -> None:
    message = mail(attach={"award.pdf": pdf({"a.json": ONE})})
    assert find(zipped({"m.eml": message}), name="x.zip").found[0].source == "x.zip!m.eml!award.pdf!a.json"
