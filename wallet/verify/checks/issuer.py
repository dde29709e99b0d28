"""Whether the issuer is proven: its profile stands at the address it names, and the achievement names that issuer.

A profile that merely travels inside a badge proves nothing; it is text to show (security.md T9, T10).
"""

from __future__ import annotations

from collections.abc import Iterable

from wallet.model import Json
from wallet.verify import urls
from wallet.verify.checks.hosted import disagrees
from wallet.verify.dossier import Document, Dossier, identifier
from wallet.verify.findings import failed, note, passed, quote, undetermined, unread, waits
from wallet.verify.report import Finding

_UNFETCHABLE = ("urn:", "did:", "data:")


def issuer(dossier: Dossier) -> Iterable[Finding]:
    """Checks 30 and 31. In 0.5 the host of the badge speaks for its issuer (`legacy`)."""
    if dossier.version == "0.5":
        return
    yield from _proven(dossier)
    yield from _class(dossier)


def _proven(dossier: Dossier) -> Iterable[Finding]:
    """Check 30: the profile was fetched from its own http(s) id, which it declares."""
    check = "issuer.proven"
    name = dossier.issuer_id
    if name is None and dossier.issuer_embedded is None and dossier.achievement_node is None:
        yield waits(check, "This waits until the achievement can be read.")
    elif name is None or name.startswith("_:"):
        yield failed(check, "issuer-anonymous", "The issuer has no web address that could be checked.", found=name)
    elif name.lower().startswith(_UNFETCHABLE):
        summary = f"The issuer goes by {quote(name)}, which is no web address and could not be checked."
        yield undetermined(check, "issuer-anonymous", summary, expected="an http or https address", found=name)
    elif dossier.issuer is None or urls.parse(name) is None:
        summary = f"The issuer's address {quote(name)} cannot be used: {urls.problem(name) or 'it was not asked'}."
        yield failed(check, "bad-url", summary, expected="an http or https address", found=name)
    elif dossier.issuer.unread is not None:
        yield unread(check, dossier.issuer.unread, "the issuer's profile")
    elif dossier.issuer.node is None:
        yield waits(check, "This waits until the issuer's profile can be read.")
    elif not dossier.issuer.agrees:
        yield disagrees(check, dossier.issuer, "The issuer's profile")
    else:
        host = urls.host_of(dossier.issuer.id or "")
        yield passed(check, f"The issuer's profile stands on {host}, at the address it names.", dossier.issuer.evidence)
        if dossier.issuer.moved_from is not None:
            summary = f"The issuer's profile was asked for at {quote(dossier.issuer.moved_from)} and names another address there."
            yield note(check, summary, evidence=dossier.issuer.evidence)
        fetched = dossier.issuer.fetched
        final = urls.host_of(fetched.final_url) if fetched is not None else None
        asked = urls.host_of(name)
        if asked != host:
            summary = f"The achievement names an issuer on {asked}, whose address leads on to this profile on {host}."
            yield note(check, summary, evidence=dossier.issuer.evidence)
        elif final is not None and final != host:
            # Mostly a college's address that leads to its platform; an open redirect would look the same.
            summary = f"The issuer's address on {host} leads on to {final}, which served the profile."
            yield note(check, summary, evidence=dossier.issuer.evidence)


def _class(dossier: Dossier) -> Iterable[Finding]:
    """Check 31: the achievement, fetched at its own address, names this issuer."""
    check = "issuer.class"
    profile = dossier.issuer
    class_id, document, inside = dossier.achievement_id, dossier.achievement, dossier.achievement_embedded
    if class_id is None and inside is None:
        yield waits(check, "This waits until the badge says what was achieved.")
    elif class_id is not None and document is None and inside is None:
        yield _nowhere(check, class_id)
    elif profile is None or profile.node is None or not profile.agrees:
        if document is not None and document.node is None and document.unread is not None:
            yield unread(check, document.unread, "the achievement")
        else:
            yield waits(check, "This waits until the issuer is proven.")
    elif document is not None and document.node is not None:
        yield _names(check, document, document.node.get("issuer"), profile)
    elif document is not None:
        yield from _unread_class(dossier, document, profile)
    elif inside is not None and class_id is not None and class_id[:4].lower() == "urn:":
        source = dossier.credential.evidence if dossier.credential is not None else ()
        # There is no other document that could name an issuer: the profile was asked for where this one says.
        yield passed(
            check, "The achievement stands inside the badge and names this issuer.", (*source, *profile.evidence)
        )
    else:
        yield _nowhere(check, class_id)


def _nowhere(check: str, class_id: str | None) -> Finding:
    summary = "The achievement has no web address that could be checked."
    return undetermined(check, "bad-url", summary, expected="an http or https address", found=class_id)


def _is_issuer(name: str, profile: Document) -> bool:
    """Whether `name` is the profile's id, or the address from which it led there. Which of http and https names nobody else."""
    known = (profile.id, profile.url, profile.moved_from)
    return any(urls.transport_free(name) == urls.transport_free(other) for other in known if other is not None)


def _names(check: str, document: Document, named: Json, profile: Document) -> Finding:
    if not document.agrees:
        return disagrees(check, document, "The achievement")
    issuer_id = identifier(named)
    evidence = (*document.evidence, *profile.evidence)
    if issuer_id is not None and _is_issuer(issuer_id, profile):
        return passed(check, "The achievement, read at its own address, names this issuer.", evidence)
    return failed(
        check,
        "issuer-differs",
        "The achievement, read at its own address, names another issuer.",
        expected=profile.id,
        found=issuer_id,
        evidence=evidence,
    )


def _unread_class(dossier: Dossier, document: Document, profile: Document) -> Iterable[Finding]:
    check = "issuer.class"
    inside = dossier.achievement_embedded
    same_host = urls.host_of(document.url or "") == urls.host_of(profile.id or "")
    issuer_id = identifier(inside.get("issuer")) if inside is not None else None
    if (
        dossier.methods.signed
        and document.unread is not None
        and same_host
        and issuer_id is not None
        and _is_issuer(issuer_id, profile)
    ):
        # The issuer's own key vouches for the copy, and its address is the issuer's: nothing is left to contradict.
        yield passed(check, "The signed copy of the achievement names this issuer.", profile.evidence)
        yield note(check, "The achievement could not be read at its own address; the signed copy serves.")
    elif document.unread is not None:
        yield unread(check, document.unread, "the achievement")
    else:
        yield waits(check, "This waits until the achievement can be read.")
