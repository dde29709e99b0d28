"""Whether a text is a language tag by its form (BCP 47, RFC 5646 section 2.1). Which languages there are is not known here."""

from __future__ import annotations

import re

_LANGUAGE = r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
_SCRIPT_AND_REGION = r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
_VARIANTS = r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
_PRIVATE = r"[xX](?:-[A-Za-z0-9]{1,8})+"
_TAG = re.compile(rf"(?:{_LANGUAGE}{_SCRIPT_AND_REGION}{_VARIANTS}{_EXTENSIONS}(?:-{_PRIVATE})?|{_PRIVATE})\Z")


def is_language_tag(text: str) -> bool:
    """Whether `text` could name a language: `en`, `pt-BR`, `zh-Hant-TW`, `x-our-own`."""
    return _TAG.match(text) is not None
