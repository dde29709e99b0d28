"""Rules that hold for every input: reading always returns, and what was baked comes back byte for byte."""

from __future__ import annotations

import gzip
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.bake import bake_png, bake_svg
from importers.find import find
from tests.generate.badges import LOGIN_PAGE, assertion, cdata, encode, itxt, png, svg, text_chunk, ztxt
from tests.generate.containers import mail, mbox, tarred, zipped
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
    zipped({"a/b.png": png(itxt(encode(assertion()))), "c.json": encode(assertion(2))}, links=["d"]),
    gzip.compress(tarred({"a/b.json": encode(assertion()), "x" * 120: b"{}"})),
    tarred({"a/b.json": encode(assertion()), "x" * 120: b"{}"}),
    mbox(mail(attach={"b.png": png(itxt(encode(assertion())))}), mail("see https://a.example/1")),
    b"<html><script type='application/ld+json'>{}</script><a href='data:;base64,e30='>x</a></html>",
    b"Name,Url\nA,https://a.example/1\n",
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


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20),
        st.integers(0, 9),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["zip", "stored", "tar", "gzip", "mail", "nested"]),
)
def test_what_was_put_into_a_container_is_found_byte_for_byte(names: dict[str, int], how: str) -> None:
    files = {f"{number}{name}": encode(assertion(awarded)) for number, (name, awarded) in enumerate(names.items())}
    # A name that a folder walk leaves out, or that is a folder's, is left out here too.
    files = {name.replace("/", "_").replace("\\", "_"): data for name, data in files.items()}
    container = {
        "zip": lambda: zipped(files),
        "stored": lambda: zipped(files, method=0),
        "tar": lambda: tarred(files),
        "gzip": lambda: gzip.compress(tarred(files)),
        "mail": lambda: mail(attach={f"{number}.json": data for number, data in enumerate(files.values())}),
        "nested": lambda: zipped({"in.zip": zipped(files)}),
    }[how]()
    report = find(container)
    assert [found.raw for found in report.found] == list(files.values())
    assert not report.refused
