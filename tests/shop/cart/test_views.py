"""The cart's page and forms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shop.actions.models import Action, Kind
from shop.cart import hooks
from shop.cart.models import CartLine, KeptLine
from shop.cart.views import HIGHEST_SEVERAL
from shop.catalogue.models import Item
from tests.factories import ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant, assert_within_budget

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

FORMS = tuple(
    f"/cart/{name}/"
    for name in ("update", "remove", "put-back", "keep", "keep-again", "to-cart", "drop", "see", "settle")
)


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


@pytest.mark.parametrize("path", FORMS)
def test_who_has_no_cart_changes_none(client: Client, path: str) -> None:
    ItemFactory.create(item_id="7")
    assert client.post(path, {"item_id": "7"}).status_code == 404


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/add-several/", *FORMS])
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


def page_of(client: Client, address: str = "/cart/") -> Page:
    return Page(client.get(address))


def words(page: Page) -> str:
    return " ".join(page.text.split())


def test_the_cart_stays_within_its_budget_signed_in(client: Client) -> None:
    client.force_login(UserFactory.create())
    fill(client, items=3)
    client.post("/cart/keep/", {"item_id": CartLine.objects.latest("id").item.item_id})
    client.get("/cart/")
    assert_within_budget(lambda: client.get("/cart/"))


def test_an_empty_cart_stays_within_its_budget_signed_in(client: Client) -> None:
    client.force_login(UserFactory.create())
    ItemFactory.create()
    client.get("/cart/")
    assert_within_budget(lambda: client.get("/cart/"))


def test_several_go_in_at_once_and_what_could_not_is_told(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    ItemFactory.create(item_id="lamp", title="Lamp", stock=0)
    ItemFactory.create(item_id="rug", title="Rug")
    data = {"item_id": ["mug", "lamp", "rug", "mug", "unknown"], "from": "bought_together", "next": "/items/mug/mug/"}
    response = client.post("/cart/add-several/", data)
    assert response.headers["Location"] == "/items/mug/mug/"
    assert quantities() == {"mug": 1, "rug": 1}
    assert set(Action.objects.values_list("panel", flat=True)) == {"bought_together"}
    assert "In your cart: Mug and Rug. Not for sale at the moment: Lamp." in words(page_of(client))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (["mug"], "Mug is in your cart."),
        (["mug", "rug"], "Mug and Rug are in your cart."),
        (["lamp"], "Lamp cannot be bought at the moment."),
    ],
)
def test_several_answer_in_one_sentence(client: Client, wanted: list[str], sentence: str) -> None:
    for item_id, stock in (("mug", None), ("rug", None), ("lamp", 0)):
        ItemFactory.create(item_id=item_id, title=item_id.title(), stock=stock)
    response = client.post("/cart/add-several/", {"item_id": wanted}, headers={"HX-Request": "true"})
    assert sentence in words(Page(response))


@pytest.mark.parametrize("wanted", [[], ["unknown"]])
def test_several_of_nothing_is_not_found(client: Client, wanted: list[str]) -> None:
    assert client.post("/cart/add-several/", {"item_id": wanted}).status_code == 404


def test_no_form_adds_a_whole_catalogue(client: Client) -> None:
    items = ItemFactory.create_batch(HIGHEST_SEVERAL + 1)
    client.post("/cart/add-several/", {"item_id": [item.item_id for item in items]})
    assert len(quantities()) == HIGHEST_SEVERAL


def test_of_a_frame_around_variants_one_is_chosen_on_its_page(client: Client) -> None:
    head = ItemFactory.create(item_id="cup", title="Cup")
    ItemFactory.create(item_id="cup-l", title="Cup", variant_of=head, variant_name="Large")
    response = client.post("/cart/add/", {"item_id": "cup", "next": "/favourites/"})
    assert response.headers["Location"] == head.get_absolute_url()
    page = Page(client.post("/cart/add/", {"item_id": "cup"}, headers={"HX-Request": "true"}))
    assert "Please choose which Cup you would like." in page.text
    assert page.links == [head.get_absolute_url()]
    client.post("/cart/add/", {"item_id": "cup-l"})
    assert quantities() == {"cup-l": 1}
    assert "Large" in page_of(client).text


@pytest.mark.parametrize(
    ("typed", "step", "quantity"),
    [("3", "1", 4), ("3", "-1", 2), ("1", "-1", 1), ("3", "5", 3), ("3", "x", 3), ("5", "1", 5), ("99", "1", 2)],
)
def test_the_stepper_counts_from_what_is_typed(client: Client, typed: str, step: str, quantity: int) -> None:
    ItemFactory.create(item_id="7", stock=5)
    client.post("/cart/add/", {"item_id": "7", "quantity": "2"})
    client.post("/cart/update/", {"item_id": "7", "quantity": typed, "step": step})
    assert quantities() == {"7": quantity}


def test_removing_can_be_undone_where_the_line_stood(client: Client) -> None:
    for item_id in ("mug", "lamp"):
        ItemFactory.create(item_id=item_id, title=item_id.title(), stock=9)
    client.post("/cart/add/", {"item_id": "mug", "quantity": "3"})
    client.post("/cart/add/", {"item_id": "lamp"})
    page_of(client)  # takes the messages
    actions = Action.objects.count()
    response = client.post("/cart/remove/", {"item_id": "mug", "quantity": "3", "place": "0"})
    assert response.headers["Location"] == "/cart/?removed=mug&quantity=3&place=0#moved"
    page = page_of(client, response.headers["Location"])
    assert "Mug is out of your cart." in page.text
    assert page.text.index("Mug is out") < page.text.index("Lamp")
    client.post("/cart/put-back/", {"item_id": "mug", "quantity": "3", "undo": "1"})
    assert quantities() == {"lamp": 1, "mug": 3}
    assert Action.objects.count() == actions, "what is put back was told when it was added"
    assert "out of your cart" not in page_of(client, response.headers["Location"]).text, "there is nothing to undo"


def test_the_last_line_can_be_put_back_too(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    client.post("/cart/add/", {"item_id": "mug"})
    page = page_of(client, client.post("/cart/remove/", {"item_id": "mug"}).headers["Location"])
    assert "Mug is out of your cart." in page.text
    assert "Your cart is empty" in page.text


def test_what_was_sold_out_meanwhile_is_not_put_back(client: Client) -> None:
    item = ItemFactory.create(item_id="mug", title="Mug", stock=1)
    client.post("/cart/add/", {"item_id": "mug"})
    item.stock = 0
    item.save()
    address = client.post("/cart/remove/", {"item_id": "mug"}).headers["Location"]
    assert "Undo" not in page_of(client, address).text
    client.post("/cart/put-back/", {"item_id": "mug", "quantity": "1"})
    assert quantities() == {}
    assert "Mug cannot be bought at the moment." in page_of(client).text


@pytest.mark.parametrize(
    "query", ["removed=unknown", "kept=mug", "carted=lamp", "removed=mug", "removed=hidden", "nothing=mug", "removed="]
)
def test_an_address_that_tells_of_no_move_shows_no_undo(client: Client, query: str) -> None:
    for item_id in ("mug", "lamp"):
        ItemFactory.create(item_id=item_id)
    ItemFactory.create(item_id="hidden", published=False)
    client.post("/cart/add/", {"item_id": "mug"})
    assert "moved" not in page_of(client, f"/cart/?{query}").ids


def test_an_address_with_nonsense_in_it_is_read_with_care(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    page = page_of(client, f"/cart/?removed=mug&quantity={'9' * 5000}&place=-1")
    assert "Mug is out of your cart." in page.text


def test_keeping_for_later_and_back(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    client.post("/cart/add/", {"item_id": "mug", "quantity": "2"})
    address = client.post("/cart/keep/", {"item_id": "mug", "quantity": "2", "place": "0"}).headers["Location"]
    assert (quantities(), KeptLine.objects.get().quantity) == ({}, 2)
    assert "Mug is kept for later." in page_of(client, address).text
    assert "Kept for later" in page_of(client).text
    address = client.post("/cart/to-cart/", {"item_id": "mug", "place": "0"}).headers["Location"]
    assert address == "/cart/?carted=mug&quantity=2&place=0#moved"
    assert "Mug is in your cart." in page_of(client, address).text
    assert client.post("/cart/keep/", {"item_id": "mug", "undo": "1"}).headers["Location"] == "/cart/"
    assert client.post("/cart/to-cart/", {"item_id": "mug", "undo": "1"}).headers["Location"] == "/cart/"
    assert quantities() == {"mug": 2}


def test_what_is_kept_can_be_dropped_and_put_back(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug")
    client.post("/cart/add/", {"item_id": "mug", "quantity": "2"})
    client.post("/cart/keep/", {"item_id": "mug"})
    address = client.post("/cart/drop/", {"item_id": "mug", "quantity": "2"}).headers["Location"]
    assert not KeptLine.objects.exists()
    assert "Mug is no longer kept." in page_of(client, address).text
    client.post("/cart/keep-again/", {"item_id": "mug", "quantity": "2", "undo": "1"})
    assert KeptLine.objects.get().quantity == 2


def test_a_kept_thing_that_is_sold_out_stays_kept(client: Client) -> None:
    item = ItemFactory.create(item_id="mug", title="Mug")
    client.post("/cart/add/", {"item_id": "mug"})
    client.post("/cart/keep/", {"item_id": "mug"})
    item.stock = 0
    item.save()
    page = page_of(client)
    assert "/items/mug/mug/#shelf-similar" in page.links
    assert "Put into the cart" not in page.text
    client.post("/cart/to-cart/", {"item_id": "mug"})
    assert KeptLine.objects.count() == 1
    assert "Mug cannot be bought at the moment." in page_of(client).text


def test_a_changed_price_is_told_in_the_shops_money_until_it_is_seen(client: Client) -> None:
    item = ItemFactory.create(item_id="mug", price=Decimal(10))
    client.post("/cart/add/", {"item_id": "mug"})
    Item.objects.update(price=Decimal("12.50"))
    for _look in "ab":
        text = words(page_of(client))
        assert "1 price has changed since you added it; the line says how." in text
        assert "It was €10.00 when you added it." in text
    client.post("/cart/see/")
    assert "when you added it" not in words(page_of(client))
    Item.objects.filter(pk=item.pk).update(price=Decimal(9))
    assert "Less than when you added it: it was €12.50." in words(page_of(client))


def test_a_cart_that_cannot_be_ordered_can_be_settled(client: Client) -> None:
    for item_id, stock in (("mug", 5), ("lamp", 5), ("rug", 5)):
        ItemFactory.create(item_id=item_id, stock=stock)
        client.post("/cart/add/", {"item_id": item_id, "quantity": "3"})
    Item.objects.filter(item_id="lamp").update(stock=0)
    Item.objects.filter(item_id="rug").update(stock=2)
    page = page_of(client)
    assert "/checkout/" not in page.links
    assert "Only 2 are left." in words(page)
    client.post("/cart/settle/")
    page = page_of(client)
    assert "/checkout/" in page.links
    told = "1 thing that cannot be bought now is kept for later. 1 quantity is lowered to what is left."
    assert told in words(page)
    assert quantities() == {"mug": 3, "rug": 2}


def test_a_fragment_holds_the_contents_anew_and_tells_what_happened(client: Client) -> None:
    ItemFactory.create(item_id="mug", title="Mug", price=Decimal(10), stock=3)
    client.post("/cart/add/", {"item_id": "mug"})
    htmx = {"HX-Request": "true"}
    page = Page(client.post("/cart/update/", {"item_id": "mug", "quantity": "1", "step": "1"}, headers=htmx))
    assert {"cart-title", "cart-count", "told"} <= set(page.ids)
    assert "messages" not in page.ids
    assert "€20.00" in page.text
    assert "Quantity of Mug: 2." in page.text
    page = Page(client.post("/cart/update/", {"item_id": "mug", "quantity": "9"}, headers=htmx))
    assert "There are no more of Mug; your cart holds 3." in page.text
    assert "messages" in page.ids
    response = client.post("/cart/remove/", {"item_id": "mug", "quantity": "3"}, headers=htmx)
    assert "autofocus" in response.content.decode()
    assert Page(response).text.count("Mug is out of your cart.") == 3, "in the list, for the button, and told"


def test_removing_twice_is_no_error(client: Client) -> None:
    ItemFactory.create(item_id="mug")
    client.post("/cart/add/", {"item_id": "mug"})
    for path in ("/cart/remove/", "/cart/keep/", "/cart/to-cart/", "/cart/drop/"):
        for _press in "ab":
            response = client.post(path, {"item_id": "mug"})
            assert response.status_code == 302
            assert client.get(response.headers["Location"]).status_code == 200


def test_delivery_is_told_where_somebody_knows_what_it_costs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ItemFactory.create(item_id="mug", price=Decimal(30))
    client.post("/cart/add/", {"item_id": "mug"})
    monkeypatch.setattr(hooks, "_estimators", [])
    assert "Shipping and tax are worked out at the checkout." in words(page_of(client))

    def estimate(total: Decimal) -> hooks.DeliveryEstimate:
        if total < 50:
            return hooks.DeliveryEstimate(price=Decimal("4.90"), missing=50 - total, tax_included=True)
        return hooks.DeliveryEstimate(price=Decimal(0))

    hooks.register_delivery_estimate(estimate)
    text = words(page_of(client))
    assert "Delivery €4.90 Total €34.90" in text
    assert "€20.00 more and delivery is free." in text
    assert "Tax is included." in text
    client.post("/cart/update/", {"item_id": "mug", "quantity": "2"})
    text = words(page_of(client))
    assert "Delivery free Total €60.00" in text
    assert "Tax" not in text
