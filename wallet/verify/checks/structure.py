"""Whether each part of a badge has the properties it must have, in the form they must have (OB2 Data Validation; 2.3).

`wallet.verify.walk` finds the defects; here they become findings, one for each property of each class.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wallet.verify import tables
from wallet.verify.dossier import Dossier, KeyCandidate
from wallet.verify.findings import Evidence, failed, note, passed, undetermined, waits
from wallet.verify.report import Finding, Role
from wallet.verify.tables import Defect
from wallet.verify.walk import Row, Survey, survey, survey_node


def structure(dossier: Dossier, own: Survey | None = None) -> Iterable[Finding]:
    """One finding for each property of each class in the badge, and a note for each blemish (checks 11 to 25).

    own: the survey of the credential, where it was made before.
    """
    parts = (
        (dossier.credential, tables.ASSERTION),
        (dossier.achievement, tables.BADGECLASS),
        (dossier.issuer, tables.PROFILE),
    )
    surveys = [
        (
            document,
            data_class,
            survey(document.content, data_class) if own is None or document.role is not Role.ASSERTION else own,
        )
        for document, data_class in parts
        if document is not None and document.content is not None and document.content.node is not None
    ]
    defects: dict[str, tuple[Row, Evidence]] = {}
    notes: list[Finding] = []
    for document, _, found in surveys:
        for row in found.defects:
            check, amount = row[0], row[1]
            if amount is Defect.WARNING:
                notes.append(note(check, row[3], evidence=document.evidence))
            elif check not in defects or defects[check][0][1] is Defect.UNDETERMINED:
                defects[check] = (row, document.evidence)
    for part, data_class in parts:
        problem = part.content.problem if part is not None and part.content is not None else None
        if part is not None and problem is not None and problem.check.startswith("structure."):
            name = "type" if problem.check.endswith(".type") else "id"
            check = data_class.check(name)
            amount = Defect.FAILED if problem.failed else Defect.UNDETERMINED
            summary = f"The {name} of {data_class.words} is not usable. {problem.message.rstrip('.')}."
            defects[check] = ((check, amount, problem.cause, summary, None, None), part.evidence)
    met = frozenset().union(*(found.classes for _, _, found in surveys))
    findings: list[Finding] = []
    left = met
    for document, _, found in surveys:
        # A class that several documents hold is mentioned once, with the first of them.
        findings.extend(_all_passed(found.classes & left, document.evidence))
        left -= found.classes
    findings.extend(_all_waiting(tuple(data_class.name for data_class in tables.CORE if data_class.name not in met)))
    if defects:
        findings = [_finding(*defects[f.check]) if f.check in defects else f for f in findings]
    return (*findings, *notes)


@lru_cache(maxsize=512)
def _all_passed(classes: frozenset[str], evidence: Evidence) -> tuple[Finding, ...]:
    if not evidence:
        return _good_news(classes)
    # Each hosted badge rests on bytes of its own: made here at once, because nothing else will ever ask for these.
    return tuple(
        [Finding(good.check, good.outcome, good.summary, good.spec, evidence=evidence) for good in _good_news(classes)]
    )


@lru_cache(maxsize=64)
def _good_news(classes: frozenset[str]) -> tuple[Finding, ...]:
    return tuple(
        passed(data_class.check(prop.name), f"The “{prop.name}” of {data_class.words} is as it should be.")
        for data_class in tables.CLASSES.values()
        if data_class.name in classes
        for prop in data_class.properties
    )


@lru_cache(maxsize=64)
def _all_waiting(classes: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        waits(data_class.check(prop.name), f"This waits until {data_class.words} can be read.")
        for data_class in (tables.CLASSES[name] for name in classes)
        for prop in data_class.properties
    )


def _finding(row: Row, evidence: Evidence) -> Finding:
    check, amount, cause, summary, expected, found = row
    say = failed if amount is Defect.FAILED else undetermined
    return say(check, cause, summary, expected=expected, found=found, evidence=evidence)


def list_structure(dossier: Dossier) -> Iterable[Finding]:
    """The findings about the issuer's revocation list (check 19). A defect leaves open whether the badge was withdrawn.

    A hosted badge does not need the list: its defects are only mentioned.
    """
    listed = dossier.revocation_list
    if listed is None or listed.content is None or listed.content.node is None:
        return
    found = survey(listed.content, tables.REVOCATION_LIST)
    if not dossier.methods.signed:
        yield from (note(row[0], row[3], evidence=listed.evidence) for row in found.defects)
        return
    defects = {row[0]: row for row in found.defects if row[1] is not Defect.WARNING}
    for finding in _all_passed(frozenset({"revocationlist"}), listed.evidence):
        row = defects.get(finding.check)
        yield finding if row is None else _finding(row, listed.evidence)
    yield from (note(row[0], row[3], evidence=listed.evidence) for row in found.defects if row[1] is Defect.WARNING)


@lru_cache(maxsize=128)
def key_structure(candidate: KeyCandidate) -> tuple[Finding, ...]:
    """The findings about one key of the issuer (check 18). Defects leave open what the key could have proven."""
    found = survey_node(candidate.node or {}, tables.KEY)
    if not found.defects:
        return _all_passed(found.classes, candidate.evidence)
    broken = {row[0]: row for row in found.defects if row[1] is not Defect.WARNING}
    findings = [
        _finding(broken[finding.check], candidate.evidence) if finding.check in broken else finding
        for finding in _all_passed(found.classes, candidate.evidence)
    ]
    notes = [note(row[0], row[3], evidence=candidate.evidence) for row in found.defects if row[1] is Defect.WARNING]
    return (*findings, *notes)
