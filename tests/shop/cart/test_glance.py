"""The cart at a glance."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from shop.accounts.models import Shopper
from shop.accounts.visitors import VISITOR_COOKIE, Visitor, sign_key
from shop.cart.glance import CartGlance, cart_glance
from tests.factories import CartLineFactory, ItemFactory, ShopperFactory
from tests.query_budget import queries_of

pytestmark = pytest.mark.django_db


def look(shopper: Shopper | None) -> CartGlance:
    request = RequestFactory().get("/")
    if shopper is not None:
        request.COOKIES[VISITOR_COOKIE] = sign_key(shopper.visitor_key)
    request.visitor = Visitor(request)  # type: ignore[attr-defined]
    glance = cart_glance(request)
    assert queries_of(lambda: cart_glance(request)) == []
    return glance


def test_pieces_and_items_variants_as_their_heads() -> None:
    shopper = ShopperFactory.create()
    cup = ItemFactory.create(item_id="cup")
    CartLineFactory.create(shopper=shopper, quantity=2, item__item_id="a")
    CartLineFactory.create(shopper=shopper, quantity=3, item=ItemFactory.create(variant_of=cup, variant_name="Large"))
    CartLineFactory.create(item__item_id="c")
    assert look(shopper) == CartGlance(pieces=5, item_ids=frozenset({"a", "cup"}))


def test_an_empty_cart_and_nobodys() -> None:
    assert look(ShopperFactory.create()) == look(None) == CartGlance()
