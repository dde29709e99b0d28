"""Finds badges baked into SVG pictures: an `assertion` element of the Open Badges namespace, with its `verify` attribute.

The file is read as a stream of elements with entities and external references refused; nothing is drawn, no tree is built, and
no script, style or link in it means anything here. Open Badges Baking 2.0, section "SVGs".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from importers.context import Context, merge
from importers.refusals import refuse
from wallet.found import Carrier, ImportReport, Note
from wallet.limits import Limits

_OB2 = "http://openbadges.org"
_OB3 = "https://purl.imsglobal.org/ob/v3p0"
ELEMENTS = {f"{{{_OB2}}}assertion", f"{{{_OB2}/}}assertion", f"{{{_OB3}}}credential", f"{{{_OB3}/}}credential"}

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?svg[\s>/]")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_SNIFFED_BYTES = 4_096
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z_:][\w.:-]{0,100};)")


def is_svg(data: bytes) -> bool:
    """Whether `data` (without its byte order mark and leading white space) is an SVG picture by its first 4 KB."""
    head = data[:_SNIFFED_BYTES]
    if not head.startswith(b"<"):
        return False
    # An editor's DOCTYPE may be longer than all that is sniffed.
    root = _ROOT.search(head) or (_ROOT.search(data[:65_536]) if b"<!DOCTYPE svg" in head else None)
    if root is None:
        return False
    html = _HTML.search(head)
    return html is None or html.start() > root.start()


@dataclass(slots=True)
class _Baked:
    """One badge element: its text so far and its `verify` attribute."""

    verify: str
    parts: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()


class _CapError(Exception):
    """The picture ran into a cap. `code` is the refusal's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class _Collector:
    """Receives elements from the parser and keeps the badge elements only. Raises `_CapError`."""

    def __init__(self, limits: Limits) -> None:
        self.baked: list[_Baked] = []
        self._limits = limits
        self._depth = 0
        self._elements = 0
        self._open: tuple[_Baked, int] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.svg_depth:
            raise _CapError("too-deep", f"more than {self._limits.svg_depth:,} elements inside one another")
        if self._elements > self._limits.svg_elements:
            raise _CapError("too-big", f"more than {self._limits.svg_elements:,} elements")
        if tag in ELEMENTS and self._open is None:
            if len(self.baked) >= self._limits.finds:
                raise _CapError("too-many", f"the limit is {self._limits.finds:,}")
            baked = _Baked(attributes.get("verify", "").strip())
            self.baked.append(baked)
            self._open = (baked, self._depth)

    def data(self, text: str) -> None:
        if self._open is not None:
            baked = self._open[0]
            baked.size += len(text)
            if baked.size > self._limits.credential_bytes:
                self.baked.pop()
                raise _CapError("too-big", f"its badge is larger than {self._limits.credential_bytes:,} characters")
            baked.parts.append(text)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser passes it by place
        if self._open is not None and self._open[1] == self._depth:
            self._open = None
        self._depth -= 1

    def close(self) -> None:
        """Part of what the parser expects of its target."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What one pass over the file gave. `trouble` says why it ended early: "entities", "prefix", or a refusal code."""

    baked: tuple[_Baked, ...]
    trouble: str = ""
    detail: str = ""


def read_svg(data: bytes, context: Context, read_text: Callable[[bytes, Context], ImportReport]) -> ImportReport:
    """All badges in the SVG picture `data`. `read_text` recognises what an element's text or `verify` attribute says."""
    parsed = _parse(data, context.limits)
    mended = data
    if parsed.trouble == "entities":
        context = context.note("doctype-removed", "the picture defines entities, which are not expanded")
        mended = _without_doctype(mended)
        parsed = _parse(mended, context.limits)
    if parsed.trouble == "prefix" and b"<openbadges:assertion" in mended and b"xmlns:openbadges" not in mended:
        context = context.note("namespace-missing", "the prefix openbadges is not declared")
        mended = _ROOT.sub(lambda root: root[0][:-1] + f' xmlns:openbadges="{_OB2}"'.encode() + root[0][-1:], mended, 1)
        parsed = _parse(mended, context.limits)
    if not parsed.baked:
        if parsed.trouble in ("entities", "prefix", "xml"):
            return refuse(context, "picture-damaged", f"SVG picture ({parsed.detail})")
        if parsed.trouble:
            return refuse(context, parsed.trouble, parsed.detail)
        return refuse(context, "no-credential-in-image", "SVG")
    if parsed.trouble:
        context = context.note("xml-damaged", parsed.detail)
    if len(parsed.baked) > 1:
        context = context.note("several-credentials", f"the picture carries {len(parsed.baked)}")
    return merge(_read_element(data, number, baked, context, read_text) for number, baked in enumerate(parsed.baked, 1))


