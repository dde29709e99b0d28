"""SVG pictures made to harm: no entity is expanded, nothing is fetched or opened, depth and size are counted (security.md F3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.find import find
from tests.generate.badges import assertion, cdata, encode, svg
from wallet.limits import Limits

JSON = encode(assertion())
LAUGHS = (
    '<!DOCTYPE svg [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def test_a_picture_50_000_deep_is_refused_by_name() -> None:
    root = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="http://openbadges.org">'
    deep = root + b"<g>" * 50_000 + b"</g>" * 50_000 + b"</svg>"
    assert [refused.code for refused in find(deep).refused] == ["too-deep"]


def test_a_badge_before_the_depths_is_still_found_and_noted() -> None:
    deep = svg(cdata(JSON)).replace(b"</svg>", b"<g>" * 50_000 + b"</g>" * 50_000 + b"</svg>")
    (found,) = find(deep).found
    assert found.raw == JSON
    assert [note.code for note in found.notes] == ["xml-damaged"]


def test_more_elements_than_the_limit_are_refused_by_name() -> None:
    assert find(svg(cdata(JSON)), limits=Limits(svg_elements=1)).refused[0].code == "too-big"


def test_entities_are_never_expanded() -> None:
    laughing = svg("&i;", prolog=LAUGHS)
    report = find(laughing)
    assert not report.found
    assert [refused.code for refused in report.refused] == ["not-recognised"]
    assert find(svg(cdata(JSON), prolog=LAUGHS)).found[0].raw == JSON


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{secret}">]>',
        '<!DOCTYPE svg [<!ENTITY % x SYSTEM "file://{secret}"> %x;]>',
        '<!DOCTYPE svg SYSTEM "file://{secret}">',
    ],
)
def test_no_other_file_is_read(prolog: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(JSON)
    report = find(svg("&x;", prolog=prolog.format(secret=secret)))
    assert not report.found
    assert report.refused


@pytest.mark.parametrize(
    "inside",
    [
        "<script>fetch('https://evil.example')</script>",
        '<image href="https://evil.example/x.png" onload="alert(1)"/>',
        "<foreignObject><iframe src='https://evil.example'/></foreignObject>",
        "<style>@import url(https://evil.example/x.css)</style>",
        '<use href="data:image/svg+xml;base64,AAAA#x"/>',
        '<?xml-stylesheet href="https://evil.example/x.xsl"?>',
    ],
)
def test_what_a_viewer_would_run_is_passed_over(inside: str) -> None:
    picture = svg(cdata(JSON)).replace(b"</svg>", inside.encode() + b"</svg>")
    (found,) = find(picture).found
    assert (found.raw, found.container) == (JSON, picture)


def test_a_file_full_of_sections_or_marks_costs_no_more_than_its_size() -> None:
    doctype = b"<!DOCTYPE svg [<!ENTITY a 'b'>]>"
    for filling in (
        b"<![CDATA[]]>",
        b"<![CDATA[",
        b"<!DOCTYPE svg [",
        b"&a;",
        b"<",
        b"<svg",
        b"<openbadges:assertion ",
    ):
        repeated = filling * (1_000_000 // len(filling))
        for picture in (
            doctype + b"<svg>" + repeated + b"</svg>",
            b"<svg>" + repeated,
            doctype[:-2] + repeated + b"<svg/>",
        ):
            assert not find(picture).found


@pytest.mark.parametrize(
    "picture",
    [
        b'<?xml version="1.0" encoding="no-such-code"?><svg></svg>',
        b'<?xml version="1.0" encoding="utf-7"?><svg></svg>',
        b"<svg " + b"a" * 100_000,
        b"<svg>" + b"<!--" * 50_000,
        b"<svg>" + b"<![CDATA[" * 50_000,
        b"<!DOCTYPE svg [" + b"]" * 50_000 + b"<svg></svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>" * 2_000 + b"<svg></svg>",
        b"<svg>\xff\xfe</svg>",
        b"<svg>\x00</svg>",
    ],
    ids=range(9),
)
def test_a_picture_that_is_no_xml_is_refused_by_name(picture: bytes) -> None:
    report = find(picture)
    assert not report.found
    (refused,) = report.refused
    assert refused.code in ("picture-damaged", "unsupported:binary", "not-recognised", "no-credential-in-image")


def test_more_badges_than_the_limit_end_in_a_note() -> None:
    picture = svg(cdata(JSON)).replace(b"</svg>", svg(cdata(encode(assertion(2)))) + b"</svg>")
    (found,) = find(picture, limits=Limits(finds=1)).found
    assert [note.code for note in found.notes] == ["xml-damaged"]


def test_a_badge_text_over_the_limit_is_refused_by_name() -> None:
    assert find(svg(cdata(JSON)), limits=Limits(credential_bytes=50)).refused[0].code == "too-big"
