"""A command line to call, a learner's folders that no test shares, and issuers on loopback that really answer."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.cli.start import start
from tui.demo.sample import EMAIL, SampleWorld


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, object]]:
        """Standard output as JSON, one document a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self) -> dict[str, object]:
        """The only document."""
        (only,) = self.documents
        return only


Cli = Callable[..., Ended]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for badgefolio; the learner's own is out of reach."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BADGEFOLIO_HOME", str(folder))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the command line as `main` does, in this process."""

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = start([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample learner's issuers, her downloads, and a home in which they are imported and verified."""

    world: SampleWorld
    downloads: Path
    verified: Path

    @property
    def allow(self) -> tuple[str, ...]:
        """The options that let loopback be asked."""
        return tuple(word for host in self.world.allow_hosts for word in ("--allow-host", host))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Made once; the issuers answer until the last test is done."""
    base = tmp_path_factory.mktemp("sample")
    with SampleWorld(base / "downloads", datetime.now(UTC)) as world:
        pathway = base / "aquaponics.pathway.toml"
        pathway.write_text(world.pathway, encoding="utf-8")
        made = Sample(world, base / "downloads", base / "home")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BADGEFOLIO_HOME", str(made.verified))
            patch.setattr(sys, "stdout", io.StringIO())
            patch.setattr(sys, "stderr", io.StringIO())
            assert start(["identity", "add", f"email:{EMAIL}"]) == 0
            assert start(["import", world.url, str(made.downloads), *made.allow]) == 0
            assert start(["pathway", "add", str(pathway)]) == 0
            assert start(["verify", "--all", *made.allow]) == 1
        yield made


@pytest.fixture
def learner(sample: Sample, home: Path) -> Sample:
    """The sample's wallet, copied to this test's own home."""
    shutil.copytree(sample.verified, home)
    return sample
