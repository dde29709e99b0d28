"""Where a reader is while it looks for badges: the source's name, the caps, and the steps that led here.

Every reader takes a `Context` and gives an `ImportReport`; it opens nothing and keeps nothing. What differs between "a file",
"text baked into a picture" and "an answer from a host" is held here, so that one reader of text serves all three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wallet.found import Carrier, Found, ImportReport, Kind, Note, Refused, Step
from wallet.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Context:
    """`source` as the learner named it (foreign text). `host` is set for an answer from the network.

    container: the picture around the text, when there is one. carrier: what to record instead of what the text looks like.
    depth: how many containers are around.
    """

    source: str
    limits: Limits = LIMITS
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
    container: bytes | None = None
    carrier: Carrier | None = None
    host: str | None = None
    depth: int = 0

    def step(self, text: str) -> Context:
        """The same place, one step further in."""
        return self._at((*self.steps, Step(text)), self.notes, self.container, self.carrier, self.depth)

    def note(self, code: str, text: str = "") -> Context:
        """The same place, with something worth knowing about it."""
        return self._at(self.steps, (*self.notes, Note(code, text)), self.container, self.carrier, self.depth)

    def deeper(self, text: str) -> Context:
        """Inside a container that is described by `text`."""
        return self._at((*self.steps, Step(text)), self.notes, self.container, self.carrier, self.depth + 1)

    def baked(self, carrier: Carrier, container: bytes, step: str, *notes: Note) -> Context:
        """Inside a picture: `container` is then the original to keep."""
        return self._at((*self.steps, Step(step)), (*self.notes, *notes), container, carrier, self.depth)

    def _at(
        self,
        steps: tuple[Step, ...],
        notes: tuple[Note, ...],
        container: bytes | None,
        carrier: Carrier | None,
        depth: int,
    ) -> Context:
        # Written out, because `dataclasses.replace` took a twentieth of the time of a whole badge, several times a badge.
        return Context(self.source, self.limits, steps, notes, container, carrier, self.host, depth)

    def found(
        self,
        kind: Kind,
        carrier: Carrier,
        raw: bytes,
        step: str,
        *,
        claimed_id: str | None = None,
        fetch_url: str | None = None,
        notes: tuple[Note, ...] = (),
    ) -> ImportReport:
        """A report of one credential at this place."""
        item = Found(
            kind=kind,
            carrier=self.carrier or carrier,
            raw=raw,
            container=self.container,
            claimed_id=claimed_id,
            fetch_url=fetch_url,
            steps=(*self.steps, Step(step)),
            notes=(*self.notes, *notes),
            source=self.source,
        )
        return ImportReport(found=(item,))


def merge(reports: Iterable[ImportReport]) -> ImportReport:
    """All of `reports` as one, in their order."""
    reports = list(reports)
    if len(reports) == 1:
        return reports[0]
    found: list[Found] = []
    refused: list[Refused] = []
    notes: list[Note] = []
    skipped = 0
    for report in reports:
        found += report.found
        refused += report.refused
        notes += report.notes
        skipped += report.skipped
    return ImportReport(tuple(found), tuple(refused), tuple(notes), skipped)
