"""Gathering what others say for a badge: endorsements, their endorsers, keys and revocation lists. Nothing is judged here.

One step deep: what endorses an endorsement or an endorser is not asked for, so nothing can lead in a circle.
"""

from __future__ import annotations

from dataclasses import replace

from wallet.documents import jws
from wallet.documents.jws import JwsProblem
from wallet.found import Kind
from wallet.limits import Limits
from wallet.model import JsonObject
from wallet.verify import urls
from wallet.verify.asking import Asking
from wallet.verify.dossier import Document, Dossier, Endorsed, Subject, identifier, methods_of, values
from wallet.verify.keys import Keys, listed_keys
from wallet.verify.reading import digest_of, read_object
from wallet.verify.report import Role


def endorsements(
    asking: Asking, limits: Limits, *parts: tuple[Role, JsonObject | None, Document | None]
) -> tuple[tuple[Endorsed, ...], int]:
    """The endorsements of each part, each once, as far as the budget goes, and how many are left."""
    found: list[Endorsed] = []
    left = 0
    for role, node, document in parts:
        listed = values(node, "endorsement") if node is not None else ()
        names = (identifier(node), document.url, document.moved_from) if document is not None else (identifier(node),)
        targets = tuple(name for name in names if name is not None)
        for url in dict.fromkeys(identifier(value) for value in listed):
            if asking.spent or len(found) >= limits.endorsements_per_badge:
                left += 1
            else:
                found.append(_endorsement(asking, limits, Endorsed(role, targets, url, _document(asking, url))))
    return tuple(found), left


def _document(asking: Asking, url: str | None) -> Document:
    return Document(Role.ENDORSEMENT, unread="bad-url") if url is None else asking.declared(Role.ENDORSEMENT, url)


def _endorsement(asking: Asking, limits: Limits, one: Endorsed) -> Endorsed:
    """`one` with what its proof needs: the endorser's profile and revocation list, and the keys if it is signed."""
    if one.document.unread == "token-instead":
        one = _signed(asking, limits, one)
    node = one.document.node
    endorser = identifier(node.get("issuer")) if node is not None else None
    if node is None or endorser is None or urls.parse(endorser) is None:
        return one
    profile = asking.declared(Role.ENDORSER, endorser, same_host=True)
    listed = identifier(profile.node.get("revocationList")) if profile.node is not None else None
    revoked = asking.document(Role.REVOCATION_LIST, listed) if listed is not None else None
    one = replace(one, issuer=profile, revocation_list=revoked)
    if one.signed is None:
        return one
    keys = listed_keys(asking, profile.node, node) if profile.node is not None else Keys()
    signed = replace(
        one.signed,
        issuer=profile,
        revocation_list=revoked,
        keys=keys.candidates,
        keys_cut=keys.cut,
        creator=keys.creator,
        creator_named=keys.creator_named,
    )
    return replace(one, signed=signed)


def _signed(asking: Asking, limits: Limits, one: Endorsed) -> Endorsed:
    """The signed endorsement that came instead of a JSON document, taken apart."""
    fetched = one.document.fetched
    assert fetched is not None
    digest = digest_of(fetched.body)
    asking.stamps.append((digest, fetched.fetched_at))
    document = replace(one.document, unread=None, evidence=(digest,))
    token = fetched.body.strip()
    facts = Dossier(Subject(token, Kind.OB2_JWS), digest, methods=methods_of(None))
    try:
        taken_apart = jws.decode(token)
    except JwsProblem as problem:
        # Judged as signed, so that the broken signature is what is said of it.
        signed = replace(facts, jws_problem=problem, methods=replace(facts.methods, signed=True))
        return replace(one, document=document, signed=signed)
    content = read_object(taken_apart.claims, digest, taken_apart.payload_bom, limits)
    if content.node is not None and content.version != "2.0":
        return replace(one, document=replace(document, unread="other-version"))
    document = replace(document, content=content)
    signed = replace(facts, jws=taken_apart, brought=document, credential=document, methods=methods_of(document.node))
    return replace(one, document=document, signed=signed)
