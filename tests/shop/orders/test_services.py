"""An order is whole or absent: stock, money, cart and stream agree whatever happens."""

from __future__ import annotations

import threading
import uuid
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils.translation import override

from shop.actions.models import Action, Kind
from shop.actions.services import action_record
from shop.actions.sources import ActionSource
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.orders.errors import CartEmpty, CheckoutUsed, ItemsUnavailable, TotalChanged
from shop.orders.models import Order, Payment
from shop.orders.services import orders_of
from shop.orders.shipping import UnknownShipping
from shop.orders.stock import stock_take
from tests.concurrency import run_together
from tests.factories import CartLineFactory, ItemFactory, OrderFactory, ShopperFactory, UserFactory
from tests.shop.orders.scenarios import cart_with, place, stocks

pytestmark = pytest.mark.django_db


# --- placing -------------------------------------------------------------------


def test_an_order_takes_stock_money_cart_and_tells_the_stream() -> None:
    shopper = cart_with(5, None, quantity=2)
    order = place(shopper)
    assert (order.status, order.shopper, order.email, order.currency) == ("paid", shopper, "ada@example.com", "EUR")
    assert order.paid_at is not None
    assert order.total == Decimal("50.00")
    assert [(line.quantity, line.price, line.from_stock) for line in order.lines.all()] == [
        (2, Decimal("12.50"), True),
        (2, Decimal("12.50"), False),
    ]
    assert stocks() == [3, None]
    payment = Payment.objects.get()
    assert (payment.order, payment.outcome, payment.amount, payment.provider) == (
        order,
        "accepted",
        Decimal("50.00"),
        "dummy",
    )
    assert not CartLine.objects.exists()
    actions = Action.objects.order_by("item")
    assert [(action.shopper, action.kind, action.time) for action in actions] == [(shopper, 3, order.paid_at)] * 2
    assert [action.item_id for action in actions] == [line.item_id for line in order.lines.all()]


def test_a_purchase_is_credited_to_where_the_item_was_put_into_the_cart() -> None:
    shopper = cart_with(None)
    item = Item.objects.get()
    action_record(shopper=shopper, item=item, kind=Kind.CART, panel="trending", position=8, bundle="b0")
    action_record(shopper=shopper, item=item, kind=Kind.CART, panel="similar", position=2, bundle="b1")
    action_record(shopper=ShopperFactory.create(), item=item, kind=Kind.CART, panel="for_you")
    place(shopper)
    purchase = Action.objects.get(kind=Kind.PURCHASE)
    assert (purchase.panel, purchase.position, purchase.bundle) == ("similar", 2, "b1")


def test_an_order_of_somebody_who_may_not_be_recorded_is_only_placed() -> None:
    assert place(cart_with(1), source=ActionSource(recorded=False)).status == "paid"
    assert not Action.objects.exists()


def test_a_stock_change_is_a_change_of_the_item() -> None:
    shopper = cart_with(1)
    before = Item.objects.get().updated_at
    place(shopper)
    assert Item.objects.get().updated_at > before


def test_the_order_keeps_the_price_of_its_moment() -> None:
    order = place(cart_with(None))
    Item.objects.update(price=Decimal(99), title="Another")
    line = order.lines.get()
    assert (line.price, line.title) == (Decimal("12.50"), line.title)
    assert order.items_total == Decimal("12.50")


def test_the_order_keeps_delivery_and_tax_of_its_moment(settings: Any) -> None:
    order = place(cart_with(None), shipping="express")
    settings.SHIPPING_PRICES = {"standard": Decimal(1), "express": Decimal(1)}
    settings.TAX_RATE = Decimal(7)
    order.refresh_from_db()
    assert (order.shipping_method, order.shipping_price, order.total) == ("express", Decimal("9.90"), Decimal("22.40"))
    assert (order.tax_rate, order.tax_amount) == (Decimal("19.00"), Decimal("3.58"))
    assert Payment.objects.get().amount == Decimal("22.40")


def test_a_way_of_delivery_that_the_shop_does_not_know_changes_nothing() -> None:
    with pytest.raises(UnknownShipping):
        place(cart_with(1), shipping="balloon")
    assert stocks() == [1]
    assert not Order.objects.exists()


def test_the_order_keeps_the_language_it_was_placed_in() -> None:
    with override("zh-hans"):
        assert place(cart_with(None)).language == "zh-hans"


def test_a_variant_is_taken_from_its_own_stock_and_bought_for_its_head() -> None:
    head = ItemFactory.create(title="Shirt", variant_name="Small", stock=5)
    large = ItemFactory.create(title="Shirt", variant_of=head, variant_name="Large", stock=3)
    shopper = ShopperFactory.create()
    for item in (head, large):
        CartLineFactory.create(shopper=shopper, item=item)
    order = place(shopper)
    assert [line.title for line in order.lines.all()] == ["Shirt, Small", "Shirt, Large"]
    assert stocks() == [4, 2]
    assert [action.item for action in Action.objects.all()] == [head], "once, although two were bought"
    assert not CartLine.objects.exists()


