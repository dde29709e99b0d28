"""Documents that many learners' badges rest on and that name nobody: achievements, issuers, their keys and pictures.

Kept once for the cohort. Who uses which is noted with each learner, so that what only one of them used goes when they do: an
address of an achievement may have been made for one person. Revocation lists are never kept (advisor.md section 4).
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from wallet.cohort.kept import document_name, read_document, write_document
from wallet.fetch.base import Fetched
from wallet.store.disk import Disk
from wallet.verify.report import Role

ROLES = frozenset({Role.ACHIEVEMENT, Role.ISSUER, Role.KEY, Role.ACHIEVEMENT_IMAGE, Role.ISSUER_IMAGE})
#: How many answers are kept at hand.
_AT_HAND = 2_000


class Shared:
    """The directory of shared documents. One thread uses it."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path, self._disk = path, disk
        self._known: dict[str, Fetched | None] = {}
        self._digests: dict[str, str] | None = None

    def document(self, url: str) -> Fetched | None:
        """The kept answer for this URL."""
        if url not in self._known:
            if len(self._known) >= _AT_HAND:
                self._known.clear()
            self._known[url] = read_document(self._bytes(document_name(url)))
        return self._known[url]

    def put(self, fetched: Fetched) -> None:
        """Keep an answer in place of an older one."""
        name, content = document_name(fetched.url), write_document(fetched)
        digests = self._all()
        self._disk.replace(self._path / name, content, durable=False)
        digests[name] = sha256(content).hexdigest()
        self._known[fetched.url] = fetched

    def digest(self, name: str) -> str:
        """The sha256 of the document of that name, "" while there is none."""
        return self._all().get(name, "")

    def _all(self) -> dict[str, str]:
        if self._digests is None:
            names = [path.name for path in self._path.iterdir() if path.name[:1] != "."]
            contents = ((name, self._bytes(name)) for name in names)
            self._digests = {name: sha256(content).hexdigest() for name, content in contents if content is not None}
        return self._digests

    def keep(self, names: Collection[str]) -> None:
        """Keep these documents and remove all others."""
        for name in self._all().keys() - names:
            self._disk.unlink(self._path / name)
        self._known.clear()
        self._digests = None

    def _bytes(self, name: str) -> bytes | None:
        try:
            return self._disk.read(self._path / name)
        except OSError:
            return None
