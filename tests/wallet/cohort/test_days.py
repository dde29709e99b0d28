"""A scan and its days: gone on with on another day, at the ends of the calendar, and past the end of a consent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, NOW, PEOPLE, World
from wallet.cohort.diff import differences
from wallet.cohort.model import Scan
from wallet.cohort.report import cohort_report
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.progress import Cancelled, Event

_FEW = ("complete", "close", "eligible", "ended")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A few learners, one of whom has not consented any longer."""
    return cohorts.write(tmp_path / "handed", {who: PEOPLE[who] for who in _FEW})


class Watch:
    """Counts the credentials that are asked about, and stops after some."""

    def __init__(self, stop: int | None = None) -> None:
        self.total, self._stop = 0, stop

    def __call__(self, event: Event) -> None:
        if event.stage == "verify":
            self.total = event.total or 0
            if event.done == self._stop:
                raise Cancelled


def look(
    cohort: Cohort, world: World, *, days: int = 0, at: date = AT, asked: bool = True, watch: Watch | None = None
) -> Scan:
    used = [UsedPathway(one, one.sha256) for one in world.pathways]
    fetcher = world.published if asked else None
    now = NOW + timedelta(days=days)
    return scan(cohort, handed(world.folder), used, now=now, at=at, fetcher=fetcher, progress=watch or Watch())


def test_a_stopped_scan_goes_on_the_day_after_and_after_a_look_without_network(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        whole, rest = Watch(stop=5), Watch()
        with pytest.raises(Cancelled):
            look(cohort, world, watch=whole)
        look(cohort, world, asked=False)
        look(cohort, world, days=1, at=AT + timedelta(days=1), watch=rest)
        assert 0 < rest.total <= whole.total - 5


def test_what_was_stopped_long_ago_is_begun_anew(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        whole, again = Watch(stop=5), Watch()
        with pytest.raises(Cancelled):
            look(cohort, world, watch=whole)
        look(cohort, world, days=60, watch=again)
        assert again.total == whole.total


@pytest.mark.parametrize("at", [date.min, date.max])
def test_the_first_and_the_last_day_of_the_calendar_are_days(world: World, at: date) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        found = look(cohort, world, at=at, asked=False)
        assert len(found.standings) == len(_FEW) * len(world.pathways)
        assert cohort_report(found, at=at, tool="test").learners == len(_FEW)


def test_nobody_is_asked_about_a_learner_whose_consent_has_ended(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        watch = Watch()
        look(cohort, world, watch=watch)
        mo = cohort.find("mo.zip")
        assert cohort.drawer(mo).online() == {}
        assert watch.total == sum(len(PEOPLE[who].awards) for who in _FEW if who != "ended")
        cohort.record(mo, "consent", {"text": "Yes, once more"}, until=date(2028, 1, 1), now=NOW)
        look(cohort, world, days=1)
        assert len(cohort.drawer(mo).online()) == len(PEOPLE["ended"].awards)


def test_an_award_that_came_with_a_new_version_is_no_loss(world: World) -> None:
    """Ben completes the parts under version 1, and version 2 differs in name alone when the award arrives."""
    from dataclasses import replace

    from tests.generate.cohorts import Award, _water
    from wallet.pathways import definition

    with Cohort.open(world.folder, create=True) as cohort:
        before = look(cohort, world)
        nia = replace(PEOPLE["eligible"], awards=(*PEOPLE["eligible"].awards, Award("technician")))
        cohorts.hand_over(world.folder, nia, world.documents)
        import json

        newer = definition.read(json.dumps(_water("2")).encode(), "water.json")
        used = [UsedPathway(newer, newer.sha256)]
        after = scan(cohort, handed(world.folder), used, now=NOW + timedelta(days=1), at=AT, fetcher=world.published)
    kinds = {one.kind for one in differences(before, after) if one.learner == cohort.find("nia.zip")}
    assert kinds == {"gained-by-definition"}
