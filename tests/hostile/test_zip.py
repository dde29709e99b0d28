"""Archives made to harm: what is unsafe is refused by name, the rest is read in memory and within the caps (security.md F4)."""

from __future__ import annotations

import gzip
import struct
import tarfile
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from importers.find import find
from tests.generate.badges import assertion, encode, itxt, png
from tests.generate.containers import tarred, zipped
from wallet.limits import Limits

ONE = encode(assertion(1))
GOOD = {"good.json": ONE}
ZEROS = bytes(8 * 2**20)


def codes(archive: bytes, limits: Limits | None = None) -> tuple[int, list[str]]:
    report = find(archive, name="x", limits=limits or Limits())
    return len(report.found), [refused.code for refused in report.refused]


@pytest.mark.parametrize("name", ["../../evil.json", "/abs.json", "C:\\w.json", "a/\x1b[2J.json", "con", "x" * 5_000])
@pytest.mark.parametrize("build", [zipped, tarred], ids=["zip", "tar"])
def test_a_name_is_only_text_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, build: Callable[[dict[str, bytes]], bytes]
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    (found,) = find(build({name: ONE})).found
    assert found.raw == ONE
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]


@pytest.mark.parametrize(
    ("archive", "message"),
    [
        (zipped(GOOD, links=["passwords"]), "x!passwords was not read: it is a link."),
        (zipped([("good.json", ONE), ("a", ONE), ("a", b"{}")]), "x!a was not read: the name stands for 2 files in it."),
        (tarred(GOOD, special={"l": tarfile.SYMTYPE}), "x!l was not read: it is a link."),
        (tarred(GOOD, special={"l": tarfile.LNKTYPE}), "x!l was not read: it is a link."),
        (tarred(GOOD, special={"d": tarfile.CHRTYPE}), "x!d was not read: it is a device."),
        (tarred(GOOD, special={"p": tarfile.FIFOTYPE}), "x!p was not read: it is a pipe."),
        (tarred(GOOD, special={"s": tarfile.GNUTYPE_SPARSE}), "x!s was not read: it is a sparse file."),
        (tarred([("good.json", ONE), ("a", ONE), ("a", b"{}")]), "x!a was not read: the name stands for 2 files in it."),
    ],
)  # fmt: skip
def test_an_unsafe_entry_is_refused_by_name_and_the_others_are_read(archive: bytes, message: str) -> None:
    report = find(archive, name="x")
    assert [found.source for found in report.found] == ["x!good.json"]
    assert [(refused.code, refused.message) for refused in report.refused] == [("archive-unsafe", message)]


