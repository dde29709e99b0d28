"""PDF files made to harm: endless, huge, circular and broken ones end soon, with a refusal by name (security.md F5)."""

from __future__ import annotations

import zlib

import pytest

from importers.find import find
from tests.generate.badges import assertion, encode
from tests.generate.containers import packed_zeros, pdf
from wallet.limits import Limits

ONE = encode(assertion(1))


def built(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a table that finds them."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, table)
    return bytes(out)


def stream(data: bytes, *filters: bytes) -> bytes:
    names = b" ".join(b"/" + name for name in filters)
    return b"<< /Type /EmbeddedFile /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(data), names, data)


FILE = b"<< /Type /Filespec /F (a.json) /EF << /F 4 0 R >> >>"
ROOT = b"<< /Type /Catalog /Pages 5 0 R /Names << /EmbeddedFiles 2 0 R >> >>"
TREE = b"<< /Names [(a.json) 3 0 R] >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
BOMB = zlib.compress(packed_zeros(1024), 9)


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        pytest.param(built(ROOT, TREE, FILE, stream(b"x"), PAGES), ["no-badges-inside"], id="no badge"),
        pytest.param(
            built(ROOT, TREE, FILE, stream(BOMB, b"FlateDecode", b"FlateDecode"), PAGES), ["too-many"], id="bomb"
        ),
        pytest.param(
            built(ROOT, b"<< /Kids [2 0 R 2 0 R] >>", FILE, stream(b"x"), PAGES), ["no-badges-inside"], id="own child"
        ),
        pytest.param(
            built(ROOT, TREE, FILE, stream(b"x"), b"<< /Type /Pages /Kids [5 0 R 5 0 R] /Count 9 >>"),
            ["no-badges-inside"], id="circle of pages",
        ),
        pytest.param(built(ROOT, b"2 0 R", FILE, stream(b"x"), PAGES), ["file-damaged"], id="reference to itself"),
        pytest.param(built(ROOT, b"[" * 50_000, FILE, stream(b"x"), PAGES), ["file-damaged"], id="50,000 levels"),
        pytest.param(
            built(ROOT, TREE, FILE, b"<< /Length 99999999999 >>\nstream\nx\nendstream", PAGES), None, id="length that lies"
        ),
        pytest.param(b"%PDF-1.7\n/EmbeddedFile", ["file-damaged"], id="nothing but the head"),
        pytest.param(built(ROOT, trailer=b"/Root 1 0 R /Prev 9 /XRefStm 9"), None, id="previous table nowhere"),
        pytest.param(
            built(b"<< /OpenAction << /S /JavaScript /JS (app.alert) >> /AA 1 0 R /URI >>"), None, id="JavaScript"
        ),
    ],
)  # fmt: skip
def test_a_hostile_pdf_is_refused_by_cause(document: bytes, codes: list[str] | None) -> None:
    report = find(document, name="x")
    assert not report.found
    assert codes is None or [refused.code for refused in report.refused] == codes
    assert all(refused.code in ("no-badges-inside", "file-damaged") for refused in report.refused) or codes


def test_a_pdf_that_needs_a_password_is_named() -> None:
    (refused,) = find(pdf({"a.json": ONE}, password="secret"), name="x").refused
    assert (refused.code, refused.message) == (
        "unsupported:encrypted-pdf", "x is a PDF that opens only with a password.",
    )  # fmt: skip


def test_attachments_over_the_limits_are_left_out_and_counted() -> None:
    files = {f"{number}.json": encode(assertion(number)) for number in range(6)}
    report = find(pdf(files), limits=Limits(pdf_attachments=4))
    assert len(report.found) == 4
    assert report.refused[0].message.endswith("(2 attached files left out; 4 files of 10,485,760 bytes is the most).")
    report = find(
        pdf({"big.json": encode(assertion(1, narrative="x" * 2_000)), **files}),
        limits=Limits(pdf_attachment_bytes=1_000),
    )
    assert (len(report.found), [refused.code for refused in report.refused]) == (6, ["too-many"])


def test_a_pdf_that_takes_too_much_time_or_memory_is_stopped() -> None:
    large = pdf({"a.json": ONE, "noise.bin": bytes(4 * 2**20)})
    for limits in (Limits(pdf_memory_bytes=3 * 2**20), Limits(pdf_cpu_seconds=0)):
        report = find(large, name="x", limits=limits)
        assert not report.found
        assert [refused.code for refused in report.refused] == ["file-damaged"]
        assert "it takes more time" in report.refused[0].message
    assert [found.raw for found in find(large).found] == [ONE]


def test_a_badge_beside_an_attached_file_that_unpacks_to_anything_is_found() -> None:
    tree = b"<< /Names [(bomb.json) 3 0 R (a.json) 6 0 R] >>"
    beside = b"<< /Type /Filespec /F (a.json) /EF << /F 7 0 R >> >>"
    packed = zlib.compress(ONE)
    bomb = stream(zlib.compress(bytes(2**25), 9), b"FlateDecode")
    report = find(built(ROOT, tree, FILE, bomb, PAGES, beside, stream(packed, b"FlateDecode")), name="x")
    assert [found.raw for found in report.found] == [ONE]
    assert [refused.code for refused in report.refused] == ["too-many"]


def test_files_attached_to_a_pdf_share_one_limit() -> None:
    files = {f"{number}.json": encode(assertion(number)) for number in range(4)}
    report = find(pdf(files), limits=Limits(pdf_attached_bytes=3 * len(files["0.json"]) + 2))
    assert len(report.found) == 3
    assert [refused.code for refused in report.refused] == ["too-many"]


def test_more_links_than_the_limit_are_left_out() -> None:
    document = pdf(links=[f"https://a.example/{number}" for number in range(30)])
    assert len(find(document, limits=Limits(offers=10)).offers) == 10
