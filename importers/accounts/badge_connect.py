"""Badge Connect, the interface of Open Badges 2.1: finds a host's addresses, registers, signs in by browser, lists the badges.

The manifest decides where everything is; the addresses that a sign-in was made with are kept beside its tokens, so a manifest
that changes later moves nothing. How the learner's browser is opened and what she pastes is the face's affair (`Asks`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from importers.accounts.connection import Connection, Stopped
from importers.accounts.model import BADGE_CONNECT, Item, Listing, NoAnswerError, Place, Secrets, SignInError
from importers.accounts.oauth import (
    ask_token,
    authorization_address,
    error_words,
    new_secret,
    read_answer,
    read_secret,
    reason,
    shown,
)
from importers.accounts.sources import item_of, not_whole, signed_item, unreadable
from wallet.errors import UsageError
from wallet.fetch.base import Fetcher, Want
from wallet.fetch.session import AuthorizedSession, Basic, origin_of
from wallet.fetch.urls import BadUrlError, parse_target
from wallet.found import Refused
from wallet.limits import LIMITS
from wallet.model import Json, JsonObject

WELL_KNOWN = "/.well-known/badgeconnect.json"
READ = "https://purl.imsglobal.org/spec/ob/v2p1/scope/assertion.readonly"
OFFLINE = "offline_access"
_PAGE = 50
_PASTE_INSTEAD = (
    "If the host lets you make a token yourself, paste that with --token-stdin; else download your badges there and import"
    " the files."
)
_OWN_PAGE = f"Some hosts answer only to an https page: name one as [accounts] page in the settings. {_PASTE_INSTEAD}"
_AGAIN = "Run the same again to sign in anew. Nothing was changed."


class Asks(Protocol):
    """What only a face can do."""

    def open(self, address: str, *, waits: bool) -> None:
        """Show the address and open it in the learner's browser. waits: the answer comes back by itself."""
        ...

    def paste(self) -> str:
        """The address that the browser ended at, from the learner."""
        ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where one host keeps what, as it said at this moment. All addresses are safe to send secrets to."""

    origin: str
    api: str
    authorization_url: str
    token_url: str
    registration_url: str | None
    scopes: tuple[str, ...]

    @property
    def scope(self) -> str:
        """What is asked for: to read, and to go on doing so, unless the host says that it does not offer that."""
        wanted = (READ, OFFLINE)
        return " ".join(scope for scope in wanted if scope == READ or not self.scopes or scope in self.scopes)


def place_of(host: str) -> tuple[Place, str]:
    """The account at `HOST[:PORT]` or an address on it, and the host's origin. Raises `UsageError`."""
    address = host if "://" in host else f"https://{host}"
    try:
        target = parse_target(address)
    except BadUrlError as problem:
        raise UsageError(
            f"This is not a host: {problem.detail}.", "Name it as in: --account badge-connect badges.college.example"
        ) from None
    shown_host = target.host if target.port in (80, 443) else target.authority
    return Place(BADGE_CONNECT, f"{BADGE_CONNECT}:{shown_host}", shown_host), f"{target.scheme}://{target.authority}"


def read_manifest(place: Place, origin: str, net: Fetcher, session: AuthorizedSession) -> Manifest:
    """The manifest of a host, after redirects. Raises `NoAnswerError`; `SignInError` when it leads where it may not."""
    host = shown(place.host)
    fetched = net.fetch(origin + WELL_KNOWN, Want.JSON)
    found = read_answer(fetched, host)
    # A list where one is due, an object where a list is due: both are out there. A missing context changes nothing.
    told = found.get("badgeConnectAPI")
    entries = [entry for entry in _many(told) if isinstance(entry, dict)]
    fitting = [entry for entry in entries if entry.get("version") in (None, "", "v2p1")] or entries
    if fetched.status != 200 or not fitting:
        raise NoAnswerError(
            f"{host} offers no Badge Connect interface ({_what(fetched.status)}).",
            "Compare the host's name with its documentation; it may offer downloads instead.",
        )
    entry = fitting[0]
    addresses: dict[str, str] = {}
    for name in ("apiBase", "authorizationUrl", "tokenUrl", "registrationUrl"):
        value = entry.get(name)
        if isinstance(value, str) and value:
            if not session.safe(value):
                raise SignInError(
                    f"{host} names an address for signing in that is not https, so nothing was sent there.",
                    _PASTE_INSTEAD,
                )
            addresses[name] = value
    missing = [name for name in ("apiBase", "authorizationUrl", "tokenUrl") if name not in addresses]
    if missing:
        raise NoAnswerError(f"{host} does not say where its interface is ({missing[0]} is missing).", _PASTE_INSTEAD)
    return Manifest(
        origin=origin_of(fetched.final_url) or origin,
        api=addresses["apiBase"],
        authorization_url=addresses["authorizationUrl"],
        token_url=addresses["tokenUrl"],
        registration_url=addresses.get("registrationUrl"),
        scopes=tuple(scope for scope in _many(entry.get("scopesOffered")) if isinstance(scope, str)),
    )


