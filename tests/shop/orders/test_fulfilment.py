"""From paid to delivered, one legal step at a time; and once more from the start."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.orders.fulfilment import order_again, order_cancel, order_deliver, order_send
from shop.orders.models import Order, ReturnRequest
from shop.orders.workflow import ORDER_STEPS, RETURN_STEPS, IllegalStep, order_step, return_step
from tests.concurrency import run_together
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, ShopperFactory
from tests.shop.orders.scenarios import cart_with, deliver, place, stocks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def standing(status: str) -> Order:
    """An order that stands there, with all the times the database asks for."""
    order = OrderFactory.create()
    times = dict.fromkeys(("paid_at", "sent_at", "delivered_at", "cancelled_at"), order.created_at)
    Order.objects.filter(pk=order.pk).update(status=status, **times)
    order.refresh_from_db()
    return order


@pytest.mark.parametrize("start", Order.Status.values)
@pytest.mark.parametrize("end", Order.Status.values)
def test_an_order_takes_the_steps_of_the_table_and_no_others(start: str, end: str) -> None:
    order = standing(start)
    if end in ORDER_STEPS[start]:
        order_step(order, end)
        assert order.status == end
    else:
        with pytest.raises(IllegalStep):
            order_step(order, end)
        assert Order.objects.get().status == start


def test_every_status_is_in_the_tables() -> None:
    assert set(ORDER_STEPS) == set(Order.Status.values)
    assert set(RETURN_STEPS) == set(ReturnRequest.Status.values)


@pytest.mark.parametrize("start", ReturnRequest.Status.values)
@pytest.mark.parametrize("end", ReturnRequest.Status.values)
def test_a_return_takes_the_steps_of_the_table_and_no_others(start: str, end: str) -> None:
    order = OrderFactory.create()
    facts = {"amount": Decimal(1), "refunded_at": order.created_at}
    request = ReturnRequest.objects.create(order=order, status=start, reason="damaged", **facts)
    if end in RETURN_STEPS[start]:
        return_step(request, end)
        assert request.status == end
    else:
        with pytest.raises(IllegalStep):
            return_step(request, end)


def test_an_order_is_sent_and_delivered() -> None:
    order = place(cart_with(1))
    order_send(order, tracking="1Z999")
    assert (order.status, order.tracking) == ("sent", "1Z999")
    assert order.sent_at is not None
    order_deliver(order)
    assert order.status == "delivered"
    assert order.delivered_at is not None


@pytest.mark.parametrize("step", [order_send, order_cancel])
def test_what_was_sent_is_neither_sent_again_nor_cancelled(step: Callable[[Order], None]) -> None:
    order = place(cart_with(1))
    order_send(order)
    with pytest.raises(IllegalStep):
        step(order)
    assert stocks() == [0]
    assert Action.objects.counted().filter(kind=Kind.PURCHASE).exists()


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_of_sending_and_cancelling_at_once_one_happens() -> None:
    order = place(cart_with(1))
    results = run_together(
        *(partial(step, Order.objects.get(pk=order.pk)) for step in (order_send, order_cancel)),
    )
    assert sorted(type(result).__name__ for result in results) == ["IllegalStep", "NoneType"]
    order.refresh_from_db()
    assert (order.status, stocks()) in [("sent", [0]), ("cancelled", [1])]


# --- again ------------------------------------------------------------------------


def test_ordering_again_fills_the_cart_with_what_there_is_at_the_price_of_today() -> None:
    shopper = ShopperFactory.create()
    order = OrderFactory.create(shopper=shopper)
    plenty, few, none, hidden = (
        ItemFactory.create(title=title, stock=stock, published=title != "Hidden")
        for title, stock in (("Plenty", None), ("Few", 1), ("None", 0), ("Hidden", 5))
    )
    for item in (plenty, few, none, hidden):
        OrderLineFactory.create(order=order, item=item, quantity=2)
    OrderLineFactory.create(order=order, item=None, title="Gone", quantity=1)
    Item.objects.filter(pk=plenty.pk).update(price=Decimal(20))
    reorder = order_again(order=order, shopper=shopper)
    assert [(change.item, change.quantity) for change in reorder.added] == [(plenty, 2), (few, 1)]
    assert [change.item for change in reorder.limited] == [few]
    assert reorder.missing == ("None", "Hidden", "Gone")
    assert [(line.item, line.quantity, line.price_when_added) for line in CartLine.objects.order_by("id")] == [
        (plenty, 2, Decimal(20)),
        (few, 1, Decimal("12.50")),
    ]


def test_an_order_can_be_delivered_and_had_again() -> None:
    shopper = cart_with(3)
    order = deliver(place(shopper))
    assert len(order_again(order=order, shopper=shopper).added) == 1
    assert place(shopper).status == "paid"
    assert stocks() == [1]
