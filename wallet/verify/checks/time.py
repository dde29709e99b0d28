"""Whether the dates of a badge hold at the moment of the run (checks 52 to 54). The moment is given; no clock is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from wallet.documents.openbadges2 import parse_datetime
from wallet.model import JsonObject
from wallet.verify.dossier import Dossier, Given
from wallet.verify.findings import day, failed, passed, waits, warning
from wallet.verify.report import Finding

#: Clocks differ; a badge fetched right after it was issued is not from the future.
TOLERANCE = timedelta(minutes=5)


def time(dossier: Dossier, given: Given) -> Iterable[Finding]:
    """Checks 52 to 54."""
    node = dossier.node
    if node is None or dossier.credential is None or dossier.withdrawn:
        yield waits("time.issued", "This waits until the badge can be read.")
        yield waits("time.expires", "This waits until the badge can be read.")
        return
    evidence = dossier.credential.evidence
    issued, expires = _moment(node, "issuedOn"), _moment(node, "expires")
    if dossier.version == "0.5" and node.get("issuedOn") is None:
        yield passed("time.issued", "It does not say when it was issued, which Open Badges 0.5 leaves open.", evidence)
    elif issued is None:
        yield waits("time.issued", "This waits until the date of issue can be read.")
    elif issued > given.now + TOLERANCE:
        hour = f" at {issued:%H:%M} UTC" if issued.date() == given.now.date() else ""
        summary = f"It is dated {day(issued)}{hour}, which is in the future."
        yield failed("time.issued", "not-yet-issued", summary, found=day(issued), evidence=evidence)
    else:
        yield passed("time.issued", f"It was issued on {day(issued)}.", evidence)
    if node.get("expires") in (None, []):
        yield passed("time.expires", "It does not expire.", evidence)
    elif expires is None:
        yield waits("time.expires", "This waits until the date of expiry can be read.")
    elif given.now > expires:
        yield failed("time.expires", "expired", f"It expired on {day(expires)}.", found=day(expires), evidence=evidence)
    else:
        yield passed("time.expires", f"It expires on {day(expires)}.", evidence)
    if issued is not None and expires is not None and expires < issued:
        yield warning("time.order", "It expires before it was issued.", evidence=evidence)


def _moment(node: JsonObject, name: str) -> datetime | None:
    value = node.get(name)
    return parse_datetime(value) if isinstance(value, str) else None
