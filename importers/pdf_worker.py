"""Takes one foreign PDF apart in a process of its own: standard input to standard output.

Run as a script, never imported by the importers. A PDF may refer to itself in circles and unpack to anything, so whoever reads
it gets few seconds and little memory, and whoever started this goes on when it dies. Only attachments, two places for metadata
and the addresses of links are read: nothing is drawn, no script or action means anything. ISO 32000-1, 7.11.4, 12.5.6.5, 14.3.

Output: for each file one line of JSON with its `size`, then its bytes; at the end one line of JSON without a `size`. Each file is
written as soon as it is unpacked, so that no more than one of them is in memory.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, PdfObject, StreamObject

_TREE_NODES = 5_000
# What any packed part of a PDF may unpack to at each step. The library's own limit is five times that.
_UNPACKED_BYTES = 16 * 2**20
# How much a program of this kind takes, where the system does not tell; such systems hardly heed the limit either.
_ELSEWHERE_BYTES = 2**30
_TEXT_BYTES = 4 * 2**20
_LINK_CHARACTERS = 2_048


class _Pdf:
    """`caps`: attachments, bytes of one, bytes of all, pages, links."""

    def __init__(self, reader: PdfReader, caps: tuple[int, int, int, int, int]) -> None:
        self.kept = 0
        self.left_out = 0
        self.links: dict[str, None] = {}
        self._reader = reader
        self._count, self._each, self._all, self._pages, self._most_links = caps
        self._seen: set[int] = set()

    def read(self) -> None:
        from pypdf.generic import DictionaryObject

        root = _resolved(self._reader.trailer.get("/Root"))
        if not isinstance(root, DictionaryObject):
            return
        for specification in self._embedded(root):
            self._keep(specification)
        for specification in _list(root.get("/AF")):
            self._keep(specification)
        for page in self._walk(_member(root, "/Pages"), "/Kids", self._pages):
            for annotation in _list(page.get("/Annots")):
                self._annotation(_resolved(annotation))

    def _embedded(self, root: DictionaryObject) -> Iterator[PdfObject]:
        from pypdf.generic import DictionaryObject

        names = _member(root, "/Names")
        tree = _member(names, "/EmbeddedFiles") if isinstance(names, DictionaryObject) else None
        for node in self._walk(tree, "/Kids", _TREE_NODES):
            yield from _list(node.get("/Names"))[1::2]

    def _walk(self, root: PdfObject | None, below: str, most: int) -> Iterator[DictionaryObject]:
        """A tree's nodes in their order, each once: a node that is its own child is not walked again."""
        from pypdf.generic import DictionaryObject

        waiting: list[PdfObject | None] = [root]
        done: set[int] = set()
        count = 0
        while waiting and count < most:
            raw = waiting.pop()
            number = getattr(raw, "idnum", None)
            if number is not None:
                if number in done:
                    continue
                done.add(number)
            node = _resolved(raw)
            count += 1
            if isinstance(node, DictionaryObject):
                yield node
                waiting += reversed(_list(node.get(below)))

    def _annotation(self, annotation: PdfObject | None) -> None:
        from pypdf.generic import DictionaryObject

        if not isinstance(annotation, DictionaryObject):
            return
        if annotation.get("/Subtype") == "/FileAttachment":
            self._keep(annotation.get("/FS"))
            return
        action = _member(annotation, "/A")
        if isinstance(action, DictionaryObject) and action.get("/S") == "/URI" and len(self.links) < self._most_links:
            address = _text(_member(action, "/URI"))
            if 0 < len(address) <= _LINK_CHARACTERS:
                self.links[address] = None

    def _keep(self, raw: PdfObject | None) -> None:
        """The file that a file specification embeds, unless it was kept already."""
        from pypdf.generic import DictionaryObject, StreamObject

        specification = _resolved(raw)
        if not isinstance(specification, DictionaryObject):
            return
        embedded = _member(specification, "/EF")
        if not isinstance(embedded, DictionaryObject):
            return
        for key in ("/UF", "/F"):
            stored = embedded.get(key)
            number = getattr(stored, "idnum", None)
            stream = _resolved(stored)
            if not isinstance(stream, StreamObject):
                continue
            if number is not None and number in self._seen:
                return
            if number is not None:
                self._seen.add(number)
            name = _text(_member(specification, "/UF")) or _text(_member(specification, "/F"))
            self._add(name, stream)
            return

    def _add(self, name: str, stream: PdfObject) -> None:
        from pypdf.generic import StreamObject

        assert isinstance(stream, StreamObject)
        if self.kept >= self._count:
            self.left_out += 1
            return
        try:
            content = _unpacked(stream)
        except Exception:  # noqa: BLE001 - the library raises whatever a broken stream runs into
            self.left_out += 1
            return
        if len(content) > self._each or len(content) > self._all:
            self.left_out += 1
            return
        self._all -= len(content)
        self.kept += 1
        _hand_on("attachment", name, content)

    def read_texts(self) -> None:
        """What the information dictionary says under `openbadges`, and the XMP packet when it may hold a badge."""
        from pypdf.generic import DictionaryObject, StreamObject

        info = _resolved(self._reader.trailer.get("/Info"))
        if isinstance(info, DictionaryObject):
            for key, value in info.items():
                text = _text(_resolved(value)).encode() if key.lower() == "/openbadges" else b""
                if 0 < len(text) <= _TEXT_BYTES:
                    _hand_on("information", key, text)
        root = _resolved(self._reader.trailer.get("/Root"))
        stream = _member(root, "/Metadata") if isinstance(root, DictionaryObject) else None
        if isinstance(stream, StreamObject):
            packet = _unpacked(stream)
            if len(packet) <= _TEXT_BYTES and b"openbadges" in packet.replace(b"\0", b"").lower():
                _hand_on("metadata", "", packet)


