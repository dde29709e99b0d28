"""What widgets draw, as clean text: the door between the wallet's foreign words and the screen. Pure.

A foreign string is cleaned here and reaches widgets only as a `rich.text.Text` that no markup parser ever reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tui.app.colours import coloured
from tui.reasons import QUESTIONS, because
from tui.words import (
    NOT_STATED,
    answer_word,
    day,
    host,
    minute,
    outcome_glyph,
    outcome_style,
    state_glyph,
    state_style,
    state_word,
    title,
    who_word,
)
from wallet.text import clean, plural
from wallet.verify.report import DEPENDS, Finding, Outcome, Verdict

if TYPE_CHECKING:
    from wallet.model import Achievement
    from wallet.store.rows import Attempt, Badge, BadgeRow


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the library. All text is clean."""

    id: str
    name: str
    issuer: str
    issued: str
    expires: str
    verdict: Verdict | None
    restless: bool  # the newest attempt could not reach the issuer, the verdict is an earlier one

    @property
    def state(self) -> str:
        """The word of the verdict."""
        return state_word(self.verdict)


def row_view(row: BadgeRow) -> RowView:
    """A wallet's row, cleaned."""
    return RowView(
        id=row.id,
        name=title_of(row),
        issuer=clean(row.issuer_name) or host(row.issuer_id or row.credential_id),
        issued=day(row.issued_on),
        expires=day(row.expires),
        verdict=row.verdict,
        restless=row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED),
    )


def title_of(row: BadgeRow) -> str:
    """The badge's name, or where it comes from."""
    return title(row.name, row.credential_id, row.short)


def counts_line(counts: dict[Verdict | None, int], width: int, *, ascii_only: bool = False) -> Text:
    """`12 badges   ✓ 9 valid   ◷ 1 expired`: only what there is, on a second line where `width` cells are not enough."""
    line = Text(plural(sum(counts.values()), "badge"), style="bold")
    used = line.cell_len
    for verdict in (*Verdict, None):
        if counts.get(verdict):
            words = f"{state_glyph(verdict, ascii_only=ascii_only)} {counts[verdict]:,} {state_word(verdict)}"
            gap = "   " if used + 3 + cell_len(words) <= width else "\n"
            used = cell_len(words) + (used + 3 if gap == "   " else 0)
            line.append(gap)
            line.append(words, style=coloured(state_style(verdict)))
    return line


def head(badge: Badge, *, ascii_only: bool) -> Text:
    """Name, issuer with host, verdict with date, and the three answers with their reasons."""
    row, report = badge.row, badge.report
    where = host(row.issuer_id or row.credential_id)
    text = Text.assemble((title_of(row), "bold"), "\n", clean(row.issuer_name) or "issuer not known yet")
    if where:
        text.append(f"  {where}", style="dim")
    verdict = f"{state_glyph(row.verdict, ascii_only=ascii_only)} {state_word(row.verdict)}"
    text.append("\n\n")
    text.append(verdict, style=coloured(state_style(row.verdict)))
    text.append(_as_of(row.verdict, row.as_of) + "\n")
    if report is None:
        text.append("v: verify it; who will be asked is named first\n")
        return text
    for question, outcome in zip(QUESTIONS, (report.authentic, report.yours, report.still_good), strict=True):
        glyph = outcome_glyph(outcome, ascii_only=ascii_only)
        text.append(f"{glyph} ", style=coloured(outcome_style(outcome)))
        text.append(f"{question}? {answer_word(outcome)}", style="bold")
        why = because(report, question, outcome)
        text.append(f": {why}\n" if why else "\n")
    text.rstrip()
    return text


def body(badge: Badge, *, language: str | None, ascii_only: bool, folded: bool = True) -> Text:
    """Everything else about one badge: what is wrong first."""
    text = Text()
    for part in _parts(badge, language or "", ascii_only, folded):
        text.append_text(part)
    return text


