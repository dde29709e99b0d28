"""Links within files, and the clipboard: offered with their hosts, opened only when somebody said so, within bounds."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generate import badges
from tests.generate.containers import mail
from tui.demo.host import LoopbackHost, Page

ROOT = Path(__file__).parents[3]


@pytest.fixture
def host() -> Iterator[LoopbackHost]:
    with LoopbackHost() as made:
        yield made


def publish(host: LoopbackHost, count: int) -> list[str]:
    """That many hosted badges."""
    urls = [f"{host.base_url}/a/{number}" for number in range(count)]
    for number, url in enumerate(urls):
        host.publish(f"/a/{number}", Page(badges.encode(badges.assertion(number, id=url))))
    return urls


def table(folder: Path, urls: list[str]) -> Path:
    file = folder / "Certifications.csv"
    file.write_text("Name,Url\n" + "".join(f"Badge,{url}\n" for url in urls), encoding="utf-8")
    return file


def allowed(host: LoopbackHost) -> tuple[str, str]:
    return ("--allow-host", host.allow_host)


def outcomes(ended) -> list[object]:
    return [document["outcome"] for document in ended.documents]


def test_links_are_counted_with_their_hosts_and_stay_closed(cli, host, tmp_path: Path) -> None:
    file = table(tmp_path, publish(host, 2))
    ended = cli("import", file, *allowed(host))
    assert ended.code == 3
    assert f"2 links in 1 file, to 127.0.0.1:{host.base_url.rpartition(':')[2]}." in ended.err
    assert "run it again with --fetch" in ended.err
    assert "holds 2 links" in ended.err
    assert not host.requests


def test_closed_links_are_told_one_by_one_in_json(cli, host, tmp_path: Path) -> None:
    urls = publish(host, 2)
    ended = cli("import", table(tmp_path, urls), "--json", *allowed(host))
    assert outcomes(ended) == ["offered", "offered", "refused"]
    assert [document["url"] for document in ended.documents] == [*urls, None]


def test_opened_links_bring_their_badges_and_settle_the_refusal(cli, host, tmp_path: Path) -> None:
    ended = cli("import", table(tmp_path, publish(host, 3)), "--fetch", *allowed(host))
    assert ended.code == 0, ended.err
    assert ended.err.index("3 links in 1 file") < ended.err.index("Contacting 127.0.0.1")
    assert "3 added." in ended.err
    assert "holds 3 links" not in ended.err
    assert "By carrier: 3 link." in ended.err


def test_opened_links_bring_all_their_badges_in_one_step_to_undo(cli, host, tmp_path: Path) -> None:
    cli("import", table(tmp_path, publish(host, 3)), "--fetch", *allowed(host))
    assert "3 badges" in cli("undo").out


def test_a_link_without_a_badge_is_refused_by_its_address_and_stops_no_other(cli, host, tmp_path: Path) -> None:
    urls = publish(host, 1)
    ended = cli("import", table(tmp_path, [f"{host.base_url}/gone", *urls]), "--fetch", "--json", *allowed(host))
    assert ended.code == 1
    assert sorted(map(str, outcomes(ended))) == ["added", "refused"]
    (refused,) = [document for document in ended.documents if document["outcome"] == "refused"]
    assert (refused["source"], refused["code"]) == (f"{host.base_url}/gone", "http-404")


def test_the_links_of_a_mail_are_offered_beside_the_badge_in_it(cli, host, tmp_path: Path) -> None:
    (url,) = publish(host, 1)
    file = tmp_path / "a.eml"
    file.write_bytes(mail(f"Your badge: {url}", attach={"b.json": badges.encode(badges.assertion(50))}))
    ended = cli("import", file, *allowed(host))
    assert ended.code == 0
    assert "1 link in 1 file" in ended.err
    assert not host.requests
    opened = cli("import", file, "--fetch", *allowed(host))
    assert opened.code == 0
    assert "1 added, 1 already there." in opened.err


def test_the_same_link_in_two_files_is_opened_once(cli, host, tmp_path: Path) -> None:
    urls = publish(host, 1)
    (tmp_path / "a.txt").write_text(f"see {urls[0]}")
    (tmp_path / "b.txt").write_text(f"and {urls[0]}")
    ended = cli("import", tmp_path / "a.txt", tmp_path / "b.txt", "--fetch", *allowed(host))
    assert ended.code == 0
    assert "1 added." in ended.err
    assert len(host.requests) == 1


def test_no_more_requests_are_made_than_an_import_may(cli, host, tmp_path: Path) -> None:
    file = table(tmp_path, publish(host, 43))
    ended = cli("import", file, "--fetch", "--json", *allowed(host))
    assert ended.code == 1
    assert len(host.requests) == 40
    assert outcomes(ended).count("added") == 40
    assert outcomes(ended).count("offered") == 3
    assert "3 links left" in ended.err
    more = cli("import", file, "--fetch-more", "86", *allowed(host))
    assert more.code == 0
    assert "3 added, 40 already there." in more.err


def test_links_behind_links_stay_closed(cli, host, tmp_path: Path) -> None:
    host.publish("/list", Page(f"see {host.base_url}/a/0 and {host.base_url}/a/1".encode(), "text/plain"))
    ended = cli("import", table(tmp_path, [f"{host.base_url}/list"]), "--fetch", *allowed(host))
    assert ended.code == 3
    assert [str(request).count("/a/") for request in host.requests] == [0]


def test_offline_no_link_is_opened(cli, host, tmp_path: Path) -> None:
    ended = cli("import", table(tmp_path, publish(host, 2)), "--fetch", "--offline", *allowed(host))
    assert ended.code == 4
    assert not host.requests


def test_a_dry_run_opens_links_and_keeps_nothing(cli, host, home: Path, tmp_path: Path) -> None:
    ended = cli("import", table(tmp_path, publish(host, 2)), "--fetch", "--dry-run", "--json", *allowed(host))
    assert ended.code == 0
    assert outcomes(ended) == ["found", "found"]
    assert not home.exists()


def test_an_address_that_comes_through_a_pipe_is_offered_too(cli, host) -> None:
    (url,) = publish(host, 1)
    closed = cli("import", "-", *allowed(host), stdin=url.encode())
    assert closed.code == 3
    assert not host.requests
    assert cli("import", "-", "--fetch", *allowed(host), stdin=url.encode()).code == 0


def on_a_terminal(home: Path, answer: str, *arguments: object) -> str:
    """What somebody sees who answers the question with `answer`."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "import", *map(str, arguments)],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home), "TERM": "dumb", "LANG": "C.UTF-8"},
    ) as running:
        os.close(slave)
        shown, answered = b"", False
        while select.select([master], [], [], 30)[0]:
            try:
                part = os.read(master, 65_536)
            except OSError:
                break
            if not part:
                break
            shown += part
            if b"[y/N]" in shown and not answered:
                answered = True
                os.write(master, f"{answer}\n".encode())
        assert running.wait(timeout=30) in (0, 3)
    os.close(master)
    assert shown.count(b"[y/N]") == 1
    return shown.decode()


