"""A cart holds what can be bought, counts every click, and tells in the stream what went in."""

from __future__ import annotations

import threading
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from shop.actions.models import Action
from shop.actions.sources import ActionSource
from shop.cart.models import HIGHEST_QUANTITY, CartLine, KeptLine
from shop.cart.services import (
    CannotBeBought,
    VariantNeeded,
    cart_add,
    cart_add_several,
    cart_remove,
    cart_see,
    cart_set_quantity,
    quantity_count_up,
)
from tests.concurrency import run_together
from tests.factories import CartLineFactory, ItemFactory, KeptLineFactory, ShopperFactory

pytestmark = pytest.mark.django_db


def test_adding_remembers_the_price_and_records_the_action() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create(price=Decimal("19.90"))
    change = cart_add(
        shopper=shopper, item=item, quantity=2, source=ActionSource(panel="similar", position=1, bundle="b1")
    )
    line = CartLine.objects.get()
    assert (line.shopper, line.item, line.quantity, line.price_when_added) == (shopper, item, 2, Decimal("19.90"))
    assert (change.quantity, change.limited) == (2, False)
    assert list(Action.objects.values_list("shopper", "item", "kind", "panel", "position", "bundle")) == [
        (shopper.pk, item.pk, 2, "similar", 1, "b1")
    ]


def test_adding_again_counts_up() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    cart_add(shopper=shopper, item=item, quantity=2)
    assert cart_add(shopper=shopper, item=item, quantity=3).quantity == 5
    assert CartLine.objects.count() == 1
    assert Action.objects.count() == 2


def test_a_cart_of_somebody_who_may_not_be_recorded_is_only_filled() -> None:
    cart_add(shopper=ShopperFactory.create(), item=ItemFactory.create(), source=ActionSource(recorded=False))
    assert CartLine.objects.count() == 1
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("stock", "inside", "wanted", "quantity", "limited"),
    [
        (3, 0, 3, 3, False),
        (3, 0, 4, 3, True),
        (3, 2, 1, 3, False),
        (3, 2, 2, 3, True),
        (3, 3, 1, 3, True),
        (2, 3, 1, 2, True),
        (None, 0, HIGHEST_QUANTITY, HIGHEST_QUANTITY, False),
        (None, 0, 10**9, HIGHEST_QUANTITY, True),
        (None, 98, 10**9, HIGHEST_QUANTITY, True),
        (1000, 98, 2, HIGHEST_QUANTITY, True),
    ],
)
def test_quantities_are_bounded_by_stock_and_by_the_highest(
    stock: int | None, inside: int, wanted: int, quantity: int, *, limited: bool
) -> None:
    item, shopper = ItemFactory.create(stock=stock), ShopperFactory.create()
    if inside:
        CartLineFactory.create(shopper=shopper, item=item, quantity=inside)
    change = cart_add(shopper=shopper, item=item, quantity=wanted)
    assert (change.quantity, change.limited) == (quantity, limited)
    assert CartLine.objects.get().quantity == quantity


def test_what_changes_nothing_is_no_action() -> None:
    line = CartLineFactory.create(item__stock=1)
    cart_add(shopper=line.shopper, item=line.item)
    assert not Action.objects.exists()


@pytest.mark.parametrize("fields", [{"stock": 0}, {"price": None}, {"published": False}])
def test_what_cannot_be_bought_does_not_go_in(fields: dict[str, Any]) -> None:
    item = ItemFactory.create(title="Mug", **fields)
    with pytest.raises(CannotBeBought, match="Mug cannot be bought at the moment"):
        cart_add(shopper=ShopperFactory.create(), item=item)
    assert not CartLine.objects.exists()
    assert not Action.objects.exists()


def test_the_item_is_looked_at_anew() -> None:
    """The page may hold an item that has been sold out since."""
    item = ItemFactory.create(stock=5)
    type(item).objects.update(stock=0)
    with pytest.raises(CannotBeBought):
        cart_add(shopper=ShopperFactory.create(), item=item)


def test_adding_again_makes_the_price_of_now_the_known_one() -> None:
    line = CartLineFactory.create(item=ItemFactory.create(price=Decimal(10)))
    type(line.item).objects.update(price=Decimal(12))
    cart_add(shopper=line.shopper, item=line.item)
    line.refresh_from_db()
    assert (line.quantity, line.price_when_added) == (2, Decimal(12))


def test_what_is_added_is_no_longer_kept_for_later() -> None:
    kept = KeptLineFactory.create()
    other = KeptLineFactory.create(item=kept.item)
    cart_add(shopper=kept.shopper, item=kept.item)
    assert list(KeptLine.objects.all()) == [other]


def test_a_variant_is_bought_and_its_head_is_meant() -> None:
    head = ItemFactory.create(item_id="cup", price=None)
    large = ItemFactory.create(item_id="cup-l", variant_of=head, variant_name="Large", price=Decimal(9))
    shopper = ShopperFactory.create()
    cart_add(shopper=shopper, item=large)
    assert CartLine.objects.get().item == large
    assert Action.objects.get().item == head


def test_of_a_frame_around_variants_one_has_to_be_chosen() -> None:
    head = ItemFactory.create(title="Cup")
    ItemFactory.create(variant_of=head, variant_name="Large")
    with pytest.raises(VariantNeeded, match="Please choose which Cup you would like"):
        cart_add(shopper=ShopperFactory.create(), item=head)
    assert not CartLine.objects.exists()


