"""The store of a cohort: names, numbers, records, modes, and that a purge leaves no trace."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from shutil import copytree

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, HOST, NOW, PEOPLE, SYLLABICS, WATER, World
from wallet.cohort.model import Consent, Problem, ProblemCode, Scan
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import STORE, Cohort
from wallet.errors import NewerFormatError, NotFoundError, StoreBusyError, StoreDamagedError, StoreError, UsageError
from wallet.model import Identity
from wallet.store.journal import Lock
from wallet.verify.report import Verdict


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The sample, scanned twice: offline, and asked."""
    world = cohorts.write(tmp_path_factory.mktemp("store") / "handed")
    with Cohort.open(world.folder, create=True) as cohort:
        look(cohort, world)
        look(cohort, world, asked=True)
    return world


@pytest.fixture
def world(scanned: World, tmp_path: Path) -> World:
    """A copy to change."""
    copytree(scanned.folder, tmp_path / "handed")
    return replace(scanned, folder=tmp_path / "handed")


@pytest.fixture
def cohort(world: World) -> Iterator[Cohort]:
    with Cohort.open(world.folder) as opened:
        yield opened


def look(cohort: Cohort, world: World, *, asked: bool = False, days: int = 0) -> Scan:
    used = [UsedPathway(one, one.sha256) for one in world.pathways]
    fetcher = world.published if asked else None
    return scan(cohort, handed(world.folder), used, now=NOW + timedelta(days=days), at=AT, fetcher=fetcher)


def number(cohort: Cohort, who: str) -> str:
    return cohort.find(PEOPLE[who].entry)


def test_a_folder_without_a_scan_is_told_apart_from_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as said:
        Cohort.open(tmp_path)
    assert "cohort scan" in said.value.remedy
    with pytest.raises(NotFoundError):
        Cohort.open(tmp_path / "nowhere", create=True)
    with Cohort.open(tmp_path, create=True) as cohort, pytest.raises(NotFoundError):
        cohort.load()


