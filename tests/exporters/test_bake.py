"""Writing a badge into a picture: one chunk or element in the right place, the picture itself unchanged."""

from __future__ import annotations

import pytest

from exporters.bake import bake_png, bake_svg
from tests.generate.badges import JPEG, assertion, cdata, chunk, encode, itxt, png, svg, text_chunk, ztxt
from wallet.errors import ExportError

JSON = encode(assertion(narrative="naïve")).decode()


def test_a_png_is_baked_right_after_its_header_and_is_otherwise_the_same() -> None:
    picture = png(text_chunk(b"me", b"Author"))
    assert bake_png(picture, JSON) == picture[:33] + itxt(JSON.encode()) + picture[33:]


def test_badges_that_were_in_a_png_make_room_for_the_new_one() -> None:
    crowded = png(itxt(b"old"), text_chunk(b"old"), after=[ztxt(b"old")], trailing=b"rubbish")
    assert bake_png(crowded, JSON) == bake_png(png(), JSON)


@pytest.mark.parametrize("picture", [b"", JPEG, png()[:-4], png()[:20], b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"")])
def test_what_is_no_whole_png_is_refused(picture: bytes) -> None:
    with pytest.raises(ExportError):
        bake_png(picture, JSON)


def test_an_svg_gets_one_element_in_front_of_what_it_draws() -> None:
    picture = svg(baked=False)
    assert bake_svg(picture, JSON, "https://a.example/1?a&b") == svg(cdata(JSON), verify="https://a.example/1?a&b")


def test_a_badge_that_was_in_an_svg_makes_room_for_the_new_one() -> None:
    assert bake_svg(svg(cdata("old")), JSON) == bake_svg(svg(baked=False), JSON)


def test_a_token_in_an_svg_stands_in_the_attribute() -> None:
    assert bake_svg(svg(baked=False), "eyJ.eyJ.sig") == svg(verify="eyJ.eyJ.sig")


@pytest.mark.parametrize(
    ("picture", "payload"),
    [(b"<html></html>", JSON), (b"<svg/>", JSON), (svg(baked=False), '{"a":"\x01"}'), (b"<svg>\xff</svg>", JSON)],
)
def test_what_an_svg_cannot_carry_is_refused(picture: bytes, payload: str) -> None:
    with pytest.raises(ExportError):
        bake_svg(picture, payload)