def test_at_a_terminal_it_asks_once_and_takes_no_for_an_answer(home: Path, host, tmp_path: Path) -> None:
    file = table(tmp_path, publish(host, 2))
    shown = on_a_terminal(home, "", file, *allowed(host))
    assert "No link was opened" in shown
    assert not host.requests
    assert "2 added" in on_a_terminal(home, "y", file, *allowed(host))


# the clipboard


@pytest.fixture
def clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put something on a clipboard that is read by a program of the usual name."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
    monkeypatch.setattr(sys, "platform", "linux")

    def put(content: bytes, code: int = 0) -> None:
        (tmp_path / "content").write_bytes(content)
        program = programs / "wl-paste"
        program.write_text(f"#!/bin/sh\n/bin/cat '{tmp_path / 'content'}'\nexit {code}\n")
        program.chmod(0o755)

    return put


def test_a_badge_on_the_clipboard_comes_in(cli, clipboard) -> None:
    clipboard(badges.token(badges.signed_assertion()))
    ended = cli("import", "--clipboard", "--json")
    assert ended.code == 0, ended.err
    assert ended.document["kind"] == "ob2-jws"
    assert ended.document["source"] == "The clipboard"


def test_a_link_on_the_clipboard_is_opened_and_several_are_offered(cli, clipboard, host) -> None:
    urls = publish(host, 2)
    clipboard(urls[0].encode() + b"\n")
    assert "1 added" in cli("import", "--clipboard", *allowed(host)).err
    clipboard("\n".join(urls).encode())
    assert "2 links in 1 file" in cli("import", "--clipboard", *allowed(host)).err
    assert "1 added, 1 already there" in cli("import", "--clipboard", "--fetch", *allowed(host)).err


def test_files_that_were_copied_in_a_file_manager_come_in(cli, clipboard, tmp_path: Path) -> None:
    for number, name in enumerate(("a badge.json", "b.json")):
        (tmp_path / name).write_bytes(badges.encode(badges.assertion(number)))
    clipboard(f"file://{tmp_path}/a%20badge.json\nfile://{tmp_path}/b.json\n".encode())
    assert "2 added" in cli("import", "--clipboard").err


def test_an_empty_clipboard_and_a_missing_program_are_said_in_a_sentence(cli, clipboard, home: Path) -> None:
    missing = cli("import", "--clipboard")
    assert missing.code == 2
    assert "wl-clipboard or xclip" in missing.err
    clipboard(b"", code=1)
    empty = cli("import", "--clipboard")
    assert empty.code == 2
    assert "There is no text on the clipboard." in empty.err
    assert not home.exists()


def test_text_on_the_clipboard_that_is_no_badge_is_refused(cli, clipboard) -> None:
    clipboard(b"Buy milk\nand bread; $(touch /tmp/x)")
    ended = cli("import", "--clipboard", "--json")
    assert ended.code == 3
    assert ended.document["code"] == "not-recognised"


def test_nothing_named_to_bring_in_is_wrong_use(cli) -> None:
    ended = cli("import")
    assert ended.code == 2
    assert "--clipboard" in ended.err
    assert not ended.out
