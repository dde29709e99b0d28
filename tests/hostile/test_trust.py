"""Attacks on whom a badge is from (security.md T4, T8 to T14 and T21 to T23): each is tried against the whole verifier."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conformance.advice import pin, remembering
from tests.conformance.cases import (
    a_foreign_key,
    award_at,
    embedded_class_of_another_issuer,
    hosted_by,
    issuer_as,
    put,
    scope,
    token,
)
from tests.conformance.legacy_cases import Old
from tests.conformance.world import AWARD, HOST, ISSUER, KEY, MINE, NOW, OTHER, World, troubles
from tests.generate import badges, keys
from wallet.documents import jws
from wallet.found import Carrier, Found, Kind
from wallet.paths import Paths
from wallet.store.doctor import examine
from wallet.store.wallet import Wallet
from wallet.verify.confusable import alike_hosts, same_name
from wallet.verify.dossier import Memory, Pin, Subject
from wallet.verify.report import Outcome, Verdict
from wallet.verify.service import verify

VALID, INVALID = Verdict.VALID, Verdict.INVALID


@pytest.mark.parametrize(
    ("bits", "exponent"), [(512, 65537), (1024, 65537), (16384, 65537), (2048, 1), (2048, 2**33 + 1)]
)
@pytest.mark.parametrize("inside", [True, False])
def test_t4_a_key_that_proves_nothing_makes_no_badge_valid(bits: int, exponent: int, inside: bool) -> None:
    world = World()
    world.key["publicKeyPem"] = keys.rsa_public_pem(bits, exponent)
    if inside:
        world.issuer["publicKey"] = {name: value for name, value in world.key.items() if name != "@context"}
    report = world.signed()
    assert report.verdict is INVALID, troubles(report)
    assert report.finding("signed.key-strength").cause == "weak-key"


@pytest.mark.parametrize("where", ["own document", "no creator", "issuer's name for it"])
def test_t8_a_forgers_key_proves_nothing_wherever_it_stands(where: str) -> None:
    world = World()
    a_foreign_key(world)
    if where == "no creator":
        world.signed_award["verification"] = {"type": "SignedBadge"}
    elif where == "issuer's name for it":
        world.signed_award["verification"] = {"type": "SignedBadge", "creator": KEY}
    assert world.signed().verdict is INVALID


def test_t8_a_key_that_claims_the_issuer_as_its_owner_is_not_the_issuers() -> None:
    world = World()
    a_foreign_key(world)
    assert world.documents[f"{OTHER}/key"]["owner"] == ISSUER
    report = world.signed()
    assert report.finding("signed.key-listed").outcome is Outcome.FAILED, troubles(report)


def test_t8_a_copy_of_the_class_cannot_move_a_badge_to_the_forger() -> None:
    world = World()
    embedded_class_of_another_issuer(world)
    assert world.signed().verdict is INVALID


@pytest.mark.parametrize(
    "issuer",
    [None, "_:b0", "urn:uuid:1", "did:key:z6Mk", "data:application/json,{}", "Rowan College", "file:///issuer"],
)
@pytest.mark.parametrize("signed", [True, False])
def test_t9_an_issuer_that_nobody_can_fetch_is_never_proven(issuer: str | None, signed: bool) -> None:
    world = World()
    world.private, public = keys.pair("RSA", 1)
    forged = {**world.issuer, "id": issuer, "publicKey": {**world.key, "publicKeyPem": public}}
    if issuer is None:
        del forged["id"]
    world.class_["issuer"] = forged
    world.signed_award["badge"] = {**world.class_, "id": "urn:uuid:class"}
    world.signed_award["verification"] = {"type": "SignedBadge"}
    report = world.signed() if signed else world.hosted()
    assert report.verdict is not VALID
    assert report.seen is None


def test_t9_a_profile_inside_the_badge_lends_no_key() -> None:
    world = World()
    world.private, public = keys.pair("RSA", 1)
    forged = {**world.issuer, "publicKey": {**world.key, "publicKeyPem": public}}
    world.signed_award["badge"] = {**world.class_, "issuer": forged}
    world.signed_award["verification"] = {"type": "SignedBadge"}
    assert world.signed().verdict is INVALID


def _a_badge_of_3_0() -> bytes:
    return badges.encode(badges.open_badge_3())


@pytest.mark.parametrize("method", ["SignedBadge", ["SignedBadge", "HostedBadge"]])
@pytest.mark.parametrize("other", [b'{"iss":"rowan","sub":"mina"}', _a_badge_of_3_0(), None])
def test_t8_what_the_issuer_signed_for_something_else_is_no_signature_of_a_page(
    method: object, other: bytes | None
) -> None:
    """The forger brings a genuine token of the issuer's, and an address of their own where the badge is said to be hosted."""
    world, place = World(), f"{OTHER}/forged"
    forged = {**world.signed_award, "id": place, "narrative": "With honours."}
    world.serve(place, {**forged, "verification": {"type": method, "creator": KEY}})
    payload = other if other is not None else badges.encode({**world.award, "id": place})
    subject = Subject(jws.sign(payload, world.private), Kind.OB2_JWS, fetch_url=place)
    report = world.report(subject, (MINE,))
    assert report.verdict is INVALID, troubles(report)
    assert report.finding("signed.present").cause == "no-signature"


