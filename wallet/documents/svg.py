"""Reads an SVG picture as a stream of elements: its root, and the badge elements baked into it.

Entities and external references are refused; nothing is drawn, no tree is built, and no script, style or link in it means
anything here. Open Badges Baking 2.0, section "SVGs".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wallet.limits import Limits

BADGE_NAMESPACE = "http://openbadges.org"
_BADGE_3_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
ELEMENTS = {
    f"{{{BADGE_NAMESPACE}}}assertion",
    f"{{{BADGE_NAMESPACE}/}}assertion",
    f"{{{_BADGE_3_NAMESPACE}}}credential",
    f"{{{_BADGE_3_NAMESPACE}/}}credential",
}

# An attribute cannot hold "<", nor its name a quotation mark. Possessive, so that each tag is looked through once.
_ATTRIBUTE = rb"""\s++[^\s=<>"']++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
#: Names that the parser has met, above which it is told to forget them.
_NAMES = 1_000


@dataclass(slots=True)
class BakedElement:
    """One badge element: its text so far and its `verify` attribute. `tag` holds its namespace in braces."""

    verify: str
    tag: str = ""
    parts: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        """What the element says, without the white space around it."""
        return "".join(self.parts).strip()


class _StopError(Exception):
    """Nothing more of the picture is read. `code` is `Parsed.trouble`.

    Without `detail` the place says all there is to say: `back` characters before the one where the parser is.
    """

    def __init__(self, code: str, detail: str = "", back: int = 0) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.back = back


class _Collector:
    """Receives elements from the parser and keeps the badge elements only. Raises `_StopError`.

    names: what the parser has met so far, which it would keep to the end of the file.
    """

    def __init__(self, limits: Limits, names: dict[str, str]) -> None:
        self.baked: list[BakedElement] = []
        self.root = ""
        self._limits = limits
        self._names = names
        self._depth = 0
        self._elements = 0
        self._declared = 0
        self._open: tuple[BakedElement, int] | None = None

    def start(self, name: str, attributes: Sequence[str]) -> None:
        """`name` with its namespace and a brace before it; `attributes`: names and values in turn."""
        tag = f"{{{name}" if "}" in name else name
        self.root = self.root or tag
        if len(self._names) > _NAMES:
            self._names.clear()
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.svg_depth:
            raise _StopError("too-deep", f"more than {self._limits.svg_depth:,} elements inside one another")
        if self._elements > self._limits.svg_elements:
            raise _StopError("too-big", f"more than {self._limits.svg_elements:,} elements")
        if tag in ELEMENTS and self._open is None:
            if len(self.baked) >= self._limits.finds:
                raise _StopError("too-many", f"more than {self._limits.finds:,} badges")
            verify = next(
                (value for key, value in zip(attributes[::2], attributes[1::2], strict=True) if key == "verify"), ""
            )
            baked = BakedElement(verify.strip(), tag)
            self.baked.append(baked)
            self._open = (baked, self._depth)

    def data(self, text: str) -> None:
        if self._open is not None:
            baked = self._open[0]
            baked.size += len(text)
            if baked.size > self._limits.credential_bytes:
                self.baked.pop()
                raise _StopError("too-big", f"its badge is larger than {self._limits.credential_bytes:,} characters")
            baked.parts.append(text)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser passes it by place
        if self._open is not None and self._open[1] == self._depth:
            self._open = None
        self._depth -= 1

    def boundary(self) -> None:
        """A section begins or ends."""

    def skip(self, name: str, _parameter: bool) -> None:
        """After a DOCTYPE, an entity that it does not define is no error to the parser, because another file might."""
        raise _StopError("xml", back=len(f"&{name};"))

    def declare(self, *_: object) -> None:
        """An attribute that every element of a name gets without writing it: few of them would be many in all."""
        self._declared += 1
        if self._declared > self._limits.svg_declared_attributes:
            raise _StopError("entities", "it declares what its elements are like")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one pass over the file gave. `root` is the outermost tag, with its namespace in braces.

    trouble: why it ended early: "entities" (or other declarations that act on the rest of the file), "prefix", "xml", or the
    code of a refusal. detail: the same for people.
    """

    baked: tuple[BakedElement, ...]
    trouble: str = ""
    detail: str = ""
    root: str = ""


def parse_svg(data: bytes, limits: Limits) -> Parsed:
    """Read `data` once, as far as it is well formed and within bounds. Never raises."""
    # Only pictures in SVG need XML at all, so a folder of PNG files never pays for loading it.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    too_much = _too_much(data, limits)
    if too_much:
        return Parsed((), "too-big", f"{too_much} is the most")
    parser = DefusedXMLParser(target=object(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    expat = parser.parser
    collector = _Collector(limits, expat.intern)
    # These are the handlers of the parser below the one of ElementTree, which would make two tables of each element's attributes,
    # and texts of what nobody asks for.
    expat.DefaultHandlerExpand = None
    expat.StartElementHandler, expat.EndElementHandler = collector.start, collector.end
    expat.CharacterDataHandler, expat.SkippedEntityHandler = collector.data, collector.skip
    expat.AttlistDeclHandler = collector.declare
    # Where a section begins or ends the parser hands over the text so far, however the file goes on.
    expat.StartCdataSectionHandler = expat.EndCdataSectionHandler = collector.boundary
    trouble = detail = ""
    try:
        # In one piece: fed in parts, the parser would scan a tag of megabytes again for each part.
        parser.feed(data)
        parser.close()
    except _StopError as stop:
        trouble = stop.code
        detail = stop.detail or _place(expat.CurrentLineNumber, expat.CurrentColumnNumber - stop.back)
    except DefusedXmlException:
        trouble, detail = "entities", "it defines entities or refers to other files"
    except ParseError as error:
        detail = _place(*error.position)
        unbound_prefix = 27
        trouble = "prefix" if error.code == unbound_prefix else "xml"
    except (ValueError, LookupError) as error:  # an encoding that the XML declaration names and nobody knows
        trouble, detail = "xml", f"its text cannot be decoded: {error}"
    return Parsed(tuple(collector.baked), trouble, detail, collector.root)


def _place(line: int, column: int) -> str:
    return f"not well-formed XML at line {line}, column {column + 1}"


def _too_much(data: bytes, limits: Limits) -> str:
    """How much of what an element may have, where one has more: all of it is built before the element can be refused.

    Comments and texts that look like a tag count as well.
    """
    equals = data.count(b"=")
    if equals > limits.svg_attributes:
        return f"{limits.svg_attributes:,} attributes"
    coding = _UTF_16.get(data[:2])
    if coding is not None:
        data = data.decode(coding, "replace").encode("utf-8", "replace")
        equals = data.count(b"=")
    most = limits.svg_element_attributes
    if equals > most and re.search(rb"<[^\s<>=/!?]++(?:%b){%d}+" % (_ATTRIBUTE, most + 1), data):
        return f"{most:,} attributes of one element"
    most = limits.credential_bytes
    if len(data) > most and not data.isascii():
        # A picture inside the picture is plain ASCII; other text takes four times its size as soon as it is an attribute.
        for value in re.finditer(rb"""=\s*+(?:"[^"<]{%d,}+|'[^'<]{%d,}+)""" % (most, most), data):
            if not value[0].isascii():
                return f"{most:,} bytes of text in one attribute"
    return ""
