"""Pictures made to harm: each is found or refused by cause, in bounded memory and time (security.md F1, F2, F7)."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest

from importers.find import find
from tests.generate.badges import assertion, chunk, encode, itxt, png, text_chunk
from tests.generate.containers import packed_zeros
from wallet.limits import Limits

JSON = encode(assertion())
BOMB = packed_zeros(200)


def bomb(keyword: bytes = b"openbadges") -> bytes:
    return chunk(b"iTXt", keyword + b"\0\1\0\0\0" + BOMB)


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        pytest.param(
            png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + JSON, length=2**32 - 1)), "picture-damaged", id="length 2^32-1"
        ),
        pytest.param(png(chunk(b"junk", b"", length=2**32 - 1)), "picture-damaged", id="length 2^32-1 elsewhere"),
        pytest.param(
            png(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}", length=3)), "picture-damaged", id="length too small"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n", "picture-damaged", id="signature alone"),
        pytest.param(png(bomb()), "picture-damaged", id="bomb"),
        pytest.param(png(chunk(b"zTXt", b"openbadges\0\0not deflate")), "picture-damaged", id="not deflate"),
        pytest.param(png(chunk(b"iTXt", b"openbadges\0")), "empty", id="nothing after the keyword"),
        pytest.param(png(chunk(b"tEXt", b"openbadges\0")), "empty", id="no text"),
        pytest.param(png(itxt(b"\0" * 50)), "unsupported:binary", id="NULs"),
        pytest.param(png(itxt(b"[" * 5_000)), "too-deep", id="deep JSON"),
        pytest.param(png(chunk(b"IHDR", b"\xff" * 13)), "no-credential-in-image", id="second header, huge"),
    ],
)
def test_a_hostile_picture_without_a_readable_badge_is_refused_by_cause(picture: bytes, code: str) -> None:
    report = find(picture)
    assert not report.found
    assert [refused.code for refused in report.refused] == [code]


def test_a_bomb_in_a_text_that_is_no_badge_is_not_even_unpacked() -> None:
    report = find(png(bomb(b"comment"), itxt(JSON)))
    assert [found.raw for found in report.found] == [JSON]


def test_many_bombs_share_one_allowance() -> None:
    small = zlib.compress(bytes(3 * 2**20), 9)
    chunks = [chunk(b"zTXt", b"openbadges\0\0" + small + bytes([number])) for number in range(50)]
    picture = png(itxt(JSON), *chunks)
    tracemalloc.start()
    try:
        report = find(picture)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [found.raw for found in report.found] == [JSON]
    assert peak < 40 * 2**20


def test_a_huge_declared_size_is_of_no_interest() -> None:
    picture = png(itxt(JSON))
    header = chunk(b"IHDR", b"\0\0\xff\xff\0\0\xff\xff\x08\2\0\0\0")
    assert find(picture[:8] + header + picture[33:]).found[0].raw == JSON


def test_a_polyglot_is_what_its_first_bytes_say() -> None:
    assert find(png(itxt(JSON), trailing=b"PK\x03\x04<html><script>")).found[0].raw == JSON
    assert find(b"%PDF-1.7" + png(itxt(JSON))).refused[0].code == "file-damaged"


def test_tens_of_thousands_of_chunks_end_at_the_limit() -> None:
    chunks = [text_chunk(encode(assertion(number))) for number in range(60)]
    report = find(png(*chunks, *[text_chunk(b"", b"c")] * 20_000), limits=Limits(finds=50))
    assert len(report.found) == 50
    assert [refused.code for refused in report.refused] == ["too-many"]
