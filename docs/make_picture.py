"""Makes `docs/library.png`, the picture in the README: the program photographs itself.

    .venv/bin/python docs/make_picture.py

Tells the demo in a temporary folder, opens the sample learner's wallet in the app without a terminal, moves to a badge worth
showing, and lets Textual write what is on the screen as SVG. Chromium turns that into a PNG in DejaVu Sans Mono, a font that
has every glyph the app uses and is found on most Linux systems. Without Chromium the SVG is left beside the PNG's place, to
be converted by other means. Nothing is fetched: the sample issuers are on loopback and the SVG's own web font is taken out.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
SIZE = (132, 40)
KEYS = ("j",) * 5
_FONT = "DejaVu Sans Mono"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_MOST_BYTES = 300_000


async def photograph(home: Path) -> str:
    """The app on the wallet below `home`, as SVG."""
    from tui.app.app import BadgefolioApp
    from wallet.config import Config
    from wallet.paths import Paths

    app = BadgefolioApp(Paths.under(home), Config())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*KEYS)
        await app.workers.wait_for_complete()
        await pilot.pause()
        return app.export_screenshot(title="badgefolio")


def with_local_font(svg: str) -> str:
    """The SVG without the font that it would load from the web."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    return svg.replace("Fira Code", _FONT)


def to_png(svg: Path, target: Path, width: int, height: int) -> bool:
    """Draw `svg` with Chromium; whether there was one."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 - a browser of this computer on a file of ours
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--default-background-color=00000000",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                svg.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return True


def slimmed(target: Path) -> None:
    """Fewer colours: a screen has few, and a README should load quickly."""
    from PIL import Image

    with Image.open(target) as picture:
        picture.convert("RGBA").quantize(128).save(target, optimize=True)


def main() -> int:
    """Make the picture; the exit code."""
    from tui.demo.story import run_demo

    now = datetime.now(UTC)  # noqa: TID251 - a tool's own clock
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder, "demo")
        if run_demo(demo, tui=False, say=lambda _: None, now=now) != 0:
            return 1
        svg = with_local_font(asyncio.run(photograph(demo / "home")))
        box = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
        width, height = (round(float(number)) for number in box.groups()) if box is not None else (1600, 900)
        drawing, target = Path(folder, "library.svg"), HERE / "library.png"
        drawing.write_text(svg, encoding="utf-8")
        if not to_png(drawing, target, width, height):
            shutil.copy(drawing, HERE / "library.svg")
            sys.stderr.write("No Chromium here: docs/library.svg is the picture, to be converted by other means.\n")
            return 1
        slimmed(target)
        return 0 if target.stat().st_size <= _MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
