"""Panels as HTML fragments: what stands on a page, fetched again by itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from recommender.panel_kinds import About
from recommender.panels import UnknownPanel, panel_kind, shelves
from shop.catalogue.models import Item

MOST_ITEMS = 50


@require_safe
def panel(request: HttpRequest, panel: str) -> HttpResponse:
    """``GET /panels/<panel>/?item=<item_id>``: the shelf alone, empty where there is nothing to show.

    Panels about an item take one ``item``, ``bought_together`` takes several, those about
    the visitor none. An unknown panel or item is not found.
    """
    try:
        kind = panel_kind(panel)
    except UnknownPanel:
        raise Http404(f"no panel {panel}") from None
    items = [] if kind.about is About.VISITOR else _items(request.GET.getlist("item"))
    if kind.about is About.ITEM and len(items) != 1:
        raise Http404(f"panel {panel} is about one item")
    filled = shelves(request, [panel], items=items)
    response = render(request, "recommender/fragment.html", {"shelves": filled})
    patch_cache_control(response, private=True, no_store=True)
    return response


def _items(item_ids: list[str]) -> list[Item]:
    """The published items of these ids, in their order, in one query.

    Raises:
        Http404: there are none, too many, or one is unknown.
    """
    wanted = list(dict.fromkeys(item_ids))
    if not 1 <= len(wanted) <= MOST_ITEMS:
        raise Http404("no item")
    found = {item.item_id: item for item in Item.objects.published().filter(item_id__in=wanted)}
    if len(found) < len(wanted):
        raise Http404("unknown item")
    return [found[item_id] for item_id in wanted]
