"""Every rule of the catalogue, by the cases of `tests.conformance.cases`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.conformance.cases import CASES, INVALID, OPEN, VALID, Case, F, U
from tests.conformance.world import AWARD, World, troubles
from tests.generate import badges
from wallet.found import Kind
from wallet.verify.catalogue import CHECKS
from wallet.verify.dossier import Subject
from wallet.verify.remedies import REMEDIES
from wallet.verify.report import Report


def judged(case: Case, policy: str = "standard") -> Report:
    world = World()
    case.change(world)
    subject = world.signed_subject() if case.way == "signed" else world.subject()
    return world.report(subject, case.identities, policy=policy)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.way}: {case.name}")
def test_one_fault_is_named_by_its_check_and_decides_as_it_must(case: Case) -> None:
    report = judged(case)
    finding = report.finding(case.check)
    assert finding is not None, troubles(report)
    assert finding.outcome is case.outcome, troubles(report)
    assert report.verdict is case.verdict, troubles(report)
    if case.cause is not None:
        assert finding.cause == case.cause, troubles(report)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.way}: {case.name}")
def test_every_trouble_says_who_can_mend_it_and_how(case: Case) -> None:
    for finding in (*judged(case).findings, *judged(case, "strict").findings):
        assert finding.check.removesuffix(".note") in CHECKS, finding
        assert finding.summary.endswith("."), finding
        assert not finding.summary[0].islower(), finding
        assert "  " not in finding.summary, finding
        if finding.outcome in (F, U):
            assert finding.cause is not None, finding
            assert finding.remedy is not None, finding
            assert finding.cause in REMEDIES, finding
            assert finding.cause not in ("internal", "did-not-run"), finding
        if finding.outcome is F:
            assert finding.who is not None, finding


def test_every_mandatory_check_fails_or_stays_open_in_some_case() -> None:
    """Otherwise nobody knows that it can."""
    bad = {case.check for case in CASES if case.outcome in (F, U)}
    families = (
        "document.",
        "jsonld.",
        "verification.",
        "hosted.",
        "issuer.",
        "signed.",
        "revocation.",
        "recipient.",
        "time.",
    )
    for check in CHECKS.values():
        if check.mandatory and check.id.startswith(families):
            assert check.id in bad, check.id


def test_a_token_brought_as_json_text_is_no_signature() -> None:
    world = World()
    raw = json.dumps(world.signed_award).encode()
    report = world.report(Subject(raw, Kind.OB2_JSON))
    assert report.verdict is INVALID
    assert report.finding("signed.present").cause == "no-signature"


def test_a_picture_of_another_kind_of_badge_is_kept_but_not_judged() -> None:
    for kind in (Kind.OB3_JSON, Kind.OB3_JWT, Kind.CLR2_JSON, Kind.CLR2_JWT, Kind.BLOCKCERTS_JSON):
        world = World()
        report = world.report(Subject(b"{}", kind))
        assert report.verdict is OPEN
        assert [finding.check for finding in report.troubles] == ["document.kind"]
        assert world.asked == []


def test_an_award_of_an_older_version_is_recognised_by_its_shape() -> None:
    world = World()
    report = world.report(Subject(badges.encode(badges.assertion_1_1()), Kind.OB2_JSON))
    assert report.verdict is OPEN
    assert report.credential.version == "1.1"


def test_an_address_alone_is_enough_to_verify_a_hosted_badge() -> None:
    world = World()
    report = world.report(Subject(AWARD.encode() + b"\n", Kind.OB2_URL))
    assert report.verdict is VALID, troubles(report)
    assert report.credential.name == "Laboratory Safety"


def test_the_file_brought_only_supplies_the_address() -> None:
    world = World()
    nobler = {**world.award, "issuedOn": "2001-01-01T00:00:00Z", "narrative": "With honours."}
    report = world.report(Subject(badges.encode(nobler), Kind.OB2_JSON))
    assert report.verdict is VALID
    assert not report.credential.narrative


def test_a_broken_file_with_a_known_address_is_verified_there() -> None:
    world = World()
    world.brought = badges.encode({**world.award, "@context": "https://unknown.example/context"})
    subject = replace(world.subject(), fetch_url=AWARD)
    report = world.report(subject)
    assert report.verdict is VALID, troubles(report)
