"""Finds badges baked into PNG pictures, and says how they were baked. Nothing is drawn here and nothing is judged.

The chunks are walked by `wallet.documents.png`, which the verifier uses too.
"""

from __future__ import annotations

from collections.abc import Callable

from importers.context import Context, merge
from importers.refusals import refuse
from wallet.documents.png import SIGNATURE, TEXT_TYPES, BakedText, read_chunks, read_text_chunk
from wallet.found import Carrier, ImportReport, Note

__all__ = ["SIGNATURE", "read_chunks", "read_png"]


def read_png(data: bytes, context: Context, read_text: Callable[[bytes, Context], ImportReport]) -> ImportReport:
    """All badges in the text chunks of `data`. `read_text` recognises what a chunk says."""
    texts: list[tuple[BakedText, bool]] = []
    room = context.limits.png_text_bytes
    late = damaged = cut = False
    end: int | None = None
    for number, chunk in enumerate(read_chunks(data)):
        if number >= context.limits.png_chunks or len(texts) > context.limits.finds:
            cut = True
            break
        if end is None:
            damaged = damaged or not chunk.crc_ok
            cut = not chunk.whole
            late = late or chunk.type == b"IDAT"
            if chunk.type == b"IEND" and chunk.whole:
                end = chunk.offset + 12 + len(chunk.body)
        if chunk.type in TEXT_TYPES and chunk.whole:
            baked = read_text_chunk(chunk, room)
            if baked is not None:
                room -= len(baked.text) if baked.compressed and baked.text is not None else 0
                texts.append((baked, late))
    if not texts:
        if cut:
            too_long = "a part of it claims to be longer than the file, or it has far too many parts"
            return refuse(context, "picture-damaged", f"PNG picture ({too_long})")
        if end is None:
            return refuse(context, "picture-damaged", "PNG picture (its end is missing)")
        return refuse(context, "no-credential-in-image", "PNG")
    notes: list[Note] = []
    if damaged or end is None:
        notes.append(Note("chunk-damaged", "a part of the picture has a wrong checksum or length"))
    if end is not None and len(data) > end:
        notes.append(Note("data-after-iend", "there are bytes after the end of the picture"))
    return _read_payloads(data, texts, notes, context, read_text)


def _read_payloads(
    data: bytes,
    texts: list[tuple[BakedText, bool]],
    notes: list[Note],
    context: Context,
    read_text: Callable[[bytes, Context], ImportReport],
) -> ImportReport:
    different = {baked.text for baked, _ in texts if baked.text is not None} if len(texts) > 1 else ()
    if len(different) > 1:
        notes.append(Note("several-credentials", f"the picture carries {len(different)} different ones"))
    reports: list[ImportReport] = []
    seen: set[bytes] = set()
    for number, (baked, late) in enumerate(texts, start=1):
        chunk = baked.chunk
        own = list(notes)
        if baked.compressed:
            own.append(Note("compressed-chunk", "the standard asks for an uncompressed text"))
        if late:
            own.append(Note("late-chunk", "the text stands after the image data"))
        if baked.transcoded:
            own.append(Note("not-utf8", "the text was Latin-1"))
        crc = "ok" if chunk.crc_ok else "wrong"
        step = f"PNG {chunk.type.decode('ascii')} {baked.keyword} #{number} offset {chunk.offset} crc {crc}"
        inside = context.baked(Carrier.PNG, data, step, *own)
        if baked.text is None:
            reports.append(refuse(inside, "picture-damaged", f"PNG picture ({baked.problem})"))
        elif len(seen) >= context.limits.finds:
            reports.append(refuse(context, "too-many", f"the limit is {context.limits.finds:,}"))
            break
        elif baked.text not in seen:
            seen.add(baked.text)
            reports.append(read_text(baked.text, inside))
    return merge(reports)
