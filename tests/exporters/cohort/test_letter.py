"""The letter: plain words, two next steps, feedback, and the same in all three forms."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from exporters.cohort import letter
from exporters.fonts import FontMissingError
from tests.support.scans import AT, cohort, standing
from wallet.cohort.learner_report import LearnerReport, learner_report

TOOL = "badgefolio 0.1.0"
FEEDBACK = ((date(2026, 11, 3), "Well done with the *fish*.\n1. Shall we talk about water?"),)


def told(number: int = 0, **more: object) -> LearnerReport:
    scan = cohort()
    return learner_report(
        scan, replace(scan.learners[number], **more), at=AT, tool=TOOL, progresses={}, feedback=FEEDBACK
    )  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def shown(markdown: bytes) -> str:
    tokens = MarkdownIt().parse(markdown.decode("utf-8"))
    return "\n".join(child.content for token in tokens for child in token.children or [])


def test_it_names_two_next_steps_with_hours_link_and_begin_date() -> None:
    made = letter.letter_of(told())
    (part,) = made.parts
    assert [step.name for step in part.steps] == ["Water Chemistry", "Food Safety"]
    assert part.steps[0].about == "takes 12 h; the next one begins on 12 January 2027"
    assert part.steps[0].link == "https://college.example/enrol/water"
    assert part.steps[1].about == "takes 8 h; no begin date is stated"


def test_a_place_that_rests_on_an_exception_is_open_again_after_its_last_day() -> None:
    (lapse,) = letter.letter_of(told(2)).parts[0].lapses
    assert lapse == (
        "Water Chemistry will be open again after 31 January 2027: the exception that fills it ends. Let us talk before then."
    )


def test_all_three_forms_say_the_same() -> None:
    made = letter.letter_of(told(), sender="Avery Mentor")
    forms = (shown(letter.markdown(made)), letter.html(made).decode(), text_of(letter.pdf(made)))
    for said in (
        "Dear Ada Example,",
        "You have filled 2 of 4 places: 50 %.",
        "What is left: 2 places, 20 h.",
        "12 January 2027",
        "Well done with the",
        "Fish Health will be open again on 9 January 2027",
        "Avery Mentor",
        "Private notes",
    ):
        assert all(said in form for form in forms), said


def test_it_is_about_the_target_else_about_the_nearest_pathway() -> None:
    scan = cohort()
    other = replace(scan.pathways[0], id="https://badges.riverbend.example/pathways/other", name="Other")
    near = standing(1, 3, pathway=other.id, missing=1)
    scan = replace(scan, pathways=(*scan.pathways, other), standings=(*scan.standings, near))
    aimed = learner_report(scan, scan.learners[0], at=AT, tool=TOOL, progresses={})
    assert [part.name for part in letter.letter_of(aimed).parts] == ["Aquaponics Technician"]
    free = replace(aimed, pathways=tuple(replace(one, target=False) for one in aimed.pathways))
    assert [part.name for part in letter.letter_of(free).parts] == ["Other"]


def test_an_exception_is_said_with_the_figure_without_it() -> None:
    scan = cohort()
    made = letter.letter_of(learner_report(scan, scan.learners[2], at=AT, tool=TOOL, progresses={}))
    assert "without it, it would be 50 %" in made.parts[0].said[0]
    assert made.parts[0].steps == ()


def test_text_of_others_is_never_markdown() -> None:
    made = letter.letter_of(told(name="*Ada* <b>_x_</b> [a](http://evil.example) # - 1. `c`"))
    html = MarkdownIt().render(letter.markdown(made).decode("utf-8"))
    assert "<em>" not in html
    assert "<b>" not in html
    assert "evil.example)" in html
    assert html.count("<a ") == 2
    assert "*fish*" in html
    assert "<ol>\n<li>Shall" not in html


def test_the_pdf_is_tagged_and_the_same_each_time() -> None:
    made = letter.letter_of(told())
    first = letter.pdf(made)
    assert letter.pdf(made) == first
    root = PdfReader(io.BytesIO(first)).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]


def test_paper_can_be_a4_or_letter() -> None:
    made = letter.letter_of(told())
    sizes = {
        paper: PdfReader(io.BytesIO(letter.pdf(made, paper=paper))).pages[0].mediabox for paper in ("a4", "letter")
    }
    assert round(sizes["a4"].height) == 842
    assert round(sizes["letter"].height) == 792


def test_a_name_that_no_font_has_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(FontMissingError) as caught:
        letter.pdf(letter.letter_of(told(name="Ada \U00012f90")))
    assert caught.value.field == "name"


def test_names_in_other_scripts_are_set() -> None:
    for name in ("Ada Example", "نور مثال", "נועה דוגמה"):
        assert letter.pdf(letter.letter_of(told(name=name))).startswith(b"%PDF")
