"""What has changed between two copies of one thing: the file and its hosted copy, the signed copy and the published one.

Compares compacted members, never bytes, and names the members that differ. Advice only: which copy counts is decided by the
way of verification (hosted values for hosted badges, signed values for signed ones; security.md T13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wallet.documents.strict_json import dumps
from wallet.model import Json, JsonObject
from wallet.verify.dossier import Dossier, identifier, values
from wallet.verify.findings import quote, warning
from wallet.verify.report import Finding

_LINKS = frozenset({"badge", "issuer", "publicKey"})
_NAMED = 6


def drift(dossier: Dossier) -> Iterable[Finding]:
    """`drift.local` and `drift.embedded`."""
    hosted, brought = dossier.hosted, dossier.brought
    served = hosted.node if hosted is not None and not dossier.withdrawn else None
    if hosted is not None and served is not None and brought is not None and brought.node is not None:
        changed = differences(brought.node, served)
        if changed:
            summary = f"The hosted badge differs from your file in {changed}; the hosted one counts."
            yield warning("drift.local", summary, evidence=hosted.evidence)
    if not dossier.methods.signed:
        return
    pairs = (
        ("achievement", dossier.achievement_embedded, dossier.achievement),
        ("issuer", dossier.issuer_embedded, dossier.issuer),
    )
    for what, inside, document in pairs:
        if inside is not None and document is not None and document.node is not None:
            changed = differences(inside, document.node)
            if changed:
                summary = f"The {what} as published differs from the signed copy in {changed}."
                yield warning("drift.embedded", summary, evidence=document.evidence)


def differences(one: JsonObject, other: JsonObject) -> str:
    """The names of the members that differ, for a sentence; "" when the two say the same."""
    names = sorted(name for name in {*one, *other} if _comparable(one, name) != _comparable(other, name))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(quote(name) for name in names[:_NAMED]) + more


def _comparable(node: JsonObject, name: str) -> tuple[str, ...]:
    """The values of a member without their order; what may be written inside or linked counts by its id."""
    if name in _LINKS:
        return tuple(sorted(identifier(value) or "" for value in values(node, name)))
    return tuple(sorted(_canonical(value) for value in values(node, name)))


def _canonical(value: Json) -> str:
    if isinstance(value, Mapping):
        return dumps({name: [*_comparable(value, name)] for name in sorted(value)})
    return dumps(value)