@pytest.mark.parametrize("signed", [True, False])
def test_t10_a_document_that_declares_somebody_elses_id_is_not_that_issuer(signed: bool) -> None:
    world = World()
    issuer_as(f"{OTHER}/issuer")(world)
    world.issuer["id"] = ISSUER  # served at the forger's address, under the victim's name
    world.serve(ISSUER, badges.issuer())
    report = world.signed() if signed else world.hosted()
    assert report.verdict is INVALID, troubles(report)
    assert report.finding("issuer.proven").outcome is Outcome.FAILED


@pytest.mark.parametrize("signed", [True, False])
def test_t10_an_address_that_leads_to_the_forgers_profile_lends_it_no_name(signed: bool) -> None:
    """The college has a page that leads wherever one likes; the forger names that page as the issuer."""
    world, forger = World(), f"{OTHER}/issuer"
    page = f"https://college.example/go?to={forger}"
    world.issuer |= {"id": forger}
    world.key["owner"] = forger
    world.serve(forger, world.issuer)
    world.class_ |= {"id": f"{OTHER}/class", "issuer": page}
    world.serve(f"{OTHER}/class", world.class_)
    for award in (world.award, world.signed_award):
        award |= {"id": f"{OTHER}/award", "badge": f"{OTHER}/class"}
    world.serve(f"{OTHER}/award", world.award)
    world.leads_to(page, forger)
    report = world.signed() if signed else world.hosted()
    assert report.credential.achievement.issuer_id == report.credential.issuer.id == forger
    warning = report.finding("issuer.proven.note")
    assert "college.example" in warning.summary and "badges.elsewhere.example" in warning.summary
    assert report.seen is None or report.seen.issuer_id == forger


@pytest.mark.parametrize(
    "address",
    [
        f"{HOST}.evil.example/a",
        f"{HOST}@evil.example/a",
        f"{HOST}:443@evil.example/a",
        "https://evil.example\\@badges.rowan-college.example/a",
        "https://evil.example#@badges.rowan-college.example/a",
        "https://evil.example/?https://badges.rowan-college.example/a",
        "https://badges%2erowan-college.example/a",
        "https://badges.rowan-college.example%00.evil.example/a",
        "https://xn--bdges-6qa.rowan-college.example/a",
    ],
)
def test_t11_an_address_that_only_looks_like_the_issuers_is_out_of_scope(address: str) -> None:
    world = World()
    award_at(address)(world)
    report = world.hosted()
    assert report.verdict is INVALID, troubles(report)


