"""What tests of orders start from."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from shop.catalogue.models import Item
from shop.orders.payments.dummy import ACCEPT
from shop.orders.services import DeliveryAddress, order_place
from tests.factories import CartLineFactory, ItemFactory, ShopperFactory

if TYPE_CHECKING:
    from shop.accounts.models import Shopper
    from shop.orders.models import Order

ADDRESS = DeliveryAddress(
    email="ada@example.com", name="Ada", street="1 Quiet Lane", postcode="12345", city="Townsville", country="Germany"
)


def place(shopper: Shopper, method: str = ACCEPT, **fields: Any) -> Order:
    return order_place(shopper=shopper, address=ADDRESS, method=method, **{"token": uuid.uuid4(), **fields})


def cart_with(*stocks: int | None, quantity: int = 1) -> Shopper:
    """A shopper with one line per stock."""
    shopper: Shopper = ShopperFactory.create()
    for stock in stocks:
        CartLineFactory.create(shopper=shopper, item=ItemFactory.create(stock=stock), quantity=quantity)
    return shopper


def stocks() -> list[int | None]:
    return list(Item.objects.order_by("pk").values_list("stock", flat=True))
