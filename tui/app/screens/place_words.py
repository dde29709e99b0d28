"""What somebody says of a place: a word that it is done, or an exception. Twins: `pathway attest`, `pathway except`.

Both are records of the learner's own with who and why; every report lists them, and `u` takes the last one back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog
from tui.app.screens.forms import Form, field
from tui.app.widgets.panes import FormList
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.model import Json
    from wallet.pathways.model import Pathway
    from wallet.pathways.personal import Personal
    from wallet.pathways.results import NodeState, Progress

#: Each kind of exception, in words, and the field that it needs besides who and why.
_KINDS: dict[str, tuple[str, str]] = {
    "substitute": ("a badge of yours stands for what is asked", "badge"),
    "apply-here": ("a badge of yours is used here", "badge"),
    "exclude-here": ("a badge of yours does not count here", "badge"),
    "also-allow": ("one more rule fits", "allow"),
    "change-count": ("so many are enough", "count"),
    "force-complete": ("done without badges", ""),
}
_ALWAYS = "Every report lists it, with the figure as it is without. A later one for the place replaces it."
_UNTIL = "2027-01-31; may stay empty"
_COUNT_DIGITS = 5


class Spot(Protocol):
    """What a form needs to know of a pathway: a `Way` of the wallet's own learner, or a learner of a cohort."""

    @property
    def pathway(self) -> Pathway: ...
    @property
    def personal(self) -> Personal: ...
    @property
    def progress(self) -> Progress: ...


class PlaceForm(Form):
    """Keeps one record of a place."""

    DEFAULT_CSS = """
    PlaceForm.-short #badges { max-height: 4; }
    PlaceForm #badges { height: auto; max-height: 6; border: none; background: $boost; padding: 0; }
    """
    KIND = ""

    def __init__(self, way: Spot, node: NodeState) -> None:
        super().__init__()
        self._way, self._node = way, node

    @property
    def _today(self) -> date:
        return self.app.now.astimezone(UTC).date()

    def _place(self) -> str:
        return clean(self._node.name.pick(self.app.config.language or ""), limit=60) or clean(self._node.id)

    def about(self) -> dict[str, Json]:
        """What is to be kept. Raises `UsageError`."""
        raise NotImplementedError

    def submit(self) -> None:
        """Keep it."""
        about, until = self.about(), self.day("until")
        with self.app.open_wallet() as wallet:
            wallet.say_of_place(self.KIND, self._way.pathway.id, self._node.id, about, until=until, now=self.app.now)
        self.dismiss()


class AttestScreen(PlaceForm):
    """Somebody's word that an element is done."""

    KIND = "attested"

    def title_words(self) -> str:
        """Which element."""
        return f"Somebody's word: {self._place()}"

    def remark(self) -> str:
        """It is not proof."""
        from wallet.pathways.saying import roles

        whose = " or ".join(f"your {role}" for role in roles(self._way.pathway, self._node.id))
        return f"The word of {whose}. It has a mark of its own and is never called verified."

    def fields(self) -> ComposeResult:
        """Who, what, when."""
        before = next((one for one in self._way.personal.attested if one.place == self._node.id), None)
        yield from field("who", "Whose word it is", value=before.who if before is not None else "")
        yield from field("reason", "What was seen or done", value=before.reason if before is not None else "")
        yield from field("date", "When it was said", value=self._today.isoformat())
        yield from field("evidence", "Where the work can be seen", hint="an address; may stay empty")
        yield from field("until", "Last day on which it holds", hint=_UNTIL)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#who").focus()

    def about(self) -> dict[str, Json]:
        """Judged by the core."""
        from wallet.pathways.saying import attestation

        return attestation(
            self._way.pathway,
            self._node.id,
            who=self.said("who"),
            role=None,
            reason=self.said("reason"),
            day=self.day("date") or self._today,
            evidence=self.said("evidence"),
        )


def kind_words(kind: str, *, own: bool) -> str:
    """What a kind of exception does, said to the learner or of one."""
    words = _KINDS[kind][0]
    return words if own else words.replace("of yours", "of the learner's")


class ExceptionKindScreen(Dialog):
    """Which kind of exception; the form for it comes next."""

    TITLE_WORDS = "Record an exception"
    OWN = True
    DEFAULT_CSS = "ExceptionKindScreen #kinds { height: auto; border: none; background: $surface; padding: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="kind.back")]

    def __init__(self, node: NodeState) -> None:
        super().__init__()
        self.chosen: str | None = None
        group = node.kind == "group"
        self._kinds = [kind for kind in _KINDS if not group or kind in ("change-count", "force-complete")]

    def inside(self) -> ComposeResult:
        """One line each."""
        yield Static(_ALWAYS, classes="note", markup=False)
        lines = (Option(Text(f"{kind:<15} {kind_words(kind, own=self.OWN)}")) for kind in self._kinds)
        yield FormList(*lines, id="kinds", markup=False)
        yield Static("enter: go on   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        kinds = self.query_one("#kinds", OptionList)
        kinds.highlighted = 0
        kinds.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.chosen = self._kinds[event.option_index]
        self.dismiss()

    def show_failure(self, failure: TaskFailed) -> None:
        """Nothing here can fail."""


class ExceptionScreen(PlaceForm):
    """What an advisor granted for one place."""

    KIND = "excepted"
    OWN = True

    def __init__(self, way: Spot, node: NodeState, kind: str, names: Mapping[str, str]) -> None:
        super().__init__(way, node)
        self._kind = kind
        counted = {use.id for use in way.progress.badges}
        held = [(badge, name) for badge, name in names.items() if badge in counted]
        self._badges = sorted(held, key=lambda one: (one[1].casefold(), one[0]))

    def title_words(self) -> str:
        """Which place."""
        return f"{self._kind}: {self._place()}"

    def remark(self) -> str:
        """What it does."""
        return f"This says: {kind_words(self._kind, own=self.OWN)}. {_ALWAYS}"

    def fields(self) -> ComposeResult:
        """What its kind needs, then who and why."""
        needs = _KINDS[self._kind][1]
        if needs == "badge":
            lines = (Option(Text(name)) for _, name in self._badges)
            yield FormList(*lines, id="badges", markup=False)
        elif needs == "allow":
            yield from field("allow", "Which rule", hint="achievement=https://… or issuer=… tag=…")
        elif needs == "count":
            yield from field("count", "How many are enough", hint="a number")
        yield from field("who", "Who grants it")
        yield from field("reason", "Why")
        yield from field("until", "Last day on which it holds", hint=_UNTIL)

    def on_mount(self) -> None:
        """Ready for the first field."""
        for badges in self.query("#badges").results(OptionList):
            badges.highlighted = 0 if self._badges else None
        self.query("#fields FormList, #fields Input").first().focus()

    @on(OptionList.OptionSelected)
    def _onward(self) -> None:
        self.query_one("#who").focus()

    def about(self) -> dict[str, Json]:
        """Judged by the core."""
        from wallet.pathways.saying import exception

        needs = _KINDS[self._kind][1]
        badge = self.query_one("#badges", OptionList).highlighted if needs == "badge" else None
        many = (self.said("count") if needs == "count" else None) or ""
        return exception(
            self._way.pathway,
            self._node.id,
            self._kind,
            who=self.said("who"),
            reason=self.said("reason"),
            at=self._today,
            badge=self._badges[badge][0] if badge is not None else None,
            allow=((self.said("allow") if needs == "allow" else None) or "").split(),
            count=int(many) if many.isascii() and many.isdigit() and len(many) < _COUNT_DIGITS else None,
        )
