"""What badges of one class have in common is found once, and never differs from what each would have found by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.advice import ADVICE_CASES, AdviceCase
from tests.conformance.cases import CASES, Case
from tests.conformance.legacy_cases import CASES as LEGACY_CASES
from tests.conformance.legacy_cases import Old, OldCase
from tests.conformance.shapes import ShapeCase, shape_cases
from tests.conformance.world import MINE, NOW, World
from wallet.fetch.base import Fetched, Want
from wallet.limits import LIMITS
from wallet.verify import run
from wallet.verify.common import WithheldError, common_of, judged
from wallet.verify.compositions import POLICIES
from wallet.verify.dossier import Dossier, Given
from wallet.verify.gather import Shared, gather
from wallet.verify.report import Finding, Report

IN_COMMON = [(place, family.common) for place, family in enumerate(run.FAMILIES) if family.common is not None]


def dossiers(case: Case) -> Iterator[Dossier]:
    """What the case brings, signed and hosted, whichever way it is meant for."""
    for way in ("signed", "hosted"):
        world = World()
        case.change(world)
        subject = world.signed_subject() if way == "signed" else world.subject()
        yield gather(subject, world, LIMITS, NOW)


def reports(dossier: Dossier) -> list[Report]:
    return [run.run(dossier, identities=(MINE,), policy=policy, now=NOW) for policy in POLICIES]


def alone(dossier: Dossier) -> list[Report]:
    """The reports when every check looks for itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "common_of", lambda _: None)
        return reports(dossier)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.way}: {case.name}")
def test_findings_in_common_are_those_that_each_badge_would_have(case: Case) -> None:
    for dossier in dossiers(case):
        common = common_of(dossier)
        if common is not None:
            block = judged(common, IN_COMMON)
            by_itself = {place: tuple(run.FAMILIES[place].check(dossier, Given(NOW))) for place, _ in IN_COMMON}
            assert list(chain(*block.findings.values())) == list(chain(*by_itself.values()))
            assert block.findings.keys() == by_itself.keys()
        # Twice, so that the second time what is in common comes from the first.
        assert reports(dossier) == alone(dossier)
        assert reports(dossier) == alone(dossier)


def told(report: Report) -> tuple[object, ...]:
    return report.verdict, report.as_of, report.findings


@pytest.mark.parametrize("case", ADVICE_CASES, ids=lambda case: case.name)
def test_advice_is_the_same_for_those_who_share_and_those_who_do_not(
    case: AdviceCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = case.scene()
    shared = told(scene.report())
    monkeypatch.setattr(run, "common_of", lambda _: None)
    assert shared == told(scene.report())


@pytest.mark.parametrize("case", tuple(shape_cases()), ids=lambda case: case.name)
def test_a_fault_in_any_property_is_found_by_all_that_share_it(
    case: ShapeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = case.world()
    shared = [told(world.signed()), told(world.hosted())]
    monkeypatch.setattr(run, "common_of", lambda _: None)
    assert shared == [told(world.signed()), told(world.hosted())]


@pytest.mark.parametrize("case", LEGACY_CASES, ids=lambda case: f"{case.version} {case.way}: {case.name}")
def test_old_badges_share_nothing_and_lose_nothing(case: OldCase, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Old(case.version)
    case.change(old)
    shared = told(old.signed() if case.way == "signed" else old.hosted())
    monkeypatch.setattr(run, "common_of", lambda _: None)
    assert shared == told(old.signed() if case.way == "signed" else old.hosted())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CASES), min_size=2, max_size=6))
def test_whatever_was_verified_before_changes_no_report(cases: list[Case]) -> None:
    run._shared_block.cache_clear()
    several = [dossier for case in cases for dossier in dossiers(case)]
    assert [reports(dossier) for dossier in several] == [alone(dossier) for dossier in several]
    assert [reports(dossier) for dossier in several] == [alone(dossier) for dossier in several]


def of_class(**members: object) -> Dossier:
    world = World()
    world.signed_award.update(members)
    return gather(world.signed_subject(), world, LIMITS, NOW)


def test_two_signed_badges_of_one_class_are_judged_together() -> None:
    one, other = of_class(uid="1"), of_class(uid="2", narrative="Another one.")
    assert common_of(one) == common_of(other)
    assert run._block(one) is run._block(other)
    assert run._block(one).findings


@pytest.mark.parametrize(
    "members", [{"uid": 7}, {"type": ["Assertion", "Extension"]}, {"unheard_of": 1}, {"@language": "not a tag"}]
)
def test_a_badge_that_reads_otherwise_has_other_things_in_common(members: dict[str, object]) -> None:
    assert common_of(of_class(**members)) != common_of(of_class())


