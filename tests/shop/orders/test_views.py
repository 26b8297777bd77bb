"""Checkout and the page of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser

from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.orders.models import Order
from tests.factories import ItemFactory, UserFactory
from tests.pages import Page

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


def place(client: Client) -> Order:
    fill_cart(client, stock=5)
    client.post("/checkout/", ADDRESS | hidden_fields(client))
    return Order.objects.get()


def test_nobody_else_sees_an_order(client: Client) -> None:
    order = place(client)
    assert client.get(order.get_absolute_url()).status_code == 200
    stranger = Browser()
    assert stranger.get(order.get_absolute_url()).status_code == 404
    assert stranger.post(f"{order.get_absolute_url()}cancel/").status_code == 404
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_an_order_is_cancelled_by_its_shopper_once(client: Client) -> None:
    order = place(client)
    response = client.post(f"{order.get_absolute_url()}cancel/", follow=True)
    assert "This order is cancelled" in Page(response).text
    assert Item.objects.get().stock == 5
    assert not Action.objects.counted().filter(kind=Kind.PURCHASE).exists()
    response = client.post(f"{order.get_absolute_url()}cancel/", follow=True)
    assert "This order cannot be cancelled any more." in Page(response).text


def test_looking_cancels_nothing(client: Client) -> None:
    assert client.get(f"{place(client).get_absolute_url()}cancel/").status_code == 405


def test_an_order_outlives_its_item(client: Client) -> None:
    order = place(client)
    Item.objects.all().delete()
    assert "Cup" in Page(client.get(order.get_absolute_url())).text
