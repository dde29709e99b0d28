"""What people paste from the platforms: one named test for each row of the table, then pages that nobody knows.

The rows are about hosts with real names, so they are played by `Web`, which answers for addresses as a fetcher does. Everything
that does not depend on a name runs over real sockets on loopback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.find import find, iter_find
from importers.hosts import propose, table
from tests.generate import badges
from tests.generate.badges import assertion, encode, itxt, open_badge_3, png
from tests.support.server import Plain, Request, Server, as_json, redirect
from wallet.fetch.base import Cause, Failure, Fetched, Hop, Want
from wallet.fetch.http import HttpFetcher, user_agent
from wallet.found import Carrier, ImportReport, Kind
from wallet.limits import LIMITS, Limits

UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
AWARD = encode(assertion())
BAKED = png(itxt(AWARD))
SHELL = (
    b"<!doctype html><html><head><title>Laboratory Safety was issued to Mina Okafor</title></head><body></body></html>"
)
PAGE = b"<!doctype html><html><head><title>An award</title>%s</head><body>%s</body></html>"

Content = bytes | int | Cause | tuple[str, bytes]


class Web:
    """Answers for addresses without a network: a body, a status, a cause of failure, or where an address leads and its body."""

    def __init__(self, content: Mapping[str, Content]) -> None:
        self._content = content
        self.asked: list[str] = []

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        self.asked.append(url)
        at = datetime(2026, 11, 21, 10, tzinfo=UTC)
        content = self._content.get(url, 404)
        if isinstance(content, Cause):
            return Fetched(url, url, at, failure=Failure(content, "it did not work"))
        if isinstance(content, int):
            return Fetched(url, url, at, status=content)
        final_url, hops = url, ()
        if isinstance(content, tuple):
            final_url, content = content
            hops = (Hop(url, 302, final_url),)
        return Fetched(url, final_url, at, status=200, body=content, hops=hops)


def code(report: ImportReport) -> str:
    assert not report.found
    (refused,) = report.refused
    return refused.code


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        yield fetcher


# --- the table: one test a row -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "example"),
    [(row, example) for row in table() for example in row.examples],
    ids=lambda each: getattr(each, "name", ""),
)
def test_each_example_of_the_table_gives_its_addresses_and_each_of_them_may_hold_the_badge(row, example) -> None:
    proposal = propose(example.pasted)
    assert proposal is not None
    assert proposal.row is row
    assert (*proposal.rewrites, *proposal.pictures) == example.asks
    for place in proposal.rewrites[: LIMITS.page_fetches - 1]:
        report = find(example.pasted, net=Web({example.pasted: SHELL, place: AWARD}))
        assert report.found[0].raw == AWARD, place


def test_each_row_of_the_table_has_a_test_named_after_it() -> None:
    named = [name for name in globals() if name.startswith("test_row_")]
    for row in table():
        assert any(name.startswith(f"test_row_{row.name.replace('-', '_')}_") for name in named), row.name


def test_row_credly_three_hosts_lead_to_one_award_and_the_page_itself_is_not_needed() -> None:
    place = f"https://api.credly.com/v1/obi/v2/badge_assertions/{UUID}"
    for pasted in (
        f"https://www.credly.com/badges/{UUID}",
        f"https://www.credly.com/badges/{UUID}/public_url",
        f"https://www.youracclaim.com/badges/{UUID}/linked_in_profile",
        f"http://youracclaim.com/badges/{UUID.upper()}?utm_source=x",
    ):
        web = Web({place: AWARD})
        (found,) = find(pasted, net=web).found
        assert web.asked == [place]
        assert (found.kind, found.carrier, found.source) == (Kind.OB2_JSON, Carrier.URL, pasted)
        assert found.steps[0].text == "address at Credly (once Acclaim)"


def test_row_credly_older_ids_are_tried_when_the_first_address_has_nothing() -> None:
    older = f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID}"
    web = Web({older: AWARD})
    assert find(f"https://www.credly.com/badges/{UUID}", net=web).found
    assert web.asked[-1] == older


def test_row_credly_a_short_link_that_redirects_to_the_page_is_rewritten_after_it_arrived() -> None:
    pasted, page = "https://www.credly.com/go/Ab3dE", f"https://www.credly.com/badges/{UUID}"
    web = Web({pasted: (page, SHELL), f"https://api.credly.com/v1/obi/v2/badge_assertions/{UUID}": AWARD})
    assert find(pasted, net=web).found
    assert web.asked[0] == pasted


def test_row_credly_a_private_badge_is_refused_with_what_to_do_and_every_address() -> None:
    pasted = f"https://www.credly.com/badges/{UUID}"
    web = Web({pasted: SHELL})
    report = find(pasted, net=web)
    assert code(report) == "no-candidate"
    (refused,) = report.refused
    assert refused.message == (
        f"No badge was found behind {pasted}; 3 addresses tried:"
        f" https://api.credly.com/v1/obi/v2/badge_assertions/{UUID} (404),"
        f" https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID} (404), {pasted} (a web page)."
    )
    assert "public" in refused.remedy
    assert "Laboratory" not in refused.message


def test_row_credly_that_asks_for_patience_is_not_asked_again() -> None:
    place = f"https://api.credly.com/v1/obi/v2/badge_assertions/{UUID}"
    pasted = f"https://www.credly.com/badges/{UUID}"
    report = find(pasted, net=Web({place: 429, pasted: SHELL}))
    assert code(report) == "http-429"
    assert report.refused[0].message.startswith("api.credly.com asks for fewer requests (429)")


def test_row_badgr_asks_the_api_of_the_pages_own_region_first_and_then_the_others() -> None:
    for pasted, first in (
        ("https://badgr.com/public/assertions/Qx8vT3", "https://api.badgr.io"),
        ("https://eu.badgr.com/public/assertions/Qx8vT3", "https://api.eu.badgr.io"),
        ("https://rowan.badgr.com/public/assertions/Qx8vT3", "https://api.badgr.io"),
        ("https://rowan.ca.badgr.com/public/assertions/Qx8vT3/", "https://api.ca.badgr.io"),
    ):
        web = Web({"https://api.sg.badgr.io/public/assertions/Qx8vT3?v=2_0": AWARD})
        assert find(pasted, net=web).found, pasted
        assert web.asked[0] == f"{first}/public/assertions/Qx8vT3?v=2_0"
        assert len(web.asked) == len(set(web.asked)) <= LIMITS.page_fetches


def test_row_badgr_the_learners_address_in_the_link_goes_nowhere() -> None:
    pasted = (
        "https://eu.badgr.com/public/assertions/Qx8vT3?identity__email=mina.okafor%40learner.example&action=download"
    )
    web = Web({"https://api.eu.badgr.io/public/assertions/Qx8vT3?v=2_0": AWARD})
    (found,) = find(pasted, net=web).found
    assert found.source == "https://eu.badgr.com/public/assertions/Qx8vT3"
    assert "mina" not in repr((found.steps, found.source, web.asked))


def test_row_badgr_an_answer_that_is_no_badge_does_not_end_the_search() -> None:
    us, eu = (f"https://api.{where}badgr.io/public/assertions/Qx8vT3?v=2_0" for where in ("", "eu."))
    for stranger in (SHELL, encode(badges.badge_class()), b'{"error": "not found"}', b""):
        assert find("https://badgr.com/public/assertions/Qx8vT3", net=Web({us: stranger, eu: AWARD})).found


def test_row_badgr_never_asks_more_than_a_page_may_cost_and_leaves_one_request_for_the_page() -> None:
    pasted = "https://badgr.com/public/assertions/Qx8vT3"
    web = Web({pasted: SHELL})
    report = find(pasted, net=web)
    assert len(web.asked) == LIMITS.page_fetches
    assert web.asked[-1] == pasted
    assert "8 addresses tried: " in report.refused[0].message
    assert "3 more were not asked, because the limit is reached" in report.refused[0].message


def test_row_badgr_trial_servers_are_never_mixed_with_the_real_ones() -> None:
    web = Web({})
    assert code(find("https://rowan.test.badgr.com/public/assertions/Qx8vT3", net=web)) == "no-candidate"
    assert web.asked[0] == "https://api.test.badgr.com/public/assertions/Qx8vT3?v=2_0"
    assert all(".test." in url for url in web.asked)


def test_row_badgr_server_of_a_college_answers_for_its_own_pages_and_its_preview_is_not_taken_for_baked(
    server: Server, net: HttpFetcher
) -> None:
    preview = b'<meta property="og:image" content="/public/assertions/Qx8vT3/preview.png">'
    server.add("/public/assertions/Qx8vT3", (200, {"content-type": "text/html"}, PAGE % (preview, b"")))
    server.add("/public/assertions/Qx8vT3/preview.png", (200, {"content-type": "image/png"}, png()))
    server.add("/public/assertions/Qx8vT3/baked", (200, {"content-type": "image/png"}, BAKED))
    (found,) = find(server.url("/public/assertions/Qx8vT3"), net=net).found
    assert (found.carrier, found.container) == (Carrier.PNG, BAKED)
    assert server.paths()[:4] == [
        "/public/assertions/Qx8vT3",
        "/public/assertions/Qx8vT3?v=2_0",
        "/public/assertions/Qx8vT3/image",
        "/public/assertions/Qx8vT3/baked",
    ]


def test_row_badgr_server_an_address_that_already_is_the_award_is_asked_for_once() -> None:
    for pasted in (
        "https://api.badgr.io/public/assertions/Qx8vT3",
        "https://api.badges.parchment.ca/public/assertions/Qx8vT3",
    ):
        web = Web({pasted: AWARD})
        assert find(pasted, net=web).found
        assert web.asked == [pasted]


def test_row_open_badge_factory_without_the_suffix_and_then_with_the_other() -> None:
    place = "https://openbadgefactory.com/v1/assertion/0f3a9c71"
    for content in ({place: AWARD}, {f"{place}.json": AWARD}):
        for pasted in (f"{place}.html", place):
            web = Web({f"{place}.html": SHELL, **content})
            assert find(pasted, net=web).found
            assert f"{place}.html" not in web.asked


def test_row_open_badge_passport_is_searched_as_a_page_and_else_says_where_its_download_is() -> None:
    pasted = "https://openbadgepassport.com/app/badge/info/48213"
    picture = "https://openbadgepassport.com/file/a.png"
    page = PAGE % (b'<meta property="og:image" content="/file/a.png">', b"")
    web = Web({pasted: page, picture: BAKED})
    assert find(pasted, net=web).found[0].container == BAKED
    report = find(pasted, net=Web({pasted: SHELL}))
    assert code(report) == "html-instead-of-json"
    assert report.refused[0].remedy.startswith("Sign in to Open Badge Passport")


@pytest.mark.parametrize("folder", ["", "/moodle", "/a/b"])
def test_row_moodle_the_query_is_the_id_and_the_folder_is_kept(server: Server, net: HttpFetcher, folder: str) -> None:
    server.add(f"{folder}/badges/badge.php", (200, {"content-type": "text/html"}, SHELL))
    server.add(f"{folder}/badges/assertion.php?b=9c1185a5&obversion=2", as_json(assertion()))
    pasted = server.url(f"{folder}/badges/badge.php?hash=9c1185a5")
    (found,) = find(pasted, net=net).found
    assert found.source == pasted
    assert server.paths() == [
        f"{folder}/badges/badge.php?hash=9c1185a5",
        f"{folder}/badges/assertion.php?b=9c1185a5&obversion=2",
    ]


def test_row_moodle_behind_a_login_still_gives_its_assertion_and_else_says_that_it_needs_one(
    server: Server, net: HttpFetcher
) -> None:
    server.add("/badges/badge.php", redirect("/login/index.php"))
    server.add("/login/index.php", (200, {"content-type": "text/html"}, badges.LOGIN_PAGE))
    pasted = server.url("/badges/badge.php?hash=9c1185a5")
    report = find(pasted, net=net)
    assert code(report) == "auth-required"
    assert report.refused[0].remedy.startswith("Sign in to that Moodle")
    server.add("/badges/assertion.php?b=9c1185a5&obversion=2", as_json(assertion()))
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fresh:
        assert find(pasted, net=fresh).found


def test_row_accredible_asks_the_platforms_api() -> None:
    web = Web({f"https://api.accredible.com/v1/obi/badge_assertions/{UUID}": AWARD})
    assert find(f"https://www.credential.net/{UUID}#gs.ab12", net=web).found
    assert len(web.asked) == 1


def test_row_accredible_own_host_is_asked_itself_first_because_the_name_is_only_a_guess() -> None:
    pasted, place = (
        f"https://credentials.rowan.example/{UUID}",
        f"https://api.accredible.com/v1/obi/badge_assertions/{UUID}",
    )
    web = Web({pasted: SHELL, place: AWARD})
    assert find(pasted, net=web).found
    assert web.asked == [pasted, place]
    own = Web({pasted: AWARD})
    assert find(pasted, net=own).found
    assert own.asked == [pasted]


def test_row_virtualbadge_is_the_award_as_it_is_and_followed_from_a_page() -> None:
    award = f"https://blob.virtualbadge.io/CERT-1/openbadges/assertions/{UUID}.json"
    page = "https://www.virtualbadge.io/certificate-validator?credential=CERT-1"
    for pasted in (award, page):
        assert find(
            pasted, net=Web({award: AWARD, page: PAGE % (b"", b'<a href="%s">JSON</a>' % award.encode())})
        ).found


def test_row_netlearning_is_the_award_as_it_is() -> None:
    pasted = "https://nlp.netlearning.co.jp/api/v1.0/openbadge/v2/Assertion/Q0FGRUJBQkU"
    web = Web({pasted: AWARD})
    assert find(pasted, net=web).found
    assert web.asked == [pasted]


def test_row_github_a_page_of_a_file_leads_to_the_file_and_such_links_on_pages_are_left_alone() -> None:
    blob = "https://github.com/rowan/badges/blob/main/a/award.png"
    file = "https://raw.githubusercontent.com/rowan/badges/main/a/award.png"
    web = Web({file: BAKED})
    assert find(blob, net=web).found[0].container == BAKED
    assert web.asked == [file]
    page = "https://rowan.github.io/"
    web = Web({page: PAGE % (b"", b'<a href="%s">source</a>' % blob.encode()), file: BAKED})
    assert not find(page, net=web).found
    assert file not in web.asked


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.badgecraft.eu/en/badges/1",
        "https://www.badgelist.com/rowan/safety/u/mina",
        "https://app.credsverse.com/credentials/1",
        "https://credly.thehyperstack.com/1",
        "https://learn.microsoft.com/en-us/users/mina/credentials/1",
    ],
)
def test_row_no_known_address_is_searched_as_any_page_and_else_says_download(pasted: str) -> None:
    award = "https://host.example/award.json"
    page = PAGE % (b'<link rel="alternate" type="application/ld+json" href="%s">' % award.encode(), b"")
    assert find(pasted, net=Web({pasted: page, award: AWARD})).found
    report = find(pasted, net=Web({pasted: SHELL}))
    assert code(report) == "html-instead-of-json"
    assert "download the badge" in report.refused[0].remedy


def assert_dead(name: str) -> None:
    """Refused by name, online and offline, with what to do, and nothing is asked for."""
    row = next(row for row in table() if row.name == name)
    web = Web({})
    for net in (None, web):
        report = find(row.examples[0].pasted, net=net)
        assert code(report) == "dead-host"
        (refused,) = report.refused
        assert refused.message == f"{row.examples[0].pasted} leads nowhere any more. {row.dead}"
        assert "keep it and import that" in refused.remedy
    assert not web.asked


def test_row_mozilla_backpack_is_gone_and_never_asked() -> None:
    assert_dead("mozilla-backpack")


def test_row_webmaker_is_gone_and_never_asked() -> None:
    assert_dead("webmaker")


def test_row_p2pu_is_gone_and_never_asked_even_when_a_page_links_to_it() -> None:
    assert_dead("p2pu")
    link = b'<a href="https://badges.p2pu.org/en/badge/view/48/">my badge</a>'
    web = Web({"https://mina.example/": PAGE % (b"", link)})
    assert code(find("https://mina.example/", net=web)) == "html-instead-of-json"
    assert web.asked == ["https://mina.example/"]


# --- pages that nobody knows -------------------------------------------------------------------------------------


def page(head: str = "", body: str = "") -> Plain:
    return 200, {"content-type": "text/html; charset=utf-8"}, PAGE % (head.encode(), body.encode())


def script(document: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(document)}</script>'


def test_the_order_is_alternate_then_json_ld_then_links_then_pictures(server: Server, net: HttpFetcher) -> None:
    other = "/public/assertions/Linked"
    head = '<link rel="alternate" type="application/ld+json" href="/award.json">' + script(assertion(2))
    body = f'<a href="{other}">see</a><img src="/badge.png">'
    places = {
        "/award.json": as_json(assertion(1)),
        f"{other}?v=2_0": as_json(assertion(3)),
        "/badge.png": (200, {}, png(itxt(encode(assertion(4))))),
    }
    for path, answer in places.items():
        server.add(path, answer)
    expected = []
    for number, (start, end) in enumerate(
        ((head, body), (script(assertion(2)), body), ("", body), ("", '<img src="/badge.png">'))
    ):
        server.add(f"/page{number}", page(start, end))
        (found,) = find(server.url(f"/page{number}"), net=net).found
        expected.append(found.claimed_id.rpartition("/")[2])
    assert expected == ["1", "2", "3", "4"]


def test_an_alternate_is_read_against_the_base_and_the_address_after_redirects(
    server: Server, net: HttpFetcher
) -> None:
    server.add("/go", redirect("/deep/page"))
    server.add("/deep/page", page('<link rel="alternate" type="application/json" href="award">'))
    server.add("/deep/award", as_json(assertion()))
    server.add("/based", page('<base href="/sub/"><link rel="ALTERNATE" type="application/ld+json;x=y" href="award">'))
    server.add("/sub/award", as_json(assertion(2)))
    assert find(server.url("/go"), net=net).found[0].claimed_id.endswith("/1")
    assert find(server.url("/based"), net=net).found[0].claimed_id.endswith("/2")


def test_a_page_that_describes_its_course_for_search_engines_is_no_badge(server: Server, net: HttpFetcher) -> None:
    described = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "name": "Laboratory Safety",
        "recognizedBy": {"@type": "Organization", "name": "Rowan College"},
    }
    server.add("/page", page(script(described)))
    report = find(server.url("/page"), net=net)
    assert code(report) == "html-instead-of-json"
    assert server.paths() == ["/page"]


def test_a_page_of_a_learners_own_that_shows_many_badges_gives_all_of_them(server: Server, net: HttpFetcher) -> None:
    for number in (1, 2, 3):
        server.add(f"/b{number}.png", (200, {}, png(itxt(encode(assertion(number))))))
    server.add("/dot.png", (200, {}, png()))
    body = '<img src="/dot.png" width=1 height=1>' + "".join(
        f'<img src="/b{number}.png" width="200">' for number in (1, 2, 3)
    )
    server.add("/mine", page(body=body))
    report = find(server.url("/mine"), net=net)
    assert [found.claimed_id.rpartition("/")[2] for found in report.found] == ["1", "2", "3"]
    assert "/dot.png" not in server.paths()


def test_badges_that_a_page_links_to_beyond_its_share_are_offered_and_said() -> None:
    links = [f"https://rowan.example/public/assertions/A{number}" for number in range(12)]
    pasted = "https://mina.example/"
    body = "".join(f'<a href="{link}?identity__email=mina%40learner.example">x</a>' for link in links).encode()
    web = Web({pasted: PAGE % (b"", body), **{f"{link}?v=2_0": encode(assertion(n)) for n, link in enumerate(links)}})
    report = find(pasted, net=web)
    assert len(web.asked) == LIMITS.page_fetches
    assert len(report.found) == LIMITS.page_fetches - 1
    assert [offer.url for offer in report.offers] == links[LIMITS.page_fetches - 1 :]
    (refused,) = report.refused
    assert (refused.code, "5 more badges are linked on the page" in refused.message) == ("too-many", True)


def test_what_an_import_asks_for_by_itself_is_capped_over_all_its_sources() -> None:
    sources = [f"https://page{number}.example/" for number in range(6)]
    pictures = b"".join(b'<img src="/%d.png">' % number for number in range(20))
    web = Web(dict.fromkeys(sources, PAGE % (b"", pictures)))
    reports = list(iter_find(sources, net=web, limits=Limits(import_fetches=10)))
    assert len(web.asked) == len(sources) + 10
    assert set(sources) <= set(web.asked)
    assert [code(report) for report in reports] == ["no-candidate"] * 6
    assert "1 address tried" in reports[-1].refused[0].message
    assert "20 more were not asked" in reports[-1].refused[0].message


def test_nothing_found_lists_every_address_with_its_status(server: Server, net: HttpFetcher) -> None:
    head = (
        '<link rel="alternate" type="application/json" href="/gone.json?token=abc">'
        '<meta property="og:image" content="/plain.png"><meta name="twitter:image" content="/login">'
    )
    server.add("/page", page(head))
    server.add("/plain.png", (200, {}, png()))
    server.add("/login", (403, {}, b""))
    report = find(server.url("/page"), net=net)
    assert code(report) == "no-candidate"
    (refused,) = report.refused
    base = server.url("")
    assert refused.message == (
        f"No badge was found behind {base}/page; 4 addresses tried: {base}/page (a web page), {base}/gone.json (404),"
        f" {base}/plain.png (no badge), {base}/login (403)."
    )
    assert "An award" not in refused.message
    assert not refused.network
    assert sum(step.text.startswith("GET ") for step in refused.steps) == 4
    assert "abc" not in repr(report)


def test_what_a_page_says_in_words_never_becomes_a_badge(server: Server, net: HttpFetcher) -> None:
    words = '<meta property="og:title" content="Laboratory Safety"><meta name="author" content="Rowan College">'
    server.add("/page", page(words, "<h1>Laboratory Safety</h1><p>Issued to Mina Okafor on 2 March 2026</p>"))
    assert code(find(server.url("/page"), net=net)) == "html-instead-of-json"


def test_an_award_in_a_newer_version_behind_a_page_is_an_award() -> None:
    pasted, place = "https://rowan.example/public/assertions/Qx", "https://rowan.example/public/assertions/Qx?v=2_0"
    assert find(pasted, net=Web({pasted: SHELL, place: encode(open_badge_3())})).found[0].kind is Kind.OB3_JSON


# --- hosts that misbehave ----------------------------------------------------------------------------------------


def test_a_circle_of_redirects_ends_and_is_named(server: Server, net: HttpFetcher) -> None:
    server.add("/a", redirect("/b"))
    server.add("/b", redirect("/a"))
    report = find(server.url("/a"), net=net)
    assert code(report) == "host-unreachable"
    assert "in a circle" in report.refused[0].message


def test_a_page_cannot_send_the_search_into_the_private_network(server: Server, net: HttpFetcher) -> None:
    with Server() as inside:
        server.add("/page", page(f'<meta property="og:image" content="{inside.url("/router.png")}">'))
        report = find(server.url("/page"), net=net)
        assert inside.connections == 0
    assert code(report) == "no-candidate"
    assert "(not allowed)" in report.refused[0].message


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/plain,x", "//[", "http://", "mailto:a@b.example"]
)
def test_links_that_are_none_are_not_asked_for(server: Server, net: HttpFetcher, link: str) -> None:
    server.add(
        "/page",
        page(
            f'<base href="{link}"><link rel=alternate type=application/json href="{link}"><img width=300 src="{link}">'
        ),
    )
    assert not find(server.url("/page"), net=net).found
    assert server.paths() == ["/page"]


def test_a_host_that_blocks_unnamed_programs_answers_us(server: Server, net: HttpFetcher) -> None:
    def guarded(request: Request) -> Plain:
        agent = request.headers.get("user-agent", "")
        return as_json(assertion()) if agent and "bot" not in agent.lower() else (403, {}, b"")

    server.add("/award", guarded)
    assert find(server.url("/award"), net=net).found
    assert server.log[0].headers["user-agent"] == user_agent()


def test_a_host_that_blocks_us_too_is_refused_as_asking_for_more_than_we_have(server: Server, net: HttpFetcher) -> None:
    server.add("/award", (403, {"content-type": "text/html"}, b"<html>Checking your browser</html>"))
    assert code(find(server.url("/award"), net=net)) == "auth-required"


def test_a_preview_for_bots_with_nothing_but_a_picture_is_searched_and_refused(
    server: Server, net: HttpFetcher
) -> None:
    server.add("/share", page('<meta property="og:title" content="Badge"><meta property="og:image" content="/p.png">'))
    server.add("/p.png", (200, {"content-type": "image/png"}, png()))
    assert code(find(server.url("/share"), net=net)) == "no-candidate"
    assert server.paths() == ["/share", "/p.png"]


def test_a_host_that_asks_to_wait_gets_its_pause_and_is_left_alone_when_that_did_not_help(
    server: Server, net: HttpFetcher
) -> None:
    answers = iter([(429, {"Retry-After": "0"}, b""), as_json(assertion())])
    server.add("/once", lambda _: next(answers))
    assert find(server.url("/once"), net=net).found
    server.add(
        "/page", page('<meta property="og:image" content="/busy.png"><meta name="twitter:image" content="/more.png">')
    )
    server.add("/busy.png", (429, {}, b""))
    assert code(find(server.url("/page"), net=net)) == "no-candidate"
    assert "/more.png" not in server.paths()
    assert code(find(server.url("/busy.png"), net=net)) == "http-429"


def test_a_host_that_is_down_is_asked_once_for_all_its_addresses() -> None:
    web = Web({f"https://learn.rowan.example/badges/badge.php?hash={UUID}": Cause.TIMEOUT})
    report = find(f"https://learn.rowan.example/badges/badge.php?hash={UUID}", net=web)
    assert code(report) == "host-unreachable"
    assert len(web.asked) == 1


def test_a_withdrawn_badge_says_so_whatever_its_page_looks_like() -> None:
    pasted = f"https://www.credly.com/badges/{UUID}"
    web = Web({f"https://api.credly.com/v1/obi/v2/badge_assertions/{UUID}": 410, pasted: SHELL})
    assert code(find(pasted, net=web)) == "http-410"


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/x?b=1&access_token=c4n4ry",
        "https://a.example/x?b=1#id_token=c4n4ry",
        "https://a.example/x?b=1&identity__email=c4n4ry%40learner.example",
        "https://a.example/x?b=1&X-Amz-Signature=c4n4ry&X-Amz-Credential=c4n4ry",
        "https://a.example/x?b=1&SESSKEY=c4n4ry&email=c4n4ry",
    ],
)
def test_tokens_and_addresses_in_a_link_are_sent_and_never_kept(link: str) -> None:
    for content in (AWARD, SHELL, 404, ("https://a.example/y?token=c4n4ry", AWARD), encode(badges.assertion_0_5())):
        web = Web({link: content})
        report = find(link, net=web)
        assert web.asked[0] == link
        assert "c4n4ry" not in repr(report)
        assert all(each.source == "https://a.example/x?b=1" for each in (*report.found, *report.refused))


def test_each_host_that_discovery_contacts_is_named(server: Server, tmp_path, monkeypatch, capsys) -> None:
    from tui.cli.start import start

    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path))
    with Server({"/b.png": (200, {}, BAKED)}) as pictures:
        server.add("/page", page(f'<meta property="og:image" content="{pictures.url("/b.png")}">'))
        ended = start(
            ["import", server.url("/page"), "--allow-host", server.host, "--allow-host", pictures.host, "--json"]
        )
        out, err = capsys.readouterr()
        named = [line.removeprefix("Contacting ") for line in err.splitlines() if line.startswith("Contacting ")]
        assert named == [server.url("").removeprefix("http://"), pictures.url("").removeprefix("http://")]
    assert ended == 0
    assert json.loads(out)["carrier"] == "png"


# --- any page at all ---------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["<", ">", "<!", "<![", "<!--", "-->", "<a href=", "<link rel=alternate type=application/json href=", "<base href=",
     "<img src=", "<meta property=og:image content=", "http://[", "//", "https://rowan.example/public/assertions/x", "&#x110000;",
     "&", '"', "'", " ", "=", "\0", "<script type=application/ld+json>", "</script>", "{", "}", "\ud7ff", "<svg", "?", "]]>"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.lists(_PIECES, max_size=40).map("".join), st.text(max_size=200)))
def test_any_page_is_read_without_a_fault_and_within_its_share(text: str) -> None:
    pasted = "https://any.example/page"
    body = b"<html>" + text.encode("utf-8", "replace")
    web = Web({pasted: body})
    report = find(pasted, net=web)
    assert all(refused.code != "internal-error" for refused in report.refused)
    assert report.found or report.refused
    assert len(web.asked) <= LIMITS.page_fetches
    assert all(url.startswith(("http://", "https://")) for url in web.asked)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_page_begins_are_read_without_a_fault(data: bytes) -> None:
    report = find("https://any.example/", net=Web({"https://any.example/": b"<!doctype html>" + data}))
    assert all(refused.code != "internal-error" for refused in report.refused)
