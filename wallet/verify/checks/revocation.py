"""Whether the issuer withdrew the badge (OB2 Revoking Hosted Badges, RevocationList; checks 44 to 47).

Only 410 and `revoked` mean withdrawn; an address that is merely missing proves nothing. A list that could not be read never
counts as a clean one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from wallet.model import Json, JsonObject
from wallet.verify import urls
from wallet.verify.dossier import Document, Dossier, called_revoked, identifier, values
from wallet.verify.findings import failed, note, passed, quote, undetermined, unread, waits, warning
from wallet.verify.report import Finding

_SHARED_BYTES = 64 * 2**10


def revocation(dossier: Dossier) -> Iterable[Finding]:
    """Checks 44 to 47, as far as they concern the way in which this badge is verified."""
    if dossier.methods.hosted:
        yield _hosted(dossier)
    if dossier.methods.signed:
        yield _self(dossier)
    yield from _list(dossier)


def _withdrawn(check: str, reason: str | None, evidence: tuple[str, ...]) -> Finding:
    why = f" and gives as its reason: {quote(reason)}" if reason else ""
    return failed(check, "revoked", f"The issuer withdrew this badge{why}.", found=reason, evidence=evidence)


def _hosted(dossier: Dossier) -> Finding:
    """Check 44: the server does not say that it was withdrawn."""
    check = "revocation.hosted"
    document = dossier.hosted
    if document is None:
        return waits(check, "This waits until the badge has a usable address.")
    if document.gone:
        return _withdrawn(check, dossier.withdrawn_reason, document.evidence)
    if document.node is None:
        return waits(check, "This waits until the hosted badge can be read.")
    if called_revoked(document.node):
        said = document.node.get("revocationReason")
        return _withdrawn(check, said if isinstance(said, str) else None, document.evidence)
    return passed(check, "The issuer's server does not say that it was withdrawn.", document.evidence)


def _self(dossier: Dossier) -> Finding:
    """Check 45: what was signed does not call itself withdrawn."""
    check = "revocation.self"
    node = dossier.node
    if node is None:
        return waits(check, "This waits until the badge can be read.")
    if called_revoked(node):
        said = node.get("revocationReason")
        return _withdrawn(check, said if isinstance(said, str) else None, ())
    return passed(check, "It does not call itself withdrawn.")


def _list(dossier: Dossier) -> Iterable[Finding]:
    """Checks 46 and 47: the issuer's list does not name this badge, by id or by uid."""
    check = "revocation.list"
    profile = dossier.issuer
    listed = dossier.revocation_list
    signed = dossier.methods.signed
    if profile is None or profile.node is None or not profile.agrees:
        if signed or listed is not None:
            yield waits(check, "This waits until the issuer is proven.")
        return
    if listed is None:
        if profile.node.get("revocationList") is not None:
            yield undetermined(check, "list-unreadable", "The address of the issuer's revocation list cannot be used.")
        elif signed:
            yield passed(check, "The issuer keeps no revocation list.", profile.evidence)
        return
    if listed.node is None:
        cause = listed.unread or "list-unreadable"
        finding = unread(check, cause, "the issuer's revocation list")
        if signed:
            yield finding
        else:
            yield note(check, f"{finding.summary.rstrip('.')}; the badge itself is hosted and was not withdrawn there.")
        return
    node = dossier.node
    if node is None:
        return
    evidence: tuple[str, ...] = (*profile.evidence, *listed.evidence)
    entry = entry_for(listed, node)
    if entry is None and not _index(listed).readable:
        summary = "Whether it was withdrawn is not known, because the issuer's list cannot be read."
        if signed:
            yield undetermined(check, "list-unreadable", summary, evidence=evidence)
        else:
            yield note(check, "The issuer's revocation list cannot be read.", evidence=evidence)
        return
    if entry is not None:
        reason = entry.get("revocationReason") if isinstance(entry, Mapping) else None
        yield _withdrawn(check, reason if isinstance(reason, str) else None, evidence)
    else:
        yield passed(check, "The issuer's list does not name this badge.", evidence)
    owner = identifier(listed.node.get("issuer"))
    if owner is not None and not any(
        urls.same(owner, name) for name in (profile.id, profile.url, profile.moved_from) if name is not None
    ):
        summary = f"The list says that it belongs to {quote(owner)}; it counts, because the issuer's profile names it."
        yield warning("revocation.list-issuer", summary, evidence=listed.evidence)


def entry_for(listed: Document, credential: JsonObject) -> str | JsonObject | None:
    """The entry of a list that names this credential, if there is one."""
    index = _index(listed)
    own, uid = identifier(credential.get("id")), _uid(credential)
    found = index.ids.get(urls.transport_free(own)) if own is not None else None
    return found if found is not None or uid is None else index.uids.get(uid)


def decides(listed: Document, credential: JsonObject | None) -> bool:
    """Whether a list says of this credential that it was withdrawn, or that it was not."""
    return listed.node is not None and (
        _index(listed).readable or (credential is not None and entry_for(listed, credential) is not None)
    )


@dataclass(frozen=True, slots=True)
class _Index:
    """The entries of a list by what they name, addresses without their transport.

    readable: it is a list at all, and nothing stands in it that might be anybody's name.
    """

    readable: bool
    ids: Mapping[str, str | JsonObject]
    uids: Mapping[str, str | JsonObject]


def _indexed(listed: Document) -> _Index:
    node = listed.node or {}
    place = listed.fetched.final_url if listed.fetched is not None else ""
    # The context has two names for it.
    items = (*values(node, "revokedAssertions"), *values(node, "revoked"))
    entries = [item for item in items if _is_entry(item)]
    ids: dict[str, str | JsonObject] = {}
    uids: dict[str, str | JsonObject] = {}
    for entry in entries:
        inside = entry if isinstance(entry, Mapping) else None
        if inside is not None and inside.get("revoked") is False:
            continue
        # Some publishers list what they count their badges as, without saying so, or leave out the beginning of an address.
        name = identifier(entry)
        uid = _uid(inside) if inside is not None else name
        if name is not None:
            ids.setdefault(urls.transport_free(name), entry)
            if ":" not in name:
                ids.setdefault(urls.transport_free(urls.joined(place, name)), entry)
        if uid is not None:
            uids.setdefault(uid, entry)
    is_list = "revokedAssertions" in node or "revoked" in node
    return _Index(is_list and len(entries) == len(items), ids, uids)


_shared_index = lru_cache(maxsize=32)(_indexed)


def _index(listed: Document) -> _Index:
    """A thousand badges share a list; one so large that each has its own is not kept."""
    small = listed.fetched is not None and len(listed.fetched.body) <= _SHARED_BYTES
    return _shared_index(listed) if small else _indexed(listed)


def _is_entry(item: Json) -> TypeGuard[str | JsonObject]:
    if isinstance(item, Mapping):
        return isinstance(item.get("id"), str) or _uid(item) is not None
    return isinstance(item, str)


def _uid(node: JsonObject) -> str | None:
    """A uid, which some publishers write as a number."""
    uid = node.get("uid")
    if isinstance(uid, int) and not isinstance(uid, bool):
        return str(uid)
    return uid if isinstance(uid, str) else None
