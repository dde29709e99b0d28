"""Badges that are odd in a way of their own, one test for each: what is said, and that it decides as it must."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.conformance.advice import world_with
from tests.conformance.cases import (
    award_at,
    both,
    class_inside,
    fails,
    hosted_by,
    put,
    scope,
    serve,
    status,
    token,
)
from tests.conformance.shapes import ENDORSEMENT, endorsed
from tests.conformance.world import AWARD, CLASS, HOST, ISSUER, KEY, MINE, NOW, OB2, OTHER, PICTURE, World, troubles
from tests.generate import badges
from wallet.documents import jws
from wallet.documents.baked import BakedBadge, read_baked
from wallet.documents.jsonld import normalise
from wallet.documents.languages import is_language_tag
from wallet.documents.svg import parse_svg
from wallet.errors import StoreDamagedError
from wallet.fetch.base import Fetched
from wallet.found import Kind
from wallet.limits import LIMITS
from wallet.model import Identity
from wallet.verify import urls
from wallet.verify.catalogue import CATALOGUE, spec_of
from wallet.verify.checks import baking
from wallet.verify.dossier import Memory, Subject
from wallet.verify.reading import read_data_uri
from wallet.verify.report import Earlier, Outcome, Verdict
from wallet.verify.report_json import summary_from_json, to_json
from wallet.verify.service import verify


def world_of(*changes) -> World:
    world = World()
    both(*changes)(world)
    return world


def test_a_document_with_a_context_and_nothing_of_a_badge_is_none() -> None:
    report = world_of(serve(AWARD, {"@context": OB2, "id": AWARD, "created": "2026-01-01T00:00:00Z"})).hosted()
    assert report.finding("document.kind").cause == "not-a-badge"
    assert report.verdict is Verdict.UNDETERMINED


def test_a_badge_that_says_both_has_to_say_the_same_in_both_places() -> None:
    world = World()
    world.signed_award["verification"] = {"type": ["HostedBadge", "SignedBadge"], "creator": KEY}
    world.serve(AWARD, dict(world.signed_award))
    assert world.signed().verdict is Verdict.VALID
    world.documents[AWARD]["narrative"] = "Something else."
    report = world.signed()
    assert report.finding("hosted.same-id").cause == "two-texts"
    assert "have to say the same" in report.finding("drift.local").summary
    assert report.verdict is Verdict.UNDETERMINED


def test_a_badge_that_says_both_and_has_no_id_is_looked_for_nowhere() -> None:
    world = World()
    del world.signed_award["id"]
    world.signed_award["verification"] = {"type": ["HostedBadge", "SignedBadge"]}
    assert world.signed().verdict is Verdict.INVALID
    assert AWARD not in world.asked


def test_a_picture_without_an_end_is_no_picture() -> None:
    whole = badges.png()
    report = world_of(serve(PICTURE, whole[:-12])).hosted()
    assert report.finding("image.achievement").outcome is Outcome.FAILED


def test_a_picture_larger_than_is_read_is_not_judged() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg">' + b" " * LIMITS.image_body_bytes + b"</svg>"
    report = world_of(serve(PICTURE, drawing)).hosted()
    finding = report.finding("image.achievement")
    assert (finding.outcome, finding.cause) == (Outcome.UNDETERMINED, "too-big")
    assert f"{LIMITS.image_body_bytes:,} bytes" in finding.summary
    assert report.verdict is Verdict.UNDETERMINED


def test_a_signed_class_whose_published_copy_is_broken_waits() -> None:
    report = world_of(class_inside(), serve(CLASS, b"{")).signed()
    assert report.finding("issuer.class").outcome is Outcome.UNDETERMINED
    assert report.verdict is Verdict.INVALID  # the broken copy is one of the badge's documents


def test_an_identity_that_is_no_address_is_compared_as_it_is() -> None:
    for kind, value in (("url", "mina.example"), ("id", "did:example:mina"), ("https://x.example/student", "7")):
        world = world_of(put("award", recipient={"type": kind, "hashed": False, "identity": value}))
        assert world.hosted(Identity(kind, value)).verdict is Verdict.VALID
        assert world.hosted(Identity(kind, f"{value}0")).verdict is Verdict.INVALID


@pytest.mark.parametrize("change", [fails(ISSUER), put("issuer", publicKey=None)])
def test_a_method_that_no_key_may_use_is_refused_whoever_the_issuer_is(change) -> None:
    report = world_of(token('{"alg":"none"}'), change).signed()
    assert report.finding("signed.algorithm").outcome is Outcome.FAILED
    assert report.verdict is Verdict.INVALID


def test_of_several_defects_of_one_property_the_first_is_told() -> None:
    report = world_of(put("award", evidence=[{"name": 1}, {"name": 2}])).hosted()
    assert len([f for f in report.findings if f.check == "structure.evidence.name"]) == 1


@pytest.mark.parametrize(
    "name", [{"@value": "Lab", "@language": "in English"}, {"@value": "Lab", "@language": "e"}], ids=["words", "letter"]
)
def test_a_text_in_no_language_is_remarked_upon(name) -> None:
    report = world_of(put("class_", name=name)).hosted()
    assert report.finding("structure.badgeclass.name.note") is not None
    assert report.verdict is Verdict.VALID, troubles(report)


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "de-CH-1996", "x-our-own", "en-u-ca-gregory"])
def test_language_tags_are_known_by_their_form(tag: str) -> None:
    assert is_language_tag(tag)
    assert not is_language_tag(f"{tag} ") and not is_language_tag(f"-{tag}")


@pytest.mark.parametrize("tag", ["", "english language", 5])
def test_a_document_in_no_language_is_remarked_upon(tag) -> None:
    report = world_of(put("class_", **{"@language": tag})).hosted()
    assert report.finding("structure.badgeclass.@language.note") is not None, troubles(report)


def test_behind_a_proxy_the_address_could_not_be_checked() -> None:
    world = World()
    world.answers[ISSUER] = replace(world.fetch(ISSUER), proxied=True)
    report = world.hosted()
    assert report.finding("fetch.proxy").outcome is Outcome.WARNING
    assert report.verdict is Verdict.VALID


def test_a_key_that_is_neither_address_nor_key_proves_nothing() -> None:
    world = world_of(put("issuer", publicKey={"type": "CryptographicKey"}))
    world.signed_award["verification"] = {"type": "SignedBadge"}
    assert world.signed().verdict is not Verdict.VALID


def test_data_addresses_are_read_as_they_are_written() -> None:
    assert read_data_uri("data:image/png") == ("image/png", None)
    assert read_data_uri("data:,a%20b") == (None, b"a b")
    assert read_data_uri("data:image/svg+xml;base64,QUI=") == ("image/svg+xml", b"AB")


def test_a_withdrawn_badge_is_not_judged_by_its_content() -> None:
    report = world_of(status(AWARD, 410), put("issuer", id=f"{OTHER}/issuer")).hosted()
    assert report.verdict is Verdict.REVOKED
    assert report.finding("issuer.proven").outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("by_address", [True, False])
def test_after_a_410_nothing_speaks_of_a_fault_of_ours(listed: bool, by_address: bool) -> None:
    world = world_of(status(AWARD, 410))
    if listed:
        world.withdraw(f"{HOST}/awards/2")
    report = world.report(Subject(AWARD.encode(), Kind.OB2_URL)) if by_address else world.hosted(MINE)
    assert report.verdict is Verdict.REVOKED
    assert not [f for f in report.findings if f.cause in ("did-not-run", "internal")]


def test_what_was_proven_is_not_mentioned_when_nobody_kept_silent() -> None:
    world = world_of(hosted_by("https://x.example/proof"))
    report = world.report(world.subject(), earlier=Earlier(Verdict.VALID, NOW))
    assert report.verdict is Verdict.UNDETERMINED
    assert report.finding("asof.earlier") is None


@pytest.mark.parametrize(
    "host", ["https://[zz]/a", "https://[::1/a", "https://ex\u2024ample..com/a", "https://\u00ad/a"]
)
def test_hosts_that_cannot_be_read_are_none(host: str) -> None:
    assert urls.parse(host) is None


def test_a_check_that_is_not_in_the_catalogue_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        spec_of("no.such-check")
    assert len({check.id for check in CATALOGUE}) == len(CATALOGUE)


def test_pictures_are_read_for_badges_only() -> None:
    comment = badges.chunk(b"tEXt", b"Comment\0nothing")
    assert read_baked(badges.png(comment)) == ()
    assert read_baked(badges.png()[:60] + b"\0\0\xff\xffiTXtopenbadges") == ()
    assert read_baked(b"%PDF") == ()
    assert read_baked(badges.svg()) == read_baked(badges.svg(verify=""))
    odd = parse_svg(b'<?xml version="1.0" encoding="x-unknown"?><svg/>', LIMITS)
    assert odd.trouble == "xml"


def test_a_drawing_that_carries_many_badges_is_read_once_for_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []

    def looking(picture: bytes) -> tuple[BakedBadge, ...]:
        looked.append(picture)
        return read_baked(picture)

    monkeypatch.setattr(baking, "read_baked", looking)
    world = World()
    subject = world.signed_subject()
    one, other = badges.svg(subject.raw), badges.svg(subject.raw) + b"<!-- -->"
    reports = [world.report(replace(subject, container=drawing)) for drawing in (one, one, other, one)]
    assert looked == [one, other, one]
    assert {report.finding("baking.single").outcome for report in reports} == {Outcome.PASSED}
    assert len({report.finding("baking.form") for report in reports}) == 1


@pytest.mark.parametrize(("key", "value"), [("verdict", "great"), ("as_of", "today"), ("as_of", "2026-01-01T00:00:00")])
def test_a_stored_report_that_was_spoilt_is_named(key: str, value: str) -> None:
    stored = json.loads(json.dumps(to_json(World().hosted())))
    assert summary_from_json(stored).verdict is Verdict.VALID
    with pytest.raises(StoreDamagedError):
        summary_from_json({**stored, key: value})


def test_n7_ten_thousand_endorsements_stop_at_the_cap_and_say_so() -> None:
    world = World()
    endorsed(world)
    world.class_["endorsement"] = [ENDORSEMENT, *(f"{OTHER}/endorsements/{n}" for n in range(2, 10_001))]
    report = world.hosted()
    assert report.verdict is Verdict.VALID
    assert len(world.asked) == LIMITS.fetches_per_badge == len(report.evidence)
    last = [f.summary for f in report.findings if f.check == "endorsement.proven"][-1]
    assert last.startswith("9,97") and "were not looked at" in last


def test_one_endorsement_too_many_is_spoken_of_as_one() -> None:
    world = World()
    world.class_["endorsement"] = [f"{OTHER}/endorsements/{n}" for n in range(27)]
    report = world.hosted()
    assert report.findings and any("1 endorsement was not looked at" in f.summary for f in report.findings)


def test_an_endorser_without_a_name_is_called_so() -> None:
    report = world_with(
        lambda w: (endorsed(w), w.serve(f"{OTHER}/guild", {**badges.issuer(), "id": f"{OTHER}/guild", "name": 5}))
    )
    finding = report().report().finding("endorsement.proven")
    assert finding.outcome is Outcome.PASSED and "without a name" in finding.summary


def test_an_issuer_with_several_keys_is_pinned_by_the_one_that_signed() -> None:
    world = World()
    world.issuer["publicKey"] = [f"{HOST}/gone", f"{HOST}/odd", KEY]
    world.serve(f"{HOST}/odd", {**world.key, "id": f"{HOST}/odd", "publicKeyPem": "no key"})
    world.signed_award["verification"] = {"type": "SignedBadge"}
    report = world.signed()
    assert report.verdict is Verdict.VALID, troubles(report)
    assert report.seen.keys == (jws.load_key(world.public).spki_sha256,)


def test_a_declared_rule_for_another_place_still_counts() -> None:
    assert world_of(award_at(f"{OTHER}/a"), scope(startsWith=[])).hosted().verdict is Verdict.INVALID


def test_an_address_in_brackets_is_one_or_none() -> None:
    assert urls.host_name("[::1]") == "::1"
    assert urls.host_name("[zz]") is None and urls.host_name("[::1") is None


def test_an_address_below_the_old_word_for_verification_is_read_like_any_other() -> None:
    plain = normalise({"@context": OB2, "verify": {"id": AWARD}})
    full = normalise({"@context": [OB2, {"x": "https://x.example/x"}], "verify": {"id": AWARD}})
    assert plain.fast and not full.fast
    assert plain.node == full.node == {"verification": AWARD}


def test_a_profile_that_is_broken_proves_no_issuer() -> None:
    report = world_of(serve(ISSUER, b"{")).hosted()
    assert report.finding("issuer.proven").outcome is Outcome.UNDETERMINED
    assert report.verdict is Verdict.INVALID and report.seen is None


def test_what_changed_behind_a_signed_badge_is_told_as_well() -> None:
    world = World()
    before = badges.encode({**world.class_, "name": "Lab Basics"})
    memory = Memory(answers={CLASS: Fetched(CLASS, CLASS, NOW, status=200, body=before)})
    report = verify(world.signed_subject(), fetcher=world, now=NOW, memory=memory)
    finding = report.finding("drift.hosted")
    assert report.verdict is Verdict.VALID and finding is not None
    assert "“Lab Basics” became “Laboratory Safety”" in finding.summary


def test_a_signed_badge_is_compared_with_what_was_published_before_though_it_is_hosted_nowhere() -> None:
    world = World()
    before = {url: world.fetch(url) for url in (CLASS, ISSUER)}
    report = verify(world.signed_subject(), fetcher=world, now=NOW, memory=Memory(answers=before))
    assert report.finding("drift.hosted") is None
    world.class_["name"] = "Laboratory Safety II"
    report = verify(world.signed_subject(), fetcher=world, now=NOW, memory=Memory(answers=before))
    assert report.finding("drift.hosted") is not None
