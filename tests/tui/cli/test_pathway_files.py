"""`pathway new`, `import`, `export` and `check` as a learner meets them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tests.generate.pathways import FULL
from wallet.paths import Paths
from wallet.store.wallet import Wallet

CTDL = {
    "@context": "https://credreg.net/ctdl/schema/context/json",
    "@graph": [
        {
            "@id": "https://registry.example/p",
            "@type": "ceterms:Pathway",
            "ceterms:name": {"en": "Welding"},
            "ceterms:hasDestinationComponent": "https://registry.example/end",
        },
        {
            "@id": "https://registry.example/end",
            "@type": "ceterms:BasicComponent",
            "ceterms:name": {"en": "All of it"},
            "ceterms:hasChild": ["https://registry.example/a"],
        },
        {
            "@id": "https://registry.example/a",
            "@type": "ceterms:CredentialComponent",
            "ceterms:name": {"en": "Safety"},
            "ceterms:proxyFor": "https://badges.example/safety",
        },
    ],
}


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    file = tmp_path / "welding.json"
    file.write_text(json.dumps(CTDL), encoding="utf-8")
    return file


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def said(ended, code: int, *words: str) -> None:
    assert ended.code == code, ended.err
    assert "Traceback" not in ended.err
    assert "Next: " in ended.err
    for word in words:
        assert word in ended.err


def test_a_new_file_can_be_checked_and_kept_as_it_is(cli, here: Path) -> None:
    ended = cli("pathway", "new", "Water Technician")
    assert ended.code == 0
    assert "check" in ended.err
    assert cli("pathway", "check", "water-technician.pathway.toml").code == 0
    assert cli("pathway", "add", "water-technician.pathway.toml").code == 0
    assert "Water Technician" in cli("pathway", "list").out
    said(cli("pathway", "new", "Water Technician"), 2, "already there", "--force")
    assert cli("pathway", "new", "Other", "-o", "mine.toml").code == 0
    assert (here / "mine.toml").read_text().count("Other") == 2


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 300, "\x1b[31m"])
def test_a_name_that_is_none_is_refused(cli, here: Path, name: str) -> None:
    said(cli("pathway", "new", name), 2, "cannot be the name")
    assert list(here.iterdir()) == []


def test_an_import_tells_every_guess_and_keeps_the_original(cli, home: Path, foreign: Path) -> None:
    ended = cli("pathway", "import", foreign)
    assert ended.code == 0
    assert "guess: The source states no version" in ended.out
    assert "no condition" in ended.out
    assert "welding" in cli("pathway", "list").out
    original = foreign.read_bytes()
    with Wallet.open(Paths.under(home), now=datetime.now(UTC)) as wallet:
        assert wallet.read(sha256(original).hexdigest()) == original
        ((_, kept),) = wallet.pathway_files()
    assert sha256(original).hexdigest() in kept.decode()
    assert "# * The source states no version" in kept.decode()
    assert cli("doctor").code == 0
    assert cli("undo").code == 0
    assert "welding" not in cli("pathway", "list").out


def test_a_dry_run_shows_the_file_and_keeps_nothing(cli, foreign: Path) -> None:
    ended = cli("pathway", "import", foreign, "--dry-run")
    assert ended.code == 0
    assert "[element.safety]" in ended.out
    assert "welding" not in cli("pathway", "list").out
    document = cli("pathway", "import", foreign, "--dry-run", "--json").document
    assert document["kept"] is False
    assert cli("pathway", "import", foreign, "--dry-run", "--plain").code == 0


def test_a_pathway_that_is_there_is_not_written_over(cli, home: Path, foreign: Path) -> None:
    assert cli("pathway", "import", foreign, "--as", "mine").code == 0
    kept = next(home.rglob("mine.pathway.toml"))
    kept.write_text(kept.read_text() + "# my own note\n")
    said(cli("pathway", "import", foreign), 2, "never rewritten", "remove mine")
    assert "my own note" in kept.read_text()


def test_a_file_name_that_is_taken_is_refused_or_counted_on(cli, foreign: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(CTDL).replace("registry.example/p", "registry.example/q"))
    assert cli("pathway", "import", foreign).code == 0
    said(cli("pathway", "import", other, "--as", "welding"), 2, "already", "--as")
    assert "welding-2.pathway.toml" in cli("pathway", "import", other).out
    said(cli("pathway", "import", other, "--as", "../x"), 2)


def test_several_pathways_in_one_file_keep_their_own_names(cli, tmp_path: Path) -> None:
    both = tmp_path / "both.json"
    both.write_text(json.dumps(CTDL) + json.dumps(CTDL).replace("registry.example/", "registry.example/2/"))
    said(cli("pathway", "import", both, "--as", "one"), 2, "2 pathways", "--as")
    assert len(cli("pathway", "import", both, "--json").document["pathways"]) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "no pathway in CTDL"),
        (b"{", "not readable JSON"),
        (b"", "not JSON"),
        (FULL, "pathway add"),
        (b'{"format": "badge-pathway/1"}', "pathway add"),
    ],
)
def test_what_cannot_be_brought_in_is_refused_with_a_next_step(cli, tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(content)
    said(cli("pathway", "import", file), 2, "file.json", words)
    said(cli("pathway", "import", tmp_path / "gone.json"), 2, "no file")


def test_add_and_check_send_foreign_files_to_import(cli, foreign: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps(CTDL["@graph"]))
    for file in (foreign, listed):
        said(cli("pathway", "add", file), 2, "pathway import")
        ended = cli("pathway", "check", file)
        assert ended.code == 1
        assert "pathway import" in ended.out


def test_a_pathway_goes_out_in_three_formats(cli, here: Path, tmp_path: Path) -> None:
    mine = tmp_path / "water.pathway.toml"
    mine.write_bytes(FULL + b"# my note\n")
    assert cli("pathway", "add", mine).code == 0
    assert cli("pathway", "export", "water", "--to", "toml").code == 0
    # Mine, with its comments: it is not rewritten on its way.
    assert (here / "water.pathway.toml").read_bytes() == mine.read_bytes()
    assert cli("pathway", "export", "water", "--to", "json", "-o", "water.json").code == 0
    assert cli("pathway", "check", "water.json").code == 0
    ended = cli("pathway", "export", "water", "--to", "ctdl")
    assert ended.code == 0
    assert "water.ctdl.json.loss.txt" in ended.err
    assert "exclusive" in (here / "water.ctdl.json.loss.txt").read_text()
    said(cli("pathway", "export", "water", "--to", "ctdl"), 2, "--force")
    assert cli("pathway", "export", "water", "--to", "ctdl", "--force").code == 0
    assert cli("pathway", "remove", "water").code == 0
    assert cli("pathway", "import", "water.ctdl.json").code == 0
    assert cli("pathway", "remove", "water").code == 0
    assert cli("pathway", "add", "water.json").code == 0
    assert cli("pathway", "export", "water", "--to", "toml", "-o", "again.toml").code == 0
    assert cli("pathway", "check", "again.toml").code == 0
    said(cli("pathway", "export", "nursing", "--to", "json"), 3, "no pathway")


def test_a_file_that_nobody_changed_for_a_year_is_doubted(cli, tmp_path: Path) -> None:
    file = tmp_path / "old.pathway.toml"
    file.write_bytes(FULL)
    assert "over a year" not in cli("pathway", "check", file).out
    os.utime(file, (0, 0))
    ended = cli("pathway", "check", file)
    assert ended.code == 0
    assert "over a year ago" in ended.out
