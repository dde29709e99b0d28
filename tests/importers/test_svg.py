"""Badges in SVG pictures: the element by its namespace, the attribute beside it, and what editors do to a file."""

from __future__ import annotations

from html import escape

import pytest

from importers.find import find
from tests.generate.badges import HOST, assertion, cdata, encode, open_badge_3, signed_assertion, svg, token
from wallet.found import Carrier, Found, Kind

JSON = encode(assertion(narrative="naïve & <bold>"))
URL = f"{HOST}/awards/1?as=hosted&x=1"
DOCTYPE = (
    '<?xml version="1.0" encoding="utf-8"?><!-- made in an editor --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_flows "http://ns.flows.example/1.0/">'
    '<!ENTITY note "[x]">]>'
)


def only(data: bytes) -> Found:
    report = find(data)
    assert not report.refused, report.refused
    assert len(report.found) == 1
    return report.found[0]


def notes(found: Found) -> set[str]:
    return {note.code for note in found.notes}


@pytest.mark.parametrize(
    ("picture", "expected_notes"),
    [
        pytest.param(svg(cdata(JSON)), set(), id="CDATA"),
        pytest.param(svg(escape(JSON.decode())), set(), id="escaped text"),
        pytest.param(svg("\n  " + cdata(JSON) + "\n"), set(), id="white space around"),
        pytest.param(svg(cdata(JSON), prefix="ob"), set(), id="another prefix"),
        pytest.param(svg(cdata(JSON), namespace=None), {"namespace-missing"}, id="prefix not declared"),
        pytest.param(svg(cdata(JSON), prolog='<?xml version="1.0"?>\n<!-- hello -->'), set(), id="prolog and comment"),
        pytest.param(svg(cdata(JSON), prolog='<!DOCTYPE svg SYSTEM "svg11.dtd">'), set(), id="bare DOCTYPE"),
        pytest.param(svg(cdata(JSON), prolog=DOCTYPE), {"doctype-removed"}, id="DOCTYPE with entities"),
        pytest.param(b"\xef\xbb\xbf" + svg(cdata(JSON)), set(), id="byte order mark"),
        pytest.param(svg(cdata(JSON)).replace(b"</svg>", b"<g>"), {"xml-damaged"}, id="broken after the badge"),
        pytest.param(svg(cdata(JSON)).decode().encode("utf-16"), set(), id="UTF-16"),
    ],
)
def test_a_baked_award_is_found_with_its_exact_text(picture: bytes, expected_notes: set[str]) -> None:
    found = only(picture)
    assert (found.raw, found.container) == (JSON, picture)
    assert (found.kind, found.carrier) == (Kind.OB2_JSON, Carrier.SVG)
    assert notes(found) == expected_notes


def test_the_attribute_beside_a_text_is_where_the_hosted_copy_is() -> None:
    found = only(svg(cdata(JSON), verify=URL))
    assert (found.raw, found.fetch_url, found.claimed_id) == (JSON, URL, f"{HOST}/awards/1")


def test_an_attribute_without_text_is_a_baked_address() -> None:
    found = only(svg(verify=URL))
    assert (found.kind, found.raw, found.fetch_url) == (Kind.OB2_URL, URL.encode(), URL)


def test_a_broken_text_falls_back_to_the_attribute_and_says_so() -> None:
    found = only(svg(cdata(b'{"type": "Assertion"'), verify=URL))
    assert (found.kind, found.fetch_url) == (Kind.OB2_URL, URL)
    assert notes(found) == {"body-broken"}


def test_a_signed_attribute_is_the_badge() -> None:
    signed = token(signed_assertion())
    found = only(svg(verify=signed.decode()))
    assert (found.kind, found.raw) == (Kind.OB2_JWS, signed)


def test_a_signed_attribute_beside_a_readable_copy_are_two_facts_the_provable_one_first() -> None:
    signed = token(signed_assertion())
    report = find(svg(cdata(JSON), verify=signed.decode()))
    assert [found.raw for found in report.found] == [signed, JSON]


def test_open_badges_3_is_found_in_its_own_namespace() -> None:
    body = encode(open_badge_3())
    found = only(
        svg(cdata(body), prefix="openbadges", namespace="https://purl.imsglobal.org/ob/v3p0", name="credential")
    )
    assert (found.kind, found.raw) == (Kind.OB3_JSON, body)


def test_an_entity_in_the_json_of_a_file_with_a_doctype_stays_as_it_was_written() -> None:
    body = encode(assertion(narrative="&note; &amp;"))
    assert only(svg(cdata(body), prolog=DOCTYPE)).raw == body


def test_two_badge_elements_are_both_found() -> None:
    picture = svg(cdata(JSON)).replace(b"</svg>", svg(cdata(encode(assertion(2)))) + b"</svg>")
    report = find(picture)
    assert [found.claimed_id for found in report.found] == [f"{HOST}/awards/1", f"{HOST}/awards/2"]


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        pytest.param(svg(baked=False), "no-credential-in-image", id="no badge"),
        pytest.param(
            svg(cdata(JSON), namespace="http://other.example"), "no-credential-in-image", id="a stranger's element"
        ),
        pytest.param(svg(), "picture-damaged", id="empty badge element"),
        pytest.param(svg(baked=False).replace(b"</svg>", b""), "picture-damaged", id="cut off"),
    ],
)
def test_a_picture_without_a_badge_is_refused_by_cause(picture: bytes, code: str) -> None:
    assert [refused.code for refused in find(picture).refused] == [code]


def test_a_drawing_that_names_no_badge_anywhere_is_not_even_parsed() -> None:
    deep = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 50_000 + b"</g>" * 50_000 + b"</svg>\n"
    assert [refused.code for refused in find(deep).refused] == ["no-credential-in-image"]


def test_a_namespace_in_other_spellings_is_still_found() -> None:
    for spelling in ("http://openbadges.org/", "&#104;ttp://open&#x62;adges.org"):
        assert find(svg(cdata(JSON), prefix="b", namespace=spelling)).found
    assert find(svg(cdata(JSON)).decode().encode("utf-16")).found