def test_unusual_badges_have_nothing_in_common() -> None:
    world = World()
    hosted = gather(world.subject(), world, LIMITS, NOW)
    inside = of_class(badge={**world.class_})
    for dossier in (hosted, inside, of_class(revoked=True), replace(of_class(), unsupported="Not yet.")):
        assert common_of(dossier) is None


@pytest.mark.parametrize(
    "nosy",
    [
        lambda dossier: dossier.node.get("expires"),
        lambda dossier: list(dossier.node),
        lambda dossier: len(dossier.node),
        lambda dossier: dossier.subject.raw,
        lambda dossier: list(dossier.pictures),
        lambda dossier: bool(dossier.keys),
        lambda dossier: dossier.hosted.id,
    ],
)
def test_a_check_that_asks_for_what_is_not_in_common_gets_no_answer(
    nosy: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(dossier: Dossier, *_: object) -> list[Finding]:
        nosy(dossier)
        return []

    dossier = of_class()
    common = common_of(dossier)
    assert common is not None
    with pytest.raises(WithheldError):
        judged(common, [(0, check)])
    # Then each badge is asked for itself, and nothing is taken for granted.
    run._shared_block.cache_clear()
    monkeypatch.setattr(run, "FAMILIES", (run.Family(lambda _, __: [], check), *run.FAMILIES[1:]))
    report = run.run(dossier, now=NOW)
    monkeypatch.undo()
    run._shared_block.cache_clear()
    assert report.finding("document.kind").cause == "did-not-run"
    assert report.verdict == "undetermined"


@pytest.mark.parametrize("steady", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.way}: {case.name}")
def test_resting_on_what_another_badge_rests_on_changes_no_report(case: Case, steady: bool) -> None:
    world = World()
    case.change(world)
    subject = world.signed_subject()
    shared = Shared(steady=steady)
    first, second = (gather(subject, world, LIMITS, NOW, shared) for _ in range(2))
    assert reports(first) == reports(second) == reports(gather(subject, world, LIMITS, NOW))
    assert (first.evidence, first.stamps) == (second.evidence, second.stamps)


def test_of_two_that_rest_on_the_same_every_fact_but_their_own_is_the_very_same() -> None:
    world, shared = World(), Shared(steady=True)
    world.class_["issuer"] = {**world.issuer, "name": "Inside"}
    first = gather(world.signed_subject(), world, LIMITS, NOW, shared)
    world.signed_award["narrative"] = "Another one"
    second = gather(world.signed_subject(), world, LIMITS, NOW, shared)
    own = {"subject", "raw_sha256", "brought", "methods", "jws", "credential", "documents"}
    assert first.issuer_embedded is not None
    for fact in fields(Dossier):
        if fact.name not in own:
            assert getattr(second, fact.name) is getattr(first, fact.name), fact.name
    assert second.raw_sha256 != first.raw_sha256


def test_evidence_that_does_not_change_is_asked_for_once_in_a_run() -> None:
    world = World()
    asked: list[str] = []

    class Counted:
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            asked.append(url)
            return world.fetch(url, want)

    shared = Shared(steady=True)
    for _ in range(3):
        gather(world.signed_subject(), Counted(), LIMITS, NOW, shared)
    assert len(asked) == len(set(asked)) > 2


def test_what_never_came_is_asked_for_again_by_the_next_badge() -> None:
    world = World()
    world.fails(world.class_["image"])
    shared = Shared(steady=True)
    gather(world.signed_subject(), world, LIMITS, NOW, shared)
    begun = len(world.asked)
    gather(world.signed_subject(), world, LIMITS, NOW, shared)
    assert world.asked[begun:] == world.asked[:begun]


class Fickle:
    """Says another thing from a certain fetch on."""

    def __init__(self, world: World, other: World, at: int) -> None:
        self._worlds = world, other
        self._left = at
        self.asked: list[str] = []

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        self._left -= 1
        self.asked.append(url)
        return self._worlds[self._left < 0].fetch(url, want)


@pytest.mark.parametrize("at", range(9))
def test_a_host_that_changes_its_mind_is_taken_at_its_word_for_each_badge(at: int) -> None:
    world, other = World(), World()
    other.class_["name"] = "Another name"
    other.issuer["name"] = "Another issuer"
    subject = world.signed_subject()
    shared = Shared()
    fickle = Fickle(world, other, at)
    gather(subject, fickle, LIMITS, NOW, shared)
    begun = len(fickle.asked)
    found = gather(subject, fickle, LIMITS, NOW, shared)
    alike = Fickle(world, other, at - begun)
    assert reports(found) == reports(gather(subject, alike, LIMITS, NOW))
    assert fickle.asked[begun:] == alike.asked


def test_no_more_is_kept_of_a_run_than_most_runs_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shared, "_AT_MOST", 0)
    world, shared = World(), Shared()
    one, other = (gather(world.signed_subject(), world, LIMITS, NOW, shared) for _ in range(2))
    assert one.stamps is not other.stamps and reports(one) == reports(other)
