"""What has changed between two copies of one thing: the file and its hosted copy, the signed copy and the published one.

Compares compacted members, never bytes, and names the members that differ. Advice only: which copy counts is decided by the
way of verification (hosted values for hosted badges, signed values for signed ones; security.md T13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wallet.documents.strict_json import dumps
from wallet.model import Json, JsonObject
from wallet.verify.dossier import Dossier, Given, Memory, identifier, values
from wallet.verify.findings import day, quote, warning
from wallet.verify.reading import digest_of, read_content
from wallet.verify.report import Finding, Role

_LINKS = frozenset({"badge", "issuer", "publicKey"})
_NAMED = 6
_SHOWN = 200


_WORDS = {Role.ASSERTION: "hosted badge", Role.ACHIEVEMENT: "achievement", Role.ISSUER: "issuer's profile"}
_PICTURES = {
    Role.ACHIEVEMENT_IMAGE: "picture of the achievement",
    Role.ASSERTION_IMAGE: "picture of the badge",
    Role.ISSUER_IMAGE: "picture of the issuer",
}


def drift(dossier: Dossier, given: Given) -> Iterable[Finding]:
    """`drift.local`, `drift.embedded` and `drift.hosted`."""
    hosted, brought = dossier.hosted, dossier.brought
    served = hosted.node if hosted is not None and not dossier.withdrawn else None
    if hosted is not None and served is not None and brought is not None and brought.node is not None:
        # The same bytes are the same document to everybody; most files are just what is hosted.
        changed = "" if brought.content is hosted.content else differences(brought.node, served)
        if changed:
            counts = "both count, and have to say the same" if dossier.methods.signed else "the hosted one counts"
            summary = f"The hosted badge differs from your file in {changed}; {counts}."
            yield warning("drift.local", summary, cause="drift-file", evidence=hosted.evidence)
    if dossier.methods.signed:
        yield from _embedded(dossier)
    if given.memory.answers:
        yield from _since(dossier, given.memory)


def _embedded(dossier: Dossier) -> Iterable[Finding]:
    pairs = (
        ("achievement", dossier.achievement_embedded, dossier.achievement),
        ("issuer", dossier.issuer_embedded, dossier.issuer),
    )
    for what, inside, document in pairs:
        if inside is not None and document is not None and document.node is not None:
            changed = differences(inside, document.node)
            if changed:
                summary = f"The {what} as published differs from the signed copy in {changed}."
                yield warning("drift.embedded", summary, cause="drift", evidence=document.evidence)


def _since(dossier: Dossier, memory: Memory) -> Iterable[Finding]:
    """What is published now, beside what an earlier run read at the same address."""
    for document in (dossier.hosted, dossier.achievement, dossier.issuer):
        if document is None or document.node is None or document.content is None or document.url is None:
            continue
        before = memory.answers.get(document.url)
        if before is None or not before.ok or digest_of(before.body) == document.content.sha256:
            continue
        old = read_content(before.body)
        names = _changed(old.node, document.node) if old.node is not None and old.version == "2.0" else []
        if old.node is not None and names:
            summary = (
                f"The {_WORDS[document.role]} was changed since {day(before.fetched_at)}, in {_listed(names)}"
                f"{_example(old.node, document.node, names)}."
            )
            expected, found = (_shown(node, names[0]) for node in (old.node, document.node))
            yield warning(
                "drift.hosted", summary, cause="drift", expected=expected, found=found, evidence=document.evidence
            )
    for picture in dossier.pictures:
        before = memory.answers.get(picture.url)
        if before is not None and before.ok and picture.evidence and digest_of(before.body) not in picture.evidence:
            summary = f"The {_PICTURES[picture.role]} was changed since {day(before.fetched_at)}."
            yield warning("drift.hosted", summary, cause="drift", evidence=picture.evidence)


def _example(old: JsonObject, new: JsonObject, names: list[str]) -> str:
    """The first change that can be read as a text: “Lab Safety” became “Laboratory Safety”."""
    for name in names:
        before, after = _shown(old, name), _shown(new, name)
        if before is not None and after is not None:
            return f": {quote(before)} became {quote(after)}"
    return ""


def _shown(node: JsonObject, name: str) -> str | None:
    """A member as short text, if it is a plain one."""
    value = node.get(name)
    return value[:_SHOWN] if isinstance(value, str) else None


def differences(one: JsonObject, other: JsonObject) -> str:
    """The names of the members that differ, for a sentence; "" when the two say the same."""
    return _listed(_changed(one, other))


def _changed(one: JsonObject, other: JsonObject) -> list[str]:
    return sorted(name for name in {*one, *other} if _comparable(one, name) != _comparable(other, name))


def _listed(names: list[str]) -> str:
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
