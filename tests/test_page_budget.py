"""Pages with a model behind their shelves keep within their budget, however large the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recommender import session
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page, share_picture
from tests.query_budget import assert_queries_constant
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
