"""What widgets draw, as clean text: the door between the wallet's foreign words and the screen. Pure.

A foreign string is cleaned here and reaches widgets only as a `rich.text.Text` that no markup parser ever reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tui.app.colours import coloured
from tui.words import day, host, state_glyph, state_style, state_word, title
from wallet.text import clean, plural
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from wallet.store.rows import BadgeRow


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the library. All text is clean."""

    id: str
    name: str
    issuer: str
    issued: str
    expires: str
    verdict: Verdict | None
    restless: bool  # the newest attempt could not reach the issuer, the verdict is an earlier one

    @property
    def state(self) -> str:
        """The word of the verdict."""
        return state_word(self.verdict)


def row_view(row: BadgeRow) -> RowView:
    """A wallet's row, cleaned."""
    return RowView(
        id=row.id,
        name=title_of(row),
        issuer=clean(row.issuer_name) or host(row.issuer_id or row.credential_id),
        issued=day(row.issued_on),
        expires=day(row.expires),
        verdict=row.verdict,
        restless=row.last_attempt is Verdict.UNDETERMINED and row.verdict not in (None, Verdict.UNDETERMINED),
    )


def title_of(row: BadgeRow) -> str:
    """The badge's name, or where it comes from."""
    return title(row.name, row.credential_id, row.short)


def counts_line(counts: dict[Verdict | None, int], width: int, *, ascii_only: bool = False) -> Text:
    """`12 badges   ✓ 9 valid   ◷ 1 expired`: only what there is, on a second line where `width` cells are not enough."""
    line = Text(plural(sum(counts.values()), "badge"), style="bold")
    used = line.cell_len
    for verdict in (*Verdict, None):
        if counts.get(verdict):
            words = f"{state_glyph(verdict, ascii_only=ascii_only)} {counts[verdict]:,} {state_word(verdict)}"
            gap = "   " if used + 3 + cell_len(words) <= width else "\n"
            used = cell_len(words) + (used + 3 if gap == "   " else 0)
            line.append(gap)
            line.append(words, style=coloured(state_style(verdict)))
    return line
