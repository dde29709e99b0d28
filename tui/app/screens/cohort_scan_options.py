"""What a scan is to be about: which pathways, which day, how old a check may be. Twins: options of `cohort scan`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from tui.app.screens.forms import Form, field, labelled
from tui.app.widgets.tick_list import TickList
from wallet.errors import UsageError
from wallet.pathways.model import Pathway
from wallet.text import clean

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class ScanWish:
    """at: the day of the figures, None for today. max_age: None asks about everything anew. left_out: ids of pathways."""

    at: date | None = None
    max_age: timedelta | None = None
    left_out: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """What differs from a plain scan, as the end of a sentence."""
        said = [f"figures for {self.at}"] if self.at is not None else []
        said += [f"checks up to {self.max_age.days} days old count"] if self.max_age is not None else []
        said += [f"without {len(self.left_out)} of the pathways"] if self.left_out else []
        return f" With {', '.join(said)}." if said else ""


class ScanOptionsScreen(Form):
    """Three fields. `wish` is what they say once the screen is closed."""

    TITLE_WORDS = "What to scan for"
    KEYS = "tab: next field   space: tick   enter: go on   esc: back"

    def __init__(self, pathways: list[Pathway], wish: ScanWish) -> None:
        super().__init__()
        self._pathways, self.wish = pathways, wish

    def remark(self) -> str:
        """What comes of it."""
        return "Other pathways, another day or other checks are another scan: the table shows it alone, earlier ones stay (v)."

    def fields(self) -> ComposeResult:
        """Pathways, day, age."""
        ticks = [(one.id, clean(str(one.name)), one.id not in self.wish.left_out) for one in self._pathways]
        yield from labelled("Pathways", TickList(ticks, id="pathways-used"))
        at, age = self.wish.at, self.wish.max_age
        yield from field("at", "Figures for the day", value=at.isoformat() if at else "", hint="today")
        yield from field("age", "Checks may be old, in days", value=str(age.days) if age else "", hint="ask anew")

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one(TickList).focus()

    @on(OptionList.OptionSelected)
    def _go(self) -> None:
        self.try_to_submit()

    def submit(self) -> None:
        """Keep it for this scan."""
        ticked = self.query_one(TickList).ticked
        if not ticked:
            raise UsageError("A scan needs a pathway.", "Tick one.")
        age = self.said("age") or ""
        if age and not (age.isascii() and age.isdigit() and len(age) <= _DIGITS):
            raise UsageError("The age is a number of days.", "Write it like 30, or leave it empty.")
        left_out = frozenset(one.id for one in self._pathways) - frozenset(ticked)
        self.wish = ScanWish(self.day("at"), timedelta(days=int(age)) if age else None, left_out)
        self.dismiss()
