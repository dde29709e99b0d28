"""Finds badges in archives: ZIP, tar and gzip, members read in memory one by one and never extracted.

An entry's name is text to show; no path is ever made of it. Sizes that an archive declares are not believed: what is counted is
what was really unpacked, and all archives inside one another share one allowance. Links, names that come twice and locked
entries are refused by name, because two programs would unpack them differently. security.md F4.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from typing import IO, NamedTuple, cast

from importers.containers import ReadEach, ReadMembers, read_members
from importers.context import Context
from importers.folder import Unread, cap_of
from importers.inflating import GzipError, Inflated, inflate
from importers.large import Contents, LargeFile
from importers.refusals import refuse
from wallet.found import ImportReport
from wallet.text import plural

_CHUNK = 65_536
_SNIFFED_BYTES = 4_096
_ZIP_ENTRY = b"PK\x01\x02"
_LOCKED = 0x1
_TYPE_BITS, _REGULAR, _LINK = 0o170000, 0o100000, 0o120000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What the library raises for an archive that is not as it should be, at any step.
_ZIP_ERRORS = (
    zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, OSError, EOFError, struct.error, zlib.error,
    RuntimeError,
)  # fmt: skip
_BLOCK = 512
_TAR_KINDS = {b"1": "a link", b"2": "a link", b"3": "a device", b"4": "a device", b"6": "a pipe", b"S": "a sparse file"}


def read_zip(
    data: Contents, context: Context, read: ReadEach, wanted: Callable[[str], bool] | None = None
) -> Iterator[ImportReport]:
    """The badges in the ZIP archive `data`. wanted: as for `zip_contents`."""
    return _read_archive(context, "a ZIP archive", lambda at: _zip_members(data, at, read, wanted))


def read_tar(data: Contents, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in the tar archive `data`, which is not compressed."""
    return _read_archive(context, "a tar archive", lambda at: _tar_members(data, at, read))


