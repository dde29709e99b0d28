"""What a learner asks an issuer for, cause by cause: whole sentences in the learner's voice, for `wallet.verify.letters`.

`wallet.verify.remedies` speaks to the learner; this page speaks to the issuer. A cause without a row asks in general words.
"""

from __future__ import annotations

_ANY = "Please mend this, or tell me what I should hold instead."
_JSON = "Please tell me the address at which the data itself can be read, without a page around it and without a login."
_SERVE = "Please serve it again at this address, or tell me where it is now."
_REISSUE = "Please issue the badge to me again."

_REQUESTS: dict[str, str] = {
    "dns": "Please bring the host name back, or tell me where the badge is served now.",
    "connect": "Please see whether your server answers from outside your own network.",
    "timeout": "Please see why your server takes so long to answer.",
    "tls": "Please renew or complete the certificate of your server, with the certificates between it and its authority.",
    "protocol": "Please see why your server's answer is not proper HTTP.",
    "redirect": "Please let the address lead straight to the document, over https.",
    "bad-url": "Please correct the address.",
    "too-big": "Please publish it in a smaller form.",
    "encoding": "Please serve it without compression, or with gzip.",
    "budget": "Please publish the badge with fewer parts.",
    "proxy": "Please see whether your server can be reached from outside.",
    "http-404": _SERVE,
    "http-410": "Please tell me what replaces it.",
    "http-403": "Please make the badge readable without a login: whoever wants to verify it has to be able to read it.",
    "http-429": "Please allow a few requests in a row: verifying one badge takes about five.",
    "http-5xx": "Please see to the fault of your server at this address.",
    "http-4xx": _SERVE,
    "http-other": _SERVE,
    "web-page": _JSON,
    "picture-instead": _JSON,
    "token-instead": _JSON,
    "not-a-badge": _JSON,
    "json": "Please serve it as strict JSON in UTF-8, with each member once.",
    "wrong-kind": "Please serve at this address the document that the badge promises there.",
    "context": "Please use the context https://w3id.org/openbadges/v2.",
    "context-split": "Please drop the additional context: it gives words of Open Badges another meaning.",
    "too-many-contexts": "Please write the document with the Open Badges context alone.",
    "keyword": "Please write the document plainly, without @graph, @included, @nest and the like.",
    "missing-property": "Please add what is missing.",
    "wrong-form": "Please write it in the form that the specification asks for.",
    "too-many": "Please leave one value of it.",
    "bad-date": "Please write dates with time and zone, like 2026-01-31T12:00:00Z.",
    "origins-format": "Please leave only host names in allowedOrigins, without scheme, port and path.",
    "no-method": "Please state in “verification” how the badge is verified: HostedBadge or SignedBadge.",
    "unknown-method": "Please state in “verification” how the badge is verified: HostedBadge or SignedBadge.",
    "scope": "If the badge is yours, please name this host in allowedOrigins, or its beginning in startsWith, of your profile's "
    "“verification”.",
    "id-mismatch": "Please make the document's “id” the address at which it is served.",
    "two-texts": "Please tell me which of the two holds, and make the other say the same.",
    "issuer-anonymous": "Please give your profile a web address of its own as its “id”, and serve it there.",
    "issuer-differs": "Please tell me whether you issued this badge, and if so, let the achievement name your profile.",
    "jws-form": "Please send me the signed badge once more as it left your system.",
    "jws-header": f"{_REISSUE} Its signature's header should name nothing but the method.",
    "algorithm": f"{_REISSUE} Please sign it with RS256.",
    "bad-signature": "Please send me the signed badge once more as it left your system, or issue it again.",
    "key-not-listed": "If the key is yours, please list it in “publicKey” of your profile.",
    "key-unreachable": "Please serve the key again at its address.",
    "key-unreadable": "Please publish the key as PEM in “publicKeyPem”.",
    "key-kind": f"{_REISSUE} Please sign it with an RSA key of 2048 bits or more.",
    "private-key": "The private half of your key is public: please replace the key at once and issue its badges again.",
    "weak-key": f"{_REISSUE} Please sign it with an RSA key of 2048 bits or more.",
    "key-owner": "Please correct the key's “owner”: it should be the id of your profile.",
    "revoked": "Please tell me why the badge was withdrawn, and whether it can be issued again.",
    "withdrawn-content": "Please tell me why the badge was withdrawn, and whether it can be issued again.",
    "list-unreachable": "Please see why your revocation list cannot be read.",
    "list-unreadable": "Please write the revocation list as the specification asks for.",
    "not-yet-issued": "Please see to the date of issue: it lies in the future.",
    "http": "Please serve your badges over https.",
    "drift": "Please tell me what this change means for my badge.",
    "key-changed": "Please tell me whether this key is yours, and publish the news of it where I can find it.",
    "shared-host": "Please name your own part of the host in startsWith of your profile's “verification”.",
    "weak-hash": "Please hide recipients with sha256 and a salt.",
    "image-type": "Please replace the picture with a PNG or an SVG.",
    "image-entities": "Please save the picture again without a document type, or as a PNG.",
}


def request(cause: str) -> str:
    """What to ask the issuer for, given the cause of a finding."""
    return _REQUESTS.get(cause, _ANY)
