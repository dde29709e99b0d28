"""For every cause of trouble: a sentence for people, who can mend it, and the next step (verification.md section 5).

`Cause` names are stable: they stand in JSON reports. The checks give their own sentence where they can say more than the one
here; who and next step always come from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from wallet.verify.report import DEPENDS, Who


@dataclass(frozen=True, slots=True)
class Remedy:
    """`sentence` may hold {what}, a clean word for the thing concerned."""

    sentence: str
    who: Who | None
    step: str


_YOU, _ISSUER, _NETWORK = Who.YOU, Who.ISSUER, Who.NETWORK
_WRITE = "Send the issuer the message that 'badgefolio verify BADGE --letter' writes for you."

REMEDIES: dict[str, Remedy] = {
    # getting at it
    "dns": Remedy(
        "The host of {what} has no address any more",
        _NETWORK,
        "Keep your file and try again later: what was proven before stays proven.",
    ),
    "connect": Remedy("The host of {what} does not answer", _NETWORK, "Verify again later."),
    "timeout": Remedy("The host of {what} did not answer in time", _NETWORK, "Verify again later."),
    "tls": Remedy(
        "The certificate of the host of {what} is not trusted",
        _ISSUER,
        "Tell the issuer the host and the reason; behind a company's proxy, check SSL_CERT_FILE.",
    ),
    "proxy": Remedy("The proxy did not deliver {what}", _NETWORK, "Check the proxy's settings, then verify again."),
    "protocol": Remedy(
        "The host of {what} gave an answer that is not proper HTTP", _ISSUER, "Tell the issuer; try again later."
    ),
    "redirect": Remedy(
        "The address of {what} leads on in a way that is not safe to follow",
        _ISSUER,
        "Ask the issuer for the final address.",
    ),
    "bad-url": Remedy("The address of {what} cannot be used", _ISSUER, "Ask the issuer to correct the address."),
    "blocked-port": Remedy(
        "The address of {what} uses a port that is not opened",
        _YOU,
        "If you know the host, allow it with --allow-host.",
    ),
    "private-address": Remedy(
        "The address of {what} points into a private network", _YOU, "If you know the host, allow it with --allow-host."
    ),
    "too-big": Remedy("{what} is larger than the limit", _ISSUER, "Tell the issuer which limit it exceeds."),
    "encoding": Remedy(
        "{what} came in a coding that cannot be read", _ISSUER, "Tell the issuer that their server packs it wrongly."
    ),
    "budget": Remedy(
        "{what} was not asked for, because this badge needs too many fetches",
        _ISSUER,
        "Ask the issuer for a badge with fewer parts.",
    ),
    "offline": Remedy(
        "{what} was not checked: there is no evidence of it, and this run is offline", _YOU, "Verify online."
    ),
    "http-404": Remedy("{what} is no longer served at its address", _ISSUER, "Ask the issuer for the new address."),
    "http-410": Remedy("{what} is gone for good, as its host says", _ISSUER, "Ask the issuer what replaces it."),
    "http-403": Remedy("The address of {what} asks for a login", _ISSUER, "Ask the issuer to make the badge public."),
    "http-429": Remedy(
        "The host of {what} says there were too many requests", _NETWORK, "Wait a while, then verify again."
    ),
    "http-5xx": Remedy("The server of {what} has a fault", _NETWORK, "Verify again later."),
    "http-4xx": Remedy("The host refused the request for {what}", _ISSUER, "Ask the issuer for a working address."),
    "http-other": Remedy(
        "The host gave an unusual answer instead of {what}", _ISSUER, "Ask the issuer for a working address."
    ),
    "web-page": Remedy(
        "A web page came instead of {what}",
        _ISSUER,
        "Ask the issuer for an address that gives the data itself, without a page around it and without a login.",
    ),
    "picture-instead": Remedy(
        "A picture came instead of {what}",
        _ISSUER,
        "If you brought an address, import the picture itself; else ask the issuer for the badge's JSON document.",
    ),
    "token-instead": Remedy(
        "A signed badge came instead of {what}",
        _ISSUER,
        "If you brought an address, import the signed badge itself; else ask the issuer for the badge's JSON document.",
    ),
    # reading it
    "json": Remedy("{what} is not correct JSON", _ISSUER, _WRITE),
    "too-deep": Remedy("{what} is nested deeper than the limit", _ISSUER, "Tell the issuer which limit it exceeds."),
    "not-a-badge": Remedy(
        "What came as {what} is not badge data",
        _ISSUER,
        "Ask the issuer for the address of the badge's JSON document.",
    ),
    "wrong-kind": Remedy("{what} is something else than it should be", _ISSUER, _WRITE),
    "context": Remedy(
        "{what} uses a vocabulary that this version does not know",
        _ISSUER,
        "Ask the issuer to use the Open Badges context.",
    ),
    "context-split": Remedy(
        "{what} gives another meaning to a word of Open Badges",
        _ISSUER,
        "Ask the issuer to drop the additional context.",
    ),
    "too-many-contexts": Remedy("{what} uses too many contexts", _ISSUER, "Ask the issuer to write it plainly."),
    "json-ld": Remedy("{what} cannot be read as JSON-LD", _ISSUER, _WRITE),
    "id": Remedy("The id of {what} is not usable", _ISSUER, _WRITE),
    "type": Remedy("The type of {what} is not usable", _ISSUER, _WRITE),
    "keyword": Remedy("{what} uses JSON-LD features that are not read", _ISSUER, "Ask the issuer to write it plainly."),
    "other-version": Remedy(
        "{what} is written in another version of Open Badges than the badge",
        _ISSUER,
        "Ask the issuer to publish all parts of the badge in one version.",
    ),
    "no-address": Remedy(
        "The badge does not hold its address", _YOU, "Import it by its web address, or import the original picture."
    ),
    "unsupported": Remedy(
        "This version cannot judge this kind of badge yet", _YOU, "Keep the file, and verify it with a later version."
    ),
    # its shape
    "missing-property": Remedy("A required property is missing", _ISSUER, _WRITE),
    "wrong-form": Remedy("A property has the wrong form", _ISSUER, _WRITE),
    "too-many": Remedy("A property has more values than it may", _ISSUER, _WRITE),
    "bad-date": Remedy(
        "A date lacks its time or its zone", _ISSUER, "The issuer should write dates like 2026-01-31T12:00:00Z."
    ),
    "origins-format": Remedy(
        "allowedOrigins holds something else than host names",
        _ISSUER,
        "The issuer should drop the scheme, the port and the path, and leave the host name.",
    ),
    "withdrawn-content": Remedy(
        "The badge was withdrawn, so its content is no longer shown", _ISSUER, "Ask the issuer why."
    ),
    "extension-shape": Remedy(
        "An extension does not say what it is", _ISSUER, "The issuer should give it its context and its type."
    ),
    "extension-schema": Remedy("An extension is not as its rules ask for", _ISSUER, _WRITE),
    # how it is proven
    "no-method": Remedy("It does not say how it can be verified", _ISSUER, "Ask the issuer to re-issue it."),
    "unknown-method": Remedy(
        "It asks for a way of verification that is not known here",
        _ISSUER,
        "Ask the issuer for a hosted or a signed badge.",
    ),
    "scope": Remedy(
        "It is not hosted where this issuer publishes",
        _ISSUER,
        "The issuer should mend allowedOrigins or startsWith in its profile, if the badge is genuine.",
    ),
    "id-mismatch": Remedy(
        "The document names another address than its own",
        _ISSUER,
        "The issuer should make “id” the address at which the document is served.",
    ),
    "two-texts": Remedy(
        "The signed and the hosted badge do not say the same", _ISSUER, "Ask the issuer which one holds."
    ),
    "issuer-anonymous": Remedy(
        "The issuer has no web address that could be checked", _ISSUER, "Ask the issuer to publish its profile."
    ),
    "issuer-differs": Remedy(
        "The achievement belongs to another issuer",
        _ISSUER,
        "Ask the issuer; if they do not know it, it may be a forgery.",
    ),
    "origin": Remedy(
        "The badge is served by another host than its issuer's",
        _ISSUER,
        "Ask the issuer; if they do not know it, it may be a forgery.",
    ),
    # signatures
    "key-host": Remedy(
        "The key does not stand on the issuer's host",
        _ISSUER,
        "The issuer should serve the key from its own host, if it is theirs.",
    ),
    "no-signature": Remedy(
        "It says that it is signed, but there is no signature",
        _YOU,
        "Import the original PNG, SVG or JWS file instead of the JSON text.",
    ),
    "jws-form": Remedy(
        "The signed badge is not put together correctly",
        _ISSUER,
        "Download the original again as a file: copied or mailed text easily loses a piece.",
    ),
    "jws-header": Remedy(
        "The header of the signature asks for something that a badge must not use",
        _ISSUER,
        "Ask the issuer to re-issue it.",
    ),
    "algorithm": Remedy(
        "The method of the signature is refused", _ISSUER, "Ask the issuer to re-issue it, signed with RS256."
    ),
    "bad-signature": Remedy(
        "The content was changed, or somebody else signed it",
        _ISSUER,
        "Download the original again from the issuer's site, and do not open it in an editor before you import it; if it fails "
        "as well, tell the issuer.",
    ),
    "key-not-listed": Remedy(
        "The key is not one of the issuer's", _ISSUER, "The issuer should list the key in publicKey, if it is theirs."
    ),
    "key-unreachable": Remedy(
        "The issuer's key cannot be had", _ISSUER, "Ask the issuer to restore the key's address."
    ),
    "key-unreadable": Remedy("The issuer's key cannot be read", _ISSUER, "Ask the issuer to publish the key as PEM."),
    "key-kind": Remedy(
        "The issuer's key is of a kind that is not read here", _ISSUER, "Ask the issuer to re-issue it with an RSA key."
    ),
    "private-key": Remedy(
        "The issuer published the private half of its key, so anybody can sign with it",
        _ISSUER,
        "Tell the issuer at once; it needs a new key and must re-issue its badges.",
    ),
    "weak-key": Remedy(
        "The key is too weak to prove anything", _ISSUER, "Ask the issuer to re-issue it with RSA of 2048 bits or more."
    ),
    "key-owner": Remedy("The key belongs to somebody else", _ISSUER, "The issuer should correct the key's owner."),
    # still good?
    "revoked": Remedy("The issuer withdrew this badge", _ISSUER, "Ask the issuer why."),
    "list-unreachable": Remedy("Whether it was withdrawn is not known", _NETWORK, "Verify again later."),
    "list-unreadable": Remedy(
        "Whether it was withdrawn is not known, because the list cannot be read",
        _ISSUER,
        _WRITE,
    ),
    "expired": Remedy("It has expired", _YOU, "Renew it, if the issuer offers that."),
    "not-yet-issued": Remedy("It is dated in the future", _ISSUER, "Check this computer's clock; else ask the issuer."),
    # yours?
    "recipient": Remedy(
        "It was awarded to another identity",
        _YOU,
        "If that identity is yours, add it with 'badgefolio identity add'; the usual capitals are tried by themselves.",
    ),
    "variant": Remedy(
        "It was awarded to another spelling of your identity",
        _YOU,
        "Nothing needs to be done here. Where other software says no, give it the spelling that the issuer used.",
    ),
    "recipient-type": Remedy(
        "It was awarded to a kind of identity that you have not given",
        _YOU,
        "Add one of that kind with 'badgefolio identity add'.",
    ),
    # pictures
    "image-type": Remedy("The picture is neither a PNG nor an SVG", _ISSUER, "The issuer should replace the picture."),
    "image-entities": Remedy(
        "{what} is not read to its end, for safety",
        _ISSUER,
        "Ask the issuer to save the picture without a document type.",
    ),
    # worth a second look
    "http": Remedy("Nobody vouches for the transport", _ISSUER, "Ask the issuer to serve its badges over https."),
    "moved": Remedy(
        "It lies at another address than the one asked",
        _YOU,
        "Import it again from its new address, to have that at hand.",
    ),
    "drift-file": Remedy(
        "The hosted badge differs from your file",
        _YOU,
        "Nothing needs to be done. To have what is hosted now, import the badge again from its address.",
    ),
    "drift": Remedy(
        "It was changed since", _ISSUER, "If the change matters to you, ask the issuer what it means for your badge."
    ),
    "key-changed": Remedy(
        "The issuer signed with a key that was not seen before",
        _ISSUER,
        "If you did not expect that, ask the issuer, in a way that you know, whether the key is theirs.",
    ),
    "lookalike": Remedy(
        "The issuer looks like another one that you know",
        _YOU,
        "Compare the two hosts letter by letter, and ask the one that you know.",
    ),
    "shared-host": Remedy(
        "Many people publish on the issuer's host",
        _ISSUER,
        "The issuer should name its own part of the host in startsWith; until then ask them whether the badge is theirs.",
    ),
    "weak-hash": Remedy(
        "The recipient is hidden by a hash that is easily guessed",
        _ISSUER,
        "Ask the issuer to hash with sha256 and a salt.",
    ),
    # whoever asks
    "policy": Remedy(
        "The policy asks for more than that",
        _ISSUER,
        "Ask the issuer to mend it, or judge by the policy “standard”.",
    ),
    # this program
    DEPENDS: Remedy("This waits on another check", None, "See the other findings first."),
    "did-not-run": Remedy("This required check did not run", _YOU, "Please report this as a fault of badgefolio."),
    "internal": Remedy(
        "This check stumbled over a fault of badgefolio", _YOU, "Please report this as a fault of badgefolio."
    ),
}


def remedy(cause: str) -> Remedy:
    """The row for `cause`; an unknown cause is a mistake in the program and gives the row of `internal`."""
    return REMEDIES.get(cause, REMEDIES["internal"])


def say(cause: str, what: str) -> str:
    """The sentence for `cause` about `what`, with its first letter large and a full stop."""
    text = remedy(cause).sentence.format(what=what)
    return text[:1].upper() + text[1:] + "."