def read_gzip(data: Contents, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in what `data` unpacks to: one file, or a tar archive."""
    return read_members(context, "a gzip file", lambda at: _gzip_content(data, at, read))


def _read_archive(context: Context, what: str, members: ReadMembers) -> Iterator[ImportReport]:
    if context.archives >= context.limits.archive_depth:
        return iter(
            [
                refuse(
                    context, "too-deep", f"archives inside one another, and {context.limits.archive_depth} is the most"
                )
            ]
        )
    return read_members(context, what, members)


def _is_visible(name: str) -> bool:
    return not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    """Whether a folder walk would leave it out: dot files, and the shadow that macOS puts beside each file."""
    return any((part[:1] == "." and part not in (".", "..")) or part == "__MACOSX" for part in name.split("/"))


def _zip_members(
    data: Contents, context: Context, read: ReadEach, wanted: Callable[[str], bool] | None
) -> Iterator[ImportReport]:
    for name, content in zip_contents(data, context, wanted):
        if name is not None:
            yield from _member("zip", name, content, context, read)
        elif isinstance(content, Unread):
            report = refuse(context, content.code, content.detail)
            yield from _told(context, report) if content.code == "too-many" else [report]


def zip_contents(
    data: Contents, context: Context, wanted: Callable[[str], bool] | None = None
) -> Iterator[tuple[str | None, bytes | Unread]]:
    """The files in the ZIP archive `data`, one after another: name and content, or why it was not read.

    Without a name it is the archive as a whole that could not be read, or not to its end. wanted: by name; what is not is
    passed over unopened. By default that is what a walk through folders would leave out.
    """
    wanted = wanted or _is_visible
    # Counted before the library lists them, because it would make an object of each; a false hit needs chance or intent.
    if data.count(_ZIP_ENTRY) > context.spending.entries:
        yield None, _too_many(context)
        return
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", data) if isinstance(data, LargeFile) else io.BytesIO(data))
    except _ZIP_ERRORS:
        yield None, Unread("file-damaged", "ZIP archive (its list of files cannot be read)")
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and wanted(entry.filename)]
        times = Counter(entry.filename for entry in entries)
        locked = sum(1 for entry in entries if entry.flag_bits & _LOCKED)
        if locked:
            yield None, Unread("unsupported:encrypted-zip", plural(locked, "file"))
        told: set[str] = set()
        for entry in entries:
            if not _spend_entry(context):
                yield None, _too_many(context)
                return
            name = entry.filename
            mode = entry.external_attr >> 16 & _TYPE_BITS
            if entry.flag_bits & _LOCKED or name in told:
                continue
            if times[name] > 1:
                told.add(name)
                yield name, Unread("archive-unsafe", f"the name stands for {times[name]} files in it")
            elif mode not in (0, _REGULAR):
                yield name, Unread("archive-unsafe", "it is a link" if mode == _LINK else "it is no regular file")
            elif entry.compress_type not in _METHODS:
                yield name, Unread("unsupported:archive", "an uncommon way of packing")
            else:
                yield name, _zip_content(archive, entry, context)


def _zip_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, context: Context) -> bytes | Unread:
    try:
        with archive.open(entry) as stream:
            return _unpack(stream, entry.compress_size, context)
    except _ZIP_ERRORS:
        return Unread("file-damaged", "entry of an archive (it cannot be unpacked, or its checksum is wrong)")


def _member(kind: str, name: str, content: bytes | Unread, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    if isinstance(content, Unread):
        report = _unread(context, kind, name, content)
        yield from _told(context, report) if context.spending.unpacked < 0 else [report]
        return
    step = f"{kind} member {context.name}!{name} sha256={sha256(content).hexdigest()}"
    yield from read(content, context.member(name, step, archive=True))


def _unpack(stream: IO[bytes], packed: int, context: Context) -> bytes | Unread:
    """All of `stream`, within the caps. `packed`: bytes it claims to be in the archive."""
    limits, budget = context.limits, context.spending
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        budget.unpacked -= len(chunk)
        if size > limits.archive_entry_bytes:
            return Unread("too-big", f"{limits.archive_entry_bytes:,} bytes for a file in an archive is the most")
        if budget.unpacked < 0:
            return Unread("too-big", f"{limits.unpacked_bytes:,} unpacked bytes is the most")
        if _is_bomb(size, packed, context):
            return Unread("archive-unsafe", _BOMB.format(ratio=limits.unpacked_ratio))
        parts.append(chunk)
    return b"".join(parts)


_BOMB = "it unpacks to more than {ratio} times its size"


def _is_bomb(size: int, packed: int, context: Context) -> bool:
    limits = context.limits
    return size > limits.unpacked_ratio_from_bytes and size > packed * limits.unpacked_ratio


def _spend_entry(context: Context) -> bool:
    budget = context.spending
    budget.entries -= 1
    return budget.entries >= 0 and budget.unpacked >= 0


def _told(context: Context, report: ImportReport) -> Iterator[ImportReport]:
    """`report`, unless the learner knows already that an allowance of the whole import is used up."""
    if not context.spending.told:
        context.spending.told = True
        yield report


def _too_many(context: Context) -> Unread:
    return Unread("too-many", f"{context.limits.archive_entries:,} files in archives is the most")


def _unsafe(context: Context, name: str, detail: str) -> ImportReport:
    return refuse(context.member(name, f"entry {context.name}!{name}"), "archive-unsafe", detail)


def _unread(context: Context, kind: str, name: str, unread: Unread) -> ImportReport:
    return refuse(context.member(name, f"{kind} member {context.name}!{name}"), unread.code, unread.detail)


def _gzip_content(data: Contents, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    unpacked = _gunzip(data, context)
    name = context.name.removesuffix(".gz")
    if context.name.lower().endswith(".tgz"):
        name = context.name[:-4] + ".tar"
    if isinstance(unpacked, _Unpacked) and len(unpacked.content) > (
        cap := cap_of(unpacked.content[:_SNIFFED_BYTES], context.limits)
    ):
        unpacked = Unread("too-big", f"{cap:,} bytes is the most")
    if isinstance(unpacked, Unread):
        yield from _told(context, refuse(context, unpacked.code, unpacked.detail))
        return
    inside = context.member(name, f"gzip content {context.name}!{name} sha256={unpacked.sha256}")
    if isinstance(unpacked.content, LargeFile):
        yield from read_tar(unpacked.content, inside, read)
    else:
        yield from read(unpacked.content, inside)


class _Unpacked(NamedTuple):
    content: Contents
    sha256: str


def _gunzip(data: Contents, context: Context) -> _Unpacked | Unread:
    """What `data` unpacks to. A large tar archive in it is not held in memory: it is unpacked once more when it is read."""
    limits, budget = context.limits, context.spending
    out = io.BytesIO()  # grows in place, where pieces to be joined would be held twice
    digest = sha256()
    size = 0
    try:
        for part, read in inflate(data):
            digest.update(part)
            size += len(part)
            budget.unpacked -= len(part)
            if budget.unpacked < 0:
                return Unread("too-big", f"{limits.unpacked_bytes:,} unpacked bytes is the most")
            if size > limits.gzip_content_bytes:
                return Unread("too-big", f"{limits.gzip_content_bytes:,} bytes unpacked from one gzip file is the most")
            if _is_bomb(size, read, context):
                return Unread("archive-unsafe", _BOMB.format(ratio=limits.unpacked_ratio))
            if size == len(part) + out.tell():
                out.write(part)
                if size > limits.picture_bytes and is_tar(out.getbuffer()[:_BLOCK].tobytes()):
                    out = io.BytesIO()
    except GzipError as error:
        return Unread("file-damaged", f"gzip file ({error})")
    return _Unpacked(out.getvalue() if out.tell() == size else Inflated(data, size), digest.hexdigest())


class TarEntry(NamedTuple):
    """One entry of a tar archive. `kind` is its type flag; `body` is None where the file ends before it."""

    name: str
    kind: bytes
    body: memoryview | LargeFile | None


def is_tar(data: bytes) -> bool:
    """Whether `data` begins as a tar archive of the kinds that are still written does."""
    return data[257:262] == b"ustar"


def tar_entries(data: Contents) -> Iterator[TarEntry]:
    """The entries of `data`, names put together as POSIX and GNU extend them. Ends where the archive stops making sense.

    A walk of our own: the library follows sizes backwards and lets one name span the archive.
    """
    view = memoryview(data) if isinstance(data, bytes) else None
    position = 0
    extended = ""
    while position + _BLOCK <= len(data):
        header = data[position : position + _BLOCK]
        if not header.strip(b"\0"):
            return
        size = _tar_number(header[124:136])
        if size is None or not _tar_checksum(header):
            yield TarEntry(extended or _tar_text(header[:100]), b"?", None)
            return
        start, end = position + _BLOCK, position + _BLOCK + size
        position = start + -(-size // _BLOCK) * _BLOCK
        kind = header[156:157]
        body: memoryview | LargeFile | None = None
        if end <= len(data):
            body = (
                view[start:end]
                if view is not None
                else data.window(start, end)
                if isinstance(data, LargeFile)
                else None
            )
        if kind in (b"L", b"x"):
            told = bytes(body[:_CHUNK]) if body is not None else b""
            extended = _tar_text(told) if kind == b"L" else _pax_path(told) or extended
            continue
        if kind in (b"g", b"K"):
            continue
        prefix = _tar_text(header[345:500]) if header[257:263] == b"ustar\0" else ""
        short = _tar_text(header[:100])
        yield TarEntry(extended or (f"{prefix}/{short}" if prefix else short), kind, body)
        extended = ""
        if body is None:
            return


def _tar_text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "replace")


def _tar_number(field: bytes) -> int | None:
    """Octal, or base 256 when the first bit is set (GNU); None when it is neither or negative."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big") if field[0] == 0x80 else None
    text = field.strip(b" \0")
    if not text:
        return 0
    return int(text, 8) if all(0x30 <= digit <= 0x37 for digit in text) else None


