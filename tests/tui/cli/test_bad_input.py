"""Bad input: one sentence that names the thing and the cause, one with the next step, the right exit code, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.server import Server, as_json, redirect
from tui.demo.host import LoopbackHost, Page


def sentences(err: str) -> None:
    """What every failure must look like."""
    assert "Traceback" not in err
    assert "Error: " in err
    assert "Next: " in err
    (said,) = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert said.endswith((".", "!", "?", "”"))


CLASS = badges.encode(badges.badge_class())
WRONG = {
    "lost.png": (badges.png(), "without badge data"),
    "class.json": (CLASS, "not an award"),
    "broken.json": (b'{"type": "Assertion",', "not valid JSON: line 1, column 22"),
    "empty.json": (b"", ""),
    "words.txt": (b"nothing to see", ""),
    "page.html": (b"<!doctype html><title>Hello</title>", ""),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 40, "without badge data"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("command", ["import", "verify"])
def test_a_file_without_a_badge(cli, tmp_path: Path, command: str, name: str) -> None:
    content, words = WRONG[name]
    (tmp_path / name).write_bytes(content)
    ended = cli(command, tmp_path / name)
    assert ended.code == 3
    assert ended.out == ""
    assert name in ended.err
    assert words in ended.err
    sentences(ended.err)


@pytest.mark.parametrize("name", ["lost.png", "broken.json"])
def test_a_file_without_a_badge_is_a_document_as_well(cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(WRONG[name][0])
    document = cli("verify", tmp_path / name, "--json").document
    assert document["verdict"] == "undetermined"
    assert document["findings"][0]["check"] == "input"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(b"{}", "application/json", 404), 4),
        (Page(b"gone", "text/plain", 500), 4),
        (Page(b"<!doctype html><title>Sign in</title><form><input type=password></form>", "text/html"), None),
    ],
    ids=["404", "500", "login page"],
)
@pytest.mark.parametrize("command", ["import", "verify"])
def test_an_address_that_gives_no_badge(cli, command: str, page: Page, code: int | None) -> None:
    with LoopbackHost() as host:
        url = host.publish("/badge", page)
        ended = cli(command, url, "--allow-host", host.allow_host)
    assert ended.code == code or (code is None and ended.code in (3, 4))
    assert f"Contacting {host.allow_host}" in ended.err
    sentences(ended.err)


@pytest.mark.parametrize("command", ["import", "verify"])
def test_an_unreachable_host(cli, command: str) -> None:
    with LoopbackHost() as host:
        pass
    ended = cli(command, f"{host.base_url}/badge", "--allow-host", host.allow_host)
    assert ended.code == 4
    sentences(ended.err)


def test_an_address_in_a_private_network_is_refused_with_the_way_to_allow_it(cli, sample) -> None:
    ended = cli("verify", sample.world.url)
    assert ended.code == 4
    assert "--allow-host" in ended.err


def test_offline_an_address_cannot_be_asked(cli, sample) -> None:
    ended = cli("verify", sample.world.url, "--offline", *sample.allow)
    assert ended.code == 4
    assert "Contacting" not in ended.err
    sentences(ended.err)


def test_a_forged_signature(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "master-grower.png", *sample.allow)
    assert ended.code == 1
    assert ended.out.startswith("✗ invalid  Master Grower")
    assert "The signature does not match" in ended.out
    assert "who can mend" in ended.out
    assert "next step" in ended.out


@pytest.mark.parametrize(
    "line", ["show", "verify", "tag x", "hide", "remove", "history", "export portfolio", "export certificate"]
)
def test_an_unknown_badge(cli, learner, line: str) -> None:
    ended = cli(*line.split(), "feedface")
    assert ended.code == 3
    assert "feedface" in ended.err
    sentences(ended.err)


def test_a_name_that_fits_several_badges(cli, learner) -> None:
    ended = cli("show", "chem")
    assert ended.code == 2
    sentences(ended.err)


@pytest.mark.parametrize("command", ["import", "verify", "pathway add", "pathway check"])
def test_a_file_that_is_not_there(cli, tmp_path: Path, home: Path, command: str) -> None:
    ended = cli(*command.split(), tmp_path / "no.json")
    assert ended.code == 2
    assert "no.json" in ended.err
    sentences(ended.err)
    assert not home.exists()


def test_one_missing_file_stops_an_import_before_it_begins(cli, sample, tmp_path: Path, home: Path) -> None:
    assert cli("import", sample.downloads / "nutrient-film.jws", tmp_path / "no.json").code == 2
    assert not home.exists()


def test_a_pathway_with_a_typing_mistake(cli, sample, tmp_path: Path) -> None:
    file = tmp_path / "p.pathway.toml"
    file.write_text(sample.world.pathway.replace('facilitation = "supervised"', 'facilitation = "superviced"', 1))
    for command, code in (("add", 2), ("check", 1)):
        ended = cli("pathway", command, file)
        said = ended.out + ended.err
        assert ended.code == code
        assert "p.pathway.toml, line " in said
        assert 'Did you mean "supervised"?' in said
    assert "No pathway yet" in cli("pathway", "list").err


def test_an_unknown_pathway(cli, learner) -> None:
    ended = cli("pathway", "progress", "welding")
    assert ended.code == 3
    assert "welding" in ended.err
    sentences(ended.err)


@pytest.mark.parametrize(
    "line",
    [
        "verify",
        "verify --all x",
        "identity add ada",
        "identity add mail:a@b.example",
        "identity add email:nobody",
        "verify x.json --recipient nobody",
        "list --state wrong",
        "list --nosuch",
        "pathway progress --at tomorrow",
        "completion tcsh",
        "show",
    ],
)
def test_wrong_use_is_exit_code_2_with_the_next_step(cli, line: str) -> None:
    ended = cli(*line.split())
    assert ended.code == 2
    sentences(ended.err)


def test_a_mistake_in_the_settings_is_named(cli, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("persn = 'Ada'\n")
    ended = cli("config")
    assert ended.code == 2
    assert "persn" in ended.err
    sentences(ended.err)


def test_an_existing_file_is_not_replaced(cli, learner, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    ended = cli("export", "portfolio", "-o", page)
    assert ended.code == 2
    assert page.read_text() == "mine"
    sentences(ended.err)
    assert cli("export", "portfolio", "-o", page, "--force").code == 0


def test_a_folder_that_cannot_be_written_to(cli, learner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for line in (("portfolio", "-o", tmp_path / "file" / "x.html"), ("originals", "-o", tmp_path / "file" / "x")):
        ended = cli("export", *line)
        assert ended.code == 1
        sentences(ended.err)


def test_a_damaged_wallet_is_exit_code_5(cli, learner, home: Path) -> None:
    (home / "wallet" / "wallet.toml").write_text("nonsense")
    for line in (["list"], ["doctor"]):
        assert cli(*line).code == 5


def test_undoing_when_there_is_nothing_to_undo(cli, home: Path) -> None:
    ended = cli("undo")
    assert ended.code == 3
    sentences(ended.err)


def test_removing_an_identity_that_is_not_kept(cli) -> None:
    ended = cli("identity", "remove", "email:nobody@students.example")
    assert ended.code == 3
    sentences(ended.err)


def test_something_deep_is_refused_and_something_doubled_is_not_valid(cli, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_bytes(b"[" * 100_000)
    (tmp_path / "twice.json").write_text('{"type": "Assertion", "type": "Assertion"}')
    deep = cli("verify", tmp_path / "deep.json")
    assert deep.code == 3
    sentences(deep.err)
    assert cli("verify", tmp_path / "twice.json").code == 1


def test_one_bad_file_does_not_stop_the_others(cli, sample, tmp_path: Path) -> None:
    for name, (content, _) in WRONG.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "zz.jws").write_bytes((sample.downloads / "nutrient-film.jws").read_bytes())
    ended = cli("import", tmp_path, "--json")
    assert ended.code == 1
    outcomes = [json.loads(line)["outcome"] for line in ended.out.splitlines()]
    assert outcomes.count("added") == 1
    assert "refused" in outcomes


@pytest.mark.parametrize("command", ["import", "verify"])
def test_hosts_that_only_a_redirect_leads_to_are_named_afterwards(cli, command: str) -> None:
    with Server() as first, Server() as second:
        first.add("/badge", redirect(second.url("/moved")))
        first.add("/none", redirect(second.url("/none")))
        second.add("/moved", as_json({"id": "urn:x:1"}))
        allow = ("--allow-host", first.host, "--allow-host", second.host)
        ended = cli(command, first.url("/badge"), first.url("/none"), *allow)
        beyond = cli(command, first.url("/badge"), "--allow-host", first.host)
    assert ended.err.count(f"Contacting {first.host}") == 1
    assert ended.err.count(f"Reached through redirects: {second.host}") == 1
    # What was refused before anybody dialled was not reached.
    assert "Reached" not in beyond.err
