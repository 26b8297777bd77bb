"""The cart tells what delivery will cost as the checkout counts it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shop.cart.hooks import DeliveryEstimate, delivery_estimate


@pytest.mark.parametrize(
    ("items", "free_from", "price", "missing"),
    [
        ("20", "50", "4.90", "30"),
        ("49.99", "50", "4.90", "0.01"),
        ("50", "50", "0.00", None),
        ("20", "0", "4.90", None),
    ],
)
def test_the_usual_way_and_what_is_missing(
    settings: Any, items: str, free_from: str, price: str, missing: str | None
) -> None:
    settings.SHIPPING_PRICES = {"standard": Decimal("4.90"), "express": Decimal("9.90")}
    settings.SHIPPING_FREE_FROM = Decimal(free_from)
    settings.TAX_RATE = Decimal(19)
    assert delivery_estimate(Decimal(items)) == DeliveryEstimate(
        price=Decimal(price), missing=Decimal(missing) if missing else None, tax_included=True
    )


def test_a_shop_that_charges_no_tax_tells_of_none(settings: Any) -> None:
    settings.TAX_RATE = Decimal(0)
    estimate = delivery_estimate(Decimal(20))
    assert estimate is not None
    assert not estimate.tax_included
