"""Recognises pathway definitions of other software by their content and has them read: CTDL, and Badgr's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wallet.limits import LIMITS, Limits
from wallet.pathways import badgr, ctdl
from wallet.pathways.ctdl_graph import documents
from wallet.pathways.drafting import Imported, refused


def read(data: bytes, name: str, *, today: date, limits: Limits = LIMITS) -> tuple[Imported, ...]:
    """The pathways in a foreign file, mostly one. `today` is noted in what is made.

    Raises `DefinitionError` with a sentence about what the file is instead, or why it cannot be used.
    """
    begins = data[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins not in (b"{", b"[", b"/"):
        raise refused(
            name,
            "this is not JSON, in which other software keeps pathways",
            "If it is a pathway file of yours: badgefolio pathway add FILE",
        )
    values = documents(data, name, limits)
    if any(isinstance(value, Mapping) and str(value.get("format")).startswith("badge-pathway/") for value in values):
        raise refused(name, "this is a pathway file already", "Keep it as it is: badgefolio pathway add FILE")
    if ctdl.is_ctdl(values):
        return ctdl.from_documents(values, data, name, today=today, limits=limits)
    if badgr.is_badgr(values):
        return badgr.from_documents(values, data, name, today=today, limits=limits)
    raise refused(
        name,
        "it holds no pathway in CTDL or in the JSON of Badgr and Canvas",
        "Ask its publisher for one of these, or write it yourself: badgefolio pathway new NAME",
    )
