"""What widgets draw, as clean text: the door between the wallet's foreign words and the screen. Pure.

A foreign string is cleaned here and reaches widgets only as a `rich.text.Text` that no markup parser ever reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.text import Text

from tui.app.colours import coloured
from tui.words import (
    NOT_STATED,
    answer_word,
    day,
    minute,
    named,
    outcome_glyph,
    outcome_style,
    state_glyph,
    state_style,
    state_word,
    who_word,
)
from wallet.text import clean, plural
from wallet.verify.report import DEPENDS, Finding, Outcome, Verdict

if TYPE_CHECKING:
    from wallet.model import Achievement
    from wallet.store.wallet import Badge, BadgeRow


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
        name=named(row.name),
        issuer=clean(row.issuer_name) or host(row.issuer_id or row.credential_id),
        issued=day(row.issued_on),
        expires=day(row.expires),
        verdict=row.verdict,
        restless=row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED),
    )


def host(url: str | None) -> str:
    """The ASCII host of an address, for display beside a name: names can be borrowed, hosts cannot."""
    if not url:
        return ""
    try:
        name = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
    try:
        return clean(name if name.isascii() else name.encode("idna").decode("ascii"))
    except UnicodeError:
        return clean(name.encode("ascii", "backslashreplace").decode("ascii"))


def counts_line(counts: dict[Verdict | None, int], *, ascii_only: bool = False) -> Text:
    """`12 badges   ✓ 9 valid   ◷ 1 expired`: only what there is."""
    line = Text(plural(sum(counts.values()), "badge"), style="bold")
    for verdict in (*Verdict, None):
        if counts.get(verdict):
            line.append("   ")
            line.append(
                f"{state_glyph(verdict, ascii_only=ascii_only)} {counts[verdict]} {state_word(verdict)}",
                style=coloured(state_style(verdict)),
            )
    return line


def detail(badge: Badge, *, language: str | None, ascii_only: bool, folded: bool = True) -> Text:
    """Everything about one badge, the answer first."""
    text = Text()
    for part in _parts(badge, language or "", ascii_only, folded):
        text.append_text(part)
    return text


def _parts(badge: Badge, language: str, ascii_only: bool, folded: bool) -> Iterator[Text]:
    row, credential, report = badge.row, badge.credential, badge.report
    where = host(row.issuer_id)
    yield Text.assemble((named(row.name), "bold"), "\n", clean(row.issuer_name) or "issuer not known yet")
    yield Text.assemble("  ", (where, "dim"), "\n\n") if where else Text("\n\n")
    verdict = f"{state_glyph(row.verdict, ascii_only=ascii_only)} {state_word(row.verdict)}"
    yield Text.assemble((verdict, coloured(state_style(row.verdict))), _as_of(row.verdict, row.as_of), "\n")
    if report is None:
        yield Text("Press v to verify it: the issuer's host is named first.\n")
    else:
        for question, outcome in (
            ("authentic", report.authentic),
            ("yours", report.yours),
            ("still good", report.still_good),
        ):
            yield _answer(question, outcome, ascii_only)
    if row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED):
        yield Text(f"\nThe last try, {minute(row.checked_at)}, could not reach everything. The dated result stands.\n")
    if report is not None:
        yield from _findings(report.findings, ascii_only, folded)

    yield Text.assemble(("\nAwarded on   ", "dim"), day(row.issued_on, NOT_STATED), "\n")
    yield Text.assemble(("Expires      ", "dim"), day(row.expires, "never"), "\n")
    if credential is not None and credential.achievement is not None:
        yield from _achievement(credential.achievement, language)
    if row.labels:
        yield _block("Your tags", ", ".join(row.labels))
    yield Text.assemble((f"\n{plural(len(badge.representations), 'original')} kept\n", "bold"))
    for representation in badge.representations:
        steps = " › ".join(clean(step.text, limit=80) for step in representation.steps) or clean(representation.source)
        yield Text.assemble((f"{representation.carrier}  ", "dim"), steps, "\n")
    yield Text.assemble((f"id {row.id[:16]}\n", "dim"))


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


def _answer(question: str, outcome: Outcome, ascii_only: bool) -> Text:
    glyph = outcome_glyph(outcome, ascii_only=ascii_only)
    return Text.assemble((f"  {glyph} ", coloured(outcome_style(outcome))), f"{question}: {answer_word(outcome)}\n")


def _findings(findings: Sequence[Finding], ascii_only: bool, folded: bool) -> Iterator[Text]:
    passed = [f for f in findings if f.outcome is Outcome.PASSED]
    order = (Outcome.FAILED, Outcome.UNDETERMINED, Outcome.WARNING)
    loud = [f for outcome in order for f in findings if f.outcome is outcome and f.cause != DEPENDS]
    for finding in loud:
        glyph = outcome_glyph(finding.outcome, ascii_only=ascii_only)
        yield Text.assemble("\n", (f"{glyph} ", coloured(outcome_style(finding.outcome))), clean(finding.summary), "\n")
        for label, value in (("expected", finding.expected), ("found", finding.found)):
            if value:
                yield Text.assemble((f"  {label}: {clean(value, limit=200)}\n", "dim"))
        if finding.remedy:
            whose = f" ({who_word(finding.who)})" if finding.who is not None else ""
            yield Text(f"  next{whose}: {clean(finding.remedy)}\n")
    if passed and folded:
        yield Text.assemble((f"\n{plural(len(passed), 'check')} passed. Press p to read them.\n", "dim"))
    elif passed:
        yield Text.assemble((f"\n{plural(len(passed), 'check')} passed\n", "bold"))
        glyph = outcome_glyph(Outcome.PASSED, ascii_only=ascii_only)
        for finding in passed:
            mark = (f"{glyph} ", coloured(outcome_style(Outcome.PASSED)))
            yield Text.assemble(mark, f"{clean(finding.summary)}  ", (f"{finding.check}\n", "dim"))


def _block(title: str, words: str) -> Text:
    return Text.assemble((f"\n{title}\n", "bold"), clean(words, lines=True), "\n")
