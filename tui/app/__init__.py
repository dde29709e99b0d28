"""The full-screen face. It has no logic of its own: every action calls the core function that its command calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from wallet.config import Config
    from wallet.paths import Paths


def run_app(
    paths: Paths, config: Config, *, sample: bool = False, mouse: bool = True, cohort: Path | None = None
) -> int:
    """Open the app on the wallet at `paths`, or on an advisor's `cohort`; the exit code. `sample` marks every screen."""
    from tui.app.app import BadgefolioApp  # Textual: 250 ms that no command should pay

    app = BadgefolioApp(paths, config, sample=sample, cohort=cohort)
    app.run(mouse=mouse)
    return app.return_code or 0
