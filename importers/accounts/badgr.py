"""The backpack of Badgr, Canvas Credentials and Parchment Digital Badges, and of servers that run Badgr's open source.

Signs in with a token that the learner pastes, or with her password, which is used once and never kept. Accounts are per region.
What the list says of a badge cannot be verified as delivered, so only `openBadgeId` is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeGuard
from urllib.parse import urlencode

from importers.accounts.connection import Connection, Stopped
from importers.accounts.model import BADGR, Item, Listing, Place, Secrets, SignInError
from importers.accounts.oauth import ask_token, error_of, is_token, read_answer, read_grant, reason, shown
from importers.accounts.sources import item_of, not_whole, unreadable
from wallet.errors import UsageError
from wallet.fetch.session import AuthorizedSession
from wallet.found import Refused
from wallet.limits import LIMITS
from wallet.model import Json, JsonObject

REGIONS = {
    "us": "api.badgr.io",
    "eu": "api.eu.badgr.io",
    "au": "api.au.badgr.io",
    "ca": "api.ca.badgr.io",
    "sg": "api.sg.badgr.io",
    "parchment-us": "api.badges.parchment.com",
    "parchment-eu": "api.badges.parchment.eu",
    "parchment-au": "api.badges.parchment.au",
    "parchment-ca": "api.badges.parchment.ca",
    "parchment-sg": "api.badges.parchment.sg",
}
_CLIENT = "public"
_SCOPE = "r:backpack"
_PAGE = 100
_WRONG = (
    "Check the address, the password and the region. If you sign in there by way of your school or company, you have no"
    " password: make a token in its account settings and paste that."
)


def account_name(region: str | None, host: str | None) -> str:
    """What an account is called here."""
    return f"{BADGR}:{host or region}"


def secrets_of_token(api: str, token: str) -> Secrets:
    """What is kept of a token that the learner pasted. Raises `UsageError` when it cannot be one."""
    token = token.strip()
    token = token[len("Bearer ") :].strip() if token.lower().startswith("bearer ") else token
    if not is_token(token):
        raise UsageError(
            "What was pasted is not a token.", "Copy it again, whole and without line breaks. Nothing was changed."
        )
    return Secrets(access=token, api=api)


def sign_in(place: Place, api: str, session: AuthorizedSession, *, user: str, password: str, now: datetime) -> Secrets:
    """Exchange a password for tokens (RFC 6749 section 4.3). Raises `SignInError`, `NoAnswerError`."""
    url, host = f"{api}/o/token", shown(place.host)
    fields = [("grant_type", "password"), ("username", user), ("password", password), ("client_id", _CLIENT)]
    fetched = session.post_form(url, [*fields, ("scope", _SCOPE)])
    found = read_answer(fetched, host)
    if fetched.status != 200 and error_of(found) == "invalid_scope":
        # Older servers know no permission that only reads; what they give without being asked has to do.
        grant = ask_token(session, url, fields, client=None, host=host, now=now, remedy=_WRONG)
    elif fetched.status != 200:
        raise SignInError(f"{host} did not let you in: {reason(found, fetched.status)}.", _WRONG)
    else:
        grant = read_grant(found, host=host, now=now)
    return Secrets(grant.access, api, grant.refresh, grant.expires, token_url=url, client=_CLIENT)


def list_badges(place: Place, connection: Connection) -> Listing:
    """Everything in the backpack but what the learner turned down."""
    items: dict[str, Item] = {}
    refused: list[Refused] = []
    complete, rejected = True, 0
    for page in connection.pages(f"{connection.api}/v2/backpack/assertions?num={_PAGE}", _next):
        if isinstance(page, Stopped):
            refused.append(not_whole(place, page.why))
            complete = False
            break
        for entry in _entries(page):
            if entry.get("acceptance") == "Rejected":
                rejected += 1
                continue
            item = item_of(entry.get("openBadgeId"), accepted=entry.get("acceptance") != "Unaccepted")
            if item is None:
                refused.append(unreadable(place, entry.get("openBadgeId")))
            else:
                items.setdefault(item.source, item)
        if len(items) + len(refused) > LIMITS.finds:
            refused.append(not_whole(place, f"more than {LIMITS.finds:,} badges"))
            complete = False
            break
    return Listing(tuple(items.values())[: LIMITS.finds], tuple(refused), complete, rejected)


def _entries(page: JsonObject) -> Iterator[JsonObject]:
    result = page.get("result")
    for entry in result if isinstance(result, Sequence) and not isinstance(result, str) else [result]:
        if _is_object(entry):
            yield entry


def _is_object(value: Json) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def _next(page: JsonObject, url: str) -> str | None:
    """The next page where a server names it in the answer: an address, or the cursor to continue after."""
    told = page.get("pagination")
    if not isinstance(told, dict) or told.get("hasNext") is False:
        return None
    for name in ("nextResults", "next"):
        address = told.get(name)
        if isinstance(address, str) and address:
            return address
    after = told.get("after")
    if isinstance(after, str) and after:
        return f"{url.partition('?')[0]}?{urlencode({'num': _PAGE, 'after': after})}"
    return None
