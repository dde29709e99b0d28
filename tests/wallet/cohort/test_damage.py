"""A store that a disk, a hand, a program that keeps copies, or somebody who means harm has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, NOW, PEOPLE, WATER, World
from wallet.cohort.drawer import Drawer
from wallet.cohort.model import Proof, Scan
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import STORE, Cohort
from wallet.errors import StoreError
from wallet.store.disk import Disk

_FEW = ("complete", "close", "mismatch", "unreadable")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A few learners, scanned offline."""
    world = cohorts.write(tmp_path_factory.mktemp("damage") / "handed", {who: PEOPLE[who] for who in _FEW})
    with Cohort.open(world.folder, create=True) as cohort:
        look(cohort, world)
    return world


@pytest.fixture
def world(scanned: World, tmp_path: Path) -> World:
    """A copy to damage."""
    copytree(scanned.folder, tmp_path / "handed")
    return replace(scanned, folder=tmp_path / "handed")


@pytest.fixture
def cohort(world: World) -> Iterator[Cohort]:
    with Cohort.open(world.folder) as opened:
        yield opened


def look(cohort: Cohort, world: World, *, hours: float = 0) -> Scan:
    used = [UsedPathway(one, one.sha256) for one in world.pathways]
    now = NOW + timedelta(hours=hours)
    return scan(cohort, handed(world.folder, unchanged=cohort.taken_in()), used, now=now, at=AT, fetcher=None)


def drawer(cohort: Cohort, who: str) -> Drawer:
    return cohort.drawer(cohort.find(PEOPLE[who].entry))


@pytest.mark.parametrize("part", ["badges", "originals"])
def test_what_was_cut_off_is_made_again_by_the_next_scan(cohort: Cohort, world: World, part: str) -> None:
    before = {one: cohort.badges(one) for one in cohort.numbers()}
    for number in before:
        place = cohort.drawer(number).path / part
        for path in place.iterdir() if place.is_dir() else [place]:
            path.write_bytes(path.read_bytes()[:-20])
    # Another day, so that figures are asked for again.
    used = [UsedPathway(one, one.sha256) for one in world.pathways]
    first = cohort.load()
    again = scan(
        cohort,
        handed(world.folder, unchanged=cohort.taken_in()),
        used,
        now=NOW,
        at=AT + timedelta(days=1),
        fetcher=None,
    )
    assert {one: cohort.badges(one) for one in cohort.numbers()} == before
    assert [one.filled for one in again.standings] == [one.filled for one in first.standings]
    ada = drawer(cohort, "complete")
    assert all(ada.subject(item) is not None for item in (ada.given() or pytest.fail()).items)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"null", b"1", b'["a",[],3]', b"[[],[],[],[],[],[],[],[]]"])
def test_a_result_of_another_shape_stops_nobody_and_is_made_again(cohort: Cohort, world: World, content: bytes) -> None:
    ada = drawer(cohort, "complete")
    for path in (ada.path / "results").iterdir():
        path.write_bytes(content)
    assert len(cohort.load().learners) == len(_FEW) - 1
    assert len(look(cohort, world).learners) == len(_FEW)
    assert cohort.badges(ada.number)


def test_marks_and_records_of_another_shape_count_as_absent(cohort: Cohort, world: World) -> None:
    ada = drawer(cohort, "complete")
    checks = ada.path / "checks.json"
    checks.write_bytes(b'["","x",[["a",["not-hex"]]]]')
    (ada.path / "records.jsonl").write_bytes(
        b'["appointment","2026-11-21T10:00:00+00:00",true,{"text":"no day"},null,"",""]\n'
        b'["note","2026-11-21T10:00:00+00:00",true,{"text":"kept"},null,"",""]\n'
    )
    assert [one.text for one in cohort.records(ada.number).notes] == ["kept"]
    assert len(look(cohort, world).learners) == len(_FEW)


def test_copies_that_another_program_left_beside_a_scan_are_no_scans(cohort: Cohort, world: World) -> None:
    scans = world.folder / STORE / "scans"
    (scans / "S-0001 (conflicted copy).json").write_bytes((scans / "S-0001.json").read_bytes())
    (scans / "S-x.json").write_bytes(b"[]")
    assert look(cohort, world).id == "S-0002"
    assert [one.id for one in cohort.scans()] == ["S-0001", "S-0002"]


