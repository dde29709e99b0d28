"""What must hold for every badge older than 2.0: nothing forged, missing or borrowed makes one valid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.legacy_cases import HOME, INVALID, NOW, OPEN, OTHER, V2, VALID, Old
from tests.conformance.world import troubles
from tests.generate import badges, keys
from tests.support.server import Server, redirect
from wallet.documents import jws
from wallet.fetch.http import HttpFetcher
from wallet.fetch.recorded import RecordedFetcher
from wallet.found import Kind
from wallet.verify.dossier import Subject
from wallet.verify.policy import required
from wallet.verify.report import Outcome, Report, Role, Verdict

WAYS = [("0.5", "hosted"), ("1.0", "hosted"), ("1.1", "hosted"), ("1.0", "signed"), ("1.1", "signed")]


def judged(old: Old, way: str) -> Report:
    return old.signed() if way == "signed" else old.hosted()


def mandatory(version: str, way: str) -> tuple[str, ...]:
    """The addresses without which nothing is proven."""
    old = Old(version)
    old.issuer["revocationList"] = old.list_at
    old.documents[old.list_at] = {}
    assert judged(old, way).verdict is VALID
    hosted = way == "hosted"
    # A hosted badge tells by itself whether it was withdrawn.
    return tuple(url for url in dict.fromkeys(old.asked) if not (hosted and url == old.list_at))


MISSING = [(version, way, url) for version, way in WAYS for url in mandatory(version, way)]


@pytest.mark.parametrize(("version", "way", "url"), MISSING)
@pytest.mark.parametrize("answer", ["nothing", "404", "410", "page", "empty"])
def test_without_any_of_its_documents_no_old_badge_is_valid(version: str, way: str, url: str, answer: str) -> None:
    old = Old(version)
    if url == old.list_at:
        old.issuer["revocationList"] = url
    if answer == "nothing":
        old.fails(url)
    else:
        status = int(answer) if answer.isdigit() else 200
        old.status(url, status, b"<html></html>" if answer == "page" else b"")
    # Brought as a whole file, so that nothing is missing but what the issuer would have to say.
    verdict = judged(old, way).verdict
    gone = url == old.at and answer == "410"
    assert verdict is (Verdict.REVOKED if gone else OPEN) or (url == old.picture_at and verdict is INVALID)


@cache
def signed(version: str) -> bytes:
    return Old(version).signed_subject().raw


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["1.0", "1.1"]))
def test_no_byte_of_a_signed_old_badge_can_be_changed(data: st.DataObject, version: str) -> None:
    old, token = Old(version), bytearray(signed(version))
    place = data.draw(st.integers(0, len(token) - 1))
    token[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != token[place]))
    old.token = bytes(token)
    assert old.signed().verdict is not VALID


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_the_order_of_members_means_nothing(version: str, way: str) -> None:
    old, turned = Old(version), Old(version)
    for name in ("award", "class_", "issuer"):
        document = getattr(turned, name)
        members = list(document.items())
        document.clear()
        document.update(reversed(members))
    assert judged(old, way).verdict is judged(turned, way).verdict is VALID


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_offline_says_what_online_said(version: str, way: str) -> None:
    old = Old(version)
    online = judged(old, way)
    kept = {item.fetched.url: item.fetched for item in online.evidence}
    old.fetcher = RecordedFetcher(lambda url: kept.get(url), now=NOW)
    offline = judged(old, way)
    assert offline.verdict is online.verdict is VALID
    assert [(f.check, f.outcome, f.summary) for f in offline.findings] == [
        (f.check, f.outcome, f.summary) for f in online.findings
    ]


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_the_badge_is_shown_in_its_own_version(version: str, way: str) -> None:
    credential = judged(Old(version), way).credential
    assert credential is not None and credential.version == version
    assert credential.achievement is not None and credential.achievement.issuer is not None
    assert str(credential.achievement.issuer.name) == ("Old Code Club" if version == "0.5" else "Rowan College")
    if version != "0.5":
        (alignment,) = credential.achievement.alignments
        assert str(alignment.target_name) == "Safety 1" and alignment.target_url == "https://framework.example/1"


# attacks


def test_a_key_of_the_forger_is_not_even_asked_for() -> None:
    old = Old("1.0")
    forger, public = keys.pair("RSA", 1)
    old.documents[f"{OTHER}/key.pem"] = public.encode()
    payload = {**old.award, "verify": {"type": "signed", "url": f"{OTHER}/key.pem"}}
    report = old.report(Subject(jws.sign(json.dumps(payload).encode(), forger), Kind.OB2_JWS))
    assert report.verdict is INVALID, troubles(report)
    assert f"{OTHER}/key.pem" not in old.asked


@pytest.mark.parametrize(
    "url",
    [
        f"https://old.rowan-college.example@{OTHER[8:]}/key.pem",
        f"{OTHER}/key.pem#{HOME}/key.pem",
        f"{HOME}.elsewhere.example/key.pem",
        f"{HOME}\\@elsewhere.example/key.pem",
        "//old.rowan-college.example/key.pem",
        "urn:key",
        "",
    ],
)
def test_an_address_that_only_looks_like_the_issuers_names_no_key(url: str) -> None:
    old = Old("1.0")
    old.signed_changes["verify"] = {"type": "signed", "url": url}
    old.documents[url] = old.public.encode()
    assert old.signed().verdict is INVALID


def test_a_key_inside_an_old_profile_proves_nothing() -> None:
    """1.x lists no keys, so a profile that does lends none."""
    old = Old("1.1")
    old.issuer["publicKey"] = {"id": old.key_at, "publicKeyPem": old.public, "owner": old.issuer_at}
    old.fails(old.key_at)
    assert old.signed().verdict is OPEN


def test_an_old_award_cannot_borrow_a_profile_of_today() -> None:
    """Whoever can put a file on the issuer's host would sign in its name: 2.0 has the profile list the keys."""
    old = Old("1.0")
    old.documents[old.issuer_at] = badges.issuer(id=old.issuer_at, url=f"{HOME}/")
    report = old.signed()
    assert report.verdict is OPEN
    assert report.finding("issuer.proven").cause == "other-version"


