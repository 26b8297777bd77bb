"""The JSON API: recommendations for an item, for the visitor and for a photo, and telling what the visitor did.

``recommender/openapi.py`` describes it for programs; what both need stands there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from recommender import photo_search
from recommender.openapi import (
    ACTIONS,
    HIGHEST_K,
    ITEM_K,
    ITEM_PANEL,
    ITEM_PANELS,
    MY_K,
    MY_PANEL,
    MY_PANELS,
    PHOTO_K,
    document,
)
from recommender.panels import Card, Shelf, UnknownPanel, panel_kind, shelves
from recommender.photo_search import PhotoSearchRefused
from recommender.problems import UNREADABLE, ApiProblem, problem_behind, problem_response
from recommender.session import get_session
from shop.accounts.visitors import visitor_of
from shop.actions.clicks import click_record
from shop.actions.models import Kind
from shop.actions.services import favourite_add
from shop.actions.sources import source_of
from shop.catalogue.models import Item
from shop.catalogue.pictures import rendition_url

PICTURE_WIDTH = 400
MULTIPART = "multipart/form-data"
# JSON can carry them and no id has them: half a surrogate pair is no text in UTF-8, and PostgreSQL takes no NUL.
UNASKABLE = re.compile(r"[\x00\ud800-\udfff]")

View = Callable[..., HttpResponse]


def api(*methods: str) -> Callable[[View], View]:
    """Make a view of the API: these methods only (any, where none is named), problems as documents, nothing cached."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **path: str) -> HttpResponse:
            try:
                if methods:
                    _require_method(request, methods)
                response = view(request, **path)
            except ApiProblem as problem:
                response = problem_response(problem)
            except UNREADABLE as error:
                response = problem_response(problem_behind(error))
            patch_cache_control(response, private=True, no_store=True)
            return response

        return answer

    return decorate


@csrf_exempt  # it only reads; a foreign POST is told that it is the wrong method, not shown a page
@api("GET", "HEAD")
def item_recommendations(request: HttpRequest, item_id: str) -> HttpResponse:
    """``GET /api/v1/items/<item_id>/recommendations?panel=similar&k=8``."""
    panel = _panel(request, default=ITEM_PANEL, among=ITEM_PANELS)
    return _recommendations(request, panel, _k(request, default=ITEM_K), items=[_item(item_id)])


@csrf_exempt  # as above
@api("GET", "HEAD")
def my_recommendations(request: HttpRequest) -> HttpResponse:
    """``GET /api/v1/me/recommendations?panel=for_you&k=12``."""
    panel = _panel(request, default=MY_PANEL, among=MY_PANELS)
    return _recommendations(request, panel, _k(request, default=MY_K), items=[])


@csrf_exempt  # checked below, so that a refusal is a problem document and not a page
@api("POST")
def actions(request: HttpRequest) -> HttpResponse:
    """``POST /api/v1/actions`` with ``{"item": "…", "action": "click"|"favourite"}``.

    A click is taken note of (202) and written soon; a favourite is written before the
    answer (201, or 200 where the item was saved already). ``recorded`` tells whether it
    entered the stream of actions: what robots, staff and people who object do does not.
    """
    _require_csrf(request)
    item_id, kind = _action(request)
    item = _item(item_id)
    if kind == Kind.CLICK:
        recorded, status = click_record(request, item), HTTPStatus.ACCEPTED
    else:
        source = source_of(request)
        created = favourite_add(shopper=visitor_of(request).require_shopper(), item=item, source=source)
        recorded, status = created and source.recorded, HTTPStatus.CREATED if created else HTTPStatus.OK
    document = {"item": item.item_id, "action": kind.name.lower(), "recorded": recorded}
    return JsonResponse(document, status=status)


@csrf_exempt  # it changes nothing, and another site cannot read the answer
@api("POST")
def search_photo(request: HttpRequest) -> HttpResponse:
    """``POST /api/v1/search/photo?k=12`` with a multipart field ``photo``: the items that look most like it."""
    k = _k(request, default=PHOTO_K)
    if request.content_type != MULTIPART:
        raise ApiProblem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {MULTIPART} with the field {photo_search.FIELD!r}.")
    try:
        shelf = photo_search.search(request, k)
    except PhotoSearchRefused as refused:
        raise ApiProblem(refused.status, refused.words, **refused.headers) from refused
    return _filled(shelf)


