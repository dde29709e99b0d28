"""The words of a cohort as frozen data: learners, their badges as the advisor checked them, table rows, scans.

No reading, no writing, no clock. Names, addresses and texts of learners and of badges are foreign text as they came; sentences
of ours have foreign parts cleaned. A learner is named by an `L-` number everywhere but in their own `Learner`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from wallet.bundle import Bundle
from wallet.found import Found, Refused
from wallet.model import Alignment, Identity
from wallet.pathways.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a learner's files look from outside: a digest over names, sizes, times and places, and the newest change, in ns.

    No digest: nothing can be told from outside.
    """

    digest: str = ""
    newest: int = 0


NO_STAMP = Stamp()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What is known of a learner's files from before: sha256 over their bytes, and how they looked, "" where that is not sure."""

    sha256: str
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What one learner handed over, as an importer found it: the input of a scan.

    name: of the file or sub-folder inside the cohort's folder, which tells learners apart from scan to scan. sha256: over all
    bytes read, in a stable order; the same means that nothing changed. files: paths relative to the folder. bundle: what the
    learner's bundle says of itself, none for plain files. stamp: how the files looked before they were read.
    """

    name: str
    sha256: str
    found: tuple[Found, ...] = ()
    refused: tuple[Refused, ...] = ()
    files: tuple[str, ...] = ()
    bundle: Bundle | None = None
    stamp: Stamp = NO_STAMP


class Proof(StrEnum):
    """How far a badge is proven to the advisor, on the day of the scan (advisor.md section 2)."""

    NOW = "verified-now"
    EARLIER = "verified-on"
    OFFLINE = "proven-offline"
    UNCHECKED = "could-not-check"
    FAILED = "failed"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class CheckedBadge:
    """One credential of one learner.

    original: sha256 of the bytes handed over. checked: when the answer that counts was got, None where there is none. why: one
    clean sentence where it failed or could not be checked. mismatch: it is provably another person's. also: `L-` numbers of
    other learners who handed over the same credential. report: sha256 of the report that was used, "" for none.
    """

    original: str
    credential_id: str | None
    candidate: Candidate
    proof: Proof
    checked: datetime | None = None
    why: str = ""
    mismatch: bool = False
    also: tuple[str, ...] = ()
    report: str = ""

    @property
    def alarming(self) -> bool:
        """Whether it stands in red: somebody else's, or in two learners' hands."""
        return self.mismatch or bool(self.also)


class ProblemCode(StrEnum):
    """Why a learner's row asks for a look."""

    FAILED = "failed-check"
    MISMATCH = "recipient-mismatch"
    DUPLICATE = "duplicate"
    SAME_IDENTITY = "same-identity"
    UNREADABLE = "unreadable"
    EMPTY = "nothing-found"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at. badge: sha256 of the original it is about, "" for none. text: a clean sentence."""

    code: ProblemCode
    text: str
    badge: str = ""

    @property
    def alarming(self) -> bool:
        """Whether it stands in red: somebody may have handed over what is another person's."""
        return self.code in (ProblemCode.MISMATCH, ProblemCode.DUPLICATE, ProblemCode.SAME_IDENTITY)


@dataclass(frozen=True, slots=True)
class Consent:
    """What the learner agreed to. until: the last day, None where no end was named. source: "bundle" or "advisor"."""

    text: str = ""
    given: date | None = None
    until: date | None = None
    scope: str = ""
    source: str = "bundle"

    def holds(self, at: date) -> bool:
        """Whether it covers a day."""
        return self.until is None or at <= self.until


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """Places still to be filled at one requirement in the plan that the figures use. place: the id of an element, or of a
    group where several elements would do. name: foreign. hours: for all of them, None where unknown."""

    place: str
    name: str
    places: int
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A place that will be lost, and the last day of what fills it: a badge (its id), or a record of that kind."""

    place: str
    day: date
    badge: str
    record: str = ""

    @property
    def what(self) -> str:
        """What ends, as a word."""
        return self.record or "badge"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next: an element with its hours, its link and its next begin date. Texts are foreign."""

    place: str
    name: str
    hours: Decimal | None = None
    link: str | None = None
    begins: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One learner on one pathway on the day of the scan: a row of the table, without the learner's name.

    percent, verified_percent: whole, rounded down. exact: False where the figure is an interval. hours: of what is missing, with
    `hours_at_least`. state: of the root. last: when the newest counting badge was issued. exceptions: how many are in force.
    without: percent without exceptions, None where there are none. places: ids of all elements and groups with their state.
    by: ids of elements with the id of a badge that fills a place there, once for each.
    """

    learner: str
    pathway: str
    required: int
    filled: int
    percent: int
    verified_percent: int
    state: str
    exact: bool = True
    missing: int = 0
    hours: Decimal = Decimal(0)
    hours_at_least: bool = False
    open: tuple[OpenPlace, ...] = ()
    steps: tuple[NextStep, ...] = ()
    last: date | None = None
    at_risk: tuple[Loss, ...] = ()
    exceptions: int = 0
    forced: bool = False
    without: int | None = None
    target: bool = False
    places: tuple[tuple[str, str], ...] = ()
    by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner of a scan, under their number. Name, source and identities are foreign and never leave with pseudonyms on.

    closest: id of the pathway of the whole library with the fewest places missing, None where nothing is begun.
    aligned: what `alignments` gives, where a scan was loaded without its badges.
    bundle_date: when the bundle was made. consent: None where none is known. left_out: badges that the learner kept back.
    """

    number: str
    name: str
    source: str
    identities: tuple[Identity, ...] = ()
    badges: tuple[CheckedBadge, ...] = ()
    problems: tuple[Problem, ...] = ()
    consent: Consent | None = None
    bundle_date: date | None = None
    left_out: int = 0
    closest: str | None = None
    aligned: tuple[Alignment, ...] = ()

    @property
    def alignments(self) -> tuple[Alignment, ...]:
        """Of all badges that did not fail, each once."""
        if self.aligned:
            return self.aligned
        good = (b for b in self.badges if b.proof is not Proof.FAILED)
        return tuple(dict.fromkeys(one for badge in good for one in badge.candidate.alignments))


@dataclass(frozen=True, slots=True)
class PathwayUsed:
    """A pathway as a scan used it. name, version: foreign. elements: ids with names, in the order of the file."""

    id: str
    name: str
    version: str
    sha256: str
    elements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The figures behind the filters; printed with every table (advisor.md section 3)."""

    close_places: int = 2
    close_hours: int = 20
    stuck_days: int = 180
    risk_days: int = 90


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at the whole cohort. id: `S-0001` and up. at: the day of the figures. oldest: of the checks used."""

    id: str
    at: date
    made: datetime
    pathways: tuple[PathwayUsed, ...]
    learners: tuple[Learner, ...]
    standings: tuple[Standing, ...]
    oldest: datetime | None = None
    tool: str = ""
    finished: bool = True
    thresholds: Thresholds = Thresholds()