def test_an_empty_cart_cannot_be_ordered() -> None:
    with pytest.raises(CartEmpty):
        place(ShopperFactory.create())
    assert not Order.objects.exists()


@pytest.mark.parametrize("fields", [{"stock": 0}, {"stock": 1}, {"published": False}, {"price": None}])
def test_what_was_bought_out_is_named_and_nothing_happens(fields: dict[str, Any]) -> None:
    shopper = cart_with(5, 5, quantity=2)
    gone = Item.objects.order_by("pk")[1]
    Item.objects.filter(pk=gone.pk).update(**fields)
    before = stocks()
    with pytest.raises(ItemsUnavailable, match=gone.title) as refusal:
        place(shopper)
    assert refusal.value.items == (gone,)
    assert stocks() == before
    assert CartLine.objects.count() == 2
    assert not Order.objects.exists()
    assert not Payment.objects.exists()


def test_what_got_variants_since_it_was_put_in_is_refused() -> None:
    shopper = cart_with(3)
    frame = Item.objects.get()
    ItemFactory.create(variant_of=frame, variant_name="Large", stock=3)
    with pytest.raises(ItemsUnavailable, match=frame.title):
        place(shopper)
    assert not Order.objects.exists()
    Item.objects.filter(pk=frame.pk).update(variant_name="Small")
    assert place(shopper).status == "paid", "a choice itself, as its variants are"


def test_another_total_than_the_one_seen_is_refused() -> None:
    shopper = cart_with(3)
    Item.objects.update(price=Decimal(13))
    with pytest.raises(TotalChanged) as refusal:
        place(shopper, expected_total=Decimal("17.40"))
    assert refusal.value.total == Decimal("17.90")
    assert stocks() == [3]
    assert not Order.objects.exists()
    assert place(shopper, expected_total=Decimal("17.90")).status == "paid"


# --- twice -------------------------------------------------------------------------


def test_the_same_form_sent_twice_orders_once() -> None:
    shopper, token = cart_with(5), uuid.uuid4()
    first = place(shopper, token=token)
    CartLineFactory.create(shopper=shopper, item=Item.objects.get())
    assert place(shopper, token=token) == first
    assert stocks() == [4]
    assert Payment.objects.count() == 1


def test_another_form_orders_again() -> None:
    """Negative control: it is the token that tells the two apart."""
    shopper = cart_with(5)
    place(shopper)
    CartLineFactory.create(shopper=shopper, item=Item.objects.get())
    place(shopper)
    assert stocks() == [3]


def test_the_token_of_somebody_else_gives_no_order_away() -> None:
    token = uuid.uuid4()
    place(cart_with(1), token=token)
    with pytest.raises(CheckoutUsed):
        place(cart_with(1), token=token)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_orders_once() -> None:
    shopper, token = cart_with(5), uuid.uuid4()
    first, second = run_together(*[partial(place, shopper, token=token)] * 2)
    assert first == second
    assert Order.objects.count() == 1
    assert stocks() == [4]
    assert Action.objects.count() == 1


# --- the last piece ------------------------------------------------------------------


def take_unguarded(both_have_looked: threading.Barrier, item: Item) -> bool:
    """Selling with the guard off: look first, write later."""
    left = Item.objects.get(pk=item.pk).stock or 0
    both_have_looked.wait(timeout=20)
    if left < 1:
        return False
    Item.objects.filter(pk=item.pk).update(stock=left - 1)
    return True


def take_guarded(both_have_looked: threading.Barrier, item: Item) -> bool:
    own = Item.objects.get(pk=item.pk)
    both_have_looked.wait(timeout=20)
    return stock_take(item=own, quantity=1)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("take", "sold"), [(take_unguarded, 2), (take_guarded, 1)])
def test_the_last_piece_is_sold_twice_only_without_the_guard(take: Any, sold: int) -> None:
    item = ItemFactory.create(stock=1)
    results = run_together(*[partial(take, threading.Barrier(2), item)] * 2)
    assert sum(results) == sold
    assert stocks() == [0]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_checkouts_one_gets_the_last_piece() -> None:
    item = ItemFactory.create(stock=1)
    shoppers = ShopperFactory.create_batch(2)
    for shopper in shoppers:
        CartLineFactory.create(shopper=shopper, item=item)
    results = run_together(*(partial(place, shopper) for shopper in shoppers))
    assert sorted(type(result).__name__ for result in results) == ["ItemsUnavailable", "Order"]
    assert stocks() == [0]
    assert CartLine.objects.count() == 1
    assert Payment.objects.count() == 1


def test_the_database_refuses_stock_below_nothing() -> None:
    with pytest.raises(IntegrityError):
        Item.objects.filter(pk=ItemFactory.create(stock=1).pk).update(stock=-1)


# --- whose -------------------------------------------------------------------------------


def test_who_may_see_an_order() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    own, earlier = OrderFactory.create(shopper=account), OrderFactory.create(shopper=guest)
    OrderFactory.create()
    assert set(orders_of(account)) == {own, earlier}
    assert not orders_of(None).exists()
