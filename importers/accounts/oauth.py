"""OAuth 2.0 as far as accounts need it: reads answers, makes requests, renews tokens. RFC 6749, 6750, 7636.

authlib makes the challenge and the address for the browser; whatever is sent goes through `AuthorizedSession`, because
authlib's own clients would dial past the guard. Nothing that a host writes is repeated to the learner, known error names
aside: it might be her own secret.
"""

from __future__ import annotations

import re
import secrets as randomness
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from importers.accounts.model import NoAnswerError, SignInError
from wallet.documents.strict_json import JsonProblem, parse_object
from wallet.fetch.base import Fetched
from wallet.fetch.session import AuthorizedSession, Basic
from wallet.model import Json, JsonObject
from wallet.text import clean

_LATER = "Nothing was changed: try again later, or download your badges there and import the files."
_LONGEST_DAYS = 3_650
_LONGEST_SECRET = 16_384
# RFC 6750 section 2.1. Anything else could end the header that it stands in.
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_WORDS = {
    "access_denied": "the request was declined",
    "invalid_client": "this program is not known there any more",
    "invalid_client_metadata": "the registration was not accepted",
    "invalid_grant": "the password, the code or the earlier sign-in is not accepted",
    "invalid_redirect_uri": "it takes no answer to an address on this computer",
    "invalid_request": "something is missing in the request",
    "invalid_scope": "it does not know the permission asked for",
    "invalid_token": "the token is not accepted",
    "insufficient_scope": "the token does not allow reading badges",
    "server_error": "it has a fault of its own",
    "temporarily_unavailable": "it is busy",
    "unauthorized_client": "this program may not ask in this way",
    "unsupported_grant_type": "it does not take passwords or codes in this way",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token address gave."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires: datetime | None = None


def new_secret() -> str:
    """A state or a code verifier: 43 characters, 256 bits."""
    return randomness.token_urlsafe(32)


def authorization_address(endpoint: str, *, client: str, redirect: str, scope: str, state: str, verifier: str) -> str:
    """Where the browser is sent: an authorization request with a PKCE challenge (S256)."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # authlib only for accounts
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    made = prepare_grant_uri(
        endpoint,
        client,
        "code",
        redirect_uri=redirect,
        scope=scope,
        state=state,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return str(made)


def is_token(text: str) -> bool:
    """Whether this can be an access token at all."""
    return 0 < len(text) <= _LONGEST_SECRET and _TOKEN.fullmatch(text) is not None


def read_answer(fetched: Fetched, host: str) -> JsonObject:
    """The JSON object in an answer of whatever status below 500. Raises `NoAnswerError`."""
    if fetched.failure is not None:
        raise NoAnswerError(f"{host} could not be asked: {fetched.failure.detail}.", _LATER)
    status = fetched.status or 0
    try:
        found = parse_object(fetched.body)
    except JsonProblem:
        found = None
    if status >= 500 or status == 429 or (found is None and status < 400):
        why = "not in JSON" if status < 400 else f"with status {status}"
        raise NoAnswerError(f"{host} answered {why}, so your badges could not be listed.", _LATER)
    return found or {}


def reason(found: JsonObject, status: int | None) -> str:
    """Why a host said no: the OAuth error in words if it is a known one, else the status."""
    return _WORDS.get(error_of(found), f"status {status}")


def error_of(found: JsonObject) -> str:
    """The name of the OAuth error in an answer, or ""."""
    error = found.get("error")
    return error if isinstance(error, str) and error in _WORDS else ""


def error_words(name: str) -> str:
    """An error that came by way of the browser, in words."""
    return _WORDS.get(name, "it gave a reason that badgefolio does not know")


def ask_token(
    session: AuthorizedSession,
    url: str,
    fields: Sequence[tuple[str, str]],
    *,
    client: Basic | None,
    host: str,
    now: datetime,
    remedy: str,
) -> Grant:
    """What the token address gives for `fields`. Raises `SignInError` when it says no, `NoAnswerError`."""
    fetched = session.post_form(url, fields, client)
    found = read_answer(fetched, host)
    if fetched.status not in (200, 201):
        raise SignInError(f"{host} did not let you in: {reason(found, fetched.status)}.", remedy)
    return read_grant(found, host=host, now=now)


def read_grant(found: JsonObject, *, host: str, now: datetime) -> Grant:
    """The tokens in an answer. Raises `NoAnswerError` when there is none that could be used."""
    access, kind = found.get("access_token"), found.get("token_type", "Bearer")
    if not isinstance(access, str) or not is_token(access) or str(kind).lower() != "bearer":
        raise NoAnswerError(f"{host} answered the sign-in without a token that could be used.", _LATER)
    return Grant(access, read_secret(found.get("refresh_token")), _expiry(found.get("expires_in"), now))


def read_secret(value: Json) -> str | None:
    """A refresh token or a client secret, which may hold any visible character."""
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_SECRET and _VISIBLE.fullmatch(value):
        return value
    return None


def _expiry(value: Json, now: datetime) -> datetime | None:
    # Some hosts write the seconds as text.
    text = str(value).partition(".")[0]
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    return now + timedelta(seconds=min(int(text), _LONGEST_DAYS * 86_400))


def shown(host: str) -> str:
    """A host's name in a message."""
    return clean(host, limit=120)
