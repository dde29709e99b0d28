"""What an advisor records of a learner at a place: exceptions and attestations. Twins: `cohort show --except`, `--attest`.

The forms are those of a learner's own wallet; what they say is kept with the learner of the cohort instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.app.screens.forms import field
from tui.app.screens.place_words import AttestScreen, ExceptionKindScreen, ExceptionScreen
from wallet.cohort.wording import badge_name
from wallet.pathways.personal import NOBODY
from wallet.pathways.saying import attestation, roles

if TYPE_CHECKING:
    from tui.app.cohort_reading import LearnerShown
    from wallet.model import Json
    from wallet.pathways.model import Pathway
    from wallet.pathways.personal import Personal
    from wallet.pathways.results import NodeState, Progress


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of one learner. names: of their badges by id."""

    folder: Path
    number: str
    pathway: Pathway
    personal: Personal
    progress: Progress
    node: NodeState
    names: Mapping[str, str]

    @property
    def recorded(self) -> str | None:
        """Which kind of record would be taken back: a word before an exception."""
        said = self.personal
        kinds = (("attested", said.attested), ("excepted", said.excepted))
        return next((kind for kind, each in kinds if any(one.place == self.node.id for one in each)), None)


def spot_of(folder: Path, shown: LearnerShown, pathway: str, place: str) -> Spot | None:
    """The place as forms need it; None where the pathway's file is not at hand as it was scanned."""
    looked = shown.looked
    used, progress = looked.definitions.get(pathway), looked.progresses.get(pathway)
    node = progress.node(place) if progress is not None else None
    if used is None or progress is None or node is None:
        return None
    names = {one.candidate.id: badge_name(one) for one in looked.learner.badges}
    personal = looked.records.personal(used.pathway)
    return Spot(folder, looked.learner.number, used.pathway, personal, progress, node, names)


class CohortAttestScreen(AttestScreen):
    """Somebody's word that an element is done."""

    def __init__(self, spot: Spot, *, pseudonyms: bool) -> None:
        super().__init__(spot, spot.node)
        self._spot, self._pseudonyms = spot, pseudonyms

    def remark(self) -> str:
        """It is not proof."""
        whose = " or ".join(roles(self._spot.pathway, self._spot.node.id))
        return f"The word of an {whose}. It has a mark of its own and is never called verified."

    def fields(self) -> ComposeResult:
        """Who, as what, and why."""
        said = NOBODY.attested if self._pseudonyms else self._spot.personal.attested
        before = next((one for one in said if one.place == self._spot.node.id), None)
        yield from field("who", "Whose word it is", value=before.who if before is not None else "")
        yield from field("role", "As what", value=roles(self._spot.pathway, self._spot.node.id)[0])
        yield from field("reason", "What was seen or done", value=before.reason if before is not None else "")
        yield from field("until", "Last day on which it holds", hint="2027-01-31; may stay empty")

    def about(self) -> dict[str, Json]:
        """Judged by the core."""
        return attestation(
            self._spot.pathway,
            self._spot.node.id,
            who=self.said("who"),
            role=self.said("role"),
            reason=self.said("reason"),
            day=self._today,
        )

    def submit(self) -> None:
        """Kept with the learner of the cohort."""
        _keep(self, self._spot)


class CohortExceptionKindScreen(ExceptionKindScreen):
    """Which kind, of somebody else's badges."""

    OWN = False


class CohortExceptionScreen(ExceptionScreen):
    """What an advisor grants at one place."""

    OWN = False

    def __init__(self, spot: Spot, kind: str) -> None:
        super().__init__(spot, spot.node, kind, spot.names)
        self._spot = spot

    def submit(self) -> None:
        """Kept with the learner of the cohort."""
        _keep(self, self._spot)


def _keep(form: CohortAttestScreen | CohortExceptionScreen, spot: Spot) -> None:
    from wallet.cohort.store import Cohort

    about, until = form.about(), form.day("until")
    with Cohort.open(spot.folder) as cohort:
        cohort.record(
            spot.number,
            form.KIND,
            about,
            now=form.app.now,
            until=until,
            pathway=spot.pathway.id,
            place=spot.node.id,
        )
    form.app.notify("Recorded. The table counts it after the next scan: r, then o.", markup=False)
    form.dismiss()
