"""The file of `import --report`: what became of each item, as the JSON lines that `--json` prints."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from wallet.errors import UsageError
from wallet.model import Json
from wallet.text import clean

FORMAT = "badgefolio-import/1"
_HEAD = ('{"format": "' + FORMAT + '"').encode()


class ReportFile:
    """The file of `--report`, complete under its name or not there at all. After a stop it holds all that was told before."""

    def __init__(self, path: Path) -> None:
        """Raises `UsageError` where there is something else, or no folder that can be written to."""
        self.path = path.expanduser().resolve()
        self._file: tempfile._TemporaryFileWrapper[str] | None = None
        self._written = False
        if self.path.exists() and not self._is_ours():
            raise UsageError(
                f"{clean(str(path), limit=200)} exists and is no report of an import.",
                "Name another file for --report; nothing was changed.",
            )

    def _is_ours(self) -> bool:
        try:
            with self.path.open("rb") as file:
                head = file.read(len(_HEAD))
        except OSError:
            return False
        return head in (_HEAD, b"")

    def is_at(self, source: str) -> bool:
        """Whether this is the report of an earlier run, lying in the folder that is brought in."""
        return source.endswith(self.path.name) and Path(source).resolve() == self.path

    def __enter__(self) -> ReportFile:
        """Raises `UsageError`."""
        try:
            self._file = tempfile.NamedTemporaryFile(
                "w", encoding="ascii", newline="\n", prefix=f".{self.path.name}.", dir=self.path.parent, delete=False
            )
        except OSError as error:
            raise UsageError(
                f"The report cannot be written to {clean(str(self.path.parent), limit=200)}: {clean(error.strerror or '')}.",
                "Name a file in a folder that exists and is yours; nothing was changed.",
            ) from error
        return self

    def write(self, document: Mapping[str, Json]) -> None:
        """One line."""
        if self._file is not None:
            self._file.write(json.dumps(document, ensure_ascii=True) + "\n")
            self._written = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put it in its place; a run that failed before anything was told leaves the earlier report."""
        if self._file is None:
            return
        part = Path(self._file.name)
        try:
            with self._file:
                self._file.flush()
                os.fsync(self._file.fileno())
            if kind is None or self._written:
                part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)
