"""Where the store of a cohort lies, whether it may be used, and how it is begun."""

from __future__ import annotations

import contextlib
from pathlib import Path

from wallet.cohort import forms
from wallet.errors import NewerFormatError, NotFoundError, StoreDamagedError, StoreError, UsageError
from wallet.store.disk import Disk
from wallet.text import clean

STORE = ".badgefolio-cohort"
FORMAT = "badgefolio-cohort-store/1"


def store_of(folder: Path, disk: Disk, *, create: bool) -> Path:
    """The store in `folder`, begun if `create` and there is none. Raises as `Cohort.open` says."""
    if not folder.is_dir():
        raise NotFoundError(
            f"There is no folder '{clean(str(folder), limit=200)}'.",
            "Name the folder with what learners handed over.",
        )
    root = folder / STORE
    if root.is_symlink():
        raise StoreError(f"'{STORE}' in this folder is a link.", "Remove it; a cohort is kept in its own folder.")
    if not root.is_dir():
        if not create:
            raise NotFoundError(
                "Nothing was scanned in this folder yet.", "Scan it first: badgefolio cohort scan FOLDER"
            )
        _fit_for_one(folder)
        try:
            for part in (root, root / "shared", root / "scans"):
                disk.make_directory(part)
            disk.replace(root / "cohort.json", forms.dumps({"format": FORMAT}))
        except OSError as error:
            raise cannot_write(error) from error
    # A copy made by hand has the rights that the system gives: nobody else looks below this one.
    with contextlib.suppress(OSError):
        if root.stat().st_mode & 0o077:
            root.chmod(0o700)
    _check_format(root, disk)
    return root


def _check_format(root: Path, disk: Disk) -> None:
    try:
        content: bytes | None = disk.read(root / "cohort.json")
    except OSError:
        content = None
    said = forms.read(content, forms.members)
    if said is None:
        raise StoreDamagedError(
            f"'{STORE}/cohort.json' in this folder cannot be read.",
            f"Remove '{STORE}' and scan again; notes and exceptions in it are lost then.",
        )
    if said.get("format") != FORMAT:
        raise NewerFormatError(
            "This cohort was written by a later version of badgefolio; nothing was changed.",
            "Install that version.",
        )


def _fit_for_one(folder: Path) -> None:
    """Raises `UsageError` for a folder inside a wallet or inside the store of a cohort: neither is to be written into."""
    place = folder.resolve()
    for one in (place, *place.parents):
        what = "a cohort's own store" if one.name == STORE else "a wallet" if (one / "wallet.toml").is_file() else None
        if what is not None:
            raise UsageError(
                f"'{clean(str(folder), limit=200)}' lies in {what}, not in a folder of learners; nothing was changed.",
                "Name the folder with what learners handed over.",
            )


def cannot_write(error: OSError) -> StoreError:
    """What is said when the disk refuses."""
    return StoreError(
        f"The cohort's store in this folder could not be written: {clean(error.strerror or str(error))}."
        " What was kept before is safe.",
        "Make room or look after your rights to the folder, then run this again.",
    )
