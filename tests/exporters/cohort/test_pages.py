"""The pages of a cohort and of a learner, read back with an HTML parser: nothing runs, nothing is fetched, nothing leaks."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from exporters.cohort import letter
from exporters.cohort.page import _style, cohort_page, learner_page
from tests.support.scans import AT, CANARIES, FORMULA, PATHWAY, Proof, badge, cohort
from wallet.cohort.learner_report import LearnerReport, learner_report
from wallet.cohort.report import cohort_report

TOOL = "badgefolio 0.1.0"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FEEDBACK = ((date(2026, 11, 3), f"Well done.\n{MARKUP}"),)


class Page(HTMLParser):
    """Elements with their attributes, and the text that is shown."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.style = ""
        self._hidden = ""
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "style":
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self.style += data
        else:
            self.text += data


def of_learner(number: int = 0, **more: bool) -> LearnerReport:
    scan = cohort()
    return learner_report(scan, scan.learners[number], at=AT, tool=TOOL, progresses={}, feedback=FEEDBACK, **more)


def pages() -> dict[str, bytes]:
    scan = cohort()
    hostile = replace(scan, learners=(replace(scan.learners[0], name=MARKUP), *scan.learners[1:]))
    return {
        "cohort": cohort_page(cohort_report(hostile, at=AT, tool=TOOL)),
        "anonymous": cohort_page(cohort_report(hostile, at=AT, tool=TOOL, anonymous=True)),
        "learner": learner_page(of_learner()),
        "letter": letter.html(letter.letter_of(of_learner(), sender=MARKUP)),
    }


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_in_a_page_runs_or_is_fetched(name: str) -> None:
    page = Page(PAGES[name])
    assert not {"script", "iframe", "object", "embed", "form", "img"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [one for one in attributes if one.startswith("on") or one in ("style", "src", "srcset")], tag
        if tag == "a":
            assert attributes["href"].startswith(("https://", "http://", "#"))
    policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_walked_by_its_headings_and_landmarks(name: str) -> None:
    page = Page(PAGES[name])
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == 1
    assert tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
    assert next(a["href"] for t, a in page.elements if a.get("class") == "skip") == "#main"
    html = next(attributes for tag, attributes in page.elements if tag == "html")
    assert html["lang"] == "en"


def test_the_style_knows_print_and_small_screens() -> None:
    assert "@media print" in _style()
    assert "@media screen and (max-width" in _style()


def test_the_cohort_page_names_everybody_but_those_whose_consent_has_ended() -> None:
    text = Page(cohort_page(cohort_report(cohort(), at=AT, tool=TOOL))).text
    assert "Ada Example" in text
    assert FORMULA in text
    assert "Dana" not in text
    assert "1 learner left out because the consent has ended" in text
    assert "100 % with 2 exceptions, 50 % without (completed by exception)" in text


def test_alarms_are_said_in_words_not_in_colour_alone() -> None:
    page = Page(cohort_page(cohort_report(cohort(), at=AT, tool=TOOL)))
    assert page.text.count("alarm") >= 2


def test_an_anonymous_page_names_nobody_and_hides_small_numbers() -> None:
    text = Page(PAGES["anonymous"]).text
    for learner in cohort().learners:
        assert learner.number not in text
        assert learner.name not in text
    assert "number hidden" in text
    assert "below 5" in text


@pytest.mark.parametrize("form", ["cohort", "learner", "letter", "letter-md"])
def test_with_pseudonyms_no_name_no_day_and_no_free_text_of_a_person_is_told(form: str) -> None:
    told = of_learner(pseudonyms=True)
    made = {
        "cohort": lambda: cohort_page(cohort_report(cohort(), at=AT, tool=TOOL, pseudonyms=True)),
        "learner": lambda: learner_page(told),
        "letter": lambda: letter.html(letter.letter_of(told)),
        "letter-md": lambda: letter.markdown(letter.letter_of(told)),
    }
    text = made[form]().decode("utf-8")
    assert "L-0001" in text
    for learner in cohort().learners:
        assert learner.name not in text
    assert not any(canary in text for canary in (*CANARIES, "HYPERLINK", "Well done", "2026-03-14", "2027-01-09"))
    assert "9 January 2027" not in text


def test_a_learner_page_tells_how_each_badge_is_proven_and_what_stands_in_red() -> None:
    scan = cohort()
    badges = (
        badge("a", "Water", Proof.EARLIER),
        badge("b", "Fish", Proof.UNCHECKED, why="the host did not answer"),
        badge("c", "Raft", Proof.FAILED, why="the signature does not match"),
        badge("d", "Food", Proof.DESCRIBED),
        badge("e", "Pump", mismatch=True),
    )
    learner = replace(scan.learners[0], badges=badges)
    text = Page(learner_page(learner_report(scan, learner, at=AT, tool=TOOL, progresses={}))).text
    for words in (
        "verified 2026-11-20",
        "could not be checked: the host did not answer",
        "failed: the signature does not match",
        "described, not verifiable",
        "awarded to somebody else",
    ):
        assert words in text


def test_a_place_link_that_could_open_an_account_is_not_printed() -> None:
    scan = cohort()
    row = scan.standings[0]
    secret = replace(row.steps[0], link="https://college.example/enrol?token=abc")
    scan = replace(scan, standings=(replace(row, steps=(secret,)), *scan.standings[1:]))
    told = learner_report(scan, scan.learners[0], at=AT, tool=TOOL, progresses={})
    made = letter.letter_of(told)
    for data in (learner_page(told), letter.html(made), letter.markdown(made)):
        assert b"token=abc" not in data


def test_the_same_report_gives_the_same_page() -> None:
    assert pages() == PAGES
    assert PATHWAY.encode() in PAGES["cohort"]
