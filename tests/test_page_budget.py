"""Pages with a model behind their shelves keep within their budget, however large the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recommender import session
from shop.catalogue.models import Item
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page, share_picture
from tests.query_budget import PAGE_BUDGET, assert_queries_constant, queries_of
from tests.recommender.tiny_bundle import TinyBundle, ring

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def stock(numbers: range) -> None:
    mugs = CategoryFactory.create(name=f"Mugs {numbers.start}")
    for number in numbers:
        share_picture(ItemFactory.create(item_id=f"m{number}", title=f"Mug {number}", category=mugs))


def serve(version: str, size: int) -> None:
    ids = [f"m{number}" for number in range(size)]
    TinyBundle(
        items=ids, similar=ring(ids), also_liked=ring(ids[::-1]), trending=ids, popularity=dict.fromkeys(ids, 1.0)
    ).publish(version)
    session.refresh()


@pytest.mark.parametrize("path", ["/", "/items/m0/mug-0/", "/favourites/", "/search/?q=unheard-of"])
def test_shelves_cost_the_same_in_a_shop_ten_times_as_large(client: Client, path: str) -> None:
    stock(range(12))
    serve("small", 12)
    client.force_login(UserFactory.create())
    for number in (1, 2, 3):
        client.get(f"/items/m{number}/mug-{number}/")
        client.post("/favourites/toggle/", {"item_id": f"m{number}"})
    client.post("/cart/add/", {"item_id": "m4"})
    assert all(Page(client.get(path)).panels.values())

    def grow() -> None:
        stock(range(12, 120))
        serve("large", 120)

    assert_queries_constant(lambda: client.get(path), grow=grow)


PAGES = (
    "/",
    "/categories/mugs-0/",
    "/categories/mugs-0/?colour=clay&in_stock=1&sort=price",
    "/categories/mugs-0/?sort=for_you",
    "/items/m0/mug-0/",
    "/search/?q=mug",
    "/search/?q=mug&sort=for_you&colour=clay",
    "/search/?q=unheard-of",
    "/cart/",
    "/favourites/",
)


def test_no_page_asks_more_of_60_000_items_than_of_600(client: Client) -> None:
    stock(range(12))
    fill(range(12, 600))
    serve("small", 600)
    client.force_login(UserFactory.create())
    for number in (1, 2, 3):
        client.get(f"/items/m{number}/mug-{number}/")
        client.post("/favourites/toggle/", {"item_id": f"m{number}"})
    client.post("/cart/add/", {"item_id": "m4"})
    client.post("/recommendations/not-for-me/add/", {"item_id": "m9"})
    before = counts(client)
    fill(range(600, 60_000))
    assert counts(client) == before
    assert {path: count for path, count in before.items() if count > PAGE_BUDGET} == {}


def fill(numbers: range) -> None:
    """More of the same, written at once."""
    mugs = Item.objects.get(item_id="m0").category
    items = [
        Item(item_id=f"m{number}", title=f"Mug {number}", category=mugs, price=number % 90, colour="clay", stock=5)
        for number in numbers
    ]
    for item in items:
        item.derive()
    Item.objects.bulk_create(items, batch_size=1000)


def counts(client: Client) -> dict[str, int]:
    """Queries of each page, once what they share is known."""
    for path in PAGES:
        assert client.get(path).status_code == 200
    return {path: len(queries_of(lambda path=path: client.get(path))) for path in PAGES}  # type: ignore[misc]  # at once
