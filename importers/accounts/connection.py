"""A signed-in account: asks its interface, renews the token when it has to, and walks a list of pages to its end.

A page may name the next one, but not on another host, and not for ever. What was listed before something went wrong is kept,
and the listing then says that it is not complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from importers.accounts.model import Place, Secrets, SignInError
from importers.accounts.oauth import ask_token, read_answer, reason, shown
from wallet.errors import WalletError
from wallet.fetch.base import Fetched
from wallet.fetch.session import AuthorizedSession, origin_of
from wallet.model import JsonObject

PAGES = 1_000
#: A token that ends within this time is renewed first.
_MARGIN = timedelta(seconds=60)
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why the list could not be followed to its end: a clean phrase, and whether trying again may help."""

    why: str


class Connection:
    """`keep` is handed the secrets whenever they were renewed; `forget` is called when the host no longer takes them."""

    def __init__(
        self,
        place: Place,
        secrets: Secrets,
        session: AuthorizedSession,
        *,
        now: datetime,
        keep: Callable[[Secrets], None],
        forget: Callable[[], None],
    ) -> None:
        self._place = place
        self._secrets = secrets
        self._session = session
        self._now = now
        self._keep = keep
        self._forget = forget

    @property
    def secrets(self) -> Secrets:
        """What signs in now."""
        return self._secrets

    @property
    def api(self) -> str:
        """The base of the interface, without a final slash."""
        return self._secrets.api.rstrip("/")

    def get(self, url: str) -> Fetched:
        """The answer of the interface. Raises `SignInError` when the host does not take the sign-in any more."""
        renewed = False
        if self._secrets.expires is not None and self._secrets.expires <= self._now + _MARGIN:
            renewed = self._renew()
        fetched = self._session.get(url, self._secrets.bearer)
        if fetched.status == 401 and not renewed and self._renew():
            fetched = self._session.get(url, self._secrets.bearer)
        if fetched.status == 401:
            self._forget()
            raise self._over()
        return fetched

    def _renew(self) -> bool:
        """Whether there is a new token now. One that is refused for good is forgotten, so that the next run asks anew."""
        old = self._secrets
        if old.refresh is None or old.token_url is None:
            return False
        fields = [("grant_type", "refresh_token"), ("refresh_token", old.refresh)]
        if old.basic is None and old.client is not None:
            fields.append(("client_id", old.client))
        try:
            grant = ask_token(
                self._session,
                old.token_url,
                fields,
                client=old.basic,
                host=shown(self._place.host),
                now=self._now,
                remedy="",
            )
        except SignInError as error:
            self._forget()
            raise self._over() from error
        # A host that sends no new refresh token means the old one to be used again.
        self._secrets = replace(old, access=grant.access, refresh=grant.refresh or old.refresh, expires=grant.expires)
        self._keep(self._secrets)
        return True

    def _over(self) -> SignInError:
        return SignInError(
            f"{shown(self._place.host)} no longer accepts the sign-in to {shown(self._place.name)}; it is forgotten now.",
            "Run the same again to sign in anew. The badges in your wallet are not touched.",
        )

    def pages(self, first: str, next_in: Callable[[JsonObject, str], str | None]) -> Iterator[JsonObject | Stopped]:
        """Each page of a list, then `Stopped` if the end was not reached. Raises only when the first page is not there.

        next_in: the next address by what the page says inside, for hosts that send no Link header.
        """
        url, host, origin = first, shown(self._place.host), origin_of(first)
        seen: set[str] = set()
        while True:
            seen.add(url)
            fetched = self.get(url) if url == first else self._later_page(url)
            if isinstance(fetched, Stopped):
                yield fetched
                return
            try:
                page = self._page(fetched, host)
            except WalletError as error:
                if url == first:
                    raise
                yield Stopped(error.message.rstrip("."))
                return
            yield page
            try:
                following = next_link(fetched.header("link") or "") or next_in(page, url)
                following = None if following is None else urljoin(url, following)
            except ValueError:
                following = ""
            if following is None:
                return
            if origin_of(following) != origin:
                yield Stopped("its next page is on another host, where your token is not sent")
                return
            if following in seen or len(seen) >= PAGES:
                yield Stopped(
                    "its pages lead in a circle" if following in seen else f"there are more than {PAGES:,} pages"
                )
                return
            url = following

    def _later_page(self, url: str) -> Fetched | Stopped:
        try:
            return self.get(url)
        except WalletError as error:
            return Stopped(error.message.rstrip("."))

    def _page(self, fetched: Fetched, host: str) -> JsonObject:
        found = read_answer(fetched, host)
        if fetched.status != 200:
            raise SignInError(
                f"{host} does not list your badges: {reason(found, fetched.status)}.",
                "Sign in again with an account that may read its own badges, or import them as files.",
            )
        return found


def next_link(header: str) -> str | None:
    """The address that a Link header (RFC 8288) calls `next`."""
    for address, parameters in _LINK.findall(header):
        match = _REL.search(parameters)
        if match is not None and "next" in (match[1] or match[2] or "").lower().split():
            return str(address)
    return None
