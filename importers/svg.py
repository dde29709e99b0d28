"""Finds badges baked into SVG pictures: an `assertion` element of the Open Badges namespace, with its `verify` attribute.

The elements are read by `wallet.documents.svg`, which the verifier uses too; what is mended here is what stops such a reader.
Open Badges Baking 2.0, section "SVGs".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from importers.context import Context, merge
from importers.refusals import refuse
from wallet.documents.svg import BADGE_NAMESPACE, BakedElement, parse_svg
from wallet.found import Carrier, ImportReport, Note
from wallet.limits import Limits

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?svg[\s>/]")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_SNIFFED_BYTES = 4_096
_END_BYTES = 64
# A badge element cannot be written without one of these: its namespaces, or what could hide them.
_MARKS = (b"&", b"openbadges", b"imsglobal")
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


def read_svg(data: bytes, context: Context, read_text: Callable[[bytes, Context], ImportReport]) -> ImportReport:
    """All badges in the SVG picture `data`. `read_text` recognises what an element's text or `verify` attribute says."""
    whole = data[-_END_BYTES:].rstrip().endswith(b"svg>") and b"\0" not in data[:_SNIFFED_BYTES]
    if whole and not any(mark in data for mark in _MARKS):
        # Most drawings are nobody's badge, and parsing one takes ten times as long as reading it.
        return refuse(context, "no-credential-in-image", "SVG")
    parsed = parse_svg(data, context.limits)
    mended = data
    if parsed.trouble == "entities":
        context = context.note("doctype-removed", "the picture defines entities, which are not expanded")
        without = _without_doctype(data, context.limits)
        if without is None:
            return refuse(context, "too-big", f"{context.limits.svg_entities:,} entities is the most")
        mended = without
        parsed = parse_svg(mended, context.limits)
    if parsed.trouble == "prefix" and b"<openbadges:assertion" in mended and b"xmlns:openbadges" not in mended:
        context = context.note("namespace-missing", "the prefix openbadges is not declared")
        mended = _ROOT.sub(
            lambda root: root[0][:-1] + f' xmlns:openbadges="{BADGE_NAMESPACE}"'.encode() + root[0][-1:], mended, 1
        )
        parsed = parse_svg(mended, context.limits)
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
    data: bytes, number: int, baked: BakedElement, context: Context, read_text: Callable[[bytes, Context], ImportReport]
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


def _without_doctype(data: bytes, limits: Limits) -> bytes | None:
    """`data` without its document type, and with the entities it defined left as plain text; None for too many of these.

    CDATA stays as it is.
    """
    if sum(1 for _ in islice(_ENTITY.finditer(data), limits.svg_entities + 1)) > limits.svg_entities:
        return None
    # Matched at the first place only: searched for everywhere, a file full of unended ones would cost its size squared.
    start = data.find(b"<!DOCTYPE")
    doctype = _DOCTYPE.match(data, start) if start >= 0 else None
    if doctype is not None:
        data = data[: doctype.start()] + data[doctype.end() :]
    mended = bytearray()
    position = 0
    while position < len(data):
        begin = _found_at(data, _CDATA, position)
        end = _found_at(data, _CDATA_END, begin)
        mended += _ENTITY.sub(rb"&amp;\1", data[position:begin])
        mended += data[begin:end]
        position = end
    return bytes(mended)


def _found_at(data: bytes, mark: bytes, position: int) -> int:
    """Where `mark` is next, or the end of `data`."""
    found = data.find(mark, position)
    return found if found >= 0 else len(data)
