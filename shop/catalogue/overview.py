"""What every page shows of the whole catalogue: its categories, its size, its thing of the day.

Counting items per category reads the whole catalogue, so the answer is kept in
the cache for a minute: the number of queries of a page doesn't depend on it, and
a busy shop counts once a minute and worker, not once a page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from shop.catalogue.models import Category, Item, ItemImage

CACHE_KEY = "catalogue.overview.2"  # the number grows with the fields of ``Place``
SECONDS_KEPT = 60
FEATURED_CANDIDATES = 60
FEATURED_WIDTH = 400
FEW_ROOMS, MANY_ROOMS = 8, 24
HEAVY = (
    *("item__description", "item__attributes", "item__translations", "item__translated_text", "item__image_urls"),
    "item__facets",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A category with something in it.

    Attributes:
        key: Its database key.
        path: Its address in the tree.
        name: Its name in the shop's own language.
        translations: Its names in other languages, as ``Category.translations``.
        items: Published items in it and below it.
        cover: A picture that stands for it, where any of its items has one.
    """

    key: int
    path: str
    name: str
    translations: dict[str, Any]
    items: int
    cover: ItemImage | None = None

    @property
    def title(self) -> str:
        """The name in the language of the page."""
        return str(self.translations.get(get_language() or "", {}).get("name") or self.name)

    @property
    def parent_path(self) -> str:
        """The path of the category above; empty at the top."""
        return self.path.rpartition("/")[0]

    def get_absolute_url(self) -> str:
        """The page of this category."""
        return reverse("catalogue:category", kwargs={"path": self.path})


@dataclass(frozen=True, slots=True)
class Overview:
    """The catalogue at a glance. ``places`` are in the order of their paths."""

    places: tuple[Place, ...] = ()
    item_count: int = 0
    featured_id: int | None = None
    by_path: dict[str, Place] = field(default_factory=dict)

    @property
    def roots(self) -> list[Place]:
        """Categories at the top of the tree."""
        return self.below("")

    @property
    def rooms(self) -> list[Place]:
        """The categories to show as pictures: the second level where the first has few and that one isn't crowded."""
        roots = self.roots
        second = [place for root in roots for place in self.below(root.path) or [root]]
        return second if len(roots) < FEW_ROOMS and len(second) <= MANY_ROOMS else roots

    def below(self, path: str) -> list[Place]:
        """The categories right under ``path``."""
        return [place for place in self.places if place.parent_path == path]

    def way_to(self, path: str) -> list[Place]:
        """The categories from the top down to ``path``, itself included."""
        return [self.by_path[step] for step in steps_to(path) if step in self.by_path]


def catalogue_overview() -> Overview:
    """The catalogue at a glance, at most a minute old; three queries when it is not in the cache."""
    overview: Overview | None = cache.get(CACHE_KEY)
    if overview is None:
        overview = _read_overview()
        if overview.item_count:  # an empty shop is looked at again, so that its first items show at once
            cache.set(CACHE_KEY, overview, SECONDS_KEPT)
    return overview


def _read_overview() -> Overview:
    counts: defaultdict[str, int] = defaultdict(int)
    covers: dict[str, tuple[int, int]] = {}
    item_count = 0
    rows = (
        Item.objects.listed().order_by().values_list("category__path").annotate(items=Count("id"), cover=Min("cover"))
    )
    for path, items, cover in rows:
        item_count += items
        for step in steps_to(path or ""):
            counts[step] += items
            # The largest category below lends its picture.
            if cover is not None and items > covers.get(step, (0, 0))[0]:
                covers[step] = (items, cover)
    # With the item's title and no more of it: how its picture is shown depends on what it is.
    pictures = (
        ItemImage.objects.select_related("item").defer(*HEAVY).in_bulk([cover for _items, cover in covers.values()])
    )
    places = tuple(
        Place(
            key=category.pk,
            path=category.path,
            name=category.name,
            translations=category.translations,
            items=counts[category.path],
            cover=pictures.get(covers[category.path][1]) if category.path in covers else None,
        )
        for category in Category.objects.order_by("path")
        if counts[category.path]
    )
    return Overview(places, item_count, _featured_today(), {place.path: place for place in places})


def _featured_today() -> int | None:
    """The thing of the day: one of the newest that can be bought and seen well, another one each day.

    A shop without prices or with small pictures alone shows one of those; one without any picture, such as a shop of
    films without posters, one of its drawn title cards.
    """
    newest = Item.objects.available().order_by("-created_at", "-id").values_list("pk", flat=True)
    seen = newest.exclude(cover=None)
    well = seen.filter(price__isnull=False, cover__width__gte=FEATURED_WIDTH)
    choices = (list(some[:FEATURED_CANDIDATES]) for some in (well, seen, newest))
    candidates = next(filter(None, choices), [])
    return candidates[timezone.now().date().toordinal() % len(candidates)] if candidates else None


def steps_to(path: str) -> list[str]:
    """``a/b/c`` → ``a``, ``a/b``, ``a/b/c``; nothing for the empty path."""
    names = path.split("/") if path else []
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]
