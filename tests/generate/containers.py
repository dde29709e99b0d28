"""Builds files that hold other files: ZIP, tar, mail and PDF, right ones and wrong ones. Nothing here uses our own readers.

zipped({"a.png": png(...)})                  a ZIP archive
zipped({"a.png": ...}, link="b", locked=...) one with a symbolic link, with an entry marked as encrypted
tarred({"a.png": ...})                       a tar archive; gzip.compress() packs it
mail(attach={"a.png": ...}, text="...")      a message with attachments
mbox(mail(...), mail(...))                   a file of messages
pdf(files={"a.json": ...}, links=[...])      a PDF, written by pypdf
packed_zeros(1024)                           a gibibyte of zeros, packed by zlib
"""

from __future__ import annotations

import io
import stat
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

MINA = "mina.okafor@learner.example"


def zipped(
    files: Mapping[str, bytes] | Sequence[tuple[str, bytes]],
    *,
    links: Sequence[str] = (),
    locked: Sequence[str] = (),
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A ZIP archive. `files` as pairs may hold a name twice; `links`: symbolic links; `locked`: names to mark as encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that comes twice
        for name, data in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, method)
        for name in links:
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    data = bytearray(out.getvalue())
    for name in locked:
        _set_flag(data, b"PK\x03\x04", 6, 30, name)
        _set_flag(data, b"PK\x01\x02", 8, 46, name)
    return bytes(data)


def _set_flag(data: bytearray, magic: bytes, flag_at: int, name_at: int, name: str) -> None:
    position = data.find(magic)
    while position >= 0:
        if data[position + name_at :].startswith(name.encode()):
            data[position + flag_at] |= 1
        position = data.find(magic, position + 4)


def tarred(
    files: Mapping[str, bytes] | Sequence[tuple[str, bytes]],
    *,
    special: Mapping[str, bytes] | None = None,
    form: int = tarfile.PAX_FORMAT,
) -> bytes:
    """A tar archive. `special`: name and type flag of entries that are no files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name, kind in (special or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type = kind
            entry.linkname = "/etc/passwd"
            archive.addfile(entry)
    return out.getvalue()


def packed_zeros(mebibytes: int) -> bytes:
    """What zlib makes of so many mebibytes of zeros, two or more: at once, where packing them takes seconds.

    What is packed between two full flushes depends on nothing before, so the second stands for all that follow it.
    """
    packer, zeros = zlib.compressobj(9), bytes(2**20)
    first, again = (packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    end = packer.flush()[:-4]
    check = (mebibytes * 2**20 % 65_521) << 16 | 1  # Adler-32 of zeros: one sum counts them, the other stays 1
    return first + again * (mebibytes - 1) + end + check.to_bytes(4, "big")


def mail(
    text: str = "Dear Mina,\n\nyour badge is attached.\n",
    *,
    html: str | None = None,
    attach: Mapping[str, bytes] | None = None,
    inline: Mapping[str, bytes] | None = None,
    forward: bytes | None = None,
) -> bytes:
    """A message as a mail program writes it. `inline`: pictures within the HTML text; `forward`: a message inside."""
    message = EmailMessage()
    message["From"] = "Rowan College <badges@rowan-college.example>"
    message["To"] = MINA
    message["Subject"] = "Your badge"
    message["Date"] = "Mon, 02 Mar 2026 09:30:00 +0000"
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
        for name, data in (inline or {}).items():
            payload = message.get_payload()
            assert isinstance(payload, list)
            payload[-1].add_related(data, "image", "png", cid=f"<{name}>", filename=name)
    for name, data in (attach or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if forward is not None:
        import email
        import email.policy

        message.add_attachment(email.message_from_bytes(forward, policy=email.policy.default))
    return message.as_bytes()


def mbox(*messages: bytes) -> bytes:
    """Messages in one file, a line `From ` before each."""
    return b"".join(
        b"From badges@rowan-college.example Mon Mar  2 09:30:00 2026\n" + message.rstrip(b"\n") + b"\n\n"
        for message in messages
    )


def pdf(
    files: Mapping[str, bytes] | None = None,
    *,
    links: Sequence[str] = (),
    info: str | None = None,
    xmp: bytes | None = None,
    password: str | None = None,
    owner: str | None = None,
) -> bytes:
    """A page with attached files, links and metadata. `password` is needed to open it, `owner` only to change it."""
    from pypdf import PdfWriter
    from pypdf.annotations import Link
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for name, data in (files or {}).items():
        writer.add_attachment(name, data)
    for number, link in enumerate(links):
        writer.add_annotation(0, Link(rect=(0, number, 20, number + 1), url=link))
    if info is not None:
        writer.add_metadata({"/openbadges": info})
    if xmp is not None:
        stream = StreamObject()
        stream.set_data(xmp)
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if password is not None or owner is not None:
        writer.encrypt(password or "", owner_password=owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
