"""What an entry of somebody else's list becomes: a source to import, or a refusal that names the account.

An entry is foreign. Only a web address or a signed badge gets through: the importers that take it from here would read
anything else as the name of a file on this computer.
"""

from __future__ import annotations

from importers.accounts.model import Item, Place
from importers.context import Context
from importers.refusals import refuse
from importers.text import WEB_ADDRESS
from wallet.documents.jws import COMPACT
from wallet.fetch.urls import BadUrlError, parse_target
from wallet.found import Refused
from wallet.limits import LIMITS
from wallet.model import Json

_SHORTEST_TOKEN = 100


def item_of(value: Json, *, accepted: bool = True) -> Item | None:
    """The hosted badge at this address; None for what is no web address."""
    if not isinstance(value, str) or WEB_ADDRESS.fullmatch(value.encode("utf-8", "surrogateescape")) is None:
        return None
    try:
        parse_target(value)
    except BadUrlError:
        return None
    return Item(value, accepted)


def signed_item(value: Json) -> Item | None:
    """A badge that brings its own proof: a compact JWS."""
    if not isinstance(value, str) or not _SHORTEST_TOKEN < len(value) <= LIMITS.credential_bytes:
        return None
    signed = value.startswith(("ey", "ew")) and COMPACT.fullmatch(value.encode("utf-8", "replace")) is not None
    return Item(value) if signed else None


def unreadable(place: Place, value: Json) -> Refused:
    """An entry that points nowhere."""
    return _refused(place, "account-item", value if isinstance(value, str) and value else "no address")


def not_whole(place: Place, why: str) -> Refused:
    """The list was not delivered to its end."""
    return _refused(place, "host-unreachable", why, f"the rest of {place.name}")


def _refused(place: Place, code: str, detail: str, source: str | None = None) -> Refused:
    context = Context(source=source or place.name, host=place.host)
    return refuse(context, code, detail).refused[0]
