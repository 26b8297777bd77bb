"""Downloads the pictures of items that have addresses but no pictures yet.

The manners are those of ``downloading``. A failed address is reported and
never stops the others; an item is done when at least one picture is saved, so
a second run goes on where the first ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from django.db import transaction

from shop.catalogue.models import Item
from shop.catalogue.pictures import PictureRefused, limits, picture_save
from shop.importing.downloading import Fetcher, FetchFailed, found_ahead
from shop.progress import track

Files = list[tuple[str, bytes | FetchFailed]]


@dataclass(slots=True)
class FetchResult:
    """How a run went: items that got pictures, pictures saved, and each failed address with its problem."""

    items: int = 0
    pictures: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)


def images_fetch(fetcher: Fetcher, *, limit: int | None, concurrency: int) -> FetchResult:
    """Download and save pictures for items that have addresses but no picture.

    Args:
        fetcher: Gets the files.
        limit: At most so many items; all of them where None.
        concurrency: Downloads at a time.
    """
    waiting = Item.objects.filter(images=None).exclude(image_urls=[]).order_by("id")
    items = list(waiting.only("id", "item_id", "image_urls")[:limit])
    result = FetchResult()
    download = partial(_files_of, fetcher, max_bytes=limits().max_bytes)
    downloads = found_ahead(download, items, concurrency=concurrency, stop=fetcher.stop)
    for item, files in track(downloads, total=len(items), what="Fetching pictures"):
        _save(item, files, result)
    return result


def _files_of(fetcher: Fetcher, item: Item, *, max_bytes: int) -> Files:
    """What each of an item's addresses gave."""
    files: Files = []
    for address in item.image_urls:
        try:
            files.append((address, fetcher.get(address, max_bytes=max_bytes)))
        except FetchFailed as failure:
            files.append((address, failure))
    return files


def _save(item: Item, files: Files, result: FetchResult) -> None:
    """Save an item's pictures, all good ones together."""
    saved = 0
    with transaction.atomic():
        for address, content in files:
            if isinstance(content, FetchFailed):
                result.failures.append((item.item_id, address, str(content)))
                continue
            try:
                picture_save(item=item, source=content)
            except PictureRefused as refused:
                result.failures.append((item.item_id, address, refused.problem))
                continue
            saved += 1
    result.pictures += saved
    result.items += saved > 0
