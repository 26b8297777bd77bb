"""The map for search engines: every published item, every category with something in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from shop.catalogue.models import Item
from shop.catalogue.overview import Place, catalogue_overview

if TYPE_CHECKING:
    from datetime import datetime

    from shop.catalogue.models import ItemQuerySet

PLACES_PER_PAGE = 5_000


class HomeSitemap(Sitemap[str]):
    """The home page, and how the shop works."""

    def items(self) -> list[str]:
        """Their URL names."""
        return ["storefront:home", "storefront:about"]

    def location(self, item: str) -> str:
        """The path of one."""
        return reverse(item)


class CategorySitemap(Sitemap[Place]):
    """Categories that are not empty."""

    limit = PLACES_PER_PAGE

    def items(self) -> list[Place]:
        """All of them; the catalogue keeps them at hand."""
        return list(catalogue_overview().places)


class ItemSitemap(Sitemap[Item]):
    """Published items."""

    limit = PLACES_PER_PAGE

    def items(self) -> ItemQuerySet:
        """Only the columns an address is made of."""
        return Item.objects.listed().only("item_id", "slug", "updated_at").order_by("id")

    def lastmod(self, item: Item) -> datetime:
        """When the item last changed."""
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database; Django would load every item for it."""
        latest: datetime | None = Item.objects.listed().aggregate(latest=Max("updated_at"))["latest"]
        return latest


SITEMAPS: dict[str, type[Sitemap[Any]]] = {"home": HomeSitemap, "categories": CategorySitemap, "items": ItemSitemap}
