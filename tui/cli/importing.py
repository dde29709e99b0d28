"""What `import` tells: a line for each item, the summary, the documents of `--json` and `--report`. Decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.cli.import_report import FORMAT, ReportFile
from tui.words import about_bundle
from wallet.found import Carrier, Found, FromBundle, Kind, Note, Offer, Refused, Step
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from importers.intake import Item
    from tui.cli.run import Run

#: What happened to an item, as a line begins.
_WORDS = {"duplicate": "already there", "merged": "another copy of"}
_KINDS = {
    Kind.OB2_JSON: "Open Badges 2.0",
    Kind.OB2_JWS: "signed Open Badges 2.0",
    Kind.OB2_URL: "addresses of Open Badges",
    Kind.OB1_JSON: "Open Badges 1.x",
    Kind.OB05_JSON: "Open Badges 0.5",
    Kind.OB3_JSON: "Open Badges 3.0",
    Kind.OB3_JWT: "signed Open Badges 3.0",
    Kind.CLR2_JSON: "CLR 2.0",
    Kind.CLR2_JWT: "signed CLR 2.0",
    Kind.BLOCKCERTS_JSON: "Blockcerts",
}
_CARRIERS = {Carrier.URL: "link"}


@dataclass(slots=True)
class Tally:
    """What became of everything so far. held: refusals that opening the offered links would settle."""

    outcomes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    carriers: Counter[Carrier] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    held: list[Refused] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    left: list[Offer] = field(default_factory=list)
    badges: dict[str, None] = field(default_factory=dict)
    new: dict[str, None] = field(default_factory=dict)
    skipped: int = 0
    #: An account was asked for what is new, and there is nothing.
    nothing_new: bool = False

    @property
    def exit_code(self) -> int:
        """0 all, also all duplicates; 1 some refused; 3 nothing found; 4 only the network stood in the way."""
        if any(self.outcomes.values()):
            return 1 if self.refused or self.left else 0
        if self.nothing_new:
            return 0
        return 4 if self.refused and all(refused.network for refused in self.refused) else 3


class Telling:
    """Says what became of each item, once: on standard output, and in the report if there is one."""

    def __init__(self, run: Run, report: ReportFile | None) -> None:
        self._run, self._report = run, report
        self.tally = Tally()

    def item(self, item: Item, *, hold: bool = False) -> None:
        """One item of an import. hold: keep back the refusal of what holds only links, until it is known what becomes of them."""
        from importers.intake import ONLY_LINKS, Left, Offered, Skipped, collect

        tally = self.tally
        if isinstance(item, FromBundle):
            self._bundle(item)
        elif isinstance(item, Skipped):
            tally.skipped += item.count
        elif isinstance(item, Offered):
            collect(tally.offers, item.offers)
        elif isinstance(item, Left):
            tally.left += item.offers
        elif item.refused is not None:
            if self._report is not None and self._report.is_at(item.refused.source):
                return
            if hold and item.refused.code == ONLY_LINKS:
                tally.held.append(item.refused)
            else:
                self.refused(item.refused)
        elif item.added is not None:
            self._found(item.added.found, item.added.outcome, item.added.badge)
        elif item.found is not None:
            self._found(item.found, "found", None)

    def _bundle(self, item: FromBundle) -> None:
        words = about_bundle(item.bundle)
        self._document(_document(item.source, "bundle", message=words))
        self._run.err.note(f"{clean(item.source, limit=120)}: {words}")

    def _found(self, found: Found, outcome: str, badge: str | None) -> None:
        """A badge: outcome as in the JSON; `badge` is its id in the wallet, or None when nothing was kept."""
        tally = self.tally
        tally.outcomes[outcome] += 1
        tally.kinds[found.kind] += 1
        tally.carriers[found.carrier] += 1
        if badge is not None:
            tally.badges.setdefault(badge)
            if outcome == "added":
                tally.new.setdefault(badge)
        self._document(
            _document(
                found.source,
                outcome,
                badge=badge,
                kind=found.kind.value,
                carrier=found.carrier.value,
                claimed_id=found.claimed_id,
                steps=found.steps,
                notes=found.notes,
            )
        )
        if not self._run.out.json_form:
            self._say_found(found, outcome, badge)

    def _say_found(self, found: Found, outcome: str, badge: str | None) -> None:
        out = self._run.out
        if badge is None:
            self._say_looked(found)
            return
        row = self._run.wallet.row(badge)
        name, short = clean(row.name), row.short
        if out.plain:
            out.fact(outcome, " ".join(part for part in (short, name, f"from {clean(found.source)}") if part))
            return
        shown = " ".join(part for part in (short, name) if part)
        # Before the first check most badges have no name: their file says then which one is meant.
        source = clean(found.source, limit=80)
        word = _WORDS.get(outcome, outcome)
        out.line(f"{word} {shown} ({source})" if name else f"{word} {shown} from {source}")

    def _say_looked(self, found: Found) -> None:
        out = self._run.out
        claimed = clean(found.claimed_id or "", limit=200) or "without an id"
        steps = " > ".join(clean(step.text, limit=120) for step in found.steps)
        if out.plain:
            out.fact("found", f"{found.kind.value} in {found.carrier.value} from {clean(found.source)}")
            out.fact("id", claimed)
            out.fact("steps", steps)
        else:
            out.line(f"found {found.kind.value} in {found.carrier.value} ({clean(found.source, limit=80)})")
            out.line(claimed, indent=4)
            out.line(steps, indent=4)

    def refused(self, refused: Refused) -> None:
        """An item that gave no badge."""
        self.tally.refused.append(refused)
        self._document(
            _document(
                refused.source,
                "refused",
                steps=refused.steps,
                code=refused.code,
                message=refused.message,
                remedy=refused.remedy,
            )
        )
        self._run.err.refused(refused.source, refused.message, refused.remedy)

    def offered(self, offers: Sequence[Offer]) -> None:
        """Links that stay closed: in JSON one by one, in words all together."""
        for offer in offers:
            self._document(_document(offer.source, "offered", url=offer.url))

    def summary(self, *, dry_run: bool) -> None:
        """The last lines: how many of what, by kind and by what carried them."""
        tally = self.tally
        parts = [
            plural(tally.outcomes["found"], "badge") + " found, nothing changed" if dry_run else "",
            f"{tally.outcomes['added']} added" if not dry_run else "",
            f"{tally.outcomes['duplicate']} already there" if tally.outcomes["duplicate"] else "",
            f"{tally.outcomes['merged']} merged as further copies" if tally.outcomes["merged"] else "",
            f"{len(tally.refused)} refused" if tally.refused else "",
            f"{plural(tally.skipped, 'file')} without a badge passed over" if tally.skipped else "",
        ]
        self._run.err.note(", ".join(part for part in parts if part) + ".")
        if sum(tally.kinds.values()) > 1:
            kinds = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in tally.kinds.most_common())
            carriers = ", ".join(
                f"{count} {_CARRIERS.get(carrier, carrier.value.upper())}"
                for carrier, count in tally.carriers.most_common()
            )
            self._run.err.note(f"By kind: {kinds}. By carrier: {carriers}.")

    def _document(self, document: Mapping[str, Json]) -> None:
        self._run.out.json(document)
        if self._report is not None:
            self._report.write(document)


def _document(
    source: str,
    outcome: str,
    *,
    badge: str | None = None,
    kind: str | None = None,
    carrier: str | None = None,
    claimed_id: str | None = None,
    steps: Sequence[Step] = (),
    notes: Sequence[Note] = (),
    url: str | None = None,
    code: str | None = None,
    message: str | None = None,
    remedy: str | None = None,
) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "source": source,
        "outcome": outcome,
        "badge": badge,
        "kind": kind,
        "carrier": carrier,
        "claimed_id": claimed_id,
        "steps": [step.text for step in steps],
        "notes": [{"code": note.code, "text": note.text} for note in notes],
        "url": url,
        "code": code,
        "message": message,
        "remedy": remedy,
    }
