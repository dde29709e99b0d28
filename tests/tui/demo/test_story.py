"""The demo, run as a stranger runs it: it ends well, leaves what it names, asks only this computer, touches nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.wallets import NOW
from tui.cli.start import start
from tui.demo import telling
from wallet.config import Config
from wallet.errors import TargetExistsError
from wallet.fetch.base import Want
from wallet.fetch.http import HttpFetcher
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict

#: Runs the program and writes down every address that Python is asked to reach or to look up.
WATCHED = """\
import sys
asked = set()
def hook(event, args):
    if event == "socket.connect":
        asked.add(str(args[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked.add(str(args[0]))
sys.addaudithook(hook)
from tui.cli.start import start
code = start(sys.argv[2:])
open(sys.argv[1], "w").write("\\n".join(sorted(asked)))
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One run of the demo, in a folder where somebody keeps a wallet of their own."""

    folder: Path
    own: Path
    code: int
    out: str
    err: str
    asked: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    base = tmp_path_factory.mktemp("demo")
    own = base / "own"
    with Wallet.open(Paths.under(own), now=NOW):
        pass
    (own / "config.toml").write_text('person = "Somebody Else"\n', encoding="utf-8")
    before = _tree(own)
    environment = {**os.environ, "BADGEFOLIO_HOME": str(own), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(base / "asked"), "demo", "-o", "shown"],
        cwd=base,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert _tree(own) == before, "the learner's own wallet, settings and cache are as they were"
    return Told(base / "shown", own, done.returncode, done.stdout, done.stderr, (base / "asked").read_text())


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_ends_well_and_every_step_ends_as_declared(told: Told) -> None:
    assert told.code == 0, told.out + told.err
    assert "This step ended with" not in told.out
    steps = re.findall(r"^── (\d+) of (\d+) ─ ", told.out, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, int(steps[0][1]) + 1))
    assert "Traceback" not in told.out + told.err


def test_it_leaves_the_files_that_it_names(told: Told) -> None:
    for name in ("portfolio.html", "certificate-water-chemistry.pdf", "certificate-nutrient-film.pdf", "home/wallet"):
        assert name in told.out
        assert (told.folder / name).exists()
    assert (told.folder / "portfolio.html").read_bytes().lstrip()[:15].lower() == b"<!doctype html>"
    assert (told.folder / "certificate-water-chemistry.pdf").read_bytes().startswith(b"%PDF-")
    readme = (told.folder / "README.txt").read_text(encoding="utf-8")
    for line in readme.splitlines()[2:]:
        assert list(told.folder.glob(line.split("  ")[0].strip())), line
    assert [path.name for path in told.folder.parent.iterdir() if path.name not in ("shown", "own", "asked")] == []


def test_it_asks_nobody_but_this_computer(told: Told) -> None:
    asked = told.asked.splitlines()
    assert asked, "it really asks issuers over HTTP"
    assert all(re.match(r"\('127\.0\.0\.1', \d+\)$|127\.0\.0\.1$", one) for one in asked), asked


def test_it_shows_each_kind_of_answer(told: Told) -> None:
    with Wallet.open(Paths.under(told.folder / "home"), now=NOW) as wallet:
        counts = wallet.verdict_counts()
        gone = wallet.row(wallet.resolve("Field Hours 30").id)
    assert counts == {Verdict.VALID: 5, Verdict.INVALID: 1, Verdict.REVOKED: 2, Verdict.EXPIRED: 1}
    assert gone.verdict is Verdict.VALID, "an issuer that is gone takes nothing away"


def test_it_ends_by_saying_what_to_type_next(told: Told) -> None:
    after = told.out.partition("What to type next:")[2]
    assert "badgefolio demo --tui" in after
    assert f"BADGEFOLIO_HOME={Path('shown', 'home')}" in after
    assert "import FILE-OR-LINK" in after


def test_a_folder_of_somebody_elses_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path / "own"))
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work")
    assert start(["demo", "-o", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "was not made by the demo" in said
    assert "demo -o FOLDER" in said
    assert _tree(folder) == {"chapter.txt": b"years of work"}
    assert os.environ["BADGEFOLIO_HOME"] == str(tmp_path / "own")


def test_a_second_run_replaces_its_own_folder_only(tmp_path: Path) -> None:
    folder = telling.fresh(tmp_path / "demo")
    (folder / "old.txt").write_text("from the first run")
    assert telling.fresh(folder) == folder
    assert not (folder / "old.txt").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetExistsError):
        telling.fresh(tmp_path / "file")


def test_a_step_that_ends_otherwise_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path / "home"))
    said: list[str] = []
    steps = (telling.Step("One", "", ("list",)), telling.Step("Two", "", ("list",), ends=7))
    assert telling.tell(steps, said.append) == 1
    assert [line for line in said if "ended with 0 instead of 7" in line]


def test_in_the_app_the_college_still_answers_and_the_growers_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path / "own"))
    answers: dict[str, bool] = {}

    def run_app(paths: Paths, config: Config, *, sample: bool = False, mouse: bool = True) -> int:
        assert sample
        with Wallet.open(paths, now=NOW) as wallet, HttpFetcher(network=config.network) as net:
            for name in ("Workplace Safety", "Field Hours 30"):
                address = wallet.row(wallet.resolve(name).id).credential_id or ""
                answers[name] = net.fetch(address, Want.JSON).status == 200
        return 0

    monkeypatch.setattr("tui.app.run_app", run_app)
    assert start(["demo", "--tui", "-o", str(tmp_path / "demo")]) == 0
    assert answers == {"Workplace Safety": True, "Field Hours 30": False}
    assert "The sample wallet stays in" in capsys.readouterr().out
    assert not (tmp_path / "own").exists()
