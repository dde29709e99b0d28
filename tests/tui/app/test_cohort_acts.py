"""What an advisor does from the app: reports, changes, purges, exceptions and other records; names hidden on every screen."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from importers.learners import handed
from tests.support.opened import opened_below
from tests.support.screens import USUAL, WIDE, press, screen, shown, write
from tests.support.wallets import NOW
from tests.tui.app.advisor import Place, is_on, listed, opened, to
from tests.tui.app.test_snapshots import agrees
from tui.app.screens.cohort import CohortScreen
from tui.app.screens.cohort_diff import CohortDiffScreen, ScansScreen
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.screens.cohort_place import CohortPlaceScreen
from tui.app.screens.cohort_records import CohortRecordsScreen
from tui.app.screens.cohort_report import CohortReportScreen
from tui.cohort_files import FORMS
from tui.demo.people import PEOPLE
from wallet.cohort.model import Scan
from wallet.cohort.records import Records
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.pathways.definition import read

NAMES = re.compile("|".join(re.escape(word) for one in PEOPLE for word in (one.name, one.file_name)))
ORDER = ("html", "xlsx", "csv", "tsv", "jsonl", "letter", "letter-html", "letter-md")
ENDED, BRAM = "Nora Exempel", "Bram Muster"


def scanned_again(place: Place) -> Scan:
    """One more scan, a day later and without a network."""
    used = []
    for file in sorted(place.home.glob("*.toml")):
        pathway = read(file.read_bytes(), file.name)
        used.append(UsedPathway(pathway, pathway.sha256))
    later = NOW + timedelta(days=1)
    with Cohort.open(place.folder) as cohort:
        return scan(cohort, handed(place.folder), used, now=later, at=later.date(), fetcher=None)


def kept(place: Place, name: str = BRAM) -> Records:
    with Cohort.open(place.folder) as cohort:
        return cohort.records(cohort.find(name))


async def fill(pilot: Pilot[None], **values: str) -> None:
    """Text for fields, all at once."""
    for name, value in values.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = value
    await press(pilot)


async def enter(pilot: Pilot[None], field: str) -> None:
    """Enter in a field."""
    pilot.app.screen.query_one(f"#{field}", Input).focus()
    await press(pilot, "enter")


async def to_learner(pilot: Pilot[None], name: str = BRAM) -> None:
    await to(pilot, name)
    await press(pilot, "enter")


def _meant(pilot: Pilot[None]) -> str | None:
    """The place under the cursor of a learner's page."""
    assert isinstance(pilot.app.screen, CohortLearnerScreen)
    return pilot.app.screen.meant()


# -- reports


