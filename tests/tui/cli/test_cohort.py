"""The advisor's commands, over a folder in which each learner has one thing the matter."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.generate.cohorts import GARDEN, WATER, _garden, _water, write
from tests.support.opened import opened_below
from tests.tui.cli.test_json import compare
from tui.cohort_files import method_beside
from wallet.cohort.table import FILTERS, SORTS

PRIVATE = "NEVER-TELL-THIS"
Doc = dict[str, object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of learners and two pathway files, made once."""
    base = tmp_path_factory.mktemp("cohort")
    write(base / "autumn")
    (base / "water.pathway.json").write_text(json.dumps(_water()))
    (base / "garden.pathway.json").write_text(json.dumps(_garden()))
    return base


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """That folder, this test's own."""
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made" / "autumn"


@pytest.fixture
def scanned(cli, folder: Path) -> Path:
    """The folder, scanned offline on the day of the hand-made counts."""
    ended = cli("cohort", "scan", folder, *both(folder), "--at", "2026-11-21")
    assert ended.code == 1, ended.err
    return folder


def both(folder: Path) -> list[str]:
    return [word for name in ("water", "garden") for word in ("--pathway", str(folder.parent / f"{name}.pathway.json"))]


def rows(document: Doc) -> list[Doc]:
    found = document["rows"]
    assert isinstance(found, list)
    return found


def row_of(cli, name: str, pathway: str = WATER) -> Doc:
    every = rows(cli("cohort", "table", "--json").document)
    return next(row for row in every if row["learner"] == name and row["pathway_id"] == pathway)


# scanning


def test_a_scan_tells_what_was_found_and_names_what_needs_a_look(cli, folder: Path) -> None:
    ended = cli("cohort", "scan", folder, *both(folder), "--json")
    assert ended.code == 1
    document = ended.document
    compare(document)
    assert document["scan"]["learners"] == 17
    kinds = {one["kind"] for one in document["problems"]}
    assert {"recipient-mismatch", "duplicate", "unreadable"} <= kinds
    assert document["proofs"]["verified-now"] == 0


def test_a_scan_without_network_calls_nothing_verified(cli, scanned: Path) -> None:
    assert {row["verified_percent"] for row in rows(cli("cohort", "table", "--json").document)} <= {0, None}


def test_without_a_pathway_there_is_nothing_to_evaluate(cli, folder: Path) -> None:
    ended = cli("cohort", "scan", folder)
    assert ended.code == 2
    assert "--pathway FILE" in ended.err
    assert not (folder / ".badgefolio-cohort").exists()


def test_pathways_of_the_wallet_are_the_default(cli, folder: Path) -> None:
    cli("pathway", "add", folder.parent / "water.pathway.json")
    document = cli("cohort", "scan", folder, "--json").document
    assert [one["id"] for one in document["scan"]["pathways"]] == [WATER]


def test_an_empty_folder_is_said_to_be_empty(cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "missing"):
        ended = cli("cohort", "scan", place, *both(folder))
        assert ended.code == 3
        assert "Next: " in ended.err
    assert not (tmp_path / "empty" / ".badgefolio-cohort").exists()


def test_asking_and_not_asking_at_once_is_refused(cli, folder: Path) -> None:
    assert cli("cohort", "scan", folder, *both(folder), "--verify", "--offline").code == 2


