"""Hosted verification: the badge was read from its own address, and that address is one of the issuer's (OB2 HostedBadge).

The scope comes from the fetched profile only. Addresses are parsed first and compared afterwards (security.md T11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wallet.model import JsonObject
from wallet.text import clean
from wallet.verify import urls
from wallet.verify.dossier import Document, Dossier, values, words
from wallet.verify.findings import failed, note, passed, quote, undetermined, unread, waits, warning
from wallet.verify.report import Finding
from wallet.verify.urls import Url

#: What some servers take for the end of a folder's name, and what leads them out of a folder.
_PARTS = re.compile(r"/|%2F|%5C|\\")
_STEP = re.compile(r"\.{1,2}(?:;.*)?\Z")


def hosted(dossier: Dossier) -> Iterable[Finding]:
    """Checks 27 to 29, 32 and 33."""
    if not dossier.methods.hosted:
        return
    address = _address(dossier)
    yield _id(dossier, address)
    yield from _fetched(dossier)
    yield from _same_id(dossier)
    if dossier.version != "0.5":
        yield from _scope(dossier, address)
        yield _class_scope(dossier)


def _address(dossier: Dossier) -> str | None:
    """The id to judge: what the hosted copy declares, else where it was asked for."""
    document = dossier.hosted
    if document is not None:
        return document.id or document.url
    return dossier.brought.id if dossier.brought is not None else None


def _id(dossier: Dossier, address: str | None) -> Finding:
    """Check 27: an http(s) address that cannot be read in two ways."""
    if address is None and dossier.version == "0.5":
        summary = "It does not hold its address, as badges of Open Badges 0.5 do not."
        return undetermined("hosted.id", "no-address", summary, expected="an http or https address")
    if address is None:
        return failed("hosted.id", "bad-url", "It has no address of its own.", expected="an http or https address")
    reason = urls.problem(address)
    if reason is None:
        return passed("hosted.id", "Its id is a proper web address.", _evidence(dossier))
    summary = f"Its id {quote(address)} cannot be used as a web address: {reason}."
    return failed("hosted.id", "bad-url", summary, expected="an http or https address", found=address[:200])


def _evidence(dossier: Dossier) -> tuple[str, ...]:
    return dossier.hosted.evidence if dossier.hosted is not None else ()


def _fetched(dossier: Dossier) -> Iterable[Finding]:
    """Check 28: it was fetched now, or recorded earlier; the file brought only supplied the address."""
    document = dossier.hosted
    if document is None:
        yield waits("hosted.fetched", "This waits until the badge has a usable address.")
    elif document.gone:
        yield waits("hosted.fetched", "The issuer's server answers that this badge was withdrawn.")
    elif document.unread is not None:
        yield unread("hosted.fetched", document.unread, "the hosted badge")
    else:
        host = urls.host_of(document.url or "") or "its host"
        yield passed("hosted.fetched", f"The hosted badge could be read from {host}.", document.evidence)


def _same_id(dossier: Dossier) -> Iterable[Finding]:
    """Check 29: the body names the address it was asked at, or the one it came from."""
    document = dossier.hosted
    if document is None or document.node is None:
        yield waits("hosted.same-id", "This waits until the hosted badge can be read.")
        return
    if not document.agrees:
        yield disagrees("hosted.same-id", document, "The hosted badge")
        return
    yield _compared(dossier, document)
    if document.moved_from is not None:
        summary = f"It was asked for at {quote(document.moved_from)} and names {quote(document.id or '')}, where it was found."
        yield warning("hosted.moved", summary, cause="moved", evidence=document.evidence)
    assert document.fetched is not None
    if urls.host_of(document.id or "") != urls.host_of(document.fetched.final_url):
        host = clean(urls.host_of(document.fetched.final_url) or "another host")
        summary = f"The address leads on to {host}, which served the badge."
        yield note("hosted.same-id", summary, evidence=document.evidence)


def _compared(dossier: Dossier, document: Document) -> Finding:
    """A badge that is hosted and signed has to say the same in both places."""
    if dossier.methods.signed and dossier.node is not None and document.node != dossier.node:
        summary = "The signed and the hosted badge do not say the same."
        return undetermined("hosted.same-id", "two-texts", summary, evidence=document.evidence)
    return passed("hosted.same-id", "The hosted badge names its own address.", document.evidence)


def disagrees(check: str, document: Document, what: str) -> Finding:
    """The document names an address where it is not, or where nobody could look."""
    other = document.declared
    if other is not None and other.unread is not None and not other.gone:
        summary = f"{what} names another address, {quote(document.id or '')}, which could not be read."
        return undetermined(check, other.unread, summary, evidence=document.evidence)
    if document.id is None:
        summary = f"{what} names no address of its own."
    else:
        summary = f"{what} names another address than its own: {quote(document.id)}."
    return failed(check, "id-mismatch", summary, expected=document.url, found=document.id, evidence=document.evidence)


def _scope(dossier: Dossier, address: str | None) -> Iterable[Finding]:
    """Check 32: the address lies where the issuer says that it publishes."""
    check = "hosted.scope"
    profile = dossier.issuer_node
    issuer = _issuer_url(dossier)
    if profile is None or issuer is None or dossier.issuer is None:
        yield waits(check, "This waits until the issuer's profile can be read.")
        return
    url = urls.parse(address) if address is not None else None
    if url is None:
        yield waits(check, "This waits until the badge has a usable address.")
        return
    evidence = tuple(dict.fromkeys((*_evidence(dossier), *dossier.issuer.evidence)))
    reasons = scope_reasons(url, profile, issuer)
    if reasons:
        yield failed(
            check,
            "scope",
            f"It is hosted on {url.host}, but {' and '.join(reasons)}.",
            expected="; ".join(clean(reason) for reason in reasons),
            found=str(url),
            evidence=evidence,
        )
        return
    yield passed(check, f"Its address on {url.host} lies where the issuer publishes.", evidence)
    starts, _ = declared_scope(profile)
    if starts is None and url.host == issuer.host and (url.scheme, url.port) != (issuer.scheme, issuer.port):
        yield warning(
            "hosted.scope-port", "Its address differs from the issuer's in scheme or port.", evidence=evidence
        )


def scope_reasons(url: Url, profile: JsonObject, issuer: Url, who: str = "the issuer") -> list[str]:
    """Why `url` does not lie where the issuer at `issuer` publishes, each as the part of a sentence; none when it does.

    who: what to call the issuer.
    """
    starts, origins = declared_scope(profile)
    reasons = []
    if starts is None and origins is None and url.host != issuer.host:
        reasons.append(f"{who} publishes on {issuer.host}")
    if starts is not None and not any(_begins(url, start) for start in starts):
        reasons.append(f"{who} publishes below {_listed(starts)}")
    if origins is not None and url.host not in {urls.host_name(origin) for origin in origins}:
        reasons.append(f"{who} publishes on {_listed(origins)}")
    return reasons


def _listed(texts: tuple[str, ...]) -> str:
    if not texts:
        return "no address that its profile names"
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return ", ".join(quote(text) for text in texts[:3]) + more


def _issuer_url(dossier: Dossier) -> Url | None:
    """The address that the issuer's profile was proven at; its host is the default scope."""
    if dossier.issuer is None or not dossier.issuer.agrees:
        return None
    return urls.parse(dossier.issuer.id or "")


