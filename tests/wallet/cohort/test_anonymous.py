"""Numbers that name nobody: what little groups, rare labels and one table beside another would give away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from exporters.cohort.page import cohort_page
from wallet.cohort.model import Consent, Learner, OpenPlace, PathwayUsed, Scan, Standing
from wallet.cohort.pivots import FEWEST, pivot
from wallet.cohort.report import cohort_report
from wallet.model import Alignment, Text

AT = date(2026, 11, 21)
WAY = "https://rowan-college.example/pathways/one"
RARE = "Ada Example was in recovery"


def skill(name: str) -> Alignment:
    return Alignment(Text.of(name), "https://skills.example/x", target_framework="Skills", target_code=name)


def group(size: int, lacking: int, *, ended: int = 0) -> Scan:
    """A pathway of one place, which some lack; the first has a skill of a rare kind, and all have one in common."""
    learners = tuple(
        Learner(
            f"L-{number:06}",
            f"Learner {number}",
            f"{number}.zip",
            consent=Consent("Yes", until=date(2026, 1, 1) if number >= size - ended else date(2027, 1, 1)),
            aligned=(skill("Common"), *((skill(RARE),) if number == 0 else ())),
        )
        for number in range(size)
    )
    standings = tuple(
        Standing(
            one.number,
            WAY,
            1,
            int(number >= lacking),
            100 * int(number >= lacking),
            0,
            "met" if number >= lacking else "not-started",
            missing=int(number < lacking),
            open=(OpenPlace("only", "Only", 1),) if number < lacking else (),
        )
        for number, one in enumerate(learners)
    )
    used = PathwayUsed(WAY, "One", "1", "0" * 64, (("only", "Only"),))
    return Scan("S-0001", AT, datetime(2026, 11, 21, tzinfo=UTC), (used,), learners, standings)


def test_a_skill_that_few_hold_is_not_even_named() -> None:
    found = group(20, 8)
    assert [line.label for line in pivot(found, "skills", at=AT).lines] == ["Common", RARE]
    assert [line.label for line in pivot(found, "skills", at=AT, anonymous=True).lines] == ["Common"]
    page = cohort_page(cohort_report(found, at=AT, tool="test", anonymous=True))
    assert RARE.encode() not in page


def test_what_one_pivot_hides_is_not_told_by_another() -> None:
    for lacking in range(21):
        found = group(20, lacking)
        missing = pivot(found, "missing", at=AT, anonymous=True)
        states = pivot(found, "states", at=AT, anonymous=True)
        shown = [cell for line in (*missing.lines, *states.lines) for cell in line.cells if cell is not None]
        assert all(FEWEST <= cell <= 20 - FEWEST for cell in shown)


def test_how_few_have_left_is_not_told_either() -> None:
    report = cohort_report(group(20, 8, ended=2), at=AT, tool="test", anonymous=True)
    said = dict(report.method)["Learners"]
    assert "18" in said
    assert "2 learners" not in said
    assert "20" not in said
    page = cohort_page(report).decode()
    assert "20 learners" not in page
    assert "18 learners" in page
    assert replace(report, anonymous=False).learners == 18