def test_hosts_are_named_before_anybody_is_asked(cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wallet.fetch.http.HttpFetcher.fetch", stop)
    ended = cli("cohort", "scan", folder, *both(folder), "--verify")
    said = ended.err.splitlines()
    assert said[0].startswith("Asking ")
    assert ended.code == 130
    assert "Give the same command again and it goes on from there." in ended.err


def test_a_scan_with_nothing_changed_opens_no_file_of_a_learner(
    cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def opened(*more: str) -> set[str]:
        with opened_below(folder) as every:
            said.append(cli("cohort", "scan", folder, *both(folder), *more).err)
        return {one for one in every if not one.startswith(".badgefolio-cohort")}

    monkeypatch.setattr("wallet.fetch.http.HttpFetcher.fetch", stop)
    said: list[str] = []
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # handed over long ago
    assert len(opened()) > 10
    assert opened() == set()
    assert opened("--verify") == set()
    assert "Asking badges.rowan-college.example." in said[-1]
    os.utime(folder / "ben.zip", (1_700_000_001, 1_700_000_001))
    assert opened() == {"ben.zip"}
    assert opened() == set()


def test_the_folder_scanned_last_is_meant_from_then_on(cli, scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("cohort", "table", "--json").document["folder"] == str(scanned)
    monkeypatch.chdir(scanned)
    shutil.rmtree(scanned.parent.parent / "home", ignore_errors=True)
    assert cli("cohort", "table", "--json").code == 0


def test_without_a_scan_the_next_step_is_said(cli, folder: Path) -> None:
    for line in (["table"], ["show", "Ada"], ["report", "--to", "csv"], ["diff"], ["purge", "Ada", "--yes"]):
        ended = cli("cohort", *line)
        assert ended.code == 3
        assert "badgefolio cohort scan FOLDER" in ended.err


def test_a_store_that_lost_what_was_handed_over_takes_it_in_again(cli, scanned: Path) -> None:
    before = cli("cohort", "table", "--json").document["rows"]
    for torn in (scanned / ".badgefolio-cohort").glob("L-*/handed.json"):
        torn.write_bytes(b"[")
    cli("cohort", "scan", scanned, *both(scanned), "--at", "2026-11-21")
    assert cli("cohort", "table", "--json").document["rows"] == before


def test_nothing_of_an_advisor_is_put_into_a_wallet(cli, scanned: Path, home: Path) -> None:
    cli("cohort", "table")
    cli("cohort", "show", "Ben Close")
    assert not (home / "wallet").exists()


# looking


def test_filters_combine_and_say_their_counts(cli, scanned: Path) -> None:
    document = cli("cohort", "table", "close", "--pathway", "Water", "--json").document
    compare(document)
    names = {row["learner"] for row in rows(document) if not row["consent_ended"]}
    counts = {one["name"]: one["count"] for one in document["filters"]}
    assert len(names) == counts["close"]
    assert "Ben Close" in names
    both_of = rows(cli("cohort", "table", "close", "unchecked", "--json").document)
    assert all({"close", "unchecked"} <= set(row["filters"]) for row in both_of)


def test_the_help_names_every_filter_and_every_order(cli) -> None:
    shown = cli("cohort", "table", "--help").out
    assert all(one.name in shown for one in FILTERS)
    assert all(name in shown for name in SORTS)


def test_a_pathway_file_that_is_not_there_is_said_so(cli, folder: Path) -> None:
    ended = cli("cohort", "scan", folder, "--pathway", "missing.pathway.toml")
    assert ended.code in (2, 3)
    assert "missing.pathway.toml" in ended.err
    assert "wallet" not in ended.err


def test_a_filter_that_nobody_fits_ends_with_3(cli, scanned: Path) -> None:
    ended = cli("cohort", "table", "close", "not-started", "stuck")
    assert ended.code == 3
    assert "Nobody fits." in ended.err


@pytest.mark.parametrize(
    "line", [["clse"], ["--sort", "best"], ["--pathway", "Fire"], ["--scan", "S-0009"], ["--anonymous"]]
)
def test_what_there_is_not_is_answered_with_what_there_is(cli, scanned: Path, line: list[str]) -> None:
    ended = cli("cohort", "table", *line)
    assert ended.code in (2, 3)
    assert "Next: " in ended.err


def test_an_ended_consent_shows_nothing_else(cli, scanned: Path) -> None:
    document = cli("cohort", "table", "no-consent", "--json").document
    (ended,) = [row for row in rows(document) if row["consent_ended"]]
    assert {key for key, value in ended.items() if value is not None} == {"learner", "consent_ended"}
    shown = cli("cohort", "show", "Mo Ended")
    assert shown.out.split() == ["Mo", "Ended", "consent", "ended"]
    told = cli("cohort", "show", "Mo Ended", "--json").document["learner"]
    assert (told["badges"], told["pathways"], told["consent_ended"]) == ([], [], True)
    assert cli("cohort", "report", "Mo Ended", "--to", "html").code == 3


@pytest.mark.parametrize("kind", ["missing", "states", "skills"])
def test_a_pivot_has_the_documented_shape_and_opens_its_learners(cli, scanned: Path, kind: str) -> None:
    document = cli("cohort", "table", "--pivot", kind, "--json").document
    compare(document)
    for line in document["pivot"]["lines"]:
        assert [len(behind) for behind in line["learners"]] == line["cells"]
    assert "Mo Ended" not in cli("cohort", "table", "--pivot", kind, "--who").out


def test_an_anonymous_pivot_names_nobody_and_hides_small_numbers(cli, scanned: Path) -> None:
    document = cli("cohort", "table", "--pivot", "missing", "--anonymous", "--json").document
    for line in document["pivot"]["lines"]:
        assert line["learners"] == [[]]
        assert line["cells"][0] is None or line["cells"][0] >= 5
    assert {one["count"] for one in document["filters"]} == {None}


def test_one_requirement_shows_its_badge_and_why_another_does_not_count(cli, scanned: Path) -> None:
    shown = cli("cohort", "show", "Dina Ticket", "water", "aid").out
    assert "does not count here" in shown
    assert "expired 2026-10-01" in shown
    filled = cli("cohort", "show", "Dina Ticket", "water", "lab").out
    assert "Laboratory Safety" in filled
    assert "met" in filled


def test_a_place_or_learner_that_there_is_not_is_answered(cli, scanned: Path) -> None:
    assert cli("cohort", "show", "Nobody").code == 3
    assert "lab, water" in cli("cohort", "show", "Ben Close", "water", "fire").err


# recording


def test_notes_and_feedback_never_mix(cli, scanned: Path, tmp_path: Path) -> None:
    compare(cli("cohort", "show", "Ben Close", "--note", PRIVATE, "--json").document)
    assert cli("cohort", "show", "Ben Close", "--feedback", "Well done").code == 0
    assert PRIVATE in cli("cohort", "show", "Ben Close").out
    assert PRIVATE not in cli("cohort", "show", "Ben Close", "--pseudonyms").out
    out = tmp_path / "out"
    out.mkdir()
    number = row_of(cli, "Ben Close")["number"]
    for form in ("html", "letter", "letter-html", "letter-md"):
        assert cli("cohort", "report", "Ben Close", "--to", form, "-o", out / f"one-{form}").code == 0
    for form in ("html", "csv", "tsv", "jsonl", "xlsx"):
        assert cli("cohort", "report", "--to", form, "-o", out / f"all.{form}").code == 0
    assert cli("cohort", "report", "--to", "letter-md", "-o", out / "letters").code == 0
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) == 4 + 5 + 3 + 16
    assert not any(PRIVATE.encode() in path.read_bytes() for path in written)
    letter = (out / "letters" / f"letter-{number}.md").read_text()
    assert "Well done" in letter
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)


def test_an_exception_counts_at_once_and_says_the_figure_without_it(cli, scanned: Path) -> None:
    line = ["cohort", "show", "Ben Close", "water", "aid", "--except", "force-complete"]
    assert cli(*line, "--reason", "Nurse").code == 2
    assert cli(*line, "--who", "Sam Guide", "--reason", "Nurse").code == 0
    shown = cli("cohort", "show", "Ben Close", "water").out
    assert "75 % without exceptions" in shown
    assert "Sam Guide" in shown
    (way,) = cli("cohort", "show", "Ben Close", "water", "--json").document["learner"]["pathways"]
    assert (way["filled"], way["percent_without"]) == (4, 75)
    assert cli("cohort", "show", "Ben Close", "water", "aid", "--except", "force-complete", "--off").code == 0
    assert "without exceptions" not in cli("cohort", "show", "Ben Close", "water").out


def test_a_substitute_is_a_badge_of_that_learner(cli, scanned: Path) -> None:
    line = ["cohort", "show", "Ben Close", "water", "aid", "--except", "substitute", "--who", "S", "--reason", "R"]
    assert "classes/lab" in cli(*line, "--badge", "Knots").err
    assert cli(*line, "--badge", "lab").code == 0


def test_what_says_nothing_is_refused_before_anything_is_kept(cli, scanned: Path) -> None:
    for more in (
        ["--target"],
        ["water", "--except", "force-complete", "--who", "S", "--reason", "R"],
        ["water", "lab", "--attest", "--who", "S", "--reason", "R"],
        ["--identity", "nonsense"],
        ["--note", " "],
        ["--note", "x", "--off"],
        ["--appointment", "soon"],
        ["--note", "kept?", "--identity", "nonsense"],
    ):
        assert cli("cohort", "show", "Ben Close", *more).code == 2, more
    assert "kept?" not in cli("cohort", "show", "Ben Close").out


def test_a_target_an_appointment_and_a_consent_are_shown(cli, scanned: Path) -> None:
    cli("cohort", "show", "Cem Stuck", "water", "--target")
    cli("cohort", "show", "Cem Stuck", "--appointment", "2026-12-01", "--reason", "room 3")
    shown = cli("cohort", "show", "Cem Stuck").out
    assert "(target)" in shown
    assert "2026-12-01 room 3" in shown
    assert row_of(cli, "Cem Stuck")["target"] is True
    assert cli("cohort", "show", "Mo Ended", "--note", "x").code == 2
    assert cli("cohort", "show", "Mo Ended", "--consent", "Again", "--until", "2999-01-01").code == 0
    assert "classes/lab" in cli("cohort", "show", "Mo Ended").out


# reports


def test_a_csv_has_its_method_beside_it_and_an_existing_file_is_left_alone(cli, scanned: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    ended = cli("cohort", "report", "--to", "csv", "-o", target, "--json")
    compare(ended.document)
    assert [Path(one["path"]).name for one in ended.document["files"]] == ["out.csv", "out.csv.method.txt"]
    with io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="") as file:
        learners = {line["Learner"] for line in csv.DictReader(file)}
    assert "Ada Complete" in learners
    assert "Mo Ended" not in learners
    before = target.read_bytes()
    assert cli("cohort", "report", "--to", "csv", "-o", target).code == 2
    target.unlink()
    assert cli("cohort", "report", "--to", "csv", "-o", target).code == 2
    assert not target.exists()
    assert cli("cohort", "report", "--to", "csv", "-o", target, "--force").code == 0
    assert target.read_bytes() == before


@pytest.mark.parametrize("form", ["html", "csv", "tsv", "jsonl", "xlsx", "letter-md", "letter-html"])
def test_a_report_bears_the_day_that_is_set_for_it_and_hides_whose_consent_has_ended_since(
    cli, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    day = datetime(2026, 2, 3, 12, tzinfo=UTC)  # Mo's consent held then
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(day.timestamp())))
    target = tmp_path / f"out.{form}"
    assert cli("cohort", "report", "--to", form, "-o", target).code == 0
    written = [target] if target.is_file() else sorted(target.iterdir())
    beside = method_beside(target)
    said = " ".join(readable(path) for path in (*written, *([beside] if beside.exists() else [])))
    assert "2026-02-03" in said
    assert "Mo Ended" not in said
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert cli("cohort", "report", "--to", form, "-o", tmp_path / "other").code == 2


