"""Files and folders: what is opened, in which order, and what one bad file does to the others (nothing)."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

import importers.find as module
from importers.find import find, iter_find
from importers.refusals import SENTENCES
from tests.generate import badges
from tests.generate.badges import HOST, assertion, cdata, encode, itxt, png, signed_assertion, svg, token
from wallet.fetch.base import Fetched, Want
from wallet.found import ImportReport
from wallet.limits import Limits
from wallet.progress import Cancelled, Event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One of everything: five badges, five strangers, three that should have been badges."""
    (tmp_path / "sub" / "deeper").mkdir(parents=True)
    for name, data in {
        "a.png": png(itxt(encode(assertion(1)))),
        "b.svg": svg(cdata(encode(assertion(2)))),
        "c.json": encode(assertion(3)),
        "sub/d.jws": token(signed_assertion(4)),
        "sub/deeper/e": encode(assertion(5)),
        ".hidden.json": encode(assertion(6)),
        "class.json": encode(badges.badge_class()),
        "holiday.jpg": badges.JPEG,
        "plain.png": png(),
        "notes.txt": b"hello",
        "paper.pdf": badges.PDF,
        "broken.json": b'{"type": "Assertion"',
        "cut.png": png()[:50],
        "encrypted.txt": b"eyJhbGciOiJSUzI1NiJ9.a.b.c.d",
    }.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_a_folder_gives_its_badges_in_a_stable_order_and_counts_strangers(folder: Path) -> None:
    report = find(folder)
    assert [found.claimed_id for found in report.found] == [f"{HOST}/awards/{number}" for number in (1, 2, 3, 4, 5)]
    assert [(Path(refused.source).name, refused.code) for refused in report.refused] == [
        ("broken.json", "json-broken"),
        ("cut.png", "picture-damaged"),
        ("encrypted.txt", "unsupported:jwe"),
    ]
    assert report.skipped == 5
    assert {note.code for note in report.notes} == {"nothing-here"}


def test_each_file_of_a_folder_is_reported_as_soon_as_it_is_read(folder: Path) -> None:
    events: list[Event] = []
    reports = iter_find([folder, folder / "c.json"], progress=events.append)
    first = next(reports)
    assert [found.source for found in first.found] == [str(folder / "a.png")]
    assert len(list(reports)) == 13
    assert [(event.done, event.total) for event in events] == [*((number, 13) for number in range(1, 14)), (1, 1)]


def test_a_stop_comes_after_the_report_it_followed(folder: Path) -> None:
    def stop(event: Event) -> None:
        raise Cancelled

    for source in (folder, folder / "a.png"):
        taken: list[ImportReport] = []
        with pytest.raises(Cancelled):
            taken += (report for report in iter_find([source], progress=stop))
        reports = iter_find([source], progress=stop)
        assert next(reports).found
        with pytest.raises(Cancelled):
            next(reports)


def test_a_folder_without_a_badge_is_one_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (refused,) = find(tmp_path).refused
    assert refused.code == "no-badges-in-folder"
    assert refused.message == f"The folder {tmp_path} holds no badge (1 file)."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for missing in (
        tmp_path / "nothing.png",
        str(tmp_path / "nothing.png"),
        tmp_path / ("x" * 300),
        tmp_path / "a.png" / "b",
    ):
        (tmp_path / "a.png").write_bytes(png())
        (refused,) = find(missing).refused
        assert refused.code == "no-such-file"
        assert refused.message.startswith("There is no file or folder ")
    assert find("a\0b").refused[0].code == "no-such-file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(encode(assertion()))
    file.chmod(0)
    assert find(file).refused[0].code == "unreadable"


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    target = tmp_path / "real.json"
    target.write_bytes(encode(assertion()))
    (tmp_path / "link.json").symlink_to(target)
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    report = find(tmp_path)
    assert [found.source for found in report.found] == [str(target)]
    assert report.skipped == 3
    assert (
        find(tmp_path / "link.json")
        .refused[0]
        .message.endswith("is a symbolic link, which is not followed, not a file.")
    )
    assert find(tmp_path / "pipe.png").refused[0].message.endswith("is a pipe, not a file.")
    assert find(Path("/dev/null")).refused[0].message == "/dev/null is a device, not a file."


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "big.png"
    file.write_bytes(png(itxt(encode(assertion()))))
    (refused,) = find(file, limits=Limits(picture_bytes=100)).refused
    assert refused.code == "too-big"
    assert find(file.read_bytes(), limits=Limits(picture_bytes=100)).refused[0].code == "too-big"
    assert find(encode(assertion()), limits=Limits(credential_bytes=100)).refused[0].code == "too-big"


