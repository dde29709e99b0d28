"""The cohort in numbers: what most lack, how many stand where, who holds which skill. Pure.

Only learners whose consent holds are counted. A cell knows the learners behind it, so that it can be opened; an anonymous
pivot knows none, and hides what would tell of a few (advisor.md sections 3 and 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wallet.cohort.model import Learner, Scan, Standing
from wallet.errors import UsageError
from wallet.model import Alignment
from wallet.text import clean

KINDS = ("missing", "states", "skills")
STATES = ("met", "eligible", "in-progress", "not-started", "blocked")
#: The smallest number that an anonymous pivot shows.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class PivotLine:
    """One line. key: a place, a pathway or a framework's code; label: foreign text. cells: None where hidden.

    learners: the numbers behind each cell; empty where it is hidden, and everywhere in an anonymous pivot.
    """

    pathway: str
    key: str
    label: str
    cells: tuple[int | None, ...]
    learners: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot of one scan. of: how many learners are counted at all: those whose consent holds."""

    kind: str
    heads: tuple[str, ...]
    lines: tuple[PivotLine, ...]
    of: int


def pivot(scan: Scan, kind: str, *, at: date, pathway: str | None = None, anonymous: bool = False) -> Pivot:
    """The pivot of that kind on the day `at`. pathway: only this one, by id. Raises `UsageError` for another kind."""
    if kind not in KINDS:
        raise UsageError(f"There is no pivot '{clean(kind)}'.", f"There are: {', '.join(KINDS)}.")
    counted = {one.number: one for one in scan.learners if one.consent is not None and one.consent.holds(at)}
    standings = [
        one for one in scan.standings if one.learner in counted and (pathway is None or one.pathway == pathway)
    ]
    if kind == "states":
        made = Pivot(kind, STATES, tuple(_states(scan, standings)), len(counted))
        return _anonymous(made, whole=True) if anonymous else made
    lines = _missing(scan, standings) if kind == "missing" else _skills(counted.values())
    made = Pivot(kind, ("learners",), tuple(lines), len(counted))
    return _anonymous(made, whole=False) if anonymous else made


def _line(pathway: str, key: str, label: str, cells: Sequence[Iterable[str]]) -> PivotLine:
    learners = tuple(tuple(sorted(set(cell))) for cell in cells)
    return PivotLine(pathway, key, label, tuple(len(cell) for cell in learners), learners)


def _missing(scan: Scan, standings: Sequence[Standing]) -> list[PivotLine]:
    """Places that are open in the plan which the figures use, those that most lack first."""
    lack: dict[tuple[str, str], list[str]] = {}
    labels: dict[tuple[str, str], str] = {}
    for one in standings:
        for spot in one.open:
            lack.setdefault((one.pathway, spot.place), []).append(one.learner)
            labels.setdefault((one.pathway, spot.place), spot.name)
    order = {one.id: number for number, one in enumerate(scan.pathways)}
    lines = [_line(pathway, place, labels[pathway, place], [who]) for (pathway, place), who in lack.items()]
    return sorted(lines, key=lambda line: (order.get(line.pathway, 0), -len(line.learners[0]), line.key))


def _states(scan: Scan, standings: Sequence[Standing]) -> list[PivotLine]:
    """Each learner is in exactly one state of a pathway."""
    found: list[PivotLine] = []
    for used in scan.pathways:
        here = [one for one in standings if one.pathway == used.id]
        if here:
            cells = [[one.learner for one in here if one.state == state] for state in STATES]
            found.append(_line(used.id, used.id, used.name, cells))
    return found


def _skills(learners: Iterable[Learner]) -> list[PivotLine]:
    """Learners who hold a badge aligned to a code of a framework; one that did not fail."""
    hold: dict[tuple[str, str], list[str]] = {}
    labels: dict[tuple[str, str], str] = {}
    for learner in learners:
        for one in learner.alignments:
            key = _skill(one)
            if any(key):
                hold.setdefault(key, []).append(learner.number)
                labels.setdefault(key, str(one.target_name) or " ".join(key).strip())
    lines = [_line("", " ".join(key).strip(), labels[key], [who]) for key, who in hold.items()]
    return sorted(lines, key=lambda line: (-len(line.learners[0]), line.key))


def _skill(one: Alignment) -> tuple[str, str]:
    """Framework and code; where there is no code, the address stands for it."""
    return one.target_framework or "", one.target_code or one.target_url or ""


def _anonymous(made: Pivot, *, whole: bool) -> Pivot:
    """Without learners and without small numbers. whole: the cells of a line add up to all that are counted."""
    lines: list[PivotLine] = []
    for line in made.lines:
        values = [len(cell) for cell in line.learners]
        if made.kind == "skills" and values[0] < FEWEST:
            continue  # its name is an issuer's or even a learner's own, and would tell of the few by itself
        if whole:
            hidden = _hidden(values)
        else:
            # Of these every learner is in the cell or not, and how many there are in all stands beside it.
            hidden = {0} if values[0] < FEWEST or made.of - values[0] < FEWEST else set()
        cells = tuple(None if place in hidden else value for place, value in enumerate(values))
        lines.append(replace(line, cells=cells, learners=tuple(() for _ in cells)))
    # Not in the order of what is hidden.
    return replace(made, lines=tuple(sorted(lines, key=lambda line: (line.pathway, -(line.cells[0] or 0), line.key))))


def _hidden(values: Sequence[int]) -> set[int]:
    """Which cells of a line are hidden whose sum is known: small ones, and one more where they could be worked out."""
    hidden = {place for place, value in enumerate(values) if value < FEWEST}
    if not hidden:
        return hidden
    together = sum(values[place] for place in hidden)
    # A small sum is told as well: it is how many are not in the cells that are shown.
    told = len(hidden) == 1 or together < FEWEST or together == (FEWEST - 1) * len(hidden)
    rest = [place for place in range(len(values)) if place not in hidden]
    if told and rest:
        hidden.add(min(rest, key=lambda place: (values[place], place)))
    return hidden