def readable(path: Path) -> str:
    """What is in a file, unpacked where it is a workbook."""
    if not zipfile.is_zipfile(path):
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return " ".join(book.read(name).decode("utf-8") for name in book.namelist())


def test_with_pseudonyms_nothing_that_is_printed_or_written_names_anybody(cli, scanned: Path, tmp_path: Path) -> None:
    names = [str(row["learner"]) for row in rows(cli("cohort", "table", "--json").document)]
    number = str(row_of(cli, "Ben Close")["number"])
    cli("cohort", "show", number, "--feedback", "Dear Ben Close")
    cli("cohort", "scan", scanned, *both(scanned), "--at", "2026-11-22")
    out = tmp_path / "out"
    out.mkdir()
    said = []
    lines = [
        ["table"],
        ["table", "problem"],
        ["diff"],
        ["show", number],
        ["show", number, "water"],
        ["table", "--pivot", "missing", "--who"],
    ]
    lines += [["scan", str(scanned), *both(scanned)]]
    lines += [["report", "--to", form, "-o", str(out / f"all.{form}")] for form in ("html", "csv", "tsv", "jsonl")]
    lines += [["report", number, "--to", form, "-o", str(out / form)] for form in ("html", "letter-html", "letter-md")]
    for line in lines:
        for more in ([], ["--json"], ["--plain"]):
            ended = cli("cohort", *line, "--pseudonyms", *more, *(["--force"] if "report" in line else []))
            said.append(ended.out + ended.err)
    texts = [*said, *(path.read_text("utf-8") for path in out.iterdir())]
    assert any(number in text for text in texts)
    for text in texts:
        # Two of them have no name but their file's, "jo" and "kim", which stand inside other words.
        for name in (
            *(name for name in names if " " in name),
            "jo.png",
            "learner.example",
            "/awards/",
            "ben.zip",
            "Dear Ben",
        ):
            assert name not in text, name


