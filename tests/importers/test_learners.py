"""What each learner handed over: one file or one sub-folder is one learner, whatever else lies in the folder."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from importers.learners import handed, known
from tests.generate import badges, cohorts
from tests.generate.cohorts import PEOPLE, SYLLABICS
from tests.support.opened import opened_below
from wallet.cohort.model import TakenIn
from wallet.errors import NotFoundError
from wallet.progress import Cancelled, Event


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cohorts.write(tmp_path_factory.mktemp("learners") / "handed").folder


def test_one_file_or_one_sub_folder_is_one_learner_in_the_order_of_names(folder: Path) -> None:
    found = list(handed(folder))
    assert [one.name for one in found] == sorted(person.entry for person in PEOPLE.values())
    by_name = {one.name: one for one in found}
    assert len(by_name["ada.zip"].found) == 5
    assert by_name["kim"].files == ("kim/bees.png", "kim/lab.png", "kim/scan.zip")
    assert by_name[f"{SYLLABICS}.zip"].bundle is not None


def test_a_bundle_tells_who_and_until_when_and_a_plain_file_nothing(folder: Path) -> None:
    by_name = {one.name: one for one in handed(folder)}
    ada = by_name["ada.zip"].bundle
    assert ada is not None
    assert (ada.person, [str(one) for one in ada.identities]) == ("Ada Complete", ["email:ada@learner.example"])
    assert by_name["jo.png"].bundle is None


def test_an_unreadable_file_is_a_refusal_of_its_learner(folder: Path) -> None:
    by_name = {one.name: one for one in handed(folder)}
    assert [one.code for one in by_name["kim"].refused] == ["file-damaged"]
    assert str(folder) not in by_name["kim"].refused[0].message
    assert len(by_name["kim"].found) == 2
    assert all(not one.refused for one in by_name.values() if one.name != "kim")


def test_hidden_files_the_store_and_links_are_nobody(tmp_path: Path) -> None:
    (tmp_path / ".badgefolio-cohort").mkdir()
    (tmp_path / ".badgefolio-cohort" / "a.png").write_bytes(badges.png())
    (tmp_path / ".hidden.zip").write_bytes(badges.ZIP)
    (tmp_path / "real.json").write_bytes(badges.encode(badges.assertion()))
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    os.mkfifo(tmp_path / "pipe")
    assert [one.name for one in handed(tmp_path)] == ["real.json"]
    assert [one.name for one in known(tmp_path)] == ["real.json"]


def test_the_digest_changes_with_any_byte_and_any_name_and_else_not(tmp_path: Path) -> None:
    learner = tmp_path / "ada"
    learner.mkdir()
    (learner / "one.json").write_bytes(badges.encode(badges.assertion()))
    (first,) = handed(tmp_path)
    (same,) = handed(tmp_path)
    assert same.sha256 == first.sha256
    (learner / "one.json").rename(learner / "two.json")
    (renamed,) = handed(tmp_path)
    (learner / "two.json").write_bytes(badges.encode(badges.assertion(2)))
    (other,) = handed(tmp_path)
    assert len({first.sha256, renamed.sha256, other.sha256}) == 3


def test_a_learner_without_any_badge_is_still_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.txt").write_text("Nothing to see.")
    found = {one.name: one for one in handed(tmp_path)}
    assert found.keys() == {"empty", "words.txt"}
    assert found["empty"].found == ()


def test_several_bundles_of_one_learner_tell_together_what_they_tell(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    cohorts.hand_over(tmp_path / "ada", PEOPLE["complete"])
    cohorts.hand_over(tmp_path / "ada", PEOPLE["described"])
    (one,) = handed(tmp_path)
    assert one.bundle is not None
    assert {str(each) for each in one.bundle.identities} == {"email:ada@learner.example", "email:ivo@learner.example"}
    assert len(one.found) == 6


def test_learners_are_read_as_they_are_asked_for(folder: Path) -> None:
    seen: list[str] = []

    def stop(event: Event) -> None:
        seen.append(event.item)
        if event.done == 3:
            raise Cancelled

    taken = []
    with pytest.raises(Cancelled):
        for one in handed(folder, progress=stop):
            taken.append(one.name)
    assert taken == seen


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        list(handed(tmp_path / "nowhere"))


def test_who_is_there_is_known_without_reading(folder: Path) -> None:
    by_name = {one.name: one for one in known(folder)}
    assert by_name.keys() == {person.entry for person in PEOPLE.values()}
    assert by_name["kim"].files == 3
    assert by_name["ada.zip"].size == (folder / "ada.zip").stat().st_size


def test_of_what_did_not_change_only_the_digest_comes(tmp_path: Path) -> None:
    cohorts.hand_over(tmp_path, PEOPLE["complete"])
    cohorts.hand_over(tmp_path, PEOPLE["close"])
    whole = {one.name: one for one in handed(tmp_path)}
    digests = {name: TakenIn(one.sha256) for name, one in whole.items()}
    cohorts.hand_over(tmp_path, replace(PEOPLE["close"], left_out=5))
    again = {one.name: one for one in handed(tmp_path, unchanged=digests)}
    assert (again["ada.zip"].sha256, again["ada.zip"].files) == (whole["ada.zip"].sha256, ("ada.zip",))
    assert again["ada.zip"].found == () and again["ada.zip"].bundle is None
    assert again["ben.zip"].sha256 != whole["ben.zip"].sha256 and len(again["ben.zip"].found) == 3


def test_files_that_look_as_before_are_not_opened_and_one_that_was_touched_is(tmp_path: Path) -> None:
    cohorts.hand_over(tmp_path, PEOPLE["complete"])
    cohorts.hand_over(tmp_path, PEOPLE["unreadable"])
    whole = {one.name: one for one in handed(tmp_path)}
    before = {name: TakenIn(one.sha256, one.stamp.digest) for name, one in whole.items()}
    with opened_below(tmp_path) as opened:
        again = {one.name: one for one in handed(tmp_path, unchanged=before)}
    assert opened == []
    assert {name: one.sha256 for name, one in again.items()} == {name: one.sha256 for name, one in whole.items()}
    bees = tmp_path / "kim" / "bees.png"
    seen = bees.stat()
    bees.write_bytes(bytes(seen.st_size))
    os.utime(bees, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # as old and as large as it was
    again = {one.name: one for one in handed(tmp_path, unchanged=before)}
    assert again["kim"].sha256 != whole["kim"].sha256
    assert again["ada.zip"].sha256 == whole["ada.zip"].sha256


def test_how_files_look_says_nothing_where_one_could_not_be_read(tmp_path: Path) -> None:
    cohorts.hand_over(tmp_path, PEOPLE["unreadable"])
    (tmp_path / "kim" / "bees.png").chmod(0)
    if os.access(tmp_path / "kim" / "bees.png", os.R_OK):
        (tmp_path / "kim" / "loop").symlink_to("loop")  # who may read everything still follows no link
    (one,) = handed(tmp_path)
    assert one.stamp.digest == ""