def test_locked_entries_are_named_once_and_the_others_are_read() -> None:
    report = find(zipped({**GOOD, "a.json": ONE, "b.json": ONE}, locked=["a.json", "b.json"]), name="x")
    assert len(report.found) == 1
    (refused,) = report.refused
    assert (refused.code, refused.message) == ("unsupported:encrypted-zip", "x is locked with a password (2 files).")


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(zipped({"z": ZEROS, **GOOD}), id="zip"),
        pytest.param(gzip.compress(ZEROS), id="gzip"),
        pytest.param(zipped({"z.gz": gzip.compress(ZEROS), **GOOD}), id="gzip in zip"),
        pytest.param(zipped({"z.zip": zipped({"z": ZEROS}), **GOOD}), id="zip in zip"),
    ],
)
def test_what_unpacks_to_more_than_a_hundred_times_its_size_is_refused(archive: bytes) -> None:
    found, refused = codes(archive)
    assert refused == ["archive-unsafe"]
    assert found in (0, 1)


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    archive = zipped({f"{number}": bytes(2 * 2**20) for number in range(200)})
    tracemalloc.start()
    try:
        found, refused = codes(archive, Limits(unpacked_bytes=5 * 2**20, unpacked_ratio=10_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found, refused) == (0, ["too-big"])
    assert peak < 20 * 2**20


def test_archives_inside_one_another_share_one_allowance() -> None:
    noise = png(itxt(ONE), size=60_000)
    inner = zipped({"p.png": noise}, method=0)
    limits = Limits(unpacked_bytes=5 * len(noise))
    found, refused = codes(zipped({f"{number}.zip": inner for number in range(10)}, method=0), limits)
    assert (found, refused) == (2, ["too-big"])


def test_an_entry_over_the_limit_is_refused_and_the_others_are_read() -> None:
    big = png(itxt(ONE), size=200_000)
    for archive in (zipped({"big.png": big, **GOOD}), tarred({"big.png": big, **GOOD})):
        assert codes(archive, Limits(archive_entry_bytes=100_000)) == (1, ["too-big"])


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    many = {f"{number}": b"" for number in range(2_001)}
    assert codes(zipped(many)) == (0, ["too-many"])
    assert codes(tarred(many)) == (0, ["too-many"])
    nested = zipped({f"{number}.tar": tarred({f"{i}": b"" for i in range(900)}) for number in range(3)})
    assert codes(nested)[1] == ["too-many"]


def test_more_badges_than_the_limit_end_with_a_refusal() -> None:
    archive = zipped({f"{number}.json": encode([assertion(number), assertion(-number)]) for number in range(1, 9)})
    assert codes(archive, Limits(finds=5)) == (5, ["too-many"])


@pytest.mark.parametrize("size", [0, 1, 2**31, 2**32 - 1])
def test_a_size_that_lies_is_not_believed(size: int) -> None:
    archive = bytearray(zipped(GOOD))
    position = archive.find(b"PK\x01\x02")
    archive[position + 24 : position + 28] = struct.pack("<I", size)
    found, refused = codes(bytes(archive))
    assert found == (0 if size < 2 else 1) and refused == (["file-damaged"] if size < 2 else [])


def test_entries_that_share_their_bytes_are_bounded_like_all_others() -> None:
    archive = bytearray(zipped({"a": zlib.compress(bytes(10))}))
    directory = archive.find(b"PK\x01\x02")
    end = archive.find(b"PK\x05\x06")
    entry = bytes(archive[directory:end])
    entries = b"".join(entry[:46] + bytes([65 + number]) + entry[47:] for number in range(20))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 20, 20, len(entries), directory, 0)
    found, refused = codes(bytes(archive[:directory]) + entries + tail)
    assert found == 0
    assert set(refused) == {"file-damaged"}  # the names in the list are not those beside the bytes


@pytest.mark.parametrize("cut", [5, 25, 60, -1, -10, -30])
def test_an_archive_that_is_cut_is_damaged_or_gives_what_is_left(cut: int) -> None:
    for archive in (zipped(GOOD), gzip.compress(tarred(GOOD)), tarred(GOOD)):
        found, refused = codes(archive[:cut])
        assert found == 1 or refused in (["file-damaged"], ["not-recognised"], ["unsupported:binary"], ["empty"])


def test_a_wrong_checksum_is_named() -> None:
    archive = bytearray(zipped(GOOD, method=0))
    archive[40] ^= 1
    assert codes(bytes(archive)) == (0, ["file-damaged"])


def test_an_uncommon_way_of_packing_is_named_and_not_tried() -> None:
    assert codes(zipped(GOOD, method=14)) == (0, ["unsupported:archive"])


def test_a_tar_with_a_size_that_points_nowhere_ends() -> None:
    for number in (b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"not a number"):
        archive = bytearray(tarred(GOOD))
        archive[124:136] = number
        archive[148:156] = b" " * 8
        archive[148:156] = b"%06o\0 " % sum(archive[:512])
        assert codes(bytes(archive)) == (0, ["file-damaged"])


def test_headers_that_only_announce_headers_end() -> None:
    block = bytearray(tarred({"x" * 150: b""}, form=tarfile.GNU_FORMAT)[:1024])
    assert codes(bytes(block) * 2_000) == (0, ["no-badges-inside"])
