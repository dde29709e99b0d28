"""Answers for a day in the past come from the evidence of then where there is some, and say of when they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.conformance.world import AWARD, ISSUER, MINE, NOW, World
from wallet.fetch.base import Fetched
from wallet.verify.asof import AsOfFetcher
from wallet.verify.report import Verdict
from wallet.verify.service import verify

THEN = NOW - timedelta(days=30)


def kept(world: World, *urls: str) -> dict[str, Fetched]:
    """What these addresses serve, as if it had been kept at `THEN`."""
    return {url: replace(world.fetch(url), fetched_at=THEN) for url in urls}


def as_of(evidence: dict[str, Fetched], world: World, moment: datetime = THEN) -> AsOfFetcher:
    def lookup(url: str, at: datetime) -> Fetched | None:
        found = evidence.get(url)
        return found if found is not None and found.fetched_at <= at else None

    return AsOfFetcher(lookup, moment=moment, otherwise=world)


def test_what_was_kept_then_answers_and_the_rest_is_asked_now() -> None:
    world = World()
    net = as_of(kept(world, ISSUER), world)
    world.asked.clear()
    old, new = net.fetch(ISSUER), net.fetch(AWARD)
    assert (old.fetched_at, old.recorded) == (THEN, True)
    assert (new.fetched_at, new.recorded) == (NOW, False)
    assert world.asked == [AWARD]


def test_an_address_with_a_fragment_is_found_without_it() -> None:
    world = World()
    found = as_of(kept(world, ISSUER), world).fetch(f"{ISSUER}#key")
    assert (found.url, found.recorded) == (f"{ISSUER}#key", True)


def test_what_was_kept_later_is_not_taken_for_what_was_then() -> None:
    world = World()
    evidence = kept(world, ISSUER)
    assert not as_of(evidence, world, THEN - timedelta(days=1)).fetch(ISSUER).recorded


def test_a_withdrawal_does_not_reach_back_to_a_day_on_which_the_badge_was_served() -> None:
    world = World()
    evidence = kept(world, AWARD)
    world.status(AWARD, 410)
    assert (
        verify(world.subject(), fetcher=as_of(evidence, world), identities=(MINE,), now=THEN).verdict is Verdict.VALID
    )
    assert world.hosted(MINE).verdict is Verdict.REVOKED
