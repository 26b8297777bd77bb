"""The checkout form."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from shop.accounts.addresses import address_save, addresses_of
from shop.accounts.models import Address
from shop.orders.forms import CheckoutForm
from tests.factories import ShopperFactory
from tests.shop.orders.scenarios import ADDRESS

THINGS = Decimal("12.50")


@pytest.fixture
def data() -> dict[str, str]:
    return {
        "email": "ada@example.com",
        "name": "Ada",
        "street": "1 Quiet Lane",
        "postcode": "12345",
        "city": "Townsville",
        "country": "Germany",
        "shipping": "express",
        "method": "accept",
        "token": str(uuid.uuid4()),
        "expected_total": "22.40",
    }


def form_of(data: dict[str, str] | None = None, **more: Any) -> CheckoutForm:
    return CheckoutForm(data, items_total=THINGS, **more)


@pytest.fixture
def kept() -> Address:
    return address_save(
        shopper=ShopperFactory.create(),
        name="Ada",
        street="2 Kept Street",
        postcode="1",
        city="Town",
        country="France",
    )


def test_a_filled_form_says_what_is_wanted(data: dict[str, str]) -> None:
    form = form_of(data)
    assert form.is_valid()
    wish = form.wish()
    assert wish.address == ADDRESS
    assert (wish.method, wish.shipping, wish.expected_total) == ("accept", "express", Decimal("22.40"))
    assert wish.token == uuid.UUID(data["token"])


@pytest.mark.parametrize(
    "field", ["email", "name", "street", "postcode", "city", "country", "shipping", "method", "token"]
)
def test_what_is_needed(data: dict[str, str], field: str) -> None:
    form = form_of({**data, field: "  "})
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ada"),
        ("method", "gold"),
        ("token", "1"),
        ("name", "a" * 201),
        ("shipping", "balloon"),
        ("saved", "999"),
    ],
)
def test_what_is_refused(data: dict[str, str], field: str, value: str) -> None:
    assert list(form_of({**data, field: value}).errors) == [field]


def test_every_shown_form_has_a_token_of_its_own_and_what_is_usual() -> None:
    first, second = (form_of(initial={"email": "ada@example.com"}) for _form in range(2))
    assert first["token"].value() != second["token"].value()
    assert first["email"].value() == "ada@example.com"
    assert first["method"].value() == "accept"
    assert first["shipping"].value() == "standard"
    assert first.totals.total == Decimal("17.40")


@pytest.mark.parametrize(("chosen", "total"), [("standard", "17.40"), ("express", "22.40"), ("balloon", "17.40")])
def test_the_totals_follow_the_delivery(chosen: str, total: str) -> None:
    assert form_of(initial={"shipping": chosen}).totals.total == Decimal(total)


def test_a_shop_that_takes_no_payments_says_so(data: dict[str, str], settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "none"
    form = form_of(data)
    assert not form.takes_payments
    assert list(form.errors) == ["method"]


@pytest.mark.django_db
def test_a_kept_address_is_used_instead_of_a_typed_one(data: dict[str, str], kept: Address) -> None:
    addresses = list(addresses_of(kept.shopper))
    assert form_of(addresses=addresses).chosen_address == kept
    lines = dict.fromkeys(("name", "street", "postcode", "city"), "") | {"country": "much too long" * 20}
    form = form_of({**data, **lines, "saved": str(kept.pk)}, addresses=addresses)
    assert form.is_valid()
    assert form.wish().address.street == "2 Kept Street"


@pytest.mark.django_db
def test_another_address_has_to_be_typed(data: dict[str, str], kept: Address) -> None:
    form = form_of({**data, "street": "", "saved": "new"}, addresses=[kept])
    assert list(form.errors) == ["street"]


@pytest.mark.parametrize(("may_keep", "ticked", "keeps"), [(True, "on", True), (True, "", False), (False, "on", False)])
def test_an_address_is_kept_for_accounts_that_say_so(
    data: dict[str, str], ticked: str, *, may_keep: bool, keeps: bool
) -> None:
    form = form_of({**data, "keep": ticked}, may_keep=may_keep)
    assert form.is_valid()
    assert form.wants_to_keep is keeps


def test_the_first_wrong_field_has_the_focus(data: dict[str, str]) -> None:
    form = form_of({**data, "street": "", "city": ""})
    form.focus_first_error()
    assert "autofocus" in str(form["street"])
    assert "autofocus" not in str(form["city"])
