"""Panels as fragments and through the template tag."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from recommender import session
from shop.catalogue.models import Item
from tests.factories import ItemFactory
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def items() -> list[Item]:
    made: list[Item] = [ItemFactory.create(item_id=f"i{place}", title=f"Thing <{place}>") for place in range(30)]
    ids = [item.item_id for item in made]
    TinyBundle(
        items=ids, similar=ring(ids), also_liked=ring(ids[::-1]), bought_together=ring(ids), trending=ids
    ).publish("v1")
    session.refresh()
    return made


def panels_in(html: str) -> dict[str, list[str]]:
    """Panel to item ids, as they stand in the page."""
    found: dict[str, list[str]] = {}
    panel = ""
    for name, value in re.findall(r'data-(panel|item)="([^"]*)"', html):
        if name == "panel":
            panel = value
            found[panel] = []
        else:
            found[panel].append(value)
    return found


def test_a_fragment_is_the_shelf_alone(client: Client, items: list[Item]) -> None:
    response = client.get("/panels/similar/?item=i0")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert panels_in(html) == {"similar": [f"i{place}" for place in range(1, 9)]}
    assert html.count('data-reason="Looks alike and is described alike"') == 8
    assert 'href="/items/i1/thing-1/?from=similar&amp;at=0"' in html
    assert "Thing &lt;1&gt;" in html
    assert "<1>" not in html
    assert response["Cache-Control"] == "private, no-store"


def test_bought_together_takes_several_items(client: Client, items: list[Item]) -> None:
    html = client.get("/panels/bought_together/?item=i0&item=i1").content.decode()
    assert panels_in(html)["bought_together"][0] == "i2"


@pytest.mark.parametrize("panel", ["for_you", "pick_up", "trending", "recently_viewed"])
def test_visitor_panels_take_no_item(client: Client, items: list[Item], panel: str) -> None:
    assert client.get(f"/panels/{panel}/").status_code == 200


def test_a_shelf_with_nothing_to_show_is_not_there(client: Client, items: list[Item]) -> None:
    assert client.get("/panels/recently_viewed/").content.strip() == b""


@pytest.mark.parametrize(
    "address",
    [
        "/panels/nonsense/?item=i0",
        "/panels/photo/",
        "/panels/similar/?item=nobody",
        "/panels/similar/",
        "/panels/similar/?item=i0&item=i1",
        "/panels/bought_together/?item=i0&item=nobody",
        "/panels/bought_together/",
    ],
)
def test_unknown_panels_and_items_are_not_found(client: Client, items: list[Item], address: str) -> None:
    assert client.get(address).status_code == 404


def test_posting_to_a_fragment_is_not_possible(client: Client, items: list[Item]) -> None:
    assert client.post("/panels/trending/").status_code == 405


def test_panels_stand_in_the_first_html_of_the_pages(client: Client, items: list[Item]) -> None:
    product = panels_in(client.get(items[0].get_absolute_url()).content.decode())
    assert product["similar"] == [f"i{place}" for place in range(1, 9)]
    assert product["also_liked"] == [f"i{place}" for place in range(29, 21, -1)]
    home = panels_in(client.get("/").content.decode())
    assert home["trending"][:3] == ["i0", "i1", "i2"] or "for_you" in home
    assert "i0" in home["recently_viewed"]
