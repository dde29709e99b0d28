"""Where what signs in is kept: the password store of the operating system, or this process's memory and nowhere else.

Stores that write plain text to a disk are refused. Nothing here ever touches the wallet folder, the index or a log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from importers.accounts.model import Secrets
from wallet.documents.strict_json import JsonProblem, dumps, parse_object
from wallet.text import clean

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "badgefolio"
# Its package offers files, some of them in plain text, for machines that have nothing better.
_REFUSED_MODULES = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")


class Vault(Protocol):
    """Keeps the secrets of accounts by name. `lasting`: beyond this run; `why` not, in a clean phrase, or ""."""

    @property
    def lasting(self) -> bool: ...

    @property
    def why(self) -> str: ...

    def get(self, name: str) -> Secrets | None: ...

    def put(self, name: str, secrets: Secrets) -> None: ...

    def forget(self, name: str) -> None: ...


@dataclass(slots=True)
class MemoryVault:
    """Until the program ends."""

    why: str = ""
    lasting: bool = False
    _kept: dict[str, Secrets] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> Secrets | None:
        return self._kept.get(name)

    def put(self, name: str, secrets: Secrets) -> None:
        self._kept[name] = secrets

    def forget(self, name: str) -> None:
        self._kept.pop(name, None)


class KeyringVault:
    """In the operating system's password store. When that fails half way, in memory, and `why` then says so."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend
        self._memory = MemoryVault()

    @property
    def lasting(self) -> bool:
        return not self.why

    @property
    def why(self) -> str:
        return self._memory.why

    def get(self, name: str) -> Secrets | None:
        from keyring.errors import KeyringError

        try:
            text = self._backend.get_password(SERVICE, name)
        except (KeyringError, OSError, RuntimeError) as error:
            self._fail(error)
            text = None
        return self._memory.get(name) or (None if text is None else _read(text))

    def put(self, name: str, secrets: Secrets) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, name, _write(secrets))
        except (KeyringError, OSError, RuntimeError) as error:
            self._fail(error)
            self._memory.put(name, secrets)

    def forget(self, name: str) -> None:
        from keyring.errors import KeyringError, PasswordDeleteError

        self._memory.forget(name)
        try:
            self._backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return  # it was not there
        except (KeyringError, OSError, RuntimeError) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        # The type's name only: its text is somebody else's and may hold what was to be kept.
        self._memory.why = f"the password store of this computer is locked or broken ({clean(type(error).__name__)})"


def open_vault() -> Vault:
    """The operating system's password store, or memory where there is none that may be used."""
    import keyring  # looks for what this computer offers: 50 ms, and only accounts need it

    try:
        chosen = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - a backend of somebody else's that breaks while it is looked for
        return MemoryVault(f"the password store of this computer cannot be used ({clean(type(error).__name__)})")
    for backend in _members(chosen):
        if not is_refused(backend):
            return KeyringVault(backend)
    return MemoryVault("this computer offers no password store that may be used")


def _members(backend: KeyringBackend) -> Iterable[KeyringBackend]:
    """A chain of stores, the best first, or the one store. A chain itself would write to a refused member."""
    from keyring.backends.chainer import ChainerBackend

    return tuple(backend.backends) if isinstance(backend, ChainerBackend) else (backend,)


def is_refused(backend: KeyringBackend) -> bool:
    """Whether this store keeps nothing, or keeps it so that anybody with the disk can read it."""
    return any(
        kind.__module__.startswith(_REFUSED_MODULES) or "plain" in kind.__name__.lower()
        for kind in type(backend).__mro__
    )


def _write(secrets: Secrets) -> str:
    return dumps(
        {
            "access": secrets.access,
            "api": secrets.api,
            "refresh": secrets.refresh,
            "expires": secrets.expires.isoformat() if secrets.expires is not None else None,
            "token_url": secrets.token_url,
            "client": secrets.client,
            "client_secret": secrets.client_secret,
        }
    )


def _read(text: str) -> Secrets | None:
    """None for what we did not write: the learner is then asked to sign in again."""
    try:
        found = parse_object(text.encode("utf-8", "replace"))
    except JsonProblem:
        return None
    texts = {name: value for name, value in found.items() if isinstance(value, str)}
    if "access" not in texts or "api" not in texts:
        return None
    try:
        expires = datetime.fromisoformat(texts["expires"]) if "expires" in texts else None
    except ValueError:
        expires = None
    return Secrets(
        texts["access"],
        texts["api"],
        texts.get("refresh"),
        expires if expires is not None and expires.tzinfo is not None else None,
        texts.get("token_url"),
        texts.get("client"),
        texts.get("client_secret"),
    )
