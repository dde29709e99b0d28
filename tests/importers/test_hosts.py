"""The table of platforms: its patterns fit what they should and nothing else, and each mistake in it is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.hosts import TableError, load, propose, table
from wallet.fetch.urls import parse_target

UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
ROW = """
[[row]]
name = "rowan"
title = "Rowan College"
hosts = ["badges.rowan.example"]
paths = ["/share/{id}"]
rewrites = ["https://badges.rowan.example/awards/{id}"]
examples = [{ pasted = "https://badges.rowan.example/share/1", asks = ["https://badges.rowan.example/awards/1"] }]
"""


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.credly.com.evil.example/badges/{UUID}",
        f"https://evil.example/www.credly.com/badges/{UUID}",
        f"https://www.credly.com@evil.example/badges/{UUID}",
        f"https://www.credly.com:8443/badges/{UUID}",
        "https://www.credly.com/badges/not-a-uuid",
        "https://www.credly.com/users/mina",
        f"https://notcredly.com/badges/{UUID}",
        "https://badgr.com/public/badges/Qx8vT3",
        "https://learn.rowan.example/badges/badge.php",
        "https://learn.rowan.example/badges/badge.php?hash=%2F..%2F",
        "https://github.com/rowan/badges",
        "https://[::1",
        "badgr.com/public/assertions/Qx8vT3",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_only_looks_like_a_known_page_is_not_one(url: str) -> None:
    assert propose(url) is None


def test_a_proposed_address_never_leaves_the_host_that_its_row_names() -> None:
    for pasted in (
        "https://github.com/a/b/blob/@evil.example/x",
        "https://github.com/a/b/blob///evil.example/x",
        "https://learn.rowan.example/x@evil.example/badges/badge.php?hash=1",
    ):
        proposal = propose(pasted)
        for url in proposal.rewrites if proposal is not None else ():
            assert parse_target(url).host in ("raw.githubusercontent.com", "learn.rowan.example")


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(["github.com", "badgr.com", "www.credly.com", "any.example:81", "credentials.x"]),
)
def test_any_address_can_be_looked_up_and_gives_addresses_that_can_be_asked(rest: str, host: str) -> None:
    for url in (
        f"https://{host}/{rest}",
        f"https://{host}/a/b/blob/{rest}",
        f"https://{host}/badges/badge.php?hash={rest}",
        rest,
    ):
        proposal = propose(url)
        for each in (*proposal.rewrites, *proposal.pictures) if proposal is not None else ():
            assert parse_target(each).url == each


def test_every_sentence_of_the_table_stands_by_itself() -> None:
    for row in table():
        for text in (row.advice, row.dead):
            assert not text or (text.endswith(".") and "  " not in text and len(text) < 300), row.name


def test_a_row_that_a_contributor_adds_is_read() -> None:
    (row,) = load(ROW)
    proposal = propose("http://badges.rowan.example/share/A-1?x=y", (row,))
    assert proposal is not None
    assert proposal.rewrites == ("https://badges.rowan.example/awards/A-1",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[[row]]", "[[row", "not TOML"),
        ("[[row]]", "[row]", "a list of [[row]]"),
        (ROW, ROW + ROW, "a name of its own"),
        ("title =", "titel =", "titel is not a key of a row"),
        ('title = "Rowan College"', "title = 5", "title has to be a text"),
        ('title = "Rowan College"', "", "title has to be a text"),
        ('name = "rowan"', 'name = "rowan"\npage = "yes"', "page has to be true or false"),
        ('hosts = ["badges.rowan.example"]', "hosts = []", "hosts are missing"),
        ('"badges.rowan.example"]\npaths', '"https://badges"]\npaths', "no pattern of a host"),
        ('"badges.rowan.example"]\npaths', '"{region}.example"]\npaths', "name a {region}, and the row has none"),
        ('["/share/{id}"]', '"/share/{id}"', "paths has to be a list of texts"),
        ('["/share/{id}"]', '["share/{id}"]', "a path begins with a slash"),
        ('["/share/{id}"]', '["/share/{ident}"]', "{ident}, which is none of uuid"),
        ('["/share/{id}"]', '["/{id}/{id}"]', "redefinition of group name"),
        ('["/share/{id}"]', '["/share/{id}", "/other"]', "{id}, which not every path"),
        ('["https://badges.rowan.example/awards/{id}"]', '["http://badges.rowan.example/"]', "begins with https://"),
        ('["https://badges.rowan.example/awards/{id}"]', '["https://{api}/{id}"]', "{api}, which not every path"),
        ("examples = ", 'query = { a = "b" }\nexamples = ', "query.a is none of uuid"),
        ("examples = ", 'regions = { eu = ["https://x"] }\nexamples = ', "regions.eu has to list host names"),
        ("examples = ", "regions = 5\nexamples = ", "regions has to be a table"),
        ("examples = ", 'advice = "download it"\nexamples = ', "advice has to be a whole sentence"),
        ("examples = ", 'dead = "It was closed."\nexamples = ', "nothing to ask a dead host"),
        ('rewrites = ["https://badges.rowan.example/awards/{id}"]', "page = true", "page needs rewrites"),
        ('hosts = ["badges.rowan.example"]\npaths = ["/share/{id}"]\nrewrites = ["https://badges.rowan.example/awards/{id}"]',
         'hosts = ["**"]', "paths are needed where any host fits"),
        ("pasted =", "paste =", "examples have `pasted` and `asks`"),
        ("examples = [{", "examples = [5, {", "examples are tables"),
        ("examples =", "note = 5\nexamples =", "note has to be a text"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_table_is_named(old: str, new: str, told: str) -> None:
    assert old in ROW
    with pytest.raises(TableError) as error:
        load(ROW.replace(old, new))
    assert told in str(error.value)


def test_a_row_without_an_example_is_a_mistake_because_it_would_have_no_test() -> None:
    with pytest.raises(TableError, match="row rowan: examples are missing"):
        load("\n".join(line for line in ROW.splitlines() if not line.startswith("examples")))
