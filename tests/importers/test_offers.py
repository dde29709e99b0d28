"""Links in texts and tables: counted with their hosts, offered, and never opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importers.find import find
from importers.offers import hosts_of, links_in_table
from tests.generate.badges import assertion, encode
from tests.support.server import Server, as_json
from wallet.fetch.http import HttpFetcher
from wallet.found import Offer

LINKEDIN = (
    "Name,Url,Authority,Started On,Finished On,License Number\n"
    '"Lab Safety, level 2",https://badges.rowan-college.example/awards/1,Rowan College,Mar 2026,,\n'
    "No link,,Somebody,,,\n"
    '"Again","https://badges.rowan-college.example/awards/1",Rowan College,,,\n'
    "Data,https://credentials.guild.example/2?a=1&b=2,Guild,,,\n"
)


def urls(text: str | bytes, name: str = "x") -> list[str]:
    return [offer.url for offer in find(text if isinstance(text, bytes) else text.encode(), name=name).offers]


def test_a_table_of_certifications_offers_each_address_once() -> None:
    report = find(LINKEDIN.encode(), name="Certifications.csv")
    assert report.offers == (
        Offer("https://badges.rowan-college.example/awards/1", "Certifications.csv"),
        Offer("https://credentials.guild.example/2?a=1&b=2", "Certifications.csv"),
    )
    (refused,) = report.refused
    assert (refused.code, refused.message) == (
        "only-links",
        "Certifications.csv holds 2 links (badges.rowan-college.example, credentials.guild.example), and no badge itself.",
    )


@pytest.mark.parametrize(
    "table",
    [
        LINKEDIN.replace(",", ";"),
        LINKEDIN.replace('"Lab Safety, level 2"', "Lab Safety").replace(",", "\t"),
        LINKEDIN.replace("\n", "\r\n"),
    ],
    ids=["semicolons", "tabs", "DOS lines"],
)
def test_tables_of_other_programs_are_read(table: str) -> None:
    assert len(urls(table)) == 2


def test_a_table_in_utf_16_with_a_mark_is_read() -> None:
    assert len(urls(LINKEDIN.encode("utf-16"))) == 2
    assert len(urls(LINKEDIN.encode("utf-8-sig"))) == 2


def test_a_list_of_links_offers_each_without_the_punctuation_around_it() -> None:
    text = "1. https://a.example/1.\n2) <https://b.example/2>, (https://a.example/3)\n“https://a.example/1”\nhttp://c.example/x!"
    assert urls(text) == ["https://a.example/1", "https://b.example/2", "https://a.example/3", "http://c.example/x"]


def test_what_names_the_learner_is_not_kept() -> None:
    assert urls("x https://a.example/1?identity__email=mina%40learner.example&action=download&v=2") == [
        "https://a.example/1?v=2"
    ]


def test_text_with_commas_and_no_column_of_links_is_no_table() -> None:
    assert links_in_table("Dear Mina, hello\nsee https://a.example/1, and more\n") is None
    assert links_in_table("a,b\n" + "x" * 200_000 + ",https://a.example\n") is None
    assert links_in_table("https://a.example/?x=1,2,3") is None


def test_hosts_are_shown_in_ascii_and_only_the_first_three() -> None:
    links = [
        "https://bücher.example/1",
        "https://A.example/",
        "http://[::1",
        "https://b.example",
        "https://c.example",
        "https://-/",
    ]
    assert hosts_of(links) == "xn--bcher-kva.example, a.example, b.example and 2 more hosts"


def test_a_list_never_touches_the_network(tmp_path: Path, server: Server, net: HttpFetcher) -> None:
    server.add("/award", as_json(assertion()))
    for name, text in {"a.csv": f"name,url\nA,{server.url('/award')}\n", "b.txt": server.url("/award")}.items():
        (tmp_path / name).write_text(text)
        report = find(tmp_path / name, net=net)
        assert [offer.url for offer in report.offers] == [server.url("/award")]
    assert server.connections == 0


def test_an_offered_link_that_the_learner_accepts_is_an_ordinary_address(server: Server, net: HttpFetcher) -> None:
    server.add("/award", as_json(assertion(id=server.url("/award"))))
    (offer,) = find(f"see {server.url('/award')}".encode(), net=net).offers
    assert find(offer.url, net=net).found[0].claimed_id == server.url("/award")


def test_a_badge_beside_links_is_found(tmp_path: Path) -> None:
    (tmp_path / "links.txt").write_text("https://a.example/1\n")
    (tmp_path / "one.json").write_bytes(encode(assertion()))
    report = find(tmp_path)
    assert (len(report.found), report.skipped, len(report.offers), report.refused) == (1, 1, 1, ())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
        yield fetcher
