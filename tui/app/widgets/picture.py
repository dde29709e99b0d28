"""A badge's picture in the terminal, drawn with half cells or the terminal's own graphics; its name stands beside it anyway.

`textual-image` asks the terminal what it can do when it is imported, so `prepare` is called before the app runs.
Decoding happens in a worker, under the caps of `exporters.pictures`; what cannot be drawn leaves the place empty.
"""

from __future__ import annotations

import io
import logging
import os
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.widget import Widget

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

#: Pixels that are kept for drawing: about four times what half cells of the picture's place can show.
SIDE_PIXELS = 320


def prepare() -> None:
    """Let the drawing library ask the terminal its questions while it still may."""
    if pictures_wanted():
        # A terminal that does not answer is no news for anybody; without a handler the library would print a traceback.
        logging.getLogger("textual_image").addHandler(logging.NullHandler())
        import textual_image.widget  # noqa: F401 - importing it is what asks


def pictures_wanted() -> bool:
    """Off where colours are not wanted or the terminal has none."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in ("dumb", "linux")


def decode(data: bytes, ground: str) -> PilImage | None:
    """The picture, made small, on the colour `ground` (`#rrggbb`); None when it cannot be drawn safely."""
    from PIL import Image  # 60 ms, and the first frame does not need it

    from exporters.pictures import raster

    png = raster(data, side=SIDE_PIXELS)
    if png is None:
        return None
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:  # made by us a line above
        layer = opened.convert("RGBA")
    # Its place on the screen is square: a picture that is not must not be stretched to fill it.
    side = max(layer.size)
    under = Image.new("RGBA", (side, side), ground)
    under.alpha_composite(layer, ((side - layer.width) // 2, (side - layer.height) // 2))
    return under.convert("RGB")


class Picture(Container):
    """The place of a picture. Empty until `show` is called with one."""

    def show(self, image: PilImage | None) -> None:
        """Draw `image`, or nothing."""
        self.remove_children()
        self.display = image is not None
        if image is not None:
            self.mount(_widget(image))


def _widget(image: PilImage) -> Widget:
    from textual_image.renderable import Image as Best
    from textual_image.renderable import SixelImage, TGPImage
    from textual_image.widget import HalfcellImage, Image

    # Multiplexers swallow graphics protocols; half cells work wherever there are colours.
    multiplexed = bool(os.environ.get("TMUX")) or os.environ.get("TERM", "").startswith(("screen", "tmux"))
    return Image(image) if Best in (SixelImage, TGPImage) and not multiplexed else HalfcellImage(image)
