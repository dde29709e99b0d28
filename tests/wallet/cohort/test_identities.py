"""Who a bundle says it is from: the learner's word, compared with what others say, and taken back by the advisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, NOW, PEOPLE, Award, Person, World
from wallet.cohort.model import ProblemCode, Proof, Scan
from wallet.cohort.report import cohort_report
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import STORE, Cohort

#: Somebody with a badge that they found, and with the address that it was awarded to.
THIEF = Person("Thea Thief", "gus", (Award("soil", number="gus-soil"),), file="thea.zip")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two who tell one address, and one who has nothing to do with it."""
    people = {"first": PEOPLE["first"], "thief": THIEF, "stuck": PEOPLE["stuck"]}
    return cohorts.write(tmp_path / "handed", people)


def look(cohort: Cohort, world: World, *, hours: float = 0, asked: bool = False) -> Scan:
    used = [UsedPathway(one, one.sha256) for one in world.pathways]
    fetcher = world.published if asked else None
    now = NOW + timedelta(hours=hours)
    return scan(cohort, handed(world.folder), used, now=now, at=AT, fetcher=fetcher)


def codes(found: Scan) -> dict[str, list[ProblemCode]]:
    return {one.name: [problem.code for problem in one.problems] for one in found.learners}


def test_one_address_told_by_two_is_an_alarm_on_both(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        found = look(cohort, world, asked=True)
        gus, thea = (cohort.find(name) for name in ("gus.zip", "thea.zip"))
        assert codes(found) == {
            "Gus First": [ProblemCode.SAME_IDENTITY],
            "Thea Thief": [ProblemCode.SAME_IDENTITY],
            "Cem Stuck": [],
        }
        report = cohort_report(found, at=AT, tool="test")
        assert {(one.shown, one.alarming) for one in report.problems} == {("Gus First", True), ("Thea Thief", True)}
        assert thea in next(one.text for one in report.problems if one.shown == "Gus First")
        hidden = cohort_report(found, at=AT, tool="test", pseudonyms=True)
        assert {one.text for one in hidden.problems} == {"another learner told the same identity as their own"}
        cohort.purge(thea, now=NOW)
        assert codes(cohort.load())["Gus First"] == []
        assert all(thea.encode() not in one.read_bytes() for one in (world.folder / STORE / "scans").iterdir())
        assert gus in cohort.numbers()


def test_case_and_blanks_make_no_other_address(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        look(cohort, world)
        cem = cohort.find("cem.zip")
        cohort.record(cem, "identity", {"type": "email", "value": " GUS@Learner.example"}, now=NOW)
        assert codes(look(cohort, world, hours=1))["Cem Stuck"] == [ProblemCode.SAME_IDENTITY]


def test_an_identity_that_a_bundle_tells_can_be_taken_back(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        look(cohort, world, asked=True)
        thea = cohort.find("thea.zip")
        assert [one.proof for one in cohort.badges(thea)] == [Proof.NOW]
        about = {"type": "email", "value": "GUS@learner.example", "on": False}
        cohort.record(thea, "identity", about, now=NOW)
        found = look(cohort, world, hours=1)
        assert codes(found) == {"Gus First": [], "Thea Thief": [], "Cem Stuck": []}
        assert next(one.identities for one in found.learners if one.number == thea) == ()
        (badge,) = cohort.badges(thea)
        assert (badge.proof, badge.candidate.mine) == (Proof.UNCHECKED, None)
        cohort.record(thea, "identity", {"type": "email", "value": "gus@learner.example"}, now=NOW)
        look(cohort, world, hours=2)
        assert cohort.badges(thea)[0].candidate.mine is True


def test_a_scan_of_an_earlier_version_is_still_read(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        from wallet.cohort import forms

        look(cohort, world)
        path = world.folder / STORE / "scans" / "S-0001.json"
        stored = list(forms.items(forms.loads(path.read_bytes())))
        stored[-1] = [list(forms.items(entry))[:3] for entry in forms.items(stored[-1])]
        path.write_bytes(forms.dumps(stored))
        assert len(cohort.load().learners) == len(replace(world).people)
