"""Where a reader is while it looks for badges: the source's name, the caps, and the steps that led here.

Every reader takes a `Context` and gives an `ImportReport`; it opens nothing and keeps nothing. What differs between "a file",
"text baked into a picture" and "an answer from a host" is held here, so that one reader of text serves all three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wallet.found import Carrier, Found, FromBundle, ImportReport, Kind, Note, Offer, Refused, Step
from wallet.limits import LIMITS, Limits


@dataclass(slots=True)
class Budget:
    """What all containers of one source may still give together, however they are put inside one another.

    unpacked: bytes. entries: members of archives. finds: badges. told: the learner knows that it is used up.
    """

    unpacked: int
    entries: int
    finds: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """`source` as the learner named it (foreign text). `host` is set for an answer from the network.

    container: the picture around the text, when there is one. carrier: what to record instead of what the text looks like.
    depth: how many containers are around; archives: how many of them are archives. budget: theirs, once there is one.
    """

    source: str
    limits: Limits = LIMITS
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
    container: bytes | None = None
    carrier: Carrier | None = None
    host: str | None = None
    depth: int = 0
    archives: int = 0
    budget: Budget | None = None

    @property
    def name(self) -> str:
        """What the thing at hand is called in its folder or its container."""
        return self.source.rpartition("!")[2].rpartition("/")[2] or self.source

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

    def member(self, name: str, step: str, *, archive: bool = False) -> Context:
        """One file of several inside this one. `name` is what the container calls it: text to show, never a path to use."""
        return Context(
            source=f"{self.source}!{name}",
            limits=self.limits,
            steps=(*self.steps, Step(step)),
            notes=self.notes,
            host=self.host,
            depth=self.depth + 1,
            archives=self.archives + int(archive),
            budget=self.spending,
        )

    @property
    def spending(self) -> Budget:
        """The budget of the containers around, or a new one for the outermost."""
        if self.budget is not None:
            return self.budget
        return Budget(self.limits.unpacked_bytes, self.limits.archive_entries, self.limits.finds)

    def _at(
        self,
        steps: tuple[Step, ...],
        notes: tuple[Note, ...],
        container: bytes | None,
        carrier: Carrier | None,
        depth: int,
    ) -> Context:
        # Written out, because `dataclasses.replace` took a twentieth of the time of a whole badge, several times a badge.
        return Context(
            self.source, self.limits, steps, notes, container, carrier, self.host, depth, self.archives, self.budget
        )

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
    offers: dict[Offer, None] = {}
    bundles: list[FromBundle] = []
    skipped = 0
    for report in reports:
        found += report.found
        refused += report.refused
        notes += report.notes
        offers.update(dict.fromkeys(report.offers))
        bundles += report.bundles
        skipped += report.skipped
    return ImportReport(tuple(found), tuple(refused), tuple(notes), skipped, tuple(offers), tuple(bundles))
