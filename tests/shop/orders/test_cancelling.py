"""A cancelled order gives everything back, once."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from shop.actions.models import Action
from shop.catalogue.models import Item
from shop.orders.fulfilment import order_cancel
from shop.orders.models import Order, Payment
from shop.orders.payments.base import RefundRefused
from shop.orders.payments.dummy import REFUSE_REFUND
from shop.orders.workflow import IllegalStep
from tests.concurrency import run_together
from tests.factories import CartLineFactory, OrderFactory
from tests.shop.orders.scenarios import cart_with, place, stocks

pytestmark = pytest.mark.django_db


def test_cancelling_gives_back_money_and_pieces_and_undoes_the_purchases() -> None:
    shopper = cart_with(5, None, quantity=2)
    order = place(shopper)
    order_cancel(order)
    assert order.status == "cancelled"
    assert order.cancelled_at is not None
    assert stocks() == [5, None]
    assert list(Payment.objects.values_list("outcome", "amount")) == [
        ("accepted", Decimal("50.00")),
        ("refunded", Decimal("50.00")),
    ]
    assert not Action.objects.counted().exists()
    assert Action.objects.count() == 2


def test_cancelling_leaves_an_earlier_purchase_of_the_same_item() -> None:
    shopper = cart_with(5)
    place(shopper)
    earlier = Action.objects.get()
    CartLineFactory.create(shopper=shopper, item=Item.objects.get())
    order_cancel(place(shopper))
    assert list(Action.objects.counted()) == [earlier]


def test_an_order_is_cancelled_once() -> None:
    order = place(cart_with(5))
    order_cancel(order)
    with pytest.raises(IllegalStep):
        order_cancel(order)
    assert stocks() == [5]
    assert Payment.objects.filter(outcome="refunded").count() == 1


def test_an_order_that_was_never_paid_cannot_be_cancelled() -> None:
    with pytest.raises(IllegalStep):
        order_cancel(OrderFactory.create())


def test_a_refused_refund_leaves_everything() -> None:
    order = place(cart_with(5), REFUSE_REFUND)
    with pytest.raises(RefundRefused):
        order_cancel(order)
    order.refresh_from_db()
    assert order.status == "paid"
    assert stocks() == [4]
    assert Action.objects.counted().count() == 1
    assert Payment.objects.count() == 1


def test_another_provider_than_the_one_that_took_the_money_gives_none_back() -> None:
    order = place(cart_with(5))
    Payment.objects.update(provider="till")
    with pytest.raises(RefundRefused, match="till"):
        order_cancel(order)
    assert Order.objects.get().status == "paid"


def test_cancelling_survives_an_item_that_is_gone() -> None:
    order = place(cart_with(5))
    Item.objects.all().delete()
    order_cancel(order)
    assert order.status == "cancelled"


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_cancellations_at_once_refund_once() -> None:
    order = place(cart_with(5))
    results = run_together(*(partial(order_cancel, Order.objects.get(pk=order.pk)) for _click in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["IllegalStep", "NoneType"]
    assert stocks() == [5]
    assert Payment.objects.filter(outcome="refunded").count() == 1
