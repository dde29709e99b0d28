"""A request for credit: the badges that count on a pathway, with their proofs, outcomes, hours and check dates. Pure.

Whether there is any credit is the decision of whom it is sent to, and the text says so. Nothing is sent; the originals that
let a reader prove each badge again travel in a bundle, which is the affair of the exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from wallet.details import hours_words
from wallet.model import Alignment
from wallet.pathways.advice import in_credits
from wallet.pathways.candidates import OFFLINE, VERIFIED, Candidate
from wallet.pathways.results import Progress
from wallet.text import clean

_PROVEN = {
    VERIFIED: "proven, and the issuer was asked whether it still stands",
    OFFLINE: "proven from its original; the issuer was not asked whether it still stands",
}
NOT_PROVEN = "not proven"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the wallet can show for a badge. address: the id of the credential. originals: sha256 of each form that is kept."""

    address: str | None = None
    checked: datetime | None = None
    originals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One badge that counts, and for what. hours: its own, else those of the element; None: nobody says. Texts are clean."""

    badge: str
    name: str
    issuer: str
    issued: date | None
    places: tuple[str, ...]
    outcomes: tuple[str, ...]
    hours: Fraction | None
    proven: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """hours: of all claims whose hours are known, each once; at_least: some are not known. words: attestations and exceptions."""

    progress: Progress
    claims: tuple[Claim, ...]
    hours: Fraction
    at_least: bool
    credits: tuple[str, ...]
    words: tuple[str, ...]


def credit_request(
    progress: Progress, candidates: Iterable[Candidate], proofs: Mapping[str, Proof], *languages: str
) -> CreditRequest:
    """What counts on the day of `progress`, oldest badge first. proofs: by id of the badge."""
    held = {one.id: one for one in candidates}
    places: dict[str, list[str]] = {}
    for node in progress.nodes:
        for name in node.by:
            if name in held and node.id not in places.setdefault(name, []):
                places[name].append(node.id)
    claims = [_claim(progress, held[name], ids, proofs.get(name, Proof()), languages) for name, ids in places.items()]
    claims.sort(key=lambda one: (one.issued or date.max, one.name.casefold(), one.badge))
    known = [one.hours for one in claims if one.hours is not None]
    pathway, said = progress.pathway, progress.personal
    words = [f"{clean(pathway.name_of(one.place, *languages))}: {one.sentence()}" for one in said.attested]
    names = {one.id: clean(one.name, limit=200) for one in held.values()}
    words += [f"{clean(pathway.name_of(one.place, *languages))}: {one.sentence(names)}" for one in said.excepted]
    total = sum(known, Fraction(0))
    return CreditRequest(
        progress,
        tuple(claims),
        total,
        len(known) < len(claims),
        in_credits(pathway, total, *languages) if known else (),
        tuple(words),
    )


def _claim(progress: Progress, badge: Candidate, places: list[str], proof: Proof, languages: tuple[str, ...]) -> Claim:
    pathway = progress.pathway
    elements = [pathway.elements[name] for name in places if name in pathway.elements]
    hours = badge.hours
    if hours is None:
        hours = next((one.hours for one in elements if one.hours is not None), None)
    outcomes = [clean(text.pick(*languages)) for one in elements for text in one.outcomes]
    outcomes += [_entry(one, languages) for element in elements for one in element.competencies]
    outcomes += [_entry(one, languages) for one in badge.alignments]
    return Claim(
        badge.id,
        clean(badge.name, limit=200),
        clean(badge.issuer_name or badge.issuer_id or "", limit=200),
        badge.issued_on,
        tuple(clean(pathway.name_of(name, *languages)) for name in places),
        tuple(dict.fromkeys(filter(None, outcomes))),
        Fraction(hours) if hours is not None else None,
        _PROVEN.get(badge.status, NOT_PROVEN),
        proof,
    )


def _entry(one: Alignment, languages: tuple[str, ...]) -> str:
    name, code = clean(one.target_name.pick(*languages)), clean(one.target_code or "")
    return f"{name} ({code})" if name and code else name or code


def hours_said(request: CreditRequest) -> str:
    """All hours, with what they come to in units that say how long they are."""
    least = "at least " if request.at_least else ""
    return least + hours_words(request.hours) + "".join(f" = {least}{words}" for words in request.credits)


def claim_facts(claim: Claim) -> list[tuple[str, str]]:
    """A badge as labelled lines; what nobody states is said to be missing."""
    missing = "not stated"
    checked = f"checked on {claim.proof.checked:%Y-%m-%d}" if claim.proof.checked is not None else "never checked"
    facts = [
        ("issuer", claim.issuer or missing),
        ("issued", claim.issued.isoformat() if claim.issued is not None else missing),
        ("counts for", "; ".join(claim.places)),
        ("outcomes", "; ".join(claim.outcomes) or missing),
        ("hours", hours_words(claim.hours) if claim.hours is not None else missing),
        ("proof", f"{claim.proven}, {checked}"),
        ("address", clean(claim.proof.address or "", limit=2_000) or missing),
    ]
    return facts + [("original sha256", sha) for sha in claim.proof.originals]
