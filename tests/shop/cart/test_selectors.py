"""The cart page: sums to the cent, and says what has changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shop.cart.selectors import NoteKind, cart_summary
from shop.catalogue.models import Item
from tests.factories import CartLineFactory, CategoryFactory, ItemFactory, ShopperFactory

pytestmark = pytest.mark.django_db


def test_sums_are_exact() -> None:
    shopper = ShopperFactory.create()
    CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal("0.10")), quantity=3)
    CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal("19.99")), quantity=2)
    summary = cart_summary(shopper)
    assert [line.total for line in summary.lines] == [Decimal("0.30"), Decimal("39.98")]
    assert (summary.total, summary.count, summary.currency) == (Decimal("40.28"), 5, "EUR")
    assert summary.can_check_out
    assert all(line.notes == () for line in summary.lines)


@pytest.mark.parametrize("shopper", [None, "without a line"])
def test_an_empty_cart(shopper: Any) -> None:
    summary = cart_summary(ShopperFactory.create() if shopper else None)
    assert (summary.lines, summary.total, summary.count) == ((), Decimal("0.00"), 0)
    assert not summary.can_check_out


@pytest.mark.parametrize(
    ("fields", "kinds", "total", "checkout"),
    [
        ({}, [], "20.00", True),
        ({"stock": 2}, [], "20.00", True),
        ({"stock": 1}, [NoteKind.FEWER_LEFT], "20.00", False),
        ({"stock": 0}, [NoteKind.SOLD_OUT], "0.00", False),
        ({"published": False}, [NoteKind.NOT_FOR_SALE], "0.00", False),
        ({"price": None}, [NoteKind.NOT_FOR_SALE], "0.00", False),
        ({"price": Decimal("10.01")}, [NoteKind.PRICE_ROSE], "20.02", True),
        ({"price": Decimal("9.99")}, [NoteKind.PRICE_FELL], "19.98", True),
        ({"price": Decimal(12), "stock": 1}, [NoteKind.FEWER_LEFT, NoteKind.PRICE_ROSE], "24.00", False),
    ],
)
def test_what_changed_since_it_was_added(
    fields: dict[str, Any], kinds: list[NoteKind], total: str, *, checkout: bool
) -> None:
    line = CartLineFactory.create(item=ItemFactory.create(price=Decimal(10)), quantity=2)
    Item.objects.update(**fields)
    summary = cart_summary(line.shopper)
    assert [note.kind for note in summary.lines[0].notes] == kinds
    assert summary.total == Decimal(total)
    assert summary.can_check_out is checkout
    assert summary.lines[0].sold_out is (total == "0.00")


def test_notes_speak_plainly() -> None:
    line = CartLineFactory.create(item=ItemFactory.create(price=Decimal(10)), quantity=3)
    Item.objects.update(stock=1, price=Decimal(11))
    assert [str(note.text) for note in cart_summary(line.shopper).lines[0].notes] == [
        "Only 1 is left.",
        "The price was 10.00 EUR when you added it.",
    ]


def test_one_query_whatever_is_in_it(django_assert_num_queries: Any) -> None:
    shopper = ShopperFactory.create()
    for _size in range(2):
        for _line in range(5):
            CartLineFactory.create(shopper=shopper, item=ItemFactory.create(category=CategoryFactory.create()))
        with django_assert_num_queries(1):
            for line in cart_summary(shopper).lines:
                assert line.item.name
                assert line.item.cover is None
                assert line.item.category is not None
                assert line.item.category.title
