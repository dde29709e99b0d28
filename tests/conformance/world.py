"""A small world of Open Badges for conformance cases: an issuer, an achievement, awards, a key, a revocation list.

    world = World()
    world.award["expires"] = "2020-01-01T00:00:00Z"      # one fault
    world.hosted()                                       # the report on the hosted award
    world.signed()                                       # the report on the same award, signed

Documents are plain dicts that a case changes before it asks for a report. `World` is itself the fetcher: what it serves is what
its documents say at that moment, with statuses and failures laid over it. Nothing here judges.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.generate import badges, keys
from wallet.documents import jws
from wallet.fetch.base import Cause, Failure, Fetched, Want
from wallet.found import Kind
from wallet.model import Identity
from wallet.verify.dossier import Subject
from wallet.verify.report import Earlier, Report
from wallet.verify.service import verify

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OB2 = badges.OB2
HOST = "https://badges.rowan-college.example"
AWARD, CLASS, ISSUER, KEY = f"{HOST}/awards/1", f"{HOST}/classes/lab-safety", f"{HOST}/issuer", f"{HOST}/key"
LIST, PICTURE = f"{HOST}/withdrawn", f"{HOST}/images/lab-safety.png"
OTHER = "https://badges.elsewhere.example"
MINE = Identity("email", badges.EMAIL)

Change = Callable[["World"], None]


class World:
    """The documents of one issuer and what its server answers. Also a `Fetcher`."""

    def __init__(self) -> None:
        self.private, self.public = keys.pair("RSA")
        self.award = badges.assertion()
        self.signed_award = badges.signed_assertion()
        self.class_ = badges.badge_class()
        self.issuer = badges.issuer(publicKey=KEY)
        self.key: dict[str, object] = {
            "@context": OB2,
            "type": "CryptographicKey",
            "id": KEY,
            "owner": ISSUER,
            "publicKeyPem": self.public,
        }
        self.documents: dict[str, object] = {
            AWARD: self.award,
            CLASS: self.class_,
            ISSUER: self.issuer,
            KEY: self.key,
            PICTURE: badges.png(),
        }
        self.answers: dict[str, Fetched] = {}
        self.asked: list[str] = []
        self.algorithm = "RS256"
        self.token: bytes | None = None
        self.payload: bytes | None = None
        self.brought: bytes | None = None
        self.moment = NOW

    # what the server does

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """The answer for `url`: one laid over it, else the document, else 404."""
        self.asked.append(url)
        answer = self.answers.get(url)
        if answer is not None:
            return answer
        place = url.partition("#")[0]
        if place not in self.documents:
            return Fetched(url, url, self.moment, status=404, body=b"not here")
        value = self.documents[place]
        body = value if isinstance(value, bytes) else badges.encode(value)
        label = "application/ld+json" if not isinstance(value, bytes) else "image/png"
        return Fetched(url, url, self.moment, status=200, body=body, headers=(("content-type", label),))

    def status(self, url: str, status: int, body: bytes = b"") -> None:
        """Answer `url` with this status."""
        self.answers[url] = Fetched(url, url, self.moment, status=status, body=body)

    def fails(self, url: str, cause: Cause = Cause.TIMEOUT) -> None:
        """Answer `url` with nothing."""
        self.answers[url] = Fetched(url, url, self.moment, failure=Failure(cause, "no answer"))

    def leads_to(self, url: str, final: str) -> None:
        """Redirect `url` to `final`."""
        self.answers[url] = replace(self.fetch(final), url=url, final_url=final)

    def serve(self, url: str, document: object) -> None:
        """Serve another document."""
        self.documents[url] = document

    def withdraw(self, *entries: object) -> None:
        """Give the issuer a revocation list with these entries."""
        self.issuer["revocationList"] = LIST
        self.serve(
            LIST,
            {
                "@context": OB2,
                "type": "RevocationList",
                "id": LIST,
                "issuer": ISSUER,
                "revokedAssertions": list(entries),
            },
        )

    # what the learner brings

    def subject(self) -> Subject:
        """The file with the hosted award."""
        raw = self.brought if self.brought is not None else json.dumps(self.award).encode()
        return Subject(raw, Kind.OB2_JSON)

    def signed_subject(self) -> Subject:
        """The token with the signed award."""
        payload = self.payload if self.payload is not None else json.dumps(self.signed_award).encode()
        token = self.token if self.token is not None else jws.sign(payload, self.private, self.algorithm)
        return Subject(token, Kind.OB2_JWS)

    def report(
        self,
        subject: Subject,
        identities: Sequence[Identity] = (),
        earlier: Earlier | None = None,
        policy: str = "standard",
    ) -> Report:
        """The report on any subject, in this world."""
        return verify(subject, fetcher=self, identities=identities, now=NOW, earlier=earlier, policy=policy)

    def hosted(self, *identities: Identity) -> Report:
        """The report on the hosted award."""
        return self.report(self.subject(), identities)

    def signed(self, *identities: Identity) -> Report:
        """The report on the signed award."""
        return self.report(self.signed_subject(), identities)


def troubles(report: Report) -> str:
    """What a failing test should print."""
    lines = [f"{f.check}: {f.outcome.value} ({f.cause}) {f.summary}" for f in report.troubles]
    return "\n".join([f"{report.verdict.value}", *lines])
