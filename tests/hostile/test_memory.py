"""Files made to take memory (security.md F1, F3 to F5): counted before anything is built, and large archives read in parts."""

from __future__ import annotations

import gzip
import io
import random
import sys
import tracemalloc
from pathlib import Path

import pytest

from exporters.pictures import picture
from importers.find import find
from importers.folder import open_archive
from importers.inflating import Inflated
from importers.large import LargeFile
from tests.generate.badges import assertion, cdata, chunk, encode, itxt, png, svg, text_chunk
from tests.generate.containers import mail, pdf, tarred, zipped
from tests.generate.hostile_folder import pixels
from wallet.documents.svg import parse_svg
from wallet.limits import Limits

ONE = encode(assertion(1))
HEAD = b"From: a@b.example\nTo: c@d.example\n"
SMALL = Limits(picture_bytes=10_000)


def codes(source: bytes | Path, limits: Limits | None = None) -> list[str]:
    return [refused.code for refused in find(source, name="x", limits=limits or Limits()).refused]


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        pytest.param(
            HEAD + b"X: y\n" * 60 + b"\nhello", Limits(mail_headers=50), "file-damaged", id="headers of a mail"
        ),
        pytest.param(HEAD + b"\n" + b"x" * 3_000, Limits(mail_line_bytes=1_000), "file-damaged", id="line of a mail"),
        pytest.param(svg(cdata(ONE)), Limits(svg_attributes=2), "too-big", id="attributes of an SVG"),
        pytest.param(
            svg(cdata(ONE)).replace(b"</svg>", b"<g " + b" ".join(b"a%d='b'" % n for n in range(9)) + b"/></svg>"),
            Limits(svg_element_attributes=8),
            "too-big",
            id="attributes of one element of an SVG",
        ),
        pytest.param(
            b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;" * 9), Limits(svg_entities=8), "too-big", id="entities"
        ),
        pytest.param(
            svg("x", verify="\N{DIRECT HIT}" * 900), Limits(credential_bytes=2_000), "too-big", id="a wide attribute"
        ),
        pytest.param(png(*[chunk(b"junk", b"")] * 9, itxt(ONE)), Limits(png_chunks=5), "picture-damaged", id="chunks"),
        pytest.param(gzip.compress(bytes(2_000)), Limits(gzip_content_bytes=1_000), "too-big", id="one gzip file"),
    ],
)
def test_what_would_become_too_many_objects_is_refused_before_they_are_made(
    data: bytes, limits: Limits, code: str
) -> None:
    assert codes(data, limits) == [code]


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_attributes_are_counted_by_element_in_every_coding(coding: str) -> None:
    def drawing(many: int) -> bytes:
        element = "<g " + " ".join(
            f"a{n} = '<>{n}'".replace("<", "\N{LATIN SMALL LETTER L WITH CEDILLA}") for n in range(many)
        )
        return svg(cdata(ONE)).decode().replace("</svg>", f"{element}/>{element}/></svg>").encode(coding)

    limits = Limits(svg_element_attributes=8)
    assert parse_svg(drawing(8), limits).trouble == ""
    assert parse_svg(drawing(9), limits).detail == "8 attributes of one element is the most"


def test_text_full_of_equals_signs_is_no_element_with_attributes() -> None:
    script = "<script><![CDATA[" + "a = 'b'; if (a < b) c = \"d\";" * 20 + "]]></script></svg>"
    assert not parse_svg(svg(cdata(ONE)).replace(b"</svg>", script.encode()), Limits(svg_element_attributes=8)).trouble


def test_attributes_that_elements_get_unwritten_are_few_and_a_badge_is_found_beside_more() -> None:
    given = "".join(f"<!ATTLIST g a{n} CDATA 'b'>" for n in range(9))
    drawing = svg(cdata(ONE), prolog=f"<!DOCTYPE svg [{given}]>")
    assert parse_svg(drawing, Limits(svg_declared_attributes=9)).trouble == ""
    stopped = Limits(svg_declared_attributes=8)
    assert parse_svg(drawing, stopped).trouble == "entities"
    (found,) = find(drawing, limits=stopped).found
    assert (found.raw, [note.code for note in found.notes]) == (ONE, ["doctype-removed"])


