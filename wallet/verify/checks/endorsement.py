"""Whether those who endorse the badge, its achievement or its issuer really do (OB2 Endorsement; checks 64 and 65).

Advice only: an endorsement that cannot be proven is not counted, and spoils nothing. One step deep: endorsements of endorsements
are not looked at. Only hosted endorsements are counted.
"""

from __future__ import annotations

from collections.abc import Iterable

from wallet.text import clean, plural
from wallet.verify import tables, urls
from wallet.verify.checks.hosted import scope_reasons
from wallet.verify.checks.revocation import entry_for
from wallet.verify.checks.structure import survey
from wallet.verify.dossier import Document, Dossier, Endorsed, called_revoked, identifier, methods_of, words
from wallet.verify.findings import passed, quote, warning
from wallet.verify.remedies import say
from wallet.verify.report import Finding, Role
from wallet.verify.tables import Defect

CLAIM, PROVEN = "endorsement.claim", "endorsement.proven"
_ENDORSED = {Role.ASSERTION: "this badge", Role.ACHIEVEMENT: "the achievement", Role.ISSUER: "the issuer"}


def endorsement(dossier: Dossier) -> Iterable[Finding]:
    """Two findings for each endorsement that was looked at, and one for all that were not."""
    for one in dossier.endorsements:
        what = _ENDORSED[one.of]
        evidence = (*one.document.evidence, *(one.issuer.evidence if one.issuer is not None else ()))
        reason = _unproven(one)
        if one.document.node is not None:
            named = identifier(one.document.node.get("claim"))
            if named is None or not any(urls.same(named, target) for target in one.targets):
                other = quote(named) if named is not None else "nothing"
                summary = f"An endorsement of {what} is not counted, because it is about {other}."
                yield warning(CLAIM, summary, found=named, evidence=evidence)
                continue
            yield passed(CLAIM, f"The endorsement is about {what}.", evidence)
        if reason is not None:
            summary = f"An endorsement of {what} is not counted: {reason}."
            yield warning(PROVEN, summary, found=one.url, evidence=evidence)
        else:
            host = urls.host_of(one.issuer.id or "") if one.issuer is not None else None
            yield passed(PROVEN, f"{quote(_name(one.issuer))} on {host} endorses {what}.", evidence)
    if dossier.endorsements_left:
        left = plural(dossier.endorsements_left, "endorsement")
        verb = "was" if dossier.endorsements_left == 1 else "were"
        yield warning(PROVEN, f"{left} {verb} not looked at, because a badge may cause only so many fetches.")


def _name(profile: Document | None) -> str:
    name = profile.node.get("name") if profile is not None and profile.node is not None else None
    return name if isinstance(name, str) else "An endorser without a name"


def _unproven(one: Endorsed) -> str | None:
    """Why the endorsement is not counted, as the end of a sentence; None when it is."""
    document, profile = one.document, one.issuer
    if document.gone:
        return "it was withdrawn"
    if document.unread is not None:
        return _lower(say(document.unread, "the endorsement"))
    node = document.node
    if node is None or document.content is None:
        return "it cannot be read"
    if "Endorsement" not in words(node, "type"):
        return "what came is no endorsement"
    if called_revoked(node):
        return "it was withdrawn"
    defect = next(
        (row for row in survey(document.content, tables.ENDORSEMENT).defects if row[1] is Defect.FAILED), None
    )
    if defect is not None:
        return _lower(defect[3])
    if not document.agrees:
        return "it names another address than its own"
    methods = methods_of(node)
    if not methods.hosted or methods.signed or not methods.known:
        return "it asks for another way of verification than being hosted"
    if profile is None:
        return "its issuer has no web address that could be checked"
    if profile.unread is not None:
        return _lower(say(profile.unread, "the endorser's profile"))
    url, home = urls.parse(document.id or ""), urls.parse(profile.id or "")
    if profile.node is None or url is None or home is None or not profile.agrees:
        return "its issuer's profile does not stand at the address it names"
    reasons = scope_reasons(url, profile.node, home)
    if reasons:
        return f"it is hosted on {clean(url.host)}, but {' and '.join(reasons)}"
    listed = one.revocation_list
    if listed is not None and listed.node is not None and entry_for(listed.node, node) is not None:
        return "it was withdrawn"
    return None


def _lower(sentence: str) -> str:
    """A sentence as the end of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
