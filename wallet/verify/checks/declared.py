"""Whether the issuer's profile says where its hosted badges may lie (OB2 VerificationObject). Without it its host's name counts.

Advice: most issuers leave it out, and on a host of their own nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wallet.verify.dossier import Dossier, values
from wallet.verify.findings import passed, skipped
from wallet.verify.report import Finding

CHECK = "hosted.scope-declared"


def declared(dossier: Dossier) -> Iterable[Finding]:
    """`hosted.scope-declared`: skipped when there is nothing declared, which is no fault."""
    profile = dossier.issuer_node
    if not dossier.methods.hosted or profile is None or dossier.issuer is None:
        return
    rules = [rule for rule in values(profile, "verification") if isinstance(rule, Mapping)]
    if any(rule.get(name) is not None for rule in rules for name in ("startsWith", "allowedOrigins")):
        yield passed(CHECK, "The issuer's profile says where its badges may lie.", dossier.issuer.evidence)
    else:
        yield skipped(CHECK, "The issuer's profile does not say where its badges may lie, so its host's name counts.")
