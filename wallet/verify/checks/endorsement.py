"""Whether those who endorse the badge, its achievement or its issuer really do (OB2 Endorsement; checks 64 and 65).

Advice only: an endorsement that cannot be proven is not counted, and spoils nothing. A hosted one has to lie where its endorser
publishes, a signed one passes the checks of signed badges with the endorser in the issuer's place. One step deep: endorsements of
endorsements are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wallet.text import clean, plural
from wallet.verify import tables, urls
from wallet.verify.checks import revocation, signed
from wallet.verify.checks.hosted import scope_reasons
from wallet.verify.checks.revocation import entry_for
from wallet.verify.dossier import Document, Dossier, Endorsed, called_revoked, identifier, methods_of, words
from wallet.verify.findings import passed, quote, warning
from wallet.verify.remedies import say
from wallet.verify.report import DEPENDS, Finding, Outcome, Role
from wallet.verify.tables import Defect
from wallet.verify.walk import survey

CLAIM, PROVEN = "endorsement.claim", "endorsement.proven"
_ENDORSED = {Role.ASSERTION: "this badge", Role.ACHIEVEMENT: "the achievement", Role.ISSUER: "the issuer"}
_WITHDRAWN = "it was withdrawn"
_KEY_UNREAD = "the endorser's key cannot be read"

#: What a check of signed badges says when it is asked about an endorsement.
_AGAINST = {
    "signed.form": "its signed text is not put together correctly",
    "signed.header": "the header of its signature asks for what must not be used",
    "signed.algorithm": "its signature's method is refused, or does not fit the endorser's key",
    "signed.key-listed": "the endorser's profile does not list a key for it",
    "signed.key-usable": "the endorser published a private key, so anybody can sign with it",
    "signed.key-strength": "the endorser's key is too weak to prove anything",
    "signed.key-owner": "its key says that it belongs to somebody else than the endorser",
    "signed.signature": "it was changed, or none of the endorser's keys signed it",
    "revocation.list": _WITHDRAWN,
}
_UNKNOWN = {
    "signed.form": "its signed text exceeds a limit",
    "signed.signature": "one of the endorser's keys cannot be read, and no other signed it",
    "revocation.list": "the endorser's revocation list cannot be read",
}


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why an endorsement is not counted, as the end of a sentence. cause: set when it merely could not be found out."""

    words: str
    cause: str | None = None


def endorsement(dossier: Dossier) -> Iterable[Finding]:
    """Two findings for each endorsement that was looked at, and one for all that were not."""
    for one in dossier.endorsements:
        what = _ENDORSED[one.of]
        evidence = _evidence(one)
        if one.document.node is not None:
            named = identifier(one.document.node.get("claim"))
            if named is None or not any(urls.same(named, target) for target in one.targets):
                other = f"it is about {quote(named)}" if named is not None else "it does not say what it is about"
                summary = f"An endorsement of {what} is not counted, because {other}."
                yield warning(CLAIM, summary, found=named, evidence=evidence)
                continue
            yield passed(CLAIM, f"The endorsement is about {what}.", evidence)
        doubt = _doubt(one, dossier)
        if doubt is None:
            host = urls.host_of(one.issuer.id or "") if one.issuer is not None else None
            yield passed(PROVEN, f"{quote(_name(one.issuer))} on {host} endorses {what}.", evidence)
        elif doubt.cause is None:
            summary = f"An endorsement of {what} is not counted: {doubt.words}."
            yield warning(PROVEN, summary, found=one.url, evidence=evidence)
        else:
            summary = f"Whether an endorsement of {what} holds is not known: {doubt.words}."
            yield warning(PROVEN, summary, cause=doubt.cause, found=one.url, evidence=evidence)
    if dossier.endorsements_left:
        left = plural(dossier.endorsements_left, "endorsement")
        verb = "was" if dossier.endorsements_left == 1 else "were"
        yield warning(PROVEN, f"{left} {verb} not looked at, because a badge may cause only so much work.")


