"""What an issuer wrote in Markdown, as plain lines to read: no marks of emphasis, no links to press, no markup of ours."""

from __future__ import annotations

from wallet.text import ELLIPSIS, clean

_INDENT = "  "


def prose(markdown: str, *, limit: int) -> str:
    """Clean text of about `limit` characters at most: a paragraph or an item of a list on each line, lists indented."""
    if not markdown.strip():
        return ""
    from exporters.narrative import narrative  # brings the parser, which a badge without words does not need

    read = narrative(markdown[: limit * 2])
    lines = []
    for block in read.blocks if read is not None else ():
        words = "".join(span.text for span in block.spans)
        lead = f"{_INDENT * (block.level - 1)}{block.mark} " if block.mark else _INDENT * block.level
        # Again, because character references such as &#x202e; only now are what they stand for.
        lines.append(lead + clean(words, lines=True, limit=limit).strip())
    text = "\n".join(lines)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
