"""A mail is taken apart in pieces, and its parts come out as the standard library gives them."""

from __future__ import annotations

import base64
import quopri
import tracemalloc
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.find import find
from importers.mail_parts import parsed
from tests.generate.badges import assertion, chunk, encode, itxt, png
from tests.generate.containers import mail

ONE = encode(assertion(1))
HEAD = b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"
LONG = b"".join(b"line %d of many\xc3\xa9\n" % number for number in range(20_000))
PACKED = base64.encodebytes(LONG)
MB = 2**20


def part(coding: bytes, body: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    return b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + coding + b"\n\n" + body


def several(*parts: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    middle = b"".join(b"--b\n" + each + b"\n" for each in parts)
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + before + middle + b"--b--\n" + after


def as_the_library_has_it(data: bytes) -> list[object]:
    leaves = [leaf for leaf in message_from_bytes(data).walk() if not leaf.is_multipart()]
    return [(leaf.get_content_type(), leaf.get_payload(decode=True)) for leaf in leaves]


def as_it_is_read(data: bytes) -> list[object]:
    mail_parts = parsed(data)
    return [(leaf.get_content_type(), mail_parts.content(leaf)) for leaf in mail_parts.leaves]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(HEAD + b"\n" + LONG, id="one text"),
        pytest.param(HEAD + b"\n" + LONG.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(HEAD + part(b"base64", PACKED), id="base64"),
        pytest.param(several(part(b"8bit", LONG), part(b"BASE64", PACKED), part(b"7bit", b"short")), id="several"),
        pytest.param(several(part(b"quoted-printable", quopri.encodestring(LONG))), id="quoted-printable"),
        pytest.param(several(part(b"base64", PACKED.rstrip(b"=\n"))), id="base64 that lacks its end"),
        pytest.param(several(part(b"base64", PACKED[:90_000] + b"!*" + PACKED[90_000:])), id="base64 with rubbish"),
        pytest.param(several(part(b"base64", PACKED[:-2] + b"==\n" + PACKED)), id="base64 twice"),
        pytest.param(several(part(b"x-uuencode", b"begin 600 a\n" + LONG + b"end\n")), id="broken uuencode"),
        pytest.param(several(part(b"x-thing", LONG)), id="an unknown coding"),
        pytest.param(several(part(b"7bit", LONG + b"-- \n" + LONG + b"--\n" + LONG)), id="dashes that part nothing"),
        pytest.param(several(part(b"7bit", b"x"), before=LONG, after=LONG), id="much before and after"),
        pytest.param(several(part(b"7bit", HEAD + b"\n" + LONG, b"message/rfc822")), id="a mail within"),
        pytest.param(
            several(part(b"7bit", several(part(b"base64", PACKED)), b"message/rfc822"), part(b"8bit", LONG)),
            id="parts within a mail within",
        ),
        pytest.param(HEAD + b"X: y\n" * 30_000 + b"\n" + LONG, id="a long header"),
        pytest.param(several(part(b"8bit", LONG))[:-9], id="no end"),
        pytest.param(several(part(b"8bit", LONG.rstrip(b"\n"))), id="no line break at its end"),
    ],
)
def test_parts_come_out_as_the_library_gives_them(data: bytes) -> None:
    assert as_it_is_read(data) == as_the_library_has_it(data)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"--b", b"--b--", b"", b"text", b"A: b", b"\r", b"x" * 70_000, b"\n" * 70_000]), max_size=12
    )
)
def test_lines_in_any_order_are_told_apart_as_the_library_does(lines: list[bytes]) -> None:
    data = several(*[b"\n".join(lines)])
    assert as_it_is_read(data) == as_the_library_has_it(data)


def test_a_large_badge_that_is_attached_keeps_its_bytes() -> None:
    picture = png(itxt(ONE), chunk(b"junk", bytes(3 * MB)))
    (found,) = find(mail(attach={"a.png": picture})).found
    assert found.original == picture


def test_links_are_found_wherever_a_long_text_is_cut() -> None:
    links = [f"https://x.example/{number}/" + "a" * (number % 90) for number in range(1_900)]
    text = "".join(f"{link} {'word ' * 130}\n" for link in links)
    assert [offer.url for offer in find(mail(text)).offers] == links
    page = "<html>" + "".join(f'<p>{"word " * 130}</p><a href="{link}">x</a>' for link in links)
    assert [offer.url for offer in find(mail("see below", html=page)).offers] == links


@pytest.mark.parametrize("charset", ["hex", "idna", "no-such", "utf-16"])
def test_a_charset_that_is_none_hides_no_link(charset: str) -> None:
    text = "see https://x.example/a now"
    body = text.encode("utf-16" if charset == "utf-16" else "ascii")
    data = HEAD + b"Content-Type: text/plain; charset=" + charset.encode() + b"\nContent-Transfer-Encoding: base64\n\n"
    assert [offer.url for offer in find(data + base64.encodebytes(body)).offers] == ["https://x.example/a"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"ab\n" * (4 * MB), id="short lines"),
        pytest.param("\N{DIRECT HIT}\n".encode() + b"https://x.example/a \n" * (MB // 2), id="one wide letter"),
    ],
)
def test_a_long_text_is_not_held_many_times_over(body: bytes) -> None:
    find(HEAD + b"\nhello")
    tracemalloc.start()
    try:
        find(HEAD + b"\n" + body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3.5 * len(body)


def test_a_long_text_is_searched_where_it_lies() -> None:
    text = b"Look at https://badges.example/a here.\n" * (8 * MB // 39)
    data = HEAD + b"\n" + text
    (leaf,) = (whole := parsed(data)).leaves
    assert isinstance(whole.content(leaf), memoryview)
    find(mail("Hello"))  # loads what is needed for it
    tracemalloc.start()
    try:
        report = find(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [offer.url for offer in report.offers] == ["https://badges.example/a"]
    assert peak < 6 * MB