def _what(status: int | None) -> str:
    return f"status {status}" if status != 200 else "its manifest names none"


def sign_in(
    place: Place,
    manifest: Manifest,
    session: AuthorizedSession,
    asks: Asks,
    *,
    now: datetime,
    page: str | None = None,
    paste: bool = False,
    patience: float | None = None,
) -> Secrets:
    """Register, send the browser off, take its one answer, exchange it. Raises `SignInError`, `NoAnswerError`.

    page: the https page that shows the answer, for hosts that send none to this computer. paste: the learner carries the
    answer over, for a browser on another computer.
    """
    from wallet.fetch.loopback import PATIENCE_SECONDS, Listener

    state, verifier, host = new_secret(), new_secret(), shown(place.host)
    with ExitStack() as open_for_now:
        listener = open_for_now.enter_context(Listener(state))
        redirect = listener.redirect_uri
        try:
            client = _register(place, manifest, session, redirect, page)
        except SignInError:
            if page is None:
                raise
            redirect, paste = page, True
            client = _register(place, manifest, session, redirect, page)
        address = authorization_address(
            manifest.authorization_url,
            client=client.name,
            redirect=redirect,
            scope=manifest.scope,
            state=state,
            verifier=verifier,
        )
        if paste:
            open_for_now.close()
        asks.open(address, waits=not paste)
        if paste:
            answer = _pasted(asks.paste(), state)
        else:
            waited = listener.wait(PATIENCE_SECONDS if patience is None else patience)
            if waited is None:
                raise _no_answer(listener.foreign)
            answer = waited
    code = _code(answer, manifest, host)
    grant = ask_token(
        session,
        manifest.token_url,
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ],
        client=client,
        host=host,
        now=now,
        remedy=_AGAIN,
    )
    return Secrets(
        grant.access,
        manifest.api,
        grant.refresh,
        grant.expires,
        token_url=manifest.token_url,
        client=client.name,
        client_secret=client.secret,
    )


def _register(place: Place, manifest: Manifest, session: AuthorizedSession, redirect: str, page: str | None) -> Basic:
    """A name and a secret for this installation (RFC 7591)."""
    host = shown(place.host)
    if manifest.registration_url is None:
        raise SignInError(f"{host} does not let programs register themselves.", _PASTE_INSTEAD)
    metadata: dict[str, Json] = {
        "client_name": "badgefolio",
        "software_id": "badgefolio",
        "software_version": "1",
        "redirect_uris": [redirect],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": manifest.scope,
    }
    if page is not None:
        # The specification wants these, all on one host. Without a page there is none, and none is made up.
        metadata |= dict.fromkeys(("client_uri", "logo_uri", "tos_uri", "policy_uri"), page)
    fetched = session.post_json(manifest.registration_url, metadata)
    found = read_answer(fetched, host)
    name, secret = found.get("client_id"), read_secret(found.get("client_secret"))
    if fetched.status not in (200, 201):
        raise SignInError(f"{host} did not take badgefolio's registration: {reason(found, fetched.status)}.", _OWN_PAGE)
    if not isinstance(name, str) or not name or secret is None:
        raise NoAnswerError(f"{host} registered badgefolio without giving it a name and a secret.", _PASTE_INSTEAD)
    return Basic(name, secret, origin_of(manifest.token_url) or "")


