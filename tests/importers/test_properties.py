"""Rules that hold for every input: reading always returns, and what was baked comes back byte for byte."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.bake import bake_png, bake_svg
from importers.find import find
from tests.generate.badges import LOGIN_PAGE, assertion, cdata, encode, itxt, png, svg, text_chunk, ztxt
from wallet.found import ImportReport

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WHOLE = [
    png(itxt(encode(assertion()))),
    png(ztxt(encode(assertion()))),
    svg(cdata(encode(assertion())), verify="https://a.example/1"),
    encode([assertion(), {"payload": "e30", "protected": "e30", "signature": "e30"}]),
    b"eyJhbGciOiJSUzI1NiJ9.eyJ0eXBlIjoiQXNzZXJ0aW9uIn0.c2ln",
    LOGIN_PAGE,
]


def check(report: ImportReport) -> None:
    assert report.found or report.refused
    for refused in report.refused:
        assert refused.code != "internal-error", refused
        assert "\x1b" not in refused.message + refused.remedy


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_to_an_answer(data: bytes) -> None:
    check(find(data))
    check(find(png(itxt(data), text_chunk(data))))
    check(find(b"<svg>" + data + b"</svg>"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_a_badge_with_any_bytes_changed_is_read_to_an_answer(whole: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    check(find(whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:]))


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES)
def test_any_json_is_read_to_an_answer(value: object) -> None:
    check(find(json.dumps(value).encode()))
    check(find(json.dumps({"type": "Assertion", "verify": value, "@context": value, "badge": value}).encode()))
    check(
        find(json.dumps({"payload": value, "signatures": value, "results": value, "credentialSubject": value}).encode())
    )


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES, st.booleans(), st.text(alphabet=" \t\r\n", max_size=3))
def test_what_was_baked_into_a_picture_is_found_byte_for_byte(value: object, ascii_only: bool, space: str) -> None:
    text = json.dumps({**assertion(), "evidence": value, "x": "]]>"}, ensure_ascii=ascii_only)
    text = text.encode("utf-8", "replace").decode("utf-8").replace(", ", "," + space)
    assert find(bake_png(png(), text)).found[0].raw == text.encode()
    found = find(bake_svg(svg(baked=False), text, "https://a.example/?a=1&b=2")).found[0]
    assert found.raw == text.encode()
    assert found.fetch_url == "https://a.example/?a=1&b=2"