def _evidence(one: Endorsed) -> tuple[str, ...]:
    keys = one.signed.keys if one.signed is not None else ()
    parts = (one.document, one.issuer, *keys, one.revocation_list)
    return tuple(dict.fromkeys(sha for part in parts if part is not None for sha in part.evidence))


def _name(profile: Document | None) -> str:
    name = profile.node.get("name") if profile is not None and profile.node is not None else None
    return name if isinstance(name, str) else "An endorser without a name"


def _doubt(one: Endorsed, dossier: Dossier) -> _Doubt | None:
    """Why the endorsement is not counted; None when it is."""
    document, profile = one.document, one.issuer
    if document.gone:
        return _Doubt(_WITHDRAWN)
    if document.unread is not None:
        return _unread(document.unread, "the endorsement")
    if one.signed is not None and one.signed.jws is None:
        return _signature(one.signed)
    node = document.node
    if node is None or document.content is None:
        return _Doubt("it cannot be read")
    if "Endorsement" not in words(node, "type"):
        return _Doubt("what came is no endorsement")
    if called_revoked(node):
        return _Doubt(_WITHDRAWN)
    defect = next(
        (row for row in survey(document.content, tables.ENDORSEMENT).defects if row[1] is Defect.FAILED), None
    )
    if defect is not None:
        return _Doubt(_lower(defect[3]))
    methods = methods_of(node)
    if one.signed is None and methods.signed:
        return _Doubt("it says that it is signed, but it came without a signature")
    if not methods.known or methods.hosted is methods.signed or methods.signed is (one.signed is None):
        return _Doubt("it asks for another way of verification than the one it came in")
    if one.signed is None and not document.agrees:
        return _Doubt("it names another address than its own")
    if profile is None:
        return _Doubt("its issuer has no web address that could be checked")
    if profile.unread is not None:
        return _unread(profile.unread, "the endorser's profile")
    home = urls.parse(profile.id or "")
    if profile.node is None or home is None or not profile.agrees:
        return _Doubt("its issuer's profile does not stand at the address it names")
    if _is_issuer(profile, dossier):
        return _Doubt("its endorser is the badge's own issuer")
    if one.signed is not None:
        return _signature(one.signed)
    url = urls.parse(document.id or "")
    reasons = (
        scope_reasons(url, profile.node, home, "its endorser") if url is not None else ["its address cannot be used"]
    )
    if reasons:
        where = clean(url.host) if url is not None else "no host"
        return _Doubt(f"it is hosted on {where}, but {' and '.join(reasons)}")
    listed = one.revocation_list
    if listed is not None and entry_for(listed, node) is not None:
        return _Doubt(_WITHDRAWN)
    return None


def _is_issuer(profile: Document, dossier: Dossier) -> bool:
    """Whether the endorser is whoever issued the badge: its own word is in the badge already."""
    issuer = dossier.issuer
    return issuer is not None and issuer.id is not None and profile.id is not None and urls.same(issuer.id, profile.id)


def _signature(facts: Dossier) -> _Doubt | None:
    """What the checks of signed badges have against a signed endorsement: a contradiction before what is not known."""
    findings = [*signed.signed(facts), *revocation.revocation(facts)]
    against = next((finding for finding in findings if finding.outcome is Outcome.FAILED), None)
    if against is not None:
        return _Doubt(_AGAINST.get(against.check, _KEY_UNREAD))
    open_ones = [finding for finding in findings if finding.outcome is Outcome.UNDETERMINED]
    deciding = min(open_ones, key=lambda finding: finding.cause == DEPENDS, default=None)
    return None if deciding is None else _Doubt(_UNKNOWN.get(deciding.check, _KEY_UNREAD), deciding.cause)


def _unread(cause: str, what: str) -> _Doubt:
    """A document that could not be had. An address that cannot be used is the endorser's own fault."""
    return _Doubt(_lower(say(cause, what)), None if cause == "bad-url" else cause)


def _lower(sentence: str) -> str:
    """A sentence as the end of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
