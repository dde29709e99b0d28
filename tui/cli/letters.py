"""The message to an issuer, on the screen or as JSON: what `verify --letter` prints. Sends nothing."""

from __future__ import annotations

from tui.cli.run import Run
from tui.cli.verifying import Judged
from wallet.model import Json
from wallet.verify.letters import Letter, letter, why_not

_UNPROVEN = "This address stands in the badge itself and is not proven: look the issuer up before you write."


def print_letter(run: Run, judged: Judged, *, first: bool) -> None:
    """The letter about one badge; where there is nothing to write about, a note says why."""
    out = run.out
    if judged.report is None:
        assert judged.refused is not None
        run.err.refused(judged.label, judged.refused.message, judged.refused.remedy)
        why: str | None = judged.refused.message
        made: Letter | None = None
    else:
        made, why = letter(judged.report), why_not(judged.report)
    out.json(_json(judged, made, why))
    if made is None:
        if judged.report is not None and why is not None:
            run.err.note(why)
        return
    if not first:
        out.blank()
    for number, line in enumerate(made.to):
        out.line(f"{'To:' if number == 0 else '':<9}{line}")
    if not made.to:
        out.line("To:      (the badge names no address of its issuer)")
    out.line(f"Subject: {made.subject}")
    out.blank()
    for line in made.text.splitlines():
        out.line(line) if line else out.blank()
    if made.to and not made.proven:
        run.err.note(_UNPROVEN)


def _json(judged: Judged, made: Letter | None, why: str | None) -> dict[str, Json]:
    return {
        "format": "badgefolio-letter/1",
        "input": judged.label,
        "verdict": judged.report.verdict.value if judged.report is not None else None,
        "badge": made.badge if made is not None else None,
        "address": made.address if made is not None else None,
        "to": list(made.to) if made is not None else [],
        "to_proven": made.proven if made is not None else False,
        "subject": made.subject if made is not None else None,
        "text": made.text if made is not None else None,
        "points": [
            {
                "check": point.check,
                "outcome": point.outcome,
                "said": point.said,
                "expected": point.expected,
                "found": point.found,
                "spec": point.spec,
                "asked": point.asked,
            }
            for point in (made.points if made is not None else ())
        ],
        "nothing_to_write": why,
    }