def _parts(badge: Badge, language: str, ascii_only: bool, folded: bool) -> Iterator[Text]:
    row, credential, report = badge.row, badge.credential, badge.report
    if row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED):
        tried = minute(badge.attempts[0].at) if badge.attempts else ""
        yield Text(f"The last try{', ' + tried + ',' if tried else ''} could not tell. The dated result stands.\n\n")
    if report is not None:
        yield from _findings(report.findings, ascii_only, folded)
    unread = credential is None and row.issued_on is None
    yield _fact("Awarded on", day(row.issued_on, NOT_STATED))
    yield _fact("Expires", day(row.expires, NOT_STATED if unread else "never"))
    if report is not None and report.matched is not None:
        yield _fact("Awarded to", clean(str(report.matched)))
    if badge.attempts:
        yield _fact("Verified", _attempts(badge.attempts))
    if credential is not None and credential.achievement is not None:
        yield from _achievement(credential.achievement, language)
    if row.labels:
        yield _block("Your tags", ", ".join(row.labels))
    yield Text.assemble((f"\n{plural(len(badge.representations), 'original')} kept\n", "bold"))
    for representation in badge.representations:
        steps = " › ".join(clean(step.text, limit=80) for step in representation.steps) or clean(representation.source)
        yield Text.assemble((f"{representation.carrier}  ", "dim"), steps, "\n")
    yield Text.assemble((f"badge {row.short}\n", "dim"))


def _attempts(attempts: Sequence[Attempt]) -> str:
    """`3 times: 2 valid, 1 undetermined`."""
    tally = Counter(attempt.verdict.value for attempt in attempts)
    said = ", ".join(f"{count} {word}" for word, count in tally.most_common())
    return f"once: {next(iter(tally))}" if len(attempts) == 1 else f"{len(attempts)} times: {said}"


def _fact(label: str, value: str) -> Text:
    return Text.assemble((f"{label:<12} ", "dim"), f"{value}\n")


def _achievement(achievement: Achievement, language: str) -> Iterator[Text]:
    if achievement.description:
        yield _block("What it is, in the issuer's words", achievement.description.pick(language))
    if achievement.criteria is not None:
        narrative = achievement.criteria.narrative.pick(language)
        yield _block("Criteria", narrative or (achievement.criteria.id or NOT_STATED))
    for alignment in achievement.alignments:
        framework = " ".join(p for p in (alignment.target_framework, alignment.target_code) if p)
        yield _block("Aligned with", f"{alignment.target_name.pick(language)} {framework}".strip())


def _as_of(verdict: Verdict | None, as_of: datetime | None) -> str:
    return f"  as of {minute(as_of)}" if verdict is not None and as_of is not None else ""


def _findings(findings: Sequence[Finding], ascii_only: bool, folded: bool) -> Iterator[Text]:
    passed = [f for f in findings if f.outcome is Outcome.PASSED]
    order = (Outcome.FAILED, Outcome.UNDETERMINED, Outcome.WARNING)
    loud = [f for outcome in order for f in findings if f.outcome is outcome and f.cause != DEPENDS]
    for finding in loud:
        glyph = outcome_glyph(finding.outcome, ascii_only=ascii_only)
        yield Text.assemble(
            (f"{glyph} ", coloured(outcome_style(finding.outcome))), (clean(finding.summary) + "\n", "bold")
        )
        for label, value in (("expected", finding.expected), ("found", finding.found)):
            if value:
                yield Text.assemble((f"  {label}: {clean(value, limit=200)}\n", "dim"))
        if finding.remedy:
            whose = f" ({who_word(finding.who)})" if finding.who is not None else ""
            yield Text(f"  next{whose}: {clean(finding.remedy)}\n")
        yield Text("\n")
    if passed and folded:
        yield Text.assemble((f"{plural(len(passed), 'check')} passed; p: read them\n\n", "dim"))
    elif passed:
        yield Text.assemble((f"{plural(len(passed), 'check')} passed\n", "bold"))
        glyph = outcome_glyph(Outcome.PASSED, ascii_only=ascii_only)
        for finding in passed:
            mark = (f"{glyph} ", coloured(outcome_style(Outcome.PASSED)))
            yield Text.assemble(mark, f"{clean(finding.summary)}  ", (f"{finding.check}\n", "dim"))
        yield Text("\n")


def _block(title: str, words: str) -> Text:
    return Text.assemble((f"\n{title}\n", "bold"), clean(words, lines=True), "\n")
