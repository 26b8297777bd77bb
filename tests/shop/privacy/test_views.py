"""The page of privacy, the two switches, and one's data to look at and to take along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from shop.accounts.models import Shopper
from shop.accounts.visitors import CONSENT_COOKIE, PERSONALISED_COOKIE
from shop.actions.clicks import RECENT_COOKIE, buffer
from shop.actions.models import Action, Kind
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

PRIVACY = "/account/privacy/"
DATA = "/account/data/"
NOTICE = "This shop remembers"
QUESTION = "May this shop remember"


@pytest.fixture
def shopper(client: Client) -> Shopper:
    """Who is signed in."""
    found: Shopper = ShopperFactory.create(user_id="ada", account=UserFactory.create(email="ada@example.com"))
    assert found.account is not None
    client.force_login(found.account)
    return found


def test_a_new_visitor_is_told_until_they_answer(client: Client) -> None:
    assert NOTICE in Page(client.get("/")).text
    response = client.post("/account/privacy/recording/", {"answer": "yes", "next": "/favourites/"})
    assert response.headers["Location"] == "/favourites/"
    assert NOTICE not in Page(client.get("/")).text
    assert client.cookies[CONSENT_COOKIE].value == "yes"


def test_where_it_is_needed_a_new_visitor_is_asked(client: Client, settings: Any) -> None:
    settings.CONSENT = "ask"
    page = Page(client.get("/"))
    assert QUESTION in page.text
    assert NOTICE not in page.text


def test_the_notice_is_on_pages_of_errors_too_and_never_twice(client: Client) -> None:
    assert Page(client.get("/nothing-here/")).text.count(NOTICE) == 1
    assert NOTICE not in Page(client.get(PRIVACY)).text, "the page itself asks"


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"User-Agent": "Googlebot/2.1"}])
def test_those_who_are_not_recorded_are_not_asked(client: Client, headers: dict[str, str]) -> None:
    assert NOTICE not in Page(client.get("/", headers=headers)).text


def test_a_no_takes_what_the_browser_remembers(client: Client) -> None:
    item = ItemFactory.create()
    client.get(item.get_absolute_url())
    assert client.cookies[RECENT_COOKIE].value
    client.post("/account/privacy/recording/", {"answer": "no"})
    assert client.cookies[RECENT_COOKIE].value == ""
    client.get(item.get_absolute_url())
    assert len(buffer) == 1
    assert "You said no" in Page(client.get(PRIVACY)).text


def test_an_answer_that_is_none_is_refused(client: Client) -> None:
    assert client.post("/account/privacy/recording/", {"answer": "perhaps"}).status_code == 400
    assert client.get("/account/privacy/recording/").status_code == 405
    assert CONSENT_COOKIE not in client.cookies


def test_nobody_is_sent_to_a_stranger(client: Client) -> None:
    for path in ("recording/", "personalisation/"):
        response = client.post(f"{PRIVACY}{path}", {"answer": "yes", "on": "1", "next": "https://evil.example/"})
        assert response.headers["Location"] == PRIVACY


def test_personalisation_is_switched_off_and_on(client: Client, shopper: Shopper) -> None:
    client.post(f"{PRIVACY}personalisation/", {"on": "0"})
    assert not Shopper.objects.get().personalised
    assert client.cookies[PERSONALISED_COOKIE].value == "off"
    assert "Off: you see the same shelves as everybody." in Page(client.get(PRIVACY)).text
    client.post(f"{PRIVACY}personalisation/", {"on": "1"})
    assert Shopper.objects.get().personalised
    assert client.cookies[PERSONALISED_COOKIE].value == ""
    assert "On: shelves such as" in Page(client.get(PRIVACY)).text


def test_a_guest_can_switch_it_off(client: Client) -> None:
    ItemFactory.create(item_id="7")
    client.get("/items/7/", follow=True)
    assert "recently_viewed" in Page(client.get("/favourites/")).text or client.cookies[RECENT_COOKIE].value
    client.post(f"{PRIVACY}personalisation/", {"on": "0"})
    assert "recently_viewed" not in Page(client.get("/")).panels
    assert not Shopper.objects.exists()


def test_the_signal_of_a_browser_is_told(client: Client) -> None:
    told = "Your browser sends Global Privacy Control"
    assert told in Page(client.get(PRIVACY, headers={"Sec-GPC": "1"})).text
    assert told not in Page(client.get(PRIVACY)).text
    assert "while your browser sends its signal" in Page(client.get(PRIVACY, headers={"Sec-GPC": "1"})).text
    assert "and will not while that is your wish" in Page(client.get(DATA, headers={"Sec-GPC": "1"})).text


def test_every_action_is_shown_with_where_and_when(client: Client, shopper: Shopper) -> None:
    guest = ShopperFactory.create(merged_into=shopper)
    ActionFactory.create(shopper=guest, item=ItemFactory.create(title="Galga"), panel="for_you")
    ActionFactory.create(shopper=shopper, item=ItemFactory.create(title="Dorga"), kind=Kind.PURCHASE, time=None)
    ActionFactory.create(
        shopper=shopper, item=ItemFactory.create(title="Poptorp"), kind=Kind.FAVOURITE, undone_at=timezone.now()
    )
    ActionFactory.create(item=ItemFactory.create(title="Somebody else's"))
    text = " ".join(Page(client.get(DATA)).text.split())
    assert "recorded 3 actions of yours" in text
    assert text.index("Poptorp") < text.index("Dorga") < text.index("Galga")
    assert "Looked at · found on the shelf for you" in text
    assert "Saved, taken back" in text
    assert "time unknown" in text
    assert "Somebody else's" not in text


def test_one_kind_at_a_time_in_pages(client: Client, shopper: Shopper) -> None:
    item = ItemFactory.create()
    Action.objects.bulk_create(Action(shopper=shopper, item=item, kind=Kind.CLICK) for _time in range(31))
    ActionFactory.create(shopper=shopper, item=item, kind=Kind.CART)
    page = Page(client.get(f"{DATA}?kind=click&page=2"))
    assert "Page 2 of 2" in page.text
    assert page.text.count("Erase") - page.text.count("Erase all") - page.text.count("Erase what") >= 1
    assert "?kind=click&page=1" in page.links
    assert "Page" not in Page(client.get(f"{DATA}?kind=cart")).text.replace("Pages", "")
    assert "Nothing of this kind is recorded." in Page(client.get(f"{DATA}?kind=purchase")).text
    assert "Page 1 of 2" in Page(client.get(f"{DATA}?kind=nonsense&page=0x")).text


def test_a_guest_sees_their_own_and_a_stranger_nothing(client: Client) -> None:
    client.get(ItemFactory.create(title="Galga").get_absolute_url())
    buffer.flush()
    assert "Galga" in Page(client.get(DATA)).text
    client.cookies.clear()
    text = Page(client.get(DATA)).text
    assert "Galga" not in text
    assert "The shop has recorded nothing that you did." in text


def test_looking_at_it_costs_the_same_however_much_there_is(client: Client, shopper: Shopper) -> None:
    ActionFactory.create_batch(3, shopper=shopper)
    client.get(DATA)  # what all pages share is looked up once

    def grow() -> None:
        ActionFactory.create_batch(20, shopper=shopper)

    assert_queries_constant(lambda: client.get(DATA), grow=grow)


def test_everything_can_be_taken_along(client: Client, shopper: Shopper) -> None:
    item = ItemFactory.create(item_id="灯", title="Lamp")
    ActionFactory.create(shopper=shopper, item=item, kind=Kind.CART, panel="similar", position=3)
    client.post("/favourites/toggle/", {"item_id": "灯"})
    response = client.get(f"{DATA}export/", headers={"Sec-GPC": "1"})
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="vitrine-2')
    assert "no-store" in response.headers["Cache-Control"]
    told = json.loads(response.content)
    assert told["profile"][0]["user_id"] == "ada"
    assert told["account"][0]["email"] == "ada@example.com"
    assert [(one["item"], one["action"]) for one in told["actions"]] == [("灯", "cart"), ("灯", "favourite")]
    assert told["actions"][0]["panel"] == "similar"
    assert [one["item"] for one in told["favourites"]] == ["灯"]
    assert told["decisions"] == {"recording": "assumed", "personalised": True, "global_privacy_control": True}
    assert "visitor_key" not in response.content.decode(), "it is a secret that would let others in"


def test_what_the_browser_remembers_is_told_to_those_of_whom_nothing_else_is_kept(client: Client) -> None:
    client.get(ItemFactory.create(item_id="7").get_absolute_url())
    told = json.loads(client.get(f"{DATA}export/").content)
    assert [one["item"] for one in told["in_this_browser"]] == ["7"]
    assert "actions" not in told
