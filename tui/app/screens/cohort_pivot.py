"""A cohort in numbers: what most lack, who stands where, which skills there are. Twin: `cohort table --pivot`."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.cohort_reading import View
from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Dialog, Enlarge, Trouble, Works
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.widgets.cohort_list import PivotHeader, PivotList
from tui.app.widgets.keys import Keys
from wallet.cohort.model import Scan
from wallet.cohort.pivots import KINDS, Pivot, pivot
from wallet.text import clean, plural

_TITLES = {
    "missing": "What learners lack, requirement by requirement",
    "states": "How many stand where, pathway by pathway",
    "skills": "Who holds which skill",
}
_NOTHING = Text.assemble(
    ("Nothing to count\n\n", "bold"),
    "Only learners who hold consent are counted.\n\n",
    ("1 2 3", "bold"),
    "  another question\n",
    ("esc", "bold"),
    "    back",
)


class CohortPivotScreen(Works, Screen[None]):
    """One pivot at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="pivots.back"),
        Binding("1", "kind('missing')", "Missing", id="pivots.missing"),
        Binding("2", "kind('states')", "States", id="pivots.states"),
        Binding("3", "kind('skills')", "Skills", id="pivots.skills"),
        Binding("y", "anonymous", "Small numbers hidden", id="pivots.anonymous"),
    ]

    def __init__(self, view: View, scan: Scan) -> None:
        super().__init__()
        self._view, self._scan, self._pathway, self._pseudonyms = view, scan, view.pathway, view.pseudonyms
        self._kind = KINDS[0]
        self._anonymous = False

    def compose(self) -> ComposeResult:
        """Header and lines."""
        yield Banner()
        yield Static("", id="scope", markup=False)
        with Vertical(id="list-pane"):
            yield PivotHeader(id="list-header", markup=False)
            yield PivotList(id="list")
            with Container(id="empty"):
                yield Static(_NOTHING, id="empty-words", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """What most lack, first."""
        self.query_one(PivotList).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """The header is set for a width."""
        self.call_after_refresh(self._draw_header)

    def _made(self) -> Pivot:
        return pivot(
            self._scan,
            self._kind,
            at=self.app.now.date(),
            pathway=self._pathway if self._kind != "skills" else None,
            anonymous=self._anonymous,
        )

    def _draw(self) -> None:
        made = self._made()
        self.query_one("#list-pane").border_title = _TITLES[self._kind]
        which = next((clean(one.name) for one in self._scan.pathways if one.id == self._pathway), "all pathways")
        hidden = " · small numbers hidden" if self._anonymous else ""
        words = f"{plural(made.of, 'learner')} with consent · {which} · as of {self._scan.at}{hidden}"
        self.query_one("#scope", Static).update(words)
        self.set_class(not made.lines, "-nothing")
        self.query_one(PivotHeader).show(made)
        self.query_one(PivotList).show(made)

    def _draw_header(self) -> None:
        self.query_one(PivotHeader).show(self._made())

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_kind(self, kind: str) -> None:
        """Another question."""
        self._kind = kind
        self._draw()

    def action_anonymous(self) -> None:
        """As it may be passed on: no number that tells of a few people."""
        self._anonymous = not self._anonymous
        self._draw()

    @on(PivotList.Opened)
    def _opened(self, event: PivotList.Opened) -> None:
        if event.learners:
            self.app.push_screen(PeopleScreen(event.title, self._named(event.learners), self._page))

    def _named(self, numbers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        names = {
            one.number: one.number if self._pseudonyms else clean(one.name, limit=120) or one.number
            for one in self._scan.learners
        }
        return tuple(
            sorted(((number, names.get(number, number)) for number in numbers), key=lambda one: one[1].casefold())
        )

    def _page(self, number: str) -> CohortLearnerScreen:
        return CohortLearnerScreen(self._view, self._scan, number, self._pathway)

    def action_leave(self) -> None:
        """Out of an error, back to the table."""
        if not self.query_one(Trouble).close():
            self.dismiss()


class PeopleScreen(Dialog):
    """The learners behind a cell; one of them can be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="people.back")]

    def __init__(
        self, title: str, learners: tuple[tuple[str, str], ...], page: Callable[[str], CohortLearnerScreen]
    ) -> None:
        """learners: numbers with what is shown for them. page: the screen of one."""
        super().__init__()
        self._heading, self._learners, self._page = title, learners, page

    def title_words(self) -> str:
        """The cell."""
        return clean(self._heading, limit=120)

    def inside(self) -> ComposeResult:
        """The names."""
        yield OptionList(*(Option(Text(name)) for _, name in self._learners), id="people", markup=False)
        yield Static("enter: open   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one("#people").focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.app.switch_screen(self._page(self._learners[event.option_index][0]))

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the keys."""
        self.query_one(".keys", Static).update(failure.message)
