"""A sample issuer that really issues: profile, key, badge classes, hosted and signed assertions, revocation.

Every key is fresh, so no sample badge can be mistaken for anything lasting. Documents follow Open Badges 2.0; what a sample
needs to be wrong (a forgery, a withdrawal) is made by doing the wrong thing with right tools, as a forger would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from tui.demo.host import LoopbackHost, Page
from wallet.documents import jws, strict_json
from wallet.model import Json

CONTEXT = "https://w3id.org/openbadges/v2"


@dataclass(frozen=True, slots=True)
class BadgeClass:
    """What a sample issuer awards. `picture` is the bytes of a PNG or SVG."""

    slug: str
    name: str
    description: str
    criteria: str
    picture: bytes
    tags: tuple[str, ...] = ()
    alignment: Mapping[str, Json] | None = None

    @property
    def picture_path(self) -> str:
        """Where the issuer serves the picture."""
        return f"/classes/{self.slug}.{self.suffix}"

    @property
    def suffix(self) -> str:
        """`png` or `svg`, by the bytes."""
        return "png" if self.picture.startswith(b"\x89PNG") else "svg"


@dataclass(frozen=True, slots=True)
class Award:
    """One awarded badge: its id, its class, and the exact text to bake or hand over (JSON, or a compact JWS)."""

    id: str
    badge_class: BadgeClass
    text: str


def new_private_key() -> str:
    """A fresh RSA key of 2048 bits, as PEM."""
    from cryptography.hazmat.primitives import serialization  # 30 ms that no other command should pay
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def public_pem(private_key: str) -> str:
    """The public half, as PEM."""
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(private_key.encode("ascii"), None)
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode("ascii")
    )


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, as Open Badges 2.0 asks."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SampleIssuer:
    """An issuer on a loopback host. Everything it awards is published at once."""

    def __init__(self, host: LoopbackHost, name: str, email: str, description: str) -> None:
        self._host = host
        self._private_key = new_private_key()
        self._revoked: list[dict[str, Json]] = []
        self.name = name
        self.id = host.base_url + "/issuer"
        self._key_id = host.base_url + "/key"
        self._list_url = host.base_url + "/revoked"
        self._publish(
            "/issuer",
            {
                "@context": CONTEXT,
                "type": "Issuer",
                "id": self.id,
                "name": name,
                "url": host.base_url + "/",
                "email": email,
                "description": description,
                "publicKey": self._key_id,
                "revocationList": self._list_url,
                "verification": {"type": "VerificationObject", "startsWith": host.base_url + "/assertions/"},
            },
        )
        self._publish(
            "/key",
            {
                "@context": CONTEXT,
                "type": "CryptographicKey",
                "id": self._key_id,
                "owner": self.id,
                "publicKeyPem": public_pem(self._private_key),
            },
        )
        self._publish_list()

    def class_url(self, badge_class: BadgeClass) -> str:
        """The id of a badge class."""
        return f"{self._host.base_url}/classes/{badge_class.slug}"

    def offer(self, badge_class: BadgeClass) -> None:
        """Publish a badge class with its picture."""
        kind = "image/png" if badge_class.suffix == "png" else "image/svg+xml"
        picture = self._host.publish(badge_class.picture_path, Page(badge_class.picture, kind))
        document: dict[str, Json] = {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": self.class_url(badge_class),
            "name": badge_class.name,
            "description": badge_class.description,
            "image": picture,
            "criteria": {"narrative": badge_class.criteria},
            "issuer": self.id,
            "tags": list(badge_class.tags),
        }
        if badge_class.alignment is not None:
            document["alignment"] = [badge_class.alignment]
        self._publish(f"/classes/{badge_class.slug}", document)

    def award_hosted(
        self, badge_class: BadgeClass, email: str, issued_on: datetime, *, expires: datetime | None = None
    ) -> Award:
        """Award by publishing an assertion (OB2 HostedBadge)."""
        document = self._assertion(badge_class, email, issued_on, expires, "HostedBadge")
        award_id = str(document["id"])
        return Award(award_id, badge_class, self._publish(award_id.removeprefix(self._host.base_url), document))

    def award_signed(
        self,
        badge_class: BadgeClass,
        email: str,
        issued_on: datetime,
        *,
        expires: datetime | None = None,
        with_key: str | None = None,
    ) -> Award:
        """Award by signing an assertion (OB2 SignedBadge). `with_key` signs with somebody else's key: a forgery."""
        document = self._assertion(badge_class, email, issued_on, expires, "SignedBadge")
        document["verification"] = {"type": "SignedBadge", "creator": self._key_id}
        token = jws.sign(strict_json.dumps_bytes(document), with_key or self._private_key)
        return Award(str(document["id"]), badge_class, token.decode("ascii"))

    def withdraw_hosted(self, award: Award, reason: str) -> None:
        """Revoke a hosted badge: its address answers 410 from now on (OB2, revoking hosted assertions)."""
        body: dict[str, Json] = {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": award.id,
            "revoked": True,
            "revocationReason": reason,
        }
        self._publish(award.id.removeprefix(self._host.base_url), body, status=410)

    def withdraw_signed(self, award: Award, reason: str) -> None:
        """Revoke a signed badge: name it in the revocation list."""
        self._revoked.append({"id": award.id, "revocationReason": reason})
        self._publish_list()

    def _assertion(
        self, badge_class: BadgeClass, email: str, issued_on: datetime, expires: datetime | None, method: str
    ) -> dict[str, Json]:
        # The salt is derived, not random, so that two runs award the same documents apart from keys and ports.
        salt = sha256(f"{badge_class.slug}/{email}".encode()).hexdigest()[:12]
        number = sha256(f"{badge_class.slug}/{email}/{instant(issued_on)}".encode()).hexdigest()[:10]
        document: dict[str, Json] = {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": f"{self._host.base_url}/assertions/{number}",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": salt,
                "identity": "sha256$" + sha256((email + salt).encode()).hexdigest(),
            },
            "badge": self.class_url(badge_class),
            "verification": {"type": method},
            "issuedOn": instant(issued_on),
        }
        if expires is not None:
            document["expires"] = instant(expires)
        return document

    def _publish_list(self) -> None:
        entries: Sequence[Json] = list(self._revoked)
        self._publish(
            "/revoked",
            {
                "@context": CONTEXT,
                "type": "RevocationList",
                "id": self._list_url,
                "issuer": self.id,
                "revokedAssertions": entries,
            },
        )

    def _publish(self, path: str, document: Mapping[str, Json], *, status: int = 200) -> str:
        body = strict_json.dumps_bytes(dict(document))
        self._host.publish(path, Page(body, status=status))
        return body.decode("ascii")
