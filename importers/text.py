"""Finds badges in text: JSON of every version, compact and JSON-serialized JWS, a web address, or such things amid other text.

The bytes of a badge are handed on exactly as they were found. Never verifies, never fetches: a signature that looks wrong is
still the learner's file, and an address is only recognised here.
"""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Mapping, Sequence

from importers.context import Context, merge
from importers.kinds import Award, JwsParts, Members, Stranger, recognise, token_award
from importers.refusals import refuse
from wallet.documents import jws
from wallet.documents.strict_json import JsonProblem, dumps_bytes, parse
from wallet.found import Carrier, ImportReport, Kind, Note
from wallet.model import Json
from wallet.text import clean, plural

WEB_ADDRESS = re.compile(rb"https?://[\x21-\x7e\x80-\xff]+", re.IGNORECASE)
OTHER_ADDRESS = re.compile(
    rb"(?:[a-z][a-z0-9+.-]{1,20}://|(?:file|data|javascript|mailto|ftp):|\\\\)[^\s]*", re.IGNORECASE
)
_TOKEN = re.compile(rb"(?<![\w.-])e[wy][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?![\w.-])")
# base64url of `{"`, of `{ ` and of `{` with a line break: what the header of a token begins with.
_JSON_IN_BASE64 = (b"ey", b"ew")
_BASE64URL = re.compile(rb"[A-Za-z0-9_.~=-]+")
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body|title|meta|script|div|p|a|br)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input\b[^>]{0,500}\btype\s{0,5}=\s{0,5}[\"']?password\b", re.IGNORECASE)
_SNIFFED_BYTES = 65_536
_PAGE_BYTES = 262_144
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_text(data: bytes, context: Context) -> ImportReport:
    """All badges in `data`, which is the whole text of a file, of a paste, of an answer or of a chunk in a picture."""
    if data[:2] in _WIDE:
        data = data[2:].decode(_WIDE[data[:2]], "replace").encode("utf-8")
        context = context.note("not-utf8", "the text was UTF-16")
    text = data.removeprefix(codecs.BOM_UTF8).strip()
    if not text:
        return refuse(context, "empty")
    if b"\0" in text:
        return refuse(context, "unsupported:binary")
    if len(data) > context.limits.credential_bytes:
        return refuse(context, "too-big", f"{context.limits.credential_bytes:,} bytes for a text")
    if text[:1] in (b"{", b"["):
        return _read_json(data, context)
    token = _read_token(text, context)
    if token is not None:
        return token
    if WEB_ADDRESS.fullmatch(text):
        return _read_address(text, context)
    if OTHER_ADDRESS.fullmatch(text):
        scheme = clean(text.partition(b":")[0].decode("ascii", "replace"), limit=20)
        return refuse(context, "bad-url", f"only http and https are opened, not {scheme}")
    return _read_other(data, text, context)


def read_json_value(value: Json, raw: bytes, context: Context) -> ImportReport:
    """All badges in one JSON value whose exact bytes are `raw`."""
    if context.depth > context.limits.container_depth:
        return refuse(context, "too-deep", f"more than {context.limits.container_depth} wrappers")
    if isinstance(value, Mapping):
        return _read_object(recognise(value), raw, context)
    if isinstance(value, str):
        text = value.strip().encode("utf-8", "replace")
        return _read_token(text, context) or refuse(context, "not-recognised", "a text within JSON")
    if isinstance(value, Sequence):
        return _read_members("JSON list", value, context)
    return refuse(context, "not-recognised", "JSON")


def is_login(page: bytes) -> bool:
    """Whether an HTML page asks for a password."""
    return _PASSWORD.search(page[:_PAGE_BYTES]) is not None


def is_html(text: bytes) -> bool:
    """Whether `text` is a web page."""
    return text[:1] == b"<" and _HTML.search(text[:_SNIFFED_BYTES]) is not None


def page_title(page: bytes) -> str:
    """The title of an HTML page, cleaned, or "" when it has none."""
    found = _TITLE.search(page[:_SNIFFED_BYTES].decode("utf-8", "replace"))
    return clean(html.unescape(found[1]), limit=80) if found else ""


