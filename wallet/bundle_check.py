"""Compares the files of a bundle with what its description lists: what differs, is missing, or was never listed. Pure.

This shows accidents and clumsy hands, no more: whoever can change a file can change the description as well. Whether a badge is
what its issuer issued is answered by verifying it, never by this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from wallet.bundle import MEMBER, SUMS, Bundle

DIFFERS, MISSING, UNREAD, UNLISTED = "differs", "missing", "unread", "unlisted"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What is odd about one file. code: one of those above. text: a sentence of ours. path: foreign text."""

    path: str
    code: str
    text: str

    @property
    def failed(self) -> bool:
        """Whether it speaks against the bundle; a file that nobody listed is only named."""
        return self.code != UNLISTED


@dataclass(frozen=True, slots=True)
class Held:
    """One file of a bundle, as far as it is compared: its bytes need not be kept for that."""

    sha256: str
    size: int

    @classmethod
    def of(cls, data: bytes) -> Held:
        """The file with these bytes."""
        return cls(sha256(data).hexdigest(), len(data))


def sums(contents: Mapping[str, bytes]) -> bytes:
    """`SHA256SUMS` for all of `contents`, as `sha256sum --check` reads it."""
    return _lines({name: sha256(data).hexdigest() for name, data in contents.items()})


def compare(
    bundle: Bundle | None, contents: Mapping[str, Held], listing: bytes | None, unread: Mapping[str, str] | None = None
) -> tuple[FileFinding, ...]:
    """Everything that is odd. bundle: None where the description cannot be read. listing: what `SHA256SUMS` says. unread: names
    and why.

    A file stands in two lists. Where these disagree, and the file is what one of them says, a list was changed and not the file.
    """
    unread = unread or {}
    digests = {name: held.sha256 for name, held in contents.items()}
    sizes = {file.path: file.size for file in bundle.files} if bundle is not None else {}
    listed = {file.path: file.sha256 for file in bundle.files} if bundle is not None else {}
    told = _told(listing)
    found = [FileFinding(name, UNREAD, f"It could not be read: {why}.") for name, why in sorted(unread.items())]
    if bundle is None:
        found.append(FileFinding(MEMBER, UNREAD, "The description of the bundle cannot be read."))
        listed = {name: digest for name, digest in told.items() if name != MEMBER}
    if SUMS not in contents and SUMS not in unread:
        found.append(FileFinding(SUMS, MISSING, "The list of digests is not in the bundle."))
    for name in sorted(listed.keys() - unread.keys()):
        digest = digests.get(name)
        if digest is None:
            found.append(FileFinding(name, MISSING, "It is listed, but not in the bundle."))
        elif digest not in (listed[name], told.get(name)):
            found.append(FileFinding(name, DIFFERS, "It is not the file that was listed: its sha256 is another one."))
        elif name in sizes and sizes[name] != contents[name].size:
            found.append(FileFinding(MEMBER, DIFFERS, "It gives a size that a file does not have."))
    if bundle is not None and listing is not None:
        expected = _lines({**listed, MEMBER: digests[MEMBER]})
        if expected != listing:
            text = f"{MEMBER} and {SUMS} do not agree, so one of the two was changed."
            found += [FileFinding(name, DIFFERS, text) for name in (MEMBER, SUMS)]
    for name in sorted(contents.keys() - {*listed, MEMBER, SUMS}):
        found.append(FileFinding(name, UNLISTED, "It is in the bundle, but not listed: nobody vouches for it."))
    return tuple(dict.fromkeys(found))


def _lines(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode("utf-8", "replace")


def _told(data: bytes | None) -> dict[str, str]:
    lines = (data or b"").decode("utf-8", "replace").splitlines()
    return {match[2]: match[1] for line in lines if (match := _LINE.fullmatch(line)) is not None}
