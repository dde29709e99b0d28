"""Removes from the disk what a purge leaves no place for: a learner's own files, half-written files, scans that are torn."""

from __future__ import annotations

import contextlib
from pathlib import Path

from wallet.store.disk import Disk


def delete(folder: Path, path: Path) -> None:
    """Delete a file of the cohort's folder, and the sub-folders that are empty then; never through a link, never outside.

    Nor anything hidden, such as the store itself: no learner's file is.
    """
    if folder not in path.parents or any(part == ".." or part[:1] == "." for part in path.relative_to(folder).parts):
        return
    parents = [parent for parent in path.parents if folder in parent.parents]
    if any(parent.is_symlink() for parent in parents):
        return
    path.unlink(missing_ok=True)
    for parent in parents:
        with contextlib.suppress(OSError):
            parent.rmdir()


def sweep(root: Path, disk: Disk, number: str) -> None:
    """Remove what writers that were killed left behind, and all that still names the learner where scans lie.

    For whoever holds both locks: nobody is writing. Scans that can be read do not name them any more by then; a torn one or a
    copy that another program made may.
    """
    for path in (*root.iterdir(), *(root / "shared").iterdir(), *(root / "scans").iterdir()):
        half = path.name.startswith(".") and path.name.endswith(".new")
        if path.is_file() and (half or (path.parent.name == "scans" and number.encode() in disk.read(path))):
            disk.unlink(path)