@pytest.mark.parametrize(("fields", "variant"), [({"variant_name": "Small"}, {}), ({}, {"published": False})])
def test_a_head_that_is_a_choice_itself_can_be_bought(fields: dict[str, Any], variant: dict[str, Any]) -> None:
    head = ItemFactory.create(**fields)
    ItemFactory.create(variant_of=head, variant_name="Large", **variant)
    assert cart_add(shopper=ShopperFactory.create(), item=head).quantity == 1


def test_several_go_in_as_far_as_they_can() -> None:
    shopper = ShopperFactory.create()
    mug, lamp, rug = ItemFactory.create(), ItemFactory.create(stock=0), ItemFactory.create(stock=1)
    source = ActionSource(panel="bought_together", position=0)
    addition = cart_add_several(shopper=shopper, items=[mug, lamp, rug], source=source)
    assert [(change.item, change.quantity) for change in addition.changes] == [(mug, 1), (rug, 1)]
    assert addition.refused == (lamp,)
    assert list(Action.objects.values_list("item", "panel")) == [
        (mug.pk, "bought_together"),
        (rug.pk, "bought_together"),
    ]


def test_what_changed_is_seen_when_the_shopper_says_so() -> None:
    shopper = ShopperFactory.create()
    dearer = CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal(10)), joined=True)
    priceless = CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal(5)), joined=True)
    other = CartLineFactory.create(item=dearer.item, joined=True)
    type(dearer.item).objects.filter(pk=dearer.item.pk).update(price=Decimal(12))
    type(dearer.item).objects.filter(pk=priceless.item.pk).update(price=None)
    cart_see(shopper)
    assert list(CartLine.objects.values_list("pk", "price_when_added", "joined")) == [
        (dearer.pk, Decimal(12), False),
        (priceless.pk, Decimal(5), False),
        (other.pk, Decimal(10), True),
    ]


@pytest.mark.parametrize("quantity", [0, -1])
def test_adding_nothing_is_an_error(quantity: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        cart_add(shopper=ShopperFactory.create(), item=ItemFactory.create(), quantity=quantity)


@pytest.mark.parametrize(("wanted", "quantity", "limited"), [(1, 1, False), (4, 4, False), (5, 4, True)])
def test_changing_the_quantity(wanted: int, quantity: int, *, limited: bool) -> None:
    line = CartLineFactory.create(item__stock=4, quantity=2)
    change = cart_set_quantity(shopper=line.shopper, item=line.item, quantity=wanted)
    assert (change.quantity, change.limited) == (quantity, limited)
    line.refresh_from_db()
    assert line.quantity == quantity
    assert not Action.objects.exists()


def test_no_pieces_take_the_line_out_even_of_a_sold_out_item() -> None:
    line = CartLineFactory.create(item__stock=0)
    assert cart_set_quantity(shopper=line.shopper, item=line.item, quantity=0).quantity == 0
    assert not CartLine.objects.exists()


def test_a_sold_out_item_can_only_be_taken_out() -> None:
    line = CartLineFactory.create(item__stock=0)
    with pytest.raises(CannotBeBought):
        cart_set_quantity(shopper=line.shopper, item=line.item, quantity=2)


def test_a_quantity_below_nothing_is_an_error() -> None:
    line = CartLineFactory.create()
    with pytest.raises(ValueError, match="negative"):
        cart_set_quantity(shopper=line.shopper, item=line.item, quantity=-1)


def test_an_item_that_is_not_in_the_cart_cannot_be_changed() -> None:
    change = cart_set_quantity(shopper=ShopperFactory.create(), item=ItemFactory.create(), quantity=2)
    assert (change.quantity, change.limited) == (0, False)


def test_nobody_touches_the_cart_of_another() -> None:
    line = CartLineFactory.create(quantity=2)
    stranger = ShopperFactory.create()
    assert not cart_remove(shopper=stranger, item=line.item)
    cart_set_quantity(shopper=stranger, item=line.item, quantity=9)
    line.refresh_from_db()
    assert line.quantity == 2
    assert cart_remove(shopper=line.shopper, item=line.item)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_lose_one_without_the_guard() -> None:
    """Negative control: reading, adding and saving loses a click."""
    line = CartLineFactory.create(quantity=1)
    both_have_read = threading.Barrier(2)

    def count_up_unguarded() -> None:
        own = CartLine.objects.get(pk=line.pk)
        both_have_read.wait(timeout=20)
        own.quantity += 1
        own.save()

    run_together(count_up_unguarded, count_up_unguarded)
    line.refresh_from_db()
    assert line.quantity == 2


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_both_count() -> None:
    line = CartLineFactory.create(quantity=1)
    both_have_read = threading.Barrier(2)

    def count_up() -> None:
        own = CartLine.objects.get(pk=line.pk)
        both_have_read.wait(timeout=20)
        quantity_count_up(line=own, quantity=1, highest=HIGHEST_QUANTITY)

    assert run_together(count_up, count_up) == [None, None]
    line.refresh_from_db()
    assert line.quantity == 3


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_many_first_clicks_at_once_make_one_line() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create(stock=5)
    results = run_together(*[partial(cart_add, shopper=shopper, item=item)] * 6)
    assert sorted(change.quantity for change in results) == [1, 2, 3, 4, 5, 5]
    assert CartLine.objects.get().quantity == 5
    assert Action.objects.count() == 5
