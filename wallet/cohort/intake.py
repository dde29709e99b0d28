"""What a learner handed over, as a cohort keeps it: credentials to check, entries that cannot be checked, consent. Pure.

Of a bundle only its originals, its identities, for whom and until when it was made, and its bare descriptions are taken.
Verdicts, figures and kept evidence in it are the learner's word and are not even looked at (advisor.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from pathlib import PurePath

from wallet.bundle import Bundle, BundleBadge
from wallet.cohort import forms
from wallet.cohort.kept import Card, Given, Item
from wallet.cohort.model import CheckedBadge, Consent, Handed, Problem, ProblemCode, Proof
from wallet.found import Found
from wallet.model import Json
from wallet.pathways.candidates import SELF_ASSERTED, Candidate
from wallet.text import clean


def card_of(number: str, handed: Handed) -> Card:
    """Who handed it over."""
    bundle = handed.bundle
    return Card(
        number,
        (bundle.person.strip() if bundle is not None else "") or _named(PurePath(handed.name).stem),
        handed.name,
        handed.sha256,
        handed.files,
        bundle.identities if bundle is not None else (),
        _consent(bundle),
        handed.stamp,
    )


def _named(stem: str) -> str:
    """The name of a file as the name of a person: what joins its words is a space, but a hyphen beside it stays."""
    words = stem if " " in stem else stem.replace("_", " ") if "_" in stem else stem.replace("-", " ")
    return words.strip() or stem


def given_of(handed: Handed) -> Given:
    """What there is to check, and what is wrong with it before anything is checked."""
    items: dict[str, Item] = {}
    for found in handed.found:
        raw = sha256(found.raw).hexdigest()
        held = items.get(raw)
        # The same credential in a picture and beside it: the picture is what was awarded.
        if held is None or (held.original == held.raw and found.container is not None):
            items[raw] = Item(_original(found, raw), raw, found.kind, found.fetch_url)
    described = tuple(_described(handed, items))
    problems = [Problem(ProblemCode.UNREADABLE, one.message) for one in handed.refused]
    if not items and not described and not problems:
        problems.append(Problem(ProblemCode.EMPTY, "There is no badge in what was handed over."))
    bundle = handed.bundle
    return Given(
        tuple(items[raw] for raw in sorted(items)),
        described,
        tuple(dict.fromkeys(problems)),
        bundle.created.astimezone(UTC).date() if bundle is not None else None,
        sum(count for _, count in bundle.left_out) if bundle is not None else 0,
    )


def _original(found: Found, raw: str) -> str:
    return sha256(found.container).hexdigest() if found.container is not None else raw


def _consent(bundle: Bundle | None) -> Consent | None:
    if bundle is None or not (bundle.consent.strip() or bundle.given or bundle.until):
        return None
    return Consent(bundle.consent, bundle.given, bundle.until, bundle.purpose, "bundle")


def _described(handed: Handed, items: dict[str, Item]) -> Iterator[CheckedBadge]:
    """Entries of the bundle of which no original came along."""
    if handed.bundle is None:
        return
    there = {name for item in items.values() for name in (item.original, item.raw)}
    hashes = {file.path: file.sha256 for file in handed.bundle.files}
    for entry in handed.bundle.badges:
        if entry.id not in there and not any(hashes.get(path) in there for path in entry.files):
            yield _as_told(entry)


def _as_told(entry: BundleBadge) -> CheckedBadge:
    told: Json = [
        entry.name, entry.issuer, entry.issuer_id, entry.achievement_id, forms.iso(entry.issued), forms.iso(entry.expires),
    ]  # fmt: skip
    candidate = Candidate(
        sha256(forms.dumps(told)).hexdigest(),
        entry.achievement_id,
        entry.issuer_id,
        entry.name,
        entry.issuer,
        issued_on=entry.issued,
        expires=entry.expires,
        status=SELF_ASSERTED,
    )
    why = f"{clean(entry.name, limit=80) or 'It'} is only described; nothing came that could be checked."
    return CheckedBadge("", None, candidate, Proof.DESCRIBED, why=why)
