"""What is new or odd about an issuer, beside what earlier runs saw: a new key, a look-alike, a host that many share.

Advice only; whether to believe an issuer is the learner's affair. An issuer that was seen before is compared with itself, any
other one with all that are known (security.md T12, T21, T22).
"""

from __future__ import annotations

from collections.abc import Iterable

from wallet.documents.openbadges2 import read_text
from wallet.text import clean
from wallet.verify import urls
from wallet.verify.checks.hosted import declared_scope
from wallet.verify.checks.signed import signing_key
from wallet.verify.confusable import alike_hosts, same_name
from wallet.verify.dossier import Dossier, Given, Pin
from wallet.verify.findings import day, quote, warning
from wallet.verify.report import Finding, Seen

#: Hosts where the path says whose page it is, so that sharing the host proves nothing about who wrote there.
SHARED_HOSTS = frozenset(
    {
        "archive.org",
        "bit.ly",
        "bitbucket.org",
        "cdn.jsdelivr.net",
        "dl.dropboxusercontent.com",
        "docs.google.com",
        "drive.google.com",
        "firebasestorage.googleapis.com",
        "gist.github.com",
        "gist.githubusercontent.com",
        "github.com",
        "gitlab.com",
        "ipfs.io",
        "pastebin.com",
        "purl.org",
        "raw.githubusercontent.com",
        "s3.amazonaws.com",
        "sites.google.com",
        "storage.googleapis.com",
        "tinyurl.com",
        "unpkg.com",
        "w3id.org",
        "web.archive.org",
        "www.dropbox.com",
    }
)


def issuer_seen(dossier: Dossier) -> Seen | None:
    """The issuer whose profile stands at its own address, and the key that it lists for this badge."""
    profile = dossier.issuer
    home = urls.parse(profile.id or "") if profile is not None and profile.agrees else None
    if profile is None or profile.node is None or home is None:
        return None
    key = signing_key(dossier)
    name = str(read_text(profile.node.get("name")))
    return Seen(str(home), home.host, (key,) if key is not None else (), name)


def _inside(dossier: Dossier) -> Seen | None:
    """The issuer of a badge of 0.5, which stands inside it under whatever name the badge gives it."""
    inside, host = dossier.issuer_embedded, urls.host_of(dossier.issuer_id or "")
    if inside is None or host is None:
        return None
    return Seen(dossier.issuer_id or "", host, name=str(read_text(inside.get("name"))))


def trust(dossier: Dossier, given: Given) -> Iterable[Finding]:
    """The three notes on the issuer, if its profile could be proven, or its host speaks for it."""
    source = dossier.hosted if dossier.version == "0.5" else dossier.issuer
    seen = _inside(dossier) if dossier.version == "0.5" else issuer_seen(dossier)
    if seen is None or source is None:
        return
    evidence = source.evidence
    pin = given.memory.pins.get(seen.issuer_id)
    if pin is not None:
        new = [key for key in seen.keys if key not in pin.keys]
        if new and pin.keys:
            summary = (
                f"The issuer signed with a key that was not seen before: known since {day(pin.first_seen)}, "
                f"and another key on {day(given.now)}. What was proven before stays proven."
            )
            yield warning(
                "trust.key-changed",
                summary,
                cause="key-changed",
                expected=pin.keys[-1],
                found=new[0],
                evidence=evidence,
            )
    else:
        for other in given.memory.pins.values():
            likeness = _likeness(seen, other)
            if likeness is not None:
                summary = f"The issuer {quote(seen.name)} on {clean(seen.host)} {likeness}; look twice."
                yield warning(
                    "trust.lookalike",
                    summary,
                    cause="lookalike",
                    expected=other.host,
                    found=seen.host,
                    evidence=evidence,
                )
                break
    profile = source.node if source is dossier.issuer else {}
    if (
        profile is not None
        and (dossier.methods.hosted or dossier.older)
        and declared_scope(profile)[0] is None
        and shared(seen.host)
    ):
        summary = f"Many people publish on {clean(seen.host)}, and the issuer does not say which part of it is its own."
        yield warning(
            "trust.shared-host",
            summary,
            cause="shared-host",
            expected="startsWith",
            found=seen.host,
            evidence=evidence,
        )


def shared(host: str) -> bool:
    """Whether many people publish on `host`."""
    return host in SHARED_HOSTS or (host.startswith("s3.") and host.endswith(".amazonaws.com"))


def _likeness(seen: Seen, known: Pin) -> str | None:
    """In what an unknown issuer resembles a known one, as part of a sentence."""
    if alike_hosts(seen.host, known.host):
        return f"stands on a host that looks like {clean(known.host)}, which you know"
    if same_name(seen.name, known.name) and seen.host != known.host:
        return f"goes by the name of one that you know from {clean(known.host)}"
    return None
