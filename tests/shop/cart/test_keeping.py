"""Kept for later: out of the cart, not out of sight, and never in both."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from shop.actions.models import Action
from shop.cart.keeping import (
    CartSettlement,
    cart_settle,
    kept_put_back,
    kept_remove,
    kept_to_cart,
    line_keep,
)
from shop.cart.models import CartLine, KeptLine
from shop.cart.services import CannotBeBought
from shop.catalogue.models import Item
from tests.concurrency import run_together
from tests.factories import CartLineFactory, ItemFactory, KeptLineFactory, ShopperFactory

pytestmark = pytest.mark.django_db


def in_cart() -> list[tuple[int, int]]:
    return list(CartLine.objects.values_list("item_id", "quantity"))


def kept() -> list[tuple[int, int]]:
    return list(KeptLine.objects.values_list("item_id", "quantity"))


def test_a_line_moves_over_with_its_quantity_and_the_known_price() -> None:
    line = CartLineFactory.create(quantity=3, price_when_added=Decimal(7))
    assert line_keep(shopper=line.shopper, item=line.item)
    assert (in_cart(), kept()) == ([], [(line.item.pk, 3)])
    assert KeptLine.objects.get().price_when_added == Decimal(7)
    assert not Action.objects.exists()


def test_nobody_moves_the_line_of_another() -> None:
    line, kept_line = CartLineFactory.create(), KeptLineFactory.create()
    stranger = ShopperFactory.create()
    assert not line_keep(shopper=stranger, item=line.item)
    assert kept_to_cart(shopper=stranger, item=kept_line.item) is None
    assert not kept_remove(shopper=stranger, item=kept_line.item)
    assert (CartLine.objects.count(), KeptLine.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wanted", "inside", "stock", "quantity", "limited"),
    [(2, 0, None, 2, False), (3, 0, 2, 2, True), (2, 5, None, 5, False), (5, 2, None, 5, False), (5, 2, 3, 3, True)],
)
def test_what_is_kept_goes_into_the_cart_as_far_as_there_is_some(
    wanted: int, inside: int, stock: int | None, quantity: int, *, limited: bool
) -> None:
    line = KeptLineFactory.create(quantity=wanted, item__stock=stock)
    if inside:
        CartLineFactory.create(shopper=line.shopper, item=line.item, quantity=inside)
    change = kept_to_cart(shopper=line.shopper, item=line.item)
    assert change is not None
    assert (change.quantity, change.limited) == (quantity, limited)
    assert (in_cart(), kept()) == ([(line.item.pk, quantity)], [])
    assert not Action.objects.exists()


@pytest.mark.parametrize("fields", [{"stock": 0}, {"price": None}, {"published": False}])
def test_what_cannot_be_bought_stays_kept(fields: dict[str, Any]) -> None:
    line = KeptLineFactory.create()
    Item.objects.update(**fields)
    with pytest.raises(CannotBeBought):
        kept_to_cart(shopper=line.shopper, item=line.item)
    assert (in_cart(), kept()) == ([], [(line.item.pk, 1)])


def test_keeping_no_longer_can_be_undone() -> None:
    line = KeptLineFactory.create(quantity=4, item__stock=3)
    assert kept_remove(shopper=line.shopper, item=line.item)
    assert kept() == []
    kept_put_back(shopper=line.shopper, item=line.item, quantity=4)
    kept_put_back(shopper=line.shopper, item=line.item, quantity=2)
    assert kept() == [(line.item.pk, 3)]


def test_what_is_in_the_cart_is_not_put_back_onto_the_list() -> None:
    line = CartLineFactory.create()
    kept_put_back(shopper=line.shopper, item=line.item, quantity=1)
    assert kept() == []


def test_settling_leaves_a_cart_that_can_be_ordered() -> None:
    shopper = ShopperFactory.create()
    good, few, gone, priceless = (
        CartLineFactory.create(shopper=shopper, quantity=3, item=ItemFactory.create(stock=stock))
        for stock in (3, 2, 0, None)
    )
    Item.objects.filter(pk=priceless.item.pk).update(price=None)
    CartLineFactory.create(item=gone.item, quantity=3)
    assert cart_settle(shopper) == CartSettlement(kept=2, lowered=1)
    own = CartLine.objects.filter(shopper=shopper).values_list("item_id", "quantity")
    assert list(own) == [(good.item.pk, 3), (few.item.pk, 2)]
    assert set(kept()) == {(gone.item.pk, 3), (priceless.item.pk, 3)}
    assert CartLine.objects.count() == 3, "the cart of another is not touched"


def test_settling_what_is_settled_changes_nothing() -> None:
    line = CartLineFactory.create()
    assert cart_settle(line.shopper) == CartSettlement(kept=0, lowered=0)
    assert in_cart() == [(line.item.pk, 1)]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_move_a_line_once() -> None:
    line = CartLineFactory.create(quantity=2)
    results = run_together(*[partial(line_keep, shopper=line.shopper, item=line.item)] * 3)
    assert sorted(results) == [False, False, True]
    assert (in_cart(), kept()) == ([], [(line.item.pk, 2)])


def test_settling_keeps_what_got_variants_for_later() -> None:
    line = CartLineFactory.create(item=ItemFactory.create(stock=3))
    ItemFactory.create(variant_of=line.item, variant_name="Large", stock=3)
    assert cart_settle(line.shopper).kept == 1
    assert not CartLine.objects.exists()
    assert KeptLine.objects.get().item == line.item