async def test_every_kind_of_report_is_written_with_what_is_on_screen(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    async with opened(place) as pilot:
        await press(pilot, "1", "w", "m")
        rows = listed(pilot).row_count
        for kind in FORMS:
            if kind == "letter":
                continue  # many PDF files take their time; one learner's is written below
            await press(pilot, "s")
            below = ORDER.index(kind)
            await press(pilot, *["j"] * below, "enter", "enter")
            assert await shown(pilot, "written: "), kind
            await press(pilot, "escape")
    lines = [json.loads(line) for line in Path("cohort-S-0001.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == rows
    assert all("close" in line["filters"] for line in lines)
    assert len(list(Path("letters-S-0001").iterdir())) == len({line["number"] for line in lines})
    for name in ("html", "xlsx", "csv", "tsv"):
        content = Path(f"cohort-S-0001.{name}").read_bytes()
        assert not NAMES.search(content.decode("utf-8", "replace")), name
    assert Path("cohort-S-0001.csv.method.txt").is_file()


async def test_nothing_is_replaced_before_it_was_said_twice(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "cohort-S-0001.html"
    mine.write_text("mine")
    async with opened(place) as pilot:
        await press(pilot, "s")
        assert "cohort-S-0001-2.html" in pilot.app.screen.query_one("#where", Input).value
        await fill(pilot, where=str(mine))
        await enter(pilot, "where")
        assert "It was left as it is" in screen(pilot)
        assert mine.read_text() == "mine"
        await press(pilot, "enter")
        assert await shown(pilot, "1 file written")
        await press(pilot, "y")
        assert pilot.app.clipboard == str(mine.resolve())
    assert "<html" in mine.read_text("utf-8")


async def test_a_report_is_never_put_among_what_learners_handed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    async with opened(place) as pilot:
        await press(pilot, "s")
        assert Path(pilot.app.screen.query_one("#where", Input).value).parent == place.folder.resolve().parent


async def test_a_learner_gets_a_letter_and_a_page_without_private_notes(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Cohort.open(place.folder) as cohort:
        number = cohort.find(BRAM)
        cohort.record(number, "note", {"text": "a secret of ours"}, now=NOW)
        cohort.record(number, "feedback", {"text": "well done indeed"}, now=NOW)
    async with opened(place) as pilot:
        await to_learner(pilot)
        for below in (0, 1, 2):
            await press(pilot, "s", *["j"] * below, "enter", "enter")
            assert await shown(pilot, "1 file written")
            await press(pilot, "escape")
    page = Path(f"learner-{number}.html").read_text("utf-8")
    assert "well done indeed" in page
    assert "a secret of ours" not in page + Path(f"letter-{number}.html").read_text("utf-8")
    assert Path(f"letter-{number}.pdf").read_bytes().startswith(b"%PDF")


async def test_only_a_page_can_be_anonymous(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(place) as pilot:
        await press(pilot, "s")
        pilot.app.screen.query_one("#with").focus()
        await press(pilot, "j", "space", "enter")
        assert await shown(pilot, "1 file written")
        await press(pilot, "escape", "s", "j")
        pilot.app.screen.query_one("#with").focus()
        await press(pilot, "j", "space", "enter")
        assert "Only a page can be anonymous" in screen(pilot)
    assert not NAMES.search(Path("cohort-S-0001.html").read_text("utf-8"))


# -- changes and earlier scans


async def test_changes_between_the_last_two_scans_open_their_learners(place: Place) -> None:
    (place.folder / "Pia-Mallinen.zip").unlink()
    (place.folder / "Tomás-Ejemplo.zip").write_bytes((place.folder / "Zoe-Paradeigma.zip").read_bytes())
    scanned_again(place)
    async with opened(place, WIDE) as pilot:
        await press(pilot, "d")
        assert "from S-0001" in screen(pilot)
        assert re.search(r"Pia Mallinen +left", screen(pilot))
        while "Tomás" not in screen(pilot).splitlines()[-3] and "Zoe" not in screen(pilot).splitlines()[-3]:
            await press(pilot, "j")
        await press(pilot, "enter")
        assert is_on(pilot, CohortLearnerScreen)


async def test_where_there_is_one_scan_nothing_can_be_compared(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "d")
        assert "There is only one scan" in screen(pilot)
        await press(pilot, "escape")
        assert is_on(pilot, CohortScreen)


async def test_other_scans_can_be_compared_and_an_earlier_one_be_shown(place: Place) -> None:
    scanned_again(place)
    (place.folder / "Pia-Mallinen.zip").unlink()
    scanned_again(place)
    async with opened(place, WIDE) as pilot:
        await press(pilot, "d", "e")
        assert is_on(pilot, ScansScreen)
        await press(pilot, "j", "enter")
        assert "from S-0001" in screen(pilot)
        assert "to S-0003" in screen(pilot)
        await press(pilot, "n", "j", "enter")
        assert "from S-0001" in screen(pilot)
        assert "to S-0002" in screen(pilot)
        await press(pilot, "escape", "v", "j", "j", "enter")
        assert f"as of {NOW.date()}" in screen(pilot)
        assert "30 learners" in screen(pilot)
        await press(pilot, "v", "g", "enter")
        assert "29 learners" in screen(pilot)


async def test_a_scan_may_be_of_one_pathway_and_of_another_day(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "r")
        assert await shown(pilot, "Asking contacts")
        await press(pilot, "w", "space")
        await fill(pilot, at="2027-06-30", age="30")
        await enter(pilot, "age")
        assert await shown(pilot, "figures for 2027-06-30")
        assert "without 1 of the pathways" in screen(pilot)
        await press(pilot, "o")
        assert await shown(pilot, "30 learners scanned")
        await press(pilot, "escape")
        assert listed(pilot).row_count == len(PEOPLE)
    with Cohort.open(place.folder) as cohort:
        made = cohort.load()
    assert str(made.at) == "2027-06-30"
    assert [one.name for one in made.pathways] == ["Greenhouse Assistant (job profile)"]


# -- purging


async def test_a_purge_asks_for_the_number_and_says_what_remains(place: Place) -> None:
    with Cohort.open(place.folder) as cohort:
        number = cohort.find(BRAM)
    async with opened(place) as pilot:
        await to(pilot, BRAM)
        await press(pilot, "x", "enter")
        assert "nothing was deleted" in screen(pilot)
        await write(pilot, "L-999999")
        await press(pilot, "enter")
        assert "nothing was deleted" in screen(pilot)
        await fill(pilot, typed=number)
        await press(pilot, "enter")
        assert await shown(pilot, "Bram-Muster.zip")
        assert "stay in the folder" in screen(pilot)
        await press(pilot, "escape")
        assert BRAM not in screen(pilot)
    assert (place.folder / "Bram-Muster.zip").is_file()
    with Cohort.open(place.folder) as cohort:
        assert number not in cohort.numbers()


async def test_whose_consent_ended_is_purged_with_files_when_somebody_says_so(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "m", "X", "shift+tab", "space", "enter", "1", "enter")
        assert await shown(pilot, "1 file of their own deleted")
        assert not NAMES.search(screen(pilot))
    assert not (place.folder / "Nora-Exempel.zip").exists()


async def test_a_purge_from_the_learners_page_leads_back_to_the_table(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "m", "g", "j", "j", "enter")
        number = screen(pilot).splitlines()[0].strip()
        await press(pilot, "x")
        await write(pilot, number)
        await press(pilot, "enter")
        assert await shown(pilot, "names hidden")
        await press(pilot, "escape")
        assert is_on(pilot, CohortScreen)
        assert number not in screen(pilot)


# -- records


async def test_an_exception_changes_the_figure_at_once_and_stands_beside_the_one_without(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to_learner(pilot)
        while _meant(pilot) != "field-hours":
            await press(pilot, "j")
        await press(pilot, "e")
        assert "a badge of the learner's" in screen(pilot)
        await press(pilot, *["j"] * 5, "enter")
        await fill(pilot, who="A. Advisor")
        await enter(pilot, "who")
        assert "(reason)" in screen(pilot)
        await fill(pilot, reason="Thirty hours at the hatchery")
        await press(pilot, "enter")
        text = screen(pilot)
        assert "100 % with 1 exception, 85 % without" in text
        await press(pilot, "enter")
        assert is_on(pilot, CohortPlaceScreen)
        assert "A. Advisor" in screen(pilot)
        await press(pilot, "u")
        assert "A. Advisor" not in screen(pilot)
    assert kept(place).places == ()


async def test_somebodys_word_is_recorded_where_the_pathway_asks_for_one(place: Place) -> None:
    file = place.home / "aquaponics.pathway.toml"
    asked = 'name = "Field Hours 30" }'
    file.write_text(file.read_text("utf-8").replace(asked, f'{asked}, {{ attested = "advisor" }}'), "utf-8")
    scanned_again(place)
    async with opened(place, WIDE) as pilot:
        await to_learner(pilot)
        await press(pilot, "a")
        assert "asks for no word" in screen(pilot)
        while _meant(pilot) != "field-hours":
            await press(pilot, "j")
        await press(pilot, "a")
        await fill(pilot, who="G. Grower", reason="Thirty hours seen")
        await enter(pilot, "reason")
        assert "attested by G. Grower" in screen(pilot)
    assert [one.kind for one in kept(place).places] == ["attested"]


async def test_consent_identity_and_appointment_are_kept_and_can_be_taken_back(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to_learner(pilot)
        await press(pilot, "r", "c")
        await fill(pilot, text="Agreed at intake", until="2027-06-30")
        await enter(pilot, "until")
        await press(pilot, "i")
        await fill(pilot, address="bram@students.example")
        await enter(pilot, "address")
        await press(pilot, "p")
        await fill(pilot, day="some day")
        await enter(pilot, "day")
        assert "is not a day" in screen(pilot)
        await fill(pilot, day="2026-12-01", text="room 3")
        await enter(pilot, "day")
        found = kept(place)
        assert found.consent is not None
        assert (found.consent.text, str(found.consent.until)) == ("Agreed at intake", "2027-06-30")
        assert [str(one) for one in found.identities] == ["email:bram@students.example"]
        assert [one.text for one in found.appointments] == ["room 3"]
        await press(pilot, "j", "u", "g", "u", "u")
        assert "cannot be taken back" in screen(pilot)
        await press(pilot, "escape")
        assert "appointment 2026-12-01 room 3" in screen(pilot)
    assert (kept(place).consent, kept(place).identities) == (None, ())


async def test_of_whose_consent_ended_only_a_new_consent_is_recorded(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to(pilot, ENDED)
        await press(pilot, "enter", "c")
        await fill(pilot, text="Agreed once more", until="2027-06-30")
        await enter(pilot, "text")
        await to_learner(pilot, ENDED)
        assert is_on(pilot, CohortLearnerScreen)


# -- one requirement


async def test_a_requirement_shows_its_badge_and_what_the_check_found(place: Place) -> None:
    async with opened(place, WIDE) as pilot:
        await to_learner(pilot, "Gita Udaharan")
        while _meant(pilot) != "raft":
            await press(pilot, "j")
        await press(pilot, "enter")
        assert "Do not count here" in screen(pilot)
        assert "withdrew this badge" in screen(pilot)
        await press(pilot, "escape", "g", "j", "enter")
        assert "Filled by" in screen(pilot)
        assert "checks passed; p: read them" in screen(pilot)
        await press(pilot, "p")
        assert "p: read them" not in screen(pilot)


# -- looks


async def test_names_are_hidden_on_every_screen_that_acts(place: Place) -> None:
    with Cohort.open(place.folder) as cohort:
        number = cohort.find(BRAM)
        cohort.record(number, "identity", {"type": "email", "value": "bram@students.example"}, now=NOW)
        cohort.record(number, "appointment", {"date": "2026-12-01", "text": "with Bram Muster"}, now=NOW)
        about = {"kind": "force-complete", "who": "A. Advisor", "reason": "told by Bram Muster"}
        pathway = cohort.load().pathways[0].id
        cohort.record(number, "excepted", about, now=NOW, pathway=pathway, place="field-hours")
    (place.folder / "Pia-Mallinen.zip").unlink()
    scanned_again(place)
    seen: list[str] = []
    async with opened(place, WIDE) as pilot:
        await press(pilot, "m")
        for keys, back in ((("s",), 1), (("d",), 1), (("x",), 1), (("X",), 1), (("c",), 1)):
            await press(pilot, *keys)
            seen.append(screen(pilot))
            await press(pilot, *["escape"] * back)
        await to(pilot, number)
        await press(pilot, "enter")
        while _meant(pilot) != "field-hours":
            await press(pilot, "j")
        for key in ("enter", "s", "r", "e"):
            await press(pilot, key)
            seen.append(screen(pilot))
            await press(pilot, "escape")
    assert len(seen) == 9
    for text in seen:
        assert not NAMES.search(text), text
        assert "@" not in text, text
        assert "A. Advisor" not in text, text


async def test_a_search_that_finds_nobody_says_so(place: Place) -> None:
    async with opened(place) as pilot:
        await press(pilot, "slash")
        await write(pilot, "nobody")
        assert "Nobody here is called 'nobody'" in screen(pilot)
        await press(pilot, "escape")
        assert listed(pilot).row_count == 2 * len(PEOPLE)


async def test_hosts_are_named_without_opening_what_learners_handed_over(place: Place) -> None:
    for path in place.folder.iterdir():
        if path.name[:1] != ".":
            os.utime(path, (1_700_000_000, 1_700_000_000))  # handed over long ago
    scanned_again(place)
    with opened_below(place.folder) as read_again:
        async with opened(place) as pilot:
            await press(pilot, "r")
            assert await shown(pilot, "Asking contacts ")
    assert [one for one in read_again if not one.startswith(".badgefolio-cohort")] == []


async def test_names_stay_legible_beside_the_help(place: Place) -> None:
    async with opened(place, (100, 32)) as pilot:
        await press(pilot, "question_mark")
        assert "Chidi Specimen " in screen(pilot)
        await press(pilot, "l")
        assert pilot.app.screen.query_one("#card-pane").has_focus


async def test_a_row_marks_what_will_be_lost_and_what_is_closest(place: Place) -> None:
    async with opened(place, (200, 32)) as pilot:
        assert re.search(r"◷ +Farid Namuna", screen(pilot))
        assert "Closest" in screen(pilot)


LEARNER: dict[str, tuple[str, Callable[[Pilot[None]], bool]]] = {
    "learner.note": ("n", lambda pilot: "A private note" in screen(pilot)),
    "learner.feedback": ("f", lambda pilot: "Feedback for the learner:" in screen(pilot)),
    "learner.report": ("s", lambda pilot: is_on(pilot, CohortReportScreen)),
    "learner.records": ("r", lambda pilot: is_on(pilot, CohortRecordsScreen)),
    "learner.purge": ("x", lambda pilot: "to confirm" in screen(pilot)),
    "learner.pathway": ("w", lambda pilot: "Pathway 2 of 2" in screen(pilot)),
    "learner.target": ("t", lambda pilot: "(target)" in screen(pilot)),
    "place.except": ("e", lambda pilot: "Record an exception" in screen(pilot)),
    "place.attest": ("a", lambda pilot: "asks for no word" in screen(pilot)),
    "place.take-back": ("u", lambda pilot: "Nothing is recorded of this part" in screen(pilot)),
    "learner.right": ("l", lambda pilot: pilot.app.screen.query_one("#badges-pane").has_focus),
    "learner.left": ("h", lambda pilot: pilot.app.screen.query_one("#places").has_focus),
    "learner.pane": ("tab", lambda pilot: pilot.app.screen.query_one("#badges-pane").has_focus),
    "learner.back": ("escape", lambda pilot: is_on(pilot, CohortScreen)),
}


async def test_every_key_of_a_learner_acts(place: Place) -> None:
    assert {getattr(binding, "id", None) for binding in CohortLearnerScreen.BINDINGS} == set(LEARNER)
    async with opened(place, WIDE) as pilot:
        await to_learner(pilot)
        for name, (key, acted) in LEARNER.items():
            await press(pilot, key)
            assert acted(pilot), name
            while not is_on(pilot, CohortLearnerScreen) and not is_on(pilot, CohortScreen):
                await press(pilot, "escape")


async def test_every_other_new_key_is_told_and_tried_here() -> None:
    """Keys of the smaller screens: the tests above press each of them."""
    pressed = {
        CohortDiffScreen: {"changes.back", "changes.before", "changes.after"},
        CohortRecordsScreen: {
            "records.consent",
            "records.identity",
            "records.appointment",
            "records.back",
            "records.leave",
        },
        CohortReportScreen: {"report.copy", "report.back"},
        CohortPlaceScreen: {
            *("requirement.back", "requirement.except", "requirement.attest"),
            *("requirement.take-back", "requirement.passed"),
        },
    }
    for kind, ids in pressed.items():
        assert {getattr(binding, "id", None) for binding in kind.BINDINGS} == ids


async def test_the_palette_has_what_an_advisor_can_do(place: Place) -> None:
    async with opened(place) as pilot:
        names = [one.title for one in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Report", "Changes", "Purge", "Purge ended", "Consent", "Earlier scan", "Counts"} <= set(names)
        await to_learner(pilot)
        names = [one.title for one in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Report", "Records", "Exception", "Take back", "Target", "Purge"} <= set(names)


SCREENS = {
    "cohort-report": (("s",), 1),
    "cohort-purge": (("g", "x"), 1),
    "cohort-diff": (("d",), 1),
    "cohort-requirement": (("g", "j", "j", "enter", "j", "enter"), 2),
    "cohort-exception": (("enter", "j", "e", "enter"), 2),
    "cohort-records": (("enter", "r"), 2),
    "cohort-letter": (("enter", "s"), 2),
}


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_the_screens_that_act_look_as_they_did(
    place: Place, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A folder whose name is the same everywhere.
    monkeypatch.chdir("/")
    (place.folder / "Pia-Mallinen.zip").unlink()
    scanned_again(place)
    async with opened(place, size) as pilot:
        for name, (keys, back) in SCREENS.items():
            await press(pilot, *keys)
            agrees(name, size, screen(pilot))
            await press(pilot, *["escape"] * back)
            assert is_on(pilot, CohortScreen), name
