"""Every disk call that the store makes, in one small class, so that a test can record the calls or let one fail.

Knows bytes, paths and modes; knows nothing of objects, events or order. What must come before what is decided by the callers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wallet.errors import StoreError
from wallet.text import clean

FEW_FILES = 8
_PIECE = 2**20
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


class Disk:
    """The real disk. Paths are absolute; every method raises `OSError` when the system does."""

    def exists(self, path: Path | str) -> bool:
        """Whether there is something of this name."""
        return os.path.exists(path)  # noqa: PTH110 - asked for every object, and twice as fast

    def names(self, path: Path) -> frozenset[str]:
        """What lies in a directory; nothing if it is not there."""
        try:
            return frozenset(os.listdir(path))  # noqa: PTH208 - names are all that is asked
        except FileNotFoundError:
            return frozenset()

    def make_directory(self, path: Path) -> bool:
        """Make the directory with mode 0700, parents included; whether it was new."""
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            return False
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
        return True

    def write_new(self, path: Path | str, data: bytes, mode: int) -> None:
        """Write a file that must not exist yet. Nothing is synced."""
        # A file opened for writing stays writable through its descriptor, whatever its mode says: no chmod afterwards.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)

    def sync_files(self, paths: Sequence[Path | str]) -> None:
        """Make the contents of these files, all on one file system, survive a power cut."""
        if not paths:
            return
        # For a few files the rest of the machine's unwritten data is no business of ours; for many one call wins.
        if len(paths) > FEW_FILES and self.sync_file_system(paths[0]):
            return
        if len(paths) <= FEW_FILES:
            for path in paths:
                self.sync_file(path)
            return
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(self.sync_file, paths))

    def sync_file_system(self, path: Path | str) -> bool:
        """Sync the whole file system that holds `path` (Linux `syncfs`); False where that cannot be done."""
        if not sys.platform.startswith("linux"):
            return False
        import ctypes  # 8 ms that reading a wallet does not need

        try:
            syncfs = ctypes.CDLL(None, use_errno=True).syncfs
        except (OSError, AttributeError):
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return bool(syncfs(descriptor) == 0)
        finally:
            os.close(descriptor)

    def sync_file(self, path: Path | str) -> None:
        """Sync one file."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_directories(self, paths: Sequence[Path]) -> None:
        """The same for many directories of one file system."""
        # Where others write to the disk too, every single sync waits for a round of theirs.
        if len(paths) > FEW_FILES and self.sync_file_system(paths[0]):
            return
        for path in paths:
            self.sync_directory(path)

    def sync_directory(self, path: Path) -> None:
        """Make names that were made or changed in this directory survive a power cut."""
        if sys.platform == "win32":  # directories cannot be opened there, and renames are journalled
            return
        self.sync_file(path)

    def rename(self, source: Path | str, target: Path | str) -> None:
        """Rename atomically, replacing `target`."""
        os.replace(source, target)  # noqa: PTH105 - a thousand in a row

    def link_new(self, source: Path, target: Path) -> bool:
        """Give the file a second name unless that name is taken; whether it was free."""
        try:
            target.hardlink_to(source)
        except FileExistsError:
            return False
        return True

    def append(self, path: Path, data: bytes) -> None:
        """Append in one write and sync; the file is made with mode 0600 if need be."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, path: Path, data: bytes, *, durable: bool = True) -> None:
        """Replace a small file as a whole (mode 0600): a reader sees the old bytes or the new ones."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.new")
        try:
            self.write_new(temporary, data, 0o600)
            if durable:
                self.sync_file(temporary)
            self.rename(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            self.sync_directory(path.parent)

    def read(self, path: Path | str, offset: int = 0) -> bytes:
        """The bytes of the file from `offset` on."""
        # Tens of thousands of small files are read in a row: this takes half of what a file object does.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | _BINARY)
        try:
            size = os.fstat(descriptor).st_size - offset
            if offset:
                os.lseek(descriptor, offset, os.SEEK_SET)
            content = os.read(descriptor, max(size, 0) + 1)
            if len(content) == size:
                return content
            rest = [content]
            while more := os.read(descriptor, _PIECE):
                rest.append(more)
            return b"".join(rest)
        finally:
            os.close(descriptor)

    def unlink(self, path: Path | str) -> None:
        """Remove the name if it is there."""
        Path(path).unlink(missing_ok=True)


def cannot_write(error: OSError) -> StoreError:
    """What is said when the disk refuses."""
    return StoreError(
        f"The wallet could not be written: {clean(error.strerror or str(error))}. What was announced before is safe.",
        "Make room or look after the disk, then run this again.",
    )


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
