"""Names that want to be commands, in an advisor's hands: every screen of a cohort shows them as harmless text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from importers.learners import handed
from tests.generate import badges
from tests.support.hand import driven
from tests.support.screens import USUAL, WIDE, press, screen, settled
from tests.support.wallets import NOW
from tests.tui.app.advisor import to
from tests.tui.test_hostile_screens import NAMES, PATHWAY, harmless
from tui.app.app import BadgefolioApp
from tui.app.cohort_learner_views import (
    ahead_lines,
    badge_lines,
    dated_lines,
    learner_head,
    pathway_head,
    place_lines,
    place_page,
)
from tui.app.cohort_reading import View, read_learner, read_scan
from tui.app.cohort_views import row_card, row_line
from tui.app.screens.cohort import CohortScreen
from tui.app.screens.cohort_acts import SayScreen
from tui.app.screens.cohort_diff import CohortDiffScreen, ScansScreen
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.screens.cohort_pivot import CohortPivotScreen, PeopleScreen
from tui.app.screens.cohort_place import CohortPlaceScreen
from tui.app.screens.cohort_purge import CohortPurgeScreen
from tui.app.screens.cohort_records import AppointmentScreen, CohortRecordsScreen, ConsentScreen, IdentityScreen
from tui.app.screens.cohort_report import CohortReportScreen
from tui.app.screens.cohort_scan import CohortScanScreen
from tui.app.screens.cohort_scan_options import ScanOptionsScreen
from tui.app.screens.cohort_words import CohortAttestScreen, CohortExceptionKindScreen, CohortExceptionScreen
from tui.app.widgets.cohort_list import CohortList
from wallet.bundle import MEMBER, ORIGINAL, Bundle, BundleBadge, BundleFile
from wallet.bundle_json import write_bundle
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.cohort.table import rows
from wallet.config import Config
from wallet.model import Identity
from wallet.paths import Paths
from wallet.pathways.definition import read
from wallet.store.wallet import Wallet
from wallet.text import clean

HOSTILE = (
    PATHWAY.replace("urn:example:hostile", "urn:example:cohort").replace('"two"]', '"two", "three"]')
    + """
[element.three]
name = "[/oops] three \\u202e"
url = "https://evil.example/\\u202e[/oops]"
match = [{ attested = "advisor" }]
"""
)
SKILL = {"targetUrl": "https://skills.example/1", "targetFramework": "[/oops]\x1b[2J"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app keeps its own things, the folder of learners, and what one is called of whom much is recorded."""

    home: Path
    folder: Path
    written_about: str


