"""The wallet folder itself: its parts, `wallet.toml`, and the format it was written in. Knows nothing of badges."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from wallet.errors import NotFoundError, StoreDamagedError
from wallet.store.disk import Disk
from wallet.store.events import stamp
from wallet.text import clean

FORMAT = 1
DIRECTORIES = ("objects", "events", "pathways", ".stage")


@dataclass(frozen=True, slots=True)
class Folder:
    """A wallet folder as its `wallet.toml` describes it. `format` above `FORMAT`: it may be read, not written."""

    root: Path
    id: str
    format: int

    @property
    def newer(self) -> bool:
        """Whether a later version of the program wrote it."""
        return self.format > FORMAT


def open_folder(root: Path, *, now: datetime, create: bool, disk: Disk) -> Folder:
    """The folder at `root`, made if there is none and `create`.

    Raises `NotFoundError` where there is no wallet, `StoreDamagedError` where `wallet.toml` cannot be understood.
    """
    head = root / "wallet.toml"
    if not head.is_file():
        if not create:
            raise NotFoundError(
                f"There is no wallet in {clean(str(root))}.", "Import a badge to begin one: badgefolio import FILE"
            )
        _make(root, now, disk)
    folder = read_folder(root)
    if not folder.newer and os.access(root, os.W_OK):
        for name in DIRECTORIES:
            disk.make_directory(root / name)
    return folder


def _make(root: Path, now: datetime, disk: Disk) -> None:
    disk.make_directory(root)
    for name in DIRECTORIES:
        disk.make_directory(root / name)
    name, created = secrets.token_hex(16), stamp(now)
    check = _check(FORMAT, name, created)
    text = f'format = {FORMAT}\nid = "{name}"\ncreated = "{created}"\ncheck = "{check}"\n'
    # Two processes may begin the same wallet: the second name is given once, and the loser reads the winner's.
    temporary = root / ".stage" / f"wallet-{os.getpid()}-{secrets.token_hex(4)}.toml"
    disk.write_new(temporary, text.encode("ascii"), 0o600)
    disk.sync_file(temporary)
    disk.link_new(temporary, root / "wallet.toml")
    disk.unlink(temporary)
    disk.sync_directory(root)


def read_folder(root: Path) -> Folder:
    """What `wallet.toml` says."""
    try:
        with (root / "wallet.toml").open("rb") as file:
            head = tomllib.load(file)
    except FileNotFoundError:
        raise NotFoundError(f"There is no wallet in {clean(str(root))}.", "Name the folder that holds one.") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _damaged(root) from error
    version, name, created = head.get("format"), head.get("id"), head.get("created")
    if not isinstance(version, int) or version < 1 or not isinstance(name, str) or not _is_name(name):
        raise _damaged(root)
    # A flipped bit in the id would make this another wallet to every device. Later formats may check themselves otherwise.
    if version <= FORMAT and head.get("check") != _check(version, name, str(created)):
        raise _damaged(root)
    return Folder(root, name, version)


def _check(version: int, name: str, created: str) -> str:
    return sha256(f"{version} {name} {created}".encode()).hexdigest()[:16]


def _is_name(text: str) -> bool:
    # It becomes part of a file name in the cache and state directories.
    return 8 <= len(text) <= 64 and text.isascii() and text.isalnum()


def _damaged(root: Path) -> StoreDamagedError:
    return StoreDamagedError(
        f"The file wallet.toml in {clean(str(root))} cannot be understood; nothing was read or changed.",
        "Bring this one file back from a backup or from another device; all badges are still in the folder beside it.",
    )
