"""Paints one picture and makes its files' content; runs in worker processes, so nothing here knows Django."""

from __future__ import annotations

import hashlib
import io
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from shop.catalogue.picture_files import WEBP_QUALITY, PictureFacts, PreparedPicture, rendition_widths
from shop.demo.painting.studio import paint_picture

if TYPE_CHECKING:
    from shop.demo.painting.design import Design

JPEG_QUALITY = 93
WEBP_EFFORT = 2
"""Of 6. Painted pictures come out a twentieth larger than with the shop's usual 4, in a third of the time."""


@dataclass(frozen=True)
class Sitting:
    """One picture to paint: whose, of what, from how near."""

    item_id: str
    position: int
    design: Design
    close_up: bool


def leave_ctrl_c_alone() -> None:
    """The parent decides what Ctrl-C means; a worker that died of it would only add a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def paint(sitting: Sitting) -> PreparedPicture:
    """Paint one picture and make its renditions, all in memory.

    The picture is our own, so it needs none of the checks an upload goes through.
    """
    picture = paint_picture(sitting.design, close_up=sitting.close_up)
    original = io.BytesIO()
    picture.save(original, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    widths = rendition_widths(picture.width)
    return PreparedPicture(
        facts=PictureFacts(
            checksum=hashlib.sha256(original.getvalue()).hexdigest(),
            extension=".jpg",
            width=picture.width,
            height=picture.height,
            renditions=widths,
        ),
        original=original.getvalue(),
        encoded=tuple(_rendition(picture, width) for width in widths),
    )


def _rendition(picture: Image.Image, width: int) -> bytes:
    """The picture as WebP, ``width`` pixels wide."""
    if width != picture.width:
        picture = picture.resize((width, width), Image.Resampling.HAMMING)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
    return out.getvalue()
