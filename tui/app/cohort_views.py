"""A cohort as lines and cards: rows of the table, filters with their counts, pivots, changes. Clean text for widgets; pure.

What is red in a report is marked with `!` and a word here; who holds no consent any more is a line that says only that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.text import Text

from tui.app.pathway_views import BLUE, ORANGE, bar, state_mark, state_word
from tui.app.widgets.columns import cut, fit
from tui.cohort_changes import LOSSES, Told
from wallet.cohort.model import Scan
from wallet.cohort.pivots import Pivot
from wallet.cohort.report import pivot_label
from wallet.cohort.table import FILTERS, Row
from wallet.cohort.wording import (
    hours_words,
    left_words,
    percent_words,
    problem_words,
    shown_day,
    state_words,
    step_words,
)
from wallet.text import clean, plural

if TYPE_CHECKING:
    pass

_MARK, _FIGURES, _MISSING, _VERIFIED, _BAR = 3, 12, 16, 10, 11
_VERIFIED_FROM, _BAR_FROM, _NEXT_FROM, _CLOSEST_FROM = 78, 92, 116, 132
_LEAST_NEXT, _LEAST_CLOSEST = 24, 18
#: Cells without which a name or a pathway tells nothing: then the column gives way, names last of all.
_LEAST_NAME, _LEAST_PATHWAY = 14, 12
_SHORT = {"no-consent": "no consent", "not-started": "not started", "at-risk": "at risk"}
CONSENT_ENDED = "consent ended"
_HEADS = {"eligible": "no award yet", "learners": "learners"}
EMPTY_FOLDER = Text.assemble(
    ("No learner in this folder\n\n", "bold"),
    "Put what learners hand over into it: one bundle, file or sub-folder for each.\n\n",
    ("r", "bold"),
    "    look again\n",
    ("esc", "bold"),
    "  back",
)
NO_ROWS = Text.assemble(("No learner fits\n\n", "bold"), ("0", "bold"), "    show all again")


def nobody_called(words: str) -> Text:
    """What stands where a search found nobody."""
    shown = clean(words, limit=60)
    return Text.assemble((f"Nobody here is called '{shown}'\n\n", "bold"), ("esc", "bold"), "  show all again")


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells for each column of the table; 0 means that it is left out."""

    name: int
    pathway: int
    bar: int
    verified: int
    missing: int
    closest: int
    step: int


