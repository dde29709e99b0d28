"""What leaves, as clean text to read before it does; and what was handed to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tui.app.colours import coloured
from tui.app.share_reading import Form, Leaving
from tui.app.widgets.columns import cut, fit
from tui.handing import counted
from tui.words import NOT_STATED, day, minute, state_glyph, state_style
from wallet.text import clean, plural

if TYPE_CHECKING:
    from exporters.disclosing import Personal
    from tui.app.views import RowView
    from wallet.store.shared import Disclosure

_LABEL, _INDENT = 10, 4
_NAMES = 40
_BADGES = 500
_LONGEST_PATH = 4_096
_STATE, _DATE = 15, 12
_WHAT = {
    Form.PORTFOLIO: "a page for whoever gets the file",
    Form.CERTIFICATE: "to print; it carries the badge inside",
    Form.ORIGINALS: "the files as you brought them, byte for byte",
}


def preview(leaving: Leaving, width: int, *, ascii_only: bool) -> Group:
    """Everything that would go out, what of the learner first."""
    facts = Table.grid(padding=0)
    facts.add_column(width=_LABEL, style="dim")
    facts.add_column(overflow="fold")
    for label, words in _facts(leaving):
        facts.add_row(Text(label), Text(words))
    parts: list[RenderableType] = [facts]
    parts += [Text(f"\nBeware: {clean(warning)}", "bold") for warning in leaving.warnings]
    parts.append(Text("\nWhat of you goes along", "bold"))
    if not any(one.where for one in leaving.personal):
        parts.append(Text("nothing that could be found in the files"))
    for personal in leaving.personal:
        parts += _field(personal, len(leaving.going))
    parts.append(Text(f"\n{plural(len(leaving.going), 'badge')}", "bold"))
    parts += _badges(leaving.going, width, ascii_only=ascii_only)
    return Group(*parts)


def _facts(leaving: Leaving) -> Iterator[tuple[str, str]]:
    order, terms = leaving.order, leaving.order.terms
    if terms is not None:
        yield "For", terms.audience
        yield "Purpose", terms.purpose
        yield "Until", f"{terms.until.isoformat()}: a promise by the reader, not a lock"
        if terms.consent:
            yield "Consent", terms.consent
    else:
        yield "What", f"{order.form.value}: {_WHAT[order.form]}"
    many = f"{plural(leaving.files, 'file')}, " if leaving.files > 1 else ""
    size = f"{many}{leaving.size:,} bytes" if leaving.size is not None else many.rstrip(", ")
    yield "File" if order.target in leaving.targets else "Folder", shown_path(order.target)
    if size:
        yield "Size", size
    if leaving.refused:
        names = ", ".join(f"{cut(name, _NAMES)} ({why})" for name, why in leaving.refused)
        yield "Refused", f"{names}: such badges are never handed out"
    if leaving.stays:
        told = (
            "; the reader is told the number and no more" if terms is not None else "; mark one to show it all the same"
        )
        yield "Stays", f"{plural(sum(leaving.stays.values()), 'badge')}: {counted(leaving.stays)}{told}"


def _field(personal: Personal, every: int) -> Iterator[RenderableType]:
    yield Text(clean(personal.field, limit=300))
    if personal.where:
        where = f"in {clean(personal.where)}{_of(personal.badges, every)}"
        yield Padding(Text(where, "dim"), (0, 0, 0, _INDENT))
    if personal.remark:
        yield Padding(Text(personal.remark, coloured("dark_orange")), (0, 0, 0, _INDENT))


def _of(badges: Sequence[str], every: int) -> str:
    """For which badges."""
    if not badges:
        return ""
    if every > 1 and len(badges) >= every:
        return f", of all {every:,} badges"
    names = ", ".join(cut(clean(name), _NAMES) for name in badges[:_NAMES])
    return f", of {names}" + (f" and {len(badges) - _NAMES:,} more" if len(badges) > _NAMES else "")


def _badges(going: Sequence[RowView], width: int, *, ascii_only: bool) -> Iterator[Text]:
    rest = max(width - _STATE - _DATE, 20)
    for row in going[:_BADGES]:
        line = Text()
        line.append(
            fit(f"{state_glyph(row.verdict, ascii_only=ascii_only)} {row.state}", _STATE),
            coloured(state_style(row.verdict)),
        )
        line.append(fit(row.name, rest * 3 // 5))
        line.append(fit(row.issuer, rest * 2 // 5), "dim")
        line.append(row.issued, "dim")
        yield line
    if len(going) > _BADGES:
        yield Text(f"and {len(going) - _BADGES:,} more", "dim")


def shown_path(path: Path) -> str:
    """A path as harmless text, `~` for the home folder; spaces stay as they are, because it is typed back."""
    home = Path.home()
    short = f"~/{path.relative_to(home)}" if path != home and path.is_relative_to(home) else str(path)
    return clean(short, lines=True, limit=_LONGEST_PATH).replace("\n", " ")


def shared_lines(found: Sequence[Disclosure], today: date, width: int) -> list[Text]:
    """When, to whom, and for what; one that is over says so."""
    tails = [_until(one, today) for one in found]
    tail = max((len(words) for words in tails), default=0)
    rest = max(width - _DATE - tail - 1, 16)
    lines = []
    for one, words in zip(found, tails, strict=True):
        line = Text.assemble((fit(day(one.when), _DATE), "dim"))
        line.append(fit(clean(one.to, limit=120) or NOT_STATED, rest // 2), "bold")
        line.append(fit(clean(one.purpose, limit=200), rest - rest // 2))
        line.append(words, "dim" if words.endswith("over") else "")
        lines.append(line)
    return lines


def _until(one: Disclosure, today: date) -> str:
    if one.until is None:
        return ""
    return f"{one.until.isoformat()} {'over' if one.until < today else '    '}".rstrip()


def shared_card(one: Disclosure, names: Sequence[str], today: date) -> Text:
    """All about one thing that was handed out."""
    text = Text()
    over = " (over)" if one.until is not None and one.until < today else ""
    for label, words in (
        ("To", clean(one.to, limit=120) or NOT_STATED),
        ("What", clean(one.what) or NOT_STATED),
        ("Purpose", clean(one.purpose, limit=1_000) or NOT_STATED),
        ("When", minute(one.when)),
        ("Until", f"{one.until.isoformat()}{over}" if one.until is not None else NOT_STATED),
        ("sha256", clean(one.sha256)),
    ):
        text.append(f"{label:<{_LABEL}}", "dim")
        text.append(f"{words}\n")
    text.append(f"\n{plural(len(one.badges), 'badge')}\n", "bold")
    for name in names:
        text.append(f"{name}\n")
    text.append(
        "\nThe last day is a promise by the reader, not a lock. What was handed out cannot be taken back.", "dim"
    )
    return text
