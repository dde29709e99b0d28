"""The immutable half of a wallet: originals and evidence, each named by the sha256 of its bytes, written once, never changed.

Does not know what the bytes mean nor whether anybody refers to them. `put` returns when the bytes would survive a power
cut; the event that makes them count is written by the caller afterwards.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from wallet.errors import NotFoundError, StoreDamagedError
from wallet.store.disk import Disk, cannot_write

SHA256 = re.compile(r"[0-9a-f]{64}")
BATCH_OBJECTS = 4_000
BATCH_BYTES = 64 * 2**20


class Objects:
    """The `objects` directory below a wallet folder, with `.stage` beside it for what is half written."""

    def __init__(self, wallet: Path, disk: Disk) -> None:
        self._root, self._stage, self._disk = wallet / "objects", wallet / ".stage", disk
        self._text = str(self._root)

    def path(self, sha: str) -> Path:
        """Where the object lies, whether it exists or not. `sha` must be 64 lower-case hex digits."""
        return Path(self._place(sha))

    def _place(self, sha: str) -> str:
        # As text: taking paths apart and putting them together is dear where thousands are needed.
        if not SHA256.fullmatch(sha):
            raise NotFoundError("That is no name of an object.", "Use the 64 hexadecimal digits of its sha256.")
        return f"{self._text}{os.sep}{sha[:2]}{os.sep}{sha}"

    def put(self, contents: Iterable[bytes]) -> tuple[str, ...]:
        """Store all contents durably and return their names, in order. Equal contents are stored once.

        Raises `StoreError` if the disk refuses; then nothing may rest on these contents being there.
        """
        names: list[str] = []

        def named() -> Iterator[tuple[str, bytes]]:
            for content in contents:
                names.append(sha256(content).hexdigest())
                yield names[-1], content

        self.put_named(named())
        return tuple(names)

    def put_named(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """`put`, where the caller has made the names from these very bytes."""
        batch: dict[str, bytes] = {}
        size = 0
        for name, content in contents:
            if name in batch:
                continue
            batch[name] = content
            size += len(content)
            if len(batch) >= BATCH_OBJECTS or size >= BATCH_BYTES:
                self._store(batch)
                batch, size = {}, 0
        self._store(batch)

    def _store(self, batch: dict[str, bytes]) -> None:
        staged: dict[str, str] = {}
        try:
            self._write(batch, staged)
        except OSError as error:
            for path in staged.values():  # a full disk needs the room more than the next try needs the halves
                with contextlib.suppress(OSError):
                    self._disk.unlink(path)
            raise cannot_write(error) from error

    def _write(self, batch: dict[str, bytes], staged: dict[str, str]) -> None:
        half = f"{self._stage}{os.sep}{os.getpid()}-{os.urandom(4).hex()}-"
        # Asked once: a wallet that is new has none of these directories, and one that is old has all.
        there = self._disk.names(self._root)
        for name, content in batch.items():
            # What lies there is trusted only after it was read again: a flipped bit is healed by the good bytes at hand.
            if name[:2] in there and self._holds(name, content):
                continue
            staged[name] = half + name
            self._disk.write_new(staged[name], content, 0o400)
        if not staged:
            return
        self._disk.sync_files(tuple(staged.values()))
        touched: list[Path] = []
        made = False
        # In the order of their directories, so that each is touched once.
        for prefix, names in groupby(sorted(staged), key=lambda name: name[:2]):
            touched.append(self._root / prefix)
            if prefix not in there:
                made = self._disk.make_directory(touched[-1]) or made
            for name in names:
                self._disk.rename(staged[name], self._place(name))
        self._disk.sync_directories([*touched, self._root] if made else touched)

    def _holds(self, name: str, content: bytes) -> bool:
        path = self._place(name)
        return self._disk.exists(path) and self._disk.read(path) == content

    def read(self, sha: str) -> bytes:
        """The bytes, hashed again on the way. Raises `NotFoundError`, or `StoreDamagedError` if they changed on disk."""
        try:
            content = self._disk.read(self._place(sha))
        except FileNotFoundError:
            raise NotFoundError(
                f"The wallet does not hold the bytes {sha[:12]}.",
                "If another device added them, let syncing finish; 'badgefolio doctor' lists what is missing.",
            ) from None
        if sha256(content).hexdigest() != sha:
            raise StoreDamagedError(
                f"The stored bytes {sha[:12]} have changed on disk since they were written.",
                "Run 'badgefolio doctor', and bring a good copy back from a backup or by importing the file again.",
            )
        return content

    def __contains__(self, sha: str) -> bool:
        return self.path(sha).is_file()

    def is_whole(self, sha: str) -> bool:
        """Whether the object is there and has its bytes."""
        try:
            self.read(sha)
        except (NotFoundError, StoreDamagedError, OSError):
            return False
        return True

    def names(self) -> Iterator[str]:
        """The names of all objects, in order; names of any other shape are left out."""
        for directory in sorted(self._root.iterdir()):
            if len(directory.name) == 2 and directory.is_dir() and not directory.is_symlink():
                for entry in sorted(os.listdir(directory)):  # noqa: PTH208 - names are all that is asked
                    if SHA256.fullmatch(entry) and entry[:2] == directory.name:
                        yield entry
