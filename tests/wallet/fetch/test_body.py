"""Bodies stay under their cap, packed or not."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.fetch.base import Cause
from wallet.fetch.body import BodyError, read_body


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    None: bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-GZip": gzip.compress,
    "deflate": zlib.compress,
    " Deflate ": bare_deflate,
}


@given(st.binary(max_size=500), st.sampled_from(list(PACKED)), st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_a_body_comes_out_as_it_was_however_it_was_packed_and_cut(data: bytes, coding: str | None, size: int) -> None:
    sent = PACKED[coding](data)
    pieces = [sent[i : i + size] for i in range(0, len(sent), size)]
    assert read_body(pieces, length=str(len(sent)), coding=coding, cap=1_000) == data


@pytest.mark.parametrize("coding", list(PACKED))
def test_the_cap_counts_what_comes_out(coding: str | None) -> None:
    assert len(read_body([PACKED[coding](b"a" * 100)], length=None, coding=coding, cap=100)) == 100
    with pytest.raises(BodyError) as caught:
        read_body([PACKED[coding](b"a" * 101)], length=None, coding=coding, cap=100)
    assert caught.value.cause is Cause.TOO_BIG


@pytest.mark.parametrize("length", ["101", "10737418240", "9" * 5_000])
def test_a_declared_length_above_the_cap_ends_it_before_a_byte_is_read(length: str) -> None:
    def never() -> bytes:
        raise AssertionError("read")

    with pytest.raises(BodyError) as caught:
        read_body(iter(never, b""), length=length, coding=None, cap=100)
    assert caught.value.cause is Cause.TOO_BIG


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip,identity", "gzip;q=1", "\x1b[2J"])
def test_other_and_stacked_packings_are_refused(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        read_body([b"x"], length=None, coding=coding, cap=100)
    assert caught.value.cause is Cause.ENCODING
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(b"a" * 50)[:-9]),
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"a") + b"more"),
        ("gzip", gzip.compress(b"a") + gzip.compress(b"b")),
        ("gzip", gzip.compress(b"a")[:-4] + b"\0\0\0\0"),
        ("deflate", zlib.compress(b"a" * 50)[:-1]),
        ("deflate", b"\xff\xff\xff"),
    ],
    # gzip writes the time into its output, so the bytes would name the same test differently in each process
    ids=["cut", "not-gzip", "text-behind", "gzip-behind", "wrong-length", "deflate-cut", "not-deflate"],
)
def test_a_damaged_packing_is_refused(coding: str, sent: bytes) -> None:
    with pytest.raises(BodyError) as caught:
        read_body([sent], length=None, coding=coding, cap=100)
    assert caught.value.cause is Cause.ENCODING


def test_an_empty_body_is_empty_whatever_the_header_says() -> None:
    assert read_body([], length=None, coding="gzip", cap=100) == b""
    assert read_body([b"", b""], length=None, coding="deflate", cap=100) == b""
