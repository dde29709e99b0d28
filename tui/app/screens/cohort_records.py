"""All that an advisor recorded of one learner but notes and feedback, with forms for consent, identity and appointment.

Twins: `cohort show --consent`, `--identity`, `--appointment`, and `--off`, which takes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog
from tui.app.screens.forms import Form, field
from tui.app.widgets.panes import FormList
from tui.identities import read_identity
from wallet.errors import UsageError, WalletError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.model import PathwayUsed
    from wallet.cohort.records import Records
    from wallet.model import Json

_KEYS = "c: consent   i: identity   p: appointment   u: take back   esc: back"
_NOTHING = "Nothing is recorded by hand. What the learner's bundle says of identity and consent holds."
_HIDDEN = "hidden while names are"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record that holds. words: clean. back: what takes it back, as `Cohort.record` wants it; None: nothing can."""

    kind: str
    words: str
    back: Mapping[str, Json] | None = None
    pathway: str | None = None
    place: str | None = None
    final: bool = False


def recorded(kept: Records, pathways: Sequence[PathwayUsed], *, pseudonyms: bool) -> tuple[Recorded, ...]:
    """What holds, one line each."""
    names = {one.id: clean(one.name) or clean(one.id) for one in pathways}
    places = {(one.id, place): clean(name) for one in pathways for place, name in one.elements}

    def said(words: str) -> str:
        return _HIDDEN if pseudonyms else clean(words, limit=160)

    found: list[Recorded] = []
    if kept.consent is not None:
        until = f", until {kept.consent.until}" if kept.consent.until is not None and not pseudonyms else ""
        found.append(Recorded("consent", f"{said(kept.consent.text or 'given')}{until}"))
    for one in kept.identities:
        back: dict[str, Json] = {"type": one.type, "value": one.value, "on": False}
        found.append(Recorded("identity", said(str(one)), back))
    found += [Recorded("target", names.get(one, clean(one)), None, one) for one in kept.targets]
    for each in kept.places:
        where = places.get((each.pathway, each.place), clean(each.place))
        what = (
            f"{where} ({names.get(each.pathway, clean(each.pathway))}): {clean(str(each.about.get('kind') or 'done'))}"
        )
        why = f"; {each.about.get('who')}: {each.about.get('reason')}"
        words = what if pseudonyms else clean(what + why, limit=200)
        found.append(Recorded(each.kind, words, None, each.pathway, each.place))
    for when in kept.appointments:
        found.append(Recorded("appointment", said(f"{when.day} {when.text}".rstrip()), final=True))
    return tuple(found)


class CohortRecordsScreen(Dialog):
    """What holds, one line each; the forms are a key away."""

    DEFAULT_CSS = """
    CohortRecordsScreen #records { height: auto; max-height: 14; border: none; background: $surface; padding: 0; }
    CohortRecordsScreen.-short #records { max-height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "consent", "Consent", id="records.consent"),
        Binding("i", "identity", "Identity", id="records.identity"),
        Binding("p", "appointment", "Appointment", id="records.appointment"),
        Binding("u", "take_back", "Take back", id="records.back"),
        Binding("escape", "dismiss", "Back", id="records.leave"),
    ]

    def __init__(
        self, folder: Path, number: str, shown: str, pathways: Sequence[PathwayUsed], *, pseudonyms: bool
    ) -> None:
        """shown: what stands for the learner."""
        super().__init__()
        self._folder, self._number, self._shown = folder, number, shown
        self._pathways, self._pseudonyms = pathways, pseudonyms
        self._records: tuple[Recorded, ...] = ()

    def title_words(self) -> str:
        """Of whom."""
        return f"Recorded by hand: {clean(self._shown, limit=80)}"

    def inside(self) -> ComposeResult:
        """The lines."""
        yield Static("", classes="note", id="note", markup=False)
        yield FormList(id="records", markup=False)
        yield Static(_KEYS, classes="keys", markup=False)

    def on_mount(self) -> None:
        """Read them."""
        self.query_one("#records").focus()
        self._again(None)

    def _again(self, _: None) -> None:
        from wallet.cohort.store import Cohort

        try:
            with Cohort.open(self._folder) as cohort:
                kept = cohort.records(self._number)
        except WalletError as error:
            self.fail(error)
            return
        self._records = recorded(kept, self._pathways, pseudonyms=self._pseudonyms)
        lines = self.query_one("#records", OptionList)
        lines.clear_options()
        lines.add_options([Option(Text(f"{one.kind:<12} {one.words}")) for one in self._records])
        lines.highlighted = 0 if self._records else None
        words = (
            "Figures on the learner's page follow at once, the table at the next scan." if self._records else _NOTHING
        )
        self.query_one("#note", Static).update(words)

    def action_consent(self) -> None:
        """What the learner agreed to."""
        self.app.push_screen(ConsentScreen(self._folder, self._number, self._shown), self._again)

    def action_identity(self) -> None:
        """An address that badges may name."""
        self.app.push_screen(IdentityScreen(self._folder, self._number, self._shown), self._again)

    def action_appointment(self) -> None:
        """When you meet next."""
        self.app.push_screen(AppointmentScreen(self._folder, self._number, self._shown), self._again)

    def action_take_back(self) -> None:
        """What is under the cursor."""
        from wallet.cohort.store import Cohort

        at = self.query_one("#records", OptionList).highlighted
        if at is None or at >= len(self._records):
            return
        one = self._records[at]
        try:
            if one.final:
                raise UsageError("An appointment cannot be taken back.", "Record another one that sets it right: p.")
            with Cohort.open(self._folder) as cohort:
                cohort.record(self._number, one.kind, one.back, now=self.app.now, pathway=one.pathway, place=one.place)
        except WalletError as error:
            self.fail(error)
            return
        self._again(None)

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the remark."""
        self.query_one("#note", Static).update(Text(f"{failure.message} {failure.remedy}", style="bold"))


