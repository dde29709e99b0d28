"""Many files at once: memory stays small, good ones come in, and hostile ones are refused by name beside them."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from importers.find import find, iter_find
from importers.refusals import SENTENCES
from tests.generate.badges import assertion, cdata, chunk, encode, itxt, png, signed_assertion, svg, text_chunk, token
from tests.generate.containers import mail, mbox, pdf, tarred, zipped
from tests.hostile.test_mail import nested


def test_the_memory_of_a_large_folder_is_that_of_its_largest_file(tmp_path: Path) -> None:
    picture = png(itxt(encode(assertion())), size=100_000)
    for number in range(1_000):
        (tmp_path / f"{number:04}.png").write_bytes(picture)
    tracemalloc.start()
    try:
        count = sum(len(report.found) for report in iter_find([tmp_path]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 1_000
    assert peak < 2 * 2**20  # 100 MB of pictures


def test_the_members_of_a_large_archive_are_in_memory_one_at_a_time(tmp_path: Path) -> None:
    picture = png(itxt(encode(assertion())), size=100_000)
    archive = zipped({f"{number}.png": picture for number in range(100)}, method=0)
    (tmp_path / "a.zip").write_bytes(archive)
    tracemalloc.start()
    try:
        count = sum(len(report.found) for report in iter_find([tmp_path / "a.zip"]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 100
    assert peak < len(archive) + 4 * 2**20


GOOD = {
    "a.png": png(itxt(encode(assertion(1)))),
    "b.svg": svg(cdata(encode(assertion(2)))),
    "c.json": encode(assertion(3)),
    "d.jws": token(signed_assertion(4)),
    "e.zip": zipped({"e.json": encode(assertion(5))}),
    "f.tar.gz": gzip.compress(tarred({"f.json": encode(assertion(6))})),
    "g.pdf": pdf({"g.json": encode(assertion(7))}),
    "h.eml": mail(attach={"h.json": encode(assertion(8))}),
    "i.mbox": mbox(mail(attach={"i.json": encode(assertion(9))})),
    "j.html": b"<html><script type='application/ld+json'>" + encode(assertion(10)) + b"</script></html>",
    "k": png(text_chunk(encode(assertion(11)))),
}
HOSTILE = {
    "z0.png": (png(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}", length=2**32 - 1)), "picture-damaged"),
    "z1.svg": (b"<svg xmlns:o='http://openbadges.org'>" + b"<g>" * 50_000, "too-deep"),
    "z2.json": (b"[" * 1_000, "too-deep"),
    "z3.zip": (zipped({"z": bytes(5 * 2**20)}), "archive-unsafe"),
    "z4.zip": (zipped({"a.json": b"{}"}, links=["../../etc"]), "archive-unsafe"),
    "z5.zip": (zipped({"a.json": b"{}"}, locked=["a.json"]), "unsupported:encrypted-zip"),
    "z6.pdf": (pdf({"a.json": b"{}"}, password="x"), "unsupported:encrypted-pdf"),
    "z7.eml": (nested(5_000), "too-deep"),
    "z8.gz": (gzip.compress(bytes(5 * 2**20)), "archive-unsafe"),
    "z9.jws": (b"eyJhbGciOiJSUzI1NiJ9.a.b.c.d", "unsupported:jwe"),
}


def test_a_folder_with_one_of_everything_and_ten_hostile_files_gives_all_good_ones(tmp_path: Path) -> None:
    for name, data in {**GOOD, **{name: data for name, (data, _) in HOSTILE.items()}}.items():
        (tmp_path / name).write_bytes(data)
    os.mkfifo(tmp_path / "pipe")
    report = find(tmp_path)
    assert len(report.found) == len(GOOD)
    refused = {Path(each.source.partition("!")[0]).name: each.code for each in report.refused}
    assert refused == {name: code for name, (_, code) in HOSTILE.items()}
    assert all(each.message.endswith(".") and each.remedy for each in report.refused)


@pytest.mark.parametrize("code", [code for code in SENTENCES if not code.startswith(("http-", "internal"))])
def test_a_refusal_is_two_sentences_that_can_be_shown(code: str) -> None:
    from importers.context import Context
    from importers.refusals import refuse

    (refused,) = refuse(Context("a\x1b[2J.json"), code, "detail\u202e", name="n\x07").refused
    for text in (refused.message, refused.remedy):
        assert text and "{" not in text
        assert text[0].isupper() or text.startswith("a\ufffd")
        assert not {"\x1b", "\u202e", "\x07"} & set(text)
