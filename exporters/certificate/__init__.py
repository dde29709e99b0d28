"""A badge on paper: a PDF worth printing that also is the credential, because the exact originals are attached to it.

The verdict is printed with its date, the QR code leads to the issuer, and nothing claims more than the wallet's report. The
files are made as PDF/UA-1 and PDF/A-3a; nobody certified them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exporters.atomic import write_file
from exporters.model import BadgeShown, Presentation
from wallet.errors import ExportError, NotFoundError, UsageError
from wallet.progress import Event, Progress, silent

PAPERS = ("a4", "letter")


def render_certificate(
    presentation: Presentation, badge_id: str, *, paper: str = "a4", landscape: bool = True
) -> bytes:
    """The PDF of one badge of the presentation, by full id. The same presentation and fonts give the same bytes."""
    from exporters.certificate.press import Press  # typst loads in 20 ms and a 34 MB library

    with Press() as press:
        return press.certificate(presentation, _chosen(presentation, badge_id, paper), paper=paper, landscape=landscape)


def write_certificate(
    presentation: Presentation,
    badge_id: str,
    target: Path,
    *,
    paper: str = "a4",
    landscape: bool = True,
    force: bool = False,
) -> Path:
    """Write the PDF of one badge to `target`. Raises `FontMissingError`, `TargetExistsError`; never leaves half a file."""
    return write_file(target, render_certificate(presentation, badge_id, paper=paper, landscape=landscape), force=force)


def write_certificates(
    presentation: Presentation,
    badge_ids: Sequence[str],
    folder: Path,
    *,
    paper: str = "a4",
    landscape: bool = True,
    force: bool = False,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """One PDF a badge into `folder`, named after it. All are drawn before the first is written."""
    from exporters.certificate.press import Press

    badges = [_chosen(presentation, badge_id, paper) for badge_id in badge_ids]
    drawn: list[bytes] = []
    with Press() as press:
        for badge in badges:
            drawn.append(press.certificate(presentation, badge, paper=paper, landscape=landscape))
            progress(Event("certificates", len(drawn), len(badges)))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            "The folder for the certificates could not be made.", "Give a folder that you may write to."
        ) from error
    return tuple(
        write_file(folder / f"{badge.slug}.pdf", pdf, force=force) for badge, pdf in zip(badges, drawn, strict=True)
    )


def _chosen(presentation: Presentation, badge_id: str, paper: str) -> BadgeShown:
    if paper not in PAPERS:
        raise UsageError(f"There is no paper called so here; there is {' and '.join(PAPERS)}.", "Choose one of them.")
    badge = presentation.badge(badge_id)
    if badge is None:
        raise NotFoundError("This badge is not among those to be exported.", "Choose it for the export first.")
    return badge
