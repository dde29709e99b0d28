"""What bytes say that were written in a version before Open Badges 2.0: read by that version's rules, held in the words of 2.0.

As `reading` for documents of today. No I/O, no judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

from wallet.documents import legacy
from wallet.documents.jsonld import JsonLdProblem
from wallet.documents.legacy import Part
from wallet.documents.strict_json import parse
from wallet.limits import LIMITS, Limits
from wallet.model import JsonObject
from wallet.verify.dossier import Content, Problem
from wallet.verify.reading import read_content
from wallet.verify.report import Role

#: The parts that must be of the badge's own generation.
PARTS: dict[Role, Part] = {
    Role.ACHIEVEMENT: "badgeclass",
    Role.ISSUER: "profile",
    Role.REVOCATION_LIST: "revocationlist",
}
#: 1.1 is 1.0 with a context, and publishers changed over one document at a time.
ONE_GENERATION = frozenset({"1.0", "1.1"})


def read_assertion(body: bytes, address: str | None, older: str | None, limits: Limits = LIMITS) -> Content:
    """An assertion of any version, found at `address`. older: what the learner's file is, if it is older than 2.0."""
    content = read_content(body, limits)
    if content.node is not None:
        return content if content.version == "2.0" else _older(body, content, "assertion", address, limits)
    value = _object(body, content, limits) if older is not None else None
    if address is not None and older is not None and value is not None and legacy.withdrawn_only(value):
        # Old servers say this much and no more; which version it is can only be known from the file.
        return Content(content.sha256, {**value, "type": "Assertion", "id": address}, bom=content.bom, version=older)
    return content


def read_older(body: bytes, part: Part, address: str, limits: Limits = LIMITS) -> Content:
    """A part of a badge that is older than 2.0. A part of 2.0 is read as such, and says so by its version."""
    content = read_content(body, limits)
    if content.node is not None and content.version == "2.0":
        return content
    if content.problem is not None and content.problem.check not in ("jsonld.context", "document.kind"):
        return content
    return _older(body, content, part, address, limits)


def upgraded(value: JsonObject, content: Content, part: Part, address: str | None) -> Content:
    """`content`, which says what `value` says, in the words of 2.0."""
    try:
        read = legacy.upgrade(value, part, address)
    except JsonLdProblem as problem:
        found = Problem(problem.check, problem.failed, problem.cause, problem.message)
        return Content(content.sha256, None, found, content.bom)
    return Content(
        content.sha256,
        read.node,
        bom=content.bom,
        undefined=read.undefined,
        unknown_contexts=read.unknown_contexts,
        version=read.version,
        steps=read.steps,
    )


def key_address(credential: JsonObject) -> str | None:
    """Where a signed badge of 1.x says that its key stands."""
    verification = credential.get("verification")
    url = verification.get("url") if isinstance(verification, Mapping) else None
    return url if isinstance(url, str) else None


def pem(body: bytes) -> str:
    """The text of a key that is served as such, not inside JSON."""
    return body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _older(body: bytes, content: Content, part: Part, address: str | None, limits: Limits) -> Content:
    value = _object(body, content, limits)
    return content if value is None else upgraded(value, content, part, address)


def _object(body: bytes, content: Content, limits: Limits) -> JsonObject | None:
    """The JSON object in `body`, if it is one."""
    if content.problem is not None and content.problem.check == "document.json":
        return None
    value = parse(body, limits).value
    return value if isinstance(value, Mapping) else None
