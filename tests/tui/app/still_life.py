"""A wallet whose every word is fixed here, so that whole screens can be compared: no port, no key, no verifier's sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.generate import badges
from tests.support import wallets
from tests.support.wallets import NOW
from wallet.found import Found
from wallet.model import Criteria, Identity, Text
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Finding, Outcome, Report, Verdict, Who

P, F, W, U = Outcome.PASSED, Outcome.FAILED, Outcome.WARNING, Outcome.UNDETERMINED
_PASSED = (
    Finding("hosted.fetched", P, "The hosted badge could be read from badges.rowan-college.example."),
    Finding("recipient.match", P, "It was awarded to “mina.okafor@learner.example”."),
    Finding("revocation.hosted", P, "The issuer still stands by it."),
)
_BROKEN = Finding(
    "signed.signature",
    F,
    "The signature does not match: the content was changed, or another key made it.",
    expected="a signature by the issuer's key",
    found="a signature by another key",
    who=Who.ISSUER,
    remedy="Fetch the original again; if it fails as well, tell the issuer.",
)
_GONE = Finding("hosted.fetched", U, "The host of the hosted badge does not answer.", cause="timeout", who=Who.NETWORK)
_OLD = Finding("time.expires", F, "It expired on 1 October 2026.", expected="a later day", found="2026-10-01")
_BACK = Finding("revocation.hosted", F, "The issuer withdrew this badge and gives as its reason: “Awarded twice”.")
_PLAIN = Finding("transport.tls", W, "Nobody vouches for the transport: the host came over http.")

#: Name, day of award, verdict (None: never checked), what was found.
BADGES: tuple[tuple[str, str, Verdict | None, tuple[Finding, ...]], ...] = (
    ("Laboratory Safety", "2026-11-02", Verdict.VALID, _PASSED),
    ("Bread Baking", "2026-09-14", Verdict.INVALID, (_BROKEN, *_PASSED[1:])),
    ("Knot Tying and the Care of Ropes on Inland Waters", "2026-08-30", Verdict.REVOKED, (*_PASSED[:2], _BACK)),
    ("Sign Language", "2026-05-21", Verdict.EXPIRED, (*_PASSED, _OLD)),
    ("Bee Keeping", "2026-04-04", Verdict.UNDETERMINED, (_GONE,)),
    ("園芸の基礎", "2026-03-03", Verdict.VALID, (*_PASSED, _PLAIN)),
    ("Welding", "2026-02-02", None, ()),
)
_ANSWERS = {
    Verdict.VALID: (P, P, P),
    Verdict.INVALID: (F, P, P),
    Verdict.REVOKED: (P, P, F),
    Verdict.EXPIRED: (P, P, F),
    Verdict.UNDETERMINED: (U, U, U),
}
PATHWAY = f"""\
format = "badge-pathway/1"
id = "urn:example:shore"
name = "Shore Hand"
version = "1"
root = "stack"

[group.stack]
name = "Shore Hand"
of = ["safety", "hands", "garden"]

[group.hands]
name = "Two of three"
of = ["bread", "knots", "sign"]
need = 2

[element.safety]
name = "Safety first"
match = [{{ achievement = "{badges.HOST}/classes/0" }}]
hours = 6
facilitation = "supervised"

[element.bread]
name = "Bread Baking"
match = [{{ achievement = "{badges.HOST}/classes/1" }}]

[element.knots]
name = "Knots"
match = [{{ achievement = "{badges.HOST}/classes/2" }}]
hours = 3

[element.sign]
name = "Sign Language"
match = [{{ achievement = "{badges.HOST}/classes/3" }}]

[element.garden]
name = "園芸の基礎"
match = [{{ achievement = "{badges.HOST}/classes/5" }}]
"""


def arrange(home: Path) -> None:
    """Lay the wallet out below `home`."""
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        wallet.add_identity(Identity("email", badges.EMAIL), now=NOW)
        items = [
            wallets.found(number, name=name, issuedOn=f"{day}T09:00:00Z")
            for number, (name, day, _, _) in enumerate(BADGES)
        ]
        added = wallet.add(items, now=NOW)
        _remember(wallet, added[2].badge, items[2])
        for number, (one, (_, _, verdict, _)) in enumerate(zip(added, BADGES, strict=True)):
            if verdict is not None:
                wallet.record(one.badge, _report(number), now=NOW)
        wallet.set_trust(f"{badges.HOST}/issuer", "trusted", now=NOW, note="my college")
        wallet.save_pathway("shore", PATHWAY.encode(), now=NOW)


def _remember(wallet: Wallet, badge: str, item: Found) -> None:
    """Two good months, then one in which nobody answered, before the badge was withdrawn."""
    for days, verdict in ((90, Verdict.VALID), (60, Verdict.VALID), (30, Verdict.UNDETERMINED)):
        at = wallets.later(days=-days)
        made = wallets.report(item, verdict, at=at, name=BADGES[2][0])
        made = replace(made, findings=(_GONE,)) if verdict is Verdict.UNDETERMINED else made
        wallet.record(badge, made, now=at)


def _report(number: int) -> Report:
    name, day, verdict, findings = BADGES[number]
    assert verdict is not None
    item = wallets.found(number, name=name, issuedOn=f"{day}T09:00:00Z")
    authentic, yours, still_good = _ANSWERS[verdict]
    made = wallets.report(item, verdict, name=name)
    assert made.credential is not None
    assert made.credential.achievement is not None
    achievement = replace(
        made.credential.achievement,
        id=f"{badges.HOST}/classes/{number}",
        description=Text.of("Does it well, and can say why."),
        criteria=Criteria(narrative=Text.of("Passed the **practical** test.")),
    )
    credential = replace(
        made.credential,
        achievement=achievement,
        achievement_id=achievement.id,
        issued_on=datetime.fromisoformat(day).replace(tzinfo=UTC),
        expires=datetime(2026, 10, 1, tzinfo=UTC) if verdict is Verdict.EXPIRED else None,
    )
    return replace(
        made,
        authentic=authentic,
        yours=yours,
        still_good=still_good,
        findings=findings,
        credential=credential,
        matched=Identity("email", badges.EMAIL) if yours is P else None,
    )
