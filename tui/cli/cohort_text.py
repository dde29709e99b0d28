"""A cohort for people at a terminal: the table, pivots, one learner, one place with its badges. Prints report models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.cli.output import Cell, Out
from wallet.cohort.wording import hours_words, percent_words, state_words
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.learner_report import BadgeTold, LearnerReport, PathwayTold, PlaceTold
    from wallet.cohort.pivots import Pivot
    from wallet.cohort.report import CohortReport, Counted, Line

CONSENT_ENDED = "consent ended"
_HEADS = {"missing": "Lack it", "skills": "Hold it"}
_WARN, _BAD = "dark_orange", "bold red"
_MARKS = {
    "met": ("✓", "+", "bold blue"),
    "eligible": ("◆", "*", "bold blue"),
    "in-progress": ("◐", "~", ""),
    "refused": ("✗", "x", _WARN),
    "blocked": ("⊘", "B", _WARN),
    "planned": ("◇", "P", ""),
}


def _mark(state: str, out: Out) -> tuple[str, str]:
    shown, plain, style = _MARKS.get(state, ("○", "o", ""))
    return (plain if out.ascii_only else shown), style


def print_rows(out: Out, report: CohortReport, ended: Sequence[str]) -> None:
    """The table, pathway by pathway where there are several, then those of whom only the end of their consent may be said."""
    ways = list(dict.fromkeys(line.pathway_id for line in report.lines))
    apart = len(ways) > 1 and out.table_form
    named = ("Pathway",) if len(ways) > 1 and not apart else ()
    for way in ways if apart else ("",):
        lines = [line for line in report.lines if way in ("", line.pathway_id)]
        if apart:
            out.heading(report.pathway_name(way))
        out.rows(
            ("Learner", *named, "Filled", "%", "Verified", "Missing", "Next step", "To look at"),
            [_row(line, named=bool(named)) for line in lines],
            cut=("Learner", "Pathway", "Next step"),
            fold=("To look at",),
        )
    if ended and not out.json_form:
        if report.lines:
            out.blank()
        out.facts([(shown, CONSENT_ENDED) for shown in ended], indent=0)


def _row(line: Line, *, named: bool) -> list[str | Cell]:
    look = _look_at(line)
    return [
        Cell(line.shown, "bold"),
        *([line.pathway] if named else []),
        f"{line.filled} of {line.required}",
        ("" if line.exact else "at least ") + f"{line.percent} %" + ("*" if line.exceptions else ""),
        f"{line.verified_percent} %",
        _missing(line.missing, f"{line.hours:f}", at_least=line.hours_at_least),
        line.next_step or "-",
        Cell(", ".join(look) or "-", (_BAD if line.problems else _WARN) if look else ""),
    ]


def _missing(places: int, hours: str, *, at_least: bool) -> str:
    """Places and hours in few characters."""
    return f"{places} ({hours}{'+' if at_least else ''} h)" if places else "-"


def _look_at(line: Line) -> list[str]:
    look = [plural(line.problems, "problem")] if line.problems else []
    if line.at_risk:
        # The day of the first place that goes; which one it is stands with the learner.
        look.append(f"at risk {line.at_risk[0].rpartition(' ')[2]}")
    if line.exceptions:
        forced = " (force-complete)" if line.forced else ""
        look.append(f"* {plural(line.exceptions, 'exception')}{forced}, {line.without} % without")
    if "no-consent" in line.flags:
        look.append("no consent recorded")
    return look


def print_filters(out: Out, counted: Sequence[Counted]) -> None:
    """Each filter with its count and its rule."""
    out.heading("Filters")
    out.facts([(one.name, _count(one, plain=out.plain)) for one in counted])


def _count(one: Counted, *, plain: bool) -> str:
    count = "hidden" if one.count is None else str(one.count)
    return f"{count}, {one.sentence}" if plain else f"{count:>4}  {one.sentence}"


def print_pivot(out: Out, report: CohortReport, pivot: Pivot, *, who: Mapping[str, str] | None) -> None:
    """A pivot; who: how learners are shown by number, to name those behind each figure."""
    if out.json_form:
        return
    if not pivot.lines:
        out.line("There is nothing to count.")
        return
    headed = [head.replace("-", " ") for head in pivot.heads] if pivot.kind == "states" else [_HEADS[pivot.kind]]
    first = {"missing": "Requirement", "states": "Pathway", "skills": "Skill"}[pivot.kind]
    several = pivot.kind == "missing" and len({line.pathway for line in pivot.lines}) > 1
    rows: list[list[str | Cell]] = []
    for line in pivot.lines:
        cells = ["hidden" if cell is None else _cell(cell, pivot) for cell in line.cells]
        named: list[str | Cell] = []
        if who is not None:
            behind = dict.fromkeys(number for numbers in line.learners for number in numbers)
            named = [", ".join(sorted((who.get(number, number) for number in behind), key=str.casefold)) or "-"]
        label = clean(line.label, limit=120) or clean(line.key, limit=120)
        rows.append([Cell(label, "bold"), *([report.pathway_name(line.pathway)] if several else []), *cells, *named])
    out.rows(
        (first, *(("Pathway",) if several else ()), *headed, *(("Who",) if who is not None else ())),
        rows,
        cut=(first, "Pathway"),
        fold=("Who",),
    )


def _cell(count: int, pivot: Pivot) -> str:
    return f"{count} of {pivot.of}" if pivot.kind == "missing" else str(count)


def print_learner(out: Out, report: LearnerReport, records: Sequence[tuple[str, str | Cell]]) -> None:
    """One learner: who, what was recorded, each pathway in short, badges, problems."""
    out.line(report.shown, style="bold")
    facts: list[tuple[str, str | Cell]] = [("number", report.number)] if report.shown != report.number else []
    facts.append(("handed over", report.handed or "no date is stated"))
    facts.append(("consent until", report.until or "not stated"))
    out.facts([*facts, *records])
    for problem in report.problems:
        out.facts([("problem", Cell(problem, _BAD))])
    out.heading("Pathways")
    out.rows(
        ("Pathway", "Filled", "%", "Verified", "Missing", "Next step"),
        [
            [
                Cell(one.name + (" (target)" if one.target else ""), "bold"),
                f"{one.filled} of {one.required}",
                one.figure + ("*" if one.exceptions else ""),
                percent_words(one.verified_percent, exact=one.exact),
                one.left,
                f"{one.steps[0].name} ({hours_words(one.steps[0].hours)})" if one.steps else "-",
            ]
            for one in report.pathways
        ],
        cut=("Pathway", "Next step"),
        fold=("Missing",),
    )
    print_badges(out, report.badges)


def print_badges(out: Out, badges: Sequence[BadgeTold]) -> None:
    """Badges with how far each is proven."""
    out.heading("Badges")
    if not badges:
        out.line("None.", indent=2)
    out.facts([(one.name, Cell(_badge_words(one), _badge_style(one))) for one in badges])


def _badge_words(one: BadgeTold) -> str:
    alarm = f"ALARM: {one.alarm}; " if one.alarm else ""
    until = f"; until {one.expires}" if one.expires else ""
    return f"{alarm}{one.proof}; {one.issuer or 'issuer not stated'}{until}"


def _badge_style(one: BadgeTold) -> str:
    if one.alarm or one.kind.value == "failed":
        return _BAD
    return "" if one.kind.value.startswith(("verified", "proven")) else _WARN


def print_pathway(out: Out, one: PathwayTold) -> None:
    """The tree of one pathway, its exceptions, what comes next and what will lapse."""
    out.line(one.name, style="bold")
    facts: list[tuple[str, str | Cell]] = [
        ("accepted", f"{one.filled} of {one.required} ({one.figure})"),
        ("verified only", percent_words(one.verified_percent, exact=one.exact)),
        ("missing", one.left),
    ]
    if one.without is not None:
        facts.append(("without", f"{one.without} % without exceptions"))
    out.facts(facts)
    out.blank()
    for place in one.places:
        _print_place(out, place)
    if one.exceptions:
        out.heading("Exceptions")
        for said in one.exceptions:
            out.line(said, indent=2)
    if one.steps:
        out.heading("Next steps")
        out.facts([(step.name, _step(step.hours_words, step.begins_words, step.link)) for step in one.steps])
    if one.losses:
        out.heading("What will lapse")
        out.facts([(each.place, Cell(f"{each.what} ends {each.day}", _WARN)) for each in one.losses])


def _step(hours: str, begins: str, link: str | None) -> str:
    return ", ".join(part for part in (hours, begins, link or "") if part)


def _print_place(out: Out, place: PlaceTold) -> None:
    mark, style = _mark(place.state, out)
    many = f", {place.filled} of {place.required}" if place.required > 1 else ""
    optional = ", optional" if place.optional else ""
    by = f": {', '.join(place.by)}" if place.by else ""
    note = f" ({place.note})" if place.note else ""
    words = f"{state_words(place.state)}{many}{optional}{by}{note}"
    if out.plain:
        out.fact(f"{'group' if place.group else 'element'} {place.name}", words)
    else:
        out.line(f"{mark} {place.name}  {words}", indent=2 + 2 * place.depth, style=style)


def print_one_place(out: Out, place: PlaceTold, badges: Sequence[BadgeTold], refused: Sequence[str]) -> None:
    """One requirement: how it stands, the badges that fill it with their checks, and those that do not count."""
    out.line(place.name, style="bold")
    out.facts(
        [
            ("state", state_words(place.state)),
            ("filled", f"{place.filled} of {place.required}"),
            *([("note", place.note)] if place.note else []),
        ]
    )
    if badges:
        print_badges(out, badges)
    if refused:
        out.heading("Badges that do not count here")
        for one in refused:
            out.line(one, indent=2)
