"""Signed verification: one of the keys that the fetched issuer lists made this signature (OB2 SignedBadge; checks 34 to 43).

The key decides which algorithm may be used, never the token's header. Keys that travel with the badge prove nothing
(security.md T1 to T9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from wallet.documents import jws
from wallet.documents.jws import ALGORITHMS, JwsProblem, PublicKey
from wallet.verify import tables, urls
from wallet.verify.checks import legacy
from wallet.verify.checks.structure import key_structure
from wallet.verify.dossier import Document, Dossier, KeyCandidate, identifier, values
from wallet.verify.findings import failed, note, passed, quote, undetermined, unread, waits, warning
from wallet.verify.report import Finding, Outcome

FORM = ("signed.form", "signed.header")
KEY = ("signed.key-usable", "signed.key-strength", "signed.algorithm", "signed.key-owner", "signed.signature")


def signed(dossier: Dossier) -> Iterable[Finding]:
    """Checks 34 to 43, in the order in which they depend on each other."""
    if not dossier.methods.signed:
        return
    if dossier.jws is None and dossier.jws_problem is None:
        summary = "It says that it is signed, but it came without a signature."
        yield failed("signed.present", "no-signature", summary, expected="a compact JWS", found="JSON text")
        for check in (*FORM, _listing(dossier), *KEY, *tables.IDS["key"]):
            yield waits(check, "This waits until there is a signature.")
        return
    yield passed("signed.present", "It came with its signature.")
    if dossier.jws is None:
        yield from _broken_token(dossier)
        return
    yield passed("signed.form", "The signed badge is put together correctly.")
    yield passed("signed.header", "The signature's header asks for nothing special.")
    yield from _keys(dossier)


def _listing(dossier: Dossier) -> str:
    """The check that binds a key to the issuer."""
    return "legacy.pem" if dossier.older else "signed.key-listed"


def signing_key(dossier: Dossier) -> str | None:
    """Which of the listed keys a signed badge rests on: sha256 of its SubjectPublicKeyInfo; None when it rests on none."""
    token = dossier.jws
    if token is None:
        return None
    for candidate in dossier.keys:
        pem = candidate.node.get("publicKeyPem") if candidate.node is not None else None
        try:
            key = jws.load_key(pem) if isinstance(pem, str) else None
        except JwsProblem:
            continue
        # Of a single key it was found elsewhere whether it fits; to know which of several fits, each has to be tried.
        if key is not None and (len(dossier.keys) == 1 or jws.verify(token, key)):
            return key.spki_sha256
    return None


def _broken_token(dossier: Dossier) -> Iterable[Finding]:
    problem = dossier.jws_problem
    assert problem is not None
    for check in FORM:
        if check == problem.check:
            yield _problem(problem)
        else:
            yield waits(check, "This waits until the signed badge can be taken apart.")
    for check in (_listing(dossier), *KEY, *tables.IDS["key"]):
        yield waits(check, "This waits until the signed badge can be taken apart.")


def _problem(problem: JwsProblem, evidence: tuple[str, ...] = ()) -> Finding:
    say = undetermined if problem.undetermined else failed
    # Strict JSON has finer causes than a reader of the report needs.
    cause = "jws-form" if problem.check == "signed.form" and not problem.undetermined else problem.cause
    return say(problem.check, cause, f"{problem.message.rstrip('.')}.", evidence=evidence)


def _keys(dossier: Dossier) -> Iterable[Finding]:
    profile = dossier.issuer
    algorithm = dossier.jws.algorithm if dossier.jws is not None else None
    if profile is None or profile.node is None or not profile.agrees:
        yield waits(_listing(dossier), "This waits until the issuer is proven.")
        for check in (*KEY, *tables.IDS["key"]):
            # An algorithm that no key may use is refused whoever the issuer is.
            if check == "signed.algorithm" and algorithm not in ALGORITHMS:
                yield _refused(algorithm, None)
            else:
                yield waits(check, "This waits until the issuer is proven.")
        return
    # Older badges list no keys: there the host has to speak for the key.
    listed = legacy.pem(dossier) if dossier.older else _listed(dossier)
    yield listed
    if listed.outcome is not Outcome.PASSED:
        for check in (*KEY, *tables.IDS["key"]):
            if check == "signed.algorithm" and algorithm not in ALGORITHMS:
                yield _refused(algorithm, None)
            else:
                yield waits(check, "This waits until one of the issuer's keys is known.")
        return
    trials = [_try(dossier, candidate) for candidate in dossier.keys]
    best = max(trials, key=lambda trial: trial.reached)
    incomplete = dossier.keys_cut or any(not trial.usable for trial in trials)
    if not best.proven and best.usable and incomplete:
        # Somebody else's key may be the right one: that this one does not fit says nothing yet.
        best.findings["signed.signature"] = undetermined(
            "signed.signature",
            "key-unreachable",
            "None of the keys that could be read made this signature, and one of the issuer's keys could not be read.",
        )
    yield from best.findings.values()
    yield from best.notes
    if best.proven and algorithm != "RS256":
        name = quote(algorithm or "")
        yield warning("signed.algorithm-advice", f"It is signed with {name}, which other software may not read.")


def _listed(dossier: Dossier) -> Finding:
    """Check 38: the profile lists keys, and the one that the badge names is among them."""
    check = "signed.key-listed"
    profile = dossier.issuer
    assert profile is not None
    evidence = profile.evidence
    if profile.node is not None and not values(profile.node, "publicKey"):
        summary = "The issuer's profile lists no key, so nothing can be proven with one."
        return failed(check, "key-not-listed", summary, expected="publicKey", evidence=evidence)
    if not dossier.keys:
        named = f" {quote(dossier.creator)}" if dossier.creator is not None else ""
        summary = f"The key{named} that the badge names is not one that the issuer lists."
        return failed(check, "key-not-listed", summary, found=dossier.creator, evidence=evidence)
    if dossier.creator_named:
        return passed(check, "The key that the badge names is one that the issuer lists.", evidence)
    return passed(check, "The issuer lists its keys; the badge names none, so each was tried.", evidence)


@dataclass(slots=True)
class _Trial:
    """How far one key got. `reached` orders trials: the one that got farthest is reported."""

    findings: dict[str, Finding] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    reached: int = 0
    usable: bool = False
    proven: bool = False


#: What is said of a key that could not be tried.
_UNTRIED = {
    **{check: waits(check, "This waits until the issuer's key can be used.") for check in KEY},
    **{check: waits(check, "This waits until the issuer's key can be read.") for check in tables.IDS["key"]},
}


def _try(dossier: Dossier, candidate: KeyCandidate) -> _Trial:
    """Checks 37 and 39 to 42 for one key."""
    trial = _Trial(findings=dict(_UNTRIED))
    key = _load(candidate, trial)
    if key is None:
        return trial
    trial.usable = True
    evidence = candidate.evidence
    trial.findings["signed.key-usable"] = passed("signed.key-usable", "The issuer's key could be read.", evidence)
    size = f"{key.bits} bits" if key.kind == "RSA" else key.kind
    trial.findings["signed.key-strength"] = passed(
        "signed.key-strength", f"The issuer's key is strong enough ({size}).", evidence
    )
    token = dossier.jws
    assert token is not None
    if token.algorithm not in jws.allowed_algorithms(key):
        trial.findings["signed.algorithm"] = _refused(token.algorithm, key)
        trial.reached = 1
        return trial
    trial.findings["signed.algorithm"] = passed("signed.algorithm", "The signature's method fits the key.", evidence)
    verified = jws.verify(token, key)
    assert dossier.issuer is not None
    owned, remarks = _owner(candidate, dossier.issuer)
    trial.notes.extend(remarks)
    trial.findings["signed.key-owner"] = owned
    if verified:
        summary = "The signature was made with the issuer's key, and nothing was changed since."
        trial.findings["signed.signature"] = passed("signed.signature", summary, evidence)
    else:
        summary = "The signature does not match: the content was changed, or another key made it."
        trial.findings["signed.signature"] = failed("signed.signature", "bad-signature", summary, evidence=evidence)
    trial.proven = verified and owned.outcome is Outcome.PASSED
    trial.reached = 2 + 2 * verified + (owned.outcome is Outcome.PASSED)
    return trial


def _load(candidate: KeyCandidate, trial: _Trial) -> PublicKey | None:
    """Checks 39 and 40: the key inside the profile, or fetched; usable and strong."""
    if candidate.node is None:
        cause = candidate.unread or "key-unreadable"
        trial.findings["signed.key-usable"] = unread("signed.key-usable", cause, "the issuer's key")
        return None
    for finding in key_structure(candidate):
        if finding.check in trial.findings:
            trial.findings[finding.check] = finding
        else:
            trial.notes.append(finding)
    pem = candidate.node.get("publicKeyPem")
    if not isinstance(pem, str):
        summary = "The issuer's key holds no PEM text."
        trial.findings["signed.key-usable"] = undetermined(
            "signed.key-usable", "key-unreadable", summary, expected="publicKeyPem", evidence=candidate.evidence
        )
        return None
    try:
        return jws.load_key(pem)
    except JwsProblem as problem:
        trial.findings[problem.check] = _problem(problem, candidate.evidence)
        if problem.check == "signed.key-strength":
            # It was read well enough to see that it proves nothing.
            trial.findings["signed.key-usable"] = passed(
                "signed.key-usable", "The issuer's key could be read.", candidate.evidence
            )
        return None


def _refused(algorithm: str | None, key: PublicKey | None) -> Finding:
    """Check 37: the header names a method that this key, or no key, may use."""
    expected = ", ".join(jws.allowed_algorithms(key)) if key is not None else ", ".join(sorted(ALGORITHMS))
    if algorithm is None:
        summary = "The signature's header names no method."
    elif algorithm in ALGORITHMS:
        summary = f"The method {quote(algorithm)} does not fit the issuer's key."
    else:
        summary = f"The method {quote(algorithm)} is refused, because it proves nothing here."
    return failed("signed.algorithm", "algorithm", summary, expected=expected, found=algorithm)


@lru_cache(maxsize=128)
def _owner(candidate: KeyCandidate, profile: Document) -> tuple[Finding, tuple[Finding, ...]]:
    """Check 41: the key says that it belongs to this issuer. A key without an owner rests on the profile's list.

    With remarks. All badges that this key signed share them.
    """
    check = "signed.key-owner"
    node = candidate.node
    assert node is not None
    owners = [identifier(value) for value in values(node, "owner")]
    if not owners:
        remark = note(check, "The issuer's key names no owner.", evidence=candidate.evidence)
        return passed(check, "The issuer lists the key as its own.", candidate.evidence), (remark,)
    # The list is what proves it, so that a profile that moved to https need not change its keys.
    known = {urls.transport_free(name) for name in (profile.id, profile.url, profile.moved_from) if name is not None}
    if all(owner is not None and urls.transport_free(owner) in known for owner in owners):
        return passed(check, "The key belongs to the issuer.", candidate.evidence), ()
    other = next((owner for owner in owners if owner is not None), None)
    summary = f"The key says that it belongs to {quote(other or 'nobody')}, not to this issuer."
    return failed(check, "key-owner", summary, expected=profile.id, found=other, evidence=candidate.evidence), ()
