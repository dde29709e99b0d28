"""`badgefolio export`: what leaves the wallet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.badges import HOW_TO_BEGIN, badge_name, badge_names, need_wallet, resolve
from tui.cli.commands.export_bundle import bundle
from tui.cli.exporting import wallet_of
from tui.cli.frame import command as make
from tui.cli.frame import group
from tui.cli.pathways import figures
from tui.cli.run import Run, with_run
from tui.handing import counted, for_show, moment
from wallet.errors import NotFoundError
from wallet.model import Json
from wallet.text import plural

if TYPE_CHECKING:
    from exporters.model import Presentation
    from wallet.store.wallet import BadgeRow, Wallet


@group(
    "export",
    examples=(
        "badgefolio export portfolio -o portfolio.html",
        "badgefolio export certificate 3f9a2c --paper letter",
        "badgefolio export originals -o my-badges",
        'badgefolio export bundle 3f9a2c --to "Riverbend College" --purpose Admission --expires 2027-05-31',
    ),
)
def command() -> None:
    """Write a portfolio, a certificate, the originals or a bundle for somebody.

    Nothing is sent anywhere. An existing file is never replaced unless you say --force.
    """


@make(
    "portfolio",
    examples=(
        "badgefolio export portfolio -o portfolio.html",
        'badgefolio export portfolio 3f9a2c 81bd00 --person "Ada Example" -o portfolio.html',
    ),
)
@badge_names(required=False)
@click.option("-o", "--output", metavar="FILE", default="portfolio.html", show_default=True, help="Where to write.")
@click.option("--person", metavar="NAME", help="The name on the page (default: person in the settings).")
@click.option("--pathway", "chosen", metavar="PATHWAY", multiple=True, help="Show only this pathway; may be repeated.")
@click.option("--no-pathways", is_flag=True, help="Show no pathway.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@with_run
def portfolio(
    run: Run,
    *,
    names: tuple[str, ...],
    output: str,
    person: str | None,
    chosen: tuple[str, ...],
    no_pathways: bool,
    force: bool,
) -> None:
    """Write one HTML page that holds everything and asks the network for nothing.

    Without BADGE it takes all badges that are not hidden, and leaves out expired, revoked and invalid ones: those are shown
    only when you name them, and then say what they are.
    """
    from dataclasses import replace

    from exporters.portfolio import write_portfolio

    wallet = wallet_of(run)
    rows, left_out = _selected(run, wallet, names)
    presentation = _presentation(run, wallet, rows, person, () if no_pathways else chosen, pathways=not no_pathways)
    presentation = replace(presentation, left_out=tuple(left_out.items()))
    path = write_portfolio(presentation, Path(output).expanduser(), force=force)
    _say(run, "portfolio", paths=[path], rows=rows, left_out=left_out, warnings=presentation.warnings)


@make(
    "certificate",
    examples=(
        "badgefolio export certificate 3f9a2c",
        "badgefolio export certificate 3f9a2c --paper letter -o water.pdf",
    ),
)
@badge_name()
@click.option("-o", "--output", metavar="FILE", help="Where to write (default: named after the badge).")
@click.option("--person", metavar="NAME", help="The name on the certificate (default: person in the settings).")
@click.option(
    "--paper", type=click.Choice(("a4", "letter")), default="a4", show_default=True, help="Size of the paper."
)
@click.option("--portrait", is_flag=True, help="Upright instead of landscape.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@with_run
def certificate(
    run: Run, *, name: str, output: str | None, person: str | None, paper: str, portrait: bool, force: bool
) -> None:
    """Write a PDF to print. It carries the badge itself, so importing the PDF's attachment gives the badge."""
    from exporters.certificate import write_certificate

    wallet = need_wallet(run, name)
    rows = resolve(run, [name])
    presentation = _presentation(run, wallet, rows, person, (), pathways=True)
    target = Path(output).expanduser() if output else Path(f"certificate-{presentation.badges[0].slug}.pdf")
    path = write_certificate(presentation, rows[0].id, target, paper=paper, landscape=not portrait, force=force)
    _say(run, "certificate", paths=[path], rows=rows, warnings=presentation.warnings)


@make("originals", examples=("badgefolio export originals -o my-badges", "badgefolio export originals 3f9a2c"))
@badge_names(required=False)
@click.option(
    "-o", "--output", metavar="DIR", default="originals", show_default=True, help="Folder to write to; made if needed."
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@with_run
def originals(run: Run, *, names: tuple[str, ...], output: str, force: bool) -> None:
    """Write the exact files that you brought, byte for byte. Without BADGE: all of them, hidden ones too."""
    from exporters.originals import planned, write_originals

    wallet = wallet_of(run)
    rows = resolve(run, names) if names else wallet.list_badges(hidden=True)
    if not rows:
        raise NotFoundError("There is no badge to export; nothing was written.", HOW_TO_BEGIN)
    written = write_originals(wallet, planned(wallet, rows), Path(output).expanduser(), force=force)
    _say(run, "originals", paths=written, rows=rows)


def _selected(run: Run, wallet: Wallet, names: Sequence[str]) -> tuple[tuple[BadgeRow, ...], Counter[str]]:
    """The badges to show, and how many were left out for which reason."""
    if names:
        return resolve(run, names), Counter()
    everything = wallet.list_badges(hidden=True)
    rows, left_out = for_show(everything)
    if not rows:
        what = f" ({plural(len(everything), 'badge')} left out)" if everything else ""
        raise NotFoundError(f"There is no badge to export{what}; nothing was written.", HOW_TO_BEGIN)
    return rows, left_out


def _presentation(
    run: Run, wallet: Wallet, rows: Sequence[BadgeRow], person: str | None, chosen: Sequence[str], *, pathways: bool
) -> Presentation:
    from exporters.presentation import build

    return build(
        wallet,
        [row.id for row in rows],
        person=person or run.config.person,
        now=moment(run.now),
        pathways=figures(run, chosen) if pathways else (),
        language=run.config.language,
    )


def _say(
    run: Run,
    kind: str,
    *,
    paths: Sequence[Path],
    rows: Sequence[BadgeRow],
    left_out: Counter[str] | None = None,
    warnings: Sequence[str] = (),
) -> None:
    if run.out.json_form:
        files: list[Json] = [
            {"path": str(path), "bytes": path.stat().st_size, "sha256": sha256(path.read_bytes()).hexdigest()}
            for path in paths
        ]
        run.out.json(
            {
                "format": "badgefolio-export/1",
                "kind": kind,
                "files": files,
                "badges": [row.id for row in rows],
                "left_out": dict(left_out or {}),
                "warnings": list(warnings),
                "bundle": None,
            }
        )
    for path in paths:
        run.out.fact("written", str(path))
    run.err.note(f"{kind}: {plural(len(rows), 'badge')}.")
    if left_out:
        run.err.note(f"Left out: {counted(left_out)}. Name a badge to show it all the same.")
    for warning in warnings:
        run.err.note(f"Beware: {warning}")


for _made in (portfolio, certificate, originals, bundle):
    command.add_command(_made)
