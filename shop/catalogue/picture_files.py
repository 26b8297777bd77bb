"""Opens pictures nobody vouches for, and makes the files a shop serves from them.

Nothing here knows Django, so that imports can run it in worker processes. A
picture is refused by the extension of its name, by its real format, by its
bytes and by its pixels (before it is decoded), and when it cannot be decoded
to the end. Files are named by the SHA-256 of what was uploaded, never by the
name it came with: ``items/ab/abcd….jpg`` and ``items/ab/abcd…-320.webp``.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from PIL import AvifImagePlugin, Image, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "items"
RENDITION_WIDTHS = (160, 320, 640, 1200)
# A rendition this close to the next wider one is not worth its file.
NEARLY = 0.9
WEBP_QUALITY = 82
EXTENSIONS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
# Pillow's name of a format -> the extension its file gets, whatever its name said.
FORMATS = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "AVIF": ".avif",
}
# What Pillow's decoders raise on files that are cut short or made to hurt.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    ZeroDivisionError,
    MemoryError,
    struct.error,
    zlib.error,
)
# Pillow opens only what it has loaded; naming the plugins also keeps its obscure decoders out of reach.
OPENED = (
    "JPEG",
    "PNG",
    "GIF",
    "BMP",
    WebPImagePlugin.WebPImageFile.format,
    TiffImagePlugin.TiffImageFile.format,
    AvifImagePlugin.AvifImageFile.format,
)
Image.preinit()
# What is only needed small and cannot be decoded smaller may have so many pixels: a visitor's picture is opened
# in a web worker, and some decoders take sixteen bytes a pixel.
MOST_WHOLE = 25_000_000
REDUCED_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})
SIXTEEN_BITS = 65_535
EIGHT_BITS = 255


class PictureRefused(ValueError):  # the house names errors for what went wrong
    """A file cannot be used as a picture; says which and why.

    Attributes:
        name: Of the file.
        pattern: Why, with names in braces for ``values``: what whoever speaks to a shopper can translate.
        values: What the pattern leaves open.
        problem: Why, in English.
    """

    def __init__(self, name: str, pattern: str, values: Mapping[str, object] | None = None) -> None:
        self.name = name
        self.pattern = pattern
        self.values = dict(values or {})
        # A pattern that leaves nothing open may name a file with braces in it.
        self.problem = pattern.format(**self.values) if self.values else pattern
        super().__init__(f"{name or 'the picture'}: {self.problem}")

    def __reduce__(self) -> tuple[type[PictureRefused], tuple[str, str, dict[str, object]]]:
        """All parts, so that the error survives the way back from a worker process."""
        return type(self), (self.name, self.pattern, self.values)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is still a picture: at most so many bytes of file and so many pixels."""

    max_bytes: int
    max_pixels: int


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the shop keeps in a row about one picture; its files follow from it.

    ``width`` and ``height`` are in pixels, after EXIF rotation; ``renditions``
    are the widths of the WebP files, smallest first.
    """

    checksum: str
    extension: str
    width: int
    height: int
    renditions: tuple[int, ...]

    @property
    def file_name(self) -> str:
        """The original's path below the media folder."""
        return f"{FOLDER}/{self.checksum[:2]}/{self.checksum}{self.extension}"

    @property
    def all_names(self) -> tuple[str, ...]:
        """The paths of the original and of all renditions below the media folder."""
        return (self.file_name, *(rendition_name(self.file_name, width) for width in self.renditions))


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture that was looked at and found good, with its files still in memory."""

    facts: PictureFacts
    original: bytes
    encoded: tuple[bytes, ...]

    def write(self, media_root: Path, *, durable: bool = False) -> None:
        """Put the files that aren't there yet in their places, each whole or not at all.

        Args:
            media_root: The media folder.
            durable: Also wait until the disk has them (a power cut loses nothing).
        """
        for name, content in zip(self.facts.all_names, (self.original, *self.encoded), strict=True):
            place = media_root / name
            if not place.exists():
                _write_whole(place, content, durable=durable)


def rendition_name(file_name: str, width: int) -> str:
    """The path of the WebP file ``width`` pixels wide that belongs to the original ``file_name``."""
    path = PurePosixPath(file_name)
    return str(path.with_name(f"{path.stem}-{width}.webp"))


def open_picture(
    source: bytes | Path | BinaryIO, *, limits: PictureLimits, name: str = "", enough: int | None = None
) -> Image.Image:
    """Decode a picture to 8-bit RGB, upright, first frame only, transparency on white.

    Args:
        source: The file's bytes, its path, or an open binary file.
        limits: Above which it is refused before it is decoded.
        name: What to call it in errors; its extension is checked where it has one.
        enough: Pixels across the shorter side that the caller needs; a larger picture comes out smaller
            then, in a fraction of time and memory. Whole where absent.

    Raises:
        PictureRefused: It is no picture the shop can use.
    """
    return _decode(_read(source, limits=limits, name=name), limits=limits, name=name, enough=enough)[0]


def prepare_picture(source: bytes | Path | BinaryIO, *, limits: PictureLimits, name: str = "") -> PreparedPicture:
    """Check a picture and make its renditions, without touching the disk.

    Deterministic: equal bytes give equal files. Safe in a process pool.

    Raises:
        PictureRefused: It is no picture the shop can use.
    """
    content = _read(source, limits=limits, name=name)
    picture, extension = _decode(content, limits=limits, name=name)
    widths = rendition_widths(picture.width)
    return PreparedPicture(
        facts=PictureFacts(
            checksum=hashlib.sha256(content).hexdigest(),
            extension=extension,
            width=picture.width,
            height=picture.height,
            renditions=widths,
        ),
        original=content,
        encoded=tuple(_encode(picture, width) for width in widths),
    )


def rendition_widths(width: int) -> tuple[int, ...]:
    """Which widths are made of a picture ``width`` pixels wide; never wider than it is."""
    widest = min(width, RENDITION_WIDTHS[-1])
    return (*(step for step in RENDITION_WIDTHS if step < widest * NEARLY), widest)


def _read(source: bytes | Path | BinaryIO, *, limits: PictureLimits, name: str) -> bytes:
    """The whole file, refused by extension and by size; a byte too much is read, never more."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix and suffix not in EXTENSIONS:
        raise PictureRefused(name, "files ending in {ending} are not taken as pictures", {"ending": suffix})
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, Path):
        with source.open("rb") as file:
            content = file.read(limits.max_bytes + 1)
    else:
        content = source.read(limits.max_bytes + 1)
    if not content:
        raise PictureRefused(name, "the file is empty")
    if len(content) > limits.max_bytes:
        raise PictureRefused(name, "the file is larger than {most:,} bytes", {"most": limits.max_bytes})
    return content


