"""Favourites: the page and the hearts."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shop.actions.models import Action, Favourite, Kind
from shop.catalogue.models import Item
from tests.factories import FavouriteFactory, ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant, assert_within_budget

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


def words(client: Client, address: str = "/favourites/") -> str:
    return " ".join(Page(client.get(address)).text.split())


def test_the_page_stays_within_its_budget_signed_in(client: Client) -> None:
    client.force_login(UserFactory.create())
    save_some(client, items=3)
    client.get("/favourites/")
    assert_within_budget(lambda: client.get("/favourites/"))


def test_the_latest_saved_comes_first(client: Client) -> None:
    for item_id in ("mug", "lamp", "rug"):
        ItemFactory.create(item_id=item_id)
        client.post(TOGGLE, {"item_id": item_id})
    assert [item.item_id for item in client.get("/favourites/").context["page"]] == ["rug", "lamp", "mug"]


def test_a_price_that_fell_since_saving_is_told(client: Client) -> None:
    item = ItemFactory.create(item_id="mug", price=Decimal(10))
    FavouriteFactory.create(item=item, price_when_saved=Decimal(99))
    client.post(TOGGLE, {"item_id": "mug"})
    assert "when you saved it" not in words(client), "what another shopper saw is no matter"
    Item.objects.update(price=Decimal("8.50"))
    assert "Less than when you saved it: it was €10.00." in words(client)
    Item.objects.update(price=Decimal(11))
    assert "when you saved it" not in words(client)


@pytest.mark.parametrize("before", [None, Decimal(10)])
def test_without_two_prices_nothing_fell(client: Client, before: Decimal | None) -> None:
    item = ItemFactory.create(item_id="mug", price=before)
    client.post(TOGGLE, {"item_id": "mug"})
    Item.objects.filter(pk=item.pk).update(price=None if before else Decimal(5))
    assert "when you saved it" not in words(client)


@pytest.mark.parametrize(
    ("fields", "way"), [({}, "Add to cart"), ({"stock": 0}, "See similar things"), ({"price": None}, "")]
)
def test_what_one_can_do_with_a_saved_thing(client: Client, fields: dict[str, Any], way: str) -> None:
    ItemFactory.create(item_id="mug", title="Mug", **fields)
    client.post(TOGGLE, {"item_id": "mug"})
    text = words(client)
    assert [word for word in ("Add to cart Mug", "See similar things Mug", "Choose Mug") if word in text] == (
        [f"{way} Mug"] if way else []
    )


def test_of_a_thing_with_variants_one_is_chosen_first(client: Client) -> None:
    head = ItemFactory.create(item_id="cup", title="Cup")
    ItemFactory.create(item_id="cup-l", variant_of=head, variant_name="Large")
    client.post(TOGGLE, {"item_id": "cup-l"})
    assert Favourite.objects.get().item == head, "the head is what is saved"
    text = words(client)
    assert "Choose Cup" in text
    assert "Add to cart Cup" not in text
    client.post(TOGGLE, {"item_id": "cup-l"})
    assert not Favourite.objects.exists()


def test_a_saved_thing_goes_into_the_cart_and_it_is_told_from_where(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    client.post(TOGGLE, {"item_id": "mug"})
    response = client.post("/cart/add/", {"item_id": "mug", "next": "/favourites/", "from": "favourites", "at": "0"})
    assert response.headers["Location"] == "/favourites/"
    assert "Mug is in your cart." in words(client)
    assert Action.objects.filter(kind=Kind.CART, panel="favourites", position=0).count() == 1


def test_what_left_the_page_can_be_put_back(client: Client) -> None:
    ItemFactory.create(item_id="m/1", title="Mug")
    client.post(TOGGLE, {"item_id": "m/1"})
    address = client.post(TOGGLE, {"item_id": "m/1", "next": "/favourites/?page=1"}).headers["Location"]
    assert address == "/favourites/?removed=m%2F1"
    assert "Mug is no longer in your favourites. Put back" in words(client, address)
    client.post(TOGGLE, {"item_id": "m/1", "next": address})
    assert Favourite.objects.count() == 1
    assert "no longer in your favourites" not in words(client, address)


@pytest.mark.parametrize("item_id", ["unknown", "hidden", ""])
def test_only_what_can_be_put_back_is_offered(client: Client, item_id: str) -> None:
    ItemFactory.create(item_id="hidden", published=False)
    assert "Put back" not in words(client, f"/favourites/?removed={item_id}")


def test_a_fragment_offers_to_undo(client: Client) -> None:
    ItemFactory.create(item_id="7", title="Mug")
    htmx = {"HX-Request": "true"}
    assert "Undo" not in Page(client.post(TOGGLE, {"item_id": "7"}, headers=htmx)).text
    response = client.post(TOGGLE, {"item_id": "7"}, headers=htmx)
    assert "Undo" in Page(response).text
    assert 'value="7"' in response.content.decode()