def _tar_checksum(header: bytes) -> bool:
    return _tar_number(header[148:156]) == sum(header[:148]) + 8 * 0x20 + sum(header[156:])


def _pax_path(text: bytes) -> str:
    """The path in an extended header: lines of `LENGTH key=value`."""
    while text:
        digits, space, _ = text.partition(b" ")
        length = int(digits) if digits.isdigit() and len(digits) < 8 else 0
        if not space or length <= len(digits) + 1:
            return ""
        key, _, value = text[len(digits) + 1 : length].rstrip(b"\n").partition(b"=")
        if key == b"path":
            return value.decode("utf-8", "replace")
        text = text[length:]
    return ""


def _tar_members(data: Contents, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    entries = list(islice(tar_entries(data), max(context.spending.entries, 0) + 1))
    times = Counter(entry.name for entry in entries)
    told: set[str] = set()
    for entry in entries:
        if not _spend_entry(context):
            many = _too_many(context)
            yield from _told(context, refuse(context, many.code, many.detail))
            return
        name = entry.name
        if entry.body is None:
            yield refuse(context, "file-damaged", "tar archive (a part of it is damaged or missing)")
        elif entry.kind == b"5" or name.endswith("/") or _is_hidden(name) or name in told:
            continue
        elif entry.kind not in (b"0", b"\0", b"7"):
            yield _unsafe(context, name, f"it is {_TAR_KINDS.get(entry.kind, 'no regular file')}")
        elif times[name] > 1:
            told.add(name)
            yield _unsafe(context, name, f"the name stands for {times[name]} files in it")
        elif len(entry.body) > context.limits.archive_entry_bytes:
            most = f"{context.limits.archive_entry_bytes:,} bytes for a file in an archive is the most"
            yield _unread(context, "tar", name, Unread("too-big", most))
        else:
            yield from _member("tar", name, bytes(entry.body), context, read)
