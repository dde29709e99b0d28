"""The one way in: hands every source to the reader that its content asks for, and never raises because of what is in it.

A source is a path, a web address, or the bytes of something pasted or piped. Nothing is written, verified or merged here, and
only a web address that the learner gave as such touches the network. importing.md sections 1 and 2.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from importers.context import Context, merge
from importers.folder import Unread, list_folder, read_file
from importers.png import SIGNATURE, read_png
from importers.refusals import is_no_badge, refuse
from importers.text import OTHER_ADDRESS, WEB_ADDRESS, read_text
from wallet.documents.jws import COMPACT
from wallet.fetch.base import Fetcher
from wallet.found import Carrier, Found, ImportReport, Note
from wallet.limits import LIMITS, Limits
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.text import clean, plural

PASTED = "The pasted text"
_SNIFFED_BYTES = 65_536

# First bytes of files that are recognised to be refused by name: code and what it is.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "unsupported:pdf", ""),
    (b"PK\x03\x04", "unsupported:zip", ""),
    (b"PK\x05\x06", "unsupported:zip", ""),
    (b"\x1f\x8b", "unsupported:archive", "gzip"),
    (b"BZh", "unsupported:archive", "bzip2"),
    (b"\xfd7zXZ\x00", "unsupported:archive", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "unsupported:archive", "7-Zip"),
    (b"Rar!\x1a\x07", "unsupported:archive", "RAR"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported:outlook-msg", ""),
    (b"\xff\xd8\xff", "no-credential-in-image", "JPEG"),
    (b"GIF87a", "no-credential-in-image", "GIF"),
    (b"GIF89a", "no-credential-in-image", "GIF"),
    (b"II*\x00", "no-credential-in-image", "TIFF"),
    (b"MM\x00*", "no-credential-in-image", "TIFF"),
    (b"\x00\x00\x01\x00", "no-credential-in-image", "Windows icon"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif", b"hevc"})
_PICTURE_SUFFIXES = {
    ".png": Carrier.PNG,
    ".svg": Carrier.SVG,
    ".jpg": None,
    ".jpeg": None,
    ".webp": None,
    ".gif": None,
    ".heic": None,
    ".pdf": None,
}


def find(
    source: bytes | str | Path,
    *,
    net: Fetcher | None = None,
    limits: Limits = LIMITS,
    name: str | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """All badges in `source`: a path, an address, a text that was pasted, or bytes. `name` is what to call it in messages.

    Never raises on account of the source; only `wallet.progress.Cancelled` passes through. `net` is asked for an address
    given as such and for nothing else.
    """
    return merge(_find_each(source, net, limits, name, progress))


def iter_find(
    sources: Sequence[str | Path],
    *,
    net: Fetcher | None = None,
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Iterator[ImportReport]:
    """The same for many sources, one report for each file as soon as it is read; a folder gives as many as it has files."""
    for source in sources:
        yield from _find_each(source, net, limits, None, progress)


def read_bytes(data: bytes, context: Context) -> ImportReport:
    """All badges in the whole content of a file or an answer, recognised by its first bytes."""
    if data.startswith(SIGNATURE):
        return read_png(data, context, read_text)
    stranger = _by_magic(data)
    if stranger is not None:
        return refuse(context, *stranger)
    text = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = data[:_SNIFFED_BYTES].decode("utf-16", "ignore").encode("utf-8", "replace").lstrip()
    if text[:1] == b"<":
        from importers.svg import is_svg, read_svg

        if is_svg(text):
            return read_svg(data, context, read_text)
    return read_text(data, context)


def _by_magic(data: bytes) -> tuple[str, str] | None:
    for magic, code, detail in _MAGIC:
        if data.startswith(magic):
            return code, detail
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "no-credential-in-image", "WebP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "no-credential-in-image", "HEIC"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "no-credential-in-image", "BMP"
    if data[257:262] == b"ustar":
        return "unsupported:archive", "tar"
    return None


def _find_each(
    source: bytes | str | Path, net: Fetcher | None, limits: Limits, name: str | None, progress: Progress
) -> Iterator[ImportReport]:
    """One report for each file, address or text that `source` stands for."""
    if isinstance(source, bytes):
        yield from _single(Context(name or PASTED, limits), progress, lambda at: _read_typed(source, net, at))
        return
    if isinstance(source, str):
        text = source.strip()
        if WEB_ADDRESS.fullmatch(text.encode("utf-8", "surrogateescape")):
            yield from _single(Context(name or text, limits), progress, lambda at: _read_url(text, net, at))
            return
        if _is_pasted(text):
            data = text.encode("utf-8", "replace")
            yield from _single(Context(name or PASTED, limits), progress, lambda at: _read_typed(data, net, at))
            return
        if OTHER_ADDRESS.fullmatch(text.encode("utf-8", "surrogateescape")):
            yield from _single(Context(name or text, limits), progress, _refuse_scheme)
            return
    path = os.fspath(source)
    try:
        folder = Path(path).is_dir()
    except (OSError, ValueError):  # a name that is too long, or with a NUL byte
        folder = False
    if folder:
        yield from _find_in_folder(path, limits, progress)
    else:
        yield from _single(Context(name or path, limits), progress, lambda at: _read_path(path, at))


def _single(context: Context, progress: Progress, read: Callable[[Context], ImportReport]) -> Iterator[ImportReport]:
    """One report. Progress comes after it was handed over, so that stopping there loses nothing."""
    yield _guarded(context, read)
    progress(Event("import", 1, 1, context.source))


def _guarded(context: Context, read: Callable[[Context], ImportReport]) -> ImportReport:
    """What `read` gives; a fault of ours becomes a refusal, so that one file never stops the others."""
    try:
        return read(context)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence; only the type's name is told, never its text
        return refuse(context, "internal-error", type(error).__name__)


def _is_pasted(text: str) -> bool:
    """Whether a text on the command line is a badge and not the name of a file."""
    if text[:1] in ("{", "[") and '"' in text:
        return True
    return (
        len(text) > 100 and text[:2] in ("ey", "ew") and COMPACT.fullmatch(text.encode("utf-8", "replace")) is not None
    )


def _refuse_scheme(context: Context) -> ImportReport:
    scheme = re.split(r"[:\\]", context.source, maxsplit=1)[0]
    named = (
        f"'{clean(scheme, limit=20)}:' addresses are not opened, only http and https"
        if scheme
        else "it names a network share"
    )
    return refuse(context, "bad-url", named)


def _read_typed(data: bytes, net: Fetcher | None, context: Context) -> ImportReport:
    text = data.removeprefix(codecs.BOM_UTF8).strip()
    if len(text) <= context.limits.url_characters and WEB_ADDRESS.fullmatch(text):
        return _read_url(text.decode("utf-8", "replace"), net, replace(context, source=text.decode("utf-8", "replace")))
    if len(data) > context.limits.picture_bytes:
        return refuse(context, "too-big", f"{context.limits.picture_bytes:,} bytes is the most")
    return read_bytes(data, context)


def _read_url(url: str, net: Fetcher | None, context: Context) -> ImportReport:
    from importers.url import read_url

    return read_url(url, net, context, read_bytes)


def _read_path(path: str, context: Context) -> ImportReport:
    data = read_file(path, context.limits)
    if isinstance(data, Unread):
        return refuse(context, data.code, data.detail)
    file_name = path.rpartition(os.sep)[2]
    report = read_bytes(data, context.step(f"file {file_name}"))
    _, dot, ending = file_name.rpartition(".")
    suffix = dot + ending.lower()
    if suffix not in _PICTURE_SUFFIXES or all(_PICTURE_SUFFIXES[suffix] is found.carrier for found in report.found):
        return report
    return replace(report, found=tuple(_with_suffix_note(found, suffix) for found in report.found))


def _with_suffix_note(found: Found, suffix: str) -> Found:
    """Content decides; a name that says otherwise is only worth a note."""
    note = Note("suffix-mismatch", f"the name ends in {suffix}, the content is {found.carrier.value.upper()}")
    return replace(found, notes=(*found.notes, note))


def _find_in_folder(folder: str, limits: Limits, progress: Progress) -> Iterator[ImportReport]:
    listing = list_folder(folder)
    total = len(listing.files)
    badges = 0
    trouble = False
    for path in listing.unreadable:
        trouble = True
        yield refuse(Context(path, limits), "unreadable", "the folder cannot be listed")
    for path in listing.special:
        note = Note("nothing-here", f"{clean(path, limit=120)} is a link or no regular file")
        yield ImportReport(notes=(note,), skipped=1)
    for number, path in enumerate(listing.files, start=1):
        report = _without_strangers(_guarded(Context(path, limits), lambda at: _read_path(at.source, at)))
        badges += len(report.found)
        trouble = trouble or bool(report.refused)
        yield report
        progress(Event("import", number, total, path))
    if not badges and not trouble:
        yield refuse(Context(folder, limits), "no-badges-in-folder", plural(total + len(listing.special), "file"))


def _without_strangers(report: ImportReport) -> ImportReport:
    """A file in a folder that simply is no badge is counted, not refused: nobody said that it was one."""
    if not report.refused:
        return report
    kept = tuple(refused for refused in report.refused if not is_no_badge(refused))
    notes = tuple(Note("nothing-here", refused.message) for refused in report.refused if is_no_badge(refused))
    alone = not report.found and not kept
    return ImportReport(report.found, kept, (*report.notes, *notes), report.skipped + int(alone))
