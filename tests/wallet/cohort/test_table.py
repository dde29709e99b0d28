"""Table, pivots and differences of the sample cohort: every number is a count by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.learners import handed
from tests.generate import badges, cohorts
from tests.generate.cohorts import AT, GARDEN, HOST, NOW, PEOPLE, SYLLABICS, WATER, Award, World
from wallet.cohort import pivots
from wallet.cohort.diff import Change, differences
from wallet.cohort.model import Scan, Thresholds
from wallet.cohort.pivots import FEWEST, Pivot, pivot
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.cohort.table import FILTERS, SORTS, counts, rows
from wallet.errors import UsageError
from wallet.pathways.model import Pathway


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return cohorts.write(tmp_path_factory.mktemp("table") / "handed")


@pytest.fixture(scope="module")
def found(world: World) -> Scan:
    """The sample, asked of its issuer."""
    with Cohort.open(world.folder, create=True) as cohort:
        return look(cohort, world)


def look(
    cohort: Cohort, world: World, *, at: date = AT, hours: int = 0, pathways: Sequence[Pathway] | None = None
) -> Scan:
    used = [UsedPathway(one, one.sha256) for one in pathways or world.pathways]
    now = NOW + timedelta(hours=hours)
    return scan(cohort, handed(world.folder), used, now=now, at=at, fetcher=world.published)


def test_every_filter_counts_what_was_counted_by_hand(found: Scan) -> None:
    assert counts(found, at=AT, pathway=WATER) == {
        "close": 3,  # Ben and Dina lack the ticket; Marja two that take 16 h
        "eligible": 2,  # Nia and Ola; Ada holds the award
        "stuck": 1,  # Cem's only badge is of January
        "at-risk": 1,  # Ola's ticket ends in December
        "problem": 6,  # Eve, Finn, Gus, Hana, Kim's torn file, Pia
        "unchecked": 3,  # Hana, Jo and Kim told no address
        "no-consent": 3,  # Jo, Kim; Mo's is past
        "not-started": 2,  # Lou, and Pia whose badges are forged
    }
    assert counts(found, at=AT, pathway=GARDEN) == {
        "close": 6,  # soil: Ada, Ben, Dina, Nia, Ola; bees: Kim
        "eligible": 0,
        "stuck": 0,
        "at-risk": 0,
        "problem": 6,
        "unchecked": 1,  # Kim
        "no-consent": 3,
        "not-started": 10,  # seventeen without these six, and without Mo of whom nothing is said
    }
    both = counts(found, at=AT)
    assert both["close"] == 9 and both["no-consent"] == 6


def test_filters_combine_with_and(found: Scan) -> None:
    kept = rows(found, at=AT, filters=("close", "no-consent"))
    assert [(row.shown, row.pathway.id) for row in kept] == [("kim", GARDEN)]
    assert rows(found, at=AT, filters=("close", "not-started")) == ()


def test_every_filter_says_its_rule_with_the_figures_in_use() -> None:
    limits = Thresholds(close_places=3, close_hours=30, stuck_days=90, risk_days=30)
    said = {one.name: one.sentence(limits) for one in FILTERS}
    assert "3 that take at most 30 h" in said["close"]
    assert "90 days" in said["stuck"] and "30 days" in said["at-risk"]


def test_rows_stand_in_the_order_of_names_unless_another_is_asked_for(found: Scan) -> None:
    shown = [row.shown for row in rows(found, at=AT, pathway=WATER)]
    assert shown == sorted(shown, key=str.casefold)
    assert SYLLABICS in shown
    by_missing = [row.standing.missing for row in rows(found, at=AT, pathway=WATER, sort="missing") if not row.ended]
    assert by_missing == sorted(by_missing)


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_keeps_all_rows_and_is_the_same_each_time(found: Scan, sort: str) -> None:
    first = rows(found, at=AT, sort=sort)
    turned = replace(found, standings=tuple(reversed(found.standings)))
    assert first == rows(turned, at=AT, sort=sort)
    assert len(first) == 2 * len(PEOPLE)


def test_with_pseudonyms_rows_show_numbers_and_stand_in_their_order(found: Scan) -> None:
    shown = [row.shown for row in rows(found, at=AT, pathway=WATER, pseudonyms=True)]
    assert shown == sorted(one.number for one in found.learners)


def test_of_a_learner_whose_consent_is_past_nothing_is_said_but_that(found: Scan) -> None:
    (mo,) = [row for row in rows(found, at=AT, pathway=WATER) if row.ended]
    assert (mo.shown, mo.flags) == ("Mo Ended", frozenset({"no-consent"}))
    number = mo.learner.number
    for kind in pivots.KINDS:
        made = pivot(found, kind, at=AT)
        assert all(number not in cell for line in made.lines for cell in line.learners)
    before = rows(found, at=date(2026, 11, 1), pathway=WATER, filters=("eligible",))
    assert "Mo Ended" in [row.shown for row in before]


@pytest.mark.parametrize("asked", [{"filters": ("best",)}, {"sort": "rank"}, {"pathway": "urn:other"}])
def test_what_there_is_not_is_refused(found: Scan, asked: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        rows(found, at=AT, **asked)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        pivot(found, "ranking", at=AT)


def cells(made: Pivot, pathway: str = "") -> dict[str, tuple[int | None, ...]]:
    return {line.label: line.cells for line in made.lines if line.pathway == pathway}


def test_the_pivot_of_what_is_missing_is_the_count_by_hand(found: Scan) -> None:
    """Fourteen hold consent: seventeen without Jo, Kim and Mo."""
    made = pivot(found, "missing", at=AT)
    assert made.of == 14
    assert cells(made, WATER) == {
        "First Aid": (11,),  # Ada, Nia and Ola hold one that is valid
        "Soil Science": (9,),  # Ada, Ben, Dina, Nia, Ola; Ivo's is only described
        "Water Chemistry": (8,),  # these and Marja; Eve's is revoked, Finn's is Ada's
        "Laboratory Safety": (2,),  # Lou, Pia
    }
    assert cells(made, GARDEN) == {"Gardener": (14,)}
    assert made.lines[0].label == "First Aid"  # what most lack comes first
    names = {one.number: one.name for one in found.learners}
    (lab,) = [line for line in made.lines if line.label == "Laboratory Safety"]
    assert {names[one] for one in lab.learners[0]} == {"Lou Nothing", "Pia Forger"}


def test_the_pivot_of_states_is_the_count_by_hand(found: Scan) -> None:
    made = pivot(found, "states", at=AT)
    assert made.heads == ("met", "eligible", "in-progress", "not-started", "blocked")
    assert cells(made, WATER) == {"Water Technician": (1, 2, 9, 2, 0)}
    assert cells(made, GARDEN) == {"Gardener": (0, 0, 5, 9, 0)}
    assert cells(pivot(found, "states", at=AT, pathway=WATER), GARDEN) == {}


def test_the_pivot_of_skills_leaves_out_what_failed(found: Scan) -> None:
    made = pivot(found, "skills", at=AT)
    assert {line.key: line.cells for line in made.lines} == {
        "Skills SAFE-1": (12,),
        "Skills CHEM-2": (6,),
        "Skills EARTH-3": (5,),
    }


def test_an_anonymous_pivot_hides_small_numbers_and_what_would_give_them_away(found: Scan) -> None:
    missing = pivot(found, "missing", at=AT, anonymous=True)
    # Two lack the laboratory; that eleven of fourteen lack the ticket would tell of the three who do not.
    assert cells(missing, WATER) == {
        "First Aid": (None,),
        "Soil Science": (9,),
        "Water Chemistry": (8,),
        "Laboratory Safety": (None,),
    }
    states = pivot(found, "states", at=AT, anonymous=True)
    assert cells(states, WATER) == {"Water Technician": (None, None, 9, None, None)}
    # The three zeros could be worked out from the total: the five go with them.
    assert cells(states, GARDEN) == {"Gardener": (None, None, None, 9, None)}
    assert all(not cell for made in (missing, states) for line in made.lines for cell in line.learners)


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_hidden_number_can_be_worked_out_from_its_line(values: list[int]) -> None:
    hidden = pivots._hidden(values)
    assert {place for place, value in enumerate(values) if value < FEWEST} <= hidden
    if len(hidden) in (0, len(values)):
        return
    small = [place for place in hidden if values[place] < FEWEST]
    together = sum(values[place] for place in hidden)
    assert len(hidden) > 1
    # With only small ones hidden, their sum must leave more than one way.
    if len(small) == len(hidden):
        assert 0 < together < (FEWEST - 1) * len(hidden)


def kinds(changes: Sequence[Change], number: str) -> dict[str, str]:
    return {one.kind: one.text for one in changes if one.learner == number}


@pytest.fixture
def changed(tmp_path: Path) -> World:
    """A folder without Hana, not scanned yet, whose issuer can change its mind."""
    people = {name: person for name, person in PEOPLE.items() if name != "second"}
    return cohorts.write(tmp_path / "handed", people)


def test_what_changed_is_told_by_learner_and_place(changed: World) -> None:
    with Cohort.open(changed.folder, create=True) as cohort:
        before = look(cohort, changed, at=date(2026, 9, 15))
        ben = replace(PEOPLE["close"], awards=(*PEOPLE["close"].awards, Award("aid")))
        cem = replace(PEOPLE["stuck"], awards=(*PEOPLE["stuck"].awards, Award("water")))
        cohorts.hand_over(changed.folder, ben)
        cohorts.hand_over(changed.folder, cem)
        cohorts.hand_over(changed.folder, PEOPLE["second"])
        (changed.folder / PEOPLE["nothing"].entry).unlink()
        revoke(changed, f"{HOST}/awards/eve-water", f"{HOST}/awards/ada-aid")
        after = look(cohort, changed, hours=1)
        found = differences(before, after, badges=cohort.badges)
        again = differences(before, before, badges=cohort.badges)
    number = {one.source: one.number for one in (*before.learners, *after.learners)}
    of = {who: kinds(found, number[person.entry]) for who, person in PEOPLE.items()}
    assert of["close"].keys() == {"newly-eligible"}
    assert of["stuck"] == {"moved-up": "2 of 4 places are filled, 1 before."}
    assert of["second"].keys() == {"joined"}
    assert of["nothing"].keys() == {"left"}
    assert of["ended"] == {"consent-ended": "Consent ended on 2026-11-01."}
    assert of["expired"] == {"lost-place": "First Aid is not filled any more: First Aid expired on 2026-10-01."}
    assert of["complete"]["lost-place"] == "First Aid is not filled any more: First Aid was revoked."
    assert of["complete"].keys() == {"lost-place", "new-problem"}
    assert of["first"].keys() == {"new-problem"}
    assert of["eligible"] == of["mismatch"] == of["forger"] == {}
    assert again == ()


def revoke(world: World, *ids: str) -> None:
    world.documents[f"{HOST}/revoked"] = badges.encode(
        {**json.loads(world.documents[f"{HOST}/revoked"]), "revokedAssertions": [{"id": one} for one in ids]}
    )


def test_what_follows_from_a_new_version_alone_is_told_apart(world: World, tmp_path: Path) -> None:
    copytree(world.folder, tmp_path / "handed")
    here = replace(world, folder=tmp_path / "handed")
    with Cohort.open(here.folder, create=True) as cohort:
        before = look(cohort, here)
        after = look(cohort, here, hours=1, pathways=[cohorts.shorter_water()])
        found = differences(before, after, badges=cohort.badges)
        back = differences(after, before, badges=cohort.badges)
    names = {one.number: one.name for one in after.learners}
    gained = {names[one.learner] for one in found if one.kind == "gained-by-definition"}
    # Whoever lacked only or also the ticket gains; Ada, Nia and Ola had one.
    assert {"Ben Close", "Dina Ticket", SYLLABICS} <= gained
    assert gained.isdisjoint({"Ada Complete", "Nia Eligible", "Ola Risk", "Mo Ended"})
    assert {one.kind for one in found} == {"gained-by-definition"}
    assert {one.kind for one in back} == {"lost-by-definition"}
    ben = next(one for one in found if names[one.learner] == "Ben Close")
    assert ben.text == "0 places missing by version 2 instead of 1, 1 before."
