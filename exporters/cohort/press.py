"""Sets a letter with Typst, as PDF/UA-1 and PDF/A-3a. All foreign text arrives as data and is never run."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from exporters.fonts import FAMILIES, fonts, missing
from wallet.errors import ExportError
from wallet.model import Json
from wallet.text import clean

_TEMPLATE = Path(__file__).with_name("letter.typ")
_STANDARDS = ("ua-1", "a-3a")
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


def typeset(data: Mapping[str, Json], texts: Sequence[tuple[str, str]], *, moment: datetime) -> bytes:
    """The PDF. A character that the font packages lack is looked for among this computer's own fonts.

    Raises `FontMissingError` where none has it, and `ExportError` for anything else.
    """
    import typst

    undrawn: list[str] = []
    for system in (False, True):
        try:
            return _compile({**data, "fonts": list(FAMILIES)}, moment, system=system)
        except typst.TypstError as error:
            undrawn = _UNDRAWN.findall(error.diagnostic)
            if not undrawn:
                raise ExportError(
                    f"No letter could be set: {clean(error.message)}.",
                    "Write it as Markdown or HTML, and tell the makers of badgefolio.",
                ) from error
    raise missing(undrawn, texts)


def _compile(data: Mapping[str, Json], moment: datetime, *, system: bool) -> bytes:
    import typst

    # A folder that holds nothing but the template: there is nothing else that a document could read.
    with tempfile.TemporaryDirectory(prefix="badgefolio-letter-") as folder:
        main = Path(folder, "main.typ")
        main.write_bytes(_TEMPLATE.read_bytes())
        made = typst.Compiler(str(main), root=folder, font_paths=fonts(system=system)).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=list(_STANDARDS),  # type: ignore[arg-type]  # typst types each name as a literal
            timestamp=int(moment.timestamp()),
        )
    assert isinstance(made, bytes)
    return made
