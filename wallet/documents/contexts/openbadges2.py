"""The vocabulary of Open Badges 2.0: which term stands for which IRI, and how its values are typed.

Written down from the specification as data of our own: the published context file is not part of this project. A test
compares the two where a copy of the published one is at hand.
"""

from __future__ import annotations

from typing import Final

OB2_CONTEXT: Final = "https://w3id.org/openbadges/v2"
#: Addresses under which the same context is published.
OB2_ALIASES: Final = frozenset(
    {
        OB2_CONTEXT,
        "https://openbadgespec.org/v2/context.json",
        "https://www.imsglobal.org/spec/ob/v2p0/context.json",
        "https://purl.imsglobal.org/spec/ob/v2p0/context.json",
    }
)

KEYWORDS: Final = {"id": "@id", "type": "@type"}

PREFIXES: Final = {
    "obi": "https://w3id.org/openbadges#",
    "extensions": "https://w3id.org/openbadges/extensions#",
    "cred": "https://w3id.org/credentials#",
    "sec": "https://w3id.org/security#",
    "dc": "http://purl.org/dc/terms/",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: Terms whose name in their vocabulary is their own name.
_CLASSES_OF_OBI: Final = (
    "Assertion",
    "BadgeClass",
    "Criteria",
    "Evidence",
    "Extension",
    "FrameValidation",
    "HostedBadge",
    "IdentityObject",
    "Image",
    "Issuer",
    "Profile",
    "RevocationList",
    "SignedBadge",
    "TypeValidation",
    "VerificationObject",
)

CLASSES: Final = {name: f"obi:{name}" for name in _CLASSES_OF_OBI} | {
    "AlignmentObject": "schema:AlignmentObject",
    "CryptographicKey": "sec:Key",
    "Endorsement": "cred:Credential",
    "hosted": "obi:HostedBadge",
    "signed": "obi:SignedBadge",
}

#: Terms without a type of their values, apart from those in `PROPERTIES`, that only describe contexts themselves.
VALIDATION: Final = {
    name: f"obi:{name}" for name in ("validation", "validatesType", "validationFrame", "validationSchema")
}

#: term -> (IRI, type of its values: "@id", an XSD type, or None for as written)
PROPERTIES: Final[dict[str, tuple[str, str | None]]] = {
    # of an assertion
    "badge": ("obi:badge", "@id"),
    "evidence": ("obi:evidence", "@id"),
    "expires": ("sec:expiration", "xsd:dateTime"),
    "issuedOn": ("obi:issueDate", "xsd:dateTime"),
    "narrative": ("obi:narrative", None),
    "recipient": ("obi:recipient", "@id"),
    "revocationReason": ("obi:revocationReason", None),
    "revoked": ("obi:revoked", "xsd:boolean"),
    "uid": ("obi:uid", None),
    "verification": ("obi:verify", "@id"),
    "verify": ("obi:verify", None),
    # of a recipient
    "hashed": ("obi:hashed", "xsd:boolean"),
    "identity": ("obi:identityHash", None),
    "salt": ("obi:salt", None),
    # of a badge class
    "alignment": ("obi:alignment", "@id"),
    "criteria": ("obi:criteria", "@id"),
    "description": ("schema:description", None),
    "image": ("schema:image", "@id"),
    "issuer": ("obi:issuer", "@id"),
    "name": ("schema:name", None),
    "tags": ("schema:keywords", None),
    # of an alignment
    "targetCode": ("obi:targetCode", None),
    "targetDescription": ("schema:targetDescription", None),
    "targetFramework": ("schema:educationalFramework", None),
    "targetName": ("schema:targetName", None),
    "targetUrl": ("schema:targetUrl", None),
    # of a profile
    "email": ("schema:email", None),
    "publicKey": ("sec:publicKey", "@id"),
    "revocationList": ("obi:revocationList", "@id"),
    "telephone": ("schema:telephone", None),
    "url": ("schema:url", "@id"),
    # of a verification object
    "allowedOrigins": ("obi:allowedOrigins", None),
    "creator": ("dc:creator", "@id"),
    "startsWith": ("http://purl.org/dqm-vocabulary/v1/dqm#startsWith", None),
    "verificationProperty": ("obi:verificationProperty", None),
    # of keys, lists, images, evidence, endorsements
    "audience": ("obi:audience", None),
    "author": ("schema:author", "@id"),
    "caption": ("schema:caption", None),
    "claim": ("cred:claim", "@id"),
    "endorsementComment": ("obi:endorsementComment", None),
    "genre": ("schema:genre", None),
    "owner": ("sec:owner", "@id"),
    "publicKeyPem": ("sec:publicKeyPem", None),
    "revokedAssertions": ("obi:revoked", None),
    # of any of them
    "created": ("dc:created", "xsd:dateTime"),
    "endorsement": ("cred:credential", "@id"),
    "related": ("dc:relation", "@id"),
    "version": ("schema:version", None),
}

#: Another published variant of the context gives this IRI to `targetFramework`; both are read.
TARGET_FRAMEWORK_VARIANT: Final = "http://schema.org/targetFramework"


def iri(short: str) -> str:
    """The IRI behind `prefix:name`, or `short` itself when its prefix is none of ours."""
    prefix, colon, name = short.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES and not name.startswith("//") else short


def _definition(name: str, kind: str | None, *, full: bool) -> str | dict[str, str]:
    address = iri(name) if full else name
    return address if kind is None else {"@id": address, "@type": iri(kind) if full else kind}


def context() -> dict[str, str | dict[str, str]]:
    """The context as a document may refer to it: with prefixes."""
    terms: dict[str, str | dict[str, str]] = {**KEYWORDS, **PREFIXES, **CLASSES, **VALIDATION}
    return terms | {term: _definition(name, kind, full=False) for term, (name, kind) in PROPERTIES.items()}


def compact_context() -> dict[str, str | dict[str, str]]:
    """The same terms without prefixes, for writing: otherwise web addresses below schema.org would come out shortened."""
    terms: dict[str, str | dict[str, str]] = dict(KEYWORDS)
    terms |= {term: iri(name) for term, name in (CLASSES | VALIDATION).items()}
    return terms | {term: _definition(name, kind, full=True) for term, (name, kind) in PROPERTIES.items()}


#: Full IRI -> the term it is read as, for types. Of two terms for one IRI the specification's own word wins.
TERM_OF_IRI: Final[dict[str, str]] = {
    **{iri(name): term for term, (name, _) in PROPERTIES.items()},
    **{iri(name): term for term, name in CLASSES.items() if term not in ("hosted", "signed")},
}
