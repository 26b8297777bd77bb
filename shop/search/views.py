"""The search page, and what is offered while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.catalogue.listing import listing_of, listing_response
from shop.catalogue.orderings import RELEVANCE, catalogue_orderings
from shop.search.finding import find_exactly, think_again
from shop.search.highlighting import Marker
from shop.search.suggestions import places_named, suggest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for ``q``; with ``exact`` whatever was typed is taken as it is."""
    exact = finding = find_exactly(request.GET.get("q", ""))
    orderings = (RELEVANCE, *catalogue_orderings())
    listing = listing_of(request, finding.items, orderings=orderings)
    if "exact" not in request.GET:
        finding = think_again(exact, hits=listing.total_before)
    if finding.items is not exact.items:
        listing = listing_of(request, finding.items, orderings=orderings)
    if finding.otherwise and not listing.total_before:
        finding = finding.otherwise
        listing = listing_of(request, finding.items, orderings=orderings)
    context = {
        "phrase": finding.typed.text,
        "finding": finding,
        "places": places_named(finding.used),
        "marker": Marker(finding.used) if listing.total else None,
        "source": "search",
    }
    return listing_response(request, "search/search.html", listing, context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A fragment: options for the words that are being typed."""
    found = suggest(request.GET.get("q", ""))
    return render(request, "search/suggestions.html", {"found": found, "marker": Marker(found.phrase)})
