"""Signing in to an account and listing it, as `import --account` does. Asks at the terminal, or reads standard input.

A secret is typed unseen or piped in, never an argument, and is not said again. What the list points at is imported by the
command as any other link is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from tui.cli.network import Announcing
from wallet.errors import UsageError
from wallet.text import clean, plural

if TYPE_CHECKING:
    from importers.accounts.model import Listing, Place, Secrets
    from importers.accounts.register import Register
    from importers.accounts.vault import Vault
    from importers.intake import Pasted
    from tui.cli.importing import Tally
    from tui.cli.run import Run
    from wallet.fetch.base import Fetcher
    from wallet.fetch.session import AuthorizedSession

#: As the importers call them; spelt out, because `--help` loads no importer. A test compares them.
KINDS = ("badgr", "badge-connect")
_LONGEST_SECRET = 20_000
#: Clocks differ: what was added this long before the last reading is asked for again.
_OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the learner asked for."""

    kind: str
    host: str | None = None
    region: str | None = None
    user: str | None = None
    token_stdin: bool = False
    paste: bool = False
    unaccepted: bool = False
    anew: bool = False


@dataclass(slots=True)
class Opened:
    """An account that was listed. `inputs` are for `take_in`, with `net`."""

    place: Place
    listing: Listing
    inputs: list[str | Pasted]
    net: Fetcher
    known: int
    quiet: bool
    _run: Run
    _register: Register

    def done(self, tally: Tally) -> None:
        """Note up to when it was read, if nothing was left that another try might bring."""
        if self.listing.complete and not any(refused.network for refused in tally.refused):
            account = self._register.find(self.place.name)
            self._register.remember(
                self.place,
                kept=account is not None and account.kept,
                wallet=self._run.wallet.id,
                read=self._run.now,
            )


@contextmanager
def opened(run: Run, asked: Asked, *, dry_run: bool) -> Iterator[Opened]:
    """Sign in, list, and leave the network open for fetching what was listed."""
    from importers.accounts.register import Register
    from importers.accounts.vault import open_vault
    from wallet.fetch.http import HttpFetcher
    from wallet.fetch.session import AuthorizedSession

    if run.options.offline:
        raise UsageError("An account is on the network.", "Run it again without --offline. Nothing was changed.")
    register = Register(run.paths.state)
    with HttpFetcher(network=run.config.network, allow_hosts=run.options.allow_hosts) as http:
        net = Announcing(lambda: http, run.err.note)
        session = AuthorizedSession(http, before=net.name)
        place, origin = _place(asked, register)
        desk = _Desk(run, asked, place, origin, net, session, open_vault(), register, dry_run)
        listing, since = desk.list()
        inputs, known = _inputs(run, asked, place, listing)
        yield Opened(
            place, listing, inputs, net, known, since and not listing.items and not listing.refused, run, register
        )


def _place(asked: Asked, register: Register) -> tuple[Place, str]:
    """Which account, and the origin of its host."""
    from importers.accounts import badge_connect, badgr
    from importers.accounts.model import BADGE_CONNECT, BADGR, Place

    if asked.kind == BADGE_CONNECT:
        if asked.host is None or asked.region is not None or asked.user is not None:
            raise UsageError(
                "Badge Connect needs the host of the account and nothing else.",
                "For example: badgefolio import --account badge-connect badges.college.example",
            )
        return badge_connect.place_of(asked.host)
    if asked.host is not None:
        if asked.region is not None:
            raise UsageError("A host of your own has no regions.", "Name the host, or one --region.")
        place, origin = badge_connect.place_of(asked.host)
        return Place(BADGR, badgr.account_name(None, place.host), place.host), origin
    region = asked.region
    if region is None:
        used = [account.place for account in register.accounts() if account.place.kind == BADGR]
        if len(used) == 1 and used[0].host in badgr.REGIONS.values():
            return used[0], f"https://{used[0].host}"
        region = _ask_region(tuple(badgr.REGIONS))
    host = badgr.REGIONS.get(region)
    if host is None:
        raise UsageError(
            f"'{clean(region, limit=40)}' is no region of Badgr.", f"They are: {', '.join(badgr.REGIONS)}."
        )
    return Place(BADGR, badgr.account_name(region, None), host), f"https://{host}"


def _ask_region(regions: tuple[str, ...]) -> str:
    if not sys.stdin.isatty():
        return regions[0]
    return str(click.prompt("Region of the account", type=click.Choice(regions), default=regions[0], err=True))