@pytest.mark.parametrize(
    ("inside", "times"),
    [
        pytest.param("".join(f"<g{n}/>" for n in range(40_000)), 15, id="names of elements"),
        pytest.param("".join(f"<g a{n}='' b{n}='' c{n}='' d{n}=''/>" for n in range(9_000)), 15, id="of attributes"),
        pytest.param("<!--" + "x" * 2_000_000 + "\N{DIRECT HIT}-->", 3, id="a comment"),
        pytest.param("<g a='" + "x" * 2_000_000 + "'/>", 4, id="a picture in the picture"),
    ],
)
def test_a_drawing_takes_little_more_memory_than_its_size(inside: str, times: int) -> None:
    drawing = svg(cdata(ONE)).replace(b"</svg>", inside.encode() + b"</svg>")
    parse_svg(svg(), Limits())  # loads what is needed for it
    tracemalloc.start()
    try:
        (baked,) = parse_svg(drawing, Limits()).baked
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert baked.text.encode() == ONE
    assert peak < times * len(drawing)


def test_badge_texts_before_the_limit_of_chunks_are_found() -> None:
    many = png(itxt(ONE), *[chunk(b"junk", b"")] * 9)
    assert [found.raw for found in find(many, limits=Limits(png_chunks=5)).found] == [ONE]
    texts = png(*(text_chunk(encode(assertion(number))) for number in range(9)))
    assert len(find(texts, limits=Limits(finds=3)).found) == 3


def test_metadata_of_a_pdf_with_too_many_elements_is_left_alone() -> None:
    def packet(count: int) -> bytes:
        inside = b"<x xmlns:b='openbadges:'><b:openbadges>" + ONE + b"</b:openbadges>" + b"<a/>" * count + b"</x>"
        return pdf(xmp=inside)

    assert [found.raw for found in find(packet(0)).found] == [ONE]
    assert not find(packet(50_001)).found


def test_prose_larger_than_any_badge_is_searched_for_links_only() -> None:
    body = "Look at https://badges.example/a here.\n" + "Many words.\n" * 100
    report = find(mail(body), limits=Limits(credential_bytes=500))
    assert [offer.url for offer in report.offers] == ["https://badges.example/a"]


def big_zip() -> bytes:
    noise = random.Random(1).randbytes(30_000)
    return zipped({"noise.bin": noise, "good.json": ONE, "pic.png": png(itxt(encode(assertion(2))))})


def halves(data: bytes) -> tuple[bytes, bytes]:
    return data[:700], data[700:]


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("a.zip", big_zip),
        ("a.tar", lambda: tarred({"noise.bin": bytes(30_000), "good.json": ONE, "b.json": encode(assertion(2))})),
        ("a.tar.gz", lambda: gzip.compress(tarred({"n": random.Random(2).randbytes(30_000), "good.json": ONE}))),
        (
            "two.tar.gz",
            lambda: b"".join(gzip.compress(part, 0) for part in halves(tarred({"good.json": ONE, "b": b"x" * 9}))),
        ),
    ],
)
def test_an_archive_too_large_for_memory_is_read_as_any_other(tmp_path: Path, name: str, build) -> None:
    path = tmp_path / name
    path.write_bytes(build())
    large = open_archive(str(path), SMALL)
    assert large is not None
    large.__exit__(None, None, None)
    in_parts, whole = find(path, limits=SMALL), find(path)
    assert [(f.raw, f.source, f.steps, f.notes) for f in in_parts.found] == [
        (f.raw, f.source, f.steps, f.notes) for f in whole.found
    ]
    assert [r.code for r in in_parts.refused] == [r.code for r in whole.refused]


def test_a_large_tar_archive_in_a_gzip_file_is_unpacked_member_by_member() -> None:
    noise = random.Random(3).randbytes(3_000)
    packed = gzip.compress(tarred({"n": noise, "good.json": ONE, "m": noise, "b.json": encode(assertion(2))}))
    whole = find(packed, name="a.tar.gz")
    in_parts = find(packed, name="a.tar.gz", limits=Limits(picture_bytes=1_500))
    assert [(f.raw, f.source, f.steps) for f in in_parts.found] == [(f.raw, f.source, f.steps) for f in whole.found]
    assert len(whole.found) == 2
    pieces = Inflated(packed, 12_288)
    assert pieces[1_024:1_030] + pieces[:4] + pieces[9_000:9_004] == (data := gzip.decompress(packed))[1_024:1_030] + (
        data[:4] + data[9_000:9_004]
    )
    assert bytes(pieces.window(512, 600)) == data[512:600]
    assert Inflated(packed[:300], 12_288)[5_000:5_010] == b""  # cut off since it was looked through