@pytest.mark.parametrize(
    "path",
    [
        "/alice-evil/a",
        "/aliceevil/a",
        "/alice/../evil/a",
        "/alice/%2e%2E/evil/a",
        "/alice/..%2fevil/a",
        "/alice/..%5Cevil/a",
        "/alice/..;/evil/a",
        "/alice%2f..%2fevil/a",
        "/alice/..",
        "/Alice/a",
        "/evil?/alice/a",
    ],
)
def test_t11_a_neighbour_of_the_issuers_folder_is_out_of_scope(path: str) -> None:
    world = World()
    award_at(f"{HOST}{path}")(world)
    scope(startsWith=f"{HOST}/alice")(world)
    assert world.hosted().verdict is INVALID
    inside = World()
    award_at(f"{HOST}/alice/a")(inside)
    scope(startsWith=f"{HOST}/alice")(inside)
    assert inside.hosted().verdict is VALID


def test_t12_an_upload_folder_on_the_issuers_host_is_kept_out_by_its_rule() -> None:
    world = World()
    award_at(f"{HOST}/uploads/mallory.json")(world)
    assert world.hosted().verdict is VALID  # as the specification has it: the host is the issuer's
    scope(startsWith=f"{HOST}/awards/")(world)
    assert world.hosted().verdict is INVALID


def test_t12_a_first_badge_on_a_host_of_many_is_warned_of() -> None:
    """In 0.5 nothing but the host speaks for the issuer, whose name the badge itself gives."""
    report = Old("0.5", "https://gist.githubusercontent.com").hosted()
    assert report.verdict is VALID, troubles(report)
    assert report.finding("trust.shared-host").found == "gist.githubusercontent.com"
    assert report.seen is None
    for version in ("1.0", "1.1"):
        signed = Old(
            version, "https://gist.githubusercontent.com"
        ).signed()  # its key too is only vouched for by the host
        assert signed.verdict is VALID and signed.finding("trust.shared-host") is not None, troubles(signed)
    assert Old("0.5").hosted().finding("trust.shared-host") is None


def test_t13_the_hosted_copy_counts_and_a_nobler_file_is_named() -> None:
    world = World()
    world.brought = badges.encode({**world.award, "narrative": "With the highest honours."})
    report = world.hosted(MINE)
    assert report.verdict is VALID
    assert not report.credential.narrative
    assert "narrative" in report.finding("drift.local").summary


@pytest.mark.parametrize(
    "method",
    ["SignedBadge", "signed", ["HostedBadge", "SignedBadge"], "TrustMe", ["TrustMe"], [], "", {}, 5, None],
)
def test_t14_json_that_says_signed_or_nothing_known_is_never_valid(method: object) -> None:
    world = World()
    hosted_by(method)(world)
    assert world.hosted().verdict is not VALID


@pytest.mark.parametrize("verification", [None, {}, [], "HostedBadge", {"type": "SignedBadge"}])
def test_t14_a_token_with_a_garbage_signature_is_never_valid(verification: object) -> None:
    for with_key in (True, False):
        world = World()
        world.signed_award["verification"] = verification
        if not with_key:
            put("issuer", publicKey=None)(world)
        token('{"alg":"RS256"}')(world)
        assert world.signed().verdict is not VALID


LOOKALIKES = [
    ("mit.edu.evil.com", "mit.edu"),
    ("rnit-college.example", "mit-college.example"),
    ("badges.rowan-co11ege.example", "badges.rowan-college.example"),
    ("badges.r0wan-college.example", "badges.rowan-college.example"),
    ("badges.rowan-colege.example", "badges.rowan-college.example"),
    ("badges.rowan-colllege.example", "badges.rowan-college.example"),
    ("badges.rowan-collgee.example", "badges.rowan-college.example"),
    ("badges.rowan-cullege.example", "badges.rowan-college.example"),
    ("badges-rowan-college.example", "badges.rowan-college.example"),
    ("badges.rowancollege.example", "badges.rowan-college.example"),
    ("xn--rwan-college-4fk.example", "rowan-college.example"),
    ("xn--pple-43d.example.com", "apple.example.com"),
]
NAMES = [
    ("Rоwan College", "Rowan College"),
    ("ROWAN COLLEGE", "Rowan College"),
    ("Rowan  College", "Rowan College"),
    ("Rowan-College", "Rowan College"),
    ("R0wan C0llege", "Rowan College"),
    ("Rowan Collegе", "Rowan College"),
    ("Röwan College", "Rowan College"),
    ("Rovvan College", "Rowan College"),
]


