"""Draws the portfolio page with Jinja2: sandboxed, autoescaped, and strict about names that do not exist."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.html import dressed, environment
from exporters.model import Original, Part, Presentation, Standing
from exporters.portfolio.manifest import inert, linked_data, manifest
from exporters.statements import LABELS
from exporters.words import iso_date, long_date
from wallet.text import plural

if TYPE_CHECKING:
    from jinja2 import Template

_HERE = Path(__file__).parent
#: The inline drawings of the page, by standing: 20 by 20 units, drawn with the text's colour.
_ICONS = {
    Standing.VALID: "M4.5 10.5l3.6 3.6L15.5 6.4",
    Standing.EXPIRED: "M10 5.5V10l3 2.2",
    Standing.REVOKED: "M6.2 6.2l7.6 7.6M13.8 6.2l-7.6 7.6",
    Standing.INVALID: "M6.2 6.2l7.6 7.6M13.8 6.2l-7.6 7.6",
    Standing.UNDETERMINED: "M7.6 7.8a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.8M10 14.2v.1",
    Standing.UNCHECKED: "M6.5 10h7",
}
_ORDER = tuple(Standing)


def page(presentation: Presentation) -> bytes:
    """The page as UTF-8."""
    from markupsafe import Markup

    counts = [
        (standing, LABELS[standing], sum(1 for b in presentation.badges if b.statement.standing is standing))
        for standing in _ORDER
    ]
    text = _template().render(
        p=presentation,
        **dressed(_style()),
        counts=[row for row in counts if row[2]],
        linked_data=Markup(inert(linked_data(presentation))),  # noqa: S704 - escaped for a script element
        manifest=Markup(inert(manifest(presentation))),  # noqa: S704 - as above
        icons=_ICONS,
    )
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def _style() -> str:
    return _HERE.joinpath("page.css").read_text("utf-8").strip()


@lru_cache(maxsize=1)
def _template() -> Template:
    made = environment(_HERE)
    made.filters.update(
        long_date=long_date,
        iso_date=iso_date,
        data_url=_data_url,
        plural=plural,
        initial=_initial,
        kilobytes=_kilobytes,
        safe_html=_safe_html,
    )
    made.globals.update(Part=Part)
    return made.get_template("page.html.j2")


def _data_url(original: Original) -> str:
    return f"data:{original.media_type};base64,{base64.b64encode(original.data).decode('ascii')}"


def _initial(name: str) -> str:
    return next((character.upper() for character in name if character.isalnum()), "·")


def _kilobytes(data: bytes) -> str:
    return f"{max(1, round(len(data) / 1024)):,} KB"


def _safe_html(html: str) -> str:
    """HTML that `exporters.narrative` has already passed through its allow-list."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - the allow-list ran in exporters.narrative, the only maker of these
