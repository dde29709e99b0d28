"""One learner of a cohort as text for widgets: the head, places with their reasons, badges, notes, and one requirement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from tui.app.finding_views import findings
from tui.app.pathway_views import BLUE, ORANGE, bar, state_mark, state_word
from tui.cohort_figures import Looked
from wallet.cohort.learner_report import BadgeTold, LearnerReport, PathwayTold, PlaceTold
from wallet.cohort.model import Proof
from wallet.cohort.records import Dated
from wallet.cohort.wording import hours_words, shown_day, state_words
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary

_PROOFS: dict[Proof, tuple[str, str, str]] = {
    Proof.NOW: ("✓", "+", BLUE),
    Proof.EARLIER: ("✓", "+", BLUE),
    Proof.OFFLINE: ("≈", "~", BLUE),
    Proof.UNCHECKED: ("?", "?", ""),
    Proof.DESCRIBED: ("·", ".", "dim"),
    Proof.FAILED: ("✗", "x", ORANGE),
}


def pathway_head(told: PathwayTold, *, ascii_only: bool) -> Text:
    """How far somebody is on one pathway: with exceptions the figure without them stands beside it."""
    text = Text()
    version = f", version {clean(told.version)}" if told.version else ""
    text.append(f"{told.name}{version}{'  (target)' if told.target else ''}\n", "bold")
    text.append_text(bar(told.filled, told.required, 20, ascii_only=ascii_only))
    text.append(f"  {told.filled} of {told.required}  {told.figure}")
    if told.without is not None:
        text.append(f" with {plural(len(told.exceptions), 'exception')}, {told.without} % without", ORANGE)
    if told.verified_percent != told.percent:
        text.append(f"  {told.verified_percent} % verified")
    if told.missing:
        text.append(f"  missing: {told.left}")
    return text


def place_lines(told: PathwayTold, *, ascii_only: bool) -> list[tuple[str, Text]]:
    """The places of one pathway with their ids, each with its state, what fills it, or why nothing does."""
    return [(place.id, _place(place, ascii_only=ascii_only)) for place in told.places]


def _place(place: PlaceTold, *, ascii_only: bool) -> Text:
    mark, style = state_mark(place.state, ascii_only=ascii_only)
    text = Text.assemble("  " * place.depth, (f"{mark} ", style), (place.name, "bold" if place.group else ""))
    if place.group or place.required > 1:
        text.append(f"  {place.filled}/{place.required}")
    if place.optional:
        text.append("  optional", "dim")
    if not place.by and not place.note:
        text.append(f"  {state_word(place.state)}", "dim")
    for words in (*place.by, *([place.note] if place.note else [])):
        text.append(f"\n{'  ' * place.depth}    {words}", ORANGE if place.state == "refused" else "dim")
    return text


def ahead_lines(told: PathwayTold) -> list[tuple[str, Text]]:
    """What comes next, with the place that it fills, and what will be lost."""
    lines: list[tuple[str, Text]] = []
    for step in told.steps:
        begins = f", begins {step.begins}" if step.begins is not None else ""
        text = Text.assemble(("Next  ", "bold"), f"{step.name}, {hours_words(step.hours)}{begins}")
        if step.link:
            text.append(f"\n      {clean(step.link, limit=200)}", "dim")
        lines.append((step.place, text))
    names = {place.name: place.id for place in told.places}
    for loss in told.losses:
        words = Text.assemble(("Risk  ", f"bold {ORANGE}"), f"{loss.place}: its {loss.what} ends {loss.day}")
        lines.append((names.get(loss.place, ""), words))
    return lines


def badge_lines(badges: Sequence[BadgeTold], *, ascii_only: bool) -> Text:
    """What was handed over, each with how far it is proven; red ones first."""
    if not badges:
        return Text("No badge was found.\n", "dim")
    text = Text()
    for one in sorted(badges, key=lambda badge: not badge.alarm):
        shown, plain, style = _PROOFS[one.kind]
        text.append(f"{plain if ascii_only else shown} ", style).append(one.name, "bold")
        text.append(f"  {one.issuer}\n" if one.issuer else "\n", "dim")
        days = f"issued {one.issued}" if one.issued else "issue date unknown"
        ends = f", expires {one.expires}" if one.expires else ""
        text.append(f"    {one.proof}; {days}{ends}\n", ORANGE if one.kind is Proof.FAILED else "")
        if one.alarm:
            text.append(f"    ! {one.alarm}\n", f"bold {ORANGE}")
    return text


def learner_head(report: LearnerReport, looked: Looked) -> Text:
    """Who it is, what was handed over, what was agreed, and what is wrong with it."""
    text, learner = Text.assemble((f"{report.shown}\n", "bold")), looked.learner
    said = [clean(learner.source, limit=120)] if learner.source and not report.pseudonyms else []
    said += [f"handed over {report.handed}"] if report.handed else []
    said += [f"{plural(learner.left_out, 'badge')} kept back"] if learner.left_out else []
    said += [f"consent until {report.until}"] if report.until else []
    said.append(f"as of {report.at}")
    if not report.pseudonyms:
        said += [clean(str(one), limit=120) for one in learner.identities]
        said += [
            f"appointment {one.day} {clean(one.text, limit=120)}".rstrip() for one in looked.records.appointments[-1:]
        ]
    text.append(" · ".join(said), "dim")
    for words in report.problems:
        text.append(f"\n! {words}", ORANGE)
    return text


def dated_lines(said: Sequence[Dated], empty: str) -> Text:
    """Notes or feedback, the newest first."""
    if not said:
        return Text(empty, "dim")
    text = Text()
    for one in reversed(said):
        text.append(f"{one.day}  ", "dim").append(f"{clean(one.text, lines=True)}\n")
    return text


# -- one requirement


def place_page(
    told: PathwayTold,
    place: PlaceTold,
    fills: Sequence[tuple[BadgeTold, ReportSummary | None]],
    refused: Sequence[tuple[BadgeTold, ReportSummary | None, str]],
    *,
    pseudonyms: bool,
    ascii_only: bool,
    folded: bool,
) -> Text:
    """How a requirement stands, the badges that fill it with their checks, and those that do not count, with the reason.

    With pseudonyms findings stay out: nobody can tell what their texts give away.
    """
    mark, style = state_mark(place.state, ascii_only=ascii_only)
    text = Text.assemble((f"{place.name}\n", "bold"), (f"{mark} {state_words(place.state)}", style))
    text.append(f"  {place.filled} of {place.required}{'  optional' if place.optional else ''}\n")
    if place.note:
        text.append(f"{place.note}\n")
    for words in told.exceptions:
        if words.startswith(f"{place.name}: "):
            text.append(f"exception: {words.removeprefix(f'{place.name}: ')}\n", ORANGE)
    if place.group:
        text.append("\nParts\n", "bold")
        for part in _below(told, place):
            text.append_text(_place(part, ascii_only=ascii_only)).append("\n")
    if fills or not place.group:
        text.append("\nFilled by\n" if fills else "\nNo badge fills it.\n", "bold" if fills else "dim")
    for badge, report in fills:
        text.append_text(_checked(badge, report, pseudonyms=pseudonyms, ascii_only=ascii_only, folded=folded))
    if refused:
        text.append("\nDo not count here\n", "bold")
    for badge, report, why in refused:
        text.append_text(_checked(badge, report, pseudonyms=pseudonyms, ascii_only=ascii_only, folded=folded))
        text.append(f"    {why}\n", ORANGE)
    return text


def _checked(
    badge: BadgeTold, report: ReportSummary | None, *, pseudonyms: bool, ascii_only: bool, folded: bool
) -> Text:
    """A badge and what its check found."""
    text = badge_lines([badge], ascii_only=ascii_only)
    if report is None:
        return text.append("    No issuer was asked about it.\n", "dim")
    text.append(f"    asked {shown_day(report.as_of, months=pseudonyms)}\n")
    if not pseudonyms:
        for finding in findings(report.findings, ascii_only=ascii_only, folded=folded):
            text.append_text(finding)
    return text


def _below(told: PathwayTold, group: PlaceTold) -> list[PlaceTold]:
    """The places of a group, in the order of the tree."""
    found: list[PlaceTold] = []
    for place in told.places[told.places.index(group) + 1 :]:
        if place.depth <= group.depth:
            break
        found.append(place)
    return found
