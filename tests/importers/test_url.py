"""Badges behind an address that the learner gave: asked for over real sockets, recognised by content, refused by cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importers.find import find
from importers.personal import without_personal
from tests.generate import badges
from tests.generate.badges import assertion, encode, itxt, png, signed_assertion, token
from tests.support.server import Server, as_json, redirect
from wallet.fetch.base import Cause, Failure, Fetched, Want
from wallet.fetch.http import HttpFetcher
from wallet.found import Carrier, Kind

PAGE = b"<!doctype html><html><head><title>An award</title>%s</head><body>Hello</body></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        yield fetcher


def test_hosted_json_is_found_with_the_bytes_that_were_served(server: Server, net: HttpFetcher) -> None:
    document = assertion(id=server.url("/award"))
    server.add("/award", as_json(document))
    (found,) = find(server.url("/award"), net=net).found
    assert (found.kind, found.carrier, found.container) == (Kind.OB2_JSON, Carrier.URL, None)
    assert found.claimed_id == found.fetch_url == server.url("/award")
    assert found.source == server.url("/award")
    assert found.steps[0].text.startswith(f"GET {server.url('/award')} 200 application/ld+json sha256=")
    assert server.paths() == ["/award"]


def test_an_address_in_pasted_bytes_is_asked_for(server: Server, net: HttpFetcher) -> None:
    server.add("/award", as_json(assertion()))
    assert find(f" {server.url('/award')}\n".encode(), net=net).found


def test_a_picture_behind_an_address_is_kept_as_the_original(server: Server, net: HttpFetcher) -> None:
    picture = png(itxt(encode(assertion())))
    server.add("/award.png", (200, {"content-type": "image/png"}, picture))
    (found,) = find(server.url("/award.png"), net=net).found
    assert (found.carrier, found.container) == (Carrier.PNG, picture)


def test_a_token_behind_an_address_is_found_whatever_type_the_host_gives_it(server: Server, net: HttpFetcher) -> None:
    server.add("/t", (200, {"content-type": "text/html"}, token(signed_assertion())))
    assert find(server.url("/t"), net=net).found[0].kind is Kind.OB2_JWS


def test_an_old_award_has_its_hosted_copy_where_it_was_found(server: Server, net: HttpFetcher) -> None:
    server.add("/old.json", as_json(badges.assertion_0_5()))
    assert find(server.url("/old.json"), net=net).found[0].fetch_url == server.url("/old.json")


def test_a_redirect_is_followed_and_recorded(server: Server, net: HttpFetcher) -> None:
    server.add("/share", redirect("/award"))
    server.add("/award", as_json(assertion()))
    (found,) = find(server.url("/share"), net=net).found
    assert found.steps[0].text == f"GET {server.url('/share')} 302, to /award"
    assert found.steps[1].text.startswith(f"GET {server.url('/award')} 200 ")


def test_what_a_page_names_as_its_json_is_tried(server: Server, net: HttpFetcher) -> None:
    links = (
        b'<link rel="stylesheet" href="/style.css"><link rel="alternate" type="application/rss+xml" href="/feed">'
        b"<base href='/sub/'><link href='award.json?a=1&amp;b=2' type='application/ld+json' rel='alternate'>"
    )
    server.add("/page", (200, {"content-type": "text/html"}, PAGE % links))
    server.add("/sub/award.json?a=1&b=2", as_json(assertion()))
    assert find(server.url("/page"), net=net).found
    assert server.paths() == ["/page", "/sub/award.json?a=1&b=2"]


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        ((404, {}, b""), "http-404", "{host} has nothing at {url} (404, not found)."),
        ((410, {}, b'{"revoked": true}'), "http-410",
         "{host} says that what was at {url} is gone (410): the badge may have been withdrawn."),
        ((500, {}, b""), "http-5xx", "{host} has a fault of its own and did not deliver {url} (status 500)."),
        ((418, {}, b""), "http-4xx", "{host} refused to deliver {url} (status 418)."),
        ((401, {}, b""), "auth-required", "{url} needs a login (status 401)."),
        ((403, {}, b""), "auth-required", "{url} needs a login (status 403)."),
        ((200, {"content-type": "text/html"}, badges.LOGIN_PAGE), "auth-required",
         "{url} needs a login (the page “Rowan College: sign in” asks for a password)."),
        ((200, {"content-type": "text/html"}, badges.WEB_PAGE), "html-instead-of-json",
         "{url} is the web page “Rowan College & friends”, not a badge."),
        ((200, {"content-type": "application/json"}, badges.WEB_PAGE), "html-instead-of-json", None),
        (as_json(badges.badge_class()), "not-a-badge:BadgeClass", None),
        ((200, {}, b'{"type": "Assertion"'), "json-broken", None),
        ((200, {"content-type": "image/png"}, png()), "no-credential-in-image", None),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)  # fmt: skip
def test_an_answer_without_a_badge_is_refused_by_cause(
    server: Server, net: HttpFetcher, answer: tuple[int, dict[str, str], bytes], code: str, message: str | None
) -> None:
    server.add("/x", answer)
    url = server.url("/x")
    report = find(url, net=net)
    assert not report.found
    (refused,) = report.refused
    assert refused.code == code
    assert message is None or refused.message == message.format(host=server.host, url=url)
    assert refused.remedy


def test_an_unreachable_host_is_named_with_the_next_step(server: Server, net: HttpFetcher) -> None:
    url = server.url("/award")
    server.stop()
    (refused,) = find(url, net=net).refused
    assert refused.code == "host-unreachable"
    assert refused.message.startswith(f"{server.host} did not deliver {url}: ")
    assert refused.network


def test_a_private_address_is_refused_and_says_how_to_allow_it(server: Server) -> None:
    with HttpFetcher(environ={}) as closed:
        (refused,) = find(server.url("/award"), net=closed).refused
    assert refused.code == "blocked-address"
    assert refused.remedy.endswith(f"--allow-host {server.host}")
    assert server.connections == 0


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (Cause.OFFLINE, "offline"),
        (Cause.BAD_URL, "bad-url"),
        (Cause.TOO_BIG, "too-big"),
        (Cause.BLOCKED_PORT, "blocked-address"),
        (Cause.DNS, "host-unreachable"),
        (Cause.TLS, "host-unreachable"),
        (Cause.TIMEOUT, "host-unreachable"),
        (Cause.REDIRECT, "host-unreachable"),
    ],
)
def test_every_cause_of_a_missing_answer_has_its_code(cause: Cause, code: str) -> None:
    class Failing:
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            return Fetched(url, url, datetime(2026, 1, 1, tzinfo=UTC), failure=Failure(cause, "it did not work"))

    (refused,) = find("https://badges.rowan-college.example/1", net=Failing()).refused
    assert refused.code == code
    assert not refused.message.startswith("The host")


def test_an_address_without_a_network_is_refused_as_such() -> None:
    (refused,) = find("https://badges.rowan-college.example/1").refused
    assert (refused.code, refused.remedy) == ("offline", "Run it again online.")


@pytest.mark.parametrize(
    "url", ["http://", "https://a b.example/", "https://user:word@a.example/", "http://[::1", "https://a..example/"]
)
def test_an_address_that_is_none_is_refused(url: str, net: HttpFetcher) -> None:
    (refused,) = find(url, net=net).refused
    assert refused.code in ("bad-url", "no-such-file")


@pytest.mark.parametrize(
    "typed",
    ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "\\\\host\\share\\x.png", "data:text/plain,x"],
)
def test_other_schemes_and_network_shares_are_never_opened(typed: str, net: HttpFetcher) -> None:
    (refused,) = find(typed, net=net).refused
    assert refused.code == "bad-url"
    assert net.hosts == set()


def test_the_learners_own_address_in_a_link_is_not_kept(server: Server, net: HttpFetcher) -> None:
    server.add("/p", as_json(assertion()))
    (found,) = find(server.url("/p?identity__email=mina%40learner.example&action=download&v=2"), net=net).found
    kept = found.source + "".join(step.text for step in found.steps)
    assert "mina" not in kept
    assert found.source == server.url("/p?v=2")


def test_a_link_without_personal_parts_is_left_as_it_is() -> None:
    assert without_personal("https://a.example/x?b=%20&c&action=y#z") == "https://a.example/x?b=%20&c&action=y#z"


def test_a_file_never_touches_the_network(server: Server, net: HttpFetcher, tmp_path: Path) -> None:
    server.add("/award", as_json(assertion()))
    picture = tmp_path / "a.png"
    picture.write_bytes(png(itxt(server.url("/award").encode())))
    link = tmp_path / "link.txt"
    link.write_text(server.url("/award"))
    assert find(picture, net=net).found[0].kind is Kind.OB2_URL
    (refused,) = find(link, net=net).refused
    assert (refused.code, refused.remedy) == (
        "only-links",
        f"Import a link by itself: badgefolio import {server.url('/award')}",
    )
    assert server.connections == 0
