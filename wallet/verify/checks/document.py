"""Whether the bytes of the badge's documents can be read as exactly one thing, and are the kind of thing asked for."""

from __future__ import annotations

from collections.abc import Iterable

from wallet.verify import tables
from wallet.verify.dossier import Document, Dossier, called_revoked, words
from wallet.verify.findings import failed, passed, quote, undetermined, unread, waits, warning
from wallet.verify.report import Finding, Outcome, Role

_WHAT = {
    Role.ASSERTION: "the badge",
    Role.ACHIEVEMENT: "the achievement",
    Role.ISSUER: "the issuer's profile",
}
_CLASS = {Role.ASSERTION: tables.ASSERTION, Role.ACHIEVEMENT: tables.BADGECLASS, Role.ISSUER: tables.PROFILE}
_OTHER_CLASSES = frozenset(name for data_class in tables.CLASSES.values() for name in data_class.types) | {
    "RevocationList",
    "Endorsement",
}


def what(document: Document) -> str:
    """The word for a document in a sentence."""
    return _WHAT.get(document.role, "the document")


def strict_json(dossier: Dossier) -> Iterable[Finding]:
    """Strict JSON: one value, one meaning (check 3), and no byte order mark (check 4)."""
    return _over_documents(dossier, "document.json", "The documents are strict JSON.")


def byte_order_mark(dossier: Dossier) -> Iterable[Finding]:
    """A byte order mark is stripped and mentioned (check 4)."""
    for document in dossier.documents:
        if document.content is not None and document.content.bom:
            summary = f"A byte order mark stands before the JSON of {what(document)}; it was ignored."
            yield warning("document.bom", summary, evidence=document.evidence)


def json_ld(dossier: Dossier) -> Iterable[Finding]:
    """The three rules of reading JSON-LD safely, and the two notes (checks 6 to 10)."""
    yield from _over_documents(dossier, "jsonld.context", "The documents use the Open Badges vocabulary.")
    yield from _over_documents(dossier, "jsonld.split", "No context gives a word of Open Badges another meaning.")
    yield from _over_documents(dossier, "jsonld.keywords", "Only JSON-LD features that are safe to read are used.")
    for document in dossier.documents:
        content = document.content
        if content is not None and content.unknown_contexts:
            names = ", ".join(quote(name) for name in content.unknown_contexts[:3])
            summary = f"The terms of an unknown context in {what(document)} are ignored: {names}."
            yield warning("jsonld.unknown-context", summary, evidence=document.evidence)
        if content is not None and content.undefined:
            names = ", ".join(quote(name) for name in content.undefined[:5])
            more = f" and {len(content.undefined) - 5} more" if len(content.undefined) > 5 else ""
            summary = f"Members of {what(document)} without a definition are no part of the badge: {names}{more}."
            yield warning("jsonld.undefined", summary, evidence=document.evidence)


def _over_documents(dossier: Dossier, check: str, good: str) -> Iterable[Finding]:
    """One finding over all documents at hand: the first trouble, else that all is well."""
    credential = dossier.credential
    if credential is None or credential.content is None:
        yield waits(check, "This waits until the badge can be read.")
        return
    waiting: Finding | None = None
    unsure: Finding | None = None
    for document in dossier.documents:
        problem = document.content.problem if document.content is not None else None
        if problem is None:
            continue
        # What stands behind the rule that broke was never looked at.
        if problem.check != check:
            if not (check == "document.json" and problem.check != "document.json"):
                waiting = waits(check, f"This waits until {what(document)} can be read.")
            continue
        say = failed if problem.failed else undetermined
        summary = f"{what(document).capitalize()} cannot be accepted. {problem.message.rstrip('.')}."
        finding = say(check, problem.cause, summary, evidence=document.evidence)
        if finding.outcome is Outcome.FAILED:
            yield finding
            return
        unsure = unsure or finding
    evidence = tuple(sha for document in dossier.documents for sha in document.evidence)
    yield unsure or waiting or passed(check, good, evidence)


def kind(dossier: Dossier) -> Iterable[Finding]:
    """Each document is of the class asked for (check 5)."""
    if dossier.unsupported is not None:
        yield undetermined("document.kind", "unsupported", dossier.unsupported)
        return
    credential = dossier.credential
    if credential is None or credential.unread is not None:
        yield waits("document.kind", "This waits until the badge can be had.")
        return
    worst: Finding | None = None
    for document in dossier.documents:
        finding = _kind(document)
        if finding is not None and (worst is None or finding.outcome is Outcome.FAILED):
            worst = finding
    evidence = tuple(sha for document in dossier.documents for sha in document.evidence)
    yield worst or passed("document.kind", "Each document is of the class asked for.", evidence)


def _kind(document: Document) -> Finding | None:
    content = document.content
    assert content is not None
    if content.node is None:
        if content.problem is not None and content.problem.check == "document.kind":
            return unread("document.kind", "not-a-badge", what(document))
        return waits("document.kind", f"This waits until {what(document)} can be read.")
    expected = _CLASS[document.role].types
    kinds = words(content.node, "type")
    if any(name in expected for name in kinds):
        return None
    if document.role is Role.ASSERTION and called_revoked(content.node):
        return None  # of a withdrawn badge only id and revoked are required
    other = next((name for name in kinds if name in _OTHER_CLASSES), None)
    wanted = " or ".join(expected)
    if other is not None:
        summary = f"{what(document).capitalize()} should be of class {wanted}, and the document is of class {other}."
    elif kinds:
        summary = f"{what(document).capitalize()} should be of class {wanted}, and the document calls itself {quote(kinds[0])}."
    else:
        summary = f"{what(document).capitalize()} should be of class {wanted}, and the document names no class."
    return failed(
        "document.kind",
        "wrong-kind",
        summary,
        expected=wanted,
        found=", ".join(kinds)[:200] or None,
        evidence=document.evidence,
    )
