"""What can go wrong, said to people.

Every error that leaves the core is a `WalletError`: one sentence that says what happened, and a remedy that says
what to do next. Exit codes follow the command line's table, so a face never has to guess one. Foreign text must be
passed through `wallet.text.clean` before it is put into a message.
"""

from __future__ import annotations

from typing import ClassVar


class WalletError(Exception):
    """Base of all errors of ours. Subclasses set `exit_code`; `code` is a stable name for machines."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, message: str, remedy: str) -> None:
        """`message`: what happened, and what did not; `remedy`: the next step. Both are whole sentences."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(WalletError):
    """The request itself is wrong: an option, an argument, a name that fits two badges. Exit code 2."""

    exit_code = 2
    code = "usage"


class NotFoundError(WalletError):
    """What was asked for is not in the wallet. Exit code 3."""

    exit_code = 3
    code = "not-found"


class UndeterminedError(WalletError):
    """The answer could not be had, mostly because of the network. Exit code 4."""

    exit_code = 4
    code = "undetermined"


class StoreError(WalletError):
    """The wallet folder cannot be used as it is. Exit code 5."""

    exit_code = 5
    code = "store"


class StoreBusyError(StoreError):
    """Another badgefolio process on this device holds the write lock. Exit code 5."""

    code = "busy"

    def __init__(self, *, pid: int | None, command: str, waited: float) -> None:
        """`waited` in seconds; `command` as read from the lock file, already cleaned; `pid` when it is known."""
        who = f"process {pid}" if pid is not None else "another process"
        super().__init__(
            message=f"The wallet is busy: {who} is running '{command}' (waited {waited:.0f} s).",
            remedy="Let it finish or close it, then run this again. Nothing was changed.",
        )


class StoreDamagedError(StoreError):
    """Bytes in the wallet folder are not what they were written as. Exit code 5."""

    code = "damaged"


class NewerFormatError(StoreError):
    """The wallet was written by a later version of badgefolio; reading goes on, writing stops. Exit code 5."""

    code = "newer-format"


class ConfigError(UsageError):
    """The configuration file has a mistake. Exit code 2."""

    code = "config"


class DefinitionError(UsageError):
    """A pathway file has a mistake. `line` counts from 1; `key` is the dotted path into the file. Exit code 2."""

    code = "definition"

    def __init__(self, message: str, remedy: str, *, line: int | None = None, key: str | None = None) -> None:
        super().__init__(message, remedy)
        self.line = line
        self.key = key


class ExportError(WalletError):
    """Nothing was written, because it could not be written whole. Exit code 1."""

    code = "export"


class TargetExistsError(ExportError):
    """The place to write to is taken, and nobody said to replace it. Exit code 2."""

    exit_code = 2
    code = "target-exists"
