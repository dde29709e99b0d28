"""Attacks by way of endorsements (security.md N7, T1, T8): whoever did not say it for this badge is never said to endorse it.

Whatever an endorsement does, it changes no verdict and costs no more than a bounded amount of work.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.conformance.advice import Scene
from tests.conformance.shapes import ENDORSEMENT, GUILD, endorsement, guild
from tests.conformance.signed_endorsements import (
    GUILD_KEY,
    guild_key,
    own_word,
    signed_endorsement,
    token_and,
    with_header,
)
from tests.conformance.world import AWARD, CLASS, HOST, NOW, OTHER, World, troubles
from tests.generate import keys
from wallet.documents import jws
from wallet.fetch.recorded import RecordedFetcher
from wallet.limits import LIMITS
from wallet.verify.report import Finding, Outcome, Report, Verdict
from wallet.verify.service import verify

THIEF = "https://thief.example/me"


def words(report: Report) -> tuple[Finding, ...]:
    """What is said about endorsements, by a report that they must not have changed."""
    assert report.verdict is Verdict.VALID, troubles(report)
    return tuple(finding for finding in report.findings if finding.check.startswith("endorsement."))


def endorsed(report: Report) -> bool:
    """Whether anybody is said to endorse anything."""
    return any(one.check == "endorsement.proven" and one.outcome is Outcome.PASSED for one in words(report))


def said(scene: Scene) -> str:
    """The one sentence about why nothing is endorsed."""
    report = scene.report()
    assert not endorsed(report)
    return words(report)[-1].summary


@pytest.mark.parametrize("kind", ["RSA", "P-256", "P-384", "P-521", "Ed25519"])
def test_every_kind_of_key_can_endorse_with_its_own_method_and_with_no_other(kind: str) -> None:
    private, public = keys.pair(kind, 5)
    own = {"RSA": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
    scene = signed_endorsement(lambda w: w.serve(GUILD_KEY, guild_key(publicKeyPem=public)))()
    payload = json.dumps(endorsement(verification={"type": "SignedBadge"})).encode()
    for method in own.values():
        fits = method == own[kind]
        signer = private if fits else keys.pair(next(k for k, name in own.items() if name == method), 6)[0]
        scene.world.serve(ENDORSEMENT, jws.sign(payload, signer, method))
        assert endorsed(scene.report()) is fits


@pytest.mark.parametrize("name", ["none", "nOnE", "HS256", "RS1", ""])
def test_t1_a_method_that_proves_nothing_endorses_nothing(name: str) -> None:
    header = json.dumps({"alg": name}, separators=(",", ":"))
    assert "method is refused" in said(signed_endorsement(token_and(with_header(header)))())


def test_t1_a_token_without_its_last_part_endorses_nothing() -> None:
    scene = signed_endorsement(token_and(lambda token: token.rpartition(b".")[0] + b"."))()
    assert "cannot be read" in said(scene)


@pytest.mark.parametrize("header", [{"jwk": {"kty": "RSA"}}, {"jku": "https://thief.example/k"}, {"kid": "../../x"}])
def test_t2_a_key_that_travels_in_the_header_lends_nothing(header: dict[str, object]) -> None:
    text = json.dumps({"alg": "RS256", **header}, separators=(",", ":"))
    scene = signed_endorsement(token_and(with_header(text)), key=6)()
    assert "none of the endorser's keys" in said(scene)
    assert not any("thief" in url for url in scene.world.asked)


def test_t8_a_thief_who_signs_in_the_guilds_name_is_not_the_guild() -> None:
    mine = {"@context": "https://w3id.org/openbadges/v2", "type": "CryptographicKey", "id": f"{THIEF}/key"}
    mine |= {"owner": GUILD, "publicKeyPem": keys.pair("RSA", 6)[1]}
    inside = {**guild(publicKey=mine)}
    creator = {"type": "SignedBadge", "creator": f"{THIEF}/key"}
    for changes in ({"verification": creator}, {"issuer": inside}, {"issuer": inside, "verification": creator}):
        scene = signed_endorsement(lambda w: w.serve(f"{THIEF}/key", mine), key=6, **changes)()
        assert said(scene).startswith("An endorsement of the achievement is not counted")
        assert f"{THIEF}/key" not in scene.world.asked


def test_an_endorsement_of_another_badge_is_not_lent_to_this_one() -> None:
    for claim in ({"id": f"{HOST}/classes/other"}, {"id": AWARD}, {"id": f"{CLASS}/"}, {}):
        assert "is about" in said(signed_endorsement(claim=claim)())


def test_the_issuer_praising_itself_is_not_an_endorsement() -> None:
    assert "the badge's own issuer" in said(own_word())
    world = World()
    world.issuer["endorsement"] = f"{HOST}/praise"
    world.serve(f"{HOST}/praise", endorsement(world.issuer["id"], id=f"{HOST}/praise", issuer=world.issuer["id"]))
    assert "the badge's own issuer" in said(Scene(world))


def test_circles_of_endorsers_end_after_one_step() -> None:
    def circle(world: World) -> None:
        world.serve(GUILD, guild(publicKey=GUILD_KEY, endorsement=[ENDORSEMENT, f"{OTHER}/more"]))

    scene = signed_endorsement(circle, endorsement=[ENDORSEMENT, f"{OTHER}/deeper"])()
    assert endorsed(scene.report())
    assert scene.world.asked.count(ENDORSEMENT) == 1
    assert not {f"{OTHER}/more", f"{OTHER}/deeper"} & set(scene.world.asked)


def test_an_endorser_whose_key_is_its_profile_and_whose_list_is_its_endorsement_ends() -> None:
    scene = signed_endorsement(lambda w: w.serve(GUILD, guild(publicKey=GUILD, revocationList=ENDORSEMENT)))()
    assert "cannot be read" in said(scene)


def test_n7_ten_thousand_signed_endorsements_are_looked_at_as_far_as_the_budget_goes() -> None:
    scene = signed_endorsement()()
    token = scene.world.documents[ENDORSEMENT]
    scene.world.class_["endorsement"] = [f"{OTHER}/endorsements/{number}" for number in range(1, 10_001)]
    for number in range(1, 10_001):
        scene.world.serve(f"{OTHER}/endorsements/{number}", token)
    report = scene.report()
    assert len(scene.world.asked) == LIMITS.fetches_per_badge
    assert len(words(report)) < 2 * LIMITS.endorsements_per_badge
    assert "were not looked at" in words(report)[-1].summary


def test_n7_no_more_endorsements_are_judged_than_allowed_however_many_fetches_are_left() -> None:
    scene = signed_endorsement()()
    scene.world.class_["endorsement"] = [ENDORSEMENT, *(f"urn:x:{number}" for number in range(10_000))]
    report = scene.report()
    assert endorsed(report)
    assert "9,971 endorsements were not looked at" in words(report)[-1].summary


def test_n7_the_same_endorsement_ten_thousand_times_counts_once() -> None:
    scene = signed_endorsement()()
    scene.world.class_["endorsement"] = [ENDORSEMENT] * 10_000
    assert [one.outcome for one in words(scene.report())] == [Outcome.PASSED, Outcome.PASSED]


def test_a_huge_signed_endorsement_is_refused_by_its_limit() -> None:
    many = {"verification": {"type": "SignedBadge"}, "x": [0] * LIMITS.json_nodes}
    payload = json.dumps(endorsement(**many)).encode()
    scene = signed_endorsement(
        lambda w: w.serve(ENDORSEMENT, jws.sign(payload, keys.pair("RSA", 5)[0])),
    )()
    assert "exceeds a limit" in said(scene)


def test_an_endorser_with_a_key_out_of_reach_is_left_open() -> None:
    other = guild_key(id=f"{GUILD}#0", publicKeyPem=keys.pair("RSA", 6)[1])
    scene = signed_endorsement(lambda w: w.serve(GUILD, guild(publicKey=[other, f"{OTHER}/gone"])))()
    assert said(scene).startswith("Whether an endorsement of the achievement holds is not known")
    assert words(scene.report())[-1].cause == "key-unreachable"


def test_changing_any_byte_of_a_signed_endorsement_never_leaves_it_endorsed() -> None:
    scene = signed_endorsement()()
    token = scene.world.documents[ENDORSEMENT]
    assert isinstance(token, bytes)
    for place in range(0, len(token), 17):
        changed = b"A" if token[place : place + 1] != b"A" else b"B"
        scene.world.serve(ENDORSEMENT, token[:place] + changed + token[place + 1 :])
        assert not endorsed(scene.report()), place


def test_a_signed_text_where_an_address_belongs_is_never_counted() -> None:
    scene = signed_endorsement()()
    token = scene.world.documents[ENDORSEMENT]
    assert isinstance(token, bytes)
    scene.world.class_["endorsement"] = token.decode()
    report = scene.report()
    assert report.finding("structure.badgeclass.endorsement").outcome is Outcome.FAILED
    assert not any(f.check == "endorsement.proven" and f.outcome is Outcome.PASSED for f in report.findings)


def test_what_is_endorsed_online_is_endorsed_from_evidence_too() -> None:
    scene = signed_endorsement()()
    online = scene.report()
    kept = {item.fetched.url: item.fetched for item in online.evidence}
    offline = verify(scene.world.subject(), fetcher=RecordedFetcher(kept.get, now=NOW), now=NOW, offline=True)
    assert endorsed(offline)
    assert offline.findings == replace(online, offline=True).findings
