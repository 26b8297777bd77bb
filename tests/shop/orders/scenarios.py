"""What tests of orders start from."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core import mail

from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.catalogue.models import Item
from shop.orders.fulfilment import order_deliver, order_send
from shop.orders.models import Payment
from shop.orders.payments.dummy import ACCEPT, ANSWER, CONFIRMED, sign_answer
from shop.orders.services import CheckoutWish, DeliveryAddress, order_place
from tests.factories import CartLineFactory, ItemFactory, ShopperFactory

if TYPE_CHECKING:
    from decimal import Decimal

    from shop.accounts.models import Shopper
    from shop.orders.models import Order

ADDRESS = DeliveryAddress(
    email="ada@example.com", name="Ada", street="1 Quiet Lane", postcode="12345", city="Townsville", country="Germany"
)


def wish(method: str = ACCEPT, **fields: Any) -> CheckoutWish:
    """What a filled form says, with a token of its own."""
    return CheckoutWish(**{"address": ADDRESS, "method": method, "token": uuid.uuid4(), **fields})


def place(shopper: Shopper, method: str = ACCEPT, *, source: ActionSource = UNKNOWN_SOURCE, **fields: Any) -> Order:
    """Order the cart of a shopper."""
    return order_place(shopper=shopper, wish=wish(method, **fields), source=source)


def deliver(order: Order) -> Order:
    """Take a paid order all the way."""
    order_send(order)
    order_deliver(order)
    return order


def cart_with(*stocks: int | None, quantity: int = 1) -> Shopper:
    """A shopper with one line per stock."""
    shopper: Shopper = ShopperFactory.create()
    for stock in stocks:
        CartLineFactory.create(shopper=shopper, item=ItemFactory.create(stock=stock), quantity=quantity)
    return shopper


def stocks() -> list[int | None]:
    """What is left of each item, in the order they were made."""
    return list(Item.objects.order_by("pk").values_list("stock", flat=True))


def letter() -> Any:
    """The one letter that was sent."""
    [sent] = mail.outbox
    return sent


def html_of(sent: Any) -> str:
    """The HTML of a letter."""
    return str(sent.alternatives[0][0])


def outcomes() -> list[tuple[str, Decimal]]:
    """What became of every payment and refund, and how much it was of, in their order."""
    return list(Payment.objects.values_list("outcome", "amount"))


def answer_of(order: Order, word: str = CONFIRMED) -> dict[str, str]:
    """What the bank sends back with the shopper."""
    reference = order.payments.order_by("id")[0].reference
    return {ANSWER: sign_answer(reference, word)}
