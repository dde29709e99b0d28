"""A cohort, or one learner of it, as one HTML page to print or to send: no script, nothing fetched, its own security policy.

The look is the portfolio's; what tables of people need comes from `cohort.css`. Draws report models and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.html import dressed, environment
from exporters.words import long_day, public_link
from wallet.cohort.learner_report import LearnerReport, state_sentence
from wallet.cohort.model import Proof
from wallet.cohort.report import CohortReport, covered, pivot_label
from wallet.cohort.wording import hours_words, left_words, percent_words, state_words
from wallet.text import plural

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
#: Skills on a page: frameworks have hundreds, and the table of the command line has them all.
_SKILLS = 40
#: Classes of the portfolio's style by how far a badge is proven: never a colour alone, the words stand beside it.
_TONES: Mapping[Proof, str] = {
    Proof.NOW: "valid",
    Proof.EARLIER: "valid",
    Proof.OFFLINE: "valid",
    Proof.FAILED: "invalid",
    Proof.UNCHECKED: "unchecked",
    Proof.DESCRIBED: "unchecked",
}
_MARKS = {
    "met": "✓", "eligible": "◆", "in-progress": "◐", "refused": "✗", "blocked": "⊘", "planned": "◇",
}  # fmt: skip


def cohort_page(report: CohortReport) -> bytes:
    """The page of the whole cohort."""
    return render("cohort.html.j2", r=report, most=_SKILLS)


def learner_page(report: LearnerReport) -> bytes:
    """The page of one learner."""
    return render("learner.html.j2", r=report)


def render(template: str, **values: object) -> bytes:
    """A page of this folder."""
    return _environment().get_template(template).render(**dressed(_style()), **values).encode("utf-8", "replace")


@lru_cache(maxsize=1)
def _style() -> str:
    parts = (_HERE.parent / "portfolio" / "page.css", _HERE / "cohort.css")
    return "\n".join(part.read_text("utf-8").strip() for part in parts)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = environment(_HERE)
    made.filters.update(
        long_day=long_or_month,
        plural=plural,
        public_link=public_link,
        covered=covered,
        state_words=state_words,
        state_sentence=state_sentence,
        tone=_TONES.__getitem__,
        mark=lambda state: _MARKS.get(state, "○"),
    )
    made.globals.update(
        hours_words=hours_words, left_words=left_words, percent_words=percent_words, pivot_label=pivot_label
    )
    return made


def long_or_month(day: date | str) -> str:
    """A day in words; a month, as pseudonyms leave it, with its name; "" for none."""
    if isinstance(day, date):
        return long_day(day)
    if len(day) == len("2026-11"):
        return long_day(date.fromisoformat(f"{day}-01")).partition(" ")[2]
    return long_day(date.fromisoformat(day)) if day else ""
