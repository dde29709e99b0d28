"""Contexts by which documents older than Open Badges 2.0 are recognised. Their terms are read by `wallet.documents.legacy`."""

from __future__ import annotations

from typing import Final

#: Open Badges 1.1, and the context that 1.0 documents were given afterwards.
LEGACY_CONTEXTS: Final = frozenset(
    {
        "https://w3id.org/openbadges/v1",
        "https://openbadgespec.org/v1/context.json",
        "https://w3id.org/openbadges/legacy-v1",
        "https://openbadgespec.org/v1/legacy-v1.json",
        "https://openbadgespec.org/v0/context.json",
        # As the first drafts of 1.1 published it.
        "http://standard.openbadges.org/1.1/context.json",
        "https://standard.openbadges.org/1.1/context.json",
    }
)
