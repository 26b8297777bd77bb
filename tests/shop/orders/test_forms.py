"""The checkout form."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from shop.orders.forms import CheckoutForm
from tests.shop.orders.scenarios import ADDRESS


@pytest.fixture
def data(settings: Any) -> dict[str, str]:
    settings.PAYMENT_PROVIDER = "dummy"
    return {
        "email": "ada@example.com",
        "name": "Ada",
        "street": "1 Quiet Lane",
        "postcode": "12345",
        "city": "Townsville",
        "country": "Germany",
        "method": "accept",
        "token": str(uuid.uuid4()),
        "expected_total": "12.50",
    }


def test_a_filled_form_gives_an_address(data: dict[str, str]) -> None:
    form = CheckoutForm(data=data)
    assert form.is_valid()
    assert form.address() == ADDRESS
    assert form.cleaned_data["expected_total"] == Decimal("12.50")
    assert form.cleaned_data["token"] == uuid.UUID(data["token"])


@pytest.mark.parametrize("field", ["email", "name", "street", "postcode", "city", "country", "method", "token"])
def test_what_is_needed(data: dict[str, str], field: str) -> None:
    form = CheckoutForm(data={**data, field: "  "})
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("field", "value"), [("email", "ada"), ("method", "gold"), ("token", "1"), ("name", "a" * 201)]
)
def test_what_is_refused(data: dict[str, str], field: str, value: str) -> None:
    assert list(CheckoutForm(data={**data, field: value}).errors) == [field]


def test_every_shown_form_has_a_token_of_its_own_and_the_total(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "dummy"
    first, second = (CheckoutForm(total=Decimal("12.50"), initial={"email": "ada@example.com"}) for _form in range(2))
    assert first["token"].value() != second["token"].value()
    assert first["expected_total"].value() == Decimal("12.50")
    assert first["email"].value() == "ada@example.com"
    assert first["method"].value() == "accept"


def test_a_shop_that_takes_no_payments_says_so(data: dict[str, str], settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "none"
    form = CheckoutForm(data=data)
    assert not form.takes_payments
    assert list(form.errors) == ["method"]
