"""A letter to the issuer says what was found and what is asked for, and nothing about whoever holds the badge."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conformance.world import AWARD, ISSUER, KEY, MINE, OTHER, PICTURE, World
from wallet.fetch.base import Cause
from wallet.found import Kind
from wallet.model import Identity
from wallet.verify.dossier import Subject
from wallet.verify.letters import Letter, letter, told, why_not
from wallet.verify.remedies import REMEDIES
from wallet.verify.report import Report, Verdict, Who
from wallet.verify.report_json import summary_from_json, to_json
from wallet.verify.requests import request

STRANGER = Identity("email", "somebody@else.example")


def written(report: Report) -> Letter:
    made = letter(report)
    assert made is not None, why_not(report)
    return made


def _out_of_scope(world: World) -> None:
    world.issuer["verification"] = {"type": "VerificationObject", "allowedOrigins": ["elsewhere.example"]}


def _no_name(world: World) -> None:
    del world.class_["name"]


def _withdrawn(world: World) -> None:
    world.status(AWARD, 410, b'{"revocationReason": "Awarded by mistake"}')


def _picture(world: World) -> None:
    world.serve(PICTURE, b"GIF89a")


def _gone(world: World) -> None:
    world.fails(AWARD, Cause.DNS)


def _no_issuer(world: World) -> None:
    world.status(ISSUER, 404)


@pytest.mark.parametrize("fault", [_out_of_scope, _no_name, _withdrawn, _picture, _gone, _no_issuer])
def test_a_letter_names_the_badge_the_finding_the_rule_and_the_wish(fault) -> None:
    world = World()
    fault(world)
    report = world.hosted(MINE)
    made = written(report)
    assert report.verdict is not Verdict.VALID
    assert AWARD in made.text
    (point, *_) = made.points
    assert point.said.split()[0] in made.text
    assert f"(check {point.check})" in made.text
    assert point.asked.split()[1] in made.text
    assert made.text.startswith("Hello,\n")
    assert made.text.endswith("Thank you.\n")
    assert all(len(line) <= 72 for line in made.text.splitlines() if "https://" not in line)


@pytest.mark.parametrize("signed", [True, False])
def test_a_letter_says_nothing_of_its_holder(signed: bool) -> None:
    world = World()
    award = world.signed_award if signed else world.award
    award["recipient"] = {"type": "email", "hashed": False, "identity": MINE.value, "salt": "sea-salt-1"}
    award["narrative"] = {"not": f"text for {MINE.value} with sea-salt-1 and sha256$00112233445566778899"}
    award["evidence"] = f"mailto {MINE.value} sea-salt-1"
    award["issuedOn"] = f"{MINE.value} sha256$00112233445566778899 sea-salt-1"
    report = world.signed(MINE) if signed else world.hosted(MINE)
    made = written(report)
    everything = json.dumps([made.text, made.subject, made.address, [repr(point) for point in made.points]])
    for private in (MINE.value, MINE.value.partition("@")[0], "sea-salt", "sha256$", "md5$"):
        assert private not in everything


@pytest.mark.parametrize(
    "recipient",
    [
        "Mina Okafor",
        {"type": "telephone", "hashed": True, "identity": "+44 1234 567890"},
        {"type": "url", "hashed": True, "identity": "https://mina-okafor.example/me"},
        {"type": "name", "hashed": False, "identity": [{"@value": "Mina Okafor", "@language": "en"}], "salt": "okafor"},
        {"type": "name", "hashed": "Mina Okafor", "identity": "Mina Okafor"},
        ["Mina Okafor", {"type": "name", "identity": "Mina Okafor"}],
    ],
)
def test_a_recipient_in_the_wrong_form_is_not_repeated_either(recipient: object) -> None:
    world = World()
    world.award["recipient"] = recipient
    made = written(world.hosted())
    for private in ("kafor", "1234"):
        assert private not in json.dumps([made.text, [repr(point) for point in made.points]])


def test_a_letter_says_which_document_did_not_come() -> None:
    world = World()
    world.status(ISSUER, 410)
    text = " ".join(written(world.hosted()).text.split())
    assert f"The issuer's profile is gone for good, as its host says: {ISSUER}." in text
    world = World()
    world.fails(KEY)
    assert KEY in written(world.signed()).text


def test_a_badge_address_with_an_e_mail_in_it_is_not_repeated() -> None:
    world = World()
    address = f"{AWARD}?to=mina.okafor%40learner.example"
    world.award["id"] = address
    world.documents[address] = world.award
    del world.class_["name"]
    made = written(world.hosted())
    assert "okafor" not in made.text + (made.address or "")


def test_there_is_nothing_to_write_about_a_valid_badge() -> None:
    report = World().hosted(MINE)
    assert letter(report) is None
    assert why_not(report) == "The badge is valid: there is nothing to write about."


def test_there_is_nothing_to_write_about_what_is_not_the_issuers_to_mend() -> None:
    report = World().hosted(STRANGER)
    assert report.verdict is Verdict.INVALID
    assert letter(report) is None
    assert "nothing to write about" in (why_not(report) or "")
    world = World()
    world.award["expires"] = "2020-01-01T00:00:00Z"
    assert "Renew it" in (why_not(world.hosted()) or "")


def test_a_letter_goes_to_the_address_in_the_profile_and_says_whether_that_is_proven() -> None:
    world = World()
    _out_of_scope(world)
    made = written(world.hosted())
    assert made.to == (world.issuer["name"], world.issuer["email"], world.issuer["url"])
    assert made.proven
    world = World()
    world.issuer["id"] = f"{OTHER}/issuer"
    assert not written(world.hosted()).proven


def test_a_withdrawn_badge_is_asked_about_not_complained_of() -> None:
    world = World()
    _withdrawn(world)
    text = written(world.hosted()).text
    assert "Awarded by mistake" in " ".join(text.split())
    assert "why the badge was withdrawn" in " ".join(text.split())
    assert "not yours" not in text


def test_a_badge_of_which_only_the_address_is_known_is_named_by_it() -> None:
    world = World()
    world.status(AWARD, 404)
    made = written(world.report(Subject(AWARD.encode(), Kind.OB2_URL, AWARD)))
    assert made.address == AWARD
    assert made.to == ()
    assert made.subject == "A problem with a badge of yours"


def test_a_letter_can_be_written_about_what_cannot_even_be_read() -> None:
    made = written(World().report(Subject(b'{"type": "Assertion", "type": "Assertion"}', Kind.OB2_JSON)))
    assert (made.address, made.to, made.proven) == (None, (), False)
    assert "strict JSON" in made.text
    world = World()
    world.issuer["publicKey"] = f"{OTHER}/key"
    del world.signed_award["id"]
    world.serve(f"{OTHER}/key", {"type": "CryptographicKey"})
    assert written(world.signed()).address is None


def test_a_stored_report_gives_the_same_letter() -> None:
    world = World()
    _out_of_scope(world)
    report = world.hosted(MINE)
    assert letter(summary_from_json(to_json(report))) == letter(report)
    world.status(AWARD, 404)
    gone = world.report(Subject(AWARD.encode(), Kind.OB2_URL, AWARD))
    assert letter(summary_from_json(to_json(gone))) == letter(gone)


def test_one_wish_for_several_findings_is_said_once() -> None:
    world = World()
    del world.class_["name"], world.class_["description"]
    made = written(world.hosted())
    assert len(made.points) == 2
    assert made.text.count(request("missing-property")) == 1


def test_a_hostile_name_cannot_add_lines_to_a_letter() -> None:
    world = World()
    world.class_["name"] = "A\r\n\x1b[31mBcc: all@else.example"
    _out_of_scope(world)
    made = written(world.hosted())
    assert "\x1b" not in made.text + made.subject
    assert "\n" not in made.subject
    assert not any(line.lstrip().startswith("Bcc") for line in made.text.splitlines())


#: The causes of verification.md section 5 that are an issuer's to mend: each has a wish of its own.
COMMON = (
    *(
        "tls",
        "http-404",
        "http-403",
        "web-page",
        "too-big",
        "revoked",
        "bad-signature",
        "key-not-listed",
        "key-unreachable",
    ),
    *(
        "weak-key",
        "algorithm",
        "scope",
        "origins-format",
        "id-mismatch",
        "issuer-anonymous",
        "missing-property",
        "bad-date",
    ),
    "image-type",
)


@pytest.mark.parametrize("cause", COMMON)
def test_each_common_cause_has_a_wish_of_its_own(cause: str) -> None:
    assert REMEDIES[cause].who is Who.ISSUER
    assert request(cause) != request("no such cause")


def test_every_wish_is_a_whole_sentence() -> None:
    for cause in REMEDIES:
        wish = request(cause)
        assert wish.endswith(".")
        assert wish[0].isupper()


def test_keys_are_asked_for_where_the_issuer_lists_none() -> None:
    world = World()
    del world.issuer["publicKey"]
    assert "publicKey" in written(world.signed()).text


@pytest.mark.parametrize(
    ("change", "subject"), [(None, "About the badge “Laboratory Safety”"), (_no_name, "About a badge of yours")]
)
def test_what_the_holder_has_to_say_is_a_letter_too(change: Callable[[World], None] | None, subject: str) -> None:
    world = World()
    if change is not None:
        change(world)
    made = told(summary_from_json(to_json(world.hosted())), "The date is wrong.\n\nIt was in May.\x1b[2J")
    assert made.subject == subject
    assert "The date is wrong.\n\nIt was in May.�[2J\n\nThank you.\n" in made.text
    assert "Result:" not in made.text and "\x1b" not in made.text
