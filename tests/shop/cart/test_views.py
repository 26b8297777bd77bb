"""The cart's page and forms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from tests.factories import ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def quantities() -> dict[str, int]:
    return {line.item.item_id: line.quantity for line in CartLine.objects.select_related("item")}


def test_an_empty_cart_says_how_to_start(client: Client) -> None:
    assert "Your cart is empty" in Page(client.get("/cart/")).text


def test_things_go_into_the_cart_and_add_up(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Cup", price=Decimal("3.50"))
    client.post("/cart/add/", {"item_id": "7", "quantity": "2", "from": "for_you", "at": "0"})
    client.post("/cart/add/", {"item_id": "7"})
    assert quantities() == {"7": 3}
    assert "€10.50" in Page(client.get("/cart/")).text
    action = Action.objects.first()
    assert action is not None
    assert (action.kind, action.panel, action.position) == (Kind.CART, "for_you", 0)


@pytest.mark.parametrize("quantity", ["0", "-1", "100", "", "x", "1.5", "²", "9" * 5000])
def test_an_unclear_quantity_is_refused_with_words(client: Client, quantity: str) -> None:
    ItemFactory.create(item_id="7")
    response = client.post("/cart/add/", {"item_id": "7", "quantity": quantity}, follow=True)
    assert response.status_code == 200
    assert "Please give a quantity from 1 to 99." in Page(response).text
    assert quantities() == {}


def test_more_than_there_is_becomes_what_there_is(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Cup", stock=2)
    response = client.post("/cart/add/", {"item_id": "7", "quantity": "5"}, follow=True)
    assert "There are no more of Cup; your cart holds 2." in Page(response).text
    assert quantities() == {"7": 2}


@pytest.mark.parametrize("change", [{"stock": 0}, {"price": None}, {"published": False}])
def test_what_cannot_be_bought_does_not_go_in(client: Client, change: dict[str, object]) -> None:
    ItemFactory.create(item_id="7", title="Cup", **change)
    response = client.post("/cart/add/", {"item_id": "7"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "Cup cannot be bought at the moment." in Page(response).text
    assert quantities() == {}


def test_a_fragment_changes_the_count(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Cup")
    response = client.post("/cart/add/", {"item_id": "7", "quantity": "2"}, headers={"HX-Request": "true"})
    page = Page(response)
    assert page.ids == ["favourite-count", "cart-count", "messages", "message-way"]
    assert "Cup is in your cart." in page.text
    assert page.links == ["/cart/"]


def test_quantities_change_and_lines_leave(client: Client) -> None:
    for item_id in ("7", "8", "9"):
        ItemFactory.create(item_id=item_id)
        client.post("/cart/add/", {"item_id": item_id})
    client.post("/cart/update/", {"item_id": "7", "quantity": "4"})
    client.post("/cart/update/", {"item_id": "8", "quantity": "0"})
    client.post("/cart/remove/", {"item_id": "9"})
    assert quantities() == {"7": 4}


def test_a_thing_that_left_the_shop_can_leave_the_cart(client: Client) -> None:
    item = ItemFactory.create(item_id="7")
    client.post("/cart/add/", {"item_id": "7"})
    item.published = False
    item.save()
    page = Page(client.get("/cart/"))
    assert "Not for sale at the moment." in page.text
    assert "/checkout/" not in page.links
    client.post("/cart/remove/", {"item_id": "7"})
    assert quantities() == {}


@pytest.mark.parametrize("path", ["/cart/update/", "/cart/remove/"])
def test_who_has_no_cart_changes_none(client: Client, path: str) -> None:
    ItemFactory.create(item_id="7")
    assert client.post(path, {"item_id": "7"}).status_code == 404


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
def test_looking_changes_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405


def fill(client: Client, *, items: int) -> None:
    for _number in range(items):
        client.post("/cart/add/", {"item_id": ItemFactory.create().item_id})


def test_queries_do_not_grow_with_the_cart(client: Client) -> None:
    client.force_login(UserFactory.create())
    fill(client, items=5)
    client.get("/cart/")
    assert_queries_constant(lambda: client.get("/cart/"), grow=lambda: fill(client, items=45))
