"""The app's colours for states: blue and orange, light enough for a dark ground and told apart by every kind of colour vision."""

from __future__ import annotations

#: The command line uses the terminal's own colours by these names; on a ground that we choose, exact ones read better.
_EXACT = {"blue": "#6cb6ff", "dark_orange": "#ffab5e"}


def coloured(style: str) -> str:
    """A style of `tui.words` with the app's exact colours."""
    return " ".join(_EXACT.get(word, word) for word in style.split())