def test_a_store_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / STORE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        Cohort.open(tmp_path / "folder", create=True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_store_of_a_later_version_or_a_damaged_one_is_left_alone(tmp_path: Path) -> None:
    Cohort.open(tmp_path, create=True).close()
    about = tmp_path / STORE / "cohort.json"
    about.write_text('{"format":"badgefolio-cohort-store/2"}')
    with pytest.raises(NewerFormatError):
        Cohort.open(tmp_path)
    about.write_text("{")
    with pytest.raises(StoreDamagedError):
        Cohort.open(tmp_path)


def test_nobody_else_can_read_the_store(scanned: World) -> None:
    for path in (scanned.folder / STORE, *(scanned.folder / STORE).rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_names_stand_in_the_learners_own_directory_and_nowhere_else(scanned: World) -> None:
    words = [person.name for person in PEOPLE.values() if person.name]
    words += [person.email for person in PEOPLE.values()] + [cohorts.salted(one.email) for one in PEOPLE.values()]
    words += [person.entry for person in PEOPLE.values()] + [f"{HOST}/awards/"]
    store = scanned.folder / STORE
    for path in store.rglob("*"):
        if path.is_file() and not path.relative_to(store).parts[0].startswith("L-"):
            assert_absent(path, words)


def assert_absent(path: Path, words: list[str]) -> None:
    content = path.read_bytes()
    for word in words:
        for spelt in (
            word.encode(),
            word.encode("ascii", "backslashreplace"),
            sha256(word.encode()).hexdigest().encode(),
        ):
            assert spelt not in content, (path, word)


def test_of_a_revocation_list_nothing_is_kept_but_what_it_said(scanned: World) -> None:
    listed = scanned.documents[f"{HOST}/revoked"]
    assert all(listed not in path.read_bytes() for path in (scanned.folder / STORE).rglob("*") if path.is_file())


def test_a_learner_is_found_by_number_file_and_name(cohort: Cohort) -> None:
    ada = number(cohort, "complete")
    assert [cohort.find(name) for name in (ada, ada.lower(), "ada.zip", "ada", "Ada Complete", "ada complete")] == [
        ada
    ] * 6
    assert cohort.find(SYLLABICS) == number(cohort, "syllabics")
    assert cohort.find("kim") == number(cohort, "unreadable")
    with pytest.raises(NotFoundError):
        cohort.find("nobody")


def test_a_name_that_two_bear_is_refused_with_both_numbers(cohort: Cohort, world: World) -> None:
    cohorts.hand_over(world.folder, replace(PEOPLE["close"], name="Ada Complete"))
    look(cohort, world)
    with pytest.raises(UsageError) as said:
        cohort.find("Ada Complete")
    assert number(cohort, "close") in said.value.message and number(cohort, "complete") in said.value.message


def test_numbers_stay_from_scan_to_scan_and_say_nothing_of_names(cohort: Cohort, world: World) -> None:
    before = {one.source: one.number for one in cohort.load().learners}
    assert {one.source: one.number for one in look(cohort, world).learners} == before
    assert [before[name] for name in sorted(before)] != sorted(before.values())


def test_numbers_can_be_drawn_for_a_test(made_up: Path) -> None:
    numbers = count(7)
    with Cohort.open(made_up, create=True, draw=lambda most: next(numbers) % most) as cohort:
        assert cohort.register("a.zip").number == "L-000007"
        assert cohort.register("b.zip").number == "L-000008"


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    return tmp_path


def test_records_come_back_as_they_were_said(cohort: Cohort) -> None:
    ada = number(cohort, "complete")

    def say(kind: str, about: dict[str, str] | None, **more: object) -> None:
        cohort.record(ada, kind, about, now=NOW, **more)  # type: ignore[arg-type]

    say("note", {"text": "Wants to work outside."})
    say("feedback", {"text": "Well done."})
    say("target", {}, pathway=WATER)
    say("appointment", {"date": "2026-12-01", "text": "Room 4"})
    say("identity", {"type": "email", "value": "ada@old.example"})
    say("consent", {"text": "On paper", "scope": "Advice"}, until=date(2027, 1, 31))
    kept = cohort.records(ada)
    assert [one.text for one in kept.notes] == ["Wants to work outside."]
    assert [one.text for one in kept.feedback] == ["Well done."]
    assert kept.targets == (WATER,)
    assert [(one.day, one.text) for one in kept.appointments] == [(date(2026, 12, 1), "Room 4")]
    assert kept.identities == (Identity("email", "ada@old.example"),)
    assert kept.consent == Consent("On paper", AT, date(2027, 1, 31), "Advice", "advisor")
    loaded = next(one for one in cohort.load().learners if one.number == ada)
    assert loaded.consent == kept.consent
    assert [one.target for one in cohort.load().standings if one.learner == ada] == [True, False]
    say("target", None, pathway=WATER)
    say("consent", None)
    say("identity", {"type": "email", "value": "ada@old.example", "on": False})  # type: ignore[dict-item]
    kept = cohort.records(ada)
    assert (kept.targets, kept.consent, kept.identities) == ((), None, ())


def test_records_are_synced_lines_and_a_torn_one_is_left_out(cohort: Cohort, world: World) -> None:
    ada = number(cohort, "complete")
    cohort.record(ada, "note", {"text": "One"}, now=NOW)
    path = world.folder / STORE / ada / "records.jsonl"
    path.write_bytes(path.read_bytes() + b'["note","2026')
    cohort.record(ada, "note", {"text": "Two"}, now=NOW)
    assert [one.text for one in cohort.records(ada).notes] == ["One", "Two"]


@pytest.mark.parametrize(
    ("kind", "about", "more"),
    [
        ("gossip", {"text": "x"}, {}),
        ("note", {"text": " "}, {}),
        ("note", None, {}),
        ("appointment", {"date": "soon"}, {}),
        ("target", {}, {}),
        ("consent", {"given": "some day"}, {}),
        ("identity", {"type": "email"}, {}),
        ("identity", None, {}),
        ("excepted", {"kind": "force-complete", "who": "Sam", "reason": "x"}, {}),
        ("excepted", {"kind": "force-complete", "who": "Sam"}, {"pathway": WATER, "place": "aid"}),
        ("excepted", {"kind": "wish", "who": "Sam", "reason": "x"}, {"pathway": WATER, "place": "aid"}),
    ],
)
def test_a_record_that_says_nothing_is_refused(
    cohort: Cohort, kind: str, about: dict[str, str] | None, more: dict[str, str]
) -> None:
    ada = number(cohort, "complete")
    with pytest.raises(UsageError):
        cohort.record(ada, kind, about, now=NOW, **more)  # type: ignore[arg-type]
    assert cohort.records(ada).notes == ()


def test_those_whose_consent_is_past_are_named_by_number(cohort: Cohort) -> None:
    mo = number(cohort, "ended")
    assert cohort.ended(AT) == (mo,)
    assert cohort.ended(date(2026, 11, 1)) == ()
    cohort.record(mo, "consent", {"text": "Renewed"}, now=NOW, until=date(2027, 12, 31))
    assert cohort.ended(AT) == ()


def test_an_unreadable_file_is_a_problem_of_its_learner_and_stops_nobody(cohort: Cohort) -> None:
    found = cohort.load()
    kim = next(one for one in found.learners if one.source == "kim")
    (problem,) = kim.problems
    assert isinstance(problem, Problem)
    assert problem.code is ProblemCode.UNREADABLE
    assert "kim/scan.zip" in problem.text
    assert len(cohort.badges(kim.number)) == 2


def test_a_torn_result_is_worked_out_again(cohort: Cohort, world: World) -> None:
    before = look(cohort, world)
    for path in (world.folder / STORE).glob("L-*/results/*"):
        path.write_bytes(path.read_bytes()[:40])
    after = look(cohort, world)
    assert after.standings == before.standings


def test_a_scan_that_runs_keeps_a_second_one_out(cohort: Cohort, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallet.cohort.store.Lock", lambda path: Lock(path, patience=0))
    with cohort.locked("scan.lock"), Cohort.open(world.folder) as other:
        with pytest.raises(StoreBusyError):
            look(other, world)
        with pytest.raises(StoreBusyError):
            other.purge(number(other, "close"), now=NOW)
    assert number(cohort, "close")


@pytest.mark.parametrize("who", ["complete", "syllabics", "eligible", "revoked", "second"])
def test_a_purge_leaves_no_trace_in_any_byte_of_the_store(cohort: Cohort, world: World, who: str) -> None:
    person = PEOPLE[who]
    gone = number(cohort, who)
    cohort.record(gone, "note", {"text": f"About {person.name}"}, now=NOW)
    numbers = set(cohort.numbers())
    done = cohort.purge(gone, now=NOW)
    assert done.files == (world.folder / person.entry,)
    assert done.files[0].exists() and not done.deleted
    words = [person.name, person.email, cohorts.salted(person.email), person.entry, gone, gone[2:]]
    ids = [cohorts.award_id(person, award) for award in person.awards if award.to is None]
    for path in (world.folder / STORE).rglob("*"):
        assert gone not in path.name
        if path.is_file():
            assert_absent(path, [*words, *ids])
    for line in cohort.scans():
        assert line.learners == len(PEOPLE) - 1
        assert all(one.learner != gone for one in cohort.load(line.id).standings)
    assert set(cohort.numbers()) == numbers - {gone}
    with pytest.raises(NotFoundError):
        cohort.records(gone)


def test_after_a_purge_nobody_else_is_marked_because_of_that_learner(cohort: Cohort) -> None:
    first, second = number(cohort, "first"), number(cohort, "second")
    cohort.purge(second, now=NOW)
    for line in cohort.scans():
        learner = next(one for one in cohort.load(line.id).learners if one.number == first)
        assert learner.problems == ()
        assert [one.also for one in cohort.badges(first, line.id)] == [()]


def test_a_document_that_only_one_learner_used_goes_with_them(cohort: Cohort, world: World) -> None:
    shared = world.folder / STORE / "shared"
    name = sha256(f"{HOST}/classes/knots".encode()).hexdigest()
    issuer = sha256(f"{HOST}/issuer".encode()).hexdigest()
    assert (shared / name).exists()
    cohort.purge(number(cohort, "nothing"), now=NOW)
    assert not (shared / name).exists()
    assert (shared / issuer).exists()


def test_files_are_deleted_only_when_that_is_asked_and_only_the_learners_own(cohort: Cohort, world: World) -> None:
    kim = number(cohort, "unreadable")
    others = {path.name for path in world.folder.iterdir()} - {"kim"}
    done = cohort.purge(kim, with_files=True, now=NOW)
    assert done.deleted
    assert sorted(path.name for path in done.files) == ["bees.png", "lab.png", "scan.zip"]
    assert {path.name for path in world.folder.iterdir()} == others


def test_a_purge_never_deletes_through_a_link(cohort: Cohort, world: World, tmp_path: Path) -> None:
    (world.folder / "kim").rename(tmp_path / "precious")
    (world.folder / "kim").symlink_to(tmp_path / "precious")
    cohort.purge(number(cohort, "unreadable"), with_files=True, now=NOW)
    assert (tmp_path / "precious" / "lab.png").exists()


def test_who_comes_back_after_a_purge_is_somebody_new(cohort: Cohort, world: World) -> None:
    before = number(cohort, "close")
    cohort.record(before, "note", {"text": "x"}, now=NOW)
    cohort.purge(before, now=NOW)
    look(cohort, world, days=1)
    after = number(cohort, "close")
    assert after != before
    assert cohort.records(after).notes == ()


def test_the_check_of_a_badge_can_be_looked_at(cohort: Cohort) -> None:
    eve = number(cohort, "revoked")
    (revoked,) = [one for one in cohort.badges(eve) if one.candidate.revoked]
    report = cohort.report(eve, revoked.candidate.id)
    assert report is not None
    assert report.verdict is Verdict.REVOKED
    assert cohort.report(eve, "0" * 64) is None


@pytest.mark.parametrize("name", ["L-1", "../L-000001", "L-000001/..", "lock", "", "shared"])
def test_nothing_but_a_number_opens_a_directory(cohort: Cohort, name: str) -> None:
    with pytest.raises(NotFoundError):
        cohort.records(name)