def test_a_report_of_all_is_not_of_one(cli, scanned: Path) -> None:
    for line in (
        ["Ben Close", "--to", "csv"],
        ["--to", "csv", "--anonymous"],
        ["Ben Close", "--to", "html", "--filter", "close"],
    ):
        assert cli("cohort", "report", *line).code == 2


def test_a_changed_pathway_file_leaves_the_figures_of_the_scan_and_says_so(cli, scanned: Path) -> None:
    changed = dict(_water("2"))
    (scanned.parent / "water.pathway.json").write_text(json.dumps(changed))
    ended = cli("cohort", "show", "Ben Close", "water")
    assert ended.code == 0
    assert "not at hand" in ended.err
    assert "Laboratory Safety" in ended.out


# differences and purging


def test_a_diff_tells_who_came_and_who_went(cli, scanned: Path) -> None:
    assert cli("cohort", "diff").code == 3
    shutil.copy(scanned / "lou.zip", scanned / "new.zip")
    (scanned / "cem.zip").unlink()
    cli("cohort", "scan", scanned, *both(scanned), "--at", "2026-11-21")
    document = cli("cohort", "diff", "--json").document
    compare(document)
    kinds = [one["kind"] for one in document["changes"]]
    assert kinds.count("joined") == 1
    assert [one["learner"] for one in document["changes"] if one["kind"] == "left"] == ["Cem Stuck"]
    assert "joined" in cli("cohort", "diff", "S-0001", "S-0002").out
    assert cli("cohort", "diff", "S-0001", "S-0001").out == ""