@lru_cache(maxsize=16)
def cells(width: int) -> Cells:
    """What fits `width` cells: name and figures always; then what is missing, pathway, verified, a bar, what comes next."""
    shown_bar = _BAR if width >= _BAR_FROM else 0
    verified = _VERIFIED if width >= _VERIFIED_FROM else 0
    missing = _MISSING if width >= _MARK + _FIGURES + _MISSING + _LEAST_NAME else 0
    rest = max(width - _MARK - _FIGURES - missing - shown_bar - verified, 0)
    step = max(rest // 3, _LEAST_NEXT) if width >= _NEXT_FROM else 0
    closest = max(rest // 6, _LEAST_CLOSEST) if width >= _CLOSEST_FROM else 0
    rest -= step + closest
    name = rest * 9 // 20 if rest >= _LEAST_NAME + _LEAST_PATHWAY else rest
    name = max(name, min(rest, _LEAST_NAME))
    return Cells(name, rest - name, shown_bar, verified, missing, closest, step)


def head_line(width: int) -> str:
    """The names of the columns."""
    found = cells(width)
    words = (
        ("", _MARK),
        ("Learner", found.name),
        ("Pathway", found.pathway),
        ("", found.bar),
        ("Filled", _FIGURES),
        ("Verified", found.verified),
        ("Missing", found.missing),
        ("Closest", found.closest),
        ("Next step", found.step),
    )
    return "".join(fit(word, room) for word, room in words)


def row_line(row: Row, width: int, *, closest: str, ascii_only: bool) -> Text:
    """One learner on one pathway. closest: the name of the pathway that they are closest to the end of."""
    found, one = cells(width), row.standing
    if row.ended:
        words = fit(row.shown, found.name) + fit(CONSENT_ENDED, max(width - _MARK - found.name, 0))
        return Text.assemble(" " * _MARK, (words, "dim"))
    line = Text.assemble(
        ("!" if "problem" in row.flags else " ", f"bold {ORANGE}"),
        (("R" if ascii_only else "◷") if "at-risk" in row.flags else " ", ORANGE),
        " ",
        fit(row.shown, found.name),
        fit(clean(row.pathway.name), found.pathway),
    )
    if found.bar:
        line.append_text(bar(one.filled, one.required, found.bar - 1, ascii_only=ascii_only)).append(" ")
    line.append(fit(f"{one.filled}/{one.required}  {'' if one.exact else '≥'}{one.percent} %", _FIGURES))
    if found.verified:
        line.append(fit(f"{one.verified_percent} %" if one.verified_percent != one.percent else "same", found.verified))
    line.append(fit(_missing(row), found.missing), BLUE if one.state in ("met", "eligible") else "")
    if found.closest:
        line.append(fit(closest, found.closest))
    if found.step:
        line.append(fit(step_words(one.steps[0]) if one.steps else "", found.step), "dim")
    return line


def _missing(row: Row) -> str:
    one = row.standing
    if one.state == "eligible":
        return "★ no award"
    if not one.missing:
        return "complete"
    hours = f"{'≥' if one.hours_at_least else ''}{one.hours.normalize():f} h" if one.hours else ""
    return f"{one.missing} to go {hours}".rstrip()


def scope_line(scan: Scan, shown: int, *, pathway: str | None, sort: str, pseudonyms: bool, width: int) -> Text:
    """Which scan is on screen, and how it is looked at."""
    checked = (
        f"checks from {scan.oldest:%Y-%m-%d} on" if scan.oldest is not None else "nothing was checked with issuers"
    )
    parts = [
        f"{plural(len(scan.learners), 'learner')}, {plural(shown, 'row')}",
        clean(pathway) if pathway is not None else plural(len(scan.pathways), "pathway"),
        f"as of {scan.at}",
        checked,
    ]
    if sort != "name":
        parts.append(f"by {sort}")
    if pseudonyms:
        parts.append("names hidden")
    return Text(cut(" · ".join(parts), width))


def filter_line(counts: Mapping[str, int], active: Sequence[str], width: int) -> Text:
    """Every filter with the key that turns it on and how many rows it keeps; an active one is framed. Breaks between them."""
    text, room = Text(), width
    for number, one in enumerate(FILTERS, 1):
        word = f"{number} {_SHORT.get(one.name, one.name)} {counts.get(one.name, 0)}"
        if len(word) + 2 > room:
            text.append("\n")
            room = width
        room -= len(word) + 2
        on = one.name in active
        text.append(f"[{word}]" if on else f" {word} ", "bold reverse" if on else "" if counts.get(one.name) else "dim")
    return text


def row_card(row: Row, *, closest: str, pseudonyms: bool, ascii_only: bool) -> Text:
    """All about one row."""
    one, text = row.standing, Text()
    text.append(f"{row.shown}\n", "bold")
    if row.ended:
        text.append(f"{CONSENT_ENDED}: nothing else is shown.\n")
        text.append("\nc", "bold").append("  record a new consent\n")
        text.append("x", "bold").append("  purge what was derived from them\n")
        return text
    version = clean(row.pathway.version)
    text.append(f"{clean(row.pathway.name)}{f', version {version}' if version else ''}\n\n")
    mark, style = state_mark(one.state, ascii_only=ascii_only)
    text.append(f"{mark} {state_words(one.state)}\n", style)
    text.append(f"{one.filled} of {one.required} places, {percent_words(one.percent, exact=one.exact)}\n")
    if one.verified_percent != one.percent:
        text.append(f"{one.verified_percent} % by verified badges alone\n")
    if one.exceptions:
        without = f"; {one.without} % without" if one.without is not None else ""
        text.append(f"with {plural(one.exceptions, 'exception')}{without}\n", ORANGE)
    if closest and closest != clean(row.pathway.name):
        text.append(f"closest to {closest}\n", "dim")
    if one.missing:
        text.append(f"\nMissing: {left_words(one.missing, one.hours, at_least=one.hours_at_least)}\n", "bold")
        for spot in one.open:
            more = f" ({spot.places} places)" if spot.places > 1 else ""
            text.append(f"  {clean(spot.name)}{more}, {hours_words(spot.hours)}\n")
    if one.steps:
        text.append("\nNext\n", "bold")
        for step in one.steps:
            begins = f", begins {step.begins}" if step.begins is not None else ""
            text.append(f"  {step_words(step)}{begins}\n")
    if one.at_risk:
        text.append("\nAt risk\n", "bold")
        names = dict(row.pathway.elements)
        for loss in one.at_risk:
            text.append(
                f"  {clean(names.get(loss.place, loss.place))}: its {loss.what} ends {shown_day(loss.day, months=pseudonyms)}\n",
                ORANGE,
            )
    if row.learner.problems:
        text.append("\nProblems\n", "bold")
        for words in dict.fromkeys(problem_words(each, pseudonyms=pseudonyms) for each in row.learner.problems):
            text.append(f"! {words}\n", ORANGE)
    text.append(f"\n{_consent(row, months=pseudonyms)}\n", "dim")
    return text


def _consent(row: Row, *, months: bool) -> str:
    learner, said = row.learner, []
    if learner.consent is None:
        said.append("No consent is recorded.")
    elif learner.consent.until is not None:
        said.append(f"Consent until {shown_day(learner.consent.until, months=months)}.")
    else:
        said.append("Consent without an end.")
    if learner.bundle_date is not None:
        said.append(f"Handed over {shown_day(learner.bundle_date, months=months)}.")
    if learner.left_out:
        said.append(f"{plural(learner.left_out, 'badge')} kept back by the learner.")
    return " ".join(said)


# -- what changed


def change_line(told: Told, width: int) -> Text:
    """One change on one line."""
    name, kind, pathway = (max(width // 5, 12), 24, width // 5 if width >= _VERIFIED_FROM else 0)
    return Text.assemble(
        (fit(told.shown, name), "bold"),
        (fit(told.kind, kind), ORANGE if told.change.kind in LOSSES else ""),
        fit(told.pathway, pathway),
        (fit(told.text, max(width - name - kind - pathway, 0)), "dim"),
    )


# -- pivots


def pivot_head(pivot: Pivot, width: int) -> str:
    """The names of a pivot's columns."""
    room, cell = _pivot_cells(pivot, width)
    return fit("", room) + "".join(fit(_HEADS.get(head, state_word(head)), cell) for head in pivot.heads)


def cell_line(pivot: Pivot, number: int, width: int, chosen: int | None) -> Text:
    """One line of a pivot. A count that would tell of a few people is hidden."""
    line, (room, cell) = pivot.lines[number], _pivot_cells(pivot, width)
    text = Text(fit(pivot_label(line.label, line.key), room))
    for place, count in enumerate(line.cells):
        words = "hidden" if count is None else f"{count} of {pivot.of}" if len(line.cells) == 1 else str(count)
        text.append(fit(words, cell), "bold reverse" if place == chosen else "dim" if not count else "")
    return text


def _pivot_cells(pivot: Pivot, width: int) -> tuple[int, int]:
    columns = max(len(pivot.heads), 1)
    cell = max(min((width * 3 // 5) // columns, 16), 5)
    return max(width - cell * columns, 12), cell
