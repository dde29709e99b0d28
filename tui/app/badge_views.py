"""All about one badge, as clean text: for the pane beside the list, in short, and for a screen of its own, whole. Pure.

What answers the question stands first: the verdict, the three answers with their reasons, then what is wrong and who can mend it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from tui.app.colours import coloured
from tui.app.finding_views import endorsements, findings
from tui.app.prose import prose
from tui.app.views import title_of
from tui.issuer_words import own_word
from tui.issuer_words import title as issuer_title
from tui.reasons import QUESTIONS, because
from tui.timeline import in_words, outcome_word, times
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
)
from wallet.text import clean, plural
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.lookalikes import Likeness
    from wallet.model import Achievement, Credential
    from wallet.store.issuers import IssuerRow
    from wallet.store.rows import Badge, TimelineEntry

#: Characters of the issuer's prose beside the list; the badge's own screen has all of it.
SHORT_PROSE, LONG_PROSE = 600, 8_000
_KEY = 16
_HANDED_SHOWN = 5
_WARNING = "#ffab5e"


@dataclass(frozen=True, slots=True)
class IssuerView:
    """What the wallet knows of a badge's issuer, and whom it could be taken for."""

    row: IssuerRow
    alike: tuple[Likeness, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything about one badge. `details`: the card of eight; empty where nothing could be read.

    `handed`: day and words of each time it was handed out, clean, newest first.
    """

    badge: Badge
    timeline: tuple[TimelineEntry, ...]
    issuer: IssuerView | None
    details: tuple[Detail, ...]
    handed: tuple[tuple[str, str], ...] = ()


def head(badge: Badge, issuer: IssuerView | None, *, ascii_only: bool) -> Text:
    """Name, issuer with host, the learner's word, verdict with date, and the three answers with their reasons."""
    row, report = badge.row, badge.report
    where = host(row.issuer_id or row.credential_id)
    text = Text.assemble((title_of(row), "bold"), "\n", clean(row.issuer_name) or "issuer not known yet")
    if where:
        text.append(f"  {where}", style="dim")
    if issuer is not None:
        for like in issuer.alike:
            text.append(f"\n! look twice: {like.said}", style=_WARNING)
        if said := own_word(issuer.row):
            text.append(f"\nyour word: {said}")
    verdict = f"{state_glyph(row.verdict, ascii_only=ascii_only)} {state_word(row.verdict)}"
    text.append("\n\n")
    text.append(verdict, style=coloured(state_style(row.verdict)))
    text.append(f"  as of {minute(row.as_of)}\n" if row.verdict is not None and row.as_of is not None else "\n")
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


def brief(
    badge: Badge, timeline: Sequence[TimelineEntry], *, language: str | None, ascii_only: bool, folded: bool = True
) -> Text:
    """What else fits beside the list: what is wrong first, and where the rest is."""
    text = Text()
    for part in (
        *_checked(badge, ascii_only, folded),
        *_facts(badge),
        *_went(timeline),
        Text.assemble(("\nenter: all about it\n", "dim")),
        *_words(badge.credential, language or "", SHORT_PROSE),
    ):
        text.append_text(part)
    return text


def columns(whole: Whole, *, language: str | None, ascii_only: bool, folded: bool, wide: bool) -> tuple[Text, Text]:
    """Everything else in two columns; without room for two all of it is in the first."""
    badge, report = whole.badge, whole.badge.report
    proof = [*_checked(badge, ascii_only, folded), *_facts(badge)]
    said = [
        *_card(whole.details),
        *_words(badge.credential, language or "", LONG_PROSE),
        *_my_words(badge),
    ]
    past = [
        *_history(whole.timeline, ascii_only),
        *_handed(whole.handed),
        *_issuer(whole.issuer),
        *(endorsements(report.findings, ascii_only=ascii_only) if report is not None else ()),
        *_originals(badge),
    ]
    left, right = Text(), Text()
    for part in (*proof, *past) if wide else (*proof, *said, *past):
        left.append_text(part)
    for part in said if wide else ():
        right.append_text(part)
    return left, _without_lead(right)


def _without_lead(text: Text) -> Text:
    """Without the empty line that parts a block from the one before it."""
    return text[1:] if text.plain.startswith("\n") else text


def _checked(badge: Badge, ascii_only: bool, folded: bool) -> Iterator[Text]:
    row = badge.row
    if row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED):
        tried = minute(badge.attempts[0].at) if badge.attempts else ""
        yield Text(f"The last try{', ' + tried + ',' if tried else ''} could not tell. The dated result stands.\n\n")
    if row.disagree:
        yield Text("Its copies say different things; the best counts.\n\n")
    if badge.report is not None:
        yield from findings(badge.report.findings, ascii_only=ascii_only, folded=folded)


def _facts(badge: Badge) -> Iterator[Text]:
    row, report = badge.row, badge.report
    unread = badge.credential is None and row.issued_on is None
    yield _fact("Awarded on", day(row.issued_on, NOT_STATED))
    yield _fact("Expires", day(row.expires, NOT_STATED if unread else "never"))
    if report is not None and report.matched is not None:
        yield _fact("Awarded to", clean(str(report.matched)))
    if row.hidden:
        yield _fact("Hidden", "yes")
    if row.labels:
        yield _fact("Your tags", ", ".join(clean(label) for label in row.labels))


def _went(timeline: Sequence[TimelineEntry]) -> Iterator[Text]:
    """How its verdict went, in one line; the reason of the newest stands above it."""
    if timeline:
        runs = (f"{outcome_word(entry)} {times(entry.count)}" for entry in timeline)
        yield _fact("Checked", ", then ".join(runs))


