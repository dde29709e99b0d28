"""The learner's own files in the wallet: pathways, edited by hand in any editor, so every version met is kept as an object.

Writes and removes files and says what has to be recorded; does not record it and does not read what the files mean.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from wallet.errors import NotFoundError, UsageError
from wallet.store.disk import Disk
from wallet.text import clean

SUFFIX = ".pathway.toml"
_NAME = re.compile(r"[^\W_][\w.-]{0,99}")


class OwnFiles:
    """The `pathways` directory."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root, self._disk = root / "pathways", disk

    def path(self, name: str) -> Path:
        """Where the file of that name lies; the suffix may be left out. Raises `UsageError` for what is no file name."""
        stem = name.removesuffix(SUFFIX)
        if not _NAME.fullmatch(stem):
            raise UsageError(
                f"'{clean(name, limit=80)}' cannot be the name of a pathway file.",
                "Use letters, digits, dots and dashes.",
            )
        return self._root / (stem + SUFFIX)

    def read(self, path: Path) -> bytes | None:
        """The bytes of the file, None if there is none."""
        try:
            return self._disk.read(path)
        except FileNotFoundError:
            return None

    def write(self, path: Path, content: bytes) -> None:
        """Replace the file as a whole."""
        self._disk.replace(path, content)

    def remove(self, path: Path) -> None:
        """Remove the file; its versions stay in the objects."""
        self._disk.unlink(path)
        self._disk.sync_directory(self._root)

    def all(self) -> tuple[tuple[str, bytes], ...]:
        """Names (with suffix) and bytes, in order of name. Links and hidden files are left out."""
        if not self._root.is_dir():
            return ()
        return tuple(
            (path.name, self._disk.read(path))
            for path in sorted(self._root.iterdir())
            if path.name.endswith(SUFFIX) and not path.name.startswith(".") and path.is_file() and not path.is_symlink()
        )

    def find(self, name: str) -> Path:
        """The file of that name, or the only one that holds the pathway of that id. Raises `NotFoundError`."""
        direct = self._root / (name.removesuffix(SUFFIX) + SUFFIX)
        if _NAME.fullmatch(name.removesuffix(SUFFIX)) and direct.is_file():
            return direct
        found = [self._root / file for file, content in self.all() if _declares(content, name)]
        if len(found) != 1:
            raise NotFoundError(
                f"There is no pathway '{clean(name, limit=80)}' in the wallet.",
                "See what there is: badgefolio pathway list",
            )
        return found[0]


def _declares(content: bytes, name: str) -> bool:
    import tomllib

    try:
        table = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    pathway = table.get("pathway")
    inner = pathway.get("id") if isinstance(pathway, dict) else None
    return name in (table.get("id"), inner)


def sha_of(content: bytes | None) -> str | None:
    """The object name of these bytes."""
    return sha256(content).hexdigest() if content is not None else None
