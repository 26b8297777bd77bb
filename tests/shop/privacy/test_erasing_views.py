"""Erasing one action, all of them, or everything: asked first, done at once, nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import mail

from shop.accounts import letters
from shop.accounts.models import Shopper, User
from shop.accounts.throttle import FAILURES_PER_ACCOUNT
from shop.actions.clicks import RECENT_COOKIE, buffer
from shop.actions.models import Action, Favourite
from tests.factories import ActionFactory, FavouriteFactory, ItemFactory, ShopperFactory, UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

DATA = "/account/data/"
DELETE = "/account/data/delete/"
PASSWORD = "correct horse"


@pytest.fixture
def shopper(client: Client) -> Shopper:
    """Who is signed in."""
    found: Shopper = ShopperFactory.create(user_id="ada", account=UserFactory.create(email="ada@example.com"))
    assert found.account is not None
    client.force_login(found.account)
    return found


def test_one_action_is_erased_and_one_stays_where_one_was(client: Client, shopper: Shopper) -> None:
    gone, stays = ActionFactory.create_batch(2, shopper=shopper)
    response = client.post(f"{DATA}erase/{gone.pk}/", {"next": f"{DATA}?kind=click&page=2"})
    assert response.headers["Location"] == f"{DATA}?kind=click&page=2"
    assert list(Action.objects.all()) == [stays]


def test_a_line_takes_the_place_and_the_focus(client: Client, shopper: Shopper) -> None:
    action = ActionFactory.create(shopper=shopper)
    response = client.post(f"{DATA}erase/{action.pk}/", headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.strip().startswith("<")
    assert "autofocus" in text
    assert 'tabindex="-1"' in text
    assert "<html" not in text


def test_nobody_erases_what_is_not_theirs(client: Client, shopper: Shopper) -> None:
    other = ActionFactory.create()
    assert client.post(f"{DATA}erase/{other.pk}/").status_code == 404
    assert client.get(f"{DATA}erase/{other.pk}/").status_code == 405
    client.logout()
    assert client.post(f"{DATA}erase/{other.pk}/").status_code == 404
    assert Action.objects.get() == other


def test_an_erased_click_leaves_the_shelves_at_once(client: Client) -> None:
    lamp, mug = ItemFactory.create(item_id="lamp"), ItemFactory.create(item_id="mug")
    for item in (lamp, mug):
        client.get(item.get_absolute_url())
    buffer.flush()
    viewed = Page(client.get(mug.get_absolute_url())).panels
    assert "lamp" in viewed["recently_viewed"]
    buffer.flush()
    action = Action.objects.get(item=lamp)
    client.post(f"{DATA}erase/{action.pk}/")
    assert "lamp" not in Page(client.get(mug.get_absolute_url())).panels.get("recently_viewed", {})


def test_all_actions_go_once_that_was_confirmed(client: Client, shopper: Shopper) -> None:
    FavouriteFactory.create(shopper=shopper)
    ActionFactory.create_batch(2, shopper=shopper)
    page = client.get(f"{DATA}erase/")
    assert "2 recorded actions go" in Page(page).text
    assert Action.objects.count() == 2
    response = client.post(f"{DATA}erase/", follow=True)
    assert "2 actions are erased." in Page(response).text
    assert not Action.objects.exists()
    assert Favourite.objects.exists()
    assert User.objects.exists()


def test_a_guest_without_a_row_erases_what_the_browser_remembers(client: Client) -> None:
    client.get(ItemFactory.create().get_absolute_url())
    assert "0 actions are erased." in Page(client.post(f"{DATA}erase/", follow=True)).text
    assert client.cookies[RECENT_COOKIE].value == ""


def test_an_account_is_deleted_by_its_password(client: Client, shopper: Shopper) -> None:
    ActionFactory.create(shopper=shopper)
    wrong = client.post(DELETE, {"password": "wrong"})
    assert wrong.status_code == 422
    assert "This is not the password of your account." in Page(wrong).text
    assert User.objects.exists()
    done = client.post(DELETE, {"password": PASSWORD}, follow=True)
    assert "You are forgotten here." in Page(done).text
    assert not User.objects.exists()
    assert not Shopper.objects.filter(user_id="ada").exists()
    assert not Action.objects.exists()
    assert client.get("/account/").status_code == 302


def test_nobody_is_erased_without_the_letter(client: Client, shopper: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(email: str, *, language: str) -> None:
        raise OSError("the letter cannot be written")

    monkeypatch.setattr(letters, "account_closed", fail)
    with pytest.raises(OSError, match="cannot be written"):
        client.post(DELETE, {"password": PASSWORD})
    assert Shopper.objects.filter(pk=shopper.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_last_letter_says_good_bye(client: Client, shopper: Shopper) -> None:
    client.post(DELETE, {"password": PASSWORD})
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ada@example.com"], "Your account is closed"),
    ]


def test_the_password_cannot_be_guessed_here_either(client: Client, shopper: Shopper) -> None:
    for _time in range(FAILURES_PER_ACCOUNT):
        client.post(DELETE, {"password": "wrong"})
    assert "Too many attempts." in Page(client.post(DELETE, {"password": PASSWORD})).text
    assert User.objects.exists()


def test_a_guest_is_forgotten_at_a_press(client: Client) -> None:
    ItemFactory.create(item_id="7")
    client.post("/favourites/toggle/", {"item_id": "7"})
    client.get("/items/7/", follow=True)
    key = client.cookies["visitor"].value
    done = client.post(DELETE, follow=True)
    assert "You are forgotten here." in Page(done).text
    buffer.flush()
    assert not Action.objects.exists()
    assert not Favourite.objects.exists()
    assert not Shopper.objects.exists()
    assert client.cookies["visitor"].value != key


def test_somebody_who_keeps_the_shop_is_told_what_to_do_first(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True))
    response = client.post(DELETE, {"password": PASSWORD})
    assert response.status_code == 422
    assert "This account keeps the shop." in Page(response).text
    assert User.objects.exists()
