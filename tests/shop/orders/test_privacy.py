"""The books keep orders, not people."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from shop.accounts.forgetting import shopper_forget
from shop.accounts.models import Shopper
from shop.mail.models import Letter
from shop.orders.fulfilment import order_cancel, order_send
from shop.orders.models import Order, ReturnRequest
from shop.orders.payments.dummy import SECOND_STEP
from shop.orders.privacy import orders_export
from shop.orders.returns import return_ask
from tests.factories import ShopperFactory, UserFactory
from tests.shop.orders.scenarios import cart_with, deliver, place, stocks

pytestmark = pytest.mark.django_db

PERSONAL = ("email", "name", "street", "postcode", "city", "country", "tracking")


def personal(order: Order) -> set[str]:
    """What of somebody the row still tells."""
    fresh = Order.objects.get(pk=order.pk)
    return {value for name in PERSONAL if (value := getattr(fresh, name))}


def test_forgetting_leaves_an_order_of_nobody() -> None:
    shopper = cart_with(5)
    order = deliver(place(shopper))
    return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged", words="It rattles, says Ada.")
    shopper_forget(shopper)
    order.refresh_from_db()
    assert personal(order) == set()
    assert (order.shopper, order.status, order.total) == (None, "delivered", Decimal("17.40"))
    assert order.forgotten_at is not None
    assert ReturnRequest.objects.get().words == ""
    assert not Shopper.objects.exists()


def test_letters_about_the_orders_that_have_not_left_yet_go_too() -> None:
    shopper = cart_with(5)
    place(shopper)
    kept = place(cart_with(5))
    shopper_forget(shopper)
    assert list(Letter.objects.values_list("template", "about")) == [("order_confirmed", f"order {kept.pk}")]


def test_orders_from_before_signing_in_are_forgotten_too() -> None:
    guest = cart_with(5)
    order = deliver(place(guest))
    account = ShopperFactory.create(account=UserFactory.create())
    Shopper.objects.filter(pk=guest.pk).update(merged_into=account)
    shopper_forget(account)
    assert personal(order) == set()


@pytest.mark.parametrize("step", [order_send, order_cancel])
def test_a_paid_parcel_keeps_its_address_until_it_leaves(step: object) -> None:
    shopper = cart_with(5)
    order = place(shopper)
    shopper_forget(shopper)
    assert "1 Quiet Lane" in personal(order)
    fresh = Order.objects.get()
    assert fresh.shopper is None
    assert callable(step)
    step(fresh)
    assert personal(order) == set()


def test_an_order_that_waits_for_its_payment_is_given_up() -> None:
    shopper = cart_with(5)
    order = place(shopper, SECOND_STEP)
    shopper_forget(shopper)
    order.refresh_from_db()
    assert (order.status, personal(order)) == ("expired", set())
    assert stocks() == [5]


def test_somebody_elses_orders_stay_as_they_are() -> None:
    order = place(cart_with(5))
    shopper_forget(cart_with(5))
    order.refresh_from_db()
    assert order.name == "Ada"
    assert order.forgotten_at is None


def test_the_export_tells_everything() -> None:
    shopper = cart_with(5, quantity=2)
    order = deliver(place(shopper))
    place(cart_with(5))
    return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged", words="It rattles.")
    exported = json.loads(json.dumps(orders_export(shopper), cls=DjangoJSONEncoder))
    [row] = exported["orders"]
    assert (row["number"], row["street"], row["total"]) == (order.number, "1 Quiet Lane", "29.90")
    assert row["lines"][0]["quantity"] == 2
    assert [payment["outcome"] for payment in row["payments"]] == ["accepted"]
    assert exported["returns"][0]["words"] == "It rattles."
    assert exported["returns"][0]["lines"] == [{"title": order.lines.get().title, "quantity": 1}]
