"""Not for me: never shown again, taken back, kept at sign-in, told, forgotten, and nobody else's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError
from django.test import Client

from recommender.dismissals import dismissal_add, dismissal_remove, dismissals_export, dismissed_ids
from recommender.models import Dismissal
from recommender.panels import shelves
from shop.accounts.hooks import forget, merge
from shop.accounts.models import Shopper
from shop.accounts.visitors import VISITOR_COOKIE, visitor_of
from shop.actions.models import Action, Kind
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory
from tests.query_budget import queries_of
from tests.recommender.panel_shop import ids_on, request_of, serve_everything, stock

if TYPE_CHECKING:
    from shop.catalogue.models import Item

pytestmark = pytest.mark.django_db

ADD = "/recommendations/not-for-me/add/"
REMOVE = "/recommendations/not-for-me/remove/"
PAGE = "/recommendations/not-for-me/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def items() -> list[Item]:
    made = stock(30)
    serve_everything(made)
    return made


@pytest.mark.parametrize(
    "panel",
    ["similar", "looks_like", "also_liked", "bought_together", "for_you", "pick_up", "trending", "recently_viewed"],
)
def test_no_panel_shows_what_is_not_for_the_shopper(items: list[Item], panel: str) -> None:
    shopper = ShopperFactory.create()
    for place in (3, 4):
        ActionFactory.create(shopper=shopper, item=items[place], kind=Kind.FAVOURITE)
    viewed = ["i3", "i4"]
    (before,) = shelves(request_of(shopper, viewed=viewed), [panel], items=[items[0]], size=50)
    gone = ids_on(before)[0]
    dismissal_add(shopper=shopper, item=next(item for item in items if item.item_id == gone))
    (after,) = shelves(request_of(shopper, viewed=viewed), [panel], items=[items[0]], size=50)
    assert sorted([*ids_on(after), gone]) == sorted(ids_on(before))
    (others,) = shelves(request_of(ShopperFactory.create(), viewed=viewed), ["trending"], size=50)
    assert gone in ids_on(others)


def test_once_is_enough_and_the_database_says_so(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    assert dismissal_add(shopper=shopper, item=items[0])
    assert not dismissal_add(shopper=shopper, item=items[0])
    assert dismissal_remove(shopper=shopper, item=items[0])
    assert not dismissal_remove(shopper=shopper, item=items[0])
    Dismissal.objects.create(shopper=shopper, item=items[0])
    with pytest.raises(IntegrityError):
        Dismissal.objects.create(shopper=shopper, item=items[0])


def test_of_a_variant_its_head_is_meant(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    large = ItemFactory.create(variant_of=items[0], variant_name="Large")
    dismissal_add(shopper=shopper, item=large)
    assert dismissed_ids(visitor_of(request_of(shopper))) == {"i0"}


def test_a_visitor_without_a_shopper_costs_no_query(items: list[Item]) -> None:
    visitor = visitor_of(request_of())
    assert queries_of(lambda: dismissed_ids(visitor)) == []


def test_nothing_counts_and_nothing_is_offered_where_the_visitor_is_not_to_be_known(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[5], kind=Kind.FAVOURITE)
    dismissal_add(shopper=shopper, item=items[0])
    request = request_of(shopper, viewed=["i3"])
    request.META["HTTP_SEC_GPC"] = "1"
    found = shelves(request, ["pick_up", "for_you", "trending", "recently_viewed"], size=50)
    assert [shelf.panel for shelf in found] == ["for_you", "trending"]
    assert {shelf.dismissible for shelf in found} == {False}
    assert "i0" in [item_id for shelf in found for item_id in ids_on(shelf)]
    assert {one.recommendation.reason.source for one in found[0].cards} & {"history", "pick_up"} == set()
    # negative control: the same shopper where they may be known
    assert [shelf.panel for shelf in shelves(request_of(shopper, viewed=["i3"]), ["pick_up", "for_you"])] == [
        "pick_up",
        "for_you",
    ]


def test_what_either_did_not_want_the_account_does_not_want_once(items: list[Item]) -> None:
    guest, account = ShopperFactory.create(), ShopperFactory.create(account=UserFactory.create())
    for shopper, place in ((guest, 0), (guest, 1), (account, 1), (account, 2)):
        dismissal_add(shopper=shopper, item=items[place])
    merge(guest=guest, account=account)
    assert set(Dismissal.objects.values_list("shopper", "item__item_id")) == {
        (account.pk, "i0"),
        (account.pk, "i1"),
        (account.pk, "i2"),
    }


def test_it_is_told_and_forgotten(items: list[Item]) -> None:
    shopper, other = ShopperFactory.create(), ShopperFactory.create()
    dismissal_add(shopper=shopper, item=items[0])
    dismissal_add(shopper=other, item=items[0])
    said_at = Dismissal.objects.get(shopper=shopper).created_at
    assert dismissals_export(shopper) == {"not_for_me": [{"item": "i0", "title": "Thing 0", "said_at": said_at}]}
    forget(shopper)
    assert list(Dismissal.objects.values_list("shopper", flat=True)) == [other.pk]


def test_saying_so_gives_what_stands_in_the_place_of_the_card(client: Client, items: list[Item]) -> None:
    response = client.post(ADD, {"item_id": "i0", "panel": "for_you"}, **FRAGMENT)  # type: ignore[arg-type]
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert html.count("Thing 0 is not shown to you again.") == 2  # in its place, and to be read out
    assert 'id="said-for_you"' in html
    assert f'action="{REMOVE}"' in html
    assert VISITOR_COOKIE in client.cookies
    assert list(Dismissal.objects.values_list("item__item_id", flat=True)) == ["i0"]
    assert Action.objects.count() == 0
    html = client.post(REMOVE, {"item_id": "i0", "panel": "for_you"}, **FRAGMENT).content.decode()  # type: ignore[arg-type]
    assert "Thing 0 may be shown to you again." in html
    assert Dismissal.objects.count() == 0


def test_without_a_script_it_leads_back_and_tells_the_way_to_undo(client: Client, items: list[Item]) -> None:
    response = client.post(ADD, {"item_id": "i0", "panel": "trending", "next": "/"})
    assert (response.status_code, response["Location"]) == (302, "/")
    html = client.get("/").content.decode()
    assert f'Thing 0 is not shown to you again. <a href="{PAGE}">' in html
    assert 'data-item="i0"' not in html
    assert "Thing 0" in client.get(PAGE).content.decode()
    response = client.post(REMOVE, {"item_id": "i0"})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert "What is not for you stands here" in client.get(PAGE).content.decode()


def test_a_name_cannot_bring_markup_into_the_message(client: Client, items: list[Item]) -> None:
    ItemFactory.create(item_id="odd", title="<b>Odd</b>")
    client.post(ADD, {"item_id": "odd", "next": "/cart/"})
    assert "&lt;b&gt;Odd&lt;/b&gt; is not shown" in client.get("/cart/").content.decode()


@pytest.mark.parametrize("address", [ADD, REMOVE])
def test_what_is_unknown_is_not_found_and_looking_changes_nothing(
    client: Client, items: list[Item], address: str
) -> None:
    assert client.post(address, {"item_id": "nobody"}).status_code == 404
    assert client.get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address, {"item_id": "i0"}).status_code == 403
    assert Dismissal.objects.count() == 0


def test_taking_back_makes_no_shopper(client: Client, items: list[Item]) -> None:
    client.post(REMOVE, {"item_id": "i0"})
    assert Shopper.objects.count() == 0


def test_an_unknown_panel_does_not_get_into_the_page(client: Client, items: list[Item]) -> None:
    form: dict[str, Any] = {"item_id": "i0", "panel": '"><b>'}
    assert 'id="said-"' in client.post(ADD, form, **FRAGMENT).content.decode()  # type: ignore[arg-type]


def test_the_page_is_private(client: Client, items: list[Item]) -> None:
    response = client.get(PAGE)
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "Disallow: /recommendations/" in client.get("/robots.txt").content.decode()
