"""A letter to a learner in plain words: where they are, two next steps, what will lapse, what their advisor says. Never a note.

One `Letter` becomes Markdown, an HTML page or a PDF; all three say the same. What a badge or a pathway is called is foreign text
and is escaped by each form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from exporters.words import direction, long_day, public_link
from wallet.cohort.learner_report import LearnerReport, LossTold, PathwayTold, StepTold
from wallet.cohort.wording import hours_words
from wallet.text import plural

STEPS = 2
# What Markdown may read as a mark: anywhere in a line, at its beginning, and numbers that would begin a list.
_MARKS = re.compile(r"([\\`*_\[\]<>&~|])")
_LEADING = re.compile(r"^(\s*)([-+#=])", re.MULTILINE)
_ORDERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One next step. link: fit to be printed, or None."""

    name: str
    about: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the letter says of one pathway."""

    name: str
    said: tuple[str, ...]
    steps: tuple[Step, ...]
    lapses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The whole letter. feedback: (day in words, text of several lines) pairs."""

    shown: str
    at: date
    greeting: str
    opening: str
    parts: tuple[Part, ...]
    feedback: tuple[tuple[str, str], ...]
    closing: str
    sender: str
    method: tuple[tuple[str, str], ...]
    tool: str

    @property
    def day(self) -> str:
        """The day of the figures, in words."""
        return long_day(self.at)

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """All that is printed, as (what it is, text): to say where a letter stands that no font has."""
        return (
            ("name", self.shown),
            ("sender", self.sender),
            *(("feedback", text) for _, text in self.feedback),
            *(("pathway", part.name) for part in self.parts),
            *(("next step", step.name) for part in self.parts for step in part.steps),
            *(("text", said) for part in self.parts for said in (*part.said, *part.lapses)),
            *(("method", text) for _, text in self.method),
        )


def letter_of(report: LearnerReport, *, sender: str = "") -> Letter:
    """The letter: about the learner's targets, or where there are none about the pathway that is nearest to its end."""
    chosen = tuple(one for one in report.pathways if one.target) or _nearest(report)
    return Letter(
        shown=report.shown,
        at=report.at,
        greeting=f"Dear {report.shown},",
        opening=f"This is where you stand on {long_day(report.at)}, and what could come next.",
        parts=tuple(_part(one, report.pseudonyms) for one in chosen),
        feedback=tuple((_day(day), text) for day, text in report.feedback),
        closing="If anything here looks wrong to you, or if you would rather do something else, please tell me.",
        sender=sender,
        method=report.method,
        tool=report.tool,
    )


def _nearest(report: LearnerReport) -> tuple[PathwayTold, ...]:
    begun = [one for one in report.pathways if one.filled] or list(report.pathways)
    going = [one for one in begun if one.missing] or begun
    return tuple(sorted(going, key=lambda one: (one.missing, one.name))[:1])


def _part(one: PathwayTold, months: bool) -> Part:
    said = [f"You have filled {one.filled} of {plural(one.required, 'place')}: {one.figure}."]
    if one.without is not None:
        said.append(
            f"Some of that rests on an exception that was made for you; without it, it would be {one.without} %."
        )
    if one.state == "met":
        said.append("Everything is done. Congratulations!")
    elif one.state == "eligible":
        said.append("All parts are done. The award itself has not come yet: ask for it.")
    else:
        said.append(f"What is left: {one.left}.")
    if one.verified_percent < one.percent:
        said.append("Not all of your badges could be confirmed with their issuers yet. That is no fault of yours.")
    word = "in" if months else "on"
    return Part(
        one.name,
        (" ".join(said),),
        tuple(_step(each) for each in one.steps[:STEPS]),
        tuple(_lapse(each, word) for each in one.losses),
    )


def _lapse(loss: LossTold, word: str) -> str:
    if loss.what == "badge":
        return f"{loss.place} will be open again {word} {_day(loss.day)}, unless you renew its badge."
    return f"{loss.place} will be open again after {_day(loss.day)}: the {loss.what} that fills it ends. Let us talk before then."


def _step(one: StepTold) -> Step:
    takes = f"takes {hours_words(one.hours)}" if one.hours is not None else "how long it takes is not stated"
    begins = f"the next one begins on {long_day(one.begins)}" if one.begins is not None else "no begin date is stated"
    return Step(one.name, f"{takes}; {begins}", public_link(one.link))


def _day(iso: str) -> str:
    from exporters.cohort.page import long_or_month

    return long_or_month(iso)


def markdown(letter: Letter) -> bytes:
    """The letter as CommonMark."""
    lines = [letter.day, "", f"{_plain(letter.greeting)}", "", letter.opening, ""]
    for part in letter.parts:
        lines += [f"## {_plain(part.name)}", ""]
        for said in part.said:
            lines += [_plain(said), ""]
        if part.steps:
            lines += ["Your next steps:" if len(part.steps) > 1 else "Your next step:", ""]
            for number, step in enumerate(part.steps, 1):
                lines.append(f"{number}. **{_plain(step.name)}**: {_plain(step.about)}.")
                if step.link is not None:
                    lines.append(f"   <{step.link}>")
            lines.append("")
        for lapse in part.lapses:
            lines += [f"Please watch: {_plain(lapse)}", ""]
    if letter.feedback:
        lines += ["## What I would like to say", ""]
        for day, text in letter.feedback:
            lines += [*(f"> {_plain(line)}".rstrip() for line in text.split("\n")), ">", f"> {day}", ""]
    lines += [letter.closing, ""]
    if letter.sender:
        lines += [_plain(letter.sender), ""]
    lines += ["---", "", "How these figures were made:", ""]
    lines += [f"* {_plain(label)}: {_plain(text)}" for label, text in letter.method]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _plain(text: str) -> str:
    return _ORDERED.sub(r"\1\\\2", _LEADING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text)))


def html(letter: Letter) -> bytes:
    """The letter as one page."""
    from exporters.cohort.page import render

    return render("letter.html.j2", r=letter)


def pdf(letter: Letter, *, paper: str = "a4") -> bytes:
    """The letter on paper, tagged and dated by its figures. Raises `FontMissingError` where no font has a character."""
    from exporters.cohort.press import typeset

    return typeset(
        {
            "paper": "us-letter" if paper == "letter" else "a4",
            "title": f"Letter to {letter.shown}",
            "author": letter.sender or letter.tool,
            "day": letter.day,
            "greeting": _directed(letter.greeting),
            "opening": letter.opening,
            "parts": [
                {
                    "name": _directed(part.name),
                    "said": list(part.said),
                    "heading": "Your next steps" if len(part.steps) > 1 else "Your next step",
                    "steps": [
                        {"name": _directed(step.name), "about": step.about, "link": step.link} for step in part.steps
                    ],
                    "lapses": list(part.lapses),
                }
                for part in letter.parts
            ],
            "feedback": [
                {"day": day, "lines": [_directed(line) for line in text.split("\n")]} for day, text in letter.feedback
            ],
            "closing": letter.closing,
            "sender": letter.sender,
            "method": [{"label": label, "text": text} for label, text in letter.method],
        },
        letter.texts,
        moment=datetime(letter.at.year, letter.at.month, letter.at.day, tzinfo=UTC),
    )


def _directed(text: str) -> dict[str, str]:
    return {"text": text, "dir": direction(text)}
