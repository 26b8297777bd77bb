"""The page of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shop.catalogue.listing import listing_of, listing_response
from shop.catalogue.models import Category, Item
from shop.catalogue.orderings import catalogue_orderings
from shop.catalogue.overview import catalogue_overview
from shop.catalogue.structured_data import breadcrumbs_data

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def category(request: HttpRequest, path: str) -> HttpResponse:
    """The items of a category and of all below it: narrowed down, sorted, in pages."""
    overview = catalogue_overview()
    # What has items in it is at hand already; an empty category is looked up.
    found = overview.by_path.get(path) or get_object_or_404(Category, path=path)
    way = overview.way_to(path)
    items = Item.objects.listed().in_category(path)
    listing = listing_of(request, items, orderings=catalogue_orderings(), within=path)
    context = {
        "category": found,
        "above": [place for place in way if place.path != path],
        "source": "category",
        "structured_data": [breadcrumbs_data([(place.title, place.get_absolute_url()) for place in way])],
    }
    return listing_response(request, "catalogue/category.html", listing, context)
