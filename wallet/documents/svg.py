"""Reads an SVG picture as a stream of elements: its root, and the badge elements baked into it.

Entities and external references are refused; nothing is drawn, no tree is built, and no script, style or link in it means
anything here. Open Badges Baking 2.0, section "SVGs".
"""

from __future__ import annotations

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


class _CapError(Exception):
    """The picture ran into a cap. `code` is the refusal's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class _Collector:
    """Receives elements from the parser and keeps the badge elements only. Raises `_CapError`."""

    def __init__(self, limits: Limits) -> None:
        self.baked: list[BakedElement] = []
        self.root = ""
        self._limits = limits
        self._depth = 0
        self._elements = 0
        self._open: tuple[BakedElement, int] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.root = self.root or tag
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.svg_depth:
            raise _CapError("too-deep", f"more than {self._limits.svg_depth:,} elements inside one another")
        if self._elements > self._limits.svg_elements:
            raise _CapError("too-big", f"more than {self._limits.svg_elements:,} elements")
        if tag in ELEMENTS and self._open is None:
            if len(self.baked) >= self._limits.finds:
                raise _CapError("too-many", f"more than {self._limits.finds:,} badges")
            baked = BakedElement(attributes.get("verify", "").strip(), tag)
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
class Parsed:
    """What one pass over the file gave. `root` is the outermost tag, with its namespace in braces.

    trouble: why it ended early: "entities", "prefix", "xml", or the code of a refusal. detail: the same for people.
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

    if data.count(b"=") > limits.svg_attributes:
        # All attributes of an element are built before it can be refused, so they are counted first.
        return Parsed((), "too-big", f"{limits.svg_attributes:,} attributes is the most")
    collector = _Collector(limits)
    parser = DefusedXMLParser(target=collector, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    trouble = detail = ""
    try:
        # In one piece: fed in parts, the parser would scan a tag of megabytes again for each part.
        parser.feed(data)
        parser.close()
    except _CapError as cap:
        trouble, detail = cap.code, cap.detail
    except DefusedXmlException:
        trouble, detail = "entities", "it defines entities or refers to other files"
    except ParseError as error:
        line, column = error.position
        detail = f"not well-formed XML at line {line}, column {column + 1}"
        unbound_prefix = 27
        trouble = "prefix" if error.code == unbound_prefix else "xml"
    except (ValueError, LookupError) as error:  # an encoding that the XML declaration names and nobody knows
        trouble, detail = "xml", f"its text cannot be decoded: {error}"
    return Parsed(tuple(collector.baked), trouble, detail, collector.root)
