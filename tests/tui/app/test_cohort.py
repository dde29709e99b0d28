"""The advisor's screens, by keyboard: table, filters, learner, counts, scanning anew; names hidden with one key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.hand import driven
from tests.support.screens import ROOMY, USUAL, WIDE, press, screen, settled, shown, write
from tests.support.wallets import NOW
from tests.tui.app.advisor import Place, is_on, listed, opened, to
from tests.tui.app.test_snapshots import agrees
from tui.app.app import BadgefolioApp
from tui.app.screens.cohort import CohortScreen
from tui.app.screens.cohort_diff import CohortDiffScreen
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.screens.cohort_pivot import CohortPivotScreen
from tui.app.screens.library import LibraryScreen
from tui.demo.people import PEOPLE
from wallet.cohort.store import Cohort
from wallet.cohort.table import FILTERS, SORTS, counts, rows
from wallet.config import Config
from wallet.paths import Paths


async def test_everybody_is_listed_by_name_with_both_pathways(place: Place) -> None:
    async with opened(place) as pilot:
        assert listed(pilot).row_count == 2 * len(PEOPLE)
        assert "30 learners, 60 rows" in screen(pilot)
        assert "Ada Example" in screen(pilot)


async def test_each_filter_keeps_as_many_rows_as_it_says(place: Place) -> None:
    with Cohort.open(place.folder) as cohort:
        expected = counts(cohort.load(), at=NOW.date())
    async with opened(place, WIDE) as pilot:
        for number, one in enumerate(FILTERS, 1):
            await press(pilot, str(number))
            assert listed(pilot).row_count == expected[one.name], one.name
            await press(pilot, "0")
            assert listed(pilot).row_count == 2 * len(PEOPLE)


async def test_filters_combine_and_say_so_where_nobody_is_left(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "1", "8")
        assert listed(pilot).row_count == 0
        assert "No learner fits" in screen(pilot)
        await press(pilot, "8")
        assert "[1 close" in screen(pilot)
        assert listed(pilot).row_count > 0


async def test_one_key_hides_every_name_on_every_screen(place: Place) -> None:
    names = re.compile("|".join(re.escape(word) for person in PEOPLE for word in (person.name, person.file_name)))
    async with opened(place, WIDE) as pilot:
        await press(pilot, "m")
        seen = [screen(pilot)]
        await press(pilot, "enter")
        seen.append(screen(pilot))
        await press(pilot, "escape", "b", "enter")
        seen.append(screen(pilot))
        await press(pilot, "enter")
        seen.append(screen(pilot))
        for text in seen:
            assert not names.search(text), text
            assert "@" not in text
        assert "L-000" in seen[0]
        await press(pilot, "escape", "escape", "m")
        assert names.search(screen(pilot))


async def test_whose_consent_ended_shows_nothing_else_and_cannot_be_opened(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to(pilot, "Nora Exempel")
        line = next(line for line in screen(pilot).splitlines() if "Nora Exempel" in line and "consent ended" in line)
        assert "%" not in line.partition("consent ended")[2].split("│")[0]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CohortScreen)


async def test_a_learner_is_opened_with_places_badges_and_reasons(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to(pilot, "Gita Udaharan")
        await press(pilot, "enter")
        text = screen(pilot)
        assert isinstance(pilot.app.screen, CohortLearnerScreen)
        assert "Stage 2: Systems, two of three  1/2" in text
        assert "withdrew this badge" in text
        await press(pilot, "w")
        assert "Greenhouse Assistant" in screen(pilot)


async def test_notes_and_feedback_are_kept_apart_and_a_target_can_be_set(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to(pilot, "Bram Muster")
        await press(pilot, "enter", "n")
        await write(pilot, "asks for evenings")
        await press(pilot, "enter", "f")
        await write(pilot, "well done")
        await press(pilot, "enter", "t")
        assert "(target)" in screen(pilot)
        assert "asks for evenings" in screen(pilot)
    with Cohort.open(place.folder) as cohort:
        records = cohort.records(cohort.find("Bram Muster"))
    assert [one.text for one in records.notes] == ["asks for evenings"]
    assert [one.text for one in records.feedback] == ["well done"]
    assert len(records.targets) == 1


async def test_a_cell_of_the_counts_opens_its_learners_and_they_open_too(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await press(pilot, "b")
        assert "20 of 26" in screen(pilot)
        await press(pilot, "enter")
        assert "Aiko Reidai" in screen(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CohortLearnerScreen)
        await press(pilot, "escape", "2", "l", "l")
        assert "How many stand where" in screen(pilot)
        await press(pilot, "3")
        assert "Monitor water quality" in screen(pilot)
        await press(pilot, "2", "y")
        assert "hidden" in screen(pilot)


async def test_a_new_bundle_is_seen_after_a_scan_without_the_network(place: Place) -> None:
    (place.folder / "Pia-Mallinen.zip").unlink()
    async with opened(place) as pilot:
        await press(pilot, "r")
        assert await shown(pilot, "Asking contacts 127.0.0.1")
        asked = len(place.world.requests)
        await press(pilot, "o")
        assert await shown(pilot, "29 learners scanned")
        await press(pilot, "escape")
        assert "29 learners" in screen(pilot)
        assert len(place.world.requests) == asked


async def test_a_scan_with_the_issuers_asks_them(place: Place) -> None:
    async with opened(place, now=NOW + timedelta(days=1)) as pilot:
        await press(pilot, "r")
        assert await shown(pilot, "Asking contacts 127.0.0.1")
        asked = len(place.world.requests)
        await press(pilot, "enter")
        assert await shown(pilot, "30 learners scanned")
        assert len(place.world.requests) > asked


async def test_a_folder_without_a_scan_says_what_to_do(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    app = BadgefolioApp(Paths.under(place.home), Config(), now=NOW, cohort=tmp_path / "elsewhere")
    async with driven(app, USUAL) as pilot:
        await settled(pilot)
        assert "Nothing was scanned in this folder yet." in screen(pilot)


async def test_the_library_leads_to_the_folder_scanned_last(place: Place) -> None:
    app = BadgefolioApp(Paths.under(place.home), Config(), now=NOW)
    async with driven(app, ROOMY) as pilot:
        await settled(pilot)
        await press(pilot, "C")
        assert is_on(pilot, CohortScreen)
        await press(pilot, "escape")
        assert is_on(pilot, LibraryScreen)


ACTS: dict[str, tuple[str, Callable[[Pilot[None]], bool]]] = {
    "cohort.search": ("slash", lambda pilot: pilot.app.screen.query_one("#search").has_focus),
    "cohort.pathway": ("w", lambda pilot: listed(pilot).row_count == len(PEOPLE)),
    "cohort.names": ("m", lambda pilot: "names hidden" in screen(pilot)),
    "cohort.pivot": ("b", lambda pilot: isinstance(pilot.app.screen, CohortPivotScreen)),
    "cohort.report": ("s", lambda pilot: "A report of the cohort" in screen(pilot)),
    "cohort.changes": ("d", lambda pilot: isinstance(pilot.app.screen, CohortDiffScreen)),
    "cohort.consent": ("c", lambda pilot: "What was agreed to" in screen(pilot)),
    "cohort.purge": ("x", lambda pilot: "to confirm" in screen(pilot)),
    "cohort.purge-ended": ("X", lambda pilot: "Purge 1 learner whose consent has ended" in screen(pilot)),
    "cohort.earlier": ("v", lambda pilot: "Which scan" in screen(pilot)),
    "cohort.scan": ("r", lambda pilot: "Scan the folder" in screen(pilot)),
    "cohort.sort": ("S", lambda pilot: f"by {SORTS[1]}" in screen(pilot)),
    "cohort.everybody": ("0", lambda pilot: listed(pilot).row_count == len(PEOPLE)),
    "cohort.right": ("l", lambda pilot: pilot.app.screen.query_one("#card-pane").has_focus),
    "cohort.left": ("h", lambda pilot: listed(pilot).has_focus),
    "cohort.back": ("escape", lambda pilot: listed(pilot).has_focus),
}


async def test_every_key_of_the_table_acts(place: Place) -> None:
    of_filters = {f"cohort.{one.name}" for one in FILTERS}
    ids = {getattr(binding, "id", None) for binding in CohortScreen.BINDINGS}
    assert ids - of_filters == set(ACTS)
    async with opened(place, WIDE) as pilot:
        for name, (key, acted) in ACTS.items():
            await press(pilot, key)
            assert acted(pilot), name
            while not (isinstance(pilot.app.screen, CohortScreen) and listed(pilot).has_focus):
                await press(pilot, "escape")


async def test_the_cursor_stays_with_its_learner_however_rows_are_sorted(place: Place) -> None:
    with Cohort.open(place.folder) as cohort:
        loaded = cohort.load()
    async with opened(place) as pilot:
        await to(pilot, "Aiko Reidai")
        for sort in (*SORTS[1:], SORTS[0]):
            await press(pilot, "S")
            row = listed(pilot).current
            assert row is not None
            assert row.shown == "Aiko Reidai", sort
        await press(pilot, "S", "S", "S", "g")
        top = listed(pilot).current
        assert top is not None
        assert top.shown == rows(loaded, at=NOW.date(), sort=SORTS[3])[0].shown


SCREENS = {
    "cohort": ((), ()),
    "cohort-problem": (("5", "l"), ("escape", "0")),
    "cohort-learner": (("g", "j", "j", "enter"), ()),
    "cohort-learner-badges": (("l",), ("escape", "escape")),
    "cohort-missing": (("b",), ()),
    "cohort-states": (("2", "l"), ("escape", "escape")),
}


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_the_screens_look_as_they_did(place: Place, size: tuple[int, int]) -> None:
    async with opened(place, size) as pilot:
        for name, (keys, way_back) in SCREENS.items():
            await press(pilot, *keys)
            agrees(name, size, screen(pilot))
            while way_back and not isinstance(pilot.app.screen, CohortScreen):
                await press(pilot, "escape")
            await press(pilot, *way_back)