@csrf_exempt  # as above
@api("GET", "HEAD")
def openapi(_request: HttpRequest) -> HttpResponse:
    """``GET /api/v1/openapi.json``: this API as an OpenAPI 3.1 document."""
    return JsonResponse(document())


@csrf_exempt  # there is nothing to protect, and a refusal would be a page
@api()
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address below ``/api/``: a problem document like every refusal, not the shop's page."""
    raise ApiProblem(HTTPStatus.NOT_FOUND, f"There is nothing at {request.path}.")


def _recommendations(request: HttpRequest, panel: str, k: int, *, items: list[Item]) -> JsonResponse:
    """The document of one panel."""
    filled = shelves(request, [panel], items=items, size=k)
    empty = Shelf(panel=panel, title="", sentence="", cards=(), bundle=get_session().version)
    return _filled(filled[0] if filled else empty)


def _filled(shelf: Shelf) -> JsonResponse:
    """The document of a shelf."""
    items = [_document(card) for card in shelf.cards]
    return JsonResponse({"panel": shelf.panel, "bundle": shelf.bundle or None, "items": items})


def _document(card: Card) -> dict[str, Any]:
    """One recommended item."""
    item = card.item
    return {
        "id": item.item_id,
        "title": item.name,
        "price": None if item.price is None else str(item.price),
        "currency": settings.CURRENCY,
        "url": item.get_absolute_url(),
        "image": rendition_url(item.cover, PICTURE_WIDTH) if item.cover else None,
        "score": card.score,
        "reason": {"text": card.reason, "parts": dict(card.parts)},
    }


def _require_method(request: HttpRequest, methods: Sequence[str]) -> None:
    """Refuse any other method."""
    if request.method not in methods:
        detail = f"{request.method} is not possible here; use {' or '.join(methods)}."
        raise ApiProblem(HTTPStatus.METHOD_NOT_ALLOWED, detail, Allow=", ".join(methods))


def _panel(request: HttpRequest, *, default: str, among: Sequence[str]) -> str:
    """The panel that is asked for, if it is one that this address has."""
    name = request.GET.get("panel") or default
    try:
        panel_kind(name)
    except UnknownPanel:
        raise ApiProblem(HTTPStatus.NOT_FOUND, f"There is no panel {name!r}.") from None
    if name not in among:
        raise ApiProblem(HTTPStatus.NOT_FOUND, f"Panel {name!r} is not about this; see the other address.")
    return name


def _k(request: HttpRequest, *, default: int) -> int:
    """How many are asked for."""
    text = request.GET.get("k", str(default))
    if not text.isascii() or not text.isdigit() or len(text) > len(str(HIGHEST_K)) or not 1 <= int(text) <= HIGHEST_K:
        raise ApiProblem(HTTPStatus.BAD_REQUEST, f"k must be a whole number from 1 to {HIGHEST_K}, not {text!r}.")
    return int(text)


def _item(item_id: str) -> Item:
    """The published item of that id; of a variant, the item it is a variant of."""
    found = None
    if not UNASKABLE.search(item_id):
        found = Item.objects.published().filter(item_id=item_id).select_related("variant_of").first()
    if found is None or not found.head.published:
        raise ApiProblem(HTTPStatus.NOT_FOUND, f"There is no item {item_id!r}.")
    return found.head


def _action(request: HttpRequest) -> tuple[str, Kind]:
    """The item and the kind in the body of a request."""
    if request.content_type != "application/json":
        raise ApiProblem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):  # a body of nothing but brackets nests deeper than Python goes
        raise ApiProblem(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None
    if not isinstance(body, dict) or not isinstance(body.get("item"), str):
        raise ApiProblem(HTTPStatus.BAD_REQUEST, 'The body needs "item", the id of an item as text.')
    kind = ACTIONS.get(body["action"]) if isinstance(body.get("action"), str) else None
    if kind is None:
        raise ApiProblem(HTTPStatus.BAD_REQUEST, f'The body needs "action", one of: {", ".join(ACTIONS)}.')
    return body["item"], kind


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, giving the reason back instead of a page."""

    def _reject(self, _request: HttpRequest, reason: str) -> Any:
        return reason


def _require_csrf(request: HttpRequest) -> None:
    """Refuse a request that another site may have sent in the visitor's name."""
    check = _CsrfCheck(lambda _request: HttpResponse())
    check.process_request(request)
    reason = check.process_view(request, _recommendations, (), {})  # any view that is not exempt
    if reason:
        raise ApiProblem(HTTPStatus.FORBIDDEN, f"CSRF: {reason}")
