"""What an order comes to: things, delivery, and the tax that is in it.

Prices are gross, as shoppers in Europe see them: the tax is part of the price
and told, never added. Amounts are exact decimals; the tax is rounded once, on
the sum, half a cent upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from shop.orders.shipping import ShippingMethod

CENT = Decimal("0.01")
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of an order.

    Attributes:
        items: The things together.
        shipping: Delivery.
        total: What is charged.
        tax: How much of ``total`` is tax.
        tax_rate: In percent; 0 where the shop charges none.
    """

    items: Decimal
    shipping: Decimal
    total: Decimal
    tax: Decimal
    tax_rate: Decimal


def included_tax(gross: Decimal, rate: Decimal) -> Decimal:
    """The tax within a gross amount at ``rate`` percent, to the cent."""
    return (gross * rate / (WHOLE + rate)).quantize(CENT, rounding=ROUND_HALF_UP)


def totals_of(items: Decimal, method: ShippingMethod) -> Totals:
    """What things that cost ``items`` together come to when they are sent by ``method``, today."""
    shipping = method.price_for(items)
    total = items + shipping
    rate = settings.TAX_RATE
    return Totals(items=items, shipping=shipping, total=total, tax=included_tax(total, rate), tax_rate=rate)
