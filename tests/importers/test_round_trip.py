"""What badgefolio writes comes back into badgefolio byte for byte, without the network: portfolio page and certificate."""

from __future__ import annotations

import gzip
from dataclasses import replace
from hashlib import sha256

import pytest

from exporters.certificate import render_certificate
from exporters.portfolio.page import page
from exporters.presentation import BadgeSource
from importers.find import find
from tests.generate.badges import HOST, assertion, cdata, encode, itxt, open_badge_3, png, signed_assertion, svg, token
from tests.generate.containers import mail, zipped
from tests.generate.presentations import a_presentation, a_source
from wallet.found import Found

HOSTED = encode(assertion(1, narrative="Zażółć & <b>“gęślą”</b> +/="))
SIGNED = token(signed_assertion(2))
BAKED_HOSTED = png(itxt(HOSTED), size=20_000)
BAKED_SIGNED = png(itxt(SIGNED), size=20_000, seed=2)
DRAWN = svg(cdata(encode(assertion(3))))


def sources() -> list[BadgeSource]:
    return [
        replace(a_source(number=1), raw=HOSTED, container=BAKED_HOSTED),
        replace(a_source("Signed", number=2, signed=True), raw=SIGNED, container=BAKED_SIGNED),
        replace(a_source("Drawn", number=3), raw=encode(assertion(3)), container=DRAWN, picture=DRAWN),
        replace(a_source("Bare", number=4), raw=encode(assertion(4)), container=None, picture=None),
    ]


def originals(found: tuple[Found, ...]) -> set[bytes]:
    return {item.original for item in found}


def test_a_portfolio_page_gives_back_every_original_byte_for_byte() -> None:
    presentation = a_presentation(*sources())
    kept = {original.data for badge in presentation.badges for original in badge.originals}
    report = find(page(presentation), name="portfolio.html")
    assert not report.refused
    assert originals(report.found) == kept
    assert {HOSTED, SIGNED, BAKED_HOSTED, BAKED_SIGNED, DRAWN} <= kept
    assert all(item.steps[0].text.startswith("portfolio file ") for item in report.found)


@pytest.mark.parametrize("number", range(4))
def test_a_certificate_gives_back_its_originals_byte_for_byte(number: int) -> None:
    source = sources()[number]
    presentation = a_presentation(source)
    (badge,) = presentation.badges
    report = find(render_certificate(presentation, badge.id), name="certificate.pdf")
    assert not report.refused
    assert originals(report.found) == {original.data for original in badge.originals}
    assert report.found[0].raw == source.raw


def test_a_portfolio_in_an_archive_in_a_mail_gives_the_same() -> None:
    presentation = a_presentation(*sources())
    whole = page(presentation)
    report = find(mail(attach={"for-you.zip": zipped({"portfolio.html": whole})}))
    assert originals(report.found) == originals(find(whole).found)
    assert originals(find(gzip.compress(whole)).found) == originals(report.found)


def test_a_portfolio_larger_than_a_text_may_be_is_still_read() -> None:
    raws = [encode(assertion(number)) for number in range(8)]
    many = [
        replace(a_source(f"Badge {number}", number=number), raw=raw, container=png(itxt(raw), size=700_000))
        for number, raw in enumerate(raws)
    ]
    whole = page(a_presentation(*many))
    assert len(whole) > 4 * 2**20
    assert len(find(whole).found) == 16


def test_a_portfolio_whose_content_was_changed_says_which_file_is_not_what_it_lists() -> None:
    presentation = a_presentation(sources()[3])
    whole = page(presentation)
    digest = sha256(encode(assertion(4))).hexdigest().encode()
    assert digest in whole
    report = find(whole.replace(digest, b"0" * 64), name="p.html")
    assert [item.raw for item in report.found] == [encode(assertion(4))]
    (refused,) = report.refused
    assert refused.code == "file-damaged"
    assert "its content is not what the page lists" in refused.message


def test_credentials_in_the_json_ld_of_a_page_are_found_and_schema_org_is_not() -> None:
    credential = encode(open_badge_3())
    html = (
        b'<!doctype html><html><script type="application/ld+json">{"@context": "https://schema.org", "@type": "Person",'
        b' "name": "Mina"}</script><script>alert(1)</script><script type="application/ld+json">\n'
        + credential
        + b"\n</script></html>"
    )
    report = find(html, name="page.html")
    assert [item.raw for item in report.found] == [credential]
    assert report.found[0].steps[0].text == "page, JSON-LD script 3"
    assert report.refused == ()


@pytest.mark.parametrize(
    "address",
    [
        b"data:application/json,%7B%22type%22%3A%22Assertion%22%2C%22id%22%3A%22" + HOST.encode() + b"/awards/7%22%7D",
        b"data:;base64,eyJ0eXBlIjoi QXNzZXJ0aW9uIn0%3D",
        b"data:text/plain;charset=utf-8;base64,eyJ0eXBlIjoiQXNzZXJ0aW9uIn0=",
    ],
)
def test_every_way_of_writing_a_data_address_is_read(address: bytes) -> None:
    (found,) = find(b"<html><a href='" + address + b"' download='mine.json'>x</a>", name="p").found
    assert found.source == "p!mine.json"


def test_a_page_that_never_ends_its_scripts_and_addresses_is_read_in_one_pass() -> None:
    html = b"<html>" + b"<script type='application/json'>" * 50_000 + b"data:image/png;base64," * 50_000
    assert [refused.code for refused in find(html).refused] == ["html-instead-of-json"]
