"""Panels as HTML fragments: what stands on a page, fetched again by itself; and the page of search by photo."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from recommender import photo_search
from recommender.panel_kinds import About
from recommender.panels import UnknownPanel, panel_kind, shelves
from recommender.photo_search import PhotoSearchRefused
from shop.catalogue.models import Item

MOST_ITEMS = 50
PHOTO_RESULTS = 24


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
    # A form of the fragment leads back to the page that it was fetched for.
    page = getattr(request, "htmx", None)
    context = {"shelves": filled, "return_to": (page and page.current_url_abs_path) or "/"}
    response = render(request, "recommender/fragment.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


@csrf_exempt  # checked below, once it is known that reading the body for the token is not absurd
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest) -> HttpResponse:
    """``/search/photo/``: a form; sent with a photo, the items that look most like it below the form.

    HTMX is answered with the results alone. Nothing of the photo is kept.
    """
    if request.method == "POST":
        try:
            photo_search.refuse_long_body(request)
        except PhotoSearchRefused as refused:
            return _photo_page(request, refused=refused)
    return _photo(request)


@csrf_protect
def _photo(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _photo_page(request)
    try:
        shelf = photo_search.search(request, PHOTO_RESULTS)
    except PhotoSearchRefused as refused:
        return _photo_page(request, refused=refused)
    return _photo_page(request, shelf=shelf)


def _photo_page(request: HttpRequest, *, refused: PhotoSearchRefused | None = None, **more: Any) -> HttpResponse:
    """The page, or its part below the form where HTMX asks."""
    template = "recommender/inc/photo_results.html" if request.headers.get("HX-Request") else "recommender/photo.html"
    context = {
        "open": photo_search.is_open(),
        "refused": refused,
        "field": photo_search.FIELD,
        "accepted": photo_search.ACCEPTED,
        "most_bytes": settings.PICTURE_MAX_BYTES,
        "too_large": photo_search.too_large_words(),
    } | more
    response = render(request, template, context, status=refused.status if refused else HTTPStatus.OK)
    for name, value in (refused.headers if refused else {}).items():
        response[name] = value
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
    found = {item.item_id: item for item in Item.objects.listed().for_cards().filter(item_id__in=wanted)}
    if len(found) < len(wanted):
        raise Http404("unknown item")
    return [found[item_id] for item_id in wanted]
