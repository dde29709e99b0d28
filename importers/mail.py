"""Finds badges in mail: one message (.eml), a file of many (mbox); a Maildir is a folder of messages.

Attachments and pictures within the text are read like files. Links in the text are collected and offered, never opened: issuers
send a link to claim a badge, and so do people who want to know whether a mail was read. RFC 5322, RFC 2045, RFC 4155.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from hashlib import sha256
from itertools import islice, pairwise

from importers.containers import ReadEach, read_members
from importers.context import Context
from importers.mail_parts import Parsed, parsed
from importers.offers import links_in, links_in_html, offer
from importers.refusals import refuse
from importers.text import read_text
from wallet.found import ImportReport
from wallet.text import plural

_HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,76}:|[ \t]")
_TELLING = re.compile(
    rb"^(?:Return-Path|Received|From|To|Subject|Date|MIME-Version|Message-ID|Delivered-To|Reply-To|Sender):",
    re.I | re.M,
)
_SNIFFED_BYTES = 65_536
_PIECE_BYTES = 2**20
_INK = re.compile(rb"\S")
# Each level of parts within parts is looked for in each line, so their number is bounded before anything is parsed.
_BOUNDARY = re.compile(rb"boundary\*?\d{0,3}\*?\s{0,20}=|message/rfc822", re.I)
# The library's reader of parameters takes the square of a header's length.
_CONTENT_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_HEADER_BYTES = 16_384
# Each line of a header and each part becomes an object, however little it says.
_HEADER_LINE = re.compile(rb"^[\x21-\x39\x3b-\x7e]{1,76}:|^--", re.M)
_NEXT = re.compile(rb"(?:\r?\n){2}(?=From [^\r\n]{1,500}\r?\n)")


def is_mail(data: bytes) -> bool:
    """Whether `data` begins with the header of a message: nothing but header lines, two of them telling."""
    head = data[:_SNIFFED_BYTES]
    lines = re.split(rb"\r?\n", re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0])
    if len(head) == _SNIFFED_BYTES:
        lines = lines[:-1]  # it may be cut
    if lines and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    if len(lines) < 2 or lines[0][:1] in (b" ", b"\t") or not all(_HEADER.match(line) for line in lines):
        return False
    return len(_TELLING.findall(b"\n".join(lines))) > 1


def is_mbox(data: bytes) -> bool:
    """Whether `data` begins as a file of messages does: a line `From `, then the header of a message."""
    return data.startswith(b"From ") and is_mail(data)


def read_mbox(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in all messages of `data`."""
    return read_members(context, "a mail folder", lambda at: _messages(data, at, read))


def _messages(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    starts = [0, *(found.end() for found in _NEXT.finditer(data)), len(data)]
    for number, (start, end) in enumerate(pairwise(starts), start=1):
        message = data[start:end]
        header_start = message.find(b"\n") + 1
        inside = context.member(f"message {number}", f"mbox message {number} of {context.name}")
        yield from read_mail(message[header_start:], inside, read)


def read_mail(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in the message `data` and in what is attached to it, and the links in its text."""
    return read_members(context, "an e-mail", lambda at: _parts(data, at, read))


def _parts(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    limits = context.limits
    if len(data) > limits.mail_bytes:
        yield refuse(context, "too-big", f"{limits.mail_bytes:,} bytes for a mail is the most")
        return
    if len(_BOUNDARY.findall(data)) > limits.mail_boundaries:
        yield refuse(context, "too-deep", f"more than {plural(limits.mail_boundaries, 'mail part')} within one another")
        return
    if any(found.end() - found.start() > _HEADER_BYTES for found in _CONTENT_HEADER.finditer(data)):
        yield refuse(context, "file-damaged", "e-mail (a header line of it is far too long)")
        return
    if sum(1 for _ in islice(_HEADER_LINE.finditer(data), limits.mail_headers + 1)) > limits.mail_headers:
        yield refuse(context, "file-damaged", "e-mail (it has far too many header lines)")
        return
    step = limits.mail_line_bytes // 2
    if any(data.find(b"\n", start, start + step) < 0 for start in range(0, len(data) - step, step)):
        yield refuse(context, "file-damaged", "e-mail (a line of it is far too long)")
        return
    try:
        mail = parsed(data)
    except (RecursionError, MessageError, ValueError, LookupError):
        yield refuse(context, "file-damaged", "e-mail (its parts cannot be told apart)")
        return
    for number, part in enumerate(mail.leaves, start=1):
        if number > limits.mail_parts:
            yield refuse(context, "too-many", f"{limits.mail_parts:,} parts of a mail is the most")
            return
        yield from _part(number, part, mail, context, read)


def _part(number: int, part: Message, mail: Parsed, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    content = mail.content(part)
    if not content or _INK.search(content) is None:
        return
    kind = part.get_content_type()
    name = _file_name(part)
    digest = sha256(content).hexdigest()
    step = f"mail part {number} {name + ' ' if name else ''}{kind} sha256={digest}"
    inside = context.member(name or f"part {number}", step)
    if kind in ("text/plain", "text/html") and not name:
        yield _body(content, _charset(part), inside, html=kind == "text/html")
    else:
        yield from read(bytes(content), inside)


def _body(content: bytes | memoryview, charset: str, context: Context, *, html: bool) -> ImportReport:
    """What somebody wrote: badges that were pasted into it, and its links."""
    try:
        return _written(content, charset, context, html=html)
    except (LookupError, ValueError):  # no such charset, or one that is not for texts
        return _written(content, "utf-8", context, html=html)


def _written(content: bytes | memoryview, charset: str, context: Context, *, html: bool) -> ImportReport:
    # More than a badge may have is prose, and another copy of it would be made for nothing.
    prose = html or len(content) > context.limits.credential_bytes
    text = bytes(content[: 1 if prose else None]).decode(charset, "replace")
    pasted = ImportReport() if prose else read_text(text.encode("utf-8", "replace"), context)
    return ImportReport(pasted.found, (), (), 0, offer(_links(content, charset, html=html), context))


def _links(content: bytes | memoryview, charset: str, *, html: bool) -> Iterator[str]:
    """The links in a text, of which a piece at a time is decoded: one wide letter makes all letters around it wide."""
    decoder = getincrementaldecoder(charset)("replace")
    view = memoryview(content)
    text = ""
    for start in range(0, len(content), _PIECE_BYTES):
        text += decoder.decode(view[start : start + _PIECE_BYTES])
        # No link goes on behind this: it stands within a tag, or has no white space in it.
        end = text.rfind("<") if html else max(text.rfind(" "), text.rfind("\n"))
        if end > 0:
            yield from links_in_html(text[:end]) if html else links_in(text[:end])
            text = text[end:]
    text += decoder.decode(b"", final=True)
    yield from links_in_html(text) if html else links_in(text)


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def _file_name(part: Message) -> str:
    """What the sender calls the file, decoded to be shown."""
    try:
        name = part.get_filename()
        return str(make_header(decode_header(name))) if name else ""
    except (HeaderParseError, LookupError, ValueError, TypeError):
        return ""
