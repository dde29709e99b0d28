"""Where a page says that a badge may be: what counts as a place to look, and that no page makes the reader stumble."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.pagelinks import PageLinks, page_links
from wallet.limits import LIMITS, Limits

AT = "https://rowan.example/a/page"


def read(page: str, at: str = AT) -> PageLinks:
    return page_links(page.encode(), at)


def test_alternates_are_those_of_a_json_type_and_nothing_else() -> None:
    page = (
        '<link rel="alternate" type="application/rss+xml" href="/feed"><link rel="stylesheet" href="/s.css">'
        "<LINK HREF=one.json?a=1&amp;b=2 TYPE='application/ld+json; charset=utf-8' REL='nofollow ALTERNATE'/>"
        '<link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="application/vc+ld+json" href="//x.example/2">'
    )
    assert read(page).alternates == ("https://rowan.example/a/one.json?a=1&b=2", "https://x.example/2")


def test_the_first_base_counts_wherever_it_stands() -> None:
    page = '<a href="x"></a><base href="/b/"><base href="/c/"><a href="y#part"></a>'
    assert read(page).links == ("https://rowan.example/b/x", "https://rowan.example/b/y")


def test_previews_and_large_pictures_are_told_from_icons_and_from_those_that_count_readers() -> None:
    page = (
        '<meta property="og:image" content="/og.jpg"><meta name="twitter:image" content="/tw.png">'
        "<link rel=image_src href=/src.png>"
        '<img src="/badge.png"><img src="/photo" width="400" height="400px"><img src="/icon.png" width=16 height=16>'
        '<img src="/wide.png" width=400 height=1><img src="/unknown"><img src="/b.svg?x=1"><a href="/download.PNG">save</a>'
    )
    found = read(page)
    assert [url.rpartition("/")[2] for url in found.previews] == ["og.jpg", "tw.png", "src.png"]
    assert [url.rpartition("/")[2] for url in found.pictures] == ["badge.png", "photo", "b.svg?x=1", "download.PNG"]


def test_what_stands_in_a_script_or_a_comment_is_not_a_link() -> None:
    assert read('<script>"<a href=/x>"</script><!-- <a href="/y"> --><style><a href=/z></style>') == PageLinks()


def test_only_web_addresses_come_out_each_once() -> None:
    page = "".join(
        f'<a href="{link}">x</a>'
        for link in ("javascript:x()", "mailto:a@b.example", "data:,x", "//[", "/x", "/x#y", " /x ")
    )
    assert read(page).links == ("https://rowan.example/x",)


def test_no_more_links_and_bytes_are_read_than_the_caps_say() -> None:
    page = b"".join(b'<a href="/%d">' % number for number in range(1_000))
    assert len(page_links(page, AT).links) == LIMITS.page_links
    assert page_links(b" " * 100 + b"<a href=/x>", AT, Limits(page_bytes=100)) == PageLinks()


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<![CDATA[",
        "<![x ",
        "</",
        "<a ",
        "<a href='",
        '<a x="y" ',
        "&",
        "&#",
        "<?",
        "<!doctype ",
        "<script>",
    ],
)
def test_a_page_that_never_ends_what_it_begins_is_read_up_to_there(piece: str) -> None:
    found = read('<a href="/before">' + piece * 20_000)
    assert found.links[0] == "https://rowan.example/before"


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<![", b"<!x ", b"<a href=", b"<base href='http://[", b"<img width=9"]),
)
def test_no_page_makes_it_stumble(page: bytes, start: bytes) -> None:
    found = page_links(start + page, AT)
    assert all(url.startswith(("http://", "https://")) for url in (*found.links, *found.pictures, *found.previews))