def _read_element(
    data: bytes, number: int, baked: _Baked, context: Context, read_text: Callable[[bytes, Context], ImportReport]
) -> ImportReport:
    step = f"SVG assertion #{number}"
    inside = context.baked(Carrier.SVG, data, step)
    verify = baked.verify.encode("utf-8", "replace")
    if not baked.text:
        if not verify:
            return refuse(context, "picture-damaged", "SVG picture (its badge element is empty)")
        return read_text(verify, context.baked(Carrier.SVG, data, f"{step}, attribute verify"))
    body = read_text(baked.text.encode("utf-8", "replace"), inside)
    if not verify:
        return body
    if not body.found:
        problem = Note("body-broken", body.refused[0].message if body.refused else "")
        fallback = read_text(verify, context.baked(Carrier.SVG, data, f"{step}, attribute verify", problem))
        return fallback if fallback.found else body
    if verify.startswith((b"http://", b"https://")):
        return ImportReport(
            tuple(replace(item, fetch_url=baked.verify) for item in body.found), body.refused, body.notes
        )
    # A signature beside a readable copy: they are two facts, and only the signed one can be proven without a host.
    signed = read_text(verify, context.baked(Carrier.SVG, data, f"{step}, attribute verify"))
    return merge([signed, body]) if signed.found and signed.found[0].raw != body.found[0].raw else body


def _parse(data: bytes, limits: Limits) -> _Parsed:
    # Only pictures in SVG need XML at all, so a folder of PNG files never pays for loading it.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    collector = _Collector(limits)
    parser = DefusedXMLParser(target=collector, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        # In one piece: fed in parts, the parser would scan a tag of megabytes again for each part.
        parser.feed(data)
        parser.close()
    except _CapError as cap:
        return _Parsed(tuple(collector.baked), cap.code, cap.detail)
    except DefusedXmlException:
        return _Parsed(tuple(collector.baked), "entities", "it defines entities or refers to other files")
    except ParseError as error:
        line, column = error.position
        detail = f"not well-formed XML at line {line}, column {column + 1}"
        unbound_prefix = 27
        return _Parsed(tuple(collector.baked), "prefix" if error.code == unbound_prefix else "xml", detail)
    except (ValueError, LookupError) as error:  # an encoding that the XML declaration names and nobody knows
        return _Parsed(tuple(collector.baked), "xml", f"its text cannot be decoded: {error}")
    return _Parsed(tuple(collector.baked))


def _without_doctype(data: bytes) -> bytes:
    """`data` without its document type, and with the entities it defined left as plain text. CDATA stays as it is."""
    # Matched at the first place only: searched for everywhere, a file full of unended ones would cost its size squared.
    start = data.find(b"<!DOCTYPE")
    doctype = _DOCTYPE.match(data, start) if start >= 0 else None
    if doctype is not None:
        data = data[: doctype.start()] + data[doctype.end() :]
    parts: list[bytes] = []
    position = 0
    while position < len(data):
        begin = _found_at(data, _CDATA, position)
        end = _found_at(data, _CDATA_END, begin)
        parts += [_ENTITY.sub(rb"&amp;\1", data[position:begin]), data[begin:end]]
        position = end
    return b"".join(parts)


def _found_at(data: bytes, mark: bytes, position: int) -> int:
    """Where `mark` is next, or the end of `data`."""
    found = data.find(mark, position)
    return found if found >= 0 else len(data)
