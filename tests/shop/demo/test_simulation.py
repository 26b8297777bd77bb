"""Simulated shoppers in the database: marked, replaced, removable, the same for the same seed and clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shop.accounts.models import Shopper
from shop.actions.models import Action, Favourite, Kind
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.demo.simulation import (
    ItemFacts,
    NothingToShop,
    features_of,
    shoppers_for,
    simulation_clear,
    simulation_run,
)
from shop.orders.models import Order
from tests.factories import ActionFactory, CategoryFactory, ItemFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def stock_the_shop(count: int = 24) -> None:
    category = CategoryFactory.create(name="Things")
    for number in range(count):
        ItemFactory.create(
            item_id=f"i{number:02d}", tag=f"kind{number % 4}", colour=["red", "blue"][number % 2], category=category
        )


def rows() -> list[tuple[object, ...]]:
    return list(Action.objects.order_by("id").values_list("shopper__user_id", "item__item_id", "kind", "time"))


def test_everything_is_marked_as_simulated_and_all_kinds_are_there() -> None:
    stock_the_shop()
    simulated = simulation_run(shoppers=30, days=60, seed=0, now=NOW)
    assert simulated.shoppers == Shopper.objects.count() == 30
    assert simulated.actions == Action.objects.count() > 300
    assert not Shopper.objects.real().exists()
    assert not Action.objects.real().exists()
    assert set(Action.objects.values_list("kind", flat=True)) == set(Kind.values)
    assert not Favourite.objects.exists()
    assert not CartLine.objects.exists()
    assert not Order.objects.exists()


def test_the_same_seed_and_clock_give_the_same_actions() -> None:
    stock_the_shop()
    simulation_run(shoppers=10, days=60, seed=0, now=NOW)
    before = rows()
    simulation_run(shoppers=10, days=60, seed=0, now=NOW)
    assert rows() == before
    simulation_run(shoppers=10, days=60, seed=1, now=NOW)
    assert rows() != before


def test_database_keys_change_nothing() -> None:
    stock_the_shop()
    simulation_run(shoppers=10, days=60, seed=0, now=NOW)
    before = rows()
    simulation_clear()
    Item.objects.filter(item_id="i00").delete()
    ItemFactory.create(item_id="i00", tag="kind0", colour="red", category=Item.objects.earliest("pk").category)
    simulation_run(shoppers=10, days=60, seed=0, now=NOW)
    assert rows() == before


def test_times_end_with_the_clock() -> None:
    stock_the_shop()
    simulation_run(shoppers=20, days=7, seed=0, now=NOW)
    times = [time for time in Action.objects.values_list("time", flat=True) if time is not None]
    assert max(times) <= NOW
    assert min(times) >= NOW - timedelta(days=7)
    assert times == sorted(times)


def test_clearing_leaves_real_shoppers_and_their_actions_alone() -> None:
    stock_the_shop()
    real = ActionFactory.create()
    simulation_run(shoppers=5, days=10, seed=0, now=NOW)
    assert simulation_clear() == 5
    assert list(Action.objects.all()) == [real]
    assert list(Shopper.objects.all()) == [real.shopper]


def test_an_empty_or_hidden_catalogue_is_refused() -> None:
    ItemFactory.create(published=False)
    with pytest.raises(NothingToShop, match="no published items"):
        simulation_run(shoppers=5, days=10, seed=0)


def test_the_number_of_shoppers_suits_the_catalogue() -> None:
    assert [shoppers_for(items) for items in (10, 630, 3_000, 12_556, 1_000_000)] == [200, 210, 1_000, 4_185, 5_000]


def fact(title: str, **values: object) -> ItemFacts:
    plain = {"key": 1, "item_id": title, "tag": "", "category": None, "colour": "", "brand": "", "price": None}
    return ItemFacts(**(plain | values), title=title)  # type: ignore[arg-type]  # a table of defaults


def test_features_fall_back_to_category_and_title() -> None:
    features = features_of(
        [
            fact("Puma Men Grey Shirt", category="apparel/topwear", price=Decimal(10)),
            fact("Puma Red Shirt", category="apparel/topwear", price=Decimal(20)),
            fact("Nike bag", tag="bag", category="accessories/bags", colour="Red"),
            fact("", tag="bag"),
        ]
    )
    assert features.group.tolist() == [0, 0, 1, 1]
    assert features.shelf[0] != features.shelf[1]
    assert features.colour[1] == features.colour[2] != features.colour[0]
    assert features.colour[3] == features.brand[3] == -1
    assert features.brand[0] == features.brand[1] != features.brand[2]
    assert features.band.tolist() == [0, 2, -1, -1]
    assert features.priced.tolist() == [True, True, False, False]
