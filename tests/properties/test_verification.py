"""Rules of verification that hold for every input: nothing forged, nothing missing and no silence ever makes a valid badge."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.cases import CASES, Case
from tests.conformance.world import AWARD, CLASS, HOST, ISSUER, KEY, LIST, MINE, NOW, PICTURE, World
from tests.generate import badges
from wallet.fetch.base import Cause
from wallet.fetch.recorded import RecordedFetcher
from wallet.found import Kind
from wallet.verify.dossier import Subject
from wallet.verify.report import DEPENDS, Finding, Outcome, Verdict
from wallet.verify.service import verify

#: A hosted badge does not need the list, and no badge the pictures of the award and the issuer (verification.md 3).
OPTIONAL = (LIST, f"{HOST}/a.png", f"{HOST}/a.svg", f"{HOST}/i.svg")
REQUIRED = {False: (AWARD, CLASS, ISSUER, PICTURE), True: (CLASS, ISSUER, KEY, LIST, PICTURE)}


@lru_cache
def signed_token() -> bytes:
    return World().signed_subject().raw


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(signed_token()) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_badge_can_be_changed(place: int, change: int) -> None:
    token = bytearray(signed_token())
    token[place] ^= change
    report = World().report(Subject(bytes(token), Kind.OB2_JWS))
    # Text around a token is no part of it: only then may the rest be what was signed.
    if bytes(token).strip() != signed_token():
        assert report.verdict is not Verdict.VALID


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.data())
def test_without_a_required_document_no_badge_is_valid(signed: bool, data: st.DataObject) -> None:
    world = World()
    world.withdraw()
    gone = data.draw(st.sampled_from(REQUIRED[signed]))
    how = data.draw(st.sampled_from([404, 403, 410, 429, 500, 204, *Cause]))
    if isinstance(how, Cause):
        world.fails(gone, how)
    else:
        world.status(gone, how, badges.encode(world.documents[gone]) if gone != PICTURE else badges.png())
    report = world.signed() if signed else world.hosted()
    assert report.verdict is not Verdict.VALID
    if not (how == 410 and gone == AWARD):
        assert report.verdict is Verdict.UNDETERMINED


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([404, 503, 429, *Cause]), st.sampled_from(CASES), st.data())
def test_a_silence_never_makes_a_badge_better_or_invalid(how: object, case: Case, data: st.DataObject) -> None:
    """Whatever else is wrong with it, a document that cannot be had only takes knowledge away."""
    world, silent = World(), World()
    for each in (world, silent):
        case.change(each)
    before = world.signed(*case.identities) if case.way == "signed" else world.hosted(*case.identities)
    if not world.asked:
        return
    url = data.draw(st.sampled_from(sorted(set(world.asked))))
    if isinstance(how, Cause):
        silent.fails(url, how)
    else:
        silent.status(url, how)
    after = silent.signed(*case.identities) if case.way == "signed" else silent.hosted(*case.identities)
    if before.verdict is not Verdict.VALID:
        assert after.verdict is not Verdict.VALID or url in OPTIONAL
    if before.verdict in (Verdict.VALID, Verdict.UNDETERMINED, Verdict.EXPIRED):
        assert after.verdict is not Verdict.INVALID


def shuffled(value: object, draw: st.DrawFn) -> object:
    if isinstance(value, dict):
        names = draw(st.permutations(sorted(value)))
        return {name: shuffled(value[name], draw) for name in names}
    if isinstance(value, list):
        return [shuffled(item, draw) for item in draw(st.permutations(value))]
    return value


@st.composite
def shuffled_worlds(draw: st.DrawFn) -> World:
    world = World()
    world.award["evidence"] = [{"id": "https://w.example/1"}, {"id": "https://w.example/2", "name": "Essay"}]
    world.class_["tags"] = ["safety", "laboratory", "college"]
    world.issuer["type"] = ["Issuer", "Profile"]
    world.issuer["verification"] = {"startsWith": [AWARD, "https://x.example/"]}
    world.withdraw("https://x.example/1", {"uid": "7"})
    for url, document in list(world.documents.items()):
        if isinstance(document, dict):
            world.documents[url] = shuffled(document, draw)
    world.award = world.documents[AWARD]
    return world


def told(findings: tuple[Finding, ...]) -> set[tuple[str, Outcome, str | None]]:
    return {(finding.check, finding.outcome, finding.cause) for finding in findings}


@settings(max_examples=25, deadline=None)
@given(shuffled_worlds(), shuffled_worlds())
def test_the_order_of_members_and_of_sets_changes_nothing(one: World, other: World) -> None:
    first, second = one.hosted(MINE), other.hosted(MINE)
    assert first.verdict is second.verdict is Verdict.VALID
    assert told(first.findings) == told(second.findings)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CASES))
def test_offline_right_after_online_finds_the_same(case: Case) -> None:
    world = World()
    case.change(world)
    subject = world.signed_subject() if case.way == "signed" else world.subject()
    online = world.report(subject, case.identities)
    if any(not item.fetched.conclusive for item in online.evidence):
        return
    kept = {item.fetched.url: item.fetched for item in online.evidence}
    fetcher = RecordedFetcher(kept.get, now=NOW + timedelta(minutes=1))
    offline = verify(subject, fetcher=fetcher, identities=case.identities, now=NOW, offline=True)
    assert offline.verdict is online.verdict
    assert offline.findings == online.findings
    assert offline.as_of == online.as_of


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.just(AWARD) | st.just(ISSUER),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "type", "issuer", "badge", "name", "verification", "@value"]), inner, max_size=4
            )
        ),
        max_leaves=8,
    ),
    st.sampled_from([AWARD, CLASS, ISSUER, KEY]),
    st.sampled_from(
        ["id", "type", "badge", "recipient", "verification", "image", "issuer", "publicKey", "revocationList", "owner"]
    ),
    st.booleans(),
)
def test_whatever_stands_in_a_member_no_check_stumbles(value: object, url: str, name: str, signed: bool) -> None:
    world = World()
    document = world.documents[url]
    assert isinstance(document, dict)
    document[name] = value
    if url == AWARD:
        world.signed_award[name] = value
    subject = world.signed_subject() if signed else world.subject()
    for policy in ("standard", "strict"):
        report = world.report(subject, (MINE,), policy=policy)
        assert json.dumps([finding.summary for finding in report.findings])
        bad = [one for one in report.findings if one.outcome in (Outcome.FAILED, Outcome.UNDETERMINED)]
        assert not any(one.cause in ("internal", "did-not-run") for one in bad)
        reasons = [one for one in bad if one.cause != DEPENDS]
        assert report.verdict is Verdict.VALID or reasons
        assert all(one.remedy and one.who for one in reasons)


_PAST = "2020-01-01T00:00:00Z"
#: Members that end a badge: their short and full name, and the value that does it.
_ENDS = {
    "expires": ("sec:expiration", "https://w3id.org/security#expiration", _PAST),
    "revoked": ("obi:revoked", "https://w3id.org/openbadges#revoked", True),
    "revokedAssertions": ("obi:revoked", "https://w3id.org/openbadges#revoked", True),
}
_WRAPPED = (
    lambda value: value,
    lambda value: [value],
    lambda value: [None, value],
    lambda value: [[value]],
    lambda value: {"@value": value},
    lambda value: {"@set": [value]},
    lambda value: {"@list": [value]},
    lambda value: {"@value": value, "@type": "xsd:string"},
    lambda value: {"@value": value, "@type": "https://x.example/type"},
    lambda value: [value, value],
    lambda value: {"id": "urn:x:1", "name": str(value)},
)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(_ENDS)),
    st.sampled_from(["plain", "short", "full", "alias"]),
    st.lists(st.sampled_from(_WRAPPED), max_size=2),
    st.booleans(),
    st.booleans(),
)
def test_what_ends_a_badge_is_lost_in_no_spelling(
    name: str, spelling: str, wrappers: list[Callable[[object], object]], fully: bool, signed: bool
) -> None:
    short, full, value = _ENDS[name]
    for wrap in wrappers:
        value = wrap(value)
    world = World()
    award = world.signed_award if signed else world.award
    award[{"plain": name, "short": short, "full": full, "alias": "ends"}[spelling]] = value
    if fully or spelling == "alias":
        award["@context"] = [badges.OB2, {"ends": short}]
    assert (world.signed() if signed else world.hosted()).verdict is not Verdict.VALID
