"""`python -m tui.cli` is `badgefolio`."""

from tui.cli import main

main()
