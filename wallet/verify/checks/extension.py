"""Whether the extensions in a badge are what they say (OB2 Extensions and Validation; checks 61 to 63).

What a known extension demands stands in `wallet.verify.extensions`; one that is not known is mentioned and left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wallet.verify.checks.document import what
from wallet.verify.dossier import Content, Dossier, once, words
from wallet.verify.extensions import defects, extended, extensions_in, name_of
from wallet.verify.findings import failed, passed, quote, warning
from wallet.verify.report import Finding

SHAPE, SCHEMA, UNKNOWN = "extension.shape", "extension.schema", "extension.unknown"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found about the extensions of one document: pairs of name and reason, and the names of unknown ones."""

    misshapen: tuple[tuple[str, str], ...]
    broken: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


def extension(dossier: Dossier) -> Iterable[Finding]:
    """Checks 61 to 63, over all documents that hold an extension."""
    judged = [(d, _judge(d.content)) for d in dossier.documents if d.content is not None and extended(d.content)]
    if not judged:
        return
    evidence = tuple(sha for document, _ in judged for sha in document.evidence)
    shapes = [(document, name, reason) for document, found in judged for name, reason in found.misshapen]
    schemas = [(document, name, reason) for document, found in judged for name, reason in found.broken]
    for check, cause, troubles, good in (
        (SHAPE, "extension-shape", shapes, "Each extension says what it is."),
        (SCHEMA, "extension-schema", schemas, "Each extension that is known here is as it should be."),
    ):
        if not troubles:
            yield passed(check, good, evidence)
            continue
        document, name, reason = troubles[0]
        summary = f"The extension {quote(name)} in {what(document)} cannot be accepted: {reason}."
        yield failed(check, cause, summary, found=name, evidence=document.evidence)
    unknown = tuple(dict.fromkeys(name for _, found in judged for name in found.unknown))
    if unknown:
        names = ", ".join(quote(name) for name in unknown[:_SHOWN])
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        yield warning(UNKNOWN, f"What these extensions say was not checked: {names}{more}.", evidence=evidence)


@once
def _judge(content: Content) -> _Judged:
    """All extensions of one document; shared by all badges that have it."""
    misshapen: list[tuple[str, str]] = []
    broken: list[tuple[str, str]] = []
    unknown: list[str] = []
    for name, value in extensions_in(content.node or {}):
        uses = [use for use in content.extensions if use.member == name]
        if not isinstance(value, Mapping):
            misshapen.append((name, "it is no object"))
        elif any(not use.contextual for use in uses):
            misshapen.append((name, "it names no context of its own"))
        elif "Extension" not in words(value, "type"):
            misshapen.append((name, "its type does not say that it is an extension"))
        else:
            contexts = dict.fromkeys(context for use in uses for context in use.contexts)
            known = [context for context in contexts if name_of(context) is not None]
            broken.extend((name, reason) for context in known for reason in defects(value, context))
            if not known:
                unknown.append(name)
    return _Judged(tuple(misshapen), tuple(broken), tuple(unknown))