def declared_scope(profile: JsonObject) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """`startsWith` and `allowedOrigins` of the profile: None when absent; declared but empty matches nothing."""
    starts: tuple[str, ...] | None = None
    origins: tuple[str, ...] | None = None
    for rule in values(profile, "verification"):
        if isinstance(rule, Mapping):
            if rule.get("startsWith") is not None:
                starts = (*(starts or ()), *words(rule, "startsWith"))
            if rule.get("allowedOrigins") is not None:
                origins = (*(origins or ()), *words(rule, "allowedOrigins"))
    return starts, origins


def _begins(url: Url, start: str) -> bool:
    """Same origin, then a literal prefix that does not end in the middle of a word: /alice must not admit /alice-evil."""
    prefix = urls.parse(start)
    if prefix is None or prefix.origin != url.origin or prefix.fragment is not None:
        return False
    begun, whole = prefix.path_and_query, url.path_and_query
    if not whole.startswith(begun) or any(_STEP.match(part) for part in _PARTS.split(url.path)):
        return False
    rest = whole[len(begun) :]
    return not begun[-1].isalnum() or not rest or rest[0] in "/?#"


def _class_scope(dossier: Dossier) -> Finding:
    """Check 33: the achievement lies on a host of the issuer."""
    check = "hosted.class-scope"
    profile, issuer = dossier.issuer_node, _issuer_url(dossier)
    if profile is None or issuer is None or dossier.issuer is None:
        return waits(check, "This waits until the issuer's profile can be read.")
    class_id = dossier.achievement_id
    evidence = tuple(dict.fromkeys((*_evidence(dossier), *dossier.issuer.evidence)))
    if class_id is not None and class_id[:4].lower() == "urn:" and dossier.achievement_embedded is not None:
        return passed(check, "The achievement stands inside the hosted badge.", evidence)
    document = dossier.achievement
    url = urls.parse(class_id) if class_id is not None else None
    if document is not None and document.agrees and document.id is not None:
        url = urls.parse(document.id)
    if url is None:
        return waits(check, "This waits until the achievement has a usable address.")
    starts, origins = declared_scope(profile)
    hosts = {issuer.host, *(urls.host_name(origin) for origin in origins or ())}
    hosts |= {urls.host_of(start) for start in starts or ()}
    if url.host in hosts:
        return passed(check, f"The achievement on {url.host} lies where the issuer publishes.", evidence)
    return failed(
        check,
        "scope",
        f"The achievement is hosted on {url.host}, which is not a host of this issuer.",
        expected=", ".join(sorted(host for host in hosts if host is not None)),
        found=url.host,
        evidence=evidence,
    )