def test_the_content_decides_and_a_wrong_suffix_is_only_noted(tmp_path: Path) -> None:
    for name, data, noted in (
        ("a.png", encode(assertion()), True),
        ("b.svg", png(itxt(encode(assertion()))), True),
        ("c.PNG", png(itxt(encode(assertion()))), False),
        ("d.txt", png(itxt(encode(assertion()))), False),
        ("png", encode(assertion()), False),
    ):
        (tmp_path / name).write_bytes(data)
        (found,) = find(tmp_path / name).found
        assert any(note.code == "suffix-mismatch" for note in found.notes) is noted, name
    (tmp_path / "page.png").write_bytes(badges.WEB_PAGE)
    assert find(tmp_path / "page.png").refused[0].code == "html-instead-of-json"


def test_a_file_that_says_it_is_empty_or_grows_is_read_to_its_end_and_within_the_limit() -> None:
    # What the kernel writes under /proc is a regular file of size 0 that gives bytes when it is read.
    status = Path("/proc/self/status")
    assert find(status).refused[0].code == "not-recognised"
    assert find(status, limits=Limits(picture_bytes=10)).refused[0].code == "too-big"


def test_a_socket_is_not_opened(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        assert find(tmp_path / "s").refused[0].message == f"{tmp_path / 's'} is a socket or device, not a file."


def test_a_stop_while_the_network_is_asked_passes_through() -> None:
    class Stopped:
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            raise Cancelled

    with pytest.raises(Cancelled):
        find("https://a.example/1", net=Stopped())


def test_what_is_pasted_as_an_argument_is_read_as_text() -> None:
    assert find(encode(assertion()).decode()).found[0].claimed_id == f"{HOST}/awards/1"
    assert find(" [" + encode(assertion()).decode() + "] ").found


def test_a_folder_that_cannot_be_listed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("deeper"):
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = find(folder)
    assert len(report.found) == 4
    assert [refused.source for refused in report.refused if refused.code == "unreadable"] == [
        str(folder / "sub" / "deeper")
    ]


def test_a_list_with_too_many_awards_gives_those_that_fit_and_says_so() -> None:
    report = find(encode([assertion(number) for number in range(5)]), limits=Limits(finds=3))
    assert len(report.found) == 3
    assert [refused.code for refused in report.refused] == ["too-many"]


def test_wrappers_within_wrappers_end_at_the_limit() -> None:
    document: object = assertion()
    for _ in range(10):
        document = [document]
    assert [refused.code for refused in find(encode(document)).refused] == ["too-deep"]


def test_a_fault_of_ours_stops_one_file_and_not_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> ImportReport:
        raise RuntimeError("secret text")

    monkeypatch.setattr(module, "read_png", faulty)
    report = find(folder)
    assert len(report.found) == 4
    faults = [refused for refused in report.refused if refused.code == "internal-error"]
    assert len(faults) == 3
    assert "RuntimeError" in faults[0].message
    assert "secret" not in faults[0].message


def test_every_refusal_is_whole_sentences_that_name_the_source() -> None:
    for code, sentence in SENTENCES.items():
        assert "{source}" in sentence.message, code
        assert sentence.message.endswith("."), code
        assert sentence.remedy.endswith((".", "{name}", "{host}", "https://")), code


def test_a_named_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "badge.png"
    os.mkfifo(pipe)
    (refused,) = find(pipe).refused
    assert refused.code == "not-a-file"
    assert "badge.png" in refused.message
    assert refused.remedy


def test_a_message_saved_by_outlook_is_refused_with_the_way_out() -> None:
    (refused,) = find(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name="award.msg").refused
    assert refused.code == "unsupported:outlook-msg"
    assert "award.msg" in refused.message
    assert refused.remedy
