"""What each learner of a cohort handed over: one file or one sub-folder of the advisor's folder is one learner.

Everything is recognised by its content, as in any import, and one learner is in memory at a time. A file that cannot be read
is a refusal of that learner and stops nobody. The store of the cohort itself and hidden files are left alone; nothing is judged.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from importers.containers import without_strangers
from importers.context import Context, merge
from importers.find import read_each
from importers.folder import Unread, list_folder, read_file, special_name
from importers.refusals import refuse
from wallet.bundle import Bundle
from wallet.cohort.model import NO_STAMP, Handed, Stamp, TakenIn
from wallet.errors import NotFoundError
from wallet.found import ImportReport
from wallet.limits import LIMITS, Limits
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.text import clean

_NOTHING: Mapping[str, TakenIn] = {}


@dataclass(frozen=True, slots=True)
class Known:
    """One learner's files without a look into them. size: in bytes, of all; changed: the newest time of change, in seconds."""

    name: str
    files: int
    size: int
    changed: float


def known(folder: Path) -> tuple[Known, ...]:
    """Who is in the folder, by name: cheap, for naming them and for telling how many there are. Raises `NotFoundError`."""
    found: list[Known] = []
    for entry in _entries(folder):
        stats = [os.lstat(path) for path in _paths(entry)[0]]
        newest = max((one.st_mtime for one in stats), default=0.0)
        found.append(Known(entry.name, len(stats), sum(one.st_size for one in stats), newest))
    return tuple(found)


def handed(
    folder: Path,
    *,
    unchanged: Mapping[str, TakenIn] = _NOTHING,
    progress: Progress = silent,
    limits: Limits = LIMITS,
) -> Iterator[Handed]:
    """What each learner handed over, by name, read as it is asked for.

    unchanged: names with what is known already; if the bytes still are the same, only that comes, and nothing is looked for
    in the files. Where they look as they did, no file is even opened. Raises `NotFoundError`; `Cancelled` passes through.
    """
    entries = _entries(folder)
    for number, entry in enumerate(entries, 1):
        yield _learner(folder, entry, unchanged.get(entry.name), limits)
        progress(Event("import", number, len(entries), entry.name))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = [one for one in entries if one.name[:1] != "." and not one.is_symlink()]
    except OSError as error:
        raise NotFoundError(
            f"The folder '{clean(str(folder), limit=200)}' cannot be listed.",
            "Name the folder with what learners handed over.",
        ) from error
    kinds = (one for one in found if one.is_dir(follow_symlinks=False) or one.is_file(follow_symlinks=False))
    return sorted(kinds, key=lambda one: one.name)


def _paths(entry: os.DirEntry[str]) -> tuple[tuple[str, ...], tuple[tuple[str, Unread], ...]]:
    """Files to read, and what cannot be: folders that cannot be listed, and links, pipes and devices, with why."""
    if not entry.is_dir(follow_symlinks=False):
        return (entry.path,), ()
    listing = list_folder(entry.path)
    closed = [(path, Unread("unreadable", "the folder cannot be listed")) for path in listing.unreadable]
    return listing.files, (*closed, *((path, _special(path)) for path in listing.special))


def _special(path: str) -> Unread:
    """Never opened: reading a pipe would wait."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return Unread("no-such-file")
    link = stat.S_ISLNK(mode)
    return Unread("not-a-file", "a symbolic link, which is not followed" if link else special_name(mode))


def _learner(folder: Path, entry: os.DirEntry[str], before: TakenIn | None, limits: Limits) -> Handed:
    files, unreadable = _paths(entry)
    names = tuple(os.path.relpath(path, folder) for path in files)
    # Looked at before they are read: what changes meanwhile looks otherwise the next time.
    stamp = _stamp(names, files) if not unreadable else NO_STAMP
    if before is not None and stamp.digest and stamp.digest == before.looks:
        return Handed(entry.name, before.sha256, files=names, stamp=stamp)
    if before is not None and _digest(names, (_file_digest(path, limits) for path in files)) == before.sha256:
        return Handed(entry.name, before.sha256, files=names, stamp=stamp)
    # Named by where it lies in the folder: the same cohort gives the same words wherever it is kept.
    reports = [refuse(Context(os.path.relpath(path, folder), limits), why.code, why.detail) for path, why in unreadable]
    digests: list[bytes | Unread] = []
    for path, name in zip(files, names, strict=True):
        data = read_file(path, limits)
        context = Context(name, limits)
        if isinstance(data, Unread):
            digests.append(data)
            reports.append(refuse(context, data.code, data.detail))
        else:
            digests.append(sha256(data).digest())
            reports.append(_read(data, context.step(f"file {Path(path).name}")))
    report = merge(reports)
    return Handed(
        entry.name,
        _digest(names, digests),
        report.found,
        report.refused,
        names,
        _one_bundle([one.bundle for one in report.bundles]),
        # What could not be read may be there for the next one who looks, and looks no different.
        stamp if not any(isinstance(one, Unread) for one in digests) else NO_STAMP,
    )


def _stamp(names: Sequence[str], paths: Sequence[str]) -> Stamp:
    """The time of change is kept by the system: a file that was given an old date shows there that it was touched."""
    whole, newest = sha256(), 0
    for name, path in zip(names, paths, strict=True):
        try:
            seen = os.lstat(path)
        except OSError:
            return NO_STAMP
        whole.update(
            f"{name}\0{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}\0".encode(
                "utf-8", "surrogateescape"
            )
        )
        newest = max(newest, seen.st_mtime_ns)
    return Stamp(whole.hexdigest(), newest)


def _file_digest(path: str, limits: Limits) -> bytes | Unread:
    data = read_file(path, limits)
    return data if isinstance(data, Unread) else sha256(data).digest()


def _digest(names: Sequence[str], digests: Iterable[bytes | Unread]) -> str:
    """Over all that was read. Names go in as well: a file that moved is another find, though its bytes are the same."""
    whole = sha256()
    for name, one in zip(names, digests, strict=True):
        whole.update(f"{name}\0".encode("utf-8", "surrogateescape"))
        whole.update(b"unread " + one.code.encode() if isinstance(one, Unread) else one)
    return whole.hexdigest()


def _read(data: bytes, context: Context) -> ImportReport:
    """All badges of one file; a fault of ours becomes a refusal, so that one file never stops the others."""
    try:
        return without_strangers(merge(read_each(data, context)))
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence; only the type's name is told, never its text
        return refuse(context, "internal-error", type(error).__name__)


def _one_bundle(bundles: list[Bundle]) -> Bundle | None:
    """Several bundles of one learner: the newest one's consent, everything that they describe and tell together."""
    if not bundles:
        return None
    newest = max(bundles, key=lambda one: one.created)
    return replace(
        newest,
        identities=tuple(dict.fromkeys(one for bundle in bundles for one in bundle.identities)),
        badges=tuple(dict.fromkeys(one for bundle in bundles for one in bundle.badges)),
        files=tuple(dict.fromkeys(one for bundle in bundles for one in bundle.files)),
    )
