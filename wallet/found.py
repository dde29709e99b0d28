"""What an importer hands to the wallet: exact bytes, where they were found, and nothing judged.

The shapes live in the core because the wallet stores them, while `importers` fill them; neither needs the other's insides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wallet.bundle import Bundle


class Kind(StrEnum):
    """What the bytes of a credential are, by their content."""

    OB2_JSON = "ob2-json"
    OB2_JWS = "ob2-jws"
    OB2_URL = "ob2-url"
    OB1_JSON = "ob1-json"
    OB05_JSON = "ob05-json"
    OB3_JSON = "ob3-json"
    OB3_JWT = "ob3-jwt"
    CLR2_JSON = "clr2-json"
    CLR2_JWT = "clr2-jwt"
    BLOCKCERTS_JSON = "blockcerts-json"


class Carrier(StrEnum):
    """What carried the credential when it was found."""

    PNG = "png"
    SVG = "svg"
    JSON = "json"
    JWS = "jws"
    URL = "url"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of provenance, outermost first, e.g. "PNG iTXt openbadges #1 offset 41 crc ok". May hold foreign text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing about how it was found. `code` is stable (importing.md section 8)."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One credential as found. `raw` and `container` are exact bytes.

    raw: JSON text, compact JWS, or the baked URL. container: the PNG, SVG or PDF that carries it: then it is what is kept.
    claimed_id: exactly as written. fetch_url: where a hosted copy should be.
    """

    kind: Kind
    carrier: Carrier
    raw: bytes
    container: bytes | None = None
    claimed_id: str | None = None
    fetch_url: str | None = None
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
    source: str = ""

    @property
    def original(self) -> bytes:
        """The exact bytes that the learner brought."""
        return self.container if self.container is not None else self.raw


@dataclass(frozen=True, slots=True)
class Refused:
    """One input, or member of one, that gave no badge. `code` is stable; message and remedy are clean sentences."""

    source: str
    code: str
    message: str
    remedy: str
    steps: tuple[Step, ...] = ()

    @property
    def network(self) -> bool:
        """Whether only the network stood in the way, so that trying again later may help."""
        return self.code in NETWORK_CODES or self.code.startswith("http-")


@dataclass(frozen=True, slots=True)
class Offer:
    """A web address that stood in a mail, a PDF, a table or a text: opened only when the learner says so.

    url: without the learner's own address in it. source: where it stood. Both are foreign text.
    """

    url: str
    source: str


NETWORK_CODES = frozenset({"host-unreachable", "offline", "blocked-address", "auth-required"})


@dataclass(frozen=True, slots=True)
class FromBundle:
    """A bundle that somebody handed over was among what was read. source: foreign text, as in `Found`."""

    source: str
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All that one source gave, in a stable order.

    skipped: members of a folder or an archive that simply are no badge. offers: links that may lead to badges. bundles: what
    was handed over whole, whose originals are among `found`.
    """

    found: tuple[Found, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()
    skipped: int = 0
    offers: tuple[Offer, ...] = ()
    bundles: tuple[FromBundle, ...] = ()
