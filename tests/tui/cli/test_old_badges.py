"""Badges older than 2.0 at the command line: proven, shown in their own version, and every step of the reading told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.legacy_cases import Old
from tests.generate import badges
from tests.support.server import Server
from tests.tui.cli.conftest import Cli


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def put_up(server: Server, version: str) -> Old:
    old = Old(version, server.url("/").removesuffix("/"))
    for url in old.documents:
        label = "image/png" if url == old.picture_at else "application/json"
        server.add(url.removeprefix(old.base), (200, {"content-type": label}, old.body(url) or b""))
    return old


def test_a_picture_that_holds_only_an_address_is_imported_proven_and_shown(
    cli: Cli, server: Server, tmp_path: Path
) -> None:
    old = put_up(server, "0.5")
    picture = tmp_path / "web.png"
    picture.write_bytes(badges.png(badges.text_chunk(old.at.encode())))
    allow = ("--allow-host", server.host)
    assert cli("identity", "add", f"email:{badges.EMAIL}").code == 0
    assert cli("import", picture, *allow).code == 0
    assert cli("verify", "--all", *allow).code == 0
    shown = cli("show", "Web Basics")
    assert shown.code == 0
    assert "valid" in shown.out and "Old Code Club" in shown.out
    assert "The badge is written in Open Badges 0.5; badgefolio read it as 2.0" in " ".join(shown.out.split())


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_both_ways_of_1_x_are_proven_from_a_file(cli: Cli, server: Server, tmp_path: Path, version: str) -> None:
    old = put_up(server, version)
    hosted, signed = tmp_path / "hosted.json", tmp_path / "signed.jws"
    hosted.write_bytes(badges.encode(old.award))
    signed.write_bytes(old.signed_subject().raw)
    for file in (hosted, signed):
        ended = cli("verify", file, "--allow-host", server.host)
        assert ended.code == 0, ended.out + ended.err
        said = " ".join(ended.out.split())
        assert f"The badge is written in Open Badges {version}; badgefolio read it as 2.0: " in said
        assert f"The issuer's profile is written in Open Badges {version}; " in said or version == "1.1"
        report = cli("verify", file, "--allow-host", server.host, "--json").document
        assert report["verdict"] == "valid", json.dumps(report)[:500]


def test_a_file_that_cannot_say_where_it_is_hosted_says_what_to_bring(cli: Cli, server: Server, tmp_path: Path) -> None:
    old = put_up(server, "0.5")
    file = tmp_path / "web.json"
    file.write_bytes(badges.encode(old.award))
    ended = cli("verify", file, "--allow-host", server.host)
    assert ended.code == 4
    assert "It does not hold its address" in ended.out and "Import it by its web address" in ended.out
    assert cli("verify", old.at, "--allow-host", server.host).code == 0


def test_a_stranger_who_names_the_clubs_origin_is_found_out(cli: Cli, server: Server) -> None:
    old = put_up(server, "0.5")
    port = server.host.rpartition(":")[2]
    elsewhere = old.at.replace("127.0.0.1", "localhost")
    ended = cli("verify", elsewhere, "--allow-host", server.host, "--allow-host", f"localhost:{port}")
    assert ended.code == 1, ended.out + ended.err
    assert "Its issuer comes from 127.0.0.1, but localhost serves it." in " ".join(ended.out.split())
