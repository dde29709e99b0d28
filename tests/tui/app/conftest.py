"""The sample learner's wallet and an advisor's cohort, with issuers that answer: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from importers.intake import take_in
from importers.learners import handed
from tests.support.wallets import NOW
from tests.tui.app.advisor import Place
from tui.demo.cohort import SampleCohort
from tui.demo.sample import EMAIL, SampleWorld
from tui.remembered import remember
from wallet.checking import check
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.config import Network
from wallet.fetch.http import HttpFetcher
from wallet.model import Identity
from wallet.paths import Paths
from wallet.pathways.definition import read
from wallet.store.wallet import Wallet


@dataclass(frozen=True, slots=True)
class Sample:
    """A home whose badges are verified, one whose badges are only imported, and the issuers."""

    world: SampleWorld
    downloads: Path
    verified: Path
    imported: Path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Both issuers answer until the last test is done."""
    base = tmp_path_factory.mktemp("sample")
    with SampleWorld(base / "downloads", NOW) as world:
        made = Sample(world, base / "downloads", base / "verified", base / "imported")
        net = HttpFetcher(network=Network(allow_hosts=world.allow_hosts), clock=lambda: NOW)
        with net, Wallet.open(Paths.under(made.imported), now=NOW) as wallet:
            wallet.add_identity(Identity("email", EMAIL), now=NOW)
            list(take_in(wallet, [world.url, made.downloads], now=NOW, net=net))
            wallet.save_pathway("aquaponics", world.pathway.encode(), now=NOW)
        shutil.copytree(made.imported, made.verified)
        with net, Wallet.open(Paths.under(made.verified), now=NOW) as wallet:
            list(check(wallet, [row.id for row in wallet.list_badges()], fetcher=net, now=NOW))
        yield made


@pytest.fixture
def home(sample: Sample, tmp_path: Path) -> Path:
    """A verified sample wallet of this test's own."""
    shutil.copytree(sample.verified, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def fresh(sample: Sample, tmp_path: Path) -> Path:
    """The same, not verified yet."""
    shutil.copytree(sample.imported, tmp_path / "fresh")
    return tmp_path / "fresh"


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An advisor's folder, scanned with the issuers, who answer until the last test is done. Numbers are drawn in order."""
    home = tmp_path_factory.mktemp("advisor")
    with SampleCohort(home / "autumn", NOW) as world:
        for name, text in world.pathways:
            (home / name).write_text(text, encoding="utf-8")
        used = []
        for name, text in world.pathways:
            pathway = read(text.encode(), name)
            used.append(UsedPathway(pathway, pathway.sha256))
        numbers = iter(range(100, 1_000))
        with (
            HttpFetcher(network=Network(allow_hosts=world.allow_hosts), clock=lambda: NOW) as net,
            Cohort.open(home / "autumn", create=True, draw=lambda _: next(numbers)) as cohort,
        ):
            scan(cohort, handed(home / "autumn"), used, now=NOW, at=NOW.date(), fetcher=net)
        yield Place(home, world.allow_hosts, world)


@pytest.fixture
def place(scanned: Place, tmp_path: Path) -> Place:
    """A copy of this test's own."""
    shutil.copytree(scanned.home, tmp_path / "home")
    made = Place(tmp_path / "home", scanned.allow, scanned.world)
    files = [str(path) for path in sorted(made.home.glob("*.toml"))]
    remember(Paths.under(made.home).state, made.folder, files)
    return made