def test_only_large_archives_are_left_unread(tmp_path: Path) -> None:
    for name, data in {"small.zip": zipped({"a.json": ONE}), "long.txt": b"x" * 20_000}.items():
        (tmp_path / name).write_bytes(data)
        assert open_archive(str(tmp_path / name), SMALL) is None
    assert open_archive(str(tmp_path), SMALL) is None
    assert open_archive(str(tmp_path / "nothing"), SMALL) is None
    assert open_archive("a\0b", SMALL) is None


def test_a_large_archive_that_is_broken_or_ends_early_is_refused(tmp_path: Path) -> None:
    for name, data in {"cut.zip": big_zip()[:-40], "cut.tar.gz": gzip.compress(big_zip())[:-400]}.items():
        (tmp_path / name).write_bytes(data)
        assert codes(tmp_path / name, SMALL) == ["file-damaged"]
    lying = tarred({"a.bin": bytes(30_000)})[:20_000]
    (tmp_path / "lying.tar").write_bytes(lying)
    assert codes(tmp_path / "lying.tar", SMALL) == ["file-damaged"]


def test_a_large_file_answers_as_its_bytes_would(tmp_path: Path) -> None:
    data = random.Random(4).randbytes(3 * 2**20) + b"MARK" + bytes(100)
    path = tmp_path / "large"
    path.write_bytes(b"PK\x03\x04" + data)
    opened = open_archive(str(path))
    assert opened is None  # smaller than what is read whole
    with path.open("rb") as file:
        large = LargeFile(file.fileno(), 4, path.stat().st_size)
        assert len(large) == len(data)
        assert bytes(large) == data
        assert b"MARK" in large and b"NOT THERE" not in large
        assert large.count(b"\0\1") == data.count(b"\0\1")
        assert large.startswith(data[:3]) and large[5:2] == b""
        window = large.window(10, 20)
        assert bytes(window) == data[10:20] and len(large.window(len(data) - 5, len(data) + 9)) == 5
        assert large.seekable() and large.seek(-4, io.SEEK_END) == len(data) - 4
        assert large.read() == data[-4:] and large.read(3) == b""
        assert large.seek(2) == 2 and large.read(3) == data[2:5] and large.seek(1, io.SEEK_CUR) == 6 == large.tell()
        with pytest.raises(ValueError, match="before the beginning"):
            large.seek(-1)


def test_a_picture_of_the_largest_size_is_shown_from_bands() -> None:
    shown = picture(pixels(2_100), side=100)
    assert shown is not None and (shown.width, shown.height) == (100, 100)


def test_attributes_that_are_given_to_all_elements_are_not_built_to_draw_them() -> None:
    given = "".join(f"<!ATTLIST g a{n} CDATA 'b'>" for n in range(200))
    drawing = svg(prolog=f"<!DOCTYPE svg [{given}]>").replace(b"</svg>", b"<g/>" * 5_000 + b"</svg>")
    assert picture(svg(prolog="<!DOCTYPE svg [<!ATTLIST g a CDATA 'b'>]>")) is not None
    tracemalloc.start()
    try:
        picture(drawing)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_a_drawing_of_endless_parts_or_text_is_not_drawn() -> None:
    head = b'<svg xmlns="http://www.w3.org/2000/svg">'
    for inside in (b"<g/>" * 500, b'<g a="b"/>' * 20, b"<text>" + b"x" * 1_000_001 + b"</text>"):
        assert picture(head + inside + b"</svg>", limits=Limits(svg_elements=100, svg_attributes=15)) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of glibc")
def test_asking_the_system_for_less_memory_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    from tui.cli.memory import give_back_at_once

    give_back_at_once()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())  # a system whose library has no such setting
    give_back_at_once()
