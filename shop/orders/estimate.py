"""What the cart may tell of delivery before anybody has chosen how it is sent."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from shop.cart.hooks import DeliveryEstimate
from shop.orders.shipping import shipping_offer


def delivery_estimate(items: Decimal) -> DeliveryEstimate:
    """Delivery of things that cost ``items`` together, in the usual way, and how much is missing for it to be free."""
    offer = shipping_offer(items)
    return DeliveryEstimate(price=offer.price, missing=offer.missing or None, tax_included=bool(settings.TAX_RATE))
