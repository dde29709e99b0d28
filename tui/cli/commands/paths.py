"""`badgefolio paths`: where everything is kept."""

from __future__ import annotations

from tui.cli.frame import command as make
from tui.cli.output import Cell
from tui.cli.run import Run, with_run


@make("paths", examples=("badgefolio paths",))
@with_run
def command(run: Run) -> None:
    """Tell where everything is kept.

    The wallet folder is the truth: back that one up. The cache can be deleted at any time; it is rebuilt from the wallet.
    BADGEFOLIO_HOME moves all four under one folder.
    """
    places = {
        "wallet": (run.paths.wallet, "your badges and their history: the truth"),
        "cache": (run.paths.cache, "the search index; rebuilt when deleted"),
        "state": (run.paths.state, "this computer's own notes and logs"),
        "config": (run.paths.config, "your settings"),
    }
    run.out.json(
        {
            "format": "badgefolio-paths/1",
            **{name: {"path": str(path), "exists": path.exists()} for name, (path, _) in places.items()},
        }
    )
    if run.out.plain:
        run.out.facts([(name, str(path)) for name, (path, _) in places.items()])
    else:
        run.out.rows(
            ("What", "Where", "For"),
            [(Cell(name, "bold"), str(path), words) for name, (path, words) in places.items()],
            fold=("Where", "For"),
        )
