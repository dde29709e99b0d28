"""Many badges of a few issuers, for benchmarks and tests that need numbers: real signatures, one seed, same bytes each time
apart from the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.generate import badges
from wallet.fetch.base import Fetched, Want
from wallet.model import Identity

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HOST = badges.HOST
LEARNER = Identity("email", "ada@students.example")


class Published:
    """A fetcher over documents held in memory: a known issuer, without a network to measure."""

    def __init__(self, documents: Mapping[str, bytes], fetched_at: datetime = NOW) -> None:
        self._documents = documents
        self._at = fetched_at
        self.asked: list[str] = []

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """What is published at `url`, else a 404."""
        self.asked.append(url)
        body = self._documents.get(url)
        kind = "image/png" if url.endswith(".png") else "application/ld+json"
        headers = (("content-type", kind),)
        if body is None:
            return Fetched(url, url, self._at, status=404, body=b"{}", headers=headers)
        return Fetched(url, url, self._at, status=200, body=body, headers=headers)


@dataclass(frozen=True, slots=True)
class SignedWorld:
    """A folder of signed PNGs, and what their issuer publishes."""

    folder: Path
    published: Published


def signed_pngs(folder: Path, count: int, *, classes: int = 20, size: int = 24_000) -> SignedWorld:
    """Write `count` signed badges of `classes` classes into `folder`, each a PNG of about `size` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _, public = badges.key_pair("issuer")
    documents = {
        f"{HOST}/issuer": badges.encode(badges.issuer(publicKey=f"{HOST}/key")),
        f"{HOST}/key": badges.encode(
            {
                "@context": badges.OB2,
                "type": "CryptographicKey",
                "id": f"{HOST}/key",
                "owner": f"{HOST}/issuer",
                "publicKeyPem": public,
            }
        ),
    }
    for number in range(classes):
        documents[f"{HOST}/classes/{number}"] = badges.encode(
            badges.badge_class(
                id=f"{HOST}/classes/{number}", name=f"Class {number}", image=f"{HOST}/classes/{number}.png"
            )
        )
        documents[f"{HOST}/classes/{number}.png"] = badges.png(seed=number)
    for number in range(count):
        document = badges.signed_assertion(
            number,
            badge=f"{HOST}/classes/{number % classes}",
            recipient={"type": "email", "hashed": False, "identity": LEARNER.value},
            issuedOn=(NOW - timedelta(days=1 + number % 900)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            narrative="What this was awarded for, in a few sentences. " * 30,
        )
        picture = badges.png(badges.itxt(badges.token(document)), size=size, seed=number)
        (folder / f"badge-{number:05}.png").write_bytes(picture)
    return SignedWorld(folder, Published(documents))
