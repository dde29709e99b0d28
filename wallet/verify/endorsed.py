"""Gathering what others say for a badge: endorsements, their endorsers and revocation lists. Nothing is judged here."""

from __future__ import annotations

from wallet.model import JsonObject
from wallet.verify import urls
from wallet.verify.asking import Asking
from wallet.verify.dossier import Document, Endorsed, identifier, values
from wallet.verify.report import Role


def endorsements(
    asking: Asking, *parts: tuple[Role, JsonObject | None, Document | None]
) -> tuple[tuple[Endorsed, ...], int]:
    """The endorsements of each part, as far as the budget goes, and how many are left."""
    found: list[Endorsed] = []
    left = 0
    for role, node, document in parts:
        listed = values(node, "endorsement") if node is not None else ()
        names = (identifier(node), document.url, document.moved_from) if document is not None else (identifier(node),)
        targets = tuple(name for name in names if name is not None)
        for value in listed:
            if asking.spent:
                left += 1
            else:
                found.append(_endorsement(asking, role, targets, identifier(value)))
    return tuple(found), left


def _endorsement(asking: Asking, role: Role, targets: tuple[str, ...], url: str | None) -> Endorsed:
    if url is None:
        return Endorsed(role, targets, url, Document(Role.ENDORSEMENT, unread="bad-url"))
    document = asking.declared(Role.ENDORSEMENT, url)
    endorser = identifier(document.node.get("issuer")) if document.node is not None else None
    if endorser is None or urls.parse(endorser) is None:
        return Endorsed(role, targets, url, document)
    profile = asking.declared(Role.ENDORSER, endorser, same_host=True)
    listed = identifier(profile.node.get("revocationList")) if profile.node is not None else None
    revoked = asking.document(Role.REVOCATION_LIST, listed) if listed is not None else None
    return Endorsed(role, targets, url, document, profile, revoked)
