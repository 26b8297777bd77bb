"""Favourites: the page and the hearts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from shop.actions.models import Action, Favourite, Kind
from tests.factories import ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

TOGGLE = "/favourites/toggle/"


def test_an_empty_page_says_how_to_start(client: Client) -> None:
    ItemFactory.create()
    text = Page(client.get("/favourites/")).text
    assert "What you save stands here." in text


def test_a_heart_saves_and_takes_back(client: Client) -> None:
    item = ItemFactory.create(item_id="a/b", title="Poptorp")
    client.post(TOGGLE, {"item_id": "a/b", "from": "similar", "at": "2"})
    assert [found.title for found in client.get("/favourites/").context["page"]] == ["Poptorp"]
    action = Action.objects.get()
    assert (action.kind, action.panel, action.position) == (Kind.FAVOURITE, "similar", 2)
    client.post(TOGGLE, {"item_id": item.item_id})
    assert Favourite.objects.count() == 0
    action.refresh_from_db()
    assert action.undone_at is not None


def test_without_javascript_the_visitor_is_back_on_the_page(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Poptorp")
    response = client.post(TOGGLE, {"item_id": "7", "next": "/search/?q=pop"})
    assert response.headers["Location"] == "/search/?q=pop"
    assert "Poptorp is in your favourites." in Page(client.get("/search/?q=pop")).text


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_a_stranger(client: Client, address: str) -> None:
    ItemFactory.create(item_id="7")
    response = client.post(TOGGLE, {"item_id": "7", "next": address})
    assert response.headers["Location"] == "/favourites/"


def test_a_fragment_changes_the_count_and_tells_every_heart(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Vase 花瓶")
    response = client.post(TOGGLE, {"item_id": "7"}, headers={"HX-Request": "true"})
    assert json.loads(response.headers["HX-Trigger"]) == {"favourite-changed": {"item": "7", "saved": True}}
    page = Page(response)
    assert page.ids == ["favourite-count", "cart-count", "messages", "message-way"]
    assert "Vase 花瓶 is in your favourites." in page.text
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("item_id", ["", "unknown"])
def test_an_unknown_item_cannot_be_saved(client: Client, item_id: str) -> None:
    assert client.post(TOGGLE, {"item_id": item_id}).status_code == 404


def test_an_unpublished_item_cannot_be_saved(client: Client) -> None:
    ItemFactory.create(item_id="7", published=False)
    assert client.post(TOGGLE, {"item_id": "7"}).status_code == 404


def test_looking_does_not_save(client: Client) -> None:
    assert client.get(TOGGLE).status_code == 405


def test_favourites_of_somebody_else_are_not_shown(client: Client) -> None:
    from django.test import Client as Browser

    ItemFactory.create(item_id="7")
    Browser().post(TOGGLE, {"item_id": "7"})
    assert client.get("/favourites/").context["page"].paginator.count == 0


def save_some(client: Client, *, items: int) -> None:
    for _number in range(items):
        client.post(TOGGLE, {"item_id": ItemFactory.create().item_id})


def test_queries_do_not_grow_with_the_favourites(client: Client) -> None:
    client.force_login(UserFactory.create())
    save_some(client, items=5)
    client.get("/favourites/")
    assert_queries_constant(lambda: client.get("/favourites/"), grow=lambda: save_some(client, items=40))
