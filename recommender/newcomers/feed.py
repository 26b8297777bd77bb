"""Reads from the shop which items changed, and what they say and show now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from recommender.item_words import WORD_FIELDS, category_words, content_mark, item_words
from shop.catalogue.hooks import items_changed_since
from shop.catalogue.models import Category, Item, ItemImage
from shop.catalogue.pictures import smallest_rendition_path

# A change carries the time at which it was made and can be seen once it is committed. Looking back a little finds
# those that were committed out of turn; looking back far, now and then, those of a long import.
LOOK_BACK = timedelta(seconds=5)
LOOK_FAR_BACK = timedelta(hours=1)
FAR_EVERY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedItem:
    """An item as it is now.

    Attributes:
        key: Its database key.
        item_id: Its public id.
        published: Whether it may be recommended: it may be seen, and is no variant of another item.
        words: All that is written about it.
        category: The path of its category, empty for none.
        created: Seconds since 1970.
        pictures: The files of its pictures.
        mark: What its words and pictures are known by.
    """

    key: int
    item_id: str
    published: bool
    words: str
    category: str
    created: float
    pictures: tuple[Path, ...]
    mark: int


class ChangeFeed:
    """Tells which items changed since it was last asked.

    Args:
        since: The moment from which changes count; a little before it is looked at too.
    """

    def __init__(self, since: datetime) -> None:
        self._newest = since
        self._start = since - LOOK_FAR_BACK
        self._seen: dict[int, datetime] = {}
        self._highest_key = 0
        self._looks = 0

    def changed(self) -> list[int]:
        """The database keys of items that changed, each once; a changed item may be told again after a restart.

        Raises:
            django.db.DatabaseError: the database cannot be asked now.
        """
        far = self._looks % FAR_EVERY == 0
        start = max(self._newest - (LOOK_FAR_BACK if far else LOOK_BACK), self._start)
        rows = list(items_changed_since(start).values_list("pk", "updated_at"))
        if self._looks:  # a new item that could be seen late has at least a new key
            rows += Item.objects.filter(pk__gt=self._highest_key).values_list("pk", "updated_at")
        else:
            self._highest_key = Item.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._looks += 1
        fresh = {key: moment for key, moment in rows if self._seen.get(key) != moment}
        self._seen |= fresh
        if rows:
            self._newest = max(self._newest, *(moment for _key, moment in rows))
            self._highest_key = max(self._highest_key, *(key for key, _moment in rows))
        if far:  # what is older is not looked at again
            oldest = self._newest - LOOK_FAR_BACK
            self._seen = {key: moment for key, moment in self._seen.items() if moment >= oldest}
        return list(fresh)


def read_items(keys: Sequence[int], *, picture_size: int) -> list[ChangedItem]:
    """These items as they are now, those that are gone left out.

    Args:
        keys: Database keys.
        picture_size: Pixels across that pictures are needed at.
    """
    rows = list(
        Item.objects.filter(pk__in=keys)
        .order_by("pk")
        .values_list("pk", "item_id", "published", "created_at", "category_id", "variant_of_id", *WORD_FIELDS)
    )
    paths, names = _categories({row[4] for row in rows if row[4] is not None})
    files: dict[int, list[Path]] = {}
    checksums: dict[int, list[str]] = {}
    for image in ItemImage.objects.filter(item_id__in=[row[0] for row in rows]).order_by("item_id", "position", "id"):
        files.setdefault(image.item_id, []).append(smallest_rendition_path(image, picture_size))
        checksums.setdefault(image.item_id, []).append(image.checksum)
    found = []
    for key, item_id, published, created, category, head, *fields in rows:
        words = item_words(tuple(fields), category_words(paths, names, category))
        found.append(
            ChangedItem(
                key=key,
                item_id=item_id,
                published=published and head is None,
                words=words,
                category=paths.get(category, ""),
                created=created.timestamp(),
                pictures=tuple(files.get(key, ())),
                mark=content_mark(words, checksums.get(key, ())),
            )
        )
    return found


def still_there(keys: Iterable[int]) -> set[int]:
    """Those of the database keys that items still have."""
    return set(Item.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))


def _categories(keys: Iterable[int]) -> tuple[dict[int, str], dict[int, str]]:
    """The paths and the names of categories by key."""
    rows = list(Category.objects.filter(pk__in=list(keys)).values_list("pk", "path", "name"))
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
