"""Policies are compositions of sets: none lets go of the core, none is empty, and the strict one contradicts nobody."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.conformance.world import AWARD, ISSUER, LIST, MINE, NOW, PICTURE, World
from wallet.fetch.base import Cause
from wallet.limits import LIMITS
from wallet.model import Identity
from wallet.verify import policy as policies
from wallet.verify import run, weighing
from wallet.verify.catalogue import CATALOGUE, CHECKS
from wallet.verify.compositions import (
    CORE,
    DETAILS,
    LENIENT,
    PICTURES,
    POLICIES,
    STANDARD,
    STRICT,
    Demand,
    Part,
    Policy,
)
from wallet.verify.gather import gather
from wallet.verify.report import Outcome, Report, Verdict
from wallet.verify.service import verify

#: Written down a second time, by hand: what no policy may ever do without.
NEVER_DROPPED = frozenset(
    {
        *("document.json", "document.kind", "jsonld.context", "jsonld.split", "jsonld.keywords", "verification.type"),
        *("hosted.id", "hosted.fetched", "hosted.same-id", "hosted.scope", "hosted.class-scope"),
        *(
            "signed.present",
            "signed.form",
            "signed.header",
            "signed.algorithm",
            "signed.key-listed",
            "signed.key-usable",
        ),
        *("signed.key-strength", "signed.key-owner", "signed.signature", "issuer.proven", "issuer.class"),
        *("revocation.hosted", "revocation.self", "revocation.list", "recipient.match", "time.issued", "time.expires"),
        *("structure.assertion.id", "structure.assertion.recipient", "structure.assertion.badge"),
        *("structure.assertion.verification", "structure.assertion.issuedOn", "structure.assertion.expires"),
        *("structure.badgeclass.id", "structure.badgeclass.issuer", "structure.profile.id", "structure.profile.type"),
        *("structure.identity.type", "structure.identity.identity"),
    }
)


def judged(world: World, name: str, *identities: Identity, signed: bool = False) -> Report:
    subject = world.signed_subject() if signed else world.subject()
    return verify(subject, fetcher=world, identities=identities, policy=name, now=NOW)


@pytest.mark.parametrize("name", POLICIES)
def test_no_policy_ever_drops_the_core(name: str) -> None:
    policy = POLICIES[name]
    assert policy.checks(Demand.HOLD) >= NEVER_DROPPED
    assert not NEVER_DROPPED & policy.forgiving.keys()


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("signed", [True, False])
def test_what_a_policy_demands_of_a_badge_holds_everything_of_the_core_that_the_badge_calls_for(
    name: str, signed: bool
) -> None:
    world = World()
    dossier = gather(world.signed_subject() if signed else world.subject(), world, LIMITS, NOW)
    called_for = policies.required(dossier, (MINE,))
    demanded = weighing.demanded(POLICIES[name], called_for, hosted=not signed, identities=True)
    assert called_for & CORE.checks <= demanded
    assert {"recipient.match", "issuer.proven", "signed.signature" if signed else "hosted.scope"} <= demanded


def test_the_standard_demands_every_mandatory_check_and_its_parts_do_not_overlap() -> None:
    mandatory = {check.id for check in CATALOGUE if check.mandatory}
    assert STANDARD.checks(Demand.HOLD) == mandatory
    assert sum(len(part.checks) for part in STANDARD.parts) == len(mandatory)


def test_strict_demands_more_than_standard_and_lenient_less() -> None:
    assert LENIENT.checks(Demand.HOLD) < STANDARD.checks(Demand.HOLD) < STRICT.checks(Demand.HOLD)


def test_the_parts_name_checks_that_exist() -> None:
    for part in (DETAILS, PICTURES):
        assert part.checks <= CHECKS.keys()


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (Part("nothing", "", frozenset()),),
        (DETAILS, PICTURES),
        (Part("half", "", CORE.checks - {"signed.signature"}),),
        (Part("forgiving", "", CORE.checks, forgiven=frozenset({Outcome.FAILED})),),
        (Part("remarks", "", CORE.checks, Demand.REMARK),),
    ],
    ids=["empty", "empty part", "no core", "half a core", "core forgiven", "core not demanded"],
)
def test_a_composition_that_could_pass_a_forgery_cannot_be_made(parts: tuple[Part, ...]) -> None:
    with pytest.raises(ValueError, match="a policy"):
        Policy("mine", "", parts)


def declare(world: World) -> World:
    world.issuer["verification"] = {"type": "VerificationObject", "startsWith": AWARD.rpartition("/")[0] + "/"}
    return world


def test_a_badge_without_blemish_is_valid_by_every_policy_and_the_report_names_it() -> None:
    for name in POLICIES:
        for signed in (False, True):
            report = judged(declare(World()), name, MINE, signed=signed)
            assert (report.verdict, report.policy) == (Verdict.VALID, name), report.troubles


def _no_email(world: World) -> None:
    del world.issuer["email"]


def _no_description(world: World) -> None:
    del world.class_["description"]


def _picture_gone(world: World) -> None:
    world.status(PICTURE, 404)


@pytest.mark.parametrize("fault", [_no_email, _no_description, _picture_gone])
def test_lenient_mentions_what_old_badges_lack_and_says_that_it_does(fault) -> None:
    world = declare(World())
    fault(world)
    assert judged(world, "standard").verdict is not Verdict.VALID
    report = judged(world, "lenient")
    assert report.verdict is Verdict.VALID, report.troubles
    (mentioned,) = [f for f in report.troubles if "“lenient”" in f.summary]
    assert mentioned.outcome is Outcome.WARNING
    assert mentioned.check.endswith(".note")


def test_lenient_does_not_take_something_else_for_a_picture() -> None:
    world = World()
    world.serve(PICTURE, b"GIF89a not a badge picture")
    assert judged(world, "lenient").verdict is Verdict.INVALID


def _out_of_scope(world: World) -> None:
    world.issuer["verification"] = {"type": "VerificationObject", "startsWith": "https://elsewhere.example/"}


def _issuer_gone(world: World) -> None:
    world.fails(ISSUER, Cause.DNS)


def _withdrawn(world: World) -> None:
    world.status(AWARD, 410)


def _somebody_else(world: World) -> None:
    world.award["recipient"] = {"type": "email", "hashed": False, "identity": "somebody@else.example"}


def _over(world: World) -> None:
    world.award["expires"] = "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("fault", [_out_of_scope, _issuer_gone, _withdrawn, _somebody_else, _over])
def test_a_fault_of_the_core_gets_the_same_verdict_by_every_policy(fault) -> None:
    verdicts = set()
    for name in POLICIES:
        world = declare(World())
        fault(world)
        verdicts.add(judged(world, name, MINE).verdict)
    assert len(verdicts) == 1
    assert Verdict.VALID not in verdicts


def _over_http(world: World) -> None:
    plain = PICTURE.replace("https://", "http://")
    world.serve(plain, world.documents[PICTURE])
    world.class_["image"] = plain


def _easily_guessed(world: World) -> None:
    made = hashlib.md5(MINE.value.encode(), usedforsecurity=False).hexdigest()
    world.award["recipient"] = {"type": "email", "hashed": True, "identity": f"md5${made}"}


def _says_something_else(world: World) -> None:
    world.brought = json.dumps({**world.award, "narrative": "another"}).encode()


def _scope_not_declared(world: World) -> None:
    del world.issuer["verification"]


def _list_unreadable(world: World) -> None:
    world.issuer["revocationList"] = LIST


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (_over_http, "fetch.transport"),
        (_easily_guessed, "recipient.weak-hash"),
        (_says_something_else, "drift.local"),
        (_scope_not_declared, "hosted.scope-declared"),
        (_list_unreadable, "revocation.list.note"),
    ],
)
def test_strict_leaves_open_what_standard_only_remarks(fault, check: str) -> None:
    world = declare(World())
    fault(world)
    assert judged(world, "standard", MINE).verdict is Verdict.VALID
    report = judged(world, "strict", MINE)
    assert report.verdict is Verdict.UNDETERMINED
    (said,) = [f for f in report.findings if f.outcome is Outcome.UNDETERMINED]
    assert said.check == check
    assert "“strict” does not accept that" in said.summary
    assert said.remedy


def test_strict_asks_about_the_recipients_hash_only_when_somebody_is_asked_about() -> None:
    world = declare(World())
    _easily_guessed(world)
    assert judged(world, "strict").verdict is Verdict.VALID


def test_a_check_whose_silence_counts_has_to_have_been_able_to_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(dossier: object, given: object) -> list[object]:
        raise ZeroDivisionError

    world = declare(World())
    dossier = gather(world.subject(), world, LIMITS, NOW)
    monkeypatch.setattr(run, "FAMILIES", (*run.FAMILIES, run.Family(stumble)))
    assert run.run(dossier, policy="standard", now=NOW).verdict is Verdict.VALID
    assert run.run(dossier, policy="strict", now=NOW).verdict is Verdict.UNDETERMINED
