"""Whether the issuer withdrew the badge (OB2 Revoking Hosted Badges, RevocationList; checks 44 to 47).

Only 410 and `revoked` mean withdrawn; an address that is merely missing proves nothing. A list that could not be read never
counts as a clean one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from wallet.model import Json, JsonObject
from wallet.verify import urls
from wallet.verify.dossier import Document, Dossier, called_revoked, identifier, values
from wallet.verify.findings import failed, note, passed, quote, undetermined, unread, waits, warning
from wallet.verify.report import Finding


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
    if entry is None and not _readable(listed.node):
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
    own, uid = identifier(credential.get("id")), _uid(credential)
    place = listed.fetched.final_url if listed.fetched is not None else ""
    name = urls.transport_free(own) if own is not None else None
    return next((entry for entry in _entries(listed.node or {}) if _is_this(entry, name, uid, place)), None)


def decides(listed: Document, credential: JsonObject | None) -> bool:
    """Whether a list says of this credential that it was withdrawn, or that it was not."""
    node = listed.node
    return node is not None and (
        _readable(node) or (credential is not None and entry_for(listed, credential) is not None)
    )


def _items(node: JsonObject) -> tuple[Json, ...]:
    """What stands in a list. The context has two names for it."""
    return (*values(node, "revokedAssertions"), *values(node, "revoked"))


def _readable(node: JsonObject) -> bool:
    """Whether it is a list at all, and nothing stands in it that might be anybody's name."""
    is_list = "revokedAssertions" in node or "revoked" in node
    return is_list and all(_is_entry(item) for item in _items(node))


def _entries(node: JsonObject) -> Iterator[str | JsonObject]:
    """The entries of a list that can be read."""
    return (item for item in _items(node) if _is_entry(item))


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


def _is_this(entry: str | JsonObject, own: str | None, own_uid: str | None, place: str) -> bool:
    """Whether an entry of the list at `place` means the credential of that id (transport left out) and uid."""
    inside = entry if isinstance(entry, Mapping) else None
    if inside is not None and inside.get("revoked") is False:
        return False
    name = identifier(entry)
    if name is not None and own is not None and urls.transport_free(name) == own:
        return True
    # Some publishers list what they count their badges as, without saying so, or leave out the beginning of an address.
    uid = _uid(inside) if inside is not None else name
    if uid is not None and uid == own_uid:
        return True
    return name is not None and ":" not in name and urls.transport_free(urls.joined(place, name)) == own
