"""The list of accounts on this computer: names and dates, and not one secret. Lies in the state folder, outside any wallet.

An account may be read into several wallets, so the moment up to which it was read is kept for each of them.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from importers.accounts.model import KINDS, Place
from wallet.documents.strict_json import JsonProblem, dumps_bytes, parse_object
from wallet.errors import StoreError
from wallet.model import Json
from wallet.text import clean

FORMAT = "badgefolio-accounts/1"
_FILE = "accounts.json"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. read: up to when it was read, by wallet id. kept: whether its sign-in is in the password store."""

    place: Place
    kept: bool = False
    read: Mapping[str, datetime] = field(default_factory=dict)


class Register:
    """The accounts, in the order in which they were first used. Every change is on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def accounts(self) -> tuple[Account, ...]:
        """All of them. Raises `StoreError` when the file is damaged."""
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return ()
        try:
            found = parse_object(data).get("accounts")
            entries = found if isinstance(found, list) else None
            if entries is None:
                raise ValueError
            return tuple(_account(entry) for entry in entries)
        except (JsonProblem, ValueError, KeyError, TypeError):
            raise StoreError(
                f"The list of your accounts in {clean(str(self._file))} cannot be read.",
                "Move that file away and sign in again; your badges are not in it.",
            ) from None

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        return next((account for account in self.accounts() if account.place.name == name), None)

    def remember(self, place: Place, *, kept: bool, wallet: str | None = None, read: datetime | None = None) -> None:
        """Note that there is this account; with `wallet` and `read`, that it was read into that wallet up to then."""
        old = self.find(place.name)
        account = replace(old or Account(place), kept=kept)
        if wallet is not None and read is not None:
            account = replace(account, read={**account.read, wallet: read})
        if account == old:
            return
        others = self.accounts()
        if old is None:
            self._write((*others, account))
        else:
            self._write(account if other.place.name == place.name else other for other in others)

    def drop(self, name: str) -> bool:
        """Take an account off the list; whether it was on it."""
        accounts = self.accounts()
        left = [account for account in accounts if account.place.name != name]
        if len(left) == len(accounts):
            return False
        self._write(left)
        return True

    def _write(self, accounts: Iterable[Account]) -> None:
        entries: list[Json] = [
            {
                "name": account.place.name,
                "kind": account.place.kind,
                "host": account.place.host,
                "kept": account.kept,
                "read": {wallet: read.isoformat() for wallet, read in account.read.items()},
            }
            for account in accounts
        ]
        folder = self._file.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written whole beside it and then put in place; mkstemp makes it readable for its owner only.
        handle, name = tempfile.mkstemp(prefix=_FILE, dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(dumps_bytes({"format": FORMAT, "accounts": entries}) + b"\n")
            Path(name).replace(self._file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _account(entry: Json) -> Account:
    """Raises ValueError, KeyError or TypeError for what we did not write."""
    if not isinstance(entry, dict):
        raise TypeError
    kind, name, host, read = entry["kind"], entry["name"], entry["host"], entry.get("read")
    if kind not in KINDS or not isinstance(kind, str) or not isinstance(name, str) or not isinstance(host, str):
        raise ValueError
    moments = {
        str(wallet): datetime.fromisoformat(str(moment))
        for wallet, moment in (read.items() if isinstance(read, dict) else ())
    }
    return Account(Place(kind, name, host), kept=entry.get("kept") is True, read=moments)
