"""What the cart may tell of delivery before anybody has chosen how it is sent."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from shop.cart.hooks import DeliveryEstimate
from shop.orders.shipping import shipping_methods


def delivery_estimate(items: Decimal) -> DeliveryEstimate:
    """Delivery of things that cost ``items`` together, in the usual way, and how much is missing for it to be free."""
    usual = shipping_methods()[0]
    price = usual.price_for(items)
    missing = usual.free_from - items if price and usual.free_from is not None else None
    return DeliveryEstimate(price=price, missing=missing, tax_included=bool(settings.TAX_RATE))
