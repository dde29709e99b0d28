"""Badges older than Open Badges 2.0: what stands in for the rules that they cannot keep, and what was read otherwise (66 to 69).

0.5 has no documents of class and issuer: only the host that serves the badge can speak for the issuer inside it. 1.0 and 1.1
list no keys: only the host of the issuer can speak for the key. All other rules are those of 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable

from wallet.text import clean
from wallet.verify import urls
from wallet.verify.dossier import Dossier, identifier
from wallet.verify.findings import failed, passed, quote, unread, waits, warning
from wallet.verify.older import key_address
from wallet.verify.report import Finding, Role

_WHAT = {Role.ASSERTION: "badge", Role.ACHIEVEMENT: "achievement", Role.ISSUER: "issuer's profile"}
_NOTES = {"0.5": "legacy.0-5.note", "1.0": "legacy.1-0.note", "1.1": "legacy.1-1"}


def legacy(dossier: Dossier) -> Iterable[Finding]:
    """Checks 66, 67 and 69. `pem` is check 68."""
    if not dossier.older:
        return
    if dossier.version == "0.5":
        yield _origin(dossier)
    elif dossier.version == "1.0":
        yield _named(dossier)
    for document in dossier.documents:
        content = document.content
        if content is not None and content.version in _NOTES and content.steps:
            what = f"The {_WHAT[document.role]} is written in Open Badges {content.version}"
            summary = f"{what}; badgefolio read it as 2.0: {', '.join(content.steps)}."
            yield warning(_NOTES[content.version], summary, evidence=document.evidence)


def _origin(dossier: Dossier) -> Finding:
    """Check 66: the host that serves the badge is the one that the issuer inside it comes from."""
    check = "legacy.0-5"
    served = dossier.hosted
    if dossier.issuer_embedded is None:
        summary = "Its issuer does not stand inside it, as it must in Open Badges 0.5."
        return failed(check, "issuer-anonymous", summary, expected="badge.issuer.origin")
    origin = dossier.issuer_id
    host = urls.host_of(origin) if origin is not None else None
    if host is None:
        return failed(check, "issuer-anonymous", "Its issuer names no web address as its origin.", found=origin)
    if served is None:
        return waits(check, "This waits until it is known where the badge is served.")
    if served.fetched is None or (served.unread is not None and not served.gone):
        return waits(check, "This waits until the hosted badge can be had.")
    # Only who really answered counts: the badge has no name of its own that could contradict.
    serving = urls.host_of(served.fetched.final_url)
    if serving != host:
        summary = f"Its issuer comes from {clean(host)}, but {clean(serving or 'another host')} serves it."
        return failed(check, "origin", summary, expected=host, found=serving, evidence=served.evidence)
    return passed(check, f"The issuer comes from {clean(host)}, which serves the badge.", served.evidence)


def _named(dossier: Dossier) -> Finding:
    """Check 67: it says where it is verified, or as what its issuer counts it, for that is its name."""
    check = "legacy.1-0"
    document = dossier.brought if dossier.node is None or dossier.withdrawn else dossier.credential
    assert document is not None  # or nothing would have said that it is of 1.0
    assert document.node is not None
    if identifier(document.node) is not None:
        return passed(check, "It can be told from all others, as Open Badges 1.0 has it.", document.evidence)
    if dossier.methods.signed:
        summary = "It is signed and has no uid, so that a list of withdrawn badges could not name it."
        return failed(check, "missing-property", summary, expected="uid", evidence=document.evidence)
    summary = "It does not say where it is hosted."
    return failed(check, "missing-property", summary, expected="verify.url", evidence=document.evidence)


def pem(dossier: Dossier) -> Finding:
    """Check 68: the key stands on the issuer's host, which is all that says whose key it is. Asked once the issuer is proven."""
    check = "legacy.pem"
    url = key_address(dossier.node or {})
    issuer = dossier.issuer
    host = urls.host_of(issuer.id or "") if issuer is not None else None
    if url is None or urls.parse(url) is None:
        return failed(
            check, "bad-url", "It does not say where the key is that signed it.", expected="verify.url", found=url
        )
    if urls.host_of(url) != host:
        summary = f"The key stands on {clean(urls.host_of(url) or 'another host')}, which is not the issuer's host."
        return failed(check, "key-host", summary, expected=host, found=url)
    candidate = dossier.keys[0]
    if candidate.unread == "key-host":
        summary = f"The key's address {quote(url)} leads to another host, which cannot speak for the issuer."
        return failed(check, "key-host", summary, expected=host, found=url, evidence=candidate.evidence)
    if candidate.unread is not None:
        return unread(check, candidate.unread, "the issuer's key")
    return passed(check, f"The key stands on {clean(host or '')}, the issuer's host.", candidate.evidence)
