"""Prints certificates with Typst: one set of fonts and one compiler for as many documents as are wanted.

Each document is drawn from a private folder that holds only its own files, so that nothing inside a foreign picture can
reach anything else. Compiled as PDF/UA-1 and PDF/A-3a, which refuse a picture without words and a letter without a glyph.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from exporters.certificate.data import attachment, template_data, texts_of
from exporters.certificate.qr import qr_svg
from exporters.fonts import FAMILIES, fonts, missing
from exporters.model import BadgeShown, Presentation
from wallet.errors import ExportError
from wallet.model import Json
from wallet.text import clean

if TYPE_CHECKING:
    import typst

STANDARDS: tuple[str, ...] = ("ua-1", "a-3a")
_TEMPLATE = Path(__file__).with_name("certificate.typ")
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class Press:
    """A context manager; `certificate` may be called any number of times. Not for several threads at once."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="badgefolio-press-")  # made with mode 0700
        self._root = Path(self._folder.name)
        self._compilers: dict[bool, typst.Compiler] = {}

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._compilers.clear()
        self._folder.cleanup()

    def certificate(
        self, presentation: Presentation, badge: BadgeShown, *, paper: str = "a4", landscape: bool = True
    ) -> bytes:
        """The PDF of one badge. Raises `FontMissingError` when no font has a character, `ExportError` otherwise."""
        import typst

        job = _Job(presentation, badge, paper, landscape)
        try:
            return self._compile(job, system=False)
        except _Undrawn:
            try:
                return self._compile(job, system=True)
            except _Undrawn as error:
                raise missing(error.characters, texts_of(presentation, badge)) from error.__cause__
        except typst.TypstError as error:
            raise ExportError(
                f'No certificate could be made for "{badge.name}": {clean(error.message)}.',
                "The badge itself is unharmed; export it as part of a portfolio, and tell the makers of badgefolio.",
            ) from error

    def _compile(self, job: _Job, *, system: bool) -> bytes:
        """One document. Raises `_Undrawn` when the fonts at hand lack a character."""
        import typst

        self._clear()
        badge = job.badge
        self._root.joinpath("main.typ").write_bytes(_TEMPLATE.read_bytes())
        picture_path = None
        if badge.picture is not None:
            picture_path = "/picture.png"
            self._root.joinpath("picture.png").write_bytes(badge.picture.data)
        qr_path = None
        if badge.verify_url is not None and (code := qr_svg(badge.verify_url)) is not None:
            qr_path = "/qr.svg"
            self._root.joinpath("qr.svg").write_bytes(code)
        attachments: list[Json] = []
        for number, original in enumerate(badge.originals):
            self._root.joinpath(f"original-{number}").write_bytes(original.data)
            attachments.append(attachment(original, f"/original-{number}", signed=badge.signed))
        data = template_data(
            job.presentation,
            badge,
            paper=job.paper,
            landscape=job.landscape,
            picture=picture_path,
            qr=qr_path,
            attachments=attachments,
            families=FAMILIES,
            system_fonts=system,
        )
        try:
            pdf = self._compiler(system=system).compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                pdf_standards=list(STANDARDS),  # type: ignore[arg-type]  # typst types each name as a literal
                timestamp=int(job.presentation.now.timestamp()),
            )
        except typst.TypstError as error:
            if undrawn := _UNDRAWN.findall(error.diagnostic):
                raise _Undrawn(tuple(undrawn)) from error
            raise
        assert isinstance(pdf, bytes)
        return pdf

    def _compiler(self, *, system: bool) -> typst.Compiler:
        import typst

        if system not in self._compilers:
            self._compilers[system] = typst.Compiler(
                str(self._root / "main.typ"), root=str(self._root), font_paths=fonts(system=system)
            )
        return self._compilers[system]

    def _clear(self) -> None:
        for path in self._root.iterdir():
            path.unlink()


@dataclass(frozen=True, slots=True)
class _Job:
    presentation: Presentation
    badge: BadgeShown
    paper: str
    landscape: bool


class _Undrawn(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    """Texts that the fonts at hand cannot draw."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__()
        self.characters = characters
