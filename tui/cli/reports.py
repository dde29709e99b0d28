"""A report for people and for machines: verdict first, then the three answers, then what is wrong and who can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.cli.bundles import print_bundle
from tui.cli.network import host_of
from tui.cli.output import Cell, Out
from tui.cli.run import Run
from tui.cli.verifying import Judged
from tui.reasons import QUESTIONS, because
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
from wallet.found import Refused
from wallet.model import Credential, Json
from wallet.text import clean, plural
from wallet.verify.compositions import POLICIES, STANDARD
from wallet.verify.report import DEPENDS, Finding, Outcome, Report, Verdict

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary


def report_json(judged: Judged) -> dict[str, Json]:
    """`badgefolio-report/1`; an input without a badge has the same shape with nothing in it but why."""
    assert judged.refused is not None or judged.report is not None
    if judged.report is None:
        assert judged.refused is not None
        return _refused_json(judged.refused)
    from wallet.verify.report_json import to_json

    return {
        **to_json(judged.report),
        "for_date": day(judged.as_of) if judged.as_of is not None else None,
        "your_word": judged.word or None,
        "input": judged.label,
        "badge": judged.row.id if judged.row is not None else None,
        "representations": [
            {"raw_sha256": report.raw_sha256, "verdict": report.verdict.value} for report in judged.reports
        ],
    }


def _refused_json(refused: Refused) -> dict[str, Json]:
    unknown = Outcome.UNDETERMINED.value
    return {
        "format": "badgefolio-report/1",
        "verdict": Verdict.UNDETERMINED.value,
        "as_of": None,
        "now": None,
        "authentic": unknown,
        "yours": unknown,
        "still_good": unknown,
        "policy": None,
        "offline": None,
        "raw_sha256": None,
        "matched": None,
        "earlier": None,
        "credential": None,
        "findings": [
            {
                "check": "input",
                "outcome": unknown if refused.network else Outcome.FAILED.value,
                "summary": refused.message,
                "spec": "",
                "cause": refused.code,
                "expected": "a badge",
                "found": None,
                "who": "network" if refused.network else "you",
                "remedy": refused.remedy,
                "evidence": [],
            }
        ],
        "evidence": [],
        "for_date": None,
        "your_word": None,
        "input": refused.source,
        "badge": None,
        "representations": [],
    }


def print_judged(run: Run, judged: Judged, *, first: bool, verbose: bool, brief: bool) -> None:
    """One result. `brief`: one line for each badge, and its troubles, for long lists."""
    out = run.out
    if judged.bundle is not None:
        print_bundle(run, judged.bundle, first=first)
        return
    if out.json_form:
        out.json(report_json(judged))
    if judged.report is None:
        assert judged.refused is not None
        run.err.refused(judged.label, judged.refused.message, judged.refused.remedy)
        return
    if not first and not (brief and out.table_form):
        out.blank()
    if out.plain:
        _print_plain(out, judged, judged.report, verbose=verbose)
    elif brief:
        _print_brief(out, judged, judged.report)
    else:
        _print_full(out, judged, judged.report, verbose=verbose)


def headline(out: Out, verdict: Verdict | None, name: str, as_of: str) -> None:
    """Verdict, name, date: the line that answers the question."""
    mark = state_glyph(verdict, ascii_only=out.ascii_only)
    out.line(f"{mark} {state_word(verdict)}  {name}{as_of}", style=state_style(verdict))


def _name(judged: Judged, report: Report) -> str:
    """As this run read it, else as the wallet knows it from before."""
    read = report.credential.name if report.credential is not None else ""
    return named(read or (judged.row.name if judged.row is not None else ""), "(no name could be read)")


def _print_brief(out: Out, judged: Judged, report: Report) -> None:
    headline(out, report.verdict, f"{_name(judged, report)} ({clean(judged.label, limit=120)})", "")
    if report.verdict is not Verdict.VALID:
        for finding in report.troubles[:1]:
            out.line(clean(finding.summary), indent=4)


def _print_full(out: Out, judged: Judged, report: Report, *, verbose: bool) -> None:
    headline(out, report.verdict, _name(judged, report), f", as of {minute(report.as_of)}")
    out.facts(facts_of(judged, report))
    out.blank()
    print_answers(out, report)
    print_findings(out, report.findings, verbose=verbose)


def facts_of(judged: Judged, report: Report) -> list[tuple[str, str | Cell]]:
    """What the badge is, and from when the answer is."""
    credential = report.credential
    facts: list[tuple[str, str | Cell]] = []
    row = judged.row
    if row is not None:
        facts.append(("badge", row.short))
    elif judged.label:
        facts.append(("input", clean(judged.label)))
    issuer = issuer_words(credential)
    facts.append(("issuer", named(row.issuer_name, NOT_STATED) if issuer == NOT_STATED and row is not None else issuer))
    if judged.word:
        facts.append(("your word", judged.word))
    facts.append(("issued", day(credential.issued_on if credential is not None else None, NOT_STATED)))
    facts.append(("expires", day(credential.expires if credential is not None else None, "never")))
    if report.matched is not None:
        facts.append(("recipient", f"matches {report.matched}"))
    if report.policy != STANDARD.name:
        facts.append(("policy", f"{report.policy}: {POLICIES[report.policy].words}"))
    if judged.as_of is not None:
        facts.append(("answer for", f"{day(judged.as_of)}; {_rests_on(report, judged.as_of)}"))
    if report.offline:
        facts.append(("offline", "judged from kept evidence; nobody was asked"))
    if report.verdict is Verdict.UNDETERMINED and report.earlier is not None:
        facts.append(
            ("earlier", f"{report.earlier.verdict.value} as of {minute(report.earlier.as_of)}; that still stands")
        )
    if judged.disagree:
        from wallet.checking import best_of  # brings the verifier along, which whoever looks at a report has loaded

        others = ", ".join(sorted({other.verdict.value for other in judged.reports}))
        facts.append(
            (
                "copies",
                f"{plural(len(judged.reports), 'copy', 'copies')} say different things ({others}); "
                + ("the best counts" if report is best_of(judged.reports) else "this is about the one you named"),
            )
        )
    return facts


def _rests_on(report: Report, moment: datetime) -> str:
    """From when the answers are that a judgement for a day in the past rests on."""
    answers = [item.fetched for item in report.evidence if item.fetched.failure is None]
    later = sum(answer.fetched_at > moment for answer in answers)
    then = len(answers) - later
    if not then:
        return "nothing is kept from then, so it rests on what is served now"
    rest = f"; {plural(later, 'document')} had to be taken as they are now" if later else ""
    return f"it rests on {plural(then, 'document')} kept from then or before{rest}"


def issuer_words(credential: Credential | None) -> str:
    """Name and host of the issuer: anybody can take a name, so its host stands beside it."""
    issuer = credential.issuer if credential is not None else None
    if credential is None or credential.achievement is None:
        return NOT_STATED
    host = host_of(credential.achievement.issuer_id or (issuer.id if issuer is not None else None) or "")
    name = named(str(issuer.name) if issuer is not None else "", "")
    return f"{name} ({host})" if name and host else name or host or NOT_STATED


def print_answers(out: Out, report: Report | ReportSummary) -> None:
    """The three answers, each with its reason."""
    answers = dict(zip(QUESTIONS, (report.authentic, report.yours, report.still_good), strict=True))
    pairs: list[tuple[str, str | Cell]] = []
    for question, answer in answers.items():
        mark = outcome_glyph(answer, ascii_only=out.ascii_only)
        why = because(report, question, answer)
        text = f"{mark} {answer_word(answer)}" + (f": {why}" if why else "")
        pairs.append((f"{question}?", Cell(text, outcome_style(answer))))
    out.facts(pairs)


def print_findings(out: Out, findings: Sequence[Finding], *, verbose: bool) -> None:
    """What is wrong or unknown, each with the next step; the rest counted, or listed when `verbose`."""
    for finding in _troubles(findings):
        out.blank()
        mark = outcome_glyph(finding.outcome, ascii_only=out.ascii_only)
        out.line(f"{mark} {clean(finding.summary)} [{finding.check}]", indent=2, style=outcome_style(finding.outcome))
        out.facts(_details(finding), indent=4)
    counts = [
        (sum(finding.outcome is outcome for finding in findings), words)
        for outcome, words in ((Outcome.PASSED, "passed"), (Outcome.SKIPPED, "not needed here"))
    ]
    out.blank()
    if verbose:
        for finding in findings:
            if finding.outcome in (Outcome.PASSED, Outcome.SKIPPED):
                mark = outcome_glyph(finding.outcome, ascii_only=out.ascii_only)
                out.line(f"{mark} {finding.check}: {clean(finding.summary)}", indent=2)
    else:
        said = [f"{plural(count, 'check')} {words}" for count, words in counts if count]
        waiting = sum(finding.cause == DEPENDS for finding in findings)
        if waiting:
            said.append(f"{waiting} could not run because of the above")
        if said:
            out.line("; ".join(said) + " (-v shows them).", indent=2)


def _troubles(findings: Iterable[Finding]) -> list[Finding]:
    order = (Outcome.FAILED, Outcome.UNDETERMINED, Outcome.WARNING)
    bad = [finding for finding in findings if finding.outcome in order and finding.cause != DEPENDS]
    return sorted(bad, key=lambda finding: order.index(finding.outcome))


def _details(finding: Finding) -> list[tuple[str, str | Cell]]:
    details: list[tuple[str, str | Cell]] = []
    if finding.expected:
        details.append(("expected", clean(finding.expected)))
    if finding.found:
        details.append(("found", clean(finding.found)))
    if finding.who is not None:
        details.append(("who can mend", who_word(finding.who)))
    if finding.remedy:
        details.append(("next step", clean(finding.remedy)))
    return details


def _print_plain(out: Out, judged: Judged, report: Report, *, verbose: bool) -> None:
    out.fact("verdict", report.verdict.value)
    out.fact("as of", minute(report.as_of))
    out.fact("name", _name(judged, report))
    out.facts(facts_of(judged, report))
    print_plain_findings(out, report, verbose=verbose)


def print_plain_findings(out: Out, report: Report | ReportSummary, *, verbose: bool) -> None:
    """Answers and findings, one fact a line."""
    answers = dict(zip(QUESTIONS, (report.authentic, report.yours, report.still_good), strict=True))
    for question, answer in answers.items():
        why = because(report, question, answer)
        out.fact(question, answer_word(answer) + (f", {why}" if why else ""))
    shown = list(report.findings) if verbose else _troubles(report.findings)
    for finding in shown:
        out.fact(finding.outcome.value, f"{finding.check}: {clean(finding.summary)}")
        out.facts(_details(finding))
    out.fact("checks passed", str(sum(finding.outcome is Outcome.PASSED for finding in report.findings)))


def print_totals(run: Run, judged: Sequence[Judged]) -> None:
    """How many of each, on stderr: the data is on stdout."""
    judged = [item for item in judged if item.bundle is None]
    counts = [
        f"{count} {verdict.value}"
        for verdict in Verdict
        if (count := sum(item.report is not None and item.report.verdict is verdict for item in judged))
    ]
    refused = sum(item.report is None for item in judged)
    if refused:
        counts.append(f"{refused} without a badge")
    run.err.note(f"{len(judged)} checked: {', '.join(counts)}.")
    for item in judged:
        report = item.report
        # A definite answer that differs from the one before is news; that nobody answered is not.
        if report is None or report.earlier is None or report.verdict in (Verdict.UNDETERMINED, report.earlier.verdict):
            continue
        run.err.note(f"Changed: {clean(item.label)} was {report.earlier.verdict.value}, is {report.verdict.value}.")
