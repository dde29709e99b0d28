"""Badges in archives: members are found with their exact bytes and their way in, strangers are counted, the rest is refused."""

from __future__ import annotations

import gzip
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from importers.find import find, iter_find
from tests.generate.badges import HOST, JPEG, assertion, badge_class, encode, itxt, png, signed_assertion, svg, token
from tests.generate.badges import cdata as in_cdata
from tests.generate.containers import tarred, zipped
from wallet.found import Carrier

ONE = encode(assertion(1))
PICTURE = png(itxt(encode(assertion(2))))
DRAWING = svg(in_cdata(encode(assertion(3))))
FILES = {
    "one.json": ONE,
    "b/picture.png": PICTURE,
    "b/c/drawing.svg": DRAWING,
    "notes.txt": b"hello",
    "photo.jpg": JPEG,
}


@pytest.mark.parametrize(
    ("archive", "kind"),
    [
        pytest.param(zipped(FILES), "zip", id="zip"),
        pytest.param(zipped(FILES, method=0), "zip", id="zip, stored"),
        pytest.param(tarred(FILES), "tar", id="tar"),
        pytest.param(tarred(FILES, form=tarfile.GNU_FORMAT), "tar", id="tar, GNU"),
        pytest.param(tarred(FILES, form=tarfile.USTAR_FORMAT), "tar", id="tar, POSIX"),
        pytest.param(gzip.compress(tarred(FILES)), "tar", id="tar in gzip"),
    ],
)
def test_members_of_an_archive_are_found_with_their_exact_bytes(archive: bytes, kind: str) -> None:
    report = find(archive, name="/home/mina/badges.bin")
    assert [found.claimed_id for found in report.found] == [f"{HOST}/awards/{number}" for number in (1, 2, 3)]
    assert [found.original for found in report.found] == [ONE, PICTURE, DRAWING]
    assert [found.carrier for found in report.found] == [Carrier.JSON, Carrier.PNG, Carrier.SVG]
    assert (report.skipped, report.refused) == (2, ())
    assert report.found[1].source.endswith("!b/picture.png")


def test_the_steps_name_archive_member_and_digest(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"b/c.png": PICTURE}))
    (found,) = find(tmp_path / "a.zip").found
    digest = sha256(PICTURE).hexdigest()
    assert [step.text for step in found.steps] == [
        "file a.zip",
        f"zip member a.zip!b/c.png sha256={digest}",
        "PNG iTXt openbadges #1 offset 33 crc ok",
        "JSON",
    ]
    assert found.source == f"{tmp_path / 'a.zip'}!b/c.png"


def test_an_archive_in_an_archive_is_opened_and_a_third_is_not() -> None:
    two = zipped({"inner.zip": zipped({"one.json": ONE}), "in.tar.gz": gzip.compress(tarred({"p.png": PICTURE}))})
    report = find(two, name="outer.zip")
    assert [found.original for found in report.found] == [ONE, PICTURE]
    assert [step.text.partition(" sha256")[0] for step in report.found[1].steps[:3]] == [
        "zip member outer.zip!in.tar.gz",
        "gzip content in.tar.gz!in.tar",
        "tar member in.tar!p.png",
    ]
    third = find(zipped({"a.zip": zipped({"b.zip": zipped({"one.json": ONE})})}), name="x")
    assert not third.found
    assert [(refused.code, refused.source) for refused in third.refused] == [("too-deep", "x!a.zip!b.zip")]


def test_a_compressed_badge_alone_is_found() -> None:
    signed = token(signed_assertion())
    assert find(gzip.compress(signed)).found[0].raw == signed
    assert find(gzip.compress(signed[:20]) + gzip.compress(signed[20:])).found[0].raw == signed


def test_hidden_entries_and_what_macos_adds_are_left_out_like_hidden_files() -> None:
    report = find(zipped({"__MACOSX/._one.json": ONE, ".cache/x.json": ONE, "a/../one.json": ONE}))
    assert [found.source.partition("!")[2] for found in report.found] == ["a/../one.json"]
    assert report.skipped == 0


def test_one_bad_member_does_not_stop_the_others() -> None:
    report = find(zipped({"a.json": b'{"type": "Assertion",', "b.json": ONE}), name="x.zip")
    assert len(report.found) == 1
    assert [(refused.source, refused.code) for refused in report.refused] == [("x.zip!a.json", "json-broken")]
    assert report.refused[0].message.startswith("x.zip!a.json is not valid JSON")


def test_an_archive_without_a_badge_is_one_refusal_and_in_a_folder_only_counted(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"class.json": encode(badge_class()), "b.txt": b"hello"}))
    (tmp_path / "one.json").write_bytes(ONE)
    (refused,) = find(tmp_path / "a.zip").refused
    assert refused.code == "no-badges-inside"
    assert refused.message == f"{tmp_path / 'a.zip'} is a ZIP archive without a badge in it (2 parts looked at)."
    report = find(tmp_path)
    assert (len(report.found), report.refused, report.skipped) == (1, (), 3)


def test_members_come_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.json": encode(assertion(number)) for number in range(20)}))
    reports = iter_find([tmp_path / "a.zip"])
    assert len(next(reports).found) == 1
    assert sum(len(report.found) for report in reports) == 19


def test_links_in_a_list_within_an_archive_are_offered() -> None:
    report = find(zipped({"links.txt": b"https://a.example/1\nhttps://b.example/2\n"}), name="x.zip")
    assert [offer.url for offer in report.offers] == ["https://a.example/1", "https://b.example/2"]
    assert [refused.code for refused in report.refused] == ["only-links"]
    assert report.refused[0].message == "x.zip holds 2 links (a.example, b.example), and no badge itself."


def test_long_names_of_both_kinds_of_tar_are_read_whole() -> None:
    name = "/".join(["folder" * 8] * 6) + "/badge.json"
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        (found,) = find(tarred({name: ONE}, form=form), name="t").found
        assert found.source == f"t!{name}"