def bundle(number: int, name: str) -> bytes:
    """One learner, of whom every word is hostile, with one badge that counts and one that is only described."""
    achievement = badges.badge_class(
        id=f"{badges.HOST}/classes/3",
        name=name,
        description=name,
        criteria={"narrative": name},
        issuer=badges.issuer(name=name, id=f"{badges.HOST}/{number}"),
        alignment=[{**SKILL, "targetName": name, "targetCode": name[:60]}],
    )
    email = f"learner-{number}@learner.example"
    award = badges.assertion(number, badge=achievement, recipient={"type": "email", "hashed": False, "identity": email})
    content = badges.encode(award)
    file = BundleFile("originals/one.json", sha256(content).hexdigest(), len(content), "application/json", ORIGINAL)
    told = Bundle(
        created=NOW,
        audience=name,
        purpose=name,
        consent=name,
        given=NOW.date(),
        until=date(2999, 1, 1) if number % 5 else date(2026, 1, 1),
        person=name,
        identities=(Identity("email", email), Identity("url", name)),
        badges=(BundleBadge(file.sha256, name, name, files=(file.path,)), BundleBadge("0" * 64, name, name)),
        files=(file,),
        tool=name,
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(MEMBER, write_bundle(told))
        archive.writestr(file.path, content)
    return stream.getvalue()


def lay_out(base: Path) -> Place:
    """A folder of hostile learners, two scans with different pathways, and hostile words recorded of the first ones."""
    folder, home = base / "autumn [@click=app.quit][oops]\x1b[2J", base / "home"
    folder.mkdir()
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.save_pathway("hostile", HOSTILE.encode(), now=NOW)
    for number, name in enumerate(NAMES):
        called = name.replace("/", "|").replace("\x00", "")[:40]
        (folder / f"{number:02} {called}.zip").write_bytes(bundle(number, name))
    (folder / "torn [@click=app.quit]\x1b[2J\u202e.zip").write_bytes(b"PK\x03\x04 this is torn")
    before = HOSTILE.replace('version = "[red]1"', 'version = "[/oops]0"').replace('"two", "three"]', '"two"]')
    with Cohort.open(folder, create=True) as cohort:
        for text, later in ((before, 0), (HOSTILE, 1)):
            used = read(text.encode(), "hostile.toml")
            when = NOW + timedelta(hours=later)
            found = scan(
                cohort, handed(folder), [UsedPathway(used, used.sha256)], now=when, at=when.date(), fetcher=None
            )
        consenting = [one for one in found.learners if one.consent is not None and one.consent.holds(NOW.date())]
        for learner, name in zip(consenting[:12], NAMES, strict=False):
            said = name.strip() or "words"
            keep = {
                "note": {"text": said},
                "feedback": {"text": said},
                "appointment": {"date": "2026-12-01", "text": said},
                "identity": {"type": "url", "value": said},
            }
            for kind, about in keep.items():
                cohort.record(learner.number, kind, about, now=NOW)
            word = {"who": said, "role": "advisor", "reason": said, "kind": "force-complete"}
            for kind, place in (("attested", "three"), ("excepted", "two")):
                cohort.record(learner.number, kind, word, now=NOW, pathway=used.id, place=place)
    return Place(home, folder, clean(consenting[1].name, limit=200))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Made once; what the tests record does not change what they look at."""
    return lay_out(tmp_path_factory.mktemp("hostile"))


def opened(place: Place, size: tuple[int, int]):
    return driven(BadgefolioApp(Paths.under(place.home), Config(), now=NOW, cohort=place.folder), size)


async def through(pilot: Pilot[None], size: tuple[int, int], *keys: str) -> None:
    """Press them one after the other, and look at each screen that comes."""
    for key in keys:
        await press(pilot, key)
        assert pilot.app.is_running, key
        harmless(screen(pilot), size)


async def back_to(pilot: Pilot[None], kind: type[Screen[None]]) -> None:
    for _ in range(6):
        if isinstance(pilot.app.screen, kind):
            return
        await press(pilot, "escape")
    raise AssertionError(pilot.app.screen)


async def type_in(pilot: Pilot[None], size: tuple[int, int], words: str) -> None:
    """Hostile words in every field of a form, and what it says to them."""
    for box in pilot.app.screen.query(Input):
        box.value = words
    for area in pilot.app.screen.query(TextArea):
        area.text = words
    await settled(pilot)
    harmless(screen(pilot), size)
    if boxes := pilot.app.screen.query(Input):
        boxes.last().focus()
        await through(pilot, size, "enter")


#: Keys of the table, the screen that they open, whether it has fields.
FROM_THE_TABLE = (
    (("b", "2", "down"), CohortPivotScreen),
    (("b", "enter"), PeopleScreen),
    (("b", "3", "y"), CohortPivotScreen),
    (("d",), CohortDiffScreen),
    (("v",), ScansScreen),
    (("d", "e"), ScansScreen),
    (("c",), ConsentScreen),
    (("s",), CohortReportScreen),
    (("x",), CohortPurgeScreen),
    (("X",), CohortPurgeScreen),
    (("r",), CohortScanScreen),
    (("r", "w"), ScanOptionsScreen),
)
#: Keys of a learner's page, from its place that holds an exception.
FROM_A_LEARNER = (
    (("n",), SayScreen),
    (("f",), SayScreen),
    (("s",), CohortReportScreen),
    (("x",), CohortPurgeScreen),
    (("r",), CohortRecordsScreen),
    (("r", "c"), ConsentScreen),
    (("r", "i"), IdentityScreen),
    (("r", "p"), AppointmentScreen),
    (("enter",), CohortPlaceScreen),
    (("enter", "pagedown", "p"), CohortPlaceScreen),
    (("e",), CohortExceptionKindScreen),
    (("e", "enter"), CohortExceptionScreen),
    (("e", "down", "enter"), CohortExceptionScreen),
    (("j", "a"), CohortAttestScreen),
)


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_the_table_and_what_it_opens_survive_every_name(
    place: Place, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a report that a form writes after all
    async with opened(place, size) as pilot:
        await settled(pilot)
        listed = pilot.app.screen.query_one(CohortList)
        assert listed.row_count == len(NAMES) + 1
        await through(pilot, size, "j", "pagedown", "pagedown", "k", "l", "pagedown", "escape")
        await through(pilot, size, *"w15", "0", "S", "m", "m", "slash")
        for name in NAMES[::5]:
            pilot.app.screen.query_one("#search", Input).value = name
            await settled(pilot)
            harmless(screen(pilot), size)
        await press(pilot, "escape", "g", "j")
        for keys, kind in FROM_THE_TABLE:
            await through(pilot, size, *keys)
            assert type(pilot.app.screen) is kind, keys
            if kind is not CohortPurgeScreen:  # any word would do there for a number that is not typed right
                await type_in(pilot, size, f"{NAMES[16]} {NAMES[3]}\u202e" + "x" * 200)
            await back_to(pilot, CohortScreen)
        await through(pilot, size, "question_mark")


@pytest.mark.parametrize("size", [USUAL, WIDE])
async def test_the_page_of_a_learner_and_what_it_opens_survive_every_name(
    place: Place, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(place, size) as pilot:
        await settled(pilot)
        await to(pilot, place.written_about)
        await through(pilot, size, "enter", "j", "l", "pagedown", "h", "g", "j")
        for keys, kind in FROM_A_LEARNER:
            assert type(pilot.app.screen) is CohortLearnerScreen
            await through(pilot, size, *keys)
            assert type(pilot.app.screen) is kind, keys
            if kind is not CohortPurgeScreen:
                await type_in(pilot, size, NAMES[16] + NAMES[3] + "\u202e")
            await back_to(pilot, CohortLearnerScreen)


def test_all_that_is_said_of_a_learner_is_harmless_for_every_name(place: Place) -> None:
    found = read_scan(place.folder)
    paths, today = Paths.under(place.home), NOW.date()
    texts = []
    for row in rows(found, at=today):
        texts.append(row_line(row, 200, closest=clean(row.pathway.name), ascii_only=False))
        texts.append(row_card(row, closest="", pseudonyms=False, ascii_only=False))
        if row.ended:
            continue
        shown = read_learner(View(place.folder), row.learner.number, paths, at=today, language=None)
        texts.append(learner_head(shown.report, shown.looked))
        texts.append(badge_lines(shown.report.badges, ascii_only=False))
        texts.append(dated_lines(shown.looked.records.notes, ""))
        for told in shown.report.pathways:
            texts.append(pathway_head(told, ascii_only=False))
            texts += [text for _, text in (*place_lines(told, ascii_only=False), *ahead_lines(told))]
            for part in told.places:
                fills = [(badge, None) for badge in shown.report.badges]
                texts.append(place_page(told, part, fills, [], pseudonyms=False, ascii_only=False, folded=False))
    assert len(texts) > 10 * len(NAMES)
    for text in texts:
        harmless(text.plain, (100_000, 0))
