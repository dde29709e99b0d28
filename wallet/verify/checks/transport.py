"""How the documents came: over https, under the right label, past a proxy (checks 1 and 2). No verdict hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wallet.fetch.base import Fetched
from wallet.text import clean
from wallet.verify import urls
from wallet.verify.dossier import Dossier
from wallet.verify.findings import passed, quote, warning
from wallet.verify.report import Evidence, Finding, Role

_JSON = frozenset({"application/ld+json", "application/json"})
_PICTURES = frozenset({Role.ACHIEVEMENT_IMAGE, Role.ASSERTION_IMAGE, Role.ISSUER_IMAGE})


def transport(dossier: Dossier) -> Iterable[Finding]:
    """Checks 1 and 2, and whether a proxy stood between."""
    answered = [item for item in dossier.evidence if item.fetched.failure is None]
    if not answered:
        return
    plain: list[Evidence] = []
    proxied: list[Evidence] = []
    labels: set[str] = set()
    for item in answered:
        fetched = item.fetched
        if not _is_https(fetched):
            plain.append(item)
        if fetched.proxied:
            proxied.append(item)
        if fetched.ok and item.role not in _PICTURES and not _is_pem(item):
            labels.add(_media_type(fetched.header("content-type")))
    if plain:
        said = f"Nobody vouches for the transport: what {_hosts(plain)} sent came over http."
        yield warning("fetch.transport", said, cause="http")
    else:
        yield passed("fetch.transport", "Every document came over https.")
    if proxied:
        yield warning("fetch.proxy", f"Behind a proxy it could not be checked where {_hosts(proxied)} really is.")
    wrong = sorted(labels - _JSON)
    if wrong:
        named = ", ".join(quote(label) if label else "nothing" for label in wrong[:3])
        yield warning("fetch.content-type", f"JSON was labelled as {named}.", expected="application/ld+json")


@lru_cache(maxsize=64)
def _media_type(label: str | None) -> str:
    return (label or "").partition(";")[0].strip().lower()


def _is_pem(item: Evidence) -> bool:
    """Whether this is a key as Open Badges 1.x serves it, which is no JSON."""
    return item.role is Role.KEY and item.fetched.body.lstrip().startswith(b"-----BEGIN")


def _is_https(fetched: Fetched) -> bool:
    safe = fetched.url[:8].lower() == "https://" == fetched.final_url[:8].lower()
    return safe and not (fetched.hops and any(hop.url[:8].lower() != "https://" for hop in fetched.hops))


def _hosts(items: Iterable[Evidence]) -> str:
    return ", ".join(sorted({clean(urls.host_of(item.fetched.url) or "a host") for item in items}))
