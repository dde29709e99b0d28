"""Markdown that issuers write, made fit for print: blocks of text for paper, allow-listed HTML for a page.

Raw HTML stays text, pictures are dropped (they could tell their host who reads), links keep http, https and mailto only.
Nothing here raises on what an issuer wrote: whatever is not understood is shown as text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from exporters.words import public_link
from wallet.text import clean

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NARRATIVE_CHARACTERS = 20_000
_NESTING = 20
_TAGS = {"p", "em", "strong", "ul", "ol", "li", "code", "pre", "blockquote", "br", "a", "h4", "h5", "h6"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one manner of writing."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or an item of a list; `mark` is what stands before it."""

    spans: tuple[Span, ...]
    mark: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Narrative:
    """One text in two dresses. `html` is safe to put into a page as it is; blocks hold clean text."""

    html: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The bare words, one paragraph a line."""
        return "\n".join("".join(span.text for span in block.spans) for block in self.blocks)


def narrative(markdown: str) -> Narrative | None:
    """`markdown` made fit for print, or None when it has no text."""
    text = clean(markdown, lines=True, limit=NARRATIVE_CHARACTERS)
    if not text.strip():
        return None
    tokens = _parser().parse(text)
    for token in tokens:
        token.content = _cleaned(token.content)
        for child in token.children or []:
            if child.type == "image":  # what it shows stays, as words; the picture itself never loads
                child.type, child.tag, child.nesting, child.children = "text", "", 0, None
            child.content = _cleaned(child.content)
    return Narrative(html=_html(tokens), blocks=_blocks(tokens))


def _cleaned(content: str) -> str:
    """What parsing made of the text, cleaned again: `&#x202e;` was six harmless letters before it became a character."""
    return clean(content, lines=True, limit=NARRATIVE_CHARACTERS) if content else content


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 25 ms; a list of badges without narratives needs none of it

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING})
    parser.enable("table")
    return parser


def _html(tokens: Sequence[Token]) -> str:
    import nh3

    for token in tokens:
        # The page has its own h1 to h3; what an issuer writes stands below them.
        if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            token.tag = f"h{min(int(token.tag[1]) + 3, 6)}"
    drawn = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        drawn,
        tags=_TAGS | _TABLE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
        attribute_filter=_keep_link,
    ).strip()


def _keep_link(_tag: str, _attribute: str, value: str) -> str | None:
    return value if value.startswith("mailto:") else public_link(value)


def _blocks(tokens: Sequence[Token]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    lists: list[int | None] = []
    mark = ""
    heading = False
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            start = token.attrGet("start")
            lists.append((start if isinstance(start, int) else 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1] if lists else None
            mark = "•" if number is None else f"{number}."
            if number is not None:
                lists[-1] = number + 1
        elif token.type == "heading_open":
            heading = True
        elif token.type == "heading_close":
            heading = False
        elif token.type == "inline":
            spans = _spans(token.children or [], strong=heading)
            if spans:
                blocks.append(Block(spans, mark, len(lists)))
                mark = ""
        elif token.type in ("fence", "code_block") and token.content.strip():
            blocks.append(Block((Span(token.content.strip()),), mark, len(lists)))
            mark = ""
    return tuple(blocks)


def _spans(children: Sequence[Token], *, strong: bool) -> tuple[Span, ...]:
    spans: list[Span] = []
    bold, slanted = int(strong), 0
    steps: dict[str, Callable[[], tuple[int, int]]] = {
        "strong_open": lambda: (1, 0),
        "strong_close": lambda: (-1, 0),
        "em_open": lambda: (0, 1),
        "em_close": lambda: (0, -1),
    }
    for token in children:
        if token.type in steps:
            more_bold, more_slanted = steps[token.type]()
            bold, slanted = bold + more_bold, slanted + more_slanted
        text = " " if token.type in ("softbreak", "hardbreak") else token.content
        if text and token.type in ("text", "code_inline", "softbreak", "hardbreak", "html_inline", "text_special"):
            spans.append(Span(text, bold > 0, slanted > 0))
    return tuple(spans) if any(span.text.strip() for span in spans) else ()