def test_purging_asks_first_and_leaves_the_learners_own_files(cli, scanned: Path) -> None:
    assert cli("cohort", "purge", "Ben Close").code == 2
    document = cli("cohort", "purge", "Ben Close", "--yes", "--json").document
    compare(document)
    assert document["purged"][0]["files"] == [str(scanned / "ben.zip")]
    assert (scanned / "ben.zip").exists()
    assert "Ben Close" not in cli("cohort", "table").out
    assert cli("cohort", "purge", "Cem Stuck", "--yes", "--with-files").code == 0
    assert not (scanned / "cem.zip").exists()


def test_all_whose_consent_has_ended_are_purged_together(cli, scanned: Path) -> None:
    document = cli("cohort", "purge", "--expired", "--yes", "--json").document
    assert len(document["purged"]) == 1
    assert "Mo Ended" not in cli("cohort", "table", "no-consent").out
    assert cli("cohort", "purge", "--expired", "--yes", "--json").document["purged"] == []
    assert cli("cohort", "purge").code == 2


def test_tables_are_facts_in_plain_form(cli, scanned: Path) -> None:
    shown = cli("cohort", "table", "--plain").out
    assert "Learner: Ben Close" in shown
    assert "Pathway: Gardener" in shown
    assert all(": " in line for line in shown.splitlines() if line)
    assert GARDEN not in shown
