"""The portfolio page: read back with an HTML parser, as a stranger's browser would see it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exporters.portfolio import render_portfolio, write_portfolio
from exporters.presentation import present
from exporters.statements import LABELS
from tests.generate.presentations import (
    EMAIL_CANARY,
    NOW,
    SALT_CANARY,
    a_presentation,
    a_source,
    mixed_sources,
)
from wallet.documents.strict_json import parse_object
from wallet.errors import TargetExistsError


class Page(HTMLParser):
    """Elements in order, the text that is shown, and what stands in each script block."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.shown: list[str] = []
        self.scripts: list[str] = []
        self.style = ""
        self._inside: list[str] = []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style"):
            self._inside.append(tag)
            if tag == "script":
                self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.shown.append(data)
        elif self._inside[-1] == "script":
            self.scripts[-1] += data
        else:
            self.style += data

    @property
    def text(self) -> str:
        return " ".join("".join(self.shown).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def eight() -> Page:
    return Page(render_portfolio(a_presentation(*mixed_sources(), pathway=True)))


def test_each_standing_is_written_out_in_words_with_its_date(eight: Page) -> None:
    for label in LABELS.values():
        assert label in eight.text
    for sentence in (
        "Valid as of 20 November 2026, as served by badges.northgate.example.",
        "Valid as of 20 November 2026, by the issuer's signature.",
        "Expired on 1 May 2026.",
        'Withdrawn by its issuer for this reason: "Awarded in error", as of 20 November 2026.',
        "Did not pass the check of 20 November 2026. The signature does not fit the badge and the issuer's key.",
        "Could not be determined as of 20 November 2026. galil.example did not answer.",
        "Not checked yet: this badge is as its holder brought it.",
    ):
        assert sentence in eight.text


def test_the_page_has_one_h1_and_a_heading_for_each_badge_and_pathway(eight: Page) -> None:
    assert len(eight.all("h1")) == 1
    assert len(eight.all("h2")) == 2
    assert len(eight.all("h3")) == 9
    labels = [a["aria-labelledby"] for a in eight.all("article")]
    ids = [a["id"] for _, a in eight.elements if "id" in a]
    assert set(labels) <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_picture_has_words_and_lies_inside_the_page(eight: Page) -> None:
    pictures = eight.all("img")
    assert len(pictures) == 7
    for picture in pictures:
        assert picture["src"].startswith("data:image/png;base64,")
        assert picture["alt"].startswith("Badge image: ")


def test_originals_are_downloads_of_the_exact_bytes_that_the_manifest_names() -> None:
    source = a_source()
    page = Page(render_portfolio(a_presentation(source)))
    downloads = {a["download"]: base64.b64decode(a["href"].partition(",")[2]) for a in page.all("a") if "download" in a}
    assert sorted(downloads.values()) == sorted(filter(None, (source.raw, source.container)))
    manifest = parse_object(page.scripts[1].encode())
    assert manifest["format"] == "badgefolio-portfolio/1"
    badges = manifest["badges"]
    assert isinstance(badges, list)
    (badge,) = badges
    assert badge["verdict"] == "valid"
    assert {f["path"]: f["sha256"] for f in badge["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in downloads.items()
    }


def test_only_badges_that_stand_are_linked_data_of_the_person(eight: Page) -> None:
    data = parse_object(eight.scripts[0].encode())
    person = data["mainEntity"]
    assert isinstance(person, dict)
    assert person["name"] == "Ada Example"
    assert len(person["hasCredential"]) == 3


def test_the_policy_allows_exactly_the_one_style_sheet_and_pictures_inside(eight: Page) -> None:
    (policy,) = [a["content"] for a in eight.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(eight.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not any("style" in attributes for _, attributes in eight.elements)


def test_the_style_sheet_knows_dark_screens_print_and_forced_colours(eight: Page) -> None:
    for rule in ("(prefers-color-scheme: dark)", "@media print", "(forced-colors: active)"):
        assert rule in eight.style
    assert "url(" not in eight.style
    assert "@import" not in eight.style


def test_a_detail_that_nobody_states_reads_not_stated() -> None:
    bare = mixed_sources()[-1]
    page = Page(render_portfolio(present([bare], person=None, now=NOW)))
    assert "Criteria: not stated." in page.text
    assert "Eight details 1 of 8 stated" in page.text
    assert page.text.count("not stated") == 8


def test_the_recipient_is_never_printed_even_where_an_issuer_wrote_it_into_a_text() -> None:
    source = a_source(
        f"Award for {EMAIL_CANARY}",
        description=f"Given to {EMAIL_CANARY.upper()} with {SALT_CANARY}.",
        criteria=f"*{EMAIL_CANARY}*",
    )
    html = render_portfolio(a_presentation(source)).decode().lower()
    assert EMAIL_CANARY not in html
    assert SALT_CANARY not in html
    assert "[address withheld]" in html


def test_a_link_that_carries_a_secret_is_not_printed() -> None:
    source = a_source()
    assert source.credential is not None
    secret = replace(
        source, credential=replace(source.credential, id="https://badges.northgate.example/a?access_token=s3cr3t")
    )
    shown = a_presentation(secret)
    assert shown.badges[0].verify_url is None
    page = Page(render_portfolio(shown))
    assert "s3cr3t" not in page.text
    assert not any("s3cr3t" in a["href"] for a in page.all("a"))


def test_the_same_badges_in_another_order_give_the_same_bytes() -> None:
    sources = mixed_sources()
    assert render_portfolio(a_presentation(*sources)) == render_portfolio(
        replace(a_presentation(*reversed(sources)), badges=a_presentation(*sources).badges)
    )
    assert [b.id for b in a_presentation(*sources).badges] == [b.id for b in a_presentation(*reversed(sources)).badges]


def test_a_portfolio_without_badges_says_so() -> None:
    assert "no badges yet" in Page(render_portfolio(replace(a_presentation(), badges=()))).text


def test_writing_refuses_to_replace_a_file_unless_told(tmp_path: Path) -> None:
    target = tmp_path / "portfolio.html"
    assert write_portfolio(a_presentation(), target) == target
    before = target.read_bytes()
    with pytest.raises(TargetExistsError):
        write_portfolio(a_presentation(person="Somebody Else"), target)
    assert target.read_bytes() == before
    write_portfolio(a_presentation(person="Somebody Else"), target, force=True)
    assert b"Somebody Else" in target.read_bytes()


def test_a_plain_recipient_in_an_original_is_announced() -> None:
    assert a_presentation().warnings == ("1 original to be written names the recipient in plain text.",)
