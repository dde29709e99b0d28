"""Opens what a learner names: a file, read once and never through a link, or a folder, listed in a stable order.

Symbolic links, pipes and devices are not opened, and hidden files are left alone. What the bytes are is none of this module's
affair. security.md F6.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from importers.large import LargeFile
from wallet.limits import LIMITS, Limits

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


_SNIFFED_BYTES = 4_096
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")
_ARCHIVES = (*_PACKED, b"From ")
_MAIL = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file was not read: the code and detail of a refusal."""

    code: str
    detail: str = ""


def cap_of(head: bytes, limits: Limits) -> int:
    """How many bytes a file that begins with `head` may have: what holds other files may have more than a badge does."""
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar" or _PAGE.match(head):
        return limits.archive_bytes
    return limits.mail_bytes if _MAIL.match(head) else limits.picture_bytes


def read_file(path: str, limits: Limits = LIMITS) -> bytes | Unread:
    """The bytes of the regular file at `path`, within `cap_of` it. Never follows a link, never waits on a pipe."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        return _unread(error)
    try:
        mode = os.fstat(descriptor)
        if not stat.S_ISREG(mode.st_mode):
            return Unread("not-a-file", special_name(mode.st_mode))
        if mode.st_size > limits.picture_bytes:
            cap = cap_of(os.pread(descriptor, _SNIFFED_BYTES, 0), limits)
            if mode.st_size > cap:
                return Unread("too-big", f"{mode.st_size:,} bytes, and {cap:,} is the most")
        data = os.read(descriptor, mode.st_size + 1)
        if len(data) == mode.st_size:
            return data
        return _read_rest(descriptor, data, limits)
    except OSError as error:
        return _unread(error)
    finally:
        os.close(descriptor)


def open_archive(path: str, limits: Limits = LIMITS) -> LargeFile | None:
    """The archive at `path`, open and not read, when it is too large to be held in memory; None for all else."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None  # whoever reads it will say why
    try:
        mode = os.fstat(descriptor)
        if stat.S_ISREG(mode.st_mode) and limits.picture_bytes < mode.st_size <= limits.archive_bytes:
            head = os.pread(descriptor, _SNIFFED_BYTES, 0)
            if head.startswith(_PACKED) or head[257:262] == b"ustar":
                opened, descriptor = LargeFile(descriptor, 0, mode.st_size), -1
                return opened
    except OSError:
        return None
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    return None


def _read_rest(descriptor: int, data: bytes, limits: Limits) -> bytes | Unread:
    """The file changes while it is read, or the system gives it in pieces: what was read is what counts, within the cap."""
    parts = [data]
    size = len(data)
    cap = cap_of(data, limits)
    while data:
        data = os.read(descriptor, 2**20)
        size += len(data)
        if size > cap:
            return Unread("too-big", f"{cap:,} bytes is the most")
        parts.append(data)
    return b"".join(parts)


def _unread(error: OSError | ValueError) -> Unread:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, ValueError) or number in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return Unread("no-such-file")
    if number in (errno.ELOOP, errno.EMLINK):
        return Unread("not-a-file", "a symbolic link, which is not followed")
    if number in (errno.ENXIO, errno.ENODEV):
        return Unread("not-a-file", "a socket or device")
    return Unread("unreadable", os.strerror(number) if number is not None else "the system refused")


def special_name(mode: int) -> str:
    """What a thing that is no regular file is, for a sentence."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder, by path: `files` to read, `special` (links, pipes, devices) and `unreadable` folders."""

    files: tuple[str, ...]
    special: tuple[str, ...]
    unreadable: tuple[str, ...]


def list_folder(folder: str) -> Listing:
    """All regular files below `folder`, sorted by name folder by folder; hidden ones and what is behind links left out.

    In a Maildir the folders that begin with a dot are mail folders, so these are not left out.
    """
    files: list[str] = []
    special: list[str] = []
    unreadable: list[str] = []
    for entry in _walk(folder, unreadable):
        (files if entry.is_file(follow_symlinks=False) else special).append(entry.path)
    return Listing(tuple(files), tuple(special), tuple(unreadable))


def _walk(folder: str, unreadable: list[str]) -> Iterator[os.DirEntry[str]]:
    # A list of folders still to do and no recursion: a folder may be deeper than Python's stack.
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                ordered = _in_order(entries)
        except OSError:
            unreadable.append(here)
            continue
        below: list[str] = []
        for entry in ordered:
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            else:
                yield entry
        waiting += reversed(below)


def _in_order(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    found = sorted(entries, key=lambda entry: entry.name)
    maildir = {"cur", "new"} <= {entry.name for entry in found}
    return [entry for entry in found if entry.name[:1] != "." or (maildir and entry.is_dir(follow_symlinks=False))]
