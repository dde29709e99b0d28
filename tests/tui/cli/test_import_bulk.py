"""Importing many things at once: what is told of each, the report, going on after a stop, hostile files, and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from importers.find import iter_find
from tests.generate import badges
from tests.importers.test_bulk import GOOD, HOSTILE
from wallet.progress import Progress

ROOT = Path(__file__).parents[3]


def fill(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.json").write_bytes(badges.encode(badges.assertion(number)))
    return folder


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """One of everything that holds a badge, ten hostile files, and a pipe that nobody writes to."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, data in {**GOOD, **{name: data for name, (data, _) in HOSTILE.items()}}.items():
        (folder / name).write_bytes(data)
    os.mkfifo(folder / "pipe")
    return folder


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def test_a_folder_with_one_of_everything_and_ten_hostile_files_brings_all_good_ones(cli, mixed: Path) -> None:
    ended = cli("import", mixed, "--json")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert Counter(document["outcome"] for document in ended.documents) == {"added": len(GOOD), "refused": len(HOSTILE)}
    refused = {
        Path(str(document["source"]).partition("!")[0]).name: document["code"]
        for document in ended.documents
        if document["outcome"] == "refused"
    }
    assert refused == {name: code for name, (_, code) in HOSTILE.items()}
    for name in HOSTILE:
        assert name in ended.err
    assert "11 added, 10 refused" in ended.err
    assert "By kind: 10 Open Badges 2.0, 1 signed Open Badges 2.0. By carrier: " in ended.err


def test_each_item_of_a_dry_run_has_kind_carrier_claimed_id_and_steps(cli, mixed: Path) -> None:
    found = [each for each in cli("import", "--dry-run", "--json", mixed).documents if each["outcome"] == "found"]
    assert len(found) == len(GOOD)
    for document in found:
        assert document["kind"] and document["carrier"] and document["steps"]
        assert str(document["claimed_id"]).startswith("https://badges.rowan-college.example/awards/")


def test_a_dry_run_says_the_same_in_words(cli, mixed: Path) -> None:
    shown = cli("import", "--dry-run", mixed / "e.zip").out
    assert "found ob2-json in json" in shown
    assert "https://badges.rowan-college.example/awards/5" in shown
    assert "file e.zip > " in shown and " > JSON" in shown
    plain = cli("import", "--dry-run", "--plain", mixed / "e.zip").out
    assert [line.partition(":")[0] for line in plain.splitlines()] == ["found", "id", "steps"]


# the report


def test_the_report_holds_what_was_printed_line_for_line(cli, mixed: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.jsonl"
    ended = cli("import", mixed, "--json", "--report", file)
    assert lines(file) == ended.documents
    assert {document["format"] for document in lines(file)} == {"badgefolio-import/1"}
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["home", "mixed", "report.jsonl"]


def test_a_report_takes_the_place_of_an_earlier_one_and_of_nothing_else(cli, mixed: Path, tmp_path: Path) -> None:
    file, letter = tmp_path / "report.jsonl", tmp_path / "letter.txt"
    cli("import", mixed, "--report", file)
    assert cli("import", mixed / "a.png", "--report", file).code == 0
    assert [document["outcome"] for document in lines(file)] == ["duplicate"]
    letter.write_text("Dear Mina")
    ended = cli("import", mixed, "--report", letter)
    assert ended.code == 2
    assert "is no report of an import" in ended.err
    assert letter.read_text() == "Dear Mina"


def test_a_report_in_no_folder_is_wrong_use_and_nothing_is_imported(
    cli, mixed: Path, home: Path, tmp_path: Path
) -> None:
    ended = cli("import", mixed, "--report", tmp_path / "nowhere" / "report.jsonl")
    assert ended.code == 2
    assert "The report cannot be written" in ended.err
    assert not home.exists()


def test_a_report_in_the_folder_itself_is_not_taken_for_a_broken_badge(cli, tmp_path: Path) -> None:
    folder = fill(tmp_path / "many", 3)
    for _ in range(2):
        ended = cli("import", folder, "--report", folder / "report.json")
        assert ended.code == 0, ended.err


class Stopped:
    """Stops an import as Ctrl-C does, after some files."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, *arguments: object, progress: Progress, **named: object):
        def until(event) -> None:
            if event.done == self.after:
                raise KeyboardInterrupt
            progress(event)

        return iter_find(*arguments, progress=until, **named)


def test_a_stopped_import_reports_what_it_kept_and_a_second_one_goes_on(
    cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, file = fill(tmp_path / "many", 20), tmp_path / "report.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr("importers.intake.iter_find", Stopped(7))
        assert cli("import", folder, "--report", file).code == 130
    assert [document["outcome"] for document in lines(file)] == ["added"] * 7
    again = cli("import", folder, "--report", file)
    assert again.code == 0
    assert "13 added, 7 already there." in again.err
    assert Counter(document["outcome"] for document in lines(file)) == {"duplicate": 7, "added": 13}


# The peak is read by the process itself: what a parent is told about a child begins with the parent's own size at the fork.
_MEASURED = """
import sys
from tui.cli.start import start
code = start(sys.argv[1:])
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak from /proc")
def test_ten_thousand_files_stay_under_200_mb(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    # Nine of ten are pictures of something else, as in a folder of downloads.
    picture = tmp_path / "picture.png"
    picture.write_bytes(badges.png())
    for number in range(10_000):
        if number % 10:
            (folder / f"{number:05}.png").hardlink_to(picture)
        else:
            (folder / f"{number:05}.json").write_bytes(badges.encode(badges.assertion(number)))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "import", "--json", str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home)},
        check=True,
        text=True,
    )
    assert "1000 added" in done.stderr.replace(",", "", 1)
    assert int(done.stderr.split()[-1]) < 200 * 2**10