def _decode(content: bytes, *, limits: PictureLimits, name: str, enough: int | None = None) -> tuple[Image.Image, str]:
    """The picture as RGB and the extension of its real format."""
    try:
        with Image.open(io.BytesIO(content), formats=OPENED) as picture:
            _check_pixels(picture, limits=limits, name=name)
            extension = FORMATS[picture.format or ""]
            if enough is not None:
                picture.draft(None, (enough, enough))
                _check_pixels(picture, limits=replace(limits, max_pixels=min(limits.max_pixels, MOST_WHOLE)), name=name)
            picture.load()
            return _as_rgb(_upright(picture if enough is None else _reduced(picture, enough))), extension
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(name, "it has more than {most:,} pixels", {"most": limits.max_pixels}) from error
    except UnidentifiedImageError as error:
        raise PictureRefused(name, "it is not a picture") from error
    except DECODER_ERRORS as error:
        raise PictureRefused(name, "it is damaged or cut short ({error})", {"error": str(error)}) from error


def _check_pixels(picture: Image.Image, *, limits: PictureLimits, name: str) -> None:
    """Refuse a picture by the size its header tells, before any of it is decoded."""
    if picture.width * picture.height > limits.max_pixels:
        found = {"width": picture.width, "height": picture.height, "most": limits.max_pixels}
        raise PictureRefused(name, "{width} × {height} pixels are more than {most:,}", found)


def _reduced(picture: Image.Image, enough: int) -> Image.Image:
    """The picture in a whole fraction of its size, so that what follows copies little; palettes stay as they are."""
    factor = min(picture.size) // enough
    return picture.reduce(factor) if factor > 1 and picture.mode in REDUCED_MODES else picture


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF note says; a note that cannot be read is ignored."""
    try:
        return ImageOps.exif_transpose(picture)
    except DECODER_ERRORS:
        return picture


def _as_rgb(picture: Image.Image) -> Image.Image:
    """8-bit RGB from any mode; what shows through becomes white."""
    if picture.mode in {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}:
        return _from_deep_grey(picture).convert("RGB")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return picture.convert("RGB")


def _from_deep_grey(picture: Image.Image) -> Image.Image:
    """Grey with more than eight bits a pixel, scaled down instead of cut off at 255."""
    deep = picture.convert("F")
    highest = deep.getextrema()[1]
    if not isinstance(highest, (int, float)) or highest <= EIGHT_BITS:
        return deep.convert("L")
    scale = EIGHT_BITS / max(SIXTEEN_BITS, highest)
    return deep.point(lambda value: value * scale + 0).convert("L")


def _encode(picture: Image.Image, width: int) -> bytes:
    """The picture as WebP, ``width`` pixels wide."""
    if width != picture.width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=WEBP_QUALITY, method=4)
    return out.getvalue()


def _write_whole(place: Path, content: bytes, *, durable: bool) -> None:
    """Write beside the place, then rename: a reader or a crash never meets half a file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(place)
    finally:
        Path(draft).unlink(missing_ok=True)