def test_a_purge_takes_along_torn_scans_copies_and_what_a_kill_left_behind(cohort: Cohort, world: World) -> None:
    look(cohort, world)
    root = world.folder / STORE
    gone = drawer(cohort, "complete").number
    whole = (root / "scans" / "S-0001.json").read_bytes()
    assert gone.encode() in whole
    (root / "scans" / "S-0001.json").write_bytes(whole[:-3])
    (root / "scans" / "S-0001 (conflicted copy).json").write_bytes(whole)
    (root / "scans" / ".S-0003.json.77.0a0b0c0d.new").write_bytes(whole)
    (root / "shared" / ".aa.77.0a0b0c0d.new").write_bytes(b"an achievement made for one person")
    cohort.purge(gone, now=NOW)
    for path in root.rglob("*"):
        assert gone not in path.name
        assert not path.name.endswith(".new")
        assert not path.is_file() or gone.encode() not in path.read_bytes()
    assert [one.id for one in cohort.scans()] == ["S-0002"]


def test_a_purge_deletes_nothing_outside_the_folder_whatever_the_store_says(
    cohort: Cohort, world: World, tmp_path: Path
) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    ada = drawer(cohort, "complete")
    card = ada.card()
    assert card is not None
    ada.put_card(replace(card, files=(str(precious), f"../{precious.name}", ".badgefolio-cohort/cohort.json")))
    cohort.purge(ada.number, with_files=True, now=NOW)
    assert precious.exists()
    assert (world.folder / STORE / "cohort.json").exists()


def test_a_number_is_that_learner_whatever_others_call_their_files(cohort: Cohort, world: World) -> None:
    ben = drawer(cohort, "close").number
    (world.folder / ben).mkdir()
    (world.folder / ben / "a.png").write_bytes((world.folder / "kim" / "lab.png").read_bytes())
    look(cohort, world)
    assert cohort.find(ben) == ben
    other = next(one for one in cohort.numbers() if cohort.drawer(one).card().source == ben)  # type: ignore[union-attr]
    assert other != ben


class _Full(Disk):
    """A disk without room."""

    def write_new(self, path: Path, data: bytes, mode: int) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_of_the_cohort_and_leaves_the_scan_before(cohort: Cohort, world: World) -> None:
    full = Cohort.open(world.folder, disk=_Full())
    cohorts.hand_over(world.folder, replace(PEOPLE["close"], awards=PEOPLE["complete"].awards))
    with pytest.raises(StoreError) as caught:
        look(full, world)
    assert "wallet" not in caught.value.message
    assert "No space left" in caught.value.message
    assert len(cohort.load().learners) == len(_FEW)
    assert {one.proof for one in cohort.badges(drawer(cohort, "complete").number)} == {Proof.UNCHECKED}
    assert look(cohort, world, hours=1).id == "S-0002"
    assert (
        next(
            one.filled
            for one in cohort.load().standings
            if one.pathway == WATER and one.learner == drawer(cohort, "close").number
        )
        == 4
    )


def test_a_store_that_was_copied_with_wider_rights_is_closed_again(world: World) -> None:
    root = world.folder / STORE
    root.chmod(0o755)
    with Cohort.open(world.folder):
        assert root.stat().st_mode & 0o777 == 0o700


def test_a_name_that_came_back_in_another_spelling_is_the_same_learner(cohort: Cohort, world: World) -> None:
    (world.folder / "ben.zip").rename(world.folder / "Ren\u00e9.zip")
    look(cohort, world)
    number = cohort.find("Ren\u00e9.zip")
    cohort.record(number, "note", {"text": "Prefers evenings"}, now=NOW)
    (world.folder / "Ren\u00e9.zip").rename(world.folder / "rene\u0301.zip")
    with Cohort.open(world.folder) as later:
        again = look(later, world, hours=1)
        assert later.find("rene\u0301.zip") == number
        assert len(again.learners) == len(_FEW)
        assert later.records(number).notes
        # Two such files beside each other are two learners.
        (world.folder / "RENE\u0301.zip").write_bytes((world.folder / "ada.zip").read_bytes())
        assert len(look(later, world, hours=2).learners) == len(_FEW) + 1
        assert later.find("rene\u0301.zip") == number
