"""Searching a folder of 2,000 files for badges, nothing kept or verified, beside reading and hashing the same files bare."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

from importers.find import iter_find
from tests.benchmarks.harness import Row, measure
from tests.generate.badges import assertion, encode, itxt, png, signed_assertion, svg, token

_FILES = 2_000
_BYTES = 24_000  # of a picture, as an issuer's usually has


def rows() -> list[Row]:
    """Pictures without a badge, and with one in JSON or as a token."""
    plain = png(size=_BYTES)
    narrative = "Measured, logged and explained. " * 45
    hosted = encode(assertion(narrative=narrative))
    signed = token(signed_assertion(narrative=narrative))
    drawing = svg(baked=False).replace(b"<circle", b'<path d="' + b"M1 2L3 4" * 2_000 + b'"/><circle')
    return [
        _row("PNG pictures without a badge", plain, 0, gate=2, stretch=1.5),
        _row("SVG pictures without a badge", drawing, 0, gate=2, stretch=1.5),
        _row("PNG pictures with a badge in JSON", _baked(plain, hosted), 1, gate=3.5, stretch=3),
        _row("PNG pictures with a signed badge", _baked(plain, signed), 1, gate=4, stretch=3),
    ]


def _baked(picture: bytes, text: bytes) -> bytes:
    return picture[:33] + itxt(text) + picture[33:]


def _row(what: str, content: bytes, badges: int, *, gate: float, stretch: float) -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(_FILES):
            (folder / f"{number:05}").write_bytes(content)

        def bare() -> None:
            for path in sorted(folder.iterdir()):
                sha256(path.read_bytes()).hexdigest()

        def product() -> None:
            found = sum(len(report.found) for report in iter_find([folder]))
            if found != badges * _FILES:
                raise AssertionError(f"{found} badges were found")

        return measure(f"search {_FILES:,} {what}, beside bare read + hash", bare, product, gate=gate, stretch=stretch)
