"""Finds badges inside an HTML file: originals in `data:` addresses, as our portfolio holds them, and credentials in JSON-LD.

The page is searched and not interpreted: no script runs, no picture loads, no link is opened. What a page only tells about a
badge is no badge, whatever its title says.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from importers.containers import ReadEach, read_members
from importers.context import Context
from importers.kinds import Award, recognise
from importers.refusals import refuse
from wallet.documents.strict_json import JsonProblem, parse
from wallet.found import ImportReport
from wallet.model import Json, JsonObject

_DATA = re.compile(rb"data:([a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80})?((?:;[a-z0-9.+=_-]{1,80}){0,5}),", re.I)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=%\s]*")
_PERCENT = re.compile(rb"[^\s\"'<>]*")
_SCRIPT = re.compile(rb"<script\b([^>]{0,500})>", re.I)
_SCRIPT_END = re.compile(rb"</script", re.I)
_LINKED = re.compile(rb"application/(?:ld\+json|vc\+ld\+json|json)", re.I)
_FILE_NAME = re.compile(rb"[^<>]{0,20}?\bdownload\s{0,5}=\s{0,5}[\"']([^\"'<>]{1,200})[\"']", re.I)
#: What the manifest of a page of ours says first.
PORTFOLIO = "badgefolio-portfolio/"


def read_page(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges within the page `data`; none of them is no refusal here, but an empty report."""
    what = "a web page"
    for report in read_members(context, what, lambda at: _members(data, at, read)):
        yield ImportReport(
            report.found,
            tuple(refused for refused in report.refused if refused.code != "no-badges-inside"),
            report.notes,
            report.skipped,
        )


def _members(data: bytes, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    listed: dict[str, str] = {}
    manifest = False
    for number, (attributes, body) in enumerate(_scripts(data), start=1):
        if not _LINKED.search(attributes):
            continue
        document = _document(body.strip())
        if document is None:
            continue
        if str(document.get("format", "")).startswith(PORTFOLIO):
            manifest = True
            listed.update(_listed(document))
        elif isinstance(recognise(document), Award):
            yield from read(body.strip(), context.member(f"JSON-LD {number}", f"page, JSON-LD script {number}"))
    seen: set[str] = set()
    for name, content in _data_urls(data):
        digest = sha256(content).hexdigest()
        if digest in seen:
            continue
        seen.add(digest)
        shown = listed.get(digest) or name or f"data {len(seen)}"
        where = "portfolio file" if digest in listed else "page, data address"
        yield from read(content, context.member(shown, f"{where} {shown} sha256={digest}"))
    for digest, name in listed.items():
        if digest not in seen:
            missing = context.member(name, f"portfolio file {name} sha256={digest}")
            yield refuse(missing, "file-damaged", "part of a portfolio (its content is not what the page lists)")
    if manifest and not listed:
        yield refuse(context, "file-damaged", "portfolio (it lists no badge files)")


def _scripts(page: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and content of every script element. In two searches: one pattern would scan to the end for each open one."""
    position = 0
    while (opened := _SCRIPT.search(page, position)) and (closed := _SCRIPT_END.search(page, opened.end())):
        yield opened[1], page[opened.end() : closed.start()]
        position = closed.end()


def _document(body: bytes) -> JsonObject | None:
    try:
        value = parse(body).value
    except JsonProblem:
        return None
    return value if isinstance(value, Mapping) else None


def _listed(manifest: JsonObject) -> Iterator[tuple[str, str]]:
    """Digest and name of every original that the manifest of a portfolio lists."""
    for badge in _objects(manifest.get("badges")):
        for file in _objects(badge.get("files")):
            digest, path = file.get("sha256"), file.get("path")
            if isinstance(digest, str) and isinstance(path, str):
                yield digest, path


def _objects(value: Json) -> list[JsonObject]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _data_urls(page: bytes) -> Iterator[tuple[str, bytes]]:
    """Name (or "") and content of every `data:` address, in their order."""
    position = 0
    while (found := _DATA.search(page, position)) is not None:
        packed = found[2].lower().endswith(b";base64")
        body = (_BASE64 if packed else _PERCENT).match(page, found.end())
        assert body is not None  # both match the empty text
        position = body.end()
        named = _FILE_NAME.match(page, position)
        content = _decoded(body[0], packed=packed)
        if content:
            yield (named[1].decode("utf-8", "replace") if named else ""), content


def _decoded(body: bytes, *, packed: bool) -> bytes | None:
    if not packed:
        return unquote_to_bytes(body)
    try:
        return binascii.a2b_base64(unquote_to_bytes(body) if b"%" in body else body)
    except binascii.Error:
        return None