def test_an_award_of_today_cannot_borrow_an_old_profile() -> None:
    old = Old("1.1")
    award = badges.assertion(id=old.at, badge=old.class_at)
    old.documents[old.at] = award
    report = old.report(Subject(badges.encode(award), Kind.OB2_JSON))
    assert report.verdict is not VALID
    assert {item.role for item in report.evidence} >= {Role.ASSERTION, Role.ACHIEVEMENT}


def test_an_old_file_cannot_soften_a_hosted_award_of_today() -> None:
    """What is served decides by which rules it is judged."""
    old = Old("1.0")
    old.brought = badges.encode(old.award)
    old.documents[old.at] = {**old.award, "@context": V2, "id": old.at, "type": "Assertion"}
    report = old.hosted()
    assert report.verdict is INVALID
    assert report.finding("structure.assertion.issuedOn").outcome is Outcome.FAILED


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_somebody_elses_class_cannot_be_used(version: str) -> None:
    """A forger's own award, on the forger's own host, for an achievement of the college."""
    old = Old(version)
    forged = {**old.award, "verify": {"type": "hosted", "url": f"{OTHER}/a.json"}}
    if version == "1.1":
        forged["id"] = f"{OTHER}/a.json"
    old.documents[f"{OTHER}/a.json"] = forged
    report = old.report(Subject(badges.encode(forged), Kind.OB1_JSON, fetch_url=f"{OTHER}/a.json"))
    assert report.verdict is INVALID
    assert report.finding("hosted.scope").outcome is Outcome.FAILED


