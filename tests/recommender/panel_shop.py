"""A shop with a model, and visitors of it, for tests of panels."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest
from django.test import RequestFactory

from recommender import session
from recommender.panels import Shelf
from shop.accounts.models import Shopper
from shop.accounts.visitors import VISITOR_COOKIE, Visitor, sign_key
from shop.actions.clicks import RECENT_COOKIE, RECENT_SALT
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, CartLineFactory, ItemFactory, ShopperFactory
from tests.recommender.tiny_bundle import TinyBundle, ring


def request_of(shopper: Shopper | None = None, *, viewed: Sequence[str] = ()) -> HttpRequest:
    """A page request of a shopper (or of somebody new) whose cookie remembers ``viewed``, oldest first."""
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    if shopper is not None:
        request.COOKIES[VISITOR_COOKIE] = sign_key(shopper.visitor_key)
    if viewed:
        start = int(time.time()) - len(viewed)
        entries = [[item_id, start + place] for place, item_id in enumerate(viewed)]
        request.COOKIES[RECENT_COOKIE] = signing.dumps(entries, salt=RECENT_SALT)
    request.visitor = Visitor(request)
    return request  # type: ignore[no-any-return]


def stock(number: int, **fields: Any) -> list[Item]:
    return [ItemFactory.create(item_id=f"i{place}", title=f"Thing {place}", **fields) for place in range(number)]


def serve(bundle: TinyBundle) -> None:
    bundle.publish("v1")
    session.refresh()
    assert session.get_session().version == "v1"


def serve_everything(items: Sequence[Item]) -> list[str]:
    ids = [item.item_id for item in items]
    serve(
        TinyBundle(
            items=ids,
            similar=ring(ids),
            also_liked=ring(list(reversed(ids))),
            bought_together=ring(ids),
            looks_like=ring(ids),
            trending=ids,
            popularity=dict.fromkeys(ids, 1.0),
            shoppers=dict.fromkeys(ids, 9),
        )
    )
    return ids


def ids_on(shelf: Shelf) -> list[str]:
    return [card.item.item_id for card in shelf.cards]


def touched(items: Sequence[Item]) -> Shopper:
    """Somebody who saved i0 and looked at it, had i1 in the cart once, bought i2, looked at i3, has i4 in the cart."""
    shopper: Shopper = ShopperFactory.create()
    kinds = (Kind.FAVOURITE, Kind.CART, Kind.PURCHASE, Kind.CLICK, Kind.CART, Kind.CLICK)
    for item, kind in zip((*items[:5], items[0]), kinds, strict=True):
        ActionFactory.create(shopper=shopper, item=item, kind=kind)
    CartLineFactory.create(shopper=shopper, item=items[4])
    return shopper
