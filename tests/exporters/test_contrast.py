"""Computed contrast of the portfolio's colours: WCAG AA asks 4.5 to 1 for text."""

from __future__ import annotations

import re
from itertools import product

import pytest

from exporters.portfolio.page import _style

_BLOCKS = re.findall(r":root \{(.*?)\}", _style(), re.DOTALL)
_SCHEMES = {"light": _BLOCKS[0], "dark": _BLOCKS[1]}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


_PAIRS = [
    *product(("ink", "soft", "accent"), ("sheet", "faint")),
    *((tone, ground) for tone in ("good", "warn", "bad", "plain") for ground in (f"{tone}-bg", "sheet")),
]


@pytest.mark.parametrize("scheme", sorted(_SCHEMES))
@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", _SCHEMES[scheme]))
    assert _contrast(colours[text], colours[ground]) >= 4.5
