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

from importers.containers import ReadEach, without_strangers
from importers.context import Context, merge
from importers.folder import Unread, cap_of, list_folder, open_archive, read_file
from importers.large import Contents, LargeFile
from importers.metered import metered
from importers.personal import without_secrets
from importers.png import SIGNATURE, read_png
from importers.refusals import refuse
from importers.text import OTHER_ADDRESS, WEB_ADDRESS, is_html, read_text
from wallet.documents.jws import COMPACT
from wallet.fetch.base import Fetcher
from wallet.found import ImportReport, Note
from wallet.limits import LIMITS, Limits
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.text import clean, plural

PASTED = "The pasted text"
_SNIFFED_BYTES = 65_536
_PAGE_BYTES = 262_144
_FIRST_HEADER_BYTES = 200
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
Read = Callable[[Context], Iterator[ImportReport]]
ReadContainer = Callable[[bytes, Context, ReadEach], Iterator[ImportReport]]
ReadArchive = Callable[[Contents, Context, ReadEach], Iterator[ImportReport]]

# First bytes of files that are recognised to be refused by name: code and what it is.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
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
# What a name that ends so promises, as far as it can be kept; a badge in the others is a surprise.
_SUFFIXES = {
    ".png": "PNG",
    ".svg": "SVG",
    ".pdf": "PDF",
    ".zip": "ZIP",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WebP",
    ".gif": "GIF",
    ".heic": "HEIC",
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
    net = metered(net, limits)  # one count for all sources
    for source in sources:
        yield from _find_each(source, net, limits, None, progress)


def read_bytes(data: bytes, context: Context) -> ImportReport:
    """All badges in the whole content of a file or an answer, recognised by its first bytes."""
    return merge(read_each(data, context))


def read_each(data: bytes, context: Context) -> Iterator[ImportReport]:
    """The same with one report for each member of a container, so that only one of them is in memory at a time."""
    container = _container(data)
    if container is not None:
        yield from container[1](data, context, read_each)
        return
    yield _read_alone(data, context)


def _read_alone(data: bytes, context: Context) -> ImportReport:
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
        if is_html(text):
            return _read_page(data, context)
    return read_text(data, context)


def _read_page(data: bytes, context: Context) -> ImportReport:
    from importers.page import read_page

    inside = merge(read_page(data, context, read_each))
    if inside.found or inside.refused:
        return inside
    # A page that holds no badge is told apart further: a login, or one that came with or instead of a badge.
    return read_text(data if len(data) <= context.limits.credential_bytes else data[:_PAGE_BYTES], context)


def _archive(data: Contents) -> tuple[str, ReadArchive] | None:
    """What kind of archive `data` is, and its reader, which needs no more than a part of it in memory."""
    if data.startswith(_ZIP):
        from importers.bundles import read_zip

        return "ZIP", read_zip
    if data.startswith(b"\x1f\x8b"):
        from importers.archive import read_gzip

        return "GZIP", read_gzip
    if data[257:262] == b"ustar":
        from importers.archive import read_tar

        return "TAR", read_tar
    return None


def _container(data: bytes) -> tuple[str, ReadContainer] | None:
    """What `data` holds files as, and its reader; None when it is a file of its own."""
    archive = _archive(data)
    if archive is not None:
        return archive
    if data.startswith(b"%PDF-"):
        from importers.pdf import read_pdf

        return "PDF", read_pdf
    if data[:1].isalpha() and b":" in data[:_FIRST_HEADER_BYTES]:
        from importers.mail import is_mail, is_mbox, read_mail, read_mbox

        if is_mail(data):
            return "MAIL", read_mbox if is_mbox(data) else read_mail
    return None


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
            at = Context(name or without_secrets(text), limits)
            yield from _single(at, progress, lambda at: iter([_read_url(text, net, at)]))
            return
        if _is_pasted(text):
            data = text.encode("utf-8", "replace")
            yield from _single(Context(name or PASTED, limits), progress, lambda at: _read_typed(data, net, at))
            return
        if OTHER_ADDRESS.fullmatch(text.encode("utf-8", "surrogateescape")):
            yield from _single(Context(name or text, limits), progress, lambda at: iter([_refuse_scheme(at)]))
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


def _single(context: Context, progress: Progress, read: Read) -> Iterator[ImportReport]:
    """The reports of one source. Progress comes after they were handed over, so that stopping there loses nothing."""
    yield from _guarded(context, read)
    progress(Event("import", 1, 1, context.source))


def _guarded(context: Context, read: Read) -> Iterator[ImportReport]:
    """What `read` gives; a fault of ours becomes a refusal, so that one file never stops the others."""
    try:
        yield from read(context)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence; only the type's name is told, never its text
        yield refuse(context, "internal-error", type(error).__name__)


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


def _read_typed(data: bytes, net: Fetcher | None, context: Context) -> Iterator[ImportReport]:
    text = data[: 2 * context.limits.url_characters].removeprefix(codecs.BOM_UTF8).strip()
    if len(text) <= context.limits.url_characters and WEB_ADDRESS.fullmatch(text):
        yield _read_url(text.decode("utf-8", "replace"), net, replace(context, source=text.decode("utf-8", "replace")))
    elif len(data) > (cap := cap_of(data, context.limits)):
        yield refuse(context, "too-big", f"{cap:,} bytes is the most")
    else:
        yield from read_each(data, context)


def _read_url(url: str, net: Fetcher | None, context: Context) -> ImportReport:
    from importers.url import read_url

    return read_url(url, net, context, read_bytes)


def _read_path(path: str, context: Context) -> Iterator[ImportReport]:
    large = open_archive(path, context.limits)
    if large is not None:
        with large:
            yield from _read_large(path, large, context)
        return
    data = read_file(path, context.limits)
    if isinstance(data, Unread):
        yield refuse(context, data.code, data.detail)
        return
    container = _container(data)
    yield from _noted(path, read_each(data, _of_file(path, context)), container[0] if container is not None else None)


def _read_large(path: str, data: LargeFile, context: Context) -> Iterator[ImportReport]:
    archive = _archive(data)
    if archive is not None:
        kind, read = archive
        yield from _noted(path, read(data, _of_file(path, context), read_each), kind)


def _of_file(path: str, context: Context) -> Context:
    return context.step(f"file {path.rpartition(os.sep)[2]}")


def _noted(path: str, reports: Iterator[ImportReport], container: str | None) -> Iterator[ImportReport]:
    """`reports`, with a note where the name of the file says otherwise. `container`: what holds files, if it does."""
    _, dot, ending = path.rpartition(os.sep)[2].rpartition(".")
    suffix = dot + ending.lower()
    for report in reports:
        yield _with_suffix_note(report, suffix, container) if suffix in _SUFFIXES and report.found else report


def _with_suffix_note(report: ImportReport, suffix: str, container: str | None) -> ImportReport:
    """Content decides; a name that says otherwise is only worth a note."""
    contents = [container if container is not None else item.carrier.value.upper() for item in report.found]
    if all(content == _SUFFIXES[suffix] for content in contents):
        return report
    found = tuple(
        replace(
            item, notes=(*item.notes, Note("suffix-mismatch", f"the name ends in {suffix}, the content is {content}"))
        )
        for item, content in zip(report.found, contents, strict=True)
    )
    return replace(report, found=found)


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
        for report in _guarded(Context(path, limits), lambda at: _read_path(at.source, at)):
            report = without_strangers(report)
            badges += len(report.found)
            trouble = trouble or bool(report.refused)
            yield report
        progress(Event("import", number, total, path))
    if not badges and not trouble:
        yield refuse(Context(folder, limits), "no-badges-in-folder", plural(total + len(listing.special), "file"))
