"""The search page, and what is offered while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.catalogue.orderings import RELEVANCE, catalogue_orderings, chosen_ordering
from shop.catalogue.paging import page_of
from shop.search.finding import find
from shop.search.highlighting import Marker
from shop.search.suggestions import places_named, suggest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for ``q``; with ``exact`` whatever was typed is taken as it is."""
    finding = find(request.GET.get("q", ""), as_typed="exact" in request.GET)
    orderings = (RELEVANCE, *catalogue_orderings())
    ordering = chosen_ordering(request, orderings)
    page = page_of(request, ordering.order(finding.items.for_cards(), request))
    context = {
        "phrase": finding.typed.text,
        "finding": finding,
        "places": places_named(finding.used),
        "page": page,
        "ordering": ordering,
        "orderings": orderings,
        "marker": Marker(finding.used) if page.paginator.count else None,
    }
    return render(request, "search/search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A fragment: options for the words that are being typed."""
    found = suggest(request.GET.get("q", ""))
    return render(request, "search/suggestions.html", {"found": found, "marker": Marker(found.phrase)})
