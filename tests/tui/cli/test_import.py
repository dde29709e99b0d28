"""`import` through the real command: what comes in, what is said of it, and that what was said stays true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.generate import badges

ROOT = Path(__file__).parents[3]


def test_files_and_a_folder_come_in_without_any_network(cli, sample) -> None:
    asked = len(sample.world._college_host.requests)
    ended = cli("import", sample.downloads)
    assert ended.code == 0
    assert "8 added" in ended.err
    assert "1 file without a badge passed over" in ended.err
    assert "Contacting" not in ended.err
    assert len(sample.world._college_host.requests) == asked
    assert cli("list", "--json").document["total"] == 8


def test_an_address_comes_in_and_its_host_is_named_first(cli, sample) -> None:
    ended = cli("import", sample.world.url, *sample.allow, "--json")
    assert ended.code == 0
    assert "Contacting 127.0.0.1:" in ended.err
    assert ended.document["claimed_id"] == sample.world.url


def test_standard_input_is_a_source_among_others(cli, sample) -> None:
    token = (sample.downloads / "nutrient-film.jws").read_bytes()
    ended = cli("import", sample.downloads / "first-aid.png", "-", "--json", stdin=token)
    assert [document["kind"] for document in ended.documents] == ["ob2-json", "ob2-jws"]
    assert ended.documents[1]["source"] == "standard input"


def test_the_same_again_changes_nothing_and_is_no_failure(cli, sample) -> None:
    cli("import", sample.downloads)
    again = cli("import", sample.downloads, "--json")
    assert again.code == 0
    assert {document["outcome"] for document in again.documents} == {"duplicate"}
    assert len(cli("history", "--json").document["entries"]) == 1


def test_a_dry_run_says_what_there_is_and_makes_no_wallet(cli, sample, home: Path) -> None:
    ended = cli("import", "--dry-run", "--json", sample.downloads)
    assert ended.code == 0
    assert {document["outcome"] for document in ended.documents} == {"found"}
    assert all(document["steps"] for document in ended.documents)
    assert not home.exists()


def test_importing_and_verifying_in_one_go(cli, learner) -> None:
    ended = cli("import", learner.downloads / "water-chemistry.png", "--verify", *learner.allow)
    assert ended.code == 0
    assert "already there" in ended.out
    assert "✓ valid  Water Chemistry" in ended.out


def test_an_import_is_one_step_to_undo(cli, sample) -> None:
    cli("import", sample.downloads)
    assert "8 badges" in cli("undo").out
    assert cli("list", "--json").document["total"] == 0


def test_an_empty_folder_holds_no_badge(cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cli("import", tmp_path / "empty").code == 3


def test_a_kill_in_the_middle_loses_nothing_that_was_announced(cli, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1_050):
        (folder / f"{number:04}.json").write_bytes(badges.encode(badges.assertion(number)))
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "import", "--json", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home)},
    ) as running:
        assert running.stdout is not None
        announced = [running.stdout.readline() for _ in range(5)]
        running.kill()
        announced += running.stdout.read().splitlines(keepends=True)
    told = {json.loads(line)["badge"] for line in announced if line.endswith(b"\n")}
    assert len(told) >= 5
    kept = {badge["id"] for badge in cli("list", "--json").document["badges"]}
    assert told <= kept
    assert cli("doctor").code in (0, 1)
    again = cli("import", folder, "--json")
    assert again.code == 0
    assert cli("list", "--json").document["total"] == 1_050
