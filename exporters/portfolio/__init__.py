"""A portfolio that somebody can be sent: one HTML file that holds everything and asks the network for nothing.

No script runs in it, no picture or style comes from elsewhere, and its own content security policy forbids both. What
it says of a badge is the dated verdict of the wallet; the exact originals lie inside, for a reader to check again.
"""

from __future__ import annotations

from pathlib import Path

from exporters.atomic import write_file
from exporters.model import Presentation


def render_portfolio(presentation: Presentation) -> bytes:
    """The whole page. The same presentation gives the same bytes."""
    from exporters.portfolio.page import page  # Jinja2 loads in 60 ms, and only where a page is wanted

    return page(presentation)


def write_portfolio(presentation: Presentation, target: Path, *, force: bool = False) -> Path:
    """Write the page to `target` (mode 0600). Raises `TargetExistsError` unless `force`; never leaves half a file."""
    return write_file(target, render_portfolio(presentation), force=force)
