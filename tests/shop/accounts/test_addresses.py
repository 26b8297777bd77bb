"""A shopper's addresses: no twins, one of them first."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from shop.accounts import hooks
from shop.accounts.addresses import (
    MOST_ADDRESSES,
    TooManyAddresses,
    address_change,
    address_remove,
    address_save,
    address_use_first,
    addresses_of,
)
from shop.accounts.models import Address, Shopper
from tests.concurrency import run_together
from tests.factories import ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db


def keep(shopper: Shopper, street: str, **options: Any) -> Address:
    lines: dict[str, Any] = {"name": "Ada Person", "postcode": "12345", "city": "Townsville", "country": "Germany"}
    return address_save(shopper=shopper, street=street, **lines, **options)


def streets(shopper: Shopper) -> list[tuple[str, bool]]:
    return list(addresses_of(shopper).values_list("street", "is_default"))


def test_the_first_one_is_used_first_and_others_when_wished() -> None:
    shopper = ShopperFactory.create()
    keep(shopper, "one")
    keep(shopper, "two")
    assert streets(shopper) == [("one", True), ("two", False)]
    keep(shopper, "three", make_default=True)
    assert streets(shopper) == [("three", True), ("one", False), ("two", False)]


def test_the_same_address_twice_is_one() -> None:
    shopper = ShopperFactory.create()
    first = keep(shopper, "one")
    keep(shopper, "two")
    assert keep(shopper, "one", make_default=True) == first
    assert streets(shopper) == [("one", True), ("two", False)]


def test_others_have_their_own() -> None:
    shopper = ShopperFactory.create()
    keep(ShopperFactory.create(), "one")
    assert streets(shopper) == []
    assert list(addresses_of(None)) == []


def test_when_the_first_goes_the_oldest_follows() -> None:
    shopper = ShopperFactory.create()
    first = keep(shopper, "one")
    keep(shopper, "two")
    keep(shopper, "three")
    address_remove(first)
    assert streets(shopper) == [("two", True), ("three", False)]
    address_remove(Address.objects.get(street="three"))
    address_remove(Address.objects.get(street="two"))
    assert streets(shopper) == []


def test_an_address_changed_into_another_becomes_one_with_it() -> None:
    shopper = ShopperFactory.create()
    keep(shopper, "one")
    second = keep(shopper, "two")
    second.street = "one"
    address_change(second)
    assert streets(shopper) == [("one", True)]
    assert Address.objects.get() == second


def test_there_is_an_end() -> None:
    shopper = ShopperFactory.create()
    for number in range(MOST_ADDRESSES):
        keep(shopper, str(number))
    with pytest.raises(TooManyAddresses):
        keep(shopper, "one too many")
    assert keep(shopper, "3").street == "3"


def test_the_database_allows_one_first() -> None:
    shopper = ShopperFactory.create()
    keep(shopper, "one")
    second = keep(shopper, "two")
    with pytest.raises(IntegrityError, match=r"accounts_address\.shopper_id|address_one_default"):
        Address.objects.filter(pk=second.pk).update(is_default=True)


def test_a_guests_addresses_come_along() -> None:
    guest, account = ShopperFactory.create(), ShopperFactory.create(account=UserFactory.create())
    keep(account, "home")
    keep(guest, "home")
    keep(guest, "work")
    hooks.merge(guest=guest, account=account)
    assert streets(account) == [("home", True), ("work", False)]
    assert Address.objects.count() == 2


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_keeps_one() -> None:
    shopper = ShopperFactory.create()
    for number in range(5):
        run_together(*(partial(keep, shopper, f"street {number}", make_default=True) for _time in range(2)))
    assert [street for street, _first in streets(shopper)] == [
        "street 4", "street 0", "street 1", "street 2", "street 3",
    ]  # fmt: skip


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_that_shall_be_first_at_once_take_turns() -> None:
    shopper = ShopperFactory.create()
    keep(shopper, "first")
    for number in range(5):
        chosen = [keep(shopper, f"{number} {tab}") for tab in range(2)]
        assert run_together(*(partial(address_use_first, address) for address in chosen)) == [None, None]
        assert Address.objects.get(is_default=True) in chosen


def test_another_first_takes_the_place() -> None:
    shopper = ShopperFactory.create()
    keep(shopper, "one")
    address_use_first(keep(shopper, "two"))
    assert streets(shopper) == [("two", True), ("one", False)]
