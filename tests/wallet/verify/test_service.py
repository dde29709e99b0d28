"""Verifying over the network, from evidence, and many at once; what an earlier run proved is never taken back by a silence."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from tests.conformance.world import AWARD, CLASS, HOST, ISSUER, KEY, MINE, NOW, PICTURE, World, troubles
from tests.generate import badges
from tests.support.server import Server, as_json
from wallet.fetch.base import Cause, Fetched, Want
from wallet.fetch.http import HttpFetcher
from wallet.fetch.recorded import RecordedFetcher
from wallet.found import Carrier, Found, Kind
from wallet.limits import LIMITS, Limits
from wallet.model import Identity
from wallet.progress import Cancelled, Event
from wallet.verify import policy
from wallet.verify.dossier import Dossier, Subject
from wallet.verify.report import DEPENDS, Earlier, Findings, Outcome, Report, Verdict
from wallet.verify.service import InPieces, verify, verify_all

LATER = NOW + timedelta(days=30)


def evidence_of(report: Report) -> dict[str, Fetched]:
    return {item.fetched.url: item.fetched for item in report.evidence if item.fetched.conclusive}


def offline(report: Report, subject: Subject, now: datetime = LATER, earlier: Earlier | None = None) -> Report:
    fetcher = RecordedFetcher(evidence_of(report).get, now=now)
    return verify(subject, fetcher=fetcher, identities=(MINE,), now=now, earlier=earlier, offline=True)


@pytest.mark.parametrize("signed", [False, True])
def test_offline_gives_the_same_verdict_as_of_the_day_it_was_fetched(signed: bool) -> None:
    world = World()
    subject = world.signed_subject() if signed else world.subject()
    online = world.report(subject, (MINE,))
    again = offline(online, subject)
    assert again.verdict is Verdict.VALID, troubles(again)
    assert again.as_of == NOW
    assert again.now == LATER
    assert again.offline


def test_whatever_goes_wrong_in_the_program_leaves_a_report_on_the_badge() -> None:
    unheard_of = replace(MINE, value=cast(str, 5))
    report = World().hosted(unheard_of)
    assert report.verdict is Verdict.UNDETERMINED
    assert [finding.check for finding in report.troubles] == ["document.kind"]
    assert "a fault of badgefolio" in report.troubles[0].summary


def test_offline_a_badge_expires_all_the_same() -> None:
    world = World()
    world.award["expires"] = "2026-12-01T00:00:00Z"
    subject = world.subject()
    online = world.report(subject, (MINE,))
    assert online.verdict is Verdict.VALID
    assert offline(online, subject).verdict is Verdict.EXPIRED


def test_offline_a_recorded_withdrawal_holds() -> None:
    world = World()
    world.status(AWARD, 410)
    subject = world.subject()
    report = offline(world.report(subject, (MINE,)), subject)
    assert report.verdict is Verdict.REVOKED
    assert report.as_of == NOW


def test_offline_without_evidence_nothing_is_said_against_the_badge() -> None:
    world = World()
    report = verify(world.subject(), fetcher=RecordedFetcher(lambda _: None, now=NOW), now=NOW, offline=True)
    assert report.verdict is Verdict.UNDETERMINED
    assert report.finding("hosted.fetched").cause == "offline"


def test_a_silent_issuer_turns_nothing_invalid_and_the_earlier_verdict_is_said() -> None:
    for url in (AWARD, CLASS, ISSUER, PICTURE):
        world = World()
        world.fails(url)
        earlier = Earlier(Verdict.VALID, datetime(2026, 11, 20, tzinfo=UTC))
        report = world.report(world.subject(), (MINE,), earlier)
        assert report.verdict is Verdict.UNDETERMINED
        said = report.finding("asof.earlier")
        assert said.outcome is Outcome.WARNING
        assert said.summary == "Valid as of 20 November 2026; badges.rowan-college.example has not answered since."


@pytest.mark.parametrize(("status", "body"), [(404, b""), (503, b"busy"), (200, b"<html>Please log in</html>")])
def test_whoever_answers_with_something_else_is_not_called_silent(status: int, body: bytes) -> None:
    world = World()
    world.status(ISSUER, status, body)
    report = world.report(world.subject(), (MINE,), Earlier(Verdict.VALID, datetime(2026, 11, 20, tzinfo=UTC)))
    assert report.verdict is Verdict.UNDETERMINED
    said = "Valid as of 20 November 2026; badges.rowan-college.example has not served it since."
    assert report.finding("asof.earlier").summary == said


def test_offline_nobody_is_blamed_for_not_answering() -> None:
    earlier = Earlier(Verdict.VALID, NOW)
    world = World()
    fetcher = RecordedFetcher(lambda _: None, now=NOW)
    report = verify(world.subject(), fetcher=fetcher, now=NOW, earlier=earlier, offline=True)
    assert report.finding("asof.earlier").summary == "Valid as of 21 November 2026; nothing newer is known."


def test_an_earlier_verdict_is_not_mentioned_beside_a_new_one() -> None:
    world = World()
    report = world.report(world.subject(), (), Earlier(Verdict.REVOKED, NOW))
    assert report.verdict is Verdict.VALID
    assert report.finding("asof.earlier") is None


def test_what_only_waits_is_not_listed_as_trouble() -> None:
    world = World()
    world.fails(AWARD)
    report = world.hosted()
    assert [finding.check for finding in report.troubles] == ["hosted.fetched"]
    assert sum(finding.cause == DEPENDS for finding in report.findings) > 30


def test_a_withdrawn_badge_still_shows_what_the_file_says() -> None:
    world = World()
    world.status(AWARD, 410, b'{"revocationReason": "Awarded by mistake"}')
    report = world.hosted()
    assert report.credential.name == "Laboratory Safety"
    assert "Awarded by mistake" in report.finding("revocation.hosted").summary


def test_each_address_is_asked_once_and_no_other() -> None:
    world = World()
    world.award["image"] = PICTURE
    world.hosted()
    assert sorted(world.asked) == sorted([AWARD, CLASS, ISSUER, PICTURE])


def test_work_criteria_and_related_pages_are_never_asked_for() -> None:
    world = World()
    world.award["evidence"] = "https://private.example/essay"
    world.class_["criteria"] = "https://private.example/criteria"
    world.class_["related"] = "https://private.example/related"
    world.hosted()
    assert not any("private" in url for url in world.asked)


def test_a_badge_that_needs_too_many_fetches_is_undetermined() -> None:
    world = World()
    world.issuer["publicKey"] = [f"{HOST}/keys/{number}" for number in range(100)]
    world.signed_award["verification"] = {"type": "SignedBadge"}
    limits = Limits(fetches_per_badge=6)
    report = verify(world.signed_subject(), fetcher=world, now=NOW, limits=limits)
    assert report.verdict is Verdict.UNDETERMINED
    assert len(world.asked) == 6


def test_a_badge_that_takes_too_long_is_not_asked_for_further() -> None:
    class Slow(World):
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            self.moment += timedelta(seconds=LIMITS.resource_seconds)
            return super().fetch(url, want)

    world = Slow()
    world.issuer["publicKey"] = [f"{HOST}/keys/{number}" for number in range(10)]
    world.signed_award["verification"] = {"type": "SignedBadge"}
    report = world.signed()
    assert report.verdict is Verdict.UNDETERMINED
    assert len(world.asked) == 2 + LIMITS.badge_seconds // LIMITS.resource_seconds
    assert report.finding("image.achievement").cause == "timeout"


def test_what_other_badges_of_a_run_took_is_not_counted_against_one() -> None:
    """The issuer was asked an hour ago for another badge; the second of its keys is new."""
    world = World()
    world.withdraw()
    world.answers[KEY] = replace(world.fetch(KEY), fetched_at=NOW + timedelta(hours=1))
    report = world.signed(MINE)
    assert report.verdict is Verdict.VALID, troubles(report)


def test_a_fault_while_gathering_is_no_verdict() -> None:
    class Broken(World):
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            raise RuntimeError

    world = Broken()
    report = world.hosted()
    assert report.verdict is Verdict.UNDETERMINED


def test_cancelling_passes_through() -> None:
    class Stopped(World):
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            raise Cancelled

    world = Stopped()
    with pytest.raises(Cancelled):
        world.hosted()


@pytest.mark.parametrize("workers", [1, 4])
def test_many_come_back_with_their_keys(workers: int) -> None:
    world = World()
    subjects = [(str(number), world.subject()) for number in range(9)]
    events: list[Event] = []
    reports = dict(verify_all(subjects, fetcher=world, now=NOW, workers=workers, progress=events.append))
    assert sorted(reports) == [str(number) for number in range(9)]
    assert all(report.verdict is Verdict.VALID for report in reports.values())
    assert [event.done for event in events] == list(range(10))


def test_offline_and_where_no_copies_can_be_made_all_is_done_here_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallet.forks.workers", lambda: 1)
    world = World()
    subjects = [(str(number), world.signed_subject()) for number in range(112)]
    entered: list[None] = []
    reports = list(verify_all(subjects, fetcher=world, now=NOW, offline=True, in_copy=lambda: entered.append(None)))
    assert [key for key, _ in reports] == [key for key, _ in subjects]
    assert {report.verdict for _, report in reports} == {Verdict.VALID}
    assert entered == []


def test_subjects_that_are_read_in_pieces_are_a_collection_like_any_other() -> None:
    class Counted(InPieces[int]):
        def __len__(self) -> int:
            return 3

        def pieces(self, size: int) -> Iterator[int]:
            return iter(range(3))

        def read(self, piece: int) -> list[tuple[str, Subject]]:
            return [(str(piece), subject)]

    subject = World().signed_subject()
    assert list(Counted()) == [(str(number), subject) for number in range(3)]
    assert ("2", subject) in Counted() and ("3", subject) not in Counted()


def test_a_fault_of_ours_in_judging_one_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    good = world.signed_subject()
    world.signed_award["narrative"] = "Stumbling block"
    odd = world.signed_subject()
    real = policy.required

    def stumbling(dossier: Dossier, identities: Sequence[Identity]) -> frozenset[str]:
        if dossier.subject is odd and dossier.unsupported is None:
            raise RuntimeError
        return real(dossier, identities)

    monkeypatch.setattr(policy, "required", stumbling)
    reports = verify_all([("a", good), ("b", odd), ("c", good)], fetcher=world, now=NOW, offline=True)
    assert [(key, report.verdict) for key, report in reports] == [
        ("a", Verdict.VALID),
        ("b", Verdict.UNDETERMINED),
        ("c", Verdict.VALID),
    ]


def test_a_report_that_is_copied_is_the_same_and_shares_what_it_shared() -> None:
    world = World()
    both = (world.signed(MINE), world.signed(MINE))
    one, other = pickle.loads(pickle.dumps(both))
    assert (one, other) == both
    assert isinstance(one.findings, Findings) and one.findings.parts == both[0].findings.parts
    assert [p is q for p, q in zip(one.findings.parts, other.findings.parts, strict=True)] == [
        p is q for p, q in zip(both[0].findings.parts, both[1].findings.parts, strict=True)
    ]


@pytest.mark.parametrize("workers", [1, 4])
def test_cancelling_a_batch_keeps_what_was_done(workers: int) -> None:
    world = World()

    def stop(event: Event) -> None:
        if event.done == 2:
            raise Cancelled

    done = []
    with pytest.raises(Cancelled):
        for key, _ in verify_all(
            [(str(n), world.subject()) for n in range(50)], fetcher=world, now=NOW, workers=workers, progress=stop
        ):
            done.append(key)
    assert len(done) == 2
    assert len(world.asked) < 50


def test_a_subject_of_a_find_keeps_its_address() -> None:
    found = Found(Kind.OB2_JSON, Carrier.PNG, b"{}", b"PNG", fetch_url=AWARD)
    assert Subject.of(found) == Subject(b"{}", Kind.OB2_JSON, AWARD, b"PNG")


def campus(server: Server) -> World:
    """The same world at the address of a real server."""
    world = World()

    def there(value: object) -> object:
        return json.loads(json.dumps(value).replace(HOST, server.base_url))

    world.award, world.signed_award = there(world.award), there(world.signed_award)
    for url, place in ((CLASS, "/classes/lab-safety"), (ISSUER, "/issuer"), (KEY, "/key")):
        server.add(place, as_json(there(world.documents[url])))
    server.add("/awards/1", as_json(world.award))
    server.add("/images/lab-safety.png", (200, {"Content-Type": "image/png"}, badges.png()))
    return world


@pytest.mark.parametrize("signed", [False, True])
def test_a_badge_is_verified_over_real_http(signed: bool) -> None:
    with Server() as server, HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        world = campus(server)
        subject = world.signed_subject() if signed else Subject(server.url("/awards/1").encode(), Kind.OB2_URL)
        report = verify(subject, fetcher=fetcher, identities=(MINE,), now=datetime.now(UTC))
        assert report.verdict is Verdict.VALID, troubles(report)
        assert report.matched == MINE


def test_over_real_http_a_withdrawn_badge_and_then_a_silent_issuer() -> None:
    with Server() as server, HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        world = campus(server)
        server.add("/awards/1", (410, {}, b""))
        subject = Subject(server.url("/awards/1").encode(), Kind.OB2_URL)
        report = verify(subject, fetcher=fetcher, now=datetime.now(UTC))
        assert report.verdict is Verdict.REVOKED, troubles(report)
        brought = world.subject()
        host = server.host
    with HttpFetcher(allow_hosts=[host], environ={}) as fetcher:
        report = verify(brought, fetcher=fetcher, now=datetime.now(UTC))
        assert report.verdict is Verdict.UNDETERMINED
        assert report.finding("hosted.fetched").cause == Cause.CONNECT.value


def test_without_leave_a_private_address_is_not_dialled() -> None:
    with Server() as server, HttpFetcher(environ={}) as fetcher:
        report = verify(campus(server).subject(), fetcher=fetcher, now=datetime.now(UTC))
        assert report.verdict is Verdict.UNDETERMINED
        assert report.finding("hosted.fetched").cause == Cause.PRIVATE_ADDRESS.value
        assert server.connections == 0
