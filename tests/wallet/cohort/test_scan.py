"""Scanning the sample cohort: figures and proofs against a count by hand, offline and online, changed, stopped and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, GARDEN, HOST, NOW, PEOPLE, WATER, World
from wallet.cohort import asking, checks, figuring
from wallet.cohort.asking import hosts
from wallet.cohort.drawer import Drawer
from wallet.cohort.model import ProblemCode, Proof, Scan, Standing
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import STORE, Cohort
from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Want
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.verify.report import Report


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The folder as it was handed over."""
    return cohorts.write(tmp_path_factory.mktemp("cohort") / "handed")


@pytest.fixture(scope="module")
def checked(made: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same, scanned once with a network: the store knows documents and answers."""
    folder = tmp_path_factory.mktemp("checked") / "handed"
    copytree(made.folder, folder)
    world = replace(made, folder=folder)
    with Cohort.open(folder, create=True) as cohort:
        look(cohort, world, fetcher=world.published)
    return world


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    """A copy of the folder to change."""
    copytree(made.folder, tmp_path / "handed")
    return replace(made, folder=tmp_path / "handed")


@pytest.fixture
def known(checked: World, tmp_path: Path) -> World:
    """A copy of the folder that was scanned."""
    copytree(checked.folder, tmp_path / "handed")
    return replace(checked, folder=tmp_path / "handed")


def look(
    cohort: Cohort,
    world: World,
    *,
    fetcher: Fetcher | None = None,
    hours: float = 0,
    at: date = AT,
    max_age: timedelta | None = None,
    progress: Progress = silent,
    pathways: Sequence[UsedPathway] | None = None,
) -> Scan:
    used = pathways or [UsedPathway(one, one.sha256) for one in world.pathways]
    now = NOW + timedelta(hours=hours)
    return scan(cohort, handed(world.folder), used, now=now, at=at, fetcher=fetcher, max_age=max_age, progress=progress)


def number(one: Scan, who: str) -> str:
    return next(learner.number for learner in one.learners if learner.source == PEOPLE[who].entry)


def standing(one: Scan, who: str, pathway: str = WATER) -> Standing:
    wanted = number(one, who)
    return next(each for each in one.standings if each.learner == wanted and each.pathway == pathway)


def figures(one: Scan, pathway: str = WATER) -> dict[str, tuple[int, int, int]]:
    """Filled places, percent and verified percent of everybody."""
    rows = {who: standing(one, who, pathway) for who in PEOPLE}
    return {who: (row.filled, row.percent, row.verified_percent) for who, row in rows.items()}


def proofs(cohort: Cohort, one: Scan, who: str) -> dict[str, Proof]:
    return {badge.candidate.name: badge.proof for badge in cohort.badges(number(one, who))}


#: Of four places. Without documents nothing is proven, and nothing is failed but what says itself that it is another's.
OFFLINE = {
    "complete": (4, 100, 0),
    "close": (3, 75, 0),
    "stuck": (1, 25, 0),
    "expired": (3, 75, 0),
    "revoked": (2, 50, 0),
    "mismatch": (1, 25, 0),
    "first": (1, 25, 0),
    "second": (1, 25, 0),
    "described": (1, 25, 0),
    "no-consent": (1, 25, 0),
    "unreadable": (1, 25, 0),
    "syllabics": (2, 50, 0),
    "nothing": (0, 0, 0),
    "ended": (4, 100, 0),
    "eligible": (4, 100, 0),
    "risk": (4, 100, 0),
    "forger": (4, 100, 0),
}
#: Asked: one is withdrawn, the forged ones fall, and what named no address cannot be told whose it is.
ONLINE = {
    **{who: (filled, percent, percent) for who, (filled, percent, _) in OFFLINE.items()},
    "revoked": (1, 25, 25),
    # Nobody is asked about somebody whose consent has ended.
    "ended": (4, 100, 0),
    "forger": (0, 0, 0),
    "second": (1, 25, 0),
    "no-consent": (1, 25, 0),
    "unreadable": (1, 25, 0),
}


def test_without_network_no_figure_is_verified_and_no_badge_fails_for_want_of_an_answer(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        found = look(cohort, world)
        assert figures(found) == OFFLINE
        kinds = {badge.proof for learner in found.learners for badge in cohort.badges(learner.number)}
        assert kinds == {Proof.UNCHECKED, Proof.DESCRIBED, Proof.FAILED}
        failed = [one.number for one in found.learners if any(p.code is ProblemCode.FAILED for p in one.problems)]
        assert failed == []


def test_asked_of_their_issuer_figures_equal_the_count_by_hand(checked: World) -> None:
    with Cohort.open(checked.folder) as cohort:
        found = cohort.load()
        assert figures(found) == ONLINE
        assert figures(found, GARDEN)["unreadable"] == (1, 50, 0)
        assert set(proofs(cohort, found, "complete").values()) == {Proof.NOW}
        assert set(proofs(cohort, found, "forger").values()) == {Proof.FAILED}
        assert proofs(cohort, found, "revoked")["Water Chemistry"] is Proof.FAILED
        assert proofs(cohort, found, "expired")["First Aid"] is Proof.NOW
        assert proofs(cohort, found, "described")["Soil Science"] is Proof.DESCRIBED
        assert found.oldest == NOW


def test_somebody_elses_badge_is_an_alarm_and_counts_nowhere(checked: World) -> None:
    with Cohort.open(checked.folder) as cohort:
        found = cohort.load()
        (other,) = [one for one in cohort.badges(number(found, "mismatch")) if one.mismatch]
        assert (other.proof, other.why, other.alarming) == (Proof.FAILED, checks.SOMEBODY_ELSES, True)
        learner = next(one for one in found.learners if one.number == number(found, "mismatch"))
        assert [one.code for one in learner.problems] == [ProblemCode.MISMATCH]


def test_a_credential_in_two_hands_is_marked_on_both(checked: World) -> None:
    with Cohort.open(checked.folder) as cohort:
        found = cohort.load()
        first, second = number(found, "first"), number(found, "second")
        assert [one.also for one in cohort.badges(first)] == [(second,)]
        assert [one.also for one in cohort.badges(second)] == [(first,)]
        codes = {one.number: [each.code for each in one.problems] for one in found.learners}
        assert codes[first] == codes[second] == [ProblemCode.DUPLICATE]
        assert sum(ProblemCode.DUPLICATE in each for each in codes.values()) == 2


def test_without_an_identity_a_badge_counts_at_most_as_unverified_until_the_advisor_records_one(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        found = cohort.load()
        jo = number(found, "no-consent")
        (badge,) = cohort.badges(jo)
        assert (badge.proof, badge.candidate.status, badge.why) == (
            Proof.UNCHECKED,
            "unverified",
            checks.NOT_TOLD_WHOSE,
        )
        cohort.record(jo, "identity", {"type": "email", "value": "jo@learner.example"}, now=NOW)
        found = look(cohort, known, hours=1)
        assert figures(found)["no-consent"] == (1, 25, 25)
        assert cohort.badges(jo)[0].proof is Proof.EARLIER


def test_what_a_bundle_claims_changes_no_figure(world: World) -> None:
    """The bundles of the sample all say "valid"; one that says nothing at all gives the same."""
    with Cohort.open(world.folder, create=True) as cohort:
        before = look(cohort, world, fetcher=world.published)
        for path in sorted(world.folder.glob("*.zip")):
            _silence(path)
        after = look(cohort, world, fetcher=world.published, hours=1)
        assert figures(after) == figures(before)
        assert set(proofs(cohort, after, "forger").values()) == {Proof.FAILED}


def _silence(path: Path) -> None:
    """Take every verdict out of a bundle."""
    import io
    import zipfile

    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(contents["bundle.json"])
    for badge in told["badges"]:
        badge.pop("verdict", None)
        badge.pop("as_of", None)
    contents["bundle.json"] = json.dumps(told).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    path.write_bytes(stream.getvalue())


def test_a_proven_badge_stays_verified_offline_and_within_its_age_only(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        later = look(cohort, known, hours=48)
        assert figures(later) == ONLINE
        assert set(proofs(cohort, later, "complete").values()) == {Proof.EARLIER}
        old = look(cohort, known, hours=49, max_age=timedelta(days=1))
        assert figures(old)["complete"] == (4, 100, 0)
        # The documents are still there, so signatures hold; whether anything was withdrawn is not known any more.
        assert set(proofs(cohort, old, "complete").values()) == {Proof.OFFLINE}
        assert proofs(cohort, old, "eligible")["Soil Science"] is Proof.OFFLINE


class _Down:
    """A network on which nobody answers."""

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        return Fetched(url, url, NOW, failure=Failure(Cause.TIMEOUT, "no answer"))


def test_hosts_that_do_not_answer_take_nothing_away(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        assert figures(look(cohort, known, fetcher=_Down(), hours=1)) == ONLINE


def test_hosts_that_never_answered_leave_all_unchecked(world: World) -> None:
    with Cohort.open(world.folder, create=True) as cohort:
        found = look(cohort, world, fetcher=_Down())
        assert figures(found) == OFFLINE
        assert set(proofs(cohort, found, "complete").values()) == {Proof.UNCHECKED}


def test_an_unchanged_learner_costs_nothing(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted by what is verified and evaluated, which is all that takes time."""
    counted = {"verify": 0, "evaluate": 0}
    verify, evaluate = checks.verify, figuring.standing
    monkeypatch.setattr(checks, "verify", lambda *a, **k: (_count(counted, "verify"), verify(*a, **k))[1])
    monkeypatch.setattr(
        "wallet.cohort.scan.standing", lambda *a, **k: (_count(counted, "evaluate"), evaluate(*a, **k))[1]
    )
    with Cohort.open(known.folder) as cohort:
        look(cohort, known, hours=1)  # what was of that scan is earlier now, once
        counted.update(verify=0, evaluate=0)
        look(cohort, known, hours=2)
        assert counted == {"verify": 0, "evaluate": 0}
        grown = replace(PEOPLE["close"], awards=(*PEOPLE["close"].awards, cohorts.Award("aid")))
        cohorts.hand_over(known.folder, grown)
        after = look(cohort, known, hours=3)
        assert counted == {"verify": 4, "evaluate": 2}
        assert figures(after)["close"] == (4, 100, 75)


def _count(counted: dict[str, int], name: str) -> None:
    counted[name] += 1


def test_a_new_version_of_a_pathway_is_evaluated_and_nothing_is_checked_again(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cohort.open(known.folder) as cohort:
        look(cohort, known, hours=1)
        monkeypatch.setattr(checks, "verify", None)
        shorter = cohorts.shorter_water()
        found = look(cohort, known, hours=2, pathways=[UsedPathway(shorter, shorter.sha256)])
        assert standing(found, "close").state == "eligible"
        assert (standing(found, "complete").required, standing(found, "complete").filled) == (3, 3)


def stored(cohort: Cohort, name: str) -> list[object]:
    """A scan as it is stored, without its id and time."""
    content = json.loads((cohort.folder / STORE / "scans" / f"{name}.json").read_bytes())
    assert content[0] == name
    return [content[1], *content[3:]]


def test_two_scans_of_one_folder_on_one_day_are_the_same(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        look(cohort, known, hours=1)
        look(cohort, known, hours=5)
        first, second, third = cohort.scans()
        assert stored(cohort, second.id) == stored(cohort, third.id)
        assert first.learners == len(PEOPLE)


def test_a_stopped_scan_keeps_what_was_done_and_goes_on(world: World) -> None:
    asked = world.published.asked
    asked.clear()

    def stop(event: Event) -> None:
        if event.stage == "verify" and event.done == 10:
            raise Cancelled

    with Cohort.open(world.folder, create=True) as cohort:
        with pytest.raises(Cancelled):
            look(cohort, world, fetcher=world.published, progress=stop)
        assert cohort.scans() == ()
        again = _Online()
        found = look(cohort, world, fetcher=world.published, hours=1, progress=again)
        assert figures(found) == ONLINE
        total = sum(len(one.awards) for one in PEOPLE.values())
        assert again.total <= total - 10
        assert {Proof.NOW} == set(proofs(cohort, found, "complete").values())


class _Online:
    """How many credentials were to be asked about."""

    total = 0

    def __call__(self, event: Event) -> None:
        if event.stage == "verify":
            self.total = event.total or 0


_KILLED = """
import os, sys
from pathlib import Path
from importers.learners import handed
from tests.generate.cohorts import AT, NOW, pathways
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort

def stop(event):
    if event.stage == "cohort" and event.done == 8:
        os.kill(os.getpid(), 9)

folder = Path(sys.argv[1])
used = [UsedPathway(one, one.sha256) for one in pathways()]
scan(Cohort.open(folder, create=True), handed(folder), used, now=NOW, at=AT, fetcher=None, progress=stop)
"""


@pytest.mark.slow
def test_a_scan_that_was_killed_is_resumed_and_ends_as_if_it_had_not_been(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).resolve().parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, str(world.folder)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert ended.returncode == -signal.SIGKILL
    counted = {"verify": 0}
    verify = checks.verify
    monkeypatch.setattr(checks, "verify", lambda *a, **k: (_count(counted, "verify"), verify(*a, **k))[1])
    with Cohort.open(world.folder) as cohort:
        assert len(cohort.numbers()) == 8
        assert cohort.scans() == ()
        resumed = look(cohort, world, hours=1)
        first_eight = sorted(PEOPLE.values(), key=lambda one: one.entry)[:8]
        assert counted["verify"] == sum(len(one.awards) for one in PEOPLE.values() if one not in first_eight)
        assert figures(resumed) == OFFLINE
        look(cohort, world, hours=2)
        assert stored(cohort, "S-0001") == stored(cohort, "S-0002")


def test_shared_documents_are_asked_for_first_then_badges_that_fill_a_place(world: World) -> None:
    asked = world.published.asked
    asked.clear()
    order: list[str] = []

    def note(event: Event) -> None:
        if event.stage in ("documents", "verify"):
            order.append(event.stage)

    with Cohort.open(world.folder, create=True) as cohort:
        look(cohort, world, fetcher=world.published, progress=note)
    assert order == sorted(order)  # documents before all credentials
    assert len(asked) == len(set(asked))  # each once
    assert asked[-1] == f"{HOST}/awards/nia-soil"  # the only badge that has an address of its own


def test_learners_who_are_close_are_asked_about_before_the_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The knot badge fills no place anywhere; a second one is held by a learner who is close."""
    cohorts.hand_over(world.folder, replace(PEOPLE["close"], awards=(*PEOPLE["close"].awards, cohorts.Award("knots"))))
    asked: list[str] = []
    keep = asking._Keeper.add

    def note(self: asking._Keeper, drawer: Drawer, report: Report) -> None:
        asked.append(f"{drawer.number} {report.credential.name if report.credential else ''}")
        keep(self, drawer, report)

    monkeypatch.setattr(asking._Keeper, "add", note)
    monkeypatch.setattr(asking, "verify_all", partial(asking.verify_all, workers=1))  # in order
    with Cohort.open(world.folder, create=True) as cohort:
        found = look(cohort, world, fetcher=world.published)
        close = asked.index(f"{number(found, 'close')} Knot Tying")
        assert close < asked.index(f"{number(found, 'nothing')} Knot Tying")
        filling = [place for place, said in enumerate(asked) if said.endswith("Laboratory Safety")]
        assert max(filling) < close


def test_hosts_are_named_before_anything_is_asked(world: World) -> None:
    assert hosts(handed(world.folder)) == ("badges.rowan-college.example",)


def test_an_exception_changes_the_figure_and_the_one_without_stands_beside_it(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        found = cohort.load()
        ben = number(found, "close")
        about = {"kind": "force-complete", "who": "Sam Guide", "reason": "Did it elsewhere"}
        cohort.record(ben, "excepted", about, now=NOW, pathway=WATER, place="aid")
        row = standing(look(cohort, known, hours=1), "close")
        assert (row.percent, row.without, row.exceptions, row.forced) == (100, 75, 1, True)
        cohort.record(ben, "excepted", None, now=NOW, pathway=WATER, place="aid")
        assert standing(look(cohort, known, hours=2), "close").percent == 75


def test_a_learner_whose_files_are_gone_is_in_no_new_scan(known: World) -> None:
    with Cohort.open(known.folder) as cohort:
        (known.folder / PEOPLE["stuck"].entry).unlink()
        found = look(cohort, known, hours=1)
        assert len(found.learners) == len(PEOPLE) - 1
        assert len(cohort.load("S-0001").learners) == len(PEOPLE)


def test_what_is_known_already_is_not_read_again_and_gives_the_same_scan(known: World) -> None:
    used = [UsedPathway(one, one.sha256) for one in known.pathways]
    with Cohort.open(known.folder) as cohort:
        whole = look(cohort, known, hours=1)
        told = list(handed(known.folder, unchanged=cohort.taken_in()))
        assert all(one.found == () for one in told)
        again = scan(cohort, told, used, now=NOW + timedelta(hours=2), at=AT, fetcher=None)
        assert (again.learners, again.standings) == (whole.learners, whole.standings)
        assert hosts(told, cohort) == hosts(handed(known.folder))


def test_the_badges_of_many_are_asked_for_one_after_the_other(known: World) -> None:
    """Also across scans: what stays at hand is the scan that is meant."""
    with Cohort.open(known.folder) as cohort:
        first = cohort.load()
        ben = number(first, "close")
        before = cohort.badges(ben)
        cohorts.hand_over(known.folder, replace(PEOPLE["close"], awards=PEOPLE["close"].awards[:1]))
        look(cohort, known, hours=1)
        assert len(cohort.badges(ben)) == 1
        assert cohort.badges(ben, "S-0001") == before
        assert len(cohort.badges(ben)) == 1
