"""Writing a file so that a crash leaves the old one or the new one, never half of one.

Knows nothing of what is written. What is exported may be private, so a new file is readable by its owner only.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from wallet.errors import ExportError, TargetExistsError
from wallet.text import clean


def write_file(target: Path, data: bytes, *, force: bool = False, ready: Callable[[], None] | None = None) -> Path:
    """Put `data` at `target` (mode 0600) and return it.

    The bytes go to a temporary sibling, are synced and then renamed. Raises `TargetExistsError` when `target` is there
    and `force` is not set, `ExportError` when the folder is missing or cannot be written; nothing is left behind then.
    ready: called once the bytes are on disk and only their name is missing; what it raises passes through.
    """
    check_target(target, force=force)
    try:
        handle, name = tempfile.mkstemp(prefix=".badgefolio-", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if ready is not None:
            ready()
        _put(temporary, target, force=force)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return target


def check_target(target: Path, *, force: bool = False) -> None:
    """Raise what `write_file` would at once, for who wants to know before asking a learner anything."""
    try:
        _check_target(target, force=force)
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise _unwritable(target, error) from error


def _check_target(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise ExportError(
            f"{clean(str(target))} is a folder, not a file; nothing was written.", "Give the name of a file to write."
        )
    if not target.parent.is_dir():
        raise ExportError(
            f"There is no folder {clean(str(target.parent))}; nothing was written.", "Make it, or name another one."
        )
    if not force and (target.exists() or target.is_symlink()):
        raise _taken(target)


def _put(temporary: Path, target: Path, *, force: bool) -> None:
    if force:
        temporary.replace(target)
        return
    try:
        # A hard link refuses an existing name in the same step, so a file that appeared meanwhile is never replaced.
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # file systems without hard links: FAT sticks, some network shares
        if target.exists():
            raise FileExistsError(str(target)) from None
        temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    # Some file systems cannot sync a folder; the file itself is on disk by then.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _taken(target: Path) -> TargetExistsError:
    return TargetExistsError(
        f"{clean(str(target))} is already there; it was left as it is.",
        "Choose another name, or say --force to replace it.",
    )


def _unwritable(target: Path, error: OSError) -> ExportError:
    return ExportError(
        f"{clean(str(target))} could not be written: {clean(error.strerror or str(error))}.",
        "Check that the folder exists, is yours to write in and has room.",
    )
