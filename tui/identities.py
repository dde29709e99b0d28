"""Reading `email:ada@students.example` as an identity. Pure."""

from __future__ import annotations

import re

from wallet.errors import UsageError
from wallet.model import Identity, IdentityType
from wallet.text import clean

_REMEDY = "Write it as email:ada@students.example, url:https://ada.example/, telephone:+441632960123 or id:IRI."
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def read_identity(text: str) -> Identity:
    """The identity that `text` names; an address alone is an e-mail address."""
    text = text.strip()
    kind, colon, value = text.partition(":")
    if not colon and _MAIL.fullmatch(text):
        return Identity(IdentityType.EMAIL.value, text)
    if kind not in tuple(IdentityType) or not value.strip():
        raise UsageError(f"'{clean(text, limit=80)}' is not an identity that badgefolio knows.", _REMEDY)
    if kind == IdentityType.EMAIL and not _MAIL.fullmatch(value):
        raise UsageError(f"'{clean(value, limit=80)}' is not an e-mail address.", _REMEDY)
    return Identity(kind, value.strip())