def _nowhere(_: Secrets) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one account is signed in to and listed."""

    run: Run
    asked: Asked
    place: Place
    origin: str
    net: Announcing
    session: AuthorizedSession
    vault: Vault
    register: Register
    dry_run: bool

    def list(self) -> tuple[Listing, bool]:
        """What the account lists, and whether only what is new was asked for."""
        from importers.accounts import badge_connect, badgr
        from importers.accounts.connection import Connection
        from importers.accounts.model import BADGE_CONNECT

        run, asked, place = self.run, self.asked, self.place
        secrets = None if asked.token_stdin or asked.user is not None else self.vault.get(place.name)
        new = secrets is None
        if secrets is None:
            secrets = self._sign_in()
        # A dry run changes nothing, but a sign-in that is kept must stay good: a renewed token replaces the old for ever.
        keep = _nowhere if self.dry_run and new else self._keep
        connection = Connection(place, secrets, self.session, now=run.now, keep=keep, forget=self._forget)
        since = self._since() if place.kind == BADGE_CONNECT else None
        if place.kind == BADGE_CONNECT:
            listing = badge_connect.list_badges(place, connection, since=since)
        else:
            listing = badgr.list_badges(place, connection)
            if not listing.items and asked.host is None:
                others = ", ".join(region for region, host in badgr.REGIONS.items() if host != place.host)
                run.err.note(
                    f"{place.name} is empty. Accounts are per region; yours may be in another: --region {others}"
                )
        if new and not self.dry_run:
            # Only now: a token that was copied wrongly is not worth keeping.
            self._keep(connection.secrets)
            if not self.vault.lasting:
                run.err.note(f"The sign-in is used for this run only and not kept: {self.vault.why}.")
        return listing, since is not None

    def _keep(self, secrets: Secrets) -> None:
        self.vault.put(self.place.name, secrets)
        self.register.remember(self.place, kept=self.vault.lasting)

    def _forget(self) -> None:
        self.vault.forget(self.place.name)
        self.register.remember(self.place, kept=False)

    def _since(self) -> datetime | None:
        account, wallet = self.register.find(self.place.name), self.run.wallet_if_any
        if account is None or wallet is None or self.asked.anew or wallet.id not in account.read:
            return None
        return account.read[wallet.id] - _OVERLAP

    def _sign_in(self) -> Secrets:
        from importers.accounts import badge_connect, badgr
        from importers.accounts.model import BADGE_CONNECT

        run, asked, place = self.run, self.asked, self.place
        if place.kind != BADGE_CONNECT:
            if asked.user is not None:
                password = _secret(asked, f"Password of {clean(asked.user, limit=80)} at {place.host}")
                return badgr.sign_in(place, self.origin, self.session, user=asked.user, password=password, now=run.now)
            return badgr.secrets_of_token(self.origin, _secret(asked, f"Access token for {place.host}"))
        manifest = badge_connect.read_manifest(place, self.origin, self.net, self.session)
        if asked.token_stdin:
            return badgr.secrets_of_token(manifest.api, _secret(asked, ""))
        return badge_connect.sign_in(
            place,
            manifest,
            self.session,
            _Terminal(run),
            now=run.now,
            page=run.config.account_page,
            paste=asked.paste,
        )


def _secret(asked: Asked, words: str) -> str:
    """A secret from standard input, or typed unseen. Never from the command line, which other users can read."""
    if asked.token_stdin:
        return sys.stdin.readline(_LONGEST_SECRET).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError(
            "This account needs a token or a password, and nobody is there to be asked.",
            "Pipe it in with --token-stdin; it is no argument because other users of this computer could read that.",
        )
    return str(click.prompt(words, hide_input=True, err=True))


class _Terminal:
    """Shows where to sign in and asks for what cannot come back by itself."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def open(self, address: str, *, waits: bool) -> None:
        self._run.err.note("Sign in with your browser at this address:")
        self._run.err.note(address)
        if waits:
            self._run.err.note("Waiting two minutes for the answer; Ctrl-C stops.")
        # Without a screen Python would start a browser inside this terminal, and nobody could answer any more.
        if sys.platform == "darwin" or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")):
            import webbrowser  # only for signing in

            webbrowser.open(address)

    def paste(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline(_LONGEST_SECRET)
        return str(click.prompt("The whole address that the browser ends at", err=True))


def _inputs(run: Run, asked: Asked, place: Place, listing: Listing) -> tuple[list[str | Pasted], int]:
    """What to import, without what is in the wallet and proven; and how many those are."""
    from importers.intake import Pasted
    from wallet.store.sameness import normal_id
    from wallet.verify.report import Outcome

    proven: set[str] = set()
    if not asked.anew and run.wallet_if_any is not None:
        # Only what is proven: a forgery that claims a good badge's id must not keep the good one out.
        proven = {
            normal_id(row.credential_id)
            for row in run.wallet_if_any.list_badges(hidden=True)
            if row.credential_id is not None and row.authentic is Outcome.PASSED
        }
    items = [item for item in listing.items if normal_id(item.source) not in proven]
    known = len(listing.items) - len(items)
    waiting = [item for item in items if not item.accepted]
    if waiting and not (asked.unaccepted or _wants(run, len(waiting))):
        items = [item for item in items if item.accepted]
        run.err.note(f"{plural(len(waiting), 'badge')} that you have not accepted there left out; add --unaccepted.")
    if listing.rejected:
        run.err.note(f"{plural(listing.rejected, 'badge')} that you turned down there left out.")
    return [
        item.source if item.source.lower().startswith("http") else Pasted(item.source.encode(), place.name)
        for item in items
    ], known


def _wants(run: Run, count: int) -> bool:
    if run.options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(
        f"{plural(count, 'badge')} wait there for your yes. Bring them in as well?", default=False, err=True
    )
