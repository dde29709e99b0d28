"""The verdict is arithmetic on sets, and what did not run never counts as passed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from tests.conformance.world import MINE, NOW, World
from wallet.errors import UsageError
from wallet.limits import LIMITS
from wallet.verify import policy, run
from wallet.verify.catalogue import CATALOGUE, CHECKS
from wallet.verify.dossier import Dossier, Given
from wallet.verify.gather import gather
from wallet.verify.policy import required, verdict
from wallet.verify.report import Finding, Outcome, Verdict

F, U, P = Outcome.FAILED, Outcome.UNDETERMINED, Outcome.PASSED

ONE_OF_EACH = ("hosted.scope", "revocation.hosted", "recipient.match", "time.expires")


def dossier_of(world: World, *, signed: bool = False) -> Dossier:
    return gather(world.signed_subject() if signed else world.subject(), world, LIMITS, NOW)


def table(authentic: Outcome, revoked: Outcome, yours: Outcome, expires: Outcome) -> Verdict:
    """The table of verdicts, written down a second time and the plainest way."""
    if authentic is F:
        return Verdict.INVALID
    if revoked is F:
        return Verdict.REVOKED
    if yours is F:
        return Verdict.INVALID
    if authentic is U:
        return Verdict.UNDETERMINED
    if expires is F:
        return Verdict.EXPIRED
    return Verdict.VALID if (revoked, yours, expires) == (P, P, P) else Verdict.UNDETERMINED


@pytest.mark.parametrize("ends", list(product((F, U, P), repeat=4)))
def test_the_first_line_that_applies_is_the_verdict(ends: tuple[Outcome, ...]) -> None:
    assert verdict(dict(zip(ONE_OF_EACH, ends, strict=True))) is table(*ends)


@pytest.mark.parametrize("check", ONE_OF_EACH)
@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.WARNING, U])
def test_only_passed_satisfies_a_required_check(check: str, outcome: Outcome) -> None:
    findings = [Finding(name, outcome if name == check else P, "") for name in ONE_OF_EACH]
    ends = run._outcomes(frozenset(ONE_OF_EACH), findings)
    assert ends[check] is U
    assert verdict(ends) is Verdict.UNDETERMINED


def test_a_pass_beside_a_failure_of_the_same_check_is_a_failure() -> None:
    findings = [Finding("hosted.scope", F, ""), Finding("hosted.scope", P, "")]
    assert run._outcomes(frozenset({"hosted.scope"}), findings) == {"hosted.scope": F}


def test_no_required_check_at_all_is_no_valid_badge() -> None:
    assert verdict({}) is not Verdict.VALID


@pytest.mark.parametrize("signed", [False, True])
def test_a_required_id_without_a_finding_is_named_as_not_run(signed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = dossier_of(World(), signed=signed)
    needed = required(dossier, (MINE,))
    for position in range(len(run.FAMILIES)):
        families = run.FAMILIES[:position] + run.FAMILIES[position + 1 :]
        monkeypatch.setattr(run, "FAMILIES", families)
        run._shared_block.cache_clear()
        report = run.run(dossier, identities=(MINE,), now=NOW)
        monkeypatch.undo()
        run._shared_block.cache_clear()
        lost = {finding.check for finding in report.findings if finding.cause == "did-not-run"}
        assert lost == needed - {finding.check for finding in _all_findings(dossier, families)}
        assert (report.verdict is Verdict.VALID) == (not lost)


def _all_findings(dossier: Dossier, families: tuple[run.Family, ...]) -> list[Finding]:
    return [finding for family in families for finding in family.check(dossier, Given(NOW, (MINE,)))]


def test_a_check_that_stumbles_leaves_the_badge_undetermined_and_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(dossier: Dossier, given: Given) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr(run, "FAMILIES", (run.Family(stumble, stumble), *run.FAMILIES[1:]))
    for signed, other in ((False, "hosted.scope"), (True, "signed.signature")):
        run._shared_block.cache_clear()
        report = run.run(dossier_of(World(), signed=signed), now=NOW)
        assert report.verdict is Verdict.UNDETERMINED
        assert {f.check for f in report.findings if f.cause == "internal"} == {"document.kind"}
        assert report.finding(other).outcome is P


def test_an_unknown_way_of_verification_requires_both_ways() -> None:
    world = World()
    world.award["verification"] = {"type": "https://x.example/proof"}
    ids = required(dossier_of(world), ())
    assert {"hosted.scope", "signed.signature", "revocation.hosted", "revocation.list"} <= ids


def test_a_hosted_badge_needs_no_signature_and_a_signed_one_no_host() -> None:
    assert not any(check.startswith("signed.") for check in required(dossier_of(World()), ()))
    assert not any(check.startswith("hosted.") for check in required(dossier_of(World(), signed=True), ()))


def test_every_required_check_is_a_mandatory_row_of_the_catalogue() -> None:
    world = World()
    world.award["verification"] = {"type": ["HostedBadge", "SignedBadge"]}
    for check in required(dossier_of(world), (MINE,)):
        assert CHECKS[check].mandatory, check


def test_ids_of_the_catalogue_are_distinct() -> None:
    assert len(CHECKS) == len(CATALOGUE)


def test_the_recipient_is_required_only_when_there_is_somebody_to_compare() -> None:
    dossier = dossier_of(World())
    assert "recipient.match" in required(dossier, (MINE,))
    assert "recipient.match" not in required(dossier, ())


def test_a_policy_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        run.run(dossier_of(World()), policy="gentle", now=NOW)
    assert "strict, standard, lenient" in refused.value.remedy


def test_the_verdict_rests_on_the_oldest_answer() -> None:
    world = World()
    old = NOW.replace(year=2025)
    from tests.conformance.world import ISSUER

    world.answers[ISSUER] = replace(world.fetch(ISSUER), fetched_at=old)
    assert world.hosted().as_of == old


def test_an_answer_that_no_required_check_rests_on_does_not_date_the_verdict() -> None:
    from tests.conformance.world import LIST

    world = World()
    world.withdraw()
    world.serve(LIST, {"@context": "https://w3id.org/openbadges/v2", "type": "RevocationList", "id": LIST})
    world.answers[LIST] = replace(world.fetch(LIST), fetched_at=NOW.replace(year=2025))
    assert world.hosted().as_of == NOW


def test_answers_of_a_question_that_was_not_asked_are_skipped() -> None:
    assert policy.answers({"hosted.scope": P}).yours is Outcome.SKIPPED
