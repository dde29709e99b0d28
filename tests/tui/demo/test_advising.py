"""The advisor's demo, run as a stranger runs it: it ends well, leaves what it names, and each odd learner is what they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.wallets import NOW
from tui.demo.people import PEOPLE
from wallet.paths import Paths
from wallet.store.wallet import Wallet


@dataclass(frozen=True, slots=True)
class Told:
    """One run of the demo, in a folder where somebody keeps a wallet of their own."""

    folder: Path
    own: Path
    code: int
    out: str
    err: str


def _run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BADGEFOLIO_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "160"}
    command = [sys.executable, "-m", "tui.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    base = tmp_path_factory.mktemp("advisor")
    own, folder = base / "own", base / "demo"
    with Wallet.open(Paths.under(own), now=NOW):
        pass
    done = _run("demo", "--advisor", "-o", str(folder), home=own)
    return Told(folder, own, done.returncode, done.stdout, done.stderr)


def test_every_step_ends_as_it_must(told: Told) -> None:
    assert told.code == 0, told.out + told.err
    assert "please report it" not in told.out
    assert "Traceback" not in told.out + told.err


def test_there_are_thirty_learners_and_all_are_in_the_table(told: Told) -> None:
    assert len(PEOPLE) == 30
    table = told.out.partition("$ badgefolio cohort table\n")[2].partition("$ badgefolio")[0]
    for person in PEOPLE:
        assert person.name in table or person.file_name in table, person.name


def test_it_leaves_the_reports_that_it_names(told: Told) -> None:
    for name, start in (
        ("cohort.html", b"<!doctype html>"),
        ("cohort.xlsx", b"PK"),
        ("letter-chidi-specimen.pdf", b"%PDF"),
    ):
        assert (told.folder / "reports" / name).read_bytes().lower().startswith(start.lower()), name


def test_the_private_note_is_in_no_report_and_the_purged_learner_in_no_scan(told: Told) -> None:
    for path in (told.folder / "reports").iterdir():
        assert b"Works nights" not in path.read_bytes()
    store = told.folder / "autumn-2026" / ".badgefolio-cohort"
    for path in store.rglob("*"):
        assert not path.is_file() or b"Nora" not in path.read_bytes()


def test_what_is_odd_about_a_learner_is_named(told: Told) -> None:
    made = _run("cohort", "table", "problem", "--json", home=told.folder / "home")
    shown = {row["learner"] for row in json.loads(made.stdout)["rows"]}
    assert shown >= {"Ada Example", "Gita Udaharan", "Hana Mihon", "Ivo Primer", "Jun Yangben", "Kaya Ornek"}


def test_an_advisors_own_wallet_and_settings_are_left_alone(told: Told) -> None:
    with Wallet.open(Paths.under(told.own), now=NOW) as wallet:
        assert wallet.count() == 0
    assert not (told.own / "config.toml").exists()