def _unpacked(stream: StreamObject) -> bytes:
    """The content of `stream`. Asked itself, it would keep what it unpacks for as long as the reader lives."""
    from pypdf.filters import decode_stream_data

    return decode_stream_data(stream) if "/Filter" in stream else stream.get_data()


def _hand_on(place: str, name: str, content: bytes) -> None:
    """place: what it is, "attachment", "information" or "metadata"."""
    _say({"place": place, "name": name, "size": len(content)})
    sys.stdout.buffer.write(content)


def _say(line: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode("ascii") + b"\n")


def _resolved(value: PdfObject | None) -> PdfObject | None:
    return value.get_object() if value is not None else None


def _member(dictionary: DictionaryObject, key: str) -> PdfObject | None:
    return _resolved(dictionary.get(key))


def _list(value: PdfObject | None) -> list[PdfObject]:
    from pypdf.generic import ArrayObject

    found = _resolved(value)
    return list(found) if isinstance(found, ArrayObject) else []


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _bound(seconds: int, memory: int) -> None:
    try:
        import resource  # POSIX only; elsewhere the caller's clock is the only limit
    except ImportError:
        return
    most = _taken_already() + memory
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _taken_already() -> int:
    """Bytes of addresses that the program itself has, where that is told; it differs much between computers."""
    try:
        with Path("/proc/self/status").open(encoding="ascii", errors="replace") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmSize:"))
    except (OSError, StopIteration):
        return _ELSEWHERE_BYTES


def _unpack_little() -> None:
    """Lower what the library lets a packed part grow to. Its older versions have no such setting, or one that is a constant."""
    import pypdf

    if hasattr(pypdf, "overwrite_configuration"):
        names = [name for name in dir(pypdf.Configuration) if name.endswith("_maximum_output_length")]
        lower = pypdf.get_configuration().with_overwrites(**dict.fromkeys(names, _UNPACKED_BYTES))
        pypdf.overwrite_configuration(lower)
        return
    for name in dir(pypdf.filters):
        if name.endswith("_MAX_OUTPUT_LENGTH"):
            setattr(pypdf.filters, name, _UNPACKED_BYTES)


def main(arguments: list[str]) -> int:
    """Arguments: CPU seconds, bytes of memory, then the caps of `_Pdf`. Anything but 0 means that it cannot be read."""
    seconds, memory, count, each, in_all, pages, links = map(int, arguments)
    import logging

    from pypdf import PdfReader

    _bound(seconds, memory)
    _unpack_little()
    logging.disable(logging.CRITICAL)
    said: dict[str, object] = {}
    try:
        reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if reader.is_encrypted and not reader.decrypt(""):
            said["encrypted"] = True
        else:
            pdf = _Pdf(reader, (count, each, in_all, pages, links))
            try:
                pdf.read()
                pdf.read_texts()
            finally:
                said.update(left_out=pdf.left_out, links=list(pdf.links))
    except MemoryError:
        return 1
    except Exception as error:  # noqa: BLE001 - the library raises whatever a nonsensical file leads it into
        said["broken"] = type(error).__name__
    _say(said)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
