"""Signing up, in and out, and the account's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shop.accounts.models import Shopper, User
from shop.actions.models import Favourite
from shop.cart.models import CartLine
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"
SIGN_IN = "/account/sign-in/"
SIGN_UP = "/account/sign-up/"


def test_signing_up_signs_in_and_brings_what_the_guest_did(client: Client) -> None:
    ItemFactory.create(item_id="7")
    client.post("/favourites/toggle/", {"item_id": "7"})
    client.post("/cart/add/", {"item_id": "7"})
    response = client.post(SIGN_UP, {"email": "Ada@Example.com", "password": PASSWORD}, follow=True)
    assert "Welcome." in Page(response).text
    user = User.objects.get(email="ada@example.com")
    assert Favourite.objects.get().shopper.account == user
    assert CartLine.objects.get().shopper.account == user


def test_signing_in_and_out(client: Client) -> None:
    UserFactory.create(email="ada@example.com")
    response = client.post(SIGN_IN, {"username": "ADA@example.com", "password": PASSWORD, "next": "/account/"})
    assert response.headers["Location"] == "/account/"
    assert "ada@example.com" in Page(client.get("/account/")).text
    response = client.post("/account/sign-out/", follow=True)
    assert "You are signed out." in Page(response).text
    assert client.get("/account/").status_code == 302


def test_a_wrong_password_is_told_without_telling_which(client: Client) -> None:
    UserFactory.create(email="ada@example.com")
    for email in ("ada@example.com", "nobody@example.com"):
        response = client.post(SIGN_IN, {"username": email, "password": "wrong"})
        assert response.status_code == 422
        assert "don't belong together" in Page(response).text


def test_a_weak_password_is_refused(client: Client) -> None:
    response = client.post(SIGN_UP, {"email": "ada@example.com", "password": "123"})
    assert response.status_code == 422
    assert User.objects.count() == 0


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP])
def test_nobody_is_sent_to_a_stranger(client: Client, path: str) -> None:
    UserFactory.create(email="ada@example.com")
    fields = {"username": "ada@example.com", "email": "new@example.com", "password": PASSWORD}
    response = client.post(f"{path}?next=https://evil.example/", fields | {"next": "//evil.example"})
    assert response.headers["Location"] == "/"


def test_the_account_asks_to_sign_in_first(client: Client) -> None:
    assert client.get("/account/").headers["Location"] == "/account/sign-in/?next=/account/"


def test_the_account_shows_its_own_orders(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    order = OrderFactory.create(shopper=Shopper.objects.create(account=user))
    OrderLineFactory.create(order=order)
    other = OrderFactory.create()
    text = Page(client.get("/account/")).text
    assert order.number in text
    assert other.number not in text


def test_signing_out_by_a_link_does_nothing(client: Client) -> None:
    assert client.get("/account/sign-out/").status_code == 405


def test_the_account_shows_the_latest_three_orders_at_the_same_cost(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    shopper = Shopper.objects.create(account=user)

    def order() -> str:
        return str(OrderLineFactory.create(order=OrderFactory.create(shopper=shopper)).order.number)

    order()
    client.get("/account/")  # what all pages share is looked up once
    numbers: list[str] = []
    assert_queries_constant(lambda: client.get("/account/"), grow=lambda: numbers.extend(order() for _ in range(4)))
    page = Page(client.get("/account/"))
    assert [number in page.text for number in numbers] == [False, True, True, True]
    assert "/account/orders/" in page.links
