"""Badge Connect from the manifest to the last page, against a host that follows Open Badges 2.1 and its odd corners."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from importers.accounts import badge_connect
from importers.accounts.connection import Connection, next_link
from importers.accounts.model import Listing, NoAnswerError, Secrets, SignInError
from tests.generate import badges
from tests.importers.accounts.conftest import NOW, PLACE
from tests.importers.accounts.provider import READ, Browser, Provider
from tests.support.server import as_json
from wallet.errors import UsageError
from wallet.fetch.http import HttpFetcher
from wallet.fetch.session import AuthorizedSession

Kept = list[Secrets | None]


def sign_in(host: Provider, net: HttpFetcher, browser: Browser, **options: object) -> Secrets:
    session = AuthorizedSession(net)
    manifest = badge_connect.read_manifest(PLACE, host.site.base_url, net, session)
    try:
        return badge_connect.sign_in(PLACE, manifest, session, browser, now=NOW, **options)  # type: ignore[arg-type]
    finally:
        browser.done()


def connect(secrets: Secrets, session: AuthorizedSession, kept: Kept | None = None) -> Connection:
    kept = [] if kept is None else kept
    return Connection(PLACE, secrets, session, now=NOW, keep=kept.append, forget=lambda: kept.append(None))


def listed(host: Provider, net: HttpFetcher, **options: object) -> Listing:
    secrets = sign_in(host, net, Browser())
    return badge_connect.list_badges(PLACE, connect(secrets, AuthorizedSession(net)), since=None, **options)  # type: ignore[arg-type]


def test_a_sign_in_ends_with_tokens_and_every_page_is_read(host: Provider, net: HttpFetcher) -> None:
    awarded = [host.award(number) for number in range(5)]
    browser = Browser()
    secrets = sign_in(host, net, browser)
    assert browser.status == 200
    assert "close this page" in browser.text
    assert secrets.expires == NOW + timedelta(hours=1)
    assert secrets.refresh in host.refresh
    found = badge_connect.list_badges(PLACE, connect(secrets, AuthorizedSession(net)), since=None)
    assert [item.source for item in found.items] == awarded
    assert found.complete
    assert not found.refused


def test_only_what_is_needed_is_asked_for(host: Provider, net: HttpFetcher) -> None:
    browser = Browser()
    host.scopes = [READ, "https://purl.imsglobal.org/spec/ob/v2p1/scope/assertion.create"]
    secrets = sign_in(host, net, browser)
    (asked,) = host.clients.values()
    assert asked["scope"] == READ
    assert asked["token_endpoint_auth_method"] == "client_secret_basic"
    assert secrets.refresh is None
    assert parse_qs(urlsplit(browser.opened[0]).query)["scope"] == [READ]


def test_no_secret_is_shown_by_what_holds_it(host: Provider, net: HttpFetcher) -> None:
    secrets = sign_in(host, net, Browser())
    shown = repr(secrets) + repr(secrets.bearer) + repr(secrets.basic)
    assert not any(secret in shown for secret in host.secrets)


@pytest.mark.parametrize("error", [[], None, "", ["", None]])
def test_odd_errors_that_complain_of_nothing_are_no_error(host: Provider, net: HttpFetcher, error: object) -> None:
    host.award(1)
    host.envelope_error = error
    assert len(listed(host, net).items) == 1


def test_one_result_where_a_list_is_due_is_a_list_of_one(host: Provider, net: HttpFetcher) -> None:
    url = host.award(1)
    host.results_as_object = True
    assert [item.source for item in listed(host, net).items] == [url]


def test_signed_badges_bring_their_own_proof(host: Provider, net: HttpFetcher) -> None:
    token = badges.token(badges.signed_assertion()).decode()
    host.signed = [token, "no token"]
    found = listed(host, net)
    assert [item.source for item in found.items] == [token]
    assert [refused.code for refused in found.refused] == ["account-item"]


def test_an_envelope_that_says_no_is_an_error_whatever_its_status(host: Provider, net: HttpFetcher) -> None:
    host.api.add("/bcv1/assertions", as_json({"status": {"statusCode": 403, "error": ["no"]}, "results": None}))
    with pytest.raises(NoAnswerError, match="status 403"):
        listed(host, net)


def test_a_manifest_may_be_an_object_and_lack_its_scopes(host: Provider, net: HttpFetcher) -> None:
    host.award(1)
    manifest = host.manifest()
    (entry,) = manifest["badgeConnectAPI"]  # type: ignore[misc]
    del entry["scopesOffered"]
    host.site.add("/bc/manifest.json", as_json({**manifest, "badgeConnectAPI": entry}))
    assert len(listed(host, net).items) == 1


@pytest.mark.parametrize(
    "answer",
    [(404, {}, b""), as_json({"badgeConnectAPI": []}), as_json({}), (200, {}, b"<html>login"), (503, {}, b"later")],
    ids=["404", "empty", "nothing", "page", "busy"],
)
def test_a_host_without_the_interface_is_named(host: Provider, net: HttpFetcher, answer: object) -> None:
    host.site.add("/bc/manifest.json", answer)  # type: ignore[arg-type]
    with pytest.raises(NoAnswerError, match=r"rowan\.example"):
        sign_in(host, net, Browser())


def test_a_manifest_without_an_address_says_which(host: Provider, net: HttpFetcher) -> None:
    host.site.add("/bc/manifest.json", as_json({"badgeConnectAPI": [{"apiBase": host.api.url("/bcv1")}]}))
    with pytest.raises(NoAnswerError, match="authorizationUrl"):
        sign_in(host, net, Browser())


def test_a_host_that_takes_no_loopback_address_says_so_and_what_else_there_is(host: Provider, net: HttpFetcher) -> None:
    host.loopback = False
    with pytest.raises(SignInError, match="takes no answer to an address on this computer") as refused:
        sign_in(host, net, Browser())
    assert "--token-stdin" in refused.value.remedy


def test_such_a_host_answers_to_a_page_and_the_learner_carries_the_answer_over(
    host: Provider, net: HttpFetcher
) -> None:
    page = host.site.url("/bc/page")
    host.only_redirect = page
    browser = Browser()
    secrets = sign_in(host, net, browser, page=page)
    assert browser.ended.startswith(page)
    assert secrets.access in host.access
    (client,) = host.clients.values()
    assert client["policy_uri"] == page


def test_with_paste_the_answer_comes_from_the_learner(host: Provider, net: HttpFetcher) -> None:
    browser = Browser()
    secrets = sign_in(host, net, browser, paste=True)
    assert browser.status == 0  # nobody listens: the browser may be on another computer
    assert secrets.access in host.access


def test_what_is_pasted_must_belong_to_this_sign_in(host: Provider, net: HttpFetcher) -> None:
    host.state = "somebody-elses"
    with pytest.raises(SignInError, match="not the answer to this sign-in"):
        sign_in(host, net, Browser(), paste=True)


def test_declining_is_told_as_that(host: Provider, net: HttpFetcher) -> None:
    host.deny = True
    with pytest.raises(SignInError, match="was declined"):
        sign_in(host, net, Browser())


def test_since_asks_for_what_is_new(host: Provider, net: HttpFetcher) -> None:
    for number in range(6):
        host.award(number)
    secrets = sign_in(host, net, Browser())
    found = badge_connect.list_badges(
        PLACE, connect(secrets, AuthorizedSession(net)), since=NOW.replace(month=5, day=1)
    )
    assert len(found.items) == 1
    assert "since=2026-05-01T10%3A00%3A00Z" in host.api.paths()[-1]


def test_a_token_that_has_ended_is_renewed_before_it_is_used(host: Provider, net: HttpFetcher) -> None:
    host.award(1)
    host.lifetime = "30"  # as text, and within the margin
    secrets = sign_in(host, net, Browser())
    kept: Kept = []
    connection = connect(secrets, AuthorizedSession(net), kept)
    host.lifetime = 3_600
    badge_connect.list_badges(PLACE, connection, since=None)
    (renewed,) = kept
    assert renewed is not None
    assert renewed.access != secrets.access
    assert renewed.refresh != secrets.refresh
    assert host.api.paths() == ["/bcv1/assertions?limit=50&offset=0"]


def test_a_token_that_is_refused_early_is_renewed_once(host: Provider, net: HttpFetcher) -> None:
    host.award(1)
    secrets = sign_in(host, net, Browser())
    host.access.clear()
    kept: Kept = []
    found = badge_connect.list_badges(PLACE, connect(secrets, AuthorizedSession(net), kept), since=None)
    assert len(found.items) == 1
    assert len(kept) == 1


def test_a_withdrawn_sign_in_is_forgotten_and_said(host: Provider, net: HttpFetcher) -> None:
    secrets = sign_in(host, net, Browser())
    host.access.clear()
    host.refresh.clear()
    kept: Kept = []
    with pytest.raises(SignInError, match="no longer accepts") as refused:
        badge_connect.list_badges(PLACE, connect(secrets, AuthorizedSession(net), kept), since=None)
    assert kept == [None]
    assert not any(secret in str(refused.value) for secret in host.secrets)


def test_a_host_that_is_down_when_renewing_costs_no_sign_in(host: Provider, net: HttpFetcher) -> None:
    secrets = sign_in(host, net, Browser())
    host.access.clear()
    host.site.add("/bc/token", (503, {}, b""))
    kept: Kept = []
    with pytest.raises(NoAnswerError):
        badge_connect.list_badges(PLACE, connect(secrets, AuthorizedSession(net), kept), since=None)
    assert kept == []


def test_pages_that_lead_in_a_circle_end(host: Provider, net: HttpFetcher) -> None:
    for number in range(3):
        host.award(number)
    host.next_link = host.api.url("/bcv1/assertions?limit=50&offset=0")
    found = listed(host, net)
    assert len(found.items) == 2
    assert not found.complete
    assert "circle" in found.refused[0].message
    assert found.refused[0].network


def test_a_page_that_fails_keeps_the_pages_before_it(host: Provider, net: HttpFetcher) -> None:
    for number in range(3):
        host.award(number)
    host.api.add("/bcv1/assertions?limit=50&offset=2", (500, {}, b"boom"))
    found = listed(host, net)
    assert len(found.items) == 2
    assert not found.complete


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a.example/2>; rel="next"', "https://a.example/2"),
        ("<https://a.example/2>; rel=next", "https://a.example/2"),
        ('<https://a.example/1>; rel="prev", <?p=3>; title="x, y; z"; rel="last next"', "?p=3"),
        ('<https://a.example/2>; rel="nextish"', None),
        ("", None),
        ("rel=next", None),
    ],
)
def test_link_headers_are_read_as_the_standard_has_them(header: str, found: str | None) -> None:
    assert next_link(header) == found


def test_a_host_may_be_named_by_its_address_too() -> None:
    place, origin = badge_connect.place_of("https://Badges.Rowan-College.example/start")
    assert place.name == "badge-connect:badges.rowan-college.example"
    assert origin == "https://badges.rowan-college.example:443"
    with pytest.raises(UsageError):
        badge_connect.place_of("ftp://rowan.example")
