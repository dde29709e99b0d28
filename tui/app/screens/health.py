"""Whether the wallet folder is whole, and mending what can be mended. Twin: `doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.app.colours import coloured
from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Enlarge, Trouble, Works
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import HealthPane
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.store.audit import Ailment

# Worst first; glyph, its plain form, style, and how a heading counts them.
_SEVERITIES = {
    "damage": ("✗", "x", "bold dark_orange", "damaged"),
    "decide": ("!", "!", "dark_orange", "for you to decide"),
    "note": ("·", ".", "", "to know"),
    "ok": ("✓", "+", "blue", "well"),
}
_ASK = (
    "Mend what can be mended? Modes are set, badges that a crash left out are taken in, and the index is made anew. "
    "Nothing of yours is removed.\n\nf: mend it   esc: leave it as it is"
)


class HealthScreen(Works, Screen[None]):
    """Examines at once; mends after asking."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,h,left", "leave", "Back", id="health.back", key_display="esc"),
        Binding("r", "again", "Examine again", id="health.again"),
        Binding("f", "fix", "Mend", id="health.fix"),
    ]

    class Ready(Message):
        """The examination is over."""

        def __init__(self, ailments: tuple[Ailment, ...], *, mended: bool) -> None:
            super().__init__()
            self.ailments, self.mended = ailments, mended

    def __init__(self) -> None:
        super().__init__()
        self._asking = False
        self._examining = False

    def compose(self) -> ComposeResult:
        """A heading and the findings."""
        yield Banner()
        yield Static("", id="summary", markup=False)
        with HealthPane(id="health-pane"):
            yield Static("", id="findings", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Begin to examine."""
        pane = self.query_one("#health-pane")
        pane.border_title = "Health"
        pane.focus()
        self.action_again()

    def action_again(self) -> None:
        """Examine, change nothing."""
        self._begin(fix=False)

    def action_fix(self) -> None:
        """Ask; the second time mend."""
        if self._asking:
            self._begin(fix=True)
        elif not self._examining:
            self._asking = True
            self.query_one("#summary", Static).update(_ASK)

    def _begin(self, *, fix: bool) -> None:
        if not self._examining:
            self._examining, self._asking = True, False
            self.query_one("#summary", Static).update("Mending …" if fix else "Reading every byte of the wallet …")
            self._examine(fix)

    @work(thread=True, exclusive=True, exit_on_error=False, group="health")
    def _examine(self, fix: bool) -> None:
        from wallet.store.doctor import examine

        self.post_message(self.Ready(examine(self.app.paths, now=self.app.now, fix=fix), mended=fix))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._examining = False
        self.query_one("#summary", Static).update(health_summary(event.ailments, mended=event.mended))
        self.query_one("#findings", Static).update(health_lines(event.ailments, ascii_only=self.app.ascii_only))

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self._examining = False
        self.query_one("#summary", Static).update("The wallet could not be examined.")
        self.query_one(Trouble).say(failure)

    def action_leave(self) -> None:
        """Out of an error, out of the question, then back."""
        if self.query_one(Trouble).close():
            return
        if self._asking:
            self.action_again()
        else:
            self.dismiss()


def health_summary(ailments: Sequence[Ailment], *, mended: bool) -> Text:
    """The answer in a line."""
    counts = {name: sum(one.severity == name for one in ailments) for name in _SEVERITIES}
    if counts["damage"]:
        said = f"The wallet is damaged: {plural(counts['damage'], 'finding')}. f: mend what can be mended."
    elif counts["decide"]:
        said = f"Nothing is lost. {plural(counts['decide'], 'finding')} for you to decide."
    else:
        said = "All is well."
    return Text(f"{'Mended what can be mended. ' if mended else ''}{said}", style="bold")


def health_lines(ailments: Sequence[Ailment], *, ascii_only: bool) -> Text:
    """Each finding with its next step, the worst first."""
    order = list(_SEVERITIES)
    text = Text()
    for one in sorted(ailments, key=lambda one: (order.index(one.severity), one.step)):
        shown, plain, style, word = _SEVERITIES[one.severity]
        text.append(f"{plain if ascii_only else shown} {word}  ", coloured(style))
        text.append(f"{clean(one.message)}\n")
        if one.remedy:
            text.append(f"  next: {clean(one.remedy)}\n", "dim")
    return text
