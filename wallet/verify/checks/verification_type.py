"""Whether a badge says in a known way how to verify it (OB2 VerificationObject; check 26)."""

from __future__ import annotations

from collections.abc import Iterable

from wallet.verify.dossier import Dossier, methods_of
from wallet.verify.findings import failed, note, passed, quote, undetermined, waits, warning
from wallet.verify.report import Finding

CHECK = "verification.type"


def verification_type(dossier: Dossier) -> Iterable[Finding]:
    """Exactly known methods: hosted, signed, or both, which then both have to hold."""
    credential = dossier.credential
    node = dossier.node
    if node is None or credential is None or dossier.withdrawn:
        yield waits(CHECK, "This waits until the badge can be read.")
        return
    # What counts as signed because it came as a broken token may itself say something else.
    methods = dossier.methods if dossier.jws_problem is None else methods_of(node)
    if methods.words:
        names = ", ".join(quote(word) for word in methods.words)
        summary = f"It asks to be verified by {names}, which Open Badges does not define."
        yield failed(
            CHECK, "unknown-method", summary, expected="HostedBadge or SignedBadge", evidence=credential.evidence
        )
    elif methods.iris:
        names = ", ".join(quote(iri) for iri in methods.iris)
        summary = f"It asks to be verified by {names}, which is not known here."
        yield undetermined(CHECK, "unknown-method", summary, evidence=credential.evidence)
    elif not methods.known:
        summary = "It does not say how it can be verified."
        yield failed(CHECK, "no-method", summary, expected="HostedBadge or SignedBadge", evidence=credential.evidence)
    else:
        way = "hosted and signed" if methods.hosted and methods.signed else "hosted" if methods.hosted else "signed"
        yield passed(CHECK, f"It says that it is {way}.", credential.evidence)
    for word in methods.loose:
        yield note(CHECK, f"The method is spelt {quote(word)}, which other software may not understand.")
    if dossier.jws is not None and methods.hosted and not methods.signed:
        yield warning(
            "signed.unused", "It came with a signature but says that it is hosted, so the signature was not used."
        )
