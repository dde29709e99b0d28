"""Pictures for sample badges, drawn here: a hexagonal medal with a symbol. SVG first; PNG is the same drawing, rendered."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Symbols on a 100 x 100 field around its centre, drawn in white on the medal.
SYMBOLS = {
    "shield": '<path d="M0-38 32-26V0C32 20 18 32 0 40-18 32-32 20-32 0V-26Z" fill="#fff"/>'
    '<path d="M-15 1-3 13 17-11" fill="none" stroke="{deep}" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>',
    "drop": '<path d="M0-42C14-20 28-4 28 12A28 28 0 0 1-28 12C-28-4-14-20 0-42Z" fill="#fff"/>'
    '<path d="M-15 14A15 15 0 0 0 0 28" fill="none" stroke="{deep}" stroke-width="6" stroke-linecap="round"/>',
    "leaf": '<path d="M34-36C-10-38-34-16-32 16-31 24-28 30-24 34 8 38 36 12 34-36Z" fill="#fff"/>'
    '<path d="M-36 40C-22 10-2-6 18-18" fill="none" stroke="{deep}" stroke-width="6" stroke-linecap="round"/>',
    "waves": '<g fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round">'
    '<path d="M-38-20Q-26-34-13-20T12-20 38-20"/><path d="M-38 2Q-26-12-13 2T12 2 38 2"/>'
    '<path d="M-38 24Q-26 10-13 24T12 24 38 24"/></g>',
    "raft": '<g fill="#fff"><rect x="-38" y="6" width="76" height="12" rx="4"/><circle cx="-22" cy="-14" r="11"/>'
    '<circle cx="4" cy="-20" r="11"/><circle cx="26" cy="-12" r="9"/></g>'
    '<path d="M-38 32Q-26 24-13 32T12 32 38 32" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round"/>',
    "chart": '<g fill="#fff"><rect x="-36" y="2" width="16" height="32" rx="3"/>'
    '<rect x="-8" y="-14" width="16" height="48" rx="3"/><rect x="20" y="-34" width="16" height="68" rx="3"/></g>',
    "cross": '<path d="M-13-38H13V-13H38V13H13V38H-13V13H-38V-13H-13Z" fill="#fff"/>',
    "truck": '<g fill="#fff"><rect x="-40" y="-22" width="44" height="38" rx="4"/><path d="M8-10H26L40 6V16H8Z"/></g>'
    '<g fill="{deep}" stroke="#fff" stroke-width="5"><circle cx="-22" cy="20" r="10"/><circle cx="24" cy="20" r="10"/></g>',
    "star": '<path d="M0-40 11-13 40-12 17 6 25 34 0 18-25 34-17 6-40-12-11-13Z" fill="#fff"/>',
    "sprout": '<path d="M0 38V-2" stroke="#fff" stroke-width="8" stroke-linecap="round"/>'
    '<path d="M0 2C-4-22-20-30-38-28-36-8-24 4 0 2Z" fill="#fff"/><path d="M0-8C2-28 18-38 38-36 36-16 24-4 0-8Z" fill="#fff"/>',
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Two colours of one medal: light above, deep below."""

    light: str
    deep: str


LAKE = Palette("#38b6c9", "#0b5c77")
FIELD = Palette("#86c35a", "#2f6b34")
CLAY = Palette("#f2a65a", "#a34a1f")
DUSK = Palette("#a58be0", "#4b3688")
SLATE = Palette("#8fa3b5", "#39495a")


def medal_svg(symbol: str, palette: Palette, stars: int = 0) -> bytes:
    """A medal of 480 x 480 as SVG. `symbol` is a key of `SYMBOLS`; `stars` (0 to 5) stand below it."""
    drawing = SYMBOLS[symbol].replace("{deep}", palette.deep)
    row = "".join(
        f'<path transform="translate({240 + 34 * (n - (stars - 1) / 2):g} 356) scale(.3)" '
        'd="M0-40 11-13 40-12 17 6 25 34 0 18-25 34-17 6-40-12-11-13Z" fill="#ffe08a"/>'
        for n in range(stars)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 480 480">'
        '<defs><linearGradient id="face" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{palette.light}"/><stop offset="1" stop-color="{palette.deep}"/></linearGradient>'
        '<linearGradient id="rim" x1="0" y1="0" x2="1" y2="1">'
        '<stop offset="0" stop-color="#fff6d8"/><stop offset=".5" stop-color="#e3b64d"/><stop offset="1" stop-color="#9a6a14"/>'
        "</linearGradient></defs>"
        f'<path d="{_hexagon(228)}" fill="{palette.deep}" stroke="{palette.deep}" stroke-width="12" stroke-linejoin="round"/>'
        f'<path d="{_hexagon(216)}" fill="url(#rim)" stroke="url(#rim)" stroke-width="12" stroke-linejoin="round"/>'
        f'<path d="{_hexagon(194)}" fill="url(#face)" stroke="url(#face)" stroke-width="12" stroke-linejoin="round"/>'
        f'<path d="{_hexagon(176)}" fill="none" stroke="#fff" stroke-opacity=".45" stroke-width="3" stroke-linejoin="round"/>'
        f'<g transform="translate(240 {226 if stars else 240}) scale(2.1)">{drawing}</g>{row}</svg>'
    )
    return svg.encode("utf-8")


def medal_png(symbol: str, palette: Palette, stars: int = 0) -> bytes:
    """The same medal as a PNG of 480 x 480 with a transparent ground."""
    import tempfile
    from pathlib import Path

    import typst  # draws SVG faithfully and is here for certificates anyway

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "medal.svg").write_bytes(medal_svg(symbol, palette, stars))
        (root / "page.typ").write_text(
            '#set page(width: 480pt, height: 480pt, margin: 0pt, fill: none)\n#image("medal.svg", width: 480pt)\n',
            encoding="utf-8",
        )
        picture = typst.compile(root / "page.typ", root=root, format="png", ppi=72)
    if not isinstance(picture, bytes):
        raise TypeError("a drawing of one page is one picture")
    return picture


def _hexagon(radius: float) -> str:
    """A hexagon standing on a corner, around the middle of the picture."""
    corners = (math.radians(60 * n - 90) for n in range(6))
    points = (f"{240 + radius * math.cos(a):.1f} {240 + radius * math.sin(a):.1f}" for a in corners)
    return "M" + "L".join(points) + "Z"
