"""Speaks for the learner to a host that knows her: bearer tokens, client secrets, forms. For `importers.accounts` alone.

Every request goes through the guarded transport of `HttpFetcher`, one at a time, without cache and without redirects. A secret
is bound to the origin it is meant for and is sent nowhere else, and over https only; a loopback host that the learner opened by
name may speak http, because nobody stands between. What the answers mean is the caller's affair, and no secret is in any
message, `repr` or log of this module.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote, urlencode

from wallet.documents.strict_json import dumps_bytes
from wallet.fetch.base import Cause, Failure, Fetched
from wallet.fetch.http import Call, HttpFetcher
from wallet.fetch.urls import BadUrlError, Target, parse_target
from wallet.model import Json

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Bearer:
    """An access token (RFC 6750) and the origin, `https://HOST[:PORT]`, that it may be shown to."""

    token: str = field(repr=False)
    origin: str


@dataclass(frozen=True, slots=True)
class Basic:
    """A client's name and secret (RFC 6749 section 2.3.1) and the origin that they may be shown to."""

    name: str
    secret: str = field(repr=False)
    origin: str


def origin_of(url: str) -> str | None:
    """`scheme://host[:port]` of an address, spelt the one way that is compared; None for what is no web address."""
    try:
        return _origin(parse_target(url))
    except BadUrlError:
        return None


def _origin(target: Target) -> str:
    return f"{target.scheme}://{target.authority}"


class AuthorizedSession:
    """One conversation with the hosts of an account. `before` is told each address before it is contacted."""

    def __init__(self, http: HttpFetcher, *, before: Callable[[str], None] | None = None) -> None:
        self._http = http
        self._before = before

    def safe(self, url: str) -> bool:
        """Whether secrets may be sent to this address at all: https, or a loopback host that was opened by name."""
        try:
            return self._is_safe(parse_target(url))
        except BadUrlError:
            return False

    def get(self, url: str, bearer: Bearer) -> Fetched:
        """GET with a token."""
        return self._call(url, Call(headers=(("Authorization", f"Bearer {bearer.token}"),)), bearer.origin)

    def post_form(self, url: str, fields: Sequence[tuple[str, str]], client: Basic | None = None) -> Fetched:
        """POST of a form whose fields may be secrets, with the client's own name and secret where there are some."""
        headers = [("Content-Type", _FORM)]
        if client is not None:
            # Both parts are encoded as in a form before they are joined, as the RFC has it: a colon may stand in either.
            pair = f"{quote(client.name, safe='')}:{quote(client.secret, safe='')}"
            headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
        call = Call("POST", tuple(headers), urlencode(fields).encode())
        return self._call(url, call, client.origin if client is not None else None)

    def post_json(self, url: str, value: Json) -> Fetched:
        """POST of a JSON document."""
        return self._call(url, Call("POST", (("Content-Type", _JSON),), dumps_bytes(value)), None)

    def _call(self, url: str, call: Call, origin: str | None) -> Fetched:
        try:
            target = parse_target(url)
        except BadUrlError as problem:
            return self._refused(url, Cause.BAD_URL, problem.detail)
        if not self._is_safe(target):
            detail = f"{target.host} is not asked without https, where anybody on the way could read what is secret"
            return self._refused(url, Cause.TLS, detail)
        if origin is not None and origin != _origin(target):
            return self._refused(url, Cause.REDIRECT, f"{target.authority} is not the host that this token is for")
        if self._before is not None:
            self._before(target.url)
        return self._http.call(target, call)

    def _is_safe(self, target: Target) -> bool:
        if target.scheme == "https":
            return True
        try:
            loopback = ip_address(target.host).is_loopback
        except ValueError:
            loopback = target.host == "localhost"
        return loopback and self._http.opened_by_name(target)

    def _refused(self, url: str, cause: Cause, detail: str) -> Fetched:
        return self._http.refused(url, Failure(cause, detail))