class _RecordForm(Form):
    """Keeps one record of a learner."""

    KIND = ""
    TITLE = ""

    def __init__(self, folder: Path, number: str, shown: str) -> None:
        super().__init__()
        self._folder, self._number, self._shown = folder, number, shown

    def title_words(self) -> str:
        """What, and of whom."""
        return f"{self.TITLE}: {clean(self._shown, limit=80)}"

    def on_mount(self) -> None:
        """Ready to type."""
        self.query("#fields Input").first().focus()

    def about(self) -> dict[str, Json]:
        """What is to be kept. Raises `UsageError`."""
        raise NotImplementedError

    def until(self) -> date | None:
        """The last day on which it holds."""
        return None

    def submit(self) -> None:
        """Keep it."""
        from wallet.cohort.store import Cohort

        about, until = self.about(), self.until()
        with Cohort.open(self._folder) as cohort:
            cohort.record(self._number, self.KIND, about, now=self.app.now, until=until)
        self.dismiss()


class ConsentScreen(_RecordForm):
    """What the learner agreed to, and until when."""

    KIND = "consent"
    TITLE = "Consent"

    def remark(self) -> str:
        """What comes of it."""
        return (
            "It goes before what the learner's bundle says. Past its last day nothing is shown of the learner any more."
        )

    def fields(self) -> ComposeResult:
        """What, how far, how long."""
        yield from field("text", "What was agreed to", hint="Agreed at intake")
        yield from field("scope", "What it covers", hint="may stay empty")
        yield from field("until", "Its last day", hint="2027-06-30; may stay empty")

    def until(self) -> date | None:
        """Its end."""
        return self.day("until")

    def about(self) -> dict[str, Json]:
        """Given today."""
        text = self.said("text")
        if text is None:
            raise UsageError("Say what the learner agreed to.", "A few words are enough.")
        given = self.app.now.date().isoformat()
        return {"text": text, "scope": self.said("scope") or "", "given": given}


class IdentityScreen(_RecordForm):
    """An address that the learner's badges may name."""

    KIND = "identity"
    TITLE = "Identity"

    def remark(self) -> str:
        """What comes of it."""
        return "Badges awarded to it count as this learner's after the next scan."

    def fields(self) -> ComposeResult:
        """One address."""
        yield from field("address", "The address", hint="ada@students.example, or url:…, telephone:…, id:…")

    def about(self) -> dict[str, Json]:
        """Judged as on the command line."""
        one = read_identity(self.said("address") or "")
        return {"type": one.type, "value": one.value}


class AppointmentScreen(_RecordForm):
    """When the advisor and the learner meet next."""

    KIND = "appointment"
    TITLE = "Next appointment"

    def remark(self) -> str:
        """Who sees it."""
        return "For yourself: no report and no letter holds it."

    def fields(self) -> ComposeResult:
        """When and what for."""
        yield from field("day", "The day", hint="2026-12-01")
        yield from field("text", "What for, where", hint="may stay empty")

    def about(self) -> dict[str, Json]:
        """A day is needed."""
        day = self.day("day")
        if day is None:
            raise UsageError("An appointment needs a day.", "Write it like 2026-12-01.")
        return {"date": day.isoformat(), "text": self.said("text") or ""}
