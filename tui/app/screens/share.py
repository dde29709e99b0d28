"""Share: in which form badges leave, and what that form needs to know. What would leave is shown next. Twin: `export`.

Nothing is written here. One form for each kind; `leaving` shows what each would write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog
from tui.app.screens.forms import Form, field, labelled
from tui.app.screens.leaving import LeavingScreen
from tui.app.share_reading import Form as Shape
from tui.app.share_reading import Known, Order, free_target, known, target_of
from tui.app.share_views import shown_path
from tui.app.widgets.panes import FormList
from tui.app.widgets.tick_list import TickList
from tui.handing import CONSENT, WHOM, WHY, day_to_come, said
from wallet.errors import UsageError
from wallet.text import clean, plural

_SHAPES: dict[Shape, str] = {
    Shape.PORTFOLIO: "one web page that holds everything",
    Shape.CERTIFICATE: "a PDF to print for each badge, with the badge inside",
    Shape.ORIGINALS: "the files as you brought them, byte for byte",
    Shape.BUNDLE: "for one reader, with purpose and last day",
}
_KEYS = "enter: go on   a: all badges or the chosen   esc: back"


class ShareForm(Form):
    """What one kind of export needs. badges: full ids, or None for all."""

    DEFAULT_CSS = "ShareForm .label { width: 18; }"
    KEYS = "tab: next   space: tick   enter: see what leaves   esc: back"
    SHAPE: ClassVar[Shape]
    REMARK: ClassVar[str]

    def __init__(self, badges: tuple[str, ...] | None, choices: Known) -> None:
        super().__init__()
        self._badges, self._known = badges, choices
        self.done = False

    def title_words(self) -> str:
        """What and how many."""
        many = plural(len(self._badges), "badge") if self._badges is not None else "all badges"
        return f"{self.SHAPE.value.capitalize()}: {many}"

    def remark(self) -> str:
        """What it is."""
        return self.REMARK

    def file_name(self) -> str:
        """What the file or folder is called by itself."""
        raise NotImplementedError

    def own_fields(self) -> ComposeResult:
        """All but where to write."""
        raise NotImplementedError

    def filled(self, order: Order) -> Order:
        """`order` with what the fields say. Raises `UsageError`."""
        raise NotImplementedError

    def fields(self) -> ComposeResult:
        """Its own, then the place."""
        yield from self.own_fields()
        yield from field("target", self.place(), value=shown_path(free_target(self.file_name())))

    def place(self) -> str:
        """What is asked for at the end."""
        return "Write to file"

    def on_mount(self) -> None:
        """Ready for the first field."""
        self.query("#fields Input, #fields TickList").first().focus()

    @on(OptionList.OptionSelected)
    def _onward(self) -> None:
        self.try_to_submit()

    def submit(self) -> None:
        """Show what would leave."""
        order = self.filled(Order(self.SHAPE, self._badges, target_of(self.said("target") or "")))
        screen = LeavingScreen(order)
        self.app.push_screen(screen, lambda _: self._back(screen.done))

    def _back(self, done: bool) -> None:
        self.query_one("#note", Static).update(self.remark())
        if done:
            self.done = True
            self.dismiss()

    def _ticks(self, name: str) -> tuple[str, ...]:
        return tuple(key for found in self.query(f"#{name}").results(TickList) for key in found.ticked)

    def _ways(self, *, begun: bool) -> ComposeResult:
        """The pathways of the wallet, those that have begun ticked or none."""
        if self._known.pathways:
            lines = [(key, name, begun and has_begun) for key, name, has_begun in self._known.pathways]
            label = "Pathways on it" if begun else "About pathways"
            yield from labelled(label, TickList(lines, id="pathways-chosen"))


class PortfolioForm(ShareForm):
    """One page."""

    SHAPE = Shape.PORTFOLIO
    REMARK = "It runs no script and loads nothing from elsewhere. Your notes and labels stay here."

    def file_name(self) -> str:
        """As the command has it."""
        return "portfolio.html"

    def own_fields(self) -> ComposeResult:
        """Name and pathways."""
        yield from field("person", "Name on it", value=self.app.config.person or "", hint="may stay empty")
        yield from self._ways(begun=True)

    def filled(self, order: Order) -> Order:
        """Name and pathways."""
        person = clean(self.said("person") or "", limit=WHOM)
        return replace(order, person=person, pathways=self._ticks("pathways-chosen"))


class CertificateForm(ShareForm):
    """Paper."""

    SHAPE = Shape.CERTIFICATE
    REMARK = "It says how the badge stood when it was last checked, and leads to the issuer, who vouches for it."

    def file_name(self) -> str:
        """Named after the badge; a folder for several."""
        return f"certificate-{self._known.stem}.pdf" if self._single else "certificates"

    @property
    def _single(self) -> bool:
        return self._badges is not None and len(self._badges) == 1

    def place(self) -> str:
        """One file each."""
        return "Write to file" if self._single else "Write to folder"

    def own_fields(self) -> ComposeResult:
        """Name, pathways and paper."""
        yield from field("person", "Name on it", value=self.app.config.person or "", hint="may stay empty")
        lines = [("letter", "Letter instead of A4", False), ("portrait", "upright instead of across", False)]
        yield from labelled("Paper", TickList(lines, id="paper"))

    def filled(self, order: Order) -> Order:
        """Pathways are those that have begun, as with the command."""
        paper = self._ticks("paper")
        return replace(
            order,
            person=clean(self.said("person") or "", limit=WHOM),
            pathways=tuple(key for key, _, begun in self._known.pathways if begun),
            paper="letter" if "letter" in paper else "a4",
            landscape="portrait" not in paper,
        )


class OriginalsForm(ShareForm):
    """Files."""

    SHAPE = Shape.ORIGINALS
    REMARK = "Nothing is taken out of an original: whoever gets it can read all that is in it."

    def file_name(self) -> str:
        """As the command has it."""
        return "originals"

    def place(self) -> str:
        """One file each."""
        return "Write to folder"

    def own_fields(self) -> ComposeResult:
        """None."""
        return ()

    def filled(self, order: Order) -> Order:
        """Nothing more to know."""
        return order


class BundleForm(ShareForm):
    """One reader."""

    SHAPE = Shape.BUNDLE
    REMARK = (
        "For one reader, who checks the badges again. Hidden and invalid badges, and those of others, are never in it."
    )

    def file_name(self) -> str:
        """As the command has it."""
        return "bundle.zip"

    def own_fields(self) -> ComposeResult:
        """To whom, why, until when; what of oneself is told along."""
        yield from field("audience", "For whom", hint="Riverbend College")
        yield from field("purpose", "What for", hint="Admission")
        yield from field("until", "Last day", hint="2027-05-31")
        yield from field("consent", "Your consent", hint="in your own words; may stay empty")
        yield from field("person", "Your name", value=self.app.config.person or "", hint="may stay empty")
        if self._known.identities:
            lines = [
                (str(number), clean(str(one), limit=200), False) for number, one in enumerate(self._known.identities)
            ]
            yield from labelled("Tell my address", TickList(lines, id="identities"))
        yield from self._ways(begun=False)

    def filled(self, order: Order) -> Order:
        """Judged as the command judges it."""
        from exporters.bundle import Terms

        until = self.day("until")
        if until is None:
            raise UsageError("No last day is named.", "Write it like 2027-05-31.")
        consent = self.said("consent")
        pathways = self._ticks("pathways-chosen")
        terms = Terms(
            audience=said("For whom", self.said("audience") or "", WHOM, "Name a person or an office."),
            purpose=said("What for", self.said("purpose") or "", WHY, "Say what they may use it for."),
            until=day_to_come(until, self.app.now.astimezone(UTC).date(), "Name today or a later day."),
            consent=said("Your consent", consent, CONSENT, "") if consent else "",
            person=clean(self.said("person") or "", limit=WHOM),
            identities=tuple(self._known.identities[int(key)] for key in self._ticks("identities")),
            pathways=pathways,
        )
        return replace(order, pathways=pathways, terms=terms)


_FORMS: dict[Shape, Callable[[tuple[str, ...] | None, Known], ShareForm]] = {
    Shape.PORTFOLIO: PortfolioForm,
    Shape.CERTIFICATE: CertificateForm,
    Shape.ORIGINALS: OriginalsForm,
    Shape.BUNDLE: BundleForm,
}


class ShareScreen(Dialog):
    """Which kind, and which badges."""

    TITLE_WORDS = "Share"
    DEFAULT_CSS = "ShareScreen #shapes { height: auto; border: none; background: $surface; padding: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "all", "All badges or the chosen", id="share.all"),
        Binding("escape", "dismiss", "Back", id="share.back"),
    ]

    class Ready(Message):
        """What there is to choose from."""

        def __init__(self, choices: Known) -> None:
            super().__init__()
            self.choices = choices

    def __init__(self, badges: tuple[str, ...], marked: bool) -> None:
        """badges: full ids. marked: whether the learner marked them, rather than having the cursor on one."""
        super().__init__()
        self._badges, self._marked = badges, marked
        self._all = False
        self._known: Known | None = None
        self.done = False

    def inside(self) -> ComposeResult:
        """One line a kind."""
        yield Static("", classes="note", id="note", markup=False)
        lines = (Option(Text.assemble((f"{shape.value:<12} ", "bold"), words)) for shape, words in _SHAPES.items())
        yield FormList(*lines, id="shapes", markup=False)
        yield Static(
            "Before anything is written you see what leaves. Nothing is sent: the file stays on this computer.",
            classes="keys",
            markup=False,
        )
        yield Static(_KEYS, classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        shapes = self.query_one("#shapes", OptionList)
        shapes.highlighted = 0
        shapes.focus()
        self._say()
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False, group="share")
    def _read(self) -> None:
        with self.app.open_wallet() as wallet:
            self.post_message(self.Ready(known(wallet, self._badges, self.app.now, self.app.config.language)))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._known = event.choices
        self._say()

    def _say(self) -> None:
        every = f"{self._known.every:,}" if self._known is not None else "…"
        if self._all:
            words = f"All badges of the list ({every}); what a kind leaves out, you see before it is written."
        elif self._marked:
            words = f"The {plural(len(self._badges), 'badge')} that you marked. a: all {every} instead"
        else:
            words = f"The badge under the cursor. a: all {every} instead; or mark some with space first"
        self.query_one("#note", Static).update(words)

    def action_all(self) -> None:
        """All badges, or those it was opened with."""
        self._all = not self._all
        self._say()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if self._known is not None:
            form = _FORMS[list(_SHAPES)[event.option_index]](None if self._all else self._badges, self._known)
            self.app.push_screen(form, lambda _: self._back(form.done))

    def _back(self, done: bool) -> None:
        if done:
            self.done = True
            self.dismiss()

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the note."""
        self.query_one("#note", Static).update(Text(f"{failure.message} {failure.remedy}", style="bold"))
