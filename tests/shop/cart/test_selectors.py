"""The cart page: sums to the cent, and says what has changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shop.cart.selectors import CartNote, NoteKind, cart_summary, kept_entries
from shop.catalogue.models import Item
from tests.factories import CartLineFactory, CategoryFactory, ItemFactory, KeptLineFactory, ShopperFactory

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


@pytest.mark.parametrize(("left", "kind"), [(3, NoteKind.NOT_FOR_SALE), (0, NoteKind.SOLD_OUT)])
def test_what_got_variants_since_it_was_put_in_cannot_be_bought(
    django_assert_num_queries: Any, left: int, kind: NoteKind
) -> None:
    shopper = ShopperFactory.create()
    frame = CartLineFactory.create(shopper=shopper, item=ItemFactory.create(stock=3)).item
    assert cart_summary(shopper).can_check_out
    variant = ItemFactory.create(variant_of=frame, variant_name="Large", stock=left)
    with django_assert_num_queries(1):
        summary = cart_summary(shopper)
    assert (summary.can_check_out, summary.total) == (False, Decimal("0.00"))
    assert summary.lines[0].notes == (CartNote(kind),)
    Item.objects.filter(pk=variant.pk).update(published=False)
    assert cart_summary(shopper).can_check_out


def test_variants_of_one_thing_have_one_head(django_assert_num_queries: Any) -> None:
    shopper = ShopperFactory.create()
    cup, mug = ItemFactory.create(), ItemFactory.create()
    for name in ("Small", "Large"):
        CartLineFactory.create(shopper=shopper, item=ItemFactory.create(variant_of=cup, variant_name=name))
    CartLineFactory.create(shopper=shopper, item=mug)
    with django_assert_num_queries(1):
        assert cart_summary(shopper).heads == [cup, mug]


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


def test_notes_carry_what_their_words_need() -> None:
    line = CartLineFactory.create(item=ItemFactory.create(price=Decimal(10)), quantity=3)
    Item.objects.update(stock=1, price=Decimal(11))
    assert cart_summary(line.shopper).lines[0].notes == (
        CartNote(NoteKind.FEWER_LEFT, count=1),
        CartNote(NoteKind.PRICE_ROSE, price=Decimal(10)),
    )


def test_what_is_kept_stands_beside_the_cart_and_in_no_total() -> None:
    shopper = ShopperFactory.create()
    first, second = (
        KeptLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal(10)), quantity=2) for _ in "ab"
    )
    KeptLineFactory.create()
    Item.objects.filter(pk=first.item.pk).update(stock=0)
    Item.objects.filter(pk=second.item.pk).update(price=Decimal(8))
    kept = kept_entries(shopper)
    assert [(entry.item, entry.quantity) for entry in kept] == [(second.item, 2), (first.item, 2)]
    assert [[note.kind for note in entry.notes] for entry in kept] == [[NoteKind.PRICE_FELL], [NoteKind.SOLD_OUT]]
    assert cart_summary(shopper).lines == ()
    assert kept_entries(None) == ()


def test_what_is_told_until_it_is_seen() -> None:
    shopper = ShopperFactory.create()
    CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal(10)), quantity=2, joined=True)
    CartLineFactory.create(shopper=shopper, item=ItemFactory.create(price=Decimal(10), stock=0), quantity=3)
    Item.objects.update(price=Decimal(11))
    summary = cart_summary(shopper)
    assert [line.quantity for line in summary.joined] == [2]
    assert summary.prices_changed == 1, "of what is sold out nobody asks the price"
    assert (summary.count, summary.count_for_sale) == (5, 2)


def test_one_query_each_whatever_is_in_them(django_assert_num_queries: Any) -> None:
    shopper = ShopperFactory.create()
    for _size in range(2):
        for _line in range(5):
            CartLineFactory.create(shopper=shopper, item=ItemFactory.create(category=CategoryFactory.create()))
            KeptLineFactory.create(shopper=shopper, item=ItemFactory.create(category=CategoryFactory.create()))
        with django_assert_num_queries(2):
            for line in (*cart_summary(shopper).lines, *kept_entries(shopper)):
                assert line.item.name
                assert line.item.cover is None
                assert line.item.category is not None
                assert line.item.category.title
