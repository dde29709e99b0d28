"""How the badge was baked into the picture that the learner brought, and whether the badge's own picture is baked with it.

Advice only (checks 58 to 60): another reader may trip over what is unusual here. Open Badges Baking 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from wallet.documents import jws
from wallet.documents.baked import BakedBadge, read_baked
from wallet.documents.png import SIGNATURE
from wallet.documents.strict_json import JsonProblem, parse
from wallet.found import Kind
from wallet.verify import urls
from wallet.verify.checks.image import picture_kind
from wallet.verify.dossier import Dossier, identifier
from wallet.verify.findings import passed, warning
from wallet.verify.remedies import say
from wallet.verify.report import Finding, Role


def baking(dossier: Dossier) -> Iterable[Finding]:
    """Checks 58 to 60."""
    container = dossier.subject.container
    if container is None or container.startswith(SIGNATURE):
        _latest.forget()
        yield from _carried(container) if container is not None else ()
    else:
        yield from _latest.carried(container)
    picture = dossier.picture(Role.ASSERTION_IMAGE)
    if picture is not None and picture.body is not None and dossier.node is not None:
        baked = read_baked(picture.body)
        yield _match(dossier, baked, picture.evidence) if baked else _nothing(picture.body, picture.evidence)


def _carried(container: bytes) -> tuple[Finding, ...]:
    baked = read_baked(container)
    return (_single(baked), _form(baked)) if baked else ()


class _Latest:
    """What was found of the drawing looked at last: one that carries thousands of badges is brought with each of them."""

    _NOTHING: ClassVar[tuple[bytes, tuple[Finding, ...]]] = (b"", ())

    def __init__(self) -> None:
        self._held = self._NOTHING

    def forget(self) -> None:
        """Let go of it: it may be large."""
        self._held = self._NOTHING

    def carried(self, container: bytes) -> tuple[Finding, ...]:
        """As `_carried`. Asked by identity: to compare drawings takes as long as to look."""
        held, found = self._held
        if held is not container:
            found = _carried(container)
            self._held = (container, found)
        return found


_latest = _Latest()


def _single(baked: tuple[BakedBadge, ...]) -> Finding:
    """Check 59: one badge in one picture."""
    if len(baked) == 1:
        return passed("baking.single", "The picture carries one badge.")
    different = len({each.text for each in baked})
    which = "all of them the same" if different == 1 else f"{different} different ones"
    summary = f"The picture carries {len(baked)} badges, {which}; other software may read another one."
    return warning("baking.single", summary)


def _form(baked: tuple[BakedBadge, ...]) -> Finding:
    """Check 60: baked as the standard says, so that all software finds it."""
    faults = dict.fromkeys(fault for each in baked for fault in (*each.faults, *_disagreement(each)))
    if not faults:
        return passed("baking.form", "The badge is baked into the picture as the standard says.")
    effect = "may look there instead" if any(_disagreement(each) for each in baked) else "may not find it"
    return warning("baking.form", f"The badge in the picture {' and '.join(faults)}; other software {effect}.")


def _disagreement(baked: BakedBadge) -> tuple[str, ...]:
    """An SVG element may name the badge's address besides; then both should mean one badge."""
    if not baked.verify or baked.text is None or baked.text == baked.verify:
        return ()
    named, own = _id_of(baked.verify), _id_of(baked.text)
    agree = named is not None and own is not None and urls.same(named, own)
    return () if agree else ("names another address than its own",)


def _match(dossier: Dossier, baked: tuple[BakedBadge, ...], evidence: tuple[str, ...]) -> Finding:
    """Check 58: the badge's own picture carries this badge."""
    check = "image.baked-match"
    own = identifier(dossier.node)
    token = dossier.subject.raw.strip() if dossier.subject.kind is Kind.OB2_JWS else None
    for each in baked:
        name = _id_of(each.text) if each.text is not None else None
        if (token is not None and each.text == token) or (
            name is not None and own is not None and urls.same(name, own)
        ):
            return passed(check, "The badge's own picture is baked with this badge.", evidence)
    return warning(check, "The badge's own picture is baked with another badge.", evidence=evidence)


def _nothing(picture: bytes, evidence: tuple[str, ...]) -> Finding:
    """Check 58 where no badge was found; a picture beyond a cap was not read to its end, so nobody knows what it carries."""
    check = "image.baked-match"
    _, cause, detail = picture_kind(picture)
    if not cause:
        return warning(check, "The badge's own picture has no badge baked into it.", evidence=evidence)
    beyond = say(cause, "the badge's own picture")[:-1]
    summary = f"{beyond} ({detail}), so whether a badge is baked into it was not found out."
    return warning(check, summary, cause=cause, evidence=evidence)


def _id_of(text: bytes) -> str | None:
    """The id that a baked text gives: of a JSON document, of a signed payload, or the address itself."""
    text = text.strip()
    if jws.COMPACT.fullmatch(text):
        return identifier(jws.peek(text))
    try:
        value = parse(text).value
    except JsonProblem:
        address = text.decode("utf-8", "replace")
        return address if urls.parse(address) is not None else None
    return identifier(value) if isinstance(value, Mapping) else None
