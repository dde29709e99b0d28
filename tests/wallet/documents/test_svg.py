"""What a drawing may hold before it is read, and what of it is passed over."""

from __future__ import annotations

from wallet.documents.svg import parse_svg
from wallet.limits import LIMITS

_ROOT = b'<svg xmlns="http://www.w3.org/2000/svg"'


def test_a_long_picture_inside_a_drawing_with_letters_of_all_kinds_is_no_long_text() -> None:
    inside = b' a="data:image/png;base64,' + b"A" * (LIMITS.credential_bytes + 1) + b'"'
    drawing = _ROOT + inside + ' b="Grüße"/>'.encode()
    assert parse_svg(drawing, LIMITS).trouble == ""


def test_a_declaration_that_stands_in_another_file_is_passed_over() -> None:
    drawing = b'<!DOCTYPE svg SYSTEM "svg.dtd" [ %more; ]>' + _ROOT + b"/>"
    parsed = parse_svg(drawing, LIMITS)
    assert (parsed.trouble, parsed.root) == ("", "{http://www.w3.org/2000/svg}svg")
