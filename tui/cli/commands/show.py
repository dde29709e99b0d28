"""`badgefolio show`: all that is known of one badge."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from tui.cli.badges import badge_name, need_wallet, resolve, row_json
from tui.cli.card import eight_details, print_card
from tui.cli.frame import command as make
from tui.cli.issuers import word_about
from tui.cli.output import Cell, Out
from tui.cli.reports import headline, issuer_words, print_answers, print_findings, print_plain_findings
from tui.cli.run import Run, with_run
from tui.cli.shared import shared_json
from tui.handing import shared_words
from tui.words import NOT_STATED, day, iso, joined, minute, named, state_word
from wallet.model import Credential, Json
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.store.rows import Attempt, Badge

_LONG = 4_000


@make(
    "show", examples=("badgefolio show 3f9a2c", 'badgefolio show "Water Chemistry"', "badgefolio show 3f9a2c --plain")
)
@badge_name()
@click.option("-v", "--verbose", is_flag=True, help="Show the passed and skipped checks too.")
@with_run
def command(run: Run, *, name: str, verbose: bool) -> None:
    """Show all that is known of one badge, without asking anybody.

    What the last check found, what the badge says in the issuer's words, your own words, its pathways, where it came from, and
    how its verdict went over time.
    """
    row = resolve(run, [name])[0]
    badge = need_wallet(run, name).badge(row.id)
    details = eight_details(run, badge)
    shared = need_wallet(run, name).shared(row.id)
    if run.out.json_form:
        run.out.json({**_json(badge, details), "shared": shared_json(shared)})
        return
    _print(run, badge, details, verbose=verbose)
    if shared:
        run.out.heading("Handed out")
        run.out.facts([(day(one.when), shared_words(one, run.now.date())) for one in shared])


def _print(run: Run, badge: Badge, details: tuple[Detail, ...], *, verbose: bool) -> None:
    out, row, report = run.out, badge.row, badge.report
    word = word_about(run, row.issuer_id)
    if out.plain:
        out.fact("state", state_word(row.verdict))
        out.fact("name", named(row.name))
        out.fact("as of", minute(row.as_of, "never checked"))
    else:
        headline(out, row.verdict, named(row.name), f", as of {minute(row.as_of)}" if row.as_of else "")
    out.facts(_first_facts(badge, word))
    if report is not None:
        if out.plain:
            print_plain_findings(out, report, verbose=verbose)
        else:
            out.blank()
            print_answers(out, report)
            print_findings(out, report.findings, verbose=verbose)
    else:
        run.err.note(f"Not checked yet: 'badgefolio verify {row.short}' proves it.")
    print_card(out, details)
    _print_words(out, badge)
    _print_provenance(out, badge)
    _print_attempts(out, badge.attempts)


def _first_facts(badge: Badge, word: str) -> list[tuple[str, str | Cell]]:
    row, credential = badge.row, badge.credential
    facts: list[tuple[str, str | Cell]] = [
        ("badge", row.short),
        ("issuer", issuer_words(credential) if credential is not None else named(row.issuer_name, NOT_STATED)),
        ("issued", day(row.issued_on, NOT_STATED)),
        ("expires", day(row.expires, "never")),
        ("recipient", _recipient(badge)),
    ]
    if word:
        facts.insert(2, ("your word", word))
    if row.last_attempt is not None and row.last_attempt is not row.verdict:
        facts.append(("last try", f"{row.last_attempt.value}: the state above still stands"))
    if row.disagree:
        facts.append(("copies", "say different things; the best counts"))
    if row.hidden:
        facts.append(("hidden", "yes"))
    return facts


def _recipient(badge: Badge) -> str:
    matched = badge.report.matched if badge.report is not None else None
    if matched is not None:
        return f"matches your identity {clean(str(matched))}"
    recipient = badge.credential.recipient if badge.credential is not None else None
    if recipient is None:
        return NOT_STATED
    hashed = recipient.hashed or recipient.identity.startswith(("sha256$", "md5$"))
    return f"{clean(recipient.type)}, " + ("hidden as a hash" if hashed else clean(recipient.identity))


def _long(value: str) -> str:
    return clean(value, limit=_LONG) if value.strip() else NOT_STATED


def _print_words(out: Out, badge: Badge) -> None:
    credential, row = badge.credential, badge.row
    achievement = credential.achievement if credential is not None else None
    out.heading("In the issuer's words")
    words: list[tuple[str, str | Cell]] = [
        ("description", _long(str(achievement.description) if achievement is not None else ""))
    ]
    if credential is not None and credential.narrative:
        words.append(("narrative", _long(str(credential.narrative))))
    words.append(("tags", joined(row.tags)))
    for number, work in enumerate(credential.work_evidence if credential is not None else (), 1):
        said = " | ".join(
            clean(text) for text in (str(work.name), str(work.description), work.id or "") if text.strip()
        )
        words.append((f"work {number}", said or NOT_STATED))
    out.facts(words)
    if badge.note or row.labels:
        out.heading("In my words")
        mine: list[tuple[str, str | Cell]] = []
        if badge.note:
            mine.append(("note", _long(badge.note)))
        if row.labels:
            mine.append(("labels", joined(row.labels)))
        out.facts(mine)


def _print_provenance(out: Out, badge: Badge) -> None:
    out.heading("Where it came from")
    for number, form in enumerate(badge.representations, 1):
        facts: list[tuple[str, str | Cell]] = [
            (f"copy {number}", f"{form.kind.value} in {form.carrier.value}, added {day(form.added_at)}"),
            ("source", clean(form.source) or NOT_STATED),
            ("steps", " -> ".join(clean(step.text) for step in form.steps) or NOT_STATED),
            ("sha256", form.raw_sha),
        ]
        if form.container_sha is not None:
            facts.append(("file sha256", form.container_sha))
        if form.fetch_url:
            facts.append(("address", form.fetch_url))
        facts.extend(("remark", clean(f"{note.code}: {note.text}" if note.text else note.code)) for note in form.notes)
        out.facts(facts)


def _print_attempts(out: Out, attempts: tuple[Attempt, ...]) -> None:
    if not attempts:
        return
    out.heading("Checked")
    counted = Counter(attempt.verdict.value for attempt in attempts)
    times = [f"{verdict} {count} {'time' if count == 1 else 'times'}" for verdict, count in counted.items()]
    out.facts([("in all", ", ".join(times)), ("first", minute(attempts[-1].at)), ("last", minute(attempts[0].at))])


def _json(badge: Badge, details: tuple[Detail, ...]) -> dict[str, Json]:
    from wallet.details import stated
    from wallet.documents.openbadges2 import write_credential

    credential: Credential | None = badge.credential
    report = badge.report
    return {
        "format": "badgefolio-badge/1",
        **row_json(badge.row),
        "note": badge.note,
        "credential": write_credential(credential) if credential is not None else None,
        "findings": [
            {
                "check": finding.check,
                "outcome": finding.outcome.value,
                "summary": finding.summary,
                "spec": finding.spec,
                "cause": finding.cause,
                "expected": finding.expected,
                "found": finding.found,
                "who": finding.who.value if finding.who is not None else None,
                "remedy": finding.remedy,
            }
            for finding in (report.findings if report is not None else ())
        ],
        "details": [
            {"label": detail.label, "values": list(detail.values), "source": detail.source} for detail in details
        ],
        "details_stated": stated(details),
        "originals": [
            {
                "sha256": form.raw_sha,
                "file_sha256": form.container_sha,
                "kind": form.kind.value,
                "carrier": form.carrier.value,
                "source": form.source,
                "steps": [step.text for step in form.steps],
                "notes": [{"code": note.code, "text": note.text} for note in form.notes],
                "address": form.fetch_url,
                "added_at": iso(form.added_at),
            }
            for form in badge.representations
        ],
        "checks": [
            {"verdict": attempt.verdict.value, "as_of": iso(attempt.as_of), "at": iso(attempt.at)}
            for attempt in badge.attempts
        ],
    }
