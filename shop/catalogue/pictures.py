"""Pictures of items: saving, replacing, serving and clearing away their files.

The hardening itself is in ``picture_files``; this module joins it to the rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from shop.catalogue import picture_files
from shop.catalogue.models import Item, ItemImage
from shop.catalogue.picture_files import PictureFacts, PictureLimits, PictureRefused, PreparedPicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

__all__ = [
    "PictureFacts",
    "PictureRefused",
    "PreparedPicture",
    "cover_refresh",
    "file_names",
    "open_picture",
    "picture_replace",
    "picture_save",
    "prepare_picture",
    "rendition_url",
    "smallest_rendition_path",
    "srcset",
]

Source = bytes | Path | BinaryIO | File  # type: ignore[type-arg]  # uploads are files of bytes


def limits() -> PictureLimits:
    """The limits of this shop, fit to be sent to a worker process."""
    return PictureLimits(max_bytes=settings.PICTURE_MAX_BYTES, max_pixels=settings.PICTURE_MAX_PIXELS)


def media_root() -> Path:
    """The folder that holds all uploaded files."""
    return Path(settings.MEDIA_ROOT)


def open_picture(source: Source, *, name: str = "", enough: int | None = None) -> Image.Image:
    """Decode a picture to 8-bit RGB, upright, first frame only, transparency on white.

    Args:
        source: Bytes, a path, an open binary file or an upload.
        name: What to call it in errors; an upload's or path's own name unless given.
        enough: Pixels across the shorter side that the caller needs; see ``picture_files.open_picture``.

    Raises:
        PictureRefused: It is no picture the shop can use.
    """
    return picture_files.open_picture(_plain(source), limits=limits(), name=name or _name_of(source), enough=enough)


def prepare_picture(source: Source, *, name: str = "") -> PreparedPicture:
    """Check a picture and make its renditions in memory; see ``picture_files.prepare_picture``.

    Raises:
        PictureRefused: It is no picture the shop can use.
    """
    return picture_files.prepare_picture(_plain(source), limits=limits(), name=name or _name_of(source))


def picture_save(*, item: Item, source: Source, position: int | None = None, alt_text: str = "") -> ItemImage:
    """Add a picture to an item: check it, make renditions, write files and row, set the cover.

    Args:
        item: Whose picture it is.
        source: Bytes, a path, an open binary file or an upload.
        position: Its place in the gallery; after the last one unless given.
        alt_text: What it shows, in words.

    Raises:
        PictureRefused: It is no picture the shop can use; nothing was written.
    """
    prepared = prepare_picture(source)
    prepared.write(media_root(), durable=True)
    with transaction.atomic():
        if position is None:
            last = item.images.order_by("-position").values_list("position", flat=True).first()
            position = 0 if last is None else last + 1
        image = ItemImage(item=item, position=position, alt_text=alt_text)
        take_facts(image, prepared.facts)
        image.save()
        item_touch(item)
    return image


def picture_replace(*, image: ItemImage, source: Source) -> ItemImage:
    """Put another picture in the place of this one; the old files go once nothing uses them.

    Raises:
        PictureRefused: The new one is no picture the shop can use; the old one stays.
    """
    prepared = prepare_picture(source)
    prepared.write(media_root(), durable=True)
    with transaction.atomic():
        take_facts(image, prepared.facts)
        image.save()
        item_touch(image.item)
    return image


def take_facts(image: ItemImage, facts: PictureFacts) -> None:
    """Point the row at the files of ``facts``; doesn't save it."""
    image.file.name = facts.file_name
    image.checksum = facts.checksum
    image.width = facts.width
    image.height = facts.height
    image.renditions = list(facts.renditions)


def item_touch(item: Item) -> None:
    """Mark the item as changed now, for whoever follows changes."""
    Item.objects.filter(pk=item.pk).update(updated_at=timezone.now())


def cover_refresh(item_key: int) -> None:
    """Make the first picture in the gallery the cover; none where there are no pictures.

    Args:
        item_key: The item's database key.
    """
    first = ItemImage.objects.filter(item_id=item_key).order_by("position", "id").values_list("id", flat=True).first()
    Item.objects.filter(pk=item_key).exclude(cover_id=first).update(cover_id=first)


def rendition_url(image: ItemImage, width: int) -> str:
    """The address of the narrowest rendition at least ``width`` pixels wide, else of the widest."""
    if not image.renditions:
        return str(image.file.url)
    return str(image.file.storage.url(picture_files.rendition_name(str(image.file.name), _at_least(image, width))))


def srcset(image: ItemImage) -> str:
    """The ``srcset`` attribute: every rendition with its width."""
    return ", ".join(f"{rendition_url(image, width)} {width}w" for width in image.renditions)


def smallest_rendition_path(image: ItemImage, at_least: int) -> Path:
    """The file of the narrowest rendition at least so many pixels wide, else of the widest.

    Args:
        image: The picture.
        at_least: Pixels across that the reader needs.
    """
    if not image.renditions:
        return media_root() / str(image.file.name)
    return media_root() / picture_files.rendition_name(str(image.file.name), _at_least(image, at_least))


def file_names(image: ItemImage) -> tuple[str, ...]:
    """All files of a picture as paths below the media folder: the original and its renditions."""
    name = str(image.file.name)
    return (name, *(picture_files.rendition_name(name, width) for width in image.renditions))


def _at_least(image: ItemImage, width: int) -> int:
    """The narrowest rendition that is wide enough, else the widest."""
    return int(next((step for step in image.renditions if step >= width), image.renditions[-1]))


def _name_of(source: Source) -> str:
    """The name a file came with; for errors and for its extension, never for a place on the disk."""
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) else ""


def _plain(source: Source) -> bytes | Path | BinaryIO:
    """The source from its beginning, as ``picture_files`` takes it."""
    if isinstance(source, (bytes, Path)):
        return source
    rewind: Callable[[int], object] = source.seek
    rewind(0)
    return source  # type: ignore[return-value]  # Django's File reads like a binary file
