"""Whether the badge was awarded to one of the learner's identities (OB2 IdentityObject, IdentityHash; checks 48 to 51).

The shape of the value decides how to compare, not what `hashed` claims: issuers get that wrong in both directions.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from wallet.model import Identity, IdentityType, JsonObject
from wallet.verify import urls
from wallet.verify.dossier import Dossier, Given, words
from wallet.verify.findings import failed, passed, quote, skipped, undetermined, waits, warning
from wallet.verify.forms import HASH
from wallet.verify.report import Finding

CHECK = "recipient.match"
_PART = re.compile(r"[^._-]+")


def recipient(dossier: Dossier, given: Given) -> Iterable[Finding]:
    """Checks 48 to 51."""
    node = dossier.node
    who = node.get("recipient") if node is not None else None
    evidence = dossier.credential.evidence if dossier.credential is not None else ()
    kinds = words(who, "type") if isinstance(who, Mapping) else ()
    identity = who.get("identity") if isinstance(who, Mapping) else None
    if not isinstance(who, Mapping) or not kinds or not isinstance(identity, str):
        if given.identities:
            yield waits(CHECK, "This waits until the recipient can be read.")
        return
    yield from _advice(who, identity, evidence)
    if not given.identities:
        yield skipped(CHECK, "Whom it was awarded to was not compared, because no identity was given.")
        return
    own = _of_kinds(given.identities, kinds)
    if not own:
        kind = quote(kinds[0])
        summary = f"It was awarded to an identity of the kind {kind}, and none of those given is of that kind."
        yield undetermined(CHECK, "recipient-type", summary, expected=kinds[0], evidence=evidence)
        return
    for mine in own:
        spelt = match(who, identity, mine)
        if spelt is not None:
            yield passed(CHECK, f"It was awarded to {quote(mine.value)}.", evidence)
            if spelt != mine.value:
                said = f"It was awarded to the spelling {quote(spelt)} of {quote(mine.value)}."
                blanks = f"It was awarded to {quote(mine.value)} with blanks around it."
                summary = blanks if spelt.strip() == mine.value else said
                yield warning(
                    "recipient.variant", summary, cause="variant", expected=mine.value, found=spelt, evidence=evidence
                )
            return
    shown = "an identity that is hidden by a hash" if HASH.match(identity) else quote(identity)
    yield failed(
        CHECK, "recipient", f"It was awarded to {shown}, which is none of the identities given.", evidence=evidence
    )


def matched(dossier: Dossier, given: Given) -> Identity | None:
    """The identity that the badge was awarded to, if it is one of those given."""
    who = dossier.node.get("recipient") if dossier.node is not None else None
    identity = who.get("identity") if isinstance(who, Mapping) else None
    if not isinstance(who, Mapping) or not isinstance(identity, str):
        return None
    own = _of_kinds(given.identities, words(who, "type"))
    return next((mine for mine in own if match(who, identity, mine) is not None), None)


def _of_kinds(identities: Iterable[Identity], kinds: tuple[str, ...]) -> list[Identity]:
    """Those that could be meant. Some issuers write the words of the vocabulary with a capital."""
    lowered = [kind.lower() for kind in kinds]
    return [mine for mine in identities if mine.type in kinds or mine.type in lowered]


def match(who: JsonObject, identity: str, mine: Identity) -> str | None:
    """The spelling under which `mine` is the recipient, or None."""
    salt = who.get("salt")
    if HASH.match(identity):
        algorithm, _, digest = identity.partition("$")
        salted = salt if isinstance(salt, str) else ""
        for spelt in variants(mine):
            # What the issuer chose is compared, not protected: md5 is in the specification.
            made = hashlib.new(algorithm, (spelt + salted).encode("utf-8"), usedforsecurity=False).hexdigest()
            if hmac.compare_digest(made, digest.lower()):
                return spelt
        return None
    if identity in variants(mine):
        return identity
    return (
        identity if mine.type in _LOOSE and _loosely(identity, mine.type) == _loosely(mine.value, mine.type) else None
    )


#: Kinds of which a plain value can be compared without minding how it is spelt; of a hash each spelling has to be tried.
_LOOSE = frozenset({IdentityType.EMAIL, IdentityType.URL, IdentityType.TELEPHONE})


def _loosely(value: str, kind: str) -> str:
    """A plain value without what issuers change in it: capitals of an address or a host, a final slash, gaps in a number."""
    value = value.strip()
    if kind == IdentityType.EMAIL:
        return value.lower().removeprefix("mailto:")
    if kind == IdentityType.TELEPHONE:
        return re.sub(r"[ ()./\xa0-]", "", value.lower().removeprefix("tel:"))
    return urls.normal(value).removesuffix("/")


@lru_cache(maxsize=64)
def variants(mine: Identity) -> tuple[str, ...]:
    """The spellings of one identity that issuers use, as typed first (2.7)."""
    value = mine.value.strip()
    if mine.type == IdentityType.EMAIL:
        plain = value[7:] if value[:7].lower() == "mailto:" else value
        local, at, domain = plain.rpartition("@")
        lower, host = local.lower(), f"{at}{domain.lower()}"
        # Behind a hash stands whatever somebody typed into a form: a name with its capitals, or all of it in capitals.
        named = _PART.sub(lambda part: part[0].capitalize(), lower)
        spelt = (
            *(plain, f"{local}{host}", f"{lower}{host}", f"{named}{host}", f"{lower.capitalize()}{host}"),
            plain.upper(),
        )
        return tuple(dict.fromkeys((value, *spelt, *(f"mailto:{each}" for each in spelt))))
    if mine.type == IdentityType.URL:
        url = urls.parse(value)
        lowered = value
        if url is not None:
            start = value.index("//") + 2
            end = next((i for i, c in enumerate(value[start:], start) if c in "/?#"), len(value))
            lowered = value[:end].lower() + value[end:]
        return tuple(dict.fromkeys((value, lowered, _other_slash(value), _other_slash(lowered))))
    if mine.type == IdentityType.TELEPHONE:
        digits = "".join(c for c in value if c.isascii() and c.isdigit())
        return tuple(dict.fromkeys((value, f"+{digits}")))
    return (mine.value,)


def _other_slash(url: str) -> str:
    return url[:-1] if url.endswith("/") else f"{url}/"


def _advice(who: JsonObject, identity: str, evidence: tuple[str, ...]) -> Iterable[Finding]:
    hashed = who.get("hashed")
    shape = HASH.match(identity) is not None
    if isinstance(hashed, bool) and hashed is not shape:
        said = "hashed" if hashed else "plain"
        summary = f"The recipient is marked as {said}, and the value is {'a hash' if shape else 'plain'}."
        yield warning("recipient.hashed", summary, evidence=evidence)
    salt = who.get("salt")
    if shape and (identity.startswith("md5$") or not isinstance(salt, str) or not salt):
        summary = "The recipient is hidden by a hash that is easily guessed."
        yield warning("recipient.weak-hash", summary, cause="weak-hash", evidence=evidence)
