"""What if, two sets side by side, and the shortest finish. Twins: `pathway what-if`, `shortest`, `plan`, `undo`.

Ticking changes nothing in the wallet; only `s` does, which keeps the edited set as the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.pathway_cards import stacked
from tui.app.planner_views import SETS, Choice, choice_header, choice_line, choices, figures, outcome
from tui.app.screens.base import Banner, Enlarge, Trouble, TwoPanes, Undoes
from tui.app.screens.pace import PaceScreen
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import CardPane
from tui.app.widgets.plan_list import PlanList
from tui.words import status_words
from wallet.errors import WalletError
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.candidates import Candidate
    from wallet.pathways.model import Pathway
    from wallet.pathways.personal import Personal
    from wallet.pathways.results import Progress
    from wallet.pathways.scenario import Played, Scenario
    from wallet.pathways.shortest import Finish

_MEASURES = ("badges", "hours", "days")
_DONE = "Nothing is missing and no badge counts yet that could be put aside."


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan starts from."""

    pathway: Pathway
    candidates: tuple[Candidate, ...]
    personal: Personal
    progress: Progress
    names: dict[str, str]
    at: date


class PlannerScreen(Undoes, TwoPanes):
    """Parts to tick, figures, and what comes of it."""

    FIRST = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="plan.back"),
        Binding("b", "other", "Other set", id="plan.other"),
        Binding("f", "finish", "Shortest", id="plan.finish"),
        Binding("s", "keep", "Keep as plan", id="plan.keep"),
        Binding("w", "pace", "Hours a week", show=False, id="plan.pace"),
        Binding("m", "measure", "Measure", show=False, id="plan.measure"),
        Binding("c", "clear", "Clear the set", show=False, id="plan.clear"),
        Binding("u", "undo", "Undo", show=False, id="plan.undo"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="plan.pane"),
        Binding("h,left", "to_list", "Parts", show=False, id="plan.left"),
        Binding("l,right", "to_outcome", "What changes", show=False, id="plan.right"),
    ]
    #: Hours a week, while the app runs.
    pace: ClassVar[Decimal] = Decimal(3)

    class Ready(Message):
        """The wallet was read."""

        def __init__(self, ground: Ground, *, fresh: bool) -> None:
            super().__init__()
            self.ground, self.fresh = ground, fresh

    class Counted(Message):
        """Both sets were evaluated."""

        def __init__(self, played: tuple[Played, ...]) -> None:
            super().__init__()
            self.played = played

    class Finished(Message):
        """The shortest finish was found."""

        def __init__(self, finish: Finish) -> None:
            super().__init__()
            self.finish = finish

    def __init__(self, pathway: Pathway) -> None:
        super().__init__()
        self._pathway = pathway
        self._ground: Ground | None = None
        self._sets: list[Scenario] = []
        self._played: tuple[Played, ...] = ()
        self._finish: Finish | None = None
        self._active = 0
        self._by = _MEASURES[0]
        self._choices: tuple[Choice, ...] = ()

    def compose(self) -> ComposeResult:
        """Parts on the left, figures and outcome on the right; narrow terminals have them below one another."""
        yield Banner()
        with Container(id="planner"):
            with Vertical(id="choices-pane"):
                yield Static(choice_header(0), id="choices-header", markup=False)
                yield PlanList(id="choices", markup=False)
                yield Static(_DONE, id="choices-none", markup=False)
            with Vertical(id="plan-right"):
                yield Static("Counting …", id="figures", markup=False)
                with CardPane(id="outcome-pane"):
                    yield Static("", id="outcome", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles; a worker reads."""
        name = (clean(self._pathway.name.pick(self._language)) or clean(self._pathway.id)) + status_words(self._pathway)
        self.query_one("#choices-pane").border_title = "What if"
        self.query_one("#figures").border_title = Text(name or "Figures")
        self.query_one("#figures").border_subtitle = "nothing is written until you keep a plan"
        self.query_one("#outcome-pane").border_title = "What comes of it"
        self.query_one("#choices").focus()
        self._read(fresh=True)

    def commands(self) -> Iterator[SystemCommand]:
        """For the palette, each with its key."""
        yield SystemCommand("Other set", "b   edit the second set beside the first", self.action_other)
        yield SystemCommand("Tick the shortest finish", "f   into the edited set", self.action_finish)
        yield SystemCommand("Keep as plan", "s   the edited set becomes your plan; u takes it back", self.action_keep)
        yield SystemCommand("Hours a week", "w   your pace", self.action_pace)
        yield SystemCommand("Measure", "m   fewest badges, fewest hours, or earliest end", self.action_measure)
        yield SystemCommand("Clear the set", "c   nothing ticked", self.action_clear)
        yield SystemCommand("Undo", "u   take the last change back", self.action_undo)

    @property
    def _language(self) -> str:
        return self.app.config.language or ""

    @work(thread=True, exclusive=True, exit_on_error=False, group="ground")
    def _read(self, *, fresh: bool) -> None:
        from wallet.pathways.candidates import from_rows
        from wallet.pathways.personal import from_records
        from wallet.pathways.progress import evaluate

        pathway, at = self._pathway, self.app.now.astimezone(UTC).date()
        with self.app.open_wallet() as wallet:
            candidates = from_rows(wallet.list_badges())
            personal = from_records(wallet.said_of_places(pathway.id), pathway)
            names = {row.id: clean(row.name) or row.short for row in wallet.list_badges(hidden=True)}
        progress = evaluate(pathway, candidates, at, personal=personal, language=self._language or None)
        self.post_message(self.Ready(Ground(pathway, candidates, personal, progress, names, at), fresh=fresh))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        from wallet.pathways.scenario import Scenario, of_plans

        self._ground = event.ground
        if event.fresh or not self._sets:
            self._sets = [of_plans(event.ground.personal), Scenario()]
        opened, held = choices(event.ground.progress, event.ground.names, self._language)
        self._choices = (*opened, *held)
        self._draw_choices()
        self._count()
        self._search()

    def _count(self) -> None:
        if self._ground is not None:
            self._play(self._ground, tuple(self._sets))

    def _search(self) -> None:
        self._finish = None
        if self._ground is not None:
            self._shortest(self._ground, self._by)

    @work(thread=True, exclusive=True, exit_on_error=False, group="sets")
    def _play(self, ground: Ground, sets: tuple[Scenario, ...]) -> None:
        from wallet.pathways.scenario import play

        language = self._language or None
        played = tuple(
            play(ground.pathway, ground.candidates, ground.at, one, personal=ground.personal, language=language)
            for one in sets
        )
        self.post_message(self.Counted(played))

    @on(Counted)
    def _counted(self, event: Counted) -> None:
        if [one.scenario for one in event.played] == self._sets:  # else a newer count is on its way
            self._played = event.played
            self._draw()

    @work(thread=True, exclusive=True, exit_on_error=False, group="finish")
    def _shortest(self, ground: Ground, by: str) -> None:
        from wallet.pathways.shortest import shortest

        found = shortest(ground.pathway, ground.candidates, ground.at, personal=ground.personal, by=by)
        self.post_message(self.Finished(found))

    @on(Finished)
    def _finished(self, event: Finished) -> None:
        if event.finish.by == self._by:
            self._finish = event.finish
            self._draw()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        self.call_after_refresh(self._draw_all)

    def _draw_all(self) -> None:
        self._draw_choices()
        self._draw()

    def _draw_choices(self) -> None:
        """The lines; the cursor stays where it is."""
        if self._ground is None:
            return
        self.set_class(not self._choices, "-nothing")
        options = self.query_one("#choices", OptionList)
        width = max(options.scrollable_content_region.width - 2, 24)
        before = options.highlighted or 0
        priced = any(choice.cost for choice in self._choices)
        lines: list[Option | None] = []
        for number, choice in enumerate(self._choices):
            if number and not choice.places and self._choices[number - 1].places:
                lines.append(None)  # a rule between what could be earned and what could be put aside
            lines.append(Option(choice_line(choice, self._sets, width, priced=priced)))
        options.clear_options()
        options.add_options(lines)
        options.highlighted = min(before, len(self._choices) - 1) if self._choices else None
        self.query_one("#choices-header", Static).update(choice_header(self._active))

    def _draw(self) -> None:
        ground, played = self._ground, self._played
        if ground is None or not played:
            return
        ascii_only = self.app.ascii_only
        pane = self.query_one("#figures", Static)
        pane.update(
            figures(
                ground.progress,
                played,
                active=self._active,
                pace=self.pace,
                width=pane.content_region.width,
                ascii_only=ascii_only,
            )
        )
        blocks = outcome(
            ground.progress,
            played[self._active],
            self._finish,
            active=self._active,
            pace=self.pace,
            language=self._language,
            width=self.query_one("#outcome").content_region.width or pane.content_region.width,
            ascii_only=ascii_only,
        )
        self.query_one("#outcome", Static).update(stacked(blocks))

    def _change(self, scenario: Scenario) -> None:
        self._sets[self._active] = scenario
        self._draw_choices()
        self._count()

    @on(OptionList.OptionSelected, "#choices")
    def _ticked(self, event: OptionList.OptionSelected) -> None:
        choice, scenario = self._choices[event.option_index], self._sets[self._active]
        if not choice.places:
            self._change(scenario.turned(choice.id))
            return
        many = scenario.counts.get(choice.id, 0) + 1
        self._change(scenario.ticked(choice.id, many if many <= choice.places else 0))

    def action_other(self) -> None:
        """Edit the other set."""
        self._active = 1 - self._active
        self._draw_all()

    def action_clear(self) -> None:
        """Nothing ticked."""
        from wallet.pathways.scenario import Scenario

        if self._sets:
            self._change(Scenario())

    def action_finish(self) -> None:
        """The shortest finish, ticked in the edited set."""
        from wallet.pathways.scenario import of_finish

        if self._finish is not None and self._finish.steps and self._sets:
            self._change(of_finish(self._finish))

    def action_measure(self) -> None:
        """By badges, hours, or the end of offerings."""
        self._by = _MEASURES[(_MEASURES.index(self._by) + 1) % len(_MEASURES)]
        self._search()
        self._draw()

    def action_pace(self) -> None:
        """How many hours a week."""
        self.app.push_screen(PaceScreen(self.pace, self._paced))

    def _paced(self, hours: Decimal) -> None:
        type(self).pace = hours
        self._draw()

    def action_keep(self) -> None:
        """Write it: the edited set becomes the plan. Badges that are put aside stay in the wallet."""
        if self._ground is None:
            return
        counts = self._sets[self._active].counts
        try:
            with self.app.open_wallet() as wallet:
                changed = wallet.plan_places(self._pathway.id, counts, now=self.app.now)
        except WalletError as error:
            self.fail(error)
            return
        some = plural(sum(counts.values()), "place")
        words = (
            f"Set {SETS[self._active]} is your plan: {some}. u: take it back"
            if changed
            else "That is your plan already."
        )
        self.notify(words, markup=False)
        self._read(fresh=False)

    def undone(self) -> None:
        """Plans and records may be others now."""
        self._read(fresh=False)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        if self._ground is None:
            self.query_one("#figures", Static).update("This pathway cannot be planned.")
        self.query_one(Trouble).say(failure)

    def action_to_outcome(self) -> None:
        """To what changes; on a narrow terminal it takes the parts' place."""
        self.add_class("-opened")
        self.query_one("#outcome-pane").focus()