@pytest.mark.parametrize(("odd", "known"), LOOKALIKES)
def test_t21_hosts_that_look_alike_are_told(odd: str, known: str) -> None:
    assert alike_hosts(odd, known)


@pytest.mark.parametrize(("odd", "known"), NAMES)
def test_t21_names_that_look_alike_are_told(odd: str, known: str) -> None:
    assert same_name(odd, known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elm.example", "elm.example"),
        ("a.example", "b.example"),
        ("badges.elm.example", "badges.rowan-college.example"),
    ],
)
def test_t21_hosts_that_differ_are_left_alone(one: str, other: str) -> None:
    assert not alike_hosts(one, other)


def test_t21_a_name_without_letters_is_like_no_other() -> None:
    assert not same_name("***", "---")
    assert not alike_hosts("xn--0.example", "elm-college.example")


def test_t21_the_warning_names_both_hosts_in_ascii() -> None:
    known = pin(issuer_id="x", host="badges.rowan-colege.example", name="Elm")
    finding = remembering(known)().report().finding("trust.lookalike")
    assert "badges.rowan-college.example" in finding.summary and known.host in finding.summary
    assert finding.summary.isascii() or "“" in finding.summary


def test_t21_a_first_badge_cannot_take_a_known_name_in_silence() -> None:
    old = Old("0.5")
    known = Pin("https://codeclub.example/issuer", "codeclub.example", NOW, name="Old Code Club")
    memory = Memory(pins={known.issuer_id: known})
    report = verify(old.subject(), fetcher=old, now=NOW, memory=memory)
    warning = report.finding("trust.lookalike")
    assert warning.outcome is Outcome.WARNING
    assert (warning.expected, warning.found) == ("codeclub.example", "old.rowan-college.example")


def test_t22_a_new_key_is_announced_with_both_dates_and_proves_as_before() -> None:
    old = pin(keys=("0" * 64,), first_seen=NOW - timedelta(days=300))
    report = remembering(old)().report()
    finding = report.finding("trust.key-changed")
    assert report.verdict is VALID
    assert "25 January 2026" in finding.summary and "21 November 2026" in finding.summary
    assert finding.expected == old.keys[0] and finding.found == report.seen.keys[0]


def test_t22_what_was_proven_can_be_pinned_and_nothing_else() -> None:
    world = World()
    proven = world.signed()
    assert proven.seen.issuer_id == ISSUER and proven.seen.host == HOST[8:] and len(proven.seen.keys) == 1
    assert world.hosted().seen == replace(proven.seen, keys=())
    token('{"alg":"RS256"}')(world)
    assert world.signed().seen is None


def test_t23_a_byte_changed_in_the_wallet_is_named_by_the_doctor(tmp_path) -> None:
    paths = Paths(tmp_path / "wallet", tmp_path / "cache", tmp_path / "state", tmp_path / "config.toml")
    world = World()
    raw = json.dumps(world.award).encode()
    found = Found(Kind.OB2_JSON, Carrier.JSON, raw, claimed_id=AWARD, fetch_url=AWARD)
    with Wallet.open(paths, now=NOW) as wallet:
        (added,) = wallet.add([found], now=NOW)
        wallet.record(added.badge, world.report(Subject(raw, Kind.OB2_JSON, AWARD)), now=NOW)
        assert wallet.row(added.badge).verdict is VALID
    assert not damage(paths)
    objects = [path for path in paths.wallet.rglob("*") if path.is_file() and "objects" in path.parts]
    assert len(objects) > 3
    for path in objects:
        whole = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert damage(paths), path
        path.write_bytes(whole)
    assert not damage(paths)


def damage(paths: Paths) -> list[str]:
    return [ailment.message for ailment in examine(paths, now=NOW) if ailment.severity == "damage"]