def _history(timeline: Sequence[TimelineEntry], ascii_only: bool) -> Iterator[Text]:
    """The same run by run, newest first."""
    if not timeline:
        return
    yield Text.assemble(("\nHow its verdict went\n", "bold"), in_words(timeline), "\n")
    for entry in reversed(timeline) if len(timeline) > 1 else ():
        glyph = state_glyph(entry.verdict, ascii_only=ascii_only)
        first, last = day(entry.first), day(entry.last)
        yield Text.assemble(
            (f"{first if first == last else f'{first} to {last}':<25}", "dim"),
            (f"{glyph} {outcome_word(entry)}", coloured(state_style(entry.verdict))),
            f" {times(entry.count)}\n",
        )


def _issuer(issuer: IssuerView | None) -> Iterator[Text]:
    if issuer is None:
        return
    row = issuer.row
    yield Text.assemble(("\nThe issuer, as this wallet knows it\n", "bold"))
    yield from issuer_facts(issuer)
    yield Text.assemble((f"{plural(row.badges, 'badge')} of it here; I: your word about issuers\n", "dim"))


def issuer_facts(issuer: IssuerView) -> Iterator[Text]:
    """What is proven of an issuer, whom it resembles, and the learner's own word, which proves nothing."""
    row = issuer.row
    yield _fact("Name", issuer_title(row))
    if len(row.names) > 1:
        yield _fact("Other names", ", ".join(clean(other) for other in row.names[1:]))
    yield _fact("Address", clean(row.id))
    yield _fact("Host", clean(row.host) or "none that could be proven")
    yield _fact("First seen", minute(row.first_seen, "no badge of it was proven yet"))
    for key, since in row.keys:
        yield _fact("Key", f"sha256 {key[:_KEY]}…, known since {day(since)}")
    for like in issuer.alike:
        yield Text.assemble(("! look twice ", _WARNING), f"{like.said}\n")
    yield _fact("Your word", own_word(row) or "none")


def _card(details: Sequence[Detail]) -> Iterator[Text]:
    if not details:
        return
    from wallet.details import stated

    yield Text.assemble((f"\nDetails: {stated(details)} of {len(details)} stated\n", "bold"))
    for detail in details:
        if detail.values:
            values = "; ".join(prose(value, limit=SHORT_PROSE).replace("\n", " ") for value in detail.values)
            source = f"  says {clean(detail.source)}" if detail.source else ""
            yield Text.assemble((f"{detail.label:<25}", "dim"), values, (f"{source}\n", "dim"))
        else:
            yield Text.assemble((f"{detail.label:<25}{NOT_STATED}\n", "dim"))


def _words(credential: Credential | None, language: str, limit: int) -> Iterator[Text]:
    """What the issuer says, marked as the issuer's."""
    if credential is None:
        return
    if credential.achievement is not None:
        yield from _achievement(credential.achievement, language, limit)
    if credential.narrative:
        yield from _block(
            "What you did, in the issuer's words", prose(credential.narrative.pick(language), limit=limit)
        )
    for work in credential.work_evidence:
        parts = (
            work.name.pick(language),
            work.description.pick(language),
            work.narrative.pick(language),
            work.id or "",
        )
        yield from _block("Your work behind it", "\n".join(prose(part, limit=limit) for part in parts if part.strip()))


def _achievement(achievement: Achievement, language: str, limit: int) -> Iterator[Text]:
    yield from _block("What it is, in the issuer's words", prose(achievement.description.pick(language), limit=limit))
    if achievement.criteria is not None:
        words = prose(achievement.criteria.narrative.pick(language), limit=limit)
        yield from _block("Criteria", words or clean(achievement.criteria.id or NOT_STATED))
        if words and achievement.criteria.id:
            yield Text.assemble((f"{clean(achievement.criteria.id)}\n", "dim"))
    for alignment in achievement.alignments:
        framework = " ".join(p for p in (alignment.target_framework, alignment.target_code) if p)
        yield from _block("Aligned with", clean(f"{alignment.target_name.pick(language)} {framework}"))


def _my_words(badge: Badge) -> Iterator[Text]:
    if badge.note:
        yield from _block("In my words", clean(badge.note, lines=True, limit=LONG_PROSE))


def _handed(every: Sequence[tuple[str, str]]) -> Iterator[Text]:
    if every:
        yield Text("\nHanded out   S: all of it\n", "bold")
    for when, words in every[:_HANDED_SHOWN]:
        yield Text.assemble((f"{when}  ", "dim"), f"{words}\n")
    if len(every) > _HANDED_SHOWN:
        yield Text(f"and {len(every) - _HANDED_SHOWN:,} earlier\n", "dim")


def _originals(badge: Badge) -> Iterator[Text]:
    yield Text.assemble((f"\n{plural(len(badge.representations), 'original')} kept\n", "bold"))
    for form in badge.representations:
        steps = " › ".join(clean(step.text, limit=80) for step in form.steps) or clean(form.source)
        yield Text.assemble((f"{form.carrier}  ", "dim"), f"{steps}\n")
        yield Text.assemble((f"  added {day(form.added_at)}, sha256 {form.raw_sha[:_KEY]}…\n", "dim"))
        for note in form.notes:
            yield Text(f"  {clean(note.text or note.code)}\n")
    yield Text.assemble((f"badge {badge.row.short}\n", "dim"))


def _fact(label: str, value: str) -> Text:
    return Text.assemble((f"{label:<12} ", "dim"), f"{value}\n")


def _block(title: str, words: str) -> Iterator[Text]:
    """`words` are clean."""
    if words:
        yield Text.assemble((f"\n{title}\n", "bold"), words, "\n")
