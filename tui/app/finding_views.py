"""Findings as clean text: what is wrong with its next step, what changed as before and after, who endorses, what passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from tui.app.colours import coloured
from tui.words import outcome_glyph, outcome_style, who_word
from wallet.text import clean, plural
from wallet.verify.report import DEPENDS, Finding, Outcome

_LOUD = (Outcome.FAILED, Outcome.UNDETERMINED, Outcome.WARNING)
_ENDORSED = "endorsement.proven"
#: How the two texts of a finding read that compares rather than judges; all others are "expected" and "found".
_PAIRS = {
    "drift.hosted": ("before", "now"),
    "trust.key-changed": ("known key", "new key"),
    "trust.lookalike": ("you know", "this one"),
}
_SHOWN = 200
#: What stands between what was found of an old badge and how it was read: the second is a list of steps, not a warning.
_READ_AS = "; badgefolio read it as 2.0: "


def findings(every: Sequence[Finding], *, ascii_only: bool, folded: bool) -> Iterator[Text]:
    """What is wrong, unknown or remarkable, in this order, each with its next step; then the passed checks, folded or not."""
    for outcome in _LOUD:
        for finding in every:
            if finding.outcome is outcome and finding.cause != DEPENDS:
                yield from _loud(finding, ascii_only)
    passed = [finding for finding in every if finding.outcome is Outcome.PASSED]
    if passed and folded:
        yield Text.assemble((f"{plural(len(passed), 'check')} passed; p: read them\n\n", "dim"))
    elif passed:
        yield Text.assemble((f"{plural(len(passed), 'check')} passed\n", "bold"))
        for finding in passed:
            yield Text.assemble(
                _mark(finding, ascii_only), f"{clean(finding.summary)}  ", (f"{finding.check}\n", "dim")
            )
        yield Text("\n")


def endorsements(every: Sequence[Finding], *, ascii_only: bool) -> Iterator[Text]:
    """Who is proven to endorse the badge, its achievement or its issuer. What could not be proven is among the remarks."""
    proven = [finding for finding in every if finding.check == _ENDORSED and finding.outcome is Outcome.PASSED]
    if proven:
        yield Text.assemble(("\nEndorsed\n", "bold"))
    for finding in proven:
        yield Text.assemble(_mark(finding, ascii_only), f"{clean(finding.summary)}\n")


def _mark(finding: Finding, ascii_only: bool) -> tuple[str, str]:
    return f"{outcome_glyph(finding.outcome, ascii_only=ascii_only)} ", coloured(outcome_style(finding.outcome))


def _loud(finding: Finding, ascii_only: bool) -> Iterator[Text]:
    said, _, steps = clean(finding.summary).partition(_READ_AS)
    yield Text.assemble(_mark(finding, ascii_only), (f"{said}\n", "bold"))
    if steps:
        yield Text.assemble(("  read as 2.0: ", "dim"), f"{steps}\n")
    labels = _PAIRS.get(finding.check, ("expected", "found"))
    for label, value in zip(labels, (finding.expected, finding.found), strict=True):
        # What the sentence quotes anyway is not said twice, unless the two are there to be compared.
        if value and (finding.check in _PAIRS or value not in finding.summary):
            yield Text.assemble((f"  {label}: {clean(value, limit=_SHOWN)}\n", "dim"))
    if finding.remedy:
        whose = f" ({who_word(finding.who)})" if finding.who is not None else ""
        yield Text(f"  next{whose}: {clean(finding.remedy)}\n")
    yield Text("\n")