def _pasted(text: str, state: str) -> dict[str, str]:
    from wallet.fetch.loopback import answer_of

    # Whoever pastes the query alone means the same.
    address = text.strip()
    answer = answer_of(address if "?" in address else f"?{address}") or {}
    if not hmac.compare_digest(answer.get("state", "").encode("utf-8", "replace"), state.encode()):
        raise SignInError(
            "What was pasted is not the answer to this sign-in.",
            "Run the same again and paste the whole address that the browser ends at. Nothing was changed.",
        )
    return answer


def _no_answer(foreign: int) -> SignInError:
    met = " An answer to some other request came and was turned away." if foreign else ""
    return SignInError(
        f"No answer came back from the browser in time.{met}",
        "Run the same again; with --paste you carry the answer over yourself, for example from another computer.",
    )


def _code(answer: dict[str, str], manifest: Manifest, host: str) -> str:
    """The code in an answer whose state was right. An answer that names another issuer is a mix-up (RFC 9207)."""
    issuer = answer.get("iss")
    known = {manifest.origin, *(origin_of(url) for url in (manifest.authorization_url, manifest.token_url))}
    if issuer is not None and origin_of(issuer) not in known:
        raise SignInError(f"The answer to the sign-in is not {host}'s own; it was not used.", _AGAIN)
    if "error" in answer:
        raise SignInError(f"{host} did not let you in: {error_words(answer['error'])}.", _AGAIN)
    code = read_secret(answer.get("code"))
    if code is None:
        raise SignInError(f"{host} sent the browser back without a code.", _AGAIN)
    return code


def list_badges(place: Place, connection: Connection, *, since: datetime | None) -> Listing:
    """Everything in the account, or what was added or changed `since` then."""
    asked = {"limit": str(_PAGE), "offset": "0"}
    if since is not None:
        asked["since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    items: dict[str, Item] = {}
    refused: list[Refused] = []
    for number, page in enumerate(connection.pages(f"{connection.api}/assertions?{urlencode(asked)}", _no_next)):
        why = page.why if isinstance(page, Stopped) else _trouble(page)
        if why is None and len(items) + len(refused) > LIMITS.finds:
            why = f"more than {LIMITS.finds:,} badges"
        if why is not None or isinstance(page, Stopped):
            if not number:
                raise NoAnswerError(f"{shown(place.host)} did not list your badges: {why}.", _AGAIN)
            return Listing(
                tuple(items.values())[: LIMITS.finds], (*refused, not_whole(place, why or "")), complete=False
            )
        for item, entry in _entries(page):
            if item is None:
                refused.append(unreadable(place, entry))
            else:
                items.setdefault(item.source, item)
    return Listing(tuple(items.values()), tuple(refused))


def _entries(page: JsonObject) -> Iterator[tuple[Item | None, Json]]:
    """Each entry as a source. Of a hosted badge only the id is used; a signed one is its own proof."""
    for entry in _many(page.get("results")):
        if isinstance(entry, str):
            yield item_of(entry) or signed_item(entry), entry[:_PAGE]
        elif isinstance(entry, dict):
            address = entry.get("id", entry.get("@id"))
            yield item_of(address), address
        elif entry is not None:
            yield None, None
    for token in _many(page.get("signedResults")):
        yield signed_item(token), "a signed badge"


def _trouble(page: JsonObject) -> str | None:
    """What an envelope complains of although it came with status 200."""
    status = page.get("status")
    if not isinstance(status, dict):
        return None
    code = status.get("statusCode")
    failed = isinstance(code, int) and not isinstance(code, bool) and code >= 400
    # `error` is null, a text or a list of texts; a list that is empty complains of nothing.
    if not failed and not (page.get("results") is None and any(_many(status.get("error")))):
        return None
    return f"status {code} in its answer" if failed else "its answer names an error"


def _many(value: Json) -> Sequence[Json]:
    if value is None:
        return ()
    return value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def _no_next(page: JsonObject, url: str) -> None:  # noqa: ARG001 - this interface names the next page in a header only
    return None
