"""The checkout. The way to the bank and back is in test_bank_views.py."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shop.accounts.models import Address
from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.orders.models import Order
from tests.factories import ItemFactory, ShopperFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Person",
    "street": "1 Quiet Lane",
    "postcode": "12345",
    "city": "Townsville",
    "country": "Germany",
    "shipping": "standard",
    "method": "accept",
}


def fill_cart(client: Client, **facts: Any) -> Item:
    item = ItemFactory.create(item_id="7", title="Cup", price=Decimal("3.50"), **facts)
    client.post("/cart/add/", {"item_id": "7", "quantity": "2"})
    return item


def hidden_fields(client: Client) -> dict[str, str]:
    """What the form that is shown carries along."""
    form = client.get("/checkout/").context["form"]
    return {"token": str(form["token"].value()), "expected_total": str(form.totals.total)}


def total_that_is_agreed_to(response: Any) -> str:
    """What the form that came back carries along as the total the shopper has seen."""
    found = re.search(r'name="expected_total"\s+value="([^"]*)"', response.content.decode())
    assert found is not None
    return found[1]


def test_an_empty_cart_leads_back_to_the_cart(client: Client) -> None:
    assert client.get("/checkout/").headers["Location"] == "/cart/"
    assert client.post("/checkout/", ADDRESS).headers["Location"] == "/cart/"


def test_a_guest_orders(client: Client) -> None:
    item = fill_cart(client, stock=5)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client), follow=True)
    page = Page(response)
    assert "Thank you." in page.text
    assert "€11.90" in page.text
    assert "including 19% tax" in page.text
    assert "€1.90" in page.text
    assert Order.objects.get().status == Order.Status.PAID
    assert CartLine.objects.count() == 0
    item.refresh_from_db()
    assert item.stock == 3
    assert Action.objects.filter(kind=Kind.PURCHASE).count() == 1


def test_a_form_sent_twice_orders_once(client: Client) -> None:
    fill_cart(client)
    fields = ADDRESS | hidden_fields(client)
    first = client.post("/checkout/", fields)
    second = client.post("/checkout/", fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1


def test_a_form_sent_again_with_a_field_missing_finds_its_order(client: Client) -> None:
    fill_cart(client)
    fields = ADDRESS | hidden_fields(client)
    first = client.post("/checkout/", fields)
    assert client.post("/checkout/", fields | {"name": ""}).headers["Location"] == first.headers["Location"]


def test_a_form_with_a_field_missing_and_nothing_to_order_leads_to_the_cart(client: Client) -> None:
    fill_cart(client)
    fields = ADDRESS | hidden_fields(client) | {"name": ""}
    CartLine.objects.all().delete()
    assert client.post("/checkout/", fields).headers["Location"] == "/cart/"


@pytest.mark.parametrize("total", [None, "", "much"])
def test_nobody_orders_without_having_seen_a_total(client: Client, total: str | None) -> None:
    fill_cart(client)
    fields = ADDRESS | hidden_fields(client)
    del fields["expected_total"]
    response = client.post("/checkout/", fields if total is None else fields | {"expected_total": total})
    assert response.status_code == 422
    assert "Please look at it again" in Page(response).text
    assert total_that_is_agreed_to(response) == "11.90"
    assert not Order.objects.exists()


def test_missing_fields_are_marked(client: Client) -> None:
    fill_cart(client)
    response = client.post("/checkout/", hidden_fields(client))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {
        "email",
        "name",
        "street",
        "postcode",
        "city",
        "country",
        "shipping",
        "method",
    }
    assert 'aria-invalid="true"' in response.content.decode()


def test_a_declined_payment_can_be_tried_again(client: Client) -> None:
    item = fill_cart(client, stock=5)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client) | {"method": "decline"})
    assert response.status_code == 422
    assert "The payment was declined and nothing was charged." in Page(response).text
    item.refresh_from_db()
    assert item.stock == 5
    again = {name: str(response.context["form"].data[name]) for name in ("token", "expected_total")}
    assert "Thank you." in Page(client.post("/checkout/", ADDRESS | again, follow=True)).text


def test_a_price_that_changed_is_shown_before_anything_is_charged(client: Client) -> None:
    item = fill_cart(client)
    fields = ADDRESS | hidden_fields(client)
    Item.objects.filter(pk=item.pk).update(price=Decimal("4.00"))
    response = client.post("/checkout/", fields)
    assert response.status_code == 422
    assert "The total has changed" in Page(response).text
    assert "€12.90" in Page(response).text
    assert not Order.objects.filter(status=Order.Status.PAID).exists()
    fields["expected_total"] = str(response.context["form"].data["expected_total"])
    assert "Thank you." in Page(client.post("/checkout/", fields, follow=True)).text


def test_the_last_piece_bought_by_another(client: Client) -> None:
    item = fill_cart(client, stock=2)
    fields = ADDRESS | hidden_fields(client)
    Item.objects.filter(pk=item.pk).update(stock=0)
    response = client.post("/checkout/", fields, follow=True)
    text = Page(response).text
    assert "No longer available as ordered: Cup. Nothing was charged." in text
    assert "Sold out since you added it." in text


def test_a_shop_without_payments_says_so(client: Client, settings: Any) -> None:
    fill_cart(client)
    settings.PAYMENT_PROVIDER = "none"
    response = client.get("/checkout/")
    assert "This shop takes no payments at the moment" in Page(response).text
    client.post("/checkout/", ADDRESS | hidden_fields(client))
    assert Order.objects.count() == 0


def test_the_address_of_the_account_is_filled_in(client: Client) -> None:
    client.force_login(UserFactory.create(email="ada@example.com"))
    fill_cart(client)
    assert 'value="ada@example.com"' in client.get("/checkout/").content.decode()


def test_who_chose_another_delivery_sees_what_it_comes_to(client: Client) -> None:
    fill_cart(client)
    fragment = Page(client.get("/checkout/sum/?shipping=express"))
    assert "€16.90" in fragment.text
    assert fragment.canonical == "", "a fragment, not a page"


def test_without_javascript_the_totals_follow_a_button_and_nothing_is_lost(client: Client) -> None:
    fill_cart(client)
    fields = hidden_fields(client)
    response = client.post("/checkout/", {"name": "Ada", "shipping": "express", "update": "1"} | fields)
    assert response.status_code == 200
    assert "€16.90" in Page(response).text
    assert "This field is required" not in Page(response).text
    form = response.context["form"]
    assert (form["name"].value(), str(form["token"].value())) == ("Ada", fields["token"])
    assert total_that_is_agreed_to(response) == "16.90"


def test_a_delivery_chosen_after_the_total_was_seen_is_shown_first(client: Client) -> None:
    """Without JavaScript and without the button: nobody is charged what they did not see."""
    fill_cart(client)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client) | {"shipping": "express"})
    assert response.status_code == 422
    assert "The total has changed" in Page(response).text
    assert total_that_is_agreed_to(response) == "16.90"


def test_free_delivery_is_told(client: Client) -> None:
    ItemFactory.create(item_id="8", price=Decimal(50))
    client.post("/cart/add/", {"item_id": "8", "quantity": "1"})
    assert "free" in Page(client.get("/checkout/sum/")).text


def test_a_shop_without_tax_tells_none(client: Client, settings: Any) -> None:
    settings.TAX_RATE = Decimal(0)
    fill_cart(client)
    assert "tax" not in Page(client.get("/checkout/sum/")).text


def test_no_answer_is_told_with_what_is_safe(client: Client) -> None:
    fill_cart(client, stock=5)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client) | {"method": "time-out"})
    assert response.status_code == 422
    assert "you were not charged" in Page(response).text
    assert Item.objects.get().stock == 5


@pytest.mark.parametrize("method", ["accept", "decline", "second-step", "time-out", "refuse-refund"])
def test_play_money_is_refused_where_it_is_not_taken(client: Client, settings: Any, method: str) -> None:
    fill_cart(client)
    fields = ADDRESS | hidden_fields(client) | {"method": method}
    settings.PAYMENT_PROVIDER = "none"
    assert client.post("/checkout/", fields).status_code == 422
    assert not Order.objects.exists()


def test_the_checkout_takes_the_same_queries_however_full_the_cart_is(client: Client) -> None:
    client.force_login(UserFactory.create())
    fill_cart(client)

    def more() -> None:
        for item in ItemFactory.create_batch(5):
            client.post("/cart/add/", {"item_id": item.item_id, "quantity": "1"})

    client.get("/checkout/")
    assert_queries_constant(lambda: client.get("/checkout/"), grow=more)


# --- addresses --------------------------------------------------------------------------


def test_an_account_keeps_its_address_and_finds_it(client: Client) -> None:
    client.force_login(UserFactory.create(email="ada@example.com"))
    fill_cart(client)
    client.post("/checkout/", ADDRESS | hidden_fields(client) | {"keep": "on", "saved": "new"})
    kept = Address.objects.get()
    assert kept.street == "1 Quiet Lane"
    client.post("/cart/add/", {"item_id": "7", "quantity": "1"})
    fields = {"email": "ada@example.com", "shipping": "standard", "method": "accept", "saved": str(kept.pk)}
    client.post("/checkout/", fields | hidden_fields(client))
    assert Order.objects.order_by("-id")[0].street == "1 Quiet Lane"
    assert Address.objects.count() == 1


def test_an_address_is_kept_only_when_asked_to(client: Client) -> None:
    client.force_login(UserFactory.create(email="ada@example.com"))
    fill_cart(client)
    client.post("/checkout/", ADDRESS | hidden_fields(client))
    assert not Address.objects.exists()


def test_the_address_of_somebody_else_is_no_choice(client: Client) -> None:
    client.force_login(UserFactory.create())
    fill_cart(client)
    fields = {"name": "Bo", "street": "2 Other Road", "postcode": "1", "city": "Town", "country": "France"}
    foreign = Address.objects.create(shopper=ShopperFactory.create(), **fields)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client) | {"saved": str(foreign.pk)})
    assert "saved" in response.context["form"].errors
