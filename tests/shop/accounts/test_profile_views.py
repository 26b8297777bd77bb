"""Profile and addresses: told freely, mended at any time, one's own alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shop.accounts.addresses import MOST_ADDRESSES
from shop.accounts.models import Address, Shopper
from tests.factories import ShopperFactory, UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

LINES = {"name": "Ada Person", "street": "1 Quiet Lane", "postcode": "12345", "city": "Townsville", "country": "Peru"}
ADDRESSES = "/account/addresses/"


@pytest.fixture
def shopper(client: Client) -> Shopper:
    """Who is signed in."""
    found: Shopper = ShopperFactory.create(account=UserFactory.create())
    assert found.account is not None
    client.force_login(found.account)
    return found


def address_of(shopper: Shopper, street: str) -> Address:
    return Address.objects.create(shopper=shopper, **(LINES | {"street": street}))


def test_the_profile_may_be_told_and_taken_back(client: Client, shopper: Shopper) -> None:
    told = {"name": "Ada", "gender": "F", "age": "36", "occupation": "programmer"}
    assert client.post("/account/profile/", told).status_code == 302
    shopper.refresh_from_db()
    assert (shopper.gender, shopper.age, shopper.occupation) == ("F", 36, "programmer")
    assert "Good to see you, Ada" in Page(client.get("/account/")).text
    client.post("/account/profile/", dict.fromkeys(told, ""))
    shopper.refresh_from_db()
    assert (shopper.gender, shopper.age, shopper.occupation) == ("", None, "")
    assert "Good to see you" not in Page(client.get("/account/")).text


def test_an_account_without_a_shopper_gets_one_with_its_profile(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    assert client.get("/account/profile/").status_code == 200
    assert not Shopper.objects.exists()
    client.post("/account/profile/", {"name": "", "gender": "X", "age": "", "occupation": ""})
    assert Shopper.objects.get().gender == "X"


@pytest.mark.parametrize(
    ("path", "place", "mark"),
    [
        ("/account/addresses/", "/account/addresses/", "page"),
        ("/account/addresses/new/", "/account/addresses/", "true"),
        ("/account/email/", "/account/access/", "true"),
        ("/account/password/", "/account/access/", "true"),
        ("/account/data/delete/", "/account/data/", "true"),
        ("/account/orders/", "/account/orders/", "page"),
    ],
)
def test_the_place_one_is_at_or_below_is_marked(
    client: Client, shopper: Shopper, path: str, place: str, mark: str
) -> None:
    page = client.get(path).content.decode()
    assert page.count("aria-current=") == 1
    assert f'<a href="{place}" aria-current="{mark}">' in page


@pytest.mark.parametrize("age", ["-1", "131", "old"])
def test_an_age_that_nobody_has_is_refused(client: Client, shopper: Shopper, age: str) -> None:
    response = client.post("/account/profile/", {"name": "", "gender": "", "age": age, "occupation": ""})
    assert response.status_code == 422
    shopper.refresh_from_db()
    assert shopper.age is None


def test_an_address_is_kept_changed_used_first_and_removed(client: Client, shopper: Shopper) -> None:
    assert "No address is kept yet." in Page(client.get(ADDRESSES)).text
    assert client.post(f"{ADDRESSES}new/", LINES).headers["Location"] == ADDRESSES
    client.post(f"{ADDRESSES}new/", LINES | {"street": "2 Loud Road", "make_default": "on"})
    first, second = Address.objects.all()
    assert (first.street, first.is_default) == ("2 Loud Road", True)
    client.post(f"{ADDRESSES}{second.pk}/first/")
    second.refresh_from_db()
    assert second.is_default
    client.post(f"{ADDRESSES}{first.pk}/", LINES | {"street": "3 New Street", "make_default": "on"})
    first.refresh_from_db()
    assert (first.street, first.is_default) == ("3 New Street", True)
    client.post(f"{ADDRESSES}{first.pk}/remove/")
    assert [(address.street, address.is_default) for address in Address.objects.all()] == [("1 Quiet Lane", True)]


def test_an_address_needs_its_lines(client: Client, shopper: Shopper) -> None:
    response = client.post(f"{ADDRESSES}new/", LINES | {"city": " "})
    assert response.status_code == 422
    assert not Address.objects.exists()


def test_there_is_an_end_that_is_told(client: Client, shopper: Shopper) -> None:
    for number in range(MOST_ADDRESSES):
        address_of(shopper, str(number))
    response = client.post(f"{ADDRESSES}new/", LINES)
    assert response.status_code == 422
    assert "You keep 20 addresses already." in Page(response).text


@pytest.mark.parametrize("step", ["", "first/", "remove/"])
def test_somebody_elses_address_is_not_there(client: Client, shopper: Shopper, step: str) -> None:
    other = address_of(ShopperFactory.create(), "theirs")
    assert client.post(f"{ADDRESSES}{other.pk}/{step}", LINES).status_code == 404
    other.refresh_from_db()
    assert other.street == "theirs"


def test_the_way_back_leads_to_the_checkout_where_one_came_from(client: Client, shopper: Shopper) -> None:
    response = client.post(f"{ADDRESSES}new/?next=/checkout/", LINES)
    assert response.headers["Location"] == "/checkout/"


@pytest.mark.parametrize("path", ["", "profile/", "access/", "addresses/", "addresses/new/", "email/", "password/"])
def test_guests_are_asked_to_sign_in(client: Client, path: str) -> None:
    response = client.get(f"/account/{path}")
    assert response.headers["Location"] == f"/account/sign-in/?next=/account/{path}"
