"""Narratives: what an issuer wrote in Markdown, made fit for a page and for paper."""

from __future__ import annotations

import unicodedata

import pytest

from exporters.narrative import narrative


@pytest.mark.parametrize("entity", ["&#x202e;", "&#x200b;", "&#x2028;", "&#27;", "&rlm;", "&#x2066;"])
@pytest.mark.parametrize(
    "around", ["plain {} text", "**bold {} text**", "a [link {} text](https://a.example/)", "![picture {} text](x)"]
)
def test_characters_written_as_entities_are_cleaned_as_well(entity: str, around: str) -> None:
    made = narrative(around.format(entity))
    assert made is not None
    for words in (made.html, made.text):
        assert not any(unicodedata.category(c) in ("Cf", "Cc", "Zl") and c != "\n" for c in words)