def test_what_a_version_asks_for_is_known_beforehand() -> None:
    from wallet.limits import LIMITS
    from wallet.verify.gather import gather

    for version, way in WAYS:
        old = Old(version)
        subject = old.signed_subject() if way == "signed" else old.subject()
        ids = required(gather(subject, old, LIMITS, NOW), ())
        assert ("legacy.0-5" in ids) == (version == "0.5")
        assert ("legacy.1-0" in ids) == (version == "1.0")
        assert ("legacy.pem" in ids) == (way == "signed")
        assert "signed.key-listed" not in ids
        assert ("issuer.proven" in ids) == (version != "0.5")


def test_a_broken_token_of_an_old_badge_fails_by_its_form() -> None:
    old = Old("1.0")
    old.token = old.signed_subject().raw.replace(b".", b"..", 1)
    report = old.signed()
    assert report.verdict is INVALID, troubles(report)


def test_a_document_that_says_less_than_a_notice_is_no_notice() -> None:
    old = Old("1.0")
    old.brought = badges.encode(old.award)
    for body in (b'{"revoked": "true"}', b'{"revoked": true, "error": "x"}', b"[true]", b"true", b'{"revoked": tru'):
        old.status(old.at, 200, body)
        assert old.hosted().verdict in (OPEN, INVALID)
    unknown = old.report(Subject(old.at.encode(), Kind.OB2_URL))
    assert unknown.verdict is not VALID


# over real sockets


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def put_up(server: Server, version: str) -> Old:
    # The addresses inside 0.5 begin at the root of its host.
    folder = "" if version == "0.5" else f"/{version}"
    old = Old(version, server.url("/").removesuffix("/") + folder)
    for url in old.documents:
        label = "image/png" if url == old.picture_at else "application/json"
        server.add(f"{folder}{url.removeprefix(old.base)}", (200, {"content-type": label}, old.body(url) or b""))
    return old


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_an_old_badge_is_proven_over_real_sockets(server: Server, version: str, way: str) -> None:
    old = put_up(server, version)
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        old.fetcher = fetcher
        assert judged(old, way).verdict is VALID, troubles(judged(old, way))


@pytest.mark.parametrize(("version", "way"), WAYS)
def test_an_old_badge_is_not_proven_by_another_host(server: Server, version: str, way: str) -> None:
    """The same machine under another name is another host."""
    old = put_up(server, version)
    elsewhere = old.base.replace("127.0.0.1", "localhost")
    if version == "0.5":
        old.address = old.at.replace("127.0.0.1", "localhost")
    elif way == "signed":
        old.signed_changes["verify"] = {"type": "signed", "url": f"{elsewhere}/key.pem"}
    else:
        path = f"/{version}/elsewhere.json"
        moved = f"{elsewhere}/elsewhere.json"
        old.award["verify"] = {"type": "hosted", "url": moved}
        if "id" in old.award:
            old.award["id"] = moved
        server.add(path, (200, {"content-type": "application/json"}, badges.encode(old.award)))
    port = server.host.rpartition(":")[2]
    with HttpFetcher(allow_hosts=[server.host, f"localhost:{port}"], environ={}) as fetcher:
        old.fetcher = fetcher
        report = judged(old, way)
    assert report.verdict is INVALID, troubles(report)


def test_a_key_behind_a_real_redirect_to_another_host_proves_nothing(server: Server) -> None:
    old = put_up(server, "1.0")
    server.add("/1.0/away.pem", redirect(old.key_at.replace("127.0.0.1", "localhost")))
    old.signed_changes["verify"] = {"type": "signed", "url": f"{old.base}/away.pem"}
    port = server.host.rpartition(":")[2]
    with HttpFetcher(allow_hosts=[server.host, f"localhost:{port}"], environ={}) as fetcher:
        old.fetcher = fetcher
        report = old.signed()
    assert report.verdict is INVALID, troubles(report)
    assert report.finding("legacy.pem").cause == "key-host"
