"""Totals to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shop.orders.pricing import included_tax, totals_of
from shop.orders.shipping import EXPRESS, STANDARD, UnknownShipping, shipping_label, shipping_method, shipping_methods


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [
        ("119.00", "19", "19.00"),
        ("17.40", "19", "2.78"),  # 2.7782
        ("0.01", "19", "0.00"),
        ("0.04", "19", "0.01"),  # 0.0064
        ("10.01", "100", "5.01"),  # 5.005: half a cent goes up
        ("10.03", "100", "5.02"),  # 5.015: and does not go to the even one
        ("99.99", "8.1", "7.49"),  # 7.4923
        ("50.00", "0", "0.00"),
        ("0.00", "19", "0.00"),
    ],
)
def test_the_tax_within_a_price(gross: str, rate: str, tax: str) -> None:
    assert included_tax(Decimal(gross), Decimal(rate)) == Decimal(tax)


@given(st.decimals("0", "1000000", places=2), st.decimals("0", "100", places=2))
def test_the_tax_is_cents_and_makes_the_price_with_the_net(gross: Decimal, rate: Decimal) -> None:
    tax = included_tax(gross, rate)
    assert tax == tax.quantize(Decimal("0.01"))
    assert 0 <= tax <= gross / 2 + Decimal("0.01")
    assert abs((gross - tax) * rate / 100 - tax) <= Decimal("0.02")


@pytest.mark.parametrize(
    ("items", "code", "shipping", "total", "tax"),
    [
        ("12.50", STANDARD, "4.90", "17.40", "2.78"),
        ("12.50", EXPRESS, "9.90", "22.40", "3.58"),
        ("49.99", STANDARD, "4.90", "54.89", "8.76"),
        ("50.00", STANDARD, "0.00", "50.00", "7.98"),
        ("50.00", EXPRESS, "9.90", "59.90", "9.56"),
    ],
)
def test_what_things_and_delivery_come_to(items: str, code: str, shipping: str, total: str, tax: str) -> None:
    totals = totals_of(Decimal(items), shipping_method(code))
    assert (totals.shipping, totals.total, totals.tax) == (Decimal(shipping), Decimal(total), Decimal(tax))


def test_delivery_always_costs_where_the_owner_says_so(settings: Any) -> None:
    settings.SHIPPING_FREE_FROM = Decimal(0)
    assert shipping_method(STANDARD).price_for(Decimal(1000)) == Decimal("4.90")


@pytest.mark.parametrize(
    ("days", "words"),
    [((2, 4), "With you in 2 to 4 days."), ((1, 1), "With you in 1 day."), ((3, 3), "With you in 3 days.")],
)
def test_how_long_it_takes(settings: Any, days: tuple[int, int], words: str) -> None:
    settings.SHIPPING_DAYS = {STANDARD: days, EXPRESS: (1, 2)}
    with override("en"):
        assert shipping_methods()[0].times == words


def test_an_unknown_way_is_refused_and_an_old_one_still_has_a_name() -> None:
    with pytest.raises(UnknownShipping):
        shipping_method("balloon")
    assert shipping_label("balloon") == "balloon"
    assert shipping_label("") == ""
