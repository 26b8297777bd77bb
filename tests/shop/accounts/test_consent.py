"""Nothing is recorded of those who said no, were not asked yet where that is needed, or send Global Privacy Control."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from shop.accounts.models import Shopper
from shop.accounts.services import sign_in
from shop.accounts.visitors import CONSENT_COOKIE, PERSONALISED_COOKIE
from shop.actions.clicks import RECENT_COOKIE, buffer
from shop.actions.models import Action, Favourite
from tests.factories import ItemFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db

GPC = {"Sec-GPC": "1"}
GOOGLEBOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}


@pytest.mark.parametrize(
    ("setting", "cookie", "recorded", "asked"),
    [
        ("assumed", "", True, True),
        ("assumed", "yes", True, False),
        ("assumed", "no", False, False),
        ("assumed", "maybe", True, True),
        ("ask", "", False, True),
        ("ask", "yes", True, False),
        ("ask", "no", False, False),
        ("ask", "maybe", False, True),
    ],
)
def test_what_a_guest_said(
    visit: Any, settings: Any, django_assert_num_queries: Any, *, setting: str, cookie: str, recorded: bool, asked: bool
) -> None:
    settings.CONSENT = setting
    visitor = visit(cookies={CONSENT_COOKIE: cookie} if cookie else {}).visitor
    with django_assert_num_queries(0):
        assert visitor.may_be_recorded is recorded
        assert visitor.personalised is recorded
        assert visitor.is_to_be_asked is asked


@pytest.mark.parametrize(
    ("account", "cookie", "answer"),
    [("", "", ""), ("yes", "", "yes"), ("no", "", "no"), ("", "no", "no"), ("yes", "no", "no"), ("no", "yes", "no")],
)
def test_a_no_counts_wherever_it_was_said(visit: Any, account: str, cookie: str, answer: str) -> None:
    user = UserFactory.create()
    ShopperFactory.create(account=user, consent=account)
    visitor = visit(user=user, cookies={CONSENT_COOKIE: cookie}).visitor
    assert visitor.answer == answer
    assert visitor.may_be_recorded is (answer != "no")


def test_answering_sets_browser_and_account(visit: Any) -> None:
    user = UserFactory.create()
    shopper = ShopperFactory.create(account=user, consent="no")
    request = visit(user=user, method="POST", cookies={CONSENT_COOKIE: "no"})
    request.visitor.answer_consent(agreed=True)
    shopper.refresh_from_db()
    assert shopper.consent == "yes"
    cookie = request.answer().cookies[CONSENT_COOKIE]
    assert cookie.value == "yes"
    assert cookie["httponly"]
    assert cookie["max-age"] == 365 * 24 * 3600


def test_a_guest_who_answers_gets_no_row(visit: Any) -> None:
    request = visit(method="POST")
    request.visitor.answer_consent(agreed=False)
    request.visitor.switch_personalisation(on=False)
    cookies = request.answer().cookies
    assert cookies[CONSENT_COOKIE].value == "no"
    assert cookies[PERSONALISED_COOKIE].value == "off"
    assert not Shopper.objects.exists()


def test_what_a_guest_said_comes_along_where_the_account_has_said_nothing(visit: Any) -> None:
    for said_before, after in (("", "no"), ("yes", "yes")):
        user = UserFactory.create()
        shopper = ShopperFactory.create(account=user, consent=said_before)
        request = visit(method="POST", cookies={CONSENT_COOKIE: "no"})
        request.session = SessionStore()
        sign_in(request, user)
        shopper.refresh_from_db()
        assert shopper.consent == after


@pytest.mark.parametrize("headers", [GPC, GOOGLEBOT])
def test_those_of_whom_nothing_is_kept_are_not_asked(visit: Any, headers: dict[str, str]) -> None:
    assert not visit(headers=headers).visitor.is_to_be_asked


def test_staff_are_not_asked(visit: Any) -> None:
    assert not visit(user=UserFactory.create(is_staff=True)).visitor.is_to_be_asked


def test_the_signal_counts_more_than_a_yes(visit: Any) -> None:
    visitor = visit(headers=GPC, cookies={CONSENT_COOKIE: "yes"}).visitor
    assert visitor.sends_privacy_signal
    assert not visitor.may_be_recorded
    assert not visitor.personalised
    assert visitor.is_personalised, "the switch itself was not touched"


@pytest.mark.parametrize(
    ("account", "cookie", "personalised"), [(True, "", True), (False, "", False), (True, "off", False)]
)
def test_personalisation_switched_off_in_either_place_is_off(
    visit: Any, *, account: bool, cookie: str, personalised: bool
) -> None:
    user = UserFactory.create()
    ShopperFactory.create(account=user, personalised=account)
    visitor = visit(user=user, cookies={PERSONALISED_COOKIE: cookie}).visitor
    assert visitor.personalised is personalised
    assert visitor.may_be_recorded


@pytest.mark.parametrize(("setting", "headers"), [("ask", {}), ("assumed", GPC)])
def test_nothing_is_recorded_and_the_shop_works(client: Client, settings: Any, setting: str, headers: Any) -> None:
    settings.CONSENT = setting
    item = ItemFactory.create(item_id="7")
    assert client.get(item.get_absolute_url(), headers=headers).status_code == 200
    client.post("/favourites/toggle/", {"item_id": "7"}, headers=headers)
    client.post("/cart/add/", {"item_id": "7"}, headers=headers)
    assert len(buffer) == 0
    assert not Action.objects.exists()
    assert RECENT_COOKIE not in client.cookies
    assert Favourite.objects.get().item == item


def test_a_client_that_never_answers_is_recorded_where_that_is_assumed(client: Client) -> None:
    item = ItemFactory.create(item_id="7")
    client.get(item.get_absolute_url())
    client.post("/favourites/toggle/", {"item_id": "7"})
    buffer.flush()
    assert sorted(Action.objects.values_list("kind", flat=True)) == [0, 1]


def test_a_browser_signed_in_to_a_closed_account_starts_anew(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    client.get(ItemFactory.create().get_absolute_url())
    assert RECENT_COOKIE in client.cookies
    user.delete()
    response = client.get("/account/privacy/")
    assert response.status_code == 200
    assert client.cookies[RECENT_COOKIE].value == ""
    assert client.cookies["sessionid"].value == ""