def _read_json(data: bytes, context: Context) -> ImportReport:
    try:
        return read_json_value(parse(data, context.limits).value, data, context)
    except JsonProblem as problem:
        if problem.limit:
            return refuse(context, problem.code, problem.message)
        if problem.code == "syntax":
            return _broken(data, problem, context)
        try:
            value = _lenient(data)
        except JsonProblem as worse:
            return refuse(context, worse.code, worse.message) if worse.limit else _broken(data, worse, context)
        return read_json_value(value, data, context.note("json-not-strict", problem.message))


def _broken(data: bytes, problem: JsonProblem, context: Context) -> ImportReport:
    line, column = problem.line or 1, problem.column or 1
    lines = data.split(b"\n", line)
    text = lines[line - 1].decode("utf-8", "replace") if line <= len(lines) else ""
    near = clean(text[max(column - 11, 0) : column + 29], limit=40)
    where = f"line {line}, column {column}"
    return refuse(context, "json-broken", f"{where}, near “{near}”" if near else f"it ends too early, at {where}")


def _lenient(data: bytes) -> Json:
    """The value as Python reads it, only to see whether it is an award: the verifier judges the bytes by the strict reader.

    Raises `JsonProblem` when there is worse behind what was not strict.
    """
    try:
        value: Json = json.JSONDecoder(parse_int=len).decode(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        raise JsonProblem("syntax", error.msg, line=error.lineno, column=error.colno) from error
    except RecursionError as error:  # text that is not UTF-8 is refused before its depth is counted
        raise JsonProblem("too-deep", "The document is nested too deeply to be read here") from error
    return value


def _read_object(recognised: Award | Members | JwsParts | Stranger, raw: bytes, context: Context) -> ImportReport:
    if isinstance(recognised, Stranger):
        return refuse(context, recognised.code, recognised.detail)
    if isinstance(recognised, Members):
        return _read_members(recognised.name, recognised.values, context)
    if isinstance(recognised, JwsParts):
        inside = context.step("JWS JSON serialization")
        if recognised.signatures > 1:
            inside = inside.note(
                "several-credentials", f"{plural(recognised.signatures, 'signature')}, the first is read"
            )
        token = _read_token(recognised.token, inside)
        return token or refuse(context, "jws-broken", "its parts are not base64url")
    return _read_award(recognised, raw, Carrier.JSON, "JSON", context)


def _read_award(award: Award, raw: bytes, carrier: Carrier, step: str, context: Context) -> ImportReport:
    report = context.found(
        award.kind,
        carrier,
        raw,
        step,
        claimed_id=award.claimed_id,
        fetch_url=award.fetch_url,
        notes=award.notes,
    )
    if not award.inside:
        return report
    inside = _read_members(f"{step} verifiableCredential", award.inside, context)
    return merge([report, ImportReport(found=inside.found, notes=inside.notes)])


def _read_members(name: str, values: Sequence[Json], context: Context) -> ImportReport:
    """Each member of a list by itself. A member is written out again, because only a whole document has bytes of its own."""
    reports: list[ImportReport] = []
    count = 0
    for number, value in enumerate(values, start=1):
        if count >= context.limits.finds:
            reports.append(refuse(context, "too-many", f"the limit is {context.limits.finds:,}"))
            break
        if isinstance(value, Mapping):
            # Some interfaces put the award one level further in, beside their own members.
            inner = next((value[key] for key in ("assertion", "json") if isinstance(value.get(key), Mapping)), value)
            report = read_json_value(inner, _written(inner), context.deeper(f"{name} member {number}"))
        else:
            report = read_json_value(value, b"", context.deeper(f"{name} member {number}"))
        count += len(report.found)
        reports.append(report)
    merged = merge(reports)
    # A member that is no award is nobody's loss; one that might have been an award is told.
    kept = tuple(refused for refused in merged.refused if refused.code.startswith(("too-", "jws-")))
    if merged.found or kept:
        skipped = sum(1 for report in reports if not report.found) - len(kept)
        return ImportReport(merged.found, kept, merged.notes, merged.skipped + max(skipped, 0))
    return refuse(context, "not-a-badge:collection")


def _written(value: Json) -> bytes:
    try:
        return dumps_bytes(value)
    except ValueError:  # NaN in a document that is not strict
        return json.dumps(value).encode("ascii")


def _read_token(text: bytes, context: Context) -> ImportReport | None:
    """The badge if all of `text` is one token of the JOSE family (RFC 7515 section 7.1), else None."""
    if not text.startswith(_JSON_IN_BASE64) or b"." not in text:
        return None
    payload = jws.peek(text)
    if payload is None:
        if not jws.COMPACT.fullmatch(text):
            return _refuse_token(text, context)
        if not text.partition(b".")[2].startswith(_JSON_IN_BASE64):
            return refuse(context, "jws-broken", "what it says cannot be read")
        note = Note("json-not-strict", "the payload is not strict JSON")
        return context.found(Kind.OB2_JWS, Carrier.JWS, text, "compact JWS", notes=(note,))
    award = token_award(payload)
    if award is None:
        return refuse(context, "not-a-badge:token")
    return _read_award(award, text, Carrier.JWS, "compact JWS", context)


def _refuse_token(text: bytes, context: Context) -> ImportReport | None:
    """Why a text that begins like a token is none that can be read; None when it is something else."""
    if not _BASE64URL.fullmatch(text):
        joined = b"".join(text.split())
        if jws.COMPACT.fullmatch(joined) and len(joined) > 100:
            return refuse(context, "jws-broken", "there is white space inside it")
        return None
    if b"~" in text:
        return refuse(context, "unsupported:sd-jwt")
    dots = text.count(b".")
    if dots == 4:
        return refuse(context, "unsupported:jwe")
    if dots > 3:
        return None
    return refuse(context, "jws-broken", "it does not have three parts with a dot between them")


def _read_address(text: bytes, context: Context) -> ImportReport:
    url = text.decode("utf-8", "replace")
    if context.container is not None:
        return context.found(Kind.OB2_URL, Carrier.URL, text, "web address", claimed_id=url, fetch_url=url)
    from importers.offers import only_links

    return only_links([url], context)


def _read_other(data: bytes, text: bytes, context: Context) -> ImportReport:
    """Text that is none of the forms as a whole: look for a badge in it, else say what it seems to be."""
    junk = _after_junk(data, text, context)
    if junk is not None:
        return junk
    if is_html(text):
        title = page_title(text)
        if is_login(text):
            return refuse(
                context, "auth-required", f"the page “{title}” asks for a password" if title else "a login page"
            )
        return refuse(context, "html-instead-of-json", f"the web page “{title}”" if title else "a web page")
    tokens = list(dict.fromkeys(found.group() for found in _TOKEN.finditer(text)))[: context.limits.finds]
    if tokens:
        readable = [token for token in tokens if jws.peek(token) is not None]
        reports = [_read_token(token, context.step("text")) for token in readable]
        found = merge(report for report in reports if report is not None and report.found)
        if found.found:
            return found
    words = text.decode("utf-8", "replace")
    from importers.offers import links_in, links_in_table, only_links  # a folder of pictures needs none of it

    links = links_in_table(words) or links_in(words)
    if links:
        return only_links(links, context)
    if not _is_text(text):
        return refuse(context, "unsupported:binary")
    return refuse(context, "not-recognised", "XML" if text[:1] == b"<" else "text")


def _is_text(data: bytes) -> bool:
    """Whether bytes that nobody recognised are what an editor would show as text."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Older encodings: everything is a letter in them but the control characters.
        return not data.translate(None, bytes(range(32, 256)) + b"\t\n\r\f")
    return True


def _after_junk(data: bytes, text: bytes, context: Context) -> ImportReport | None:
    """The award after notices of a web server: all from the first brace on must be one, or it is not taken for one."""
    start = data.find(b"{")
    if start < 0 or not text.endswith(b"}"):
        return None
    noted = context.note("junk-before-json", clean(data[:start].decode("utf-8", "replace"), limit=60))
    try:
        report = read_json_value(parse(data[start:], context.limits).value, data[start:], noted)
    except JsonProblem:
        return None
    return report if report.found else None
