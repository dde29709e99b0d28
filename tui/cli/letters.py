"""The message to an issuer, on the screen or as JSON: what `verify --letter` and `note --letter` print. Sends nothing."""

from __future__ import annotations

from tui.cli.run import Run
from tui.cli.verifying import Judged
from wallet.model import Json
from wallet.verify.letters import Letter, letter, why_not
from wallet.verify.report import Verdict

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
    _print(run, made)


def print_note_letter(run: Run, label: str, verdict: Verdict, made: Letter) -> None:
    """The learner's note about a badge, as a message to copy."""
    run.out.json(_shape(label, verdict, made, None))
    if not run.out.json_form:
        _print(run, made)
    run.err.note("Nothing was sent: copy it into a mail, or wherever the issuer can be reached.")


def _print(run: Run, made: Letter) -> None:
    out = run.out
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
    return _shape(judged.label, judged.report.verdict if judged.report is not None else None, made, why)


def _shape(label: str, verdict: Verdict | None, made: Letter | None, why: str | None) -> dict[str, Json]:
    return {
        "format": "badgefolio-letter/1",
        "input": label,
        "verdict": verdict.value if verdict is not None else None,
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
