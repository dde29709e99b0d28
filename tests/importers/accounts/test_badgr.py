"""Badgr's backpack: tokens that are pasted, passwords that are used once, cursors, and what the learner turned down."""

from __future__ import annotations

import pytest

from importers.accounts import badgr
from importers.accounts.connection import Connection
from importers.accounts.model import Listing, NoAnswerError, Place, Secrets, SignInError
from tests.importers.accounts.conftest import NOW
from tests.importers.accounts.provider import PASSWORD, USER, Provider
from tests.support.server import as_json
from wallet.errors import UsageError
from wallet.fetch.session import AuthorizedSession

PLACE = Place("badgr", "badgr:eu", "api.eu.badgr.io")


def listed(secrets: Secrets, session: AuthorizedSession) -> Listing:
    kept: list[Secrets] = []
    connection = Connection(PLACE, secrets, session, now=NOW, keep=kept.append, forget=kept.clear)
    return badgr.list_badges(PLACE, connection)


def test_a_pasted_token_lists_every_page_of_the_backpack(host: Provider, session: AuthorizedSession) -> None:
    awarded = [host.award(number) for number in range(5)]
    found = listed(badgr.secrets_of_token(host.api.base_url, f" Bearer {host.token()}\n"), session)
    assert [item.source for item in found.items] == awarded
    assert [path.partition("after=")[2] for path in host.api.paths()] == ["", "2", "4"]


def test_a_password_is_exchanged_and_renewed_later(host: Provider, session: AuthorizedSession) -> None:
    host.award(1)
    secrets = badgr.sign_in(PLACE, host.api.base_url, session, user=USER, password=PASSWORD, now=NOW)
    assert secrets.refresh in host.refresh
    assert PASSWORD not in (secrets.access, secrets.refresh, secrets.client_secret)
    assert len(listed(secrets, session).items) == 1


def test_a_server_without_a_permission_that_only_reads_gives_its_usual_one(
    host: Provider, session: AuthorizedSession
) -> None:
    host.refuse_read_scope = True
    secrets = badgr.sign_in(PLACE, host.api.base_url, session, user=USER, password=PASSWORD, now=NOW)
    assert secrets.access in host.access


def test_a_wrong_password_is_said_without_repeating_it(host: Provider, session: AuthorizedSession) -> None:
    with pytest.raises(SignInError, match="not accepted") as refused:
        badgr.sign_in(PLACE, host.api.base_url, session, user=USER, password="wrong-canary", now=NOW)
    assert "wrong-canary" not in str(refused.value) + refused.value.remedy
    assert "region" in refused.value.remedy


def test_what_was_turned_down_there_stays_out_and_what_waits_is_marked(
    host: Provider, session: AuthorizedSession
) -> None:
    host.award(1, acceptance="Rejected")
    host.award(2, acceptance="Unaccepted")
    host.award(3, acceptance=None)
    found = listed(badgr.secrets_of_token(host.api.base_url, host.token()), session)
    assert [item.accepted for item in found.items] == [False, True]
    assert found.rejected == 1


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", 'quo"te', "x" * 20_000])
def test_what_cannot_be_a_token_is_not_sent(text: str) -> None:
    with pytest.raises(UsageError, match="not a token"):
        badgr.secrets_of_token("https://api.badgr.io", text)


def test_an_entry_without_an_address_is_refused_by_name(host: Provider, session: AuthorizedSession) -> None:
    host.award(1, openBadgeId=None)
    host.award(2)
    found = listed(badgr.secrets_of_token(host.api.base_url, host.token()), session)
    assert len(found.items) == 1
    assert [refused.code for refused in found.refused] == ["account-item"]
    assert "badgr:eu" in found.refused[0].message


def test_a_token_that_may_not_read_is_said(host: Provider, session: AuthorizedSession) -> None:
    host.api.add("/v2/backpack/assertions", as_json({"error": "insufficient_scope"}, 403))
    with pytest.raises(SignInError, match="does not allow reading badges"):
        listed(badgr.secrets_of_token(host.api.base_url, host.token()), session)


def test_an_answer_that_is_no_json_is_no_list(host: Provider, session: AuthorizedSession) -> None:
    host.api.add("/v2/backpack/assertions", (200, {}, b"<html>maintenance"))
    with pytest.raises(NoAnswerError, match="not in JSON"):
        listed(badgr.secrets_of_token(host.api.base_url, host.token()), session)
