"""A till with play money, and prices of delivery that the tests can reckon with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.shop.orders.bank import Bank


@pytest.fixture(autouse=True)
def till(settings: Any) -> None:
    """Standard delivery 4.90 in 2 to 4 days, free from 50; express 9.90 in 1 to 2 days; 19 % tax; 30 days to return."""
    settings.PAYMENT_PROVIDER = "dummy"
    settings.SHIPPING_PRICES = {"standard": Decimal("4.90"), "express": Decimal("9.90")}
    settings.SHIPPING_DAYS = {"standard": (2, 4), "express": (1, 2)}
    settings.SHIPPING_FREE_FROM = Decimal(50)
    settings.TAX_RATE = Decimal(19)
    settings.RETURN_DAYS = 30
    settings.SITE_URL = "https://shop.example"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """A bank that answers refunds as the test tells it to."""
    return Bank(monkeypatch)
