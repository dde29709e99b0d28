"""Finds badges in PDF files: attached files, as our certificate has them, and text under the key `openbadges` in the metadata.

The file is taken apart by `pdf_worker` in a process with little time and memory. Links are collected and offered, never opened.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from importers.containers import ReadEach, read_members
from importers.context import Context
from importers.offers import links_in, offer
from importers.refusals import refuse
from importers.text import read_text
from wallet.documents.strict_json import JsonProblem, parse
from wallet.found import Carrier, ImportReport
from wallet.limits import Limits
from wallet.model import Json
from wallet.text import plural

_WORKER = Path(__file__).with_name("pdf_worker.py")
# A PDF without any of these names carries nothing of interest, unless it hides its objects in packed streams.
_TELLING = re.compile(rb"/ObjStm|/EmbeddedFile|/Metadata|/URI|/Encrypt|/openbadges", re.IGNORECASE)
# A packet of metadata has some hundred elements and attributes; each that is read costs a hundred times its bytes.
_XMP_MARKS = 50_000
#: The caller waits longer than the worker may compute, since several may run on one core.
_PATIENCE = 3


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the worker found. `trouble`: why it could not go on, a phrase for people."""

    files: tuple[tuple[str, memoryview], ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()
    links: tuple[str, ...] = ()
    left_out: int = 0
    encrypted: bool = False
    trouble: str = ""


def read_pdf(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in the PDF `data`, and the links in it."""
    return read_members(context, "a PDF", lambda at: _members(data, at, read))


def _members(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    if not _TELLING.search(data):
        return
    taken = _take_apart(data, context)
    if taken.encrypted:
        yield refuse(context, "unsupported:encrypted-pdf")
        return
    for number, (name, part) in enumerate(taken.files, start=1):
        content = bytes(part)
        shown = name or f"attachment {number}"
        step = f"PDF attachment {context.name}!{shown} sha256={sha256(content).hexdigest()}"
        yield from read(content, context.member(shown, step))
    for place, text in taken.texts:
        yield read_text(text, context.baked(Carrier.PDF, data, f"PDF {place}, openbadges"))
    offers = offer((link for text in taken.links for link in links_in(text)[:1]), context)
    if offers:
        yield ImportReport(offers=offers)
    if taken.left_out:
        limits = context.limits
        caps = f"{plural(limits.pdf_attachments, 'file')} of {limits.pdf_attachment_bytes:,} bytes"
        left_out = f"{plural(taken.left_out, 'attached file')} left out; {caps} is the most"
        yield refuse(context, "too-many", left_out)
    if taken.trouble:
        yield refuse(context, "file-damaged", f"PDF ({taken.trouble})")


def _take_apart(data: bytes, context: Context) -> _Taken:
    limits = context.limits
    caps = (
        limits.pdf_cpu_seconds,
        limits.pdf_memory_bytes,
        limits.pdf_attachments,
        limits.pdf_attachment_bytes,
        limits.pdf_attached_bytes,
        limits.pdf_pages,
        limits.offers,
    )
    command = [sys.executable, "-I", str(_WORKER), *map(str, caps)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, numbers as arguments
            command, input=data, capture_output=True, timeout=limits.pdf_cpu_seconds * _PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return _Taken(trouble="it takes more time than a PDF may")
    except OSError:
        return _Taken(trouble="the process that reads PDF files cannot be started")
    if done.returncode != 0:
        return _Taken(trouble="it takes more time or memory than a PDF may")
    try:
        return _taken(done.stdout, limits)
    except JsonProblem:
        return _Taken(trouble="what it says is too much to be read")


def _taken(output: bytes, limits: Limits) -> _Taken:
    """What the worker wrote. Raises `JsonProblem` for a line that cannot be read."""
    files: list[tuple[str, memoryview]] = []
    texts: list[tuple[str, bytes]] = []
    whole = memoryview(output)  # no second copy of all attached files
    position = 0
    while (end := output.find(b"\n", position)) >= 0:
        said = parse(output[position:end], limits).value
        assert isinstance(said, Mapping)  # our own script wrote it
        size = said.get("size")
        if not isinstance(size, int):
            return _Taken(
                files=tuple(files),
                texts=tuple(texts),
                links=tuple(str(link) for link in _list(said.get("links"))),
                left_out=left_out if isinstance(left_out := said.get("left_out"), int) else 0,
                encrypted=said.get("encrypted") is True,
                trouble="it is not built as a PDF should be" if "broken" in said else "",
            )
        position = end + 1 + size
        content = whole[end + 1 : position]
        if said.get("place") == "attachment":
            files.append((str(said.get("name")), content))
        elif said.get("place") == "information":
            texts.append(("information dictionary", bytes(content)))
        else:
            texts += [("XMP metadata", text.encode("utf-8", "replace")) for text in _from_xmp(bytes(content))]
    return _Taken(trouble="the process that reads PDF files broke off")


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def _from_xmp(packet: bytes) -> Iterator[str]:
    """What elements and attributes named `openbadges` say, whatever their namespace is."""
    if packet.count(b"<") + packet.count(b"=") > _XMP_MARKS:
        return
    from xml.etree.ElementTree import ParseError  # noqa: TID251 - only the name of the error

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(packet, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return
    for element in root.iter():
        if _is_key(element.tag):
            yield "".join(element.itertext())
        yield from (value for name, value in element.attrib.items() if _is_key(name))


def _is_key(name: str) -> bool:
    return name.rpartition("}")[2].lower() == "openbadges"
