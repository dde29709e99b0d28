"""Where a cohort may lie and where its reports may go, what counts as nothing found, and what a scan leaves unsaid."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.generate import cohorts
from tests.generate.cohorts import PEOPLE, _water

_FEW = ("complete", "close", "ended")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few learners and, beside them, a pathway."""
    cohorts.write(tmp_path / "autumn", {who: PEOPLE[who] for who in _FEW})
    (tmp_path / "water.pathway.json").write_text(json.dumps(_water()))
    return tmp_path / "autumn"


def scan(cli, folder: Path, *more: str):
    return cli("cohort", "scan", folder, "--pathway", folder.parent / "water.pathway.json", *more)


def test_a_wallet_and_a_store_are_no_folder_of_learners(cli, folder: Path, home: Path) -> None:
    scan(cli, folder)
    cli("import", folder / "ada.zip")
    inside = folder / ".badgefolio-cohort"
    before = sorted((home / "wallet").rglob("*")), sorted(inside.rglob("*"))
    for place in (home / "wallet", home / "wallet" / "objects", inside, inside / "scans"):
        ended = cli("cohort", "scan", place, "--pathway", folder.parent / "water.pathway.json")
        assert ended.code == 2, place
        assert "Next: " in ended.err
    assert (sorted((home / "wallet").rglob("*")), sorted(inside.rglob("*"))) == before


@pytest.mark.parametrize("form", ["html", "csv", "letter-md"])
def test_a_report_is_never_put_among_what_learners_handed_over(
    cli, folder: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(cli, folder)
    before = sorted(folder.iterdir())
    for target in (folder / "report", folder / "sub" / "report"):
        ended = cli("cohort", "report", "--to", form, "-o", target)
        assert ended.code == 2
        assert "learner" in ended.err
    monkeypatch.chdir(folder)
    ended = cli("cohort", "report", "--to", form)
    assert ended.code == 0
    assert sorted(folder.iterdir()) == before
    assert any("S-0001" in path.name for path in folder.parent.iterdir())


def test_files_without_a_badge_are_nothing_found(cli, folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "notes.txt").write_text("No badge in here.")
    (folder / "empty").mkdir()
    assert scan(cli, folder).code == 3


def test_of_a_learner_whose_consent_has_ended_a_scan_counts_no_badge(cli, folder: Path) -> None:
    for name in ("ada.zip", "ben.zip"):
        (folder / name).unlink()
    ended = scan(cli, folder, "--json")
    assert ended.code == 0
    assert set(ended.document["proofs"].values()) == {0}


def test_links_and_pipes_in_a_sub_folder_are_told(cli, folder: Path) -> None:
    (folder / "kim").mkdir()
    shutil.copy(folder / "ada.zip", folder / "kim" / "kim.zip")
    (folder / "kim" / "more.zip").symlink_to(folder / "ben.zip")
    os.mkfifo(folder / "kim" / "pipe")
    told = [one["text"] for one in scan(cli, folder, "--json").document["problems"] if one["kind"] == "unreadable"]
    assert len(told) == 2
    assert any("kim/more.zip" in one and "symbolic link" in one for one in told)
    assert str(folder) not in " ".join(told)


def test_a_day_at_the_end_of_the_calendar_is_no_crash(cli, folder: Path) -> None:
    for day in ("9999-12-31", "0001-01-01"):
        ended = scan(cli, folder, "--at", day)
        assert ended.code in (0, 1, 4), ended.err
        assert cli("cohort", "table").code == 0


def test_an_identity_that_is_recorded_or_taken_back_says_when_it_counts(cli, folder: Path) -> None:
    scan(cli, folder)
    ended = cli("cohort", "show", "ada.zip", "--identity", "email:ada@learner.example", "--off")
    assert ended.code == 0
    assert "next scan" in ended.err
    assert "ada@learner.example" not in cli("cohort", "show", "ada.zip").out


def test_a_file_with_another_name_is_somebody_new_and_what_is_kept_of_the_old_one_is_told(cli, folder: Path) -> None:
    scan(cli, folder)
    cli("cohort", "show", "ben.zip", "--note", "Prefers evenings")
    old = next(
        row["number"] for row in cli("cohort", "table", "--json").document["rows"] if row["learner"] == "Ben Close"
    )
    (folder / "ben.zip").rename(folder / "ben-again.zip")
    ended = scan(cli, folder)
    assert f"{old} is not in the folder any more" in ended.err
    assert "Ben" not in ended.err
    cli("cohort", "purge", old, "--yes")
    assert "not in the folder" not in scan(cli, folder).err


def test_an_exception_at_a_place_that_a_new_version_has_not_is_told(cli, folder: Path) -> None:
    scan(cli, folder)
    said = ("--except", "force-complete", "--who", "A. Advisor", "--reason", "Transfer")
    assert cli("cohort", "show", "ben.zip", "water", "aid", *said).code == 0
    assert "has no effect" not in cli("cohort", "show", "ben.zip").err
    newer = _water("2")
    newer["group"] = {"root": {"name": "Water Technician", "of": ["lab", "water", "soil"]}}
    del newer["element"]["aid"]  # type: ignore[attr-defined]
    (folder.parent / "water.pathway.json").write_text(json.dumps(newer))
    scan(cli, folder)
    ended = cli("cohort", "show", "ben.zip")
    assert "'aid'" in ended.err
    assert "has no effect" in ended.err


def test_numbers_that_name_nobody_do_not_say_how_few_left_in_json_either(cli, folder: Path, tmp_path: Path) -> None:
    scan(cli, folder)
    page = tmp_path / "numbers.html"
    for line in (("table", "--pivot", "states"), ("report", "--to", "html", "-o", page)):
        assert cli("cohort", *line, "--anonymous", "--json").document["scan"]["learners"] == 2
    assert cli("cohort", "table", "--json").document["scan"]["learners"] == 3
