"""What a record about a place must say before the wallet keeps it: somebody's word, or an exception. Pure.

Both faces build records here, so that the same things are refused with the same sentences. What a record means for a figure is
the affair of `personal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wallet.errors import UsageError
from wallet.model import Json
from wallet.pathways.model import Pathway
from wallet.pathways.personal import KINDS, OF_BADGES, excepted, misfit
from wallet.text import clean

#: The parts that a rule of an exception may have.
RULE_KEYS = ("achievement", "achievement_glob", "issuer", "name", "tag", "alignment", "framework", "code")
_LONGEST = 2_000


def roles(pathway: Pathway, place: str) -> tuple[str, ...]:
    """Whose word fills the element, in the order of its rules; empty where only badges do."""
    element = pathway.elements.get(place)
    found = [rule.attested for rule in element.match if rule.attested is not None] if element is not None else []
    return tuple(dict.fromkeys(found))


def attestation(
    pathway: Pathway,
    place: str,
    *,
    who: str | None,
    role: str | None,
    reason: str | None,
    day: date,
    evidence: str | None = None,
) -> dict[str, Json]:
    """Somebody's word that an element is done. Raises `UsageError`."""
    wanted = roles(pathway, place)
    if not wanted or (role is not None and role not in wanted):
        why = f"only an {' or '.join(wanted)} can attest it" if wanted else "it is filled by a badge, not by a word"
        raise UsageError(
            f"'{clean(place)}' cannot be attested like this: {why}.",
            "An advisor can grant an exception instead: badgefolio pathway except --help.",
        )
    about: dict[str, Json] = {
        "who": text(who, "Whose word it is (who)"),
        "role": role or wanted[0],
        "reason": text(reason, "What was seen or done (reason)"),
        "date": day.isoformat(),
    }
    if evidence is not None:
        about["work_evidence"] = text(evidence, "The address of the work (evidence)")
    return about


def exception(
    pathway: Pathway,
    place: str,
    kind: str | None,
    *,
    who: str | None,
    reason: str | None,
    at: date,
    badge: str | None = None,
    allow: Iterable[str] = (),
    count: int | None = None,
) -> dict[str, Json]:
    """An exception for one place. badge: its id; allow: `key=value` for also-allow. Raises `UsageError`."""
    if kind not in KINDS:
        raise UsageError("An exception needs its kind.", f"Kinds are {', '.join(KINDS)}.")
    about: dict[str, Json] = {
        "kind": kind,
        "who": text(who, "Who grants it (who)"),
        "reason": text(reason, "Why (reason)"),
    }
    if kind in OF_BADGES and badge is not None:
        about["badge"] = badge
    if kind == "also-allow":
        about["rule"] = _rule(allow)
    if kind == "change-count" and count is not None:
        about["count"] = count
    wrong = misfit(pathway, excepted(place, about, at))
    if wrong is not None:
        raise UsageError(wrong, "See 'badgefolio pathway except --help'; nothing was recorded.")
    return about


def text(value: str | None, what: str) -> str:
    """What was said, if anything was and it is not too long. Raises `UsageError`."""
    said = (value or "").strip()
    if not said or len(said) > _LONGEST:
        raise UsageError(f"{what} is missing or too long.", f"Say it in up to {_LONGEST:,} characters.")
    return said


def _rule(pairs: Iterable[str]) -> dict[str, Json]:
    rule: dict[str, Json] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or key.strip() not in RULE_KEYS or not value.strip():
            raise UsageError(
                f"'{clean(pair, limit=80)}' is not part of a rule.",
                f"Write KEY=VALUE; keys are {', '.join(RULE_KEYS)}.",
            )
        rule[key.strip()] = value.strip()
    return rule
