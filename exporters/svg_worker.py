"""Draws one foreign SVG as a PNG in a process of its own: standard input to standard output.

Run as a script, never imported by the exporters. A drawing may ask for endless work or memory and can even abort the
process it is drawn in (measured with Typst 0.15.2: one turbulence filter ran for minutes, one wide filter region ended in a
panic), so it gets few seconds and little memory, and whoever started it goes on when it dies.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

CPU_SECONDS = 4
MEMORY_BYTES = 1 << 30
SIDE_POINTS = 360  # at 144 pixels an inch: 720 pixels, enough for 40 mm in print
_DRAW = (
    f"#set page(width: {SIDE_POINTS}pt, height: {SIDE_POINTS}pt, margin: 0pt, fill: none)\n"
    '#image("/picture.svg", width: 100%, height: 100%, fit: "contain")\n'
)


def main(folders: list[str]) -> int:
    """Draw standard input with the fonts of these folders; anything but 0 means that there is no picture."""
    try:
        import resource  # POSIX only; elsewhere the caller's clock is the only limit

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ImportError:
        pass
    import typst

    with tempfile.TemporaryDirectory(prefix="badgefolio-picture-") as folder:
        Path(folder, "picture.svg").write_bytes(sys.stdin.buffer.read())
        main_file = Path(folder, "draw.typ")
        main_file.write_text(_DRAW, "ascii")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        try:
            data = typst.compile(str(main_file), root=folder, font_paths=fonts, format="png", ppi=144)
        except typst.TypstError:
            return 1
    sys.stdout.buffer.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
