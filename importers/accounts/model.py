"""What the parts of an account are: where it is, what signs in to it, and what its list points at.

List items are pointers: what an account's interface says of a badge lacks what proves it, so only the address is taken, and the
badge is fetched from there as any other link is. No I/O here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from wallet.errors import UndeterminedError, WalletError
from wallet.found import Refused

if TYPE_CHECKING:
    from wallet.fetch.session import Basic, Bearer

BADGR = "badgr"
BADGE_CONNECT = "badge-connect"
KINDS = (BADGR, BADGE_CONNECT)


class SignInError(WalletError):
    """The host did not let the learner in, or the answer to a sign-in is not to be trusted. Exit code 1."""

    code: ClassVar[str] = "sign-in"


class NoAnswerError(UndeterminedError):
    """The host of an account did not answer, or not in a way that can be read. Exit code 4."""

    code: ClassVar[str] = "account-unreachable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account is. `name` is unique on this computer and what the learner calls it by; `host` is for messages."""

    kind: str
    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything that lets this program in, and the addresses it was made for: a later answer cannot send it elsewhere.

    api: the base of the interface. token_url: where it is renewed, with `client` and `client_secret`. expires: aware, UTC;
    None when the host did not say.
    """

    access: str = field(repr=False)
    api: str
    refresh: str | None = field(default=None, repr=False)
    expires: datetime | None = None
    token_url: str | None = None
    client: str | None = None
    client_secret: str | None = field(default=None, repr=False)

    @property
    def bearer(self) -> Bearer:
        """The access token, bound to the interface's origin."""
        from wallet.fetch.session import Bearer, origin_of  # the network, which listing accounts does not need

        return Bearer(self.access, origin_of(self.api) or "")

    @property
    def basic(self) -> Basic | None:
        """The client's own name and secret, bound to the origin of the token address."""
        if self.client is None or self.client_secret is None or self.token_url is None:
            return None
        from wallet.fetch.session import Basic, origin_of

        return Basic(self.client, self.client_secret, origin_of(self.token_url) or "")


@dataclass(frozen=True, slots=True)
class Item:
    """One badge of the list: a web address, or a signed badge, which needs no address. `accepted`: by the learner, there."""

    source: str
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """What an account listed. complete: to its end. rejected: badges that the learner turned down there."""

    items: tuple[Item, ...] = ()
    refused: tuple[Refused, ...] = ()
    complete: bool = True
    rejected: int = 0
