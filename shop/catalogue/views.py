"""Pages of the catalogue that list items: a category, a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shop.catalogue.models import Category, Item
from shop.catalogue.orderings import RELEVANCE, catalogue_orderings, chosen_ordering
from shop.catalogue.overview import catalogue_overview
from shop.catalogue.paging import page_of
from shop.catalogue.structured_data import breadcrumbs_data

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SEARCH_LENGTH = 200
SEARCH_WORDS = 10


@require_safe
def category(request: HttpRequest, path: str) -> HttpResponse:
    """The items of a category and of all below it, sorted and in pages."""
    found = get_object_or_404(Category, path=path)
    overview = catalogue_overview()
    orderings = catalogue_orderings()
    ordering = chosen_ordering(request, orderings)
    items = ordering.order(Item.objects.published().in_category(path).for_cards(), request)
    way = overview.way_to(path)
    context = {
        "category": found,
        "above": [place for place in way if place.path != path],
        "below": overview.below(path),
        "page": page_of(request, items),
        "ordering": ordering,
        "orderings": orderings,
        "structured_data": [breadcrumbs_data([(place.title, place.get_absolute_url()) for place in way])],
    }
    return render(request, "catalogue/category.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The items that hold every word of ``q``; names that hold the whole phrase come first."""
    phrase = " ".join(request.GET.get("q", "")[:SEARCH_LENGTH].split()[:SEARCH_WORDS])
    orderings = (RELEVANCE, *catalogue_orderings())
    ordering = chosen_ordering(request, orderings)
    items = Item.objects.none()
    if phrase:
        named = Case(When(title__icontains=phrase, then=Value(0)), default=Value(1), output_field=IntegerField())
        matching = Item.objects.published().matching(phrase).for_cards().annotate(relevance=named)
        items = ordering.order(matching, request)
    context = {"phrase": phrase, "page": page_of(request, items), "ordering": ordering, "orderings": orderings}
    return render(request, "catalogue/search.html", context)
