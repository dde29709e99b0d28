"""Every check there is: its id, what it means, where the specification says so, and whether a verdict hangs on it.

Facts only. What a check does stands in `wallet.verify.checks`; which of the mandatory ones a given badge needs, in
`wallet.verify.policy`. A warning that belongs to a mandatory check has the id `<id>.note`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from wallet.verify import tables

AUTHENTIC, YOURS, STILL_GOOD = "authentic", "yours", "still_good"


@lru_cache(maxsize=1_024)
def question(check: str) -> str:
    """Which of the three questions a mandatory check answers: "authentic", "yours" or "still_good"."""
    if check.startswith("recipient."):
        return YOURS
    if check.startswith(("revocation.", "structure.revocationlist.")) or check == "time.expires":
        return STILL_GOOD
    return AUTHENTIC


@dataclass(frozen=True, slots=True)
class Check:
    """One row. `title` is what holds when the check passed; `spec` names the section of Open Badges 2.0 or an RFC."""

    id: str
    title: str
    spec: str
    mandatory: bool = True

    @property
    def question(self) -> str | None:
        """The question that a mandatory check helps to answer; None for advice."""
        return question(self.id) if self.mandatory else None


def _structure() -> tuple[Check, ...]:
    return tuple(
        Check(
            data_class.check(prop.name),
            f"The {prop.name.lstrip('@')} of {data_class.words} is as it should be",
            f"OB2 {data_class.spec}",
        )
        for data_class in tables.CLASSES.values()
        for prop in data_class.properties
    )


CATALOGUE: tuple[Check, ...] = (
    Check("fetch.transport", "Every document came over https", "OB2 HostedBadge", mandatory=False),
    Check("fetch.content-type", "Documents are labelled as JSON", "OB2 Content-Type", mandatory=False),
    Check("fetch.proxy", "The address of each host could be checked", "OB2 HostedBadge", mandatory=False),
    Check("document.json", "The documents are strict JSON", "OB2 Data Validation"),
    Check("document.bom", "No byte order mark precedes the JSON", "OB2 Data Validation", mandatory=False),
    Check("document.kind", "Each document is of the class asked for", "OB2 type"),
    Check("jsonld.context", "The documents use the Open Badges vocabulary", "OB2 Data Validation"),
    Check("jsonld.split", "No context gives a word of Open Badges another meaning", "OB2 Data Validation"),
    Check("jsonld.keywords", "Only JSON-LD features that are safe to read are used", "OB2 Data Validation"),
    Check("jsonld.unknown-context", "All contexts are known", "OB2 Additional Properties", mandatory=False),
    Check("jsonld.undefined", "All members have a definition", "OB2 Vocabulary", mandatory=False),
    *_structure(),
    Check("verification.type", "It says in a known way how to verify it", "OB2 VerificationObject"),
    Check("hosted.id", "Its id is a proper web address", "OB2 HostedBadge"),
    Check("hosted.fetched", "The hosted badge could be read", "OB2 HostedBadge"),
    Check("hosted.same-id", "The hosted badge names its own address", "OB2 HostedBadge"),
    Check("hosted.moved", "The badge lies where its address says", "OB2 HostedBadge", mandatory=False),
    Check("hosted.scope", "Its address lies where the issuer publishes", "OB2 VerificationObject"),
    Check("hosted.scope-declared", "The issuer says where it publishes", "OB2 VerificationObject", mandatory=False),
    Check("hosted.scope-port", "Scheme and port are the issuer's", "OB2 VerificationObject", mandatory=False),
    Check("hosted.class-scope", "The achievement lies where the issuer publishes", "OB2 HostedBadge"),
    Check("issuer.proven", "The issuer's profile stands at the address it names", "OB2 Profile"),
    Check("issuer.class", "The achievement names this issuer", "OB2 Verification"),
    Check("signed.present", "It came with its signature", "OB2 SignedBadge"),
    Check("signed.form", "The signed badge is put together correctly", "RFC 7515"),
    Check("signed.header", "The signature's header asks for nothing special", "RFC 7515"),
    Check("signed.algorithm", "The signature's method fits the key", "OB2 SignedBadge"),
    Check("signed.key-listed", "The key is one that the issuer lists", "OB2 SignedBadge 4"),
    Check("signed.key-usable", "The key could be read", "OB2 SignedBadge 5"),
    Check("signed.key-strength", "The key is strong enough", "RFC 7518"),
    Check("signed.key-owner", "The key belongs to the issuer", "OB2 CryptographicKey"),
    Check("signed.signature", "The signature matches the content", "OB2 SignedBadge 6"),
    Check("signed.algorithm-advice", "The method is one that all software reads", "OB2 SignedBadge", mandatory=False),
    Check("signed.unused", "A signature is used when there is one", "OB2 VerificationObject", mandatory=False),
    Check("legacy.0-5", "The host that serves it is its issuer's", "Open Badges 0.5 origin"),
    Check("legacy.1-0", "It can be told from all others", "Open Badges 1.0 Assertion"),
    Check("legacy.pem", "The key stands on the issuer's host", "Open Badges 1.0 Signed Badges"),
    Check("legacy.1-1", "It is written in the words of 2.0", "Open Badges 1.1 Assertion", mandatory=False),
    Check("revocation.hosted", "The issuer's server does not say it was withdrawn", "OB2 Revoking Hosted Badges"),
    Check("revocation.self", "It does not call itself withdrawn", "OB2 Assertion"),
    Check("revocation.list", "The issuer's list does not name it", "OB2 RevocationList"),
    Check("revocation.list-issuer", "The list belongs to the issuer", "OB2 RevocationList", mandatory=False),
    Check("recipient.match", "It was awarded to one of the identities given", "OB2 Verification"),
    Check("recipient.variant", "The identity matched as it was written", "OB2 IdentityHash", mandatory=False),
    Check("recipient.hashed", "It says rightly whether the identity is hashed", "OB2 IdentityObject", mandatory=False),
    Check("recipient.weak-hash", "The identity is hidden well", "OB2 IdentityHash", mandatory=False),
    Check("time.issued", "It was issued in the past", "OB2 Verification"),
    Check("time.expires", "It has not expired", "OB2 Assertion"),
    Check("time.order", "It expires after it was issued", "OB2 Assertion", mandatory=False),
    Check("image.achievement", "The achievement's picture is a PNG or an SVG", "OB2 Image"),
    Check("image.assertion", "The badge's own picture is a PNG or an SVG", "OB2 Image"),
    Check("image.issuer", "The issuer's picture is a PNG or an SVG", "OB2 Image"),
    Check("image.label", "Pictures are labelled as what they are", "OB2 Image", mandatory=False),
    Check("image.baked-match", "The badge's own picture is baked with this badge", "OB2 Baking", mandatory=False),
    Check("baking.single", "The picture carries one badge", "OB2 Baking", mandatory=False),
    Check("baking.form", "The badge is baked as the standard says", "OB2 Baking", mandatory=False),
    Check("extension.shape", "Each extension says what it is", "OB2 Extensions"),
    Check("extension.schema", "Each known extension is as it should be", "OB2 Validation"),
    Check("extension.unknown", "All extensions are known", "OB2 Extensions", mandatory=False),
    Check("endorsement.claim", "Each endorsement is about this badge", "OB2 Endorsement", mandatory=False),
    Check("endorsement.proven", "Each endorsement is proven", "OB2 Endorsement", mandatory=False),
    Check("trust.key-changed", "The issuer's key is the one seen before", "OB2 SignedBadge", mandatory=False),
    Check("trust.lookalike", "The issuer looks like no other that you know", "OB2 Profile", mandatory=False),
    Check("trust.shared-host", "The issuer's address is its own", "OB2 VerificationObject", mandatory=False),
    Check("drift.local", "The file says what the hosted badge says", "OB2 HostedBadge", mandatory=False),
    Check("drift.embedded", "The signed copies say what is published", "OB2 SignedBadge", mandatory=False),
    Check("drift.hosted", "What is published is what it was", "OB2 HostedBadge", mandatory=False),
    Check("asof.earlier", "An earlier run came to a verdict", "", mandatory=False),
)

CHECKS = {check.id: check for check in CATALOGUE}


def spec_of(check: str) -> str:
    """The section of the specification behind a check, or behind the one it is a note to."""
    row = CHECKS.get(check) or CHECKS.get(check.removesuffix(".note"))
    if row is None:
        raise LookupError(f"{check} is not in the catalogue")
    return row.spec
