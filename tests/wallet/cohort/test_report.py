"""What reports of a cohort may say: all that matters, with its method, and nothing of whom nothing may be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.scans import AT, CANARIES, ELEMENTS, PATHWAY, Proof, badge, cohort, learner, standing
from wallet.cohort.learner_report import LearnerReport, learner_report, state_sentence
from wallet.cohort.model import Consent, Problem, ProblemCode, Scan
from wallet.cohort.records import checked, parse, write
from wallet.cohort.report import cohort_report, exceptions_words
from wallet.cohort.wording import problem_words, proof_words, shown_day, to_months
from wallet.pathways.definition import read
from wallet.pathways.model import Pathway
from wallet.pathways.progress import evaluate

TOOL = "badgefolio 0.1.0"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def pathway() -> Pathway:
    parts = "\n".join(
        f'[element.{key}]\nname = "{name}"\nhours = 8\nmatch = [{{ achievement = "https://badges.riverbend.example/{key}" }}]'
        for key, name in ELEMENTS
    )
    text = f"""
format = "badge-pathway/1"
id = "{PATHWAY}"
name = "Aquaponics Technician"
version = "2026.2"
root = "program"
[group.program]
name = "Program"
of = ["water", "fish", "raft", "food"]
{parts}
"""
    return read(text.encode(), "aquaponics.pathway.toml")


def told(scan: Scan | None = None, *, records: bytes = b"", pseudonyms: bool = False) -> LearnerReport:
    """Of a learner with one badge that counts, one that was revoked, and what was recorded."""
    way = pathway()
    good, gone = badge("fish", "Fish Health"), badge("raft", "Raft Systems", Proof.FAILED, why="the issuer withdrew it")
    gone = replace(gone, candidate=replace(gone.candidate, revoked=True, invalid=False))
    scan = scan or cohort()
    one = replace(scan.learners[0], badges=(good, gone))
    kept = parse(records)
    progress = evaluate(way, [each.candidate for each in one.badges], AT, personal=kept.personal(way))
    feedback = [(each.day, each.text) for each in kept.feedback]
    return learner_report(
        scan, one, at=AT, tool=TOOL, progresses={PATHWAY: progress}, feedback=feedback, pseudonyms=pseudonyms
    )


def said() -> bytes:
    exception = {"kind": "force-complete", "who": "Sam Guide", "reason": "Ada ran the lab"}
    return b"".join(
        write(one)
        for one in (
            checked("note", {"text": "PRIVATE WORD"}, now=NOW),
            checked("feedback", {"text": "Well done, Ada"}, now=NOW),
            checked("excepted", exception, now=NOW, pathway=PATHWAY, place="water"),
        )
    )


def test_every_place_says_how_it_stands_by_which_badge_and_why_not() -> None:
    places = {one.id: one for one in told().pathways[0].places}
    assert places["fish"].by == ("Fish Health (verified 2026-11-20)",)
    assert places["raft"].state == "refused"
    assert "revoked" in places["raft"].note
    assert (places["water"].state, places["water"].by) == ("open", ())


def test_an_exception_is_told_with_who_and_why() -> None:
    (words,) = told(records=said()).pathways[0].exceptions
    assert words.startswith("Water Chemistry: counted as complete without badges; Sam Guide, 2026-11-20")
    assert "Ada ran the lab" in words


def test_with_pseudonyms_an_exception_is_only_its_kind() -> None:
    assert told(records=said(), pseudonyms=True).pathways[0].exceptions == ("Water Chemistry: force complete",)


def test_feedback_is_told_and_a_private_note_never() -> None:
    report = told(records=said())
    assert [text for _, text in report.feedback] == ["Well done, Ada"]
    assert ("Feedback", "included") in report.method
    assert ("Private notes", "not included") in report.method
    assert "PRIVATE WORD" not in repr(report)


def test_with_pseudonyms_feedback_stays_out_and_the_method_says_so() -> None:
    report = told(records=said(), pseudonyms=True)
    assert report.feedback == ()
    assert ("Feedback", "not included") in report.method
    assert report.shown == "L-0001"
    assert not any(name in repr(report) for name in ("Ada", "Sam Guide", *CANARIES))


def test_without_the_pathways_file_places_are_those_of_the_scan() -> None:
    scan = cohort()
    report = learner_report(scan, scan.learners[0], at=AT, tool=TOOL, progresses={})
    assert [(one.name, one.state) for one in report.pathways[0].places][:2] == [
        ("Water Chemistry", "open"),
        ("Fish Health", "met"),
    ]


def test_targets_come_first() -> None:
    scan = cohort()
    other = replace(scan.pathways[0], id="https://a.example/first")
    rows = (standing(1, pathway=other.id), *scan.standings)
    scan = replace(scan, pathways=(other, *scan.pathways), standings=rows)
    report = learner_report(scan, scan.learners[0], at=AT, tool=TOOL, progresses={})
    assert [one.id for one in report.pathways] == [PATHWAY, other.id]


def test_an_ended_consent_takes_a_learner_out_of_every_part_and_is_counted() -> None:
    report = cohort_report(cohort(), at=AT, tool=TOOL)
    assert "Dana" not in repr(report)
    assert "L-0007" not in repr(report)
    assert ("Learners", "7 in the scan; 1 learner left out because the consent has ended") in report.method


def test_consent_is_judged_on_the_day_of_the_report() -> None:
    scan = cohort()
    assert "Dana Hidden" in {line.shown for line in cohort_report(scan, at=date(2026, 6, 30), tool=TOOL).lines}
    assert "Dana Hidden" not in {line.shown for line in cohort_report(scan, at=date(2026, 7, 1), tool=TOOL).lines}


def test_exceptions_of_those_who_are_left_out_are_not_counted() -> None:
    gone = replace(cohort(), learners=(learner(3, "X", consent=Consent(until=date(2026, 1, 1))),), standings=(
        standing(3, 4, exceptions=2, without=50),
    ))  # fmt: skip
    assert ("Exceptions", "none in force") in cohort_report(gone, at=AT, tool=TOOL).method


def test_forced_figures_are_marked_strongest() -> None:
    assert exceptions_words(cohort().standings).endswith("; 1 of these figures rests on 'force-complete'")
    assert exceptions_words(()) == "none in force"


def test_an_anonymous_report_holds_no_learner_in_any_form() -> None:
    report = cohort_report(cohort(), at=AT, tool=TOOL, anonymous=True)
    assert (report.lines, report.expiring, report.problems) == ((), (), ())
    assert {one.count for one in report.counted} == {None}
    assert not any(one.number in repr(report) or one.name in repr(report) for one in cohort().learners)


def test_filters_narrow_the_rows_and_are_named_in_the_method() -> None:
    report = cohort_report(cohort(), at=AT, tool=TOOL, filters=("close",))
    assert {line.number for line in report.lines} == {"L-0001", "L-0002", "L-0005"}
    assert ("Rows", "those that fit close") in report.method


def test_problems_of_a_learner_with_several_pathways_are_told_once() -> None:
    scan = cohort()
    other = replace(scan.pathways[0], id="https://a.example/other")
    scan = replace(scan, pathways=(*scan.pathways, other), standings=(*scan.standings, standing(5, pathway=other.id)))
    assert len(cohort_report(scan, at=AT, tool=TOOL).problems) == 3


def test_a_problem_that_names_people_is_told_by_its_kind_with_pseudonyms() -> None:
    one = Problem(ProblemCode.MISMATCH, "It names ada@learners.example.", "aa")
    assert problem_words(one, pseudonyms=False) == "It names ada@learners.example."
    assert problem_words(one, pseudonyms=True) == "a badge was awarded to somebody else"


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (Proof.NOW, "verified 2026-11-20"),
        (Proof.EARLIER, "verified 2026-11-20"),
        (Proof.OFFLINE, "proven by its signature, revocation not looked up"),
        (Proof.UNCHECKED, "could not be checked"),
        (Proof.FAILED, "failed"),
        (Proof.DESCRIBED, "described, not verifiable"),
    ],
)
def test_each_proof_has_words_that_claim_no_more_than_it_is(proof: Proof, words: str) -> None:
    assert proof_words(badge("a", "A", proof), months=False) == words


def test_days_shrink_to_months() -> None:
    assert shown_day(date(2026, 3, 14), months=True) == "2026-03"
    assert shown_day(None, months=True) == ""
    assert to_months("expired 2026-03-14, before 2027-01-01") == "expired 2026-03, before 2027-01"


def test_where_a_learner_stands_is_said_plainly() -> None:
    (one,) = told().pathways
    assert state_sentence(one) == "In progress; what is left: 2 places, 20 h."
    assert state_sentence(replace(one, state="met")) == "Everything is done."
    assert state_sentence(replace(one, filled=0, state="not-started")).startswith("Nothing is begun yet")
    assert "award" in state_sentence(replace(one, state="eligible"))
