"""For you as an order of lists: by taste, blended with the hits of a search, the same on every page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F, IntegerField, Value

from recommender import session
from recommender.dismissals import dismissal_add
from recommender.taste_order import Place, is_offered, order_by_taste
from shop.actions.models import Kind
from shop.catalogue.hooks import registered_orderings
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.query_budget import queries_of
from tests.recommender.panel_shop import request_of, serve, stock
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def items() -> list[Item]:
    """Twenty things around a ring: each is similar to the three after it. The last are the most popular."""
    made = stock(20)
    for place, item in enumerate(made):
        Item.objects.filter(pk=item.pk).update(popularity=place)
    ids = [item.item_id for item in made]
    serve(TinyBundle(items=ids, similar=ring(ids, neighbours=3), trending=ids))
    return made


def ids_of(items: Any) -> list[str]:
    return list(items.values_list("item_id", flat=True))


def test_what_suits_the_visitor_comes_first_and_the_rest_by_popularity(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    found = ids_of(order_by_taste(Item.objects.listed(), request_of(shopper)))
    assert found[:4] == ["i4", "i5", "i6", "i7"]
    assert found[4:] == [f"i{place}" for place in (*range(19, 7, -1), 3, 2, 1, 0)]


def test_what_was_bought_is_not_first_and_what_is_not_for_them_is_last(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.PURCHASE)
    dismissal_add(shopper=shopper, item=items[5])
    dismissal_add(shopper=shopper, item=items[19])
    found = ids_of(order_by_taste(Item.objects.listed(), request_of(shopper)))
    assert found[:3] == ["i6", "i7", "i18"]
    assert found[-2:] == ["i5", "i19"]
    assert "i4" in found


def test_a_list_is_ordered_by_what_it_holds_not_by_what_the_whole_shop_does(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    some = Item.objects.listed().filter(item_id__in=["i1", "i6", "i9"])
    assert ids_of(order_by_taste(some, request_of(shopper))) == ["i6", "i9", "i1"]


def hits() -> Any:
    """All things as hits of a search, the first of them the best."""
    return Item.objects.listed().annotate(relevance=F("popularity") + Value(0, output_field=IntegerField()))


def test_hits_of_a_search_are_blended_with_taste(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    dismissal_add(shopper=shopper, item=items[1])
    found = ids_of(order_by_taste(hits(), request_of(shopper)))
    # 4 is the fourth best hit and the best of taste, 5 to 7 next of both; then the hits as they were.
    assert found == ["i4", "i5", "i6", "i7", "i0", "i2", "i3", *(f"i{place}" for place in range(8, 20)), "i1"]
    assert ids_of(order_by_taste(hits(), request_of())) == [f"i{place}" for place in range(20)]


def test_a_good_place_in_both_beats_the_best_in_one(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[16], kind=Kind.FAVOURITE)
    some = hits().filter(item_id__in=["i0", "i1", "i19"])
    # By 1/26, 1/27, 1/28: i0 .0385; i1 .0370; i19 is last of the words and first of taste, .0357 + .0385
    assert ids_of(order_by_taste(some, request_of(shopper))) == ["i19", "i0", "i1"]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 9, 10, 17, 20])
def test_places_are_those_of_the_list_however_it_is_cut(items: list[Item], number: int) -> None:
    ids = [f"i{place * 7 % 20}" for place in range(number)]
    found = dict(Item.objects.annotate(place=Place(ids)).values_list("item_id", "place"))
    assert {item_id: place for item_id, place in found.items() if place is not None} == {
        item_id: place for place, item_id in enumerate(ids)
    }


def test_it_is_offered_to_those_with_a_taste_and_a_model(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    assert is_offered(request_of(shopper))
    assert is_offered(request_of(viewed=["i3"]))
    assert not is_offered(request_of())
    private = request_of(shopper)
    private.META["HTTP_SEC_GPC"] = "1"
    assert not is_offered(private)
    session.use_session(session.FallbackSession())
    assert not is_offered(request_of(shopper))


def test_nothing_they_did_counts_for_those_who_are_not_to_be_known(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    dismissal_add(shopper=shopper, item=items[19])
    private = request_of(shopper)
    private.META["HTTP_SEC_GPC"] = "1"
    assert ids_of(order_by_taste(Item.objects.listed(), private)) == [f"i{place}" for place in range(19, -1, -1)]


def test_pages_neither_repeat_nor_lose_an_item(items: list[Item]) -> None:
    Item.objects.update(popularity=0, created_at=items[0].created_at)
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    paged = [
        item_id
        for start in range(0, 24, 6)
        for item_id in ids_of(order_by_taste(Item.objects.listed(), request_of(shopper))[start : start + 6])
    ]
    assert sorted(paged) == sorted(item.item_id for item in items)


def test_it_costs_the_same_queries_however_long_the_list(items: list[Item]) -> None:
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    before = queries_of(lambda: ids_of(order_by_taste(Item.objects.listed(), request_of(shopper))))
    ItemFactory.create_batch(50)
    after = queries_of(lambda: ids_of(order_by_taste(Item.objects.listed(), request_of(shopper))))
    # the shopper, their history, and the list
    assert len(before) == len(after) == 3


def test_a_damaged_model_leaves_the_list_in_order_of_popularity(
    items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_options: Any) -> None:
        raise ValueError("damaged")

    monkeypatch.setattr(session.Session, "for_you", broken)
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[4], kind=Kind.FAVOURITE)
    assert ids_of(order_by_taste(Item.objects.listed(), request_of(shopper)))[:2] == ["i19", "i18"]


def test_the_shop_knows_it_by_name() -> None:
    found = {ordering.name: ordering for ordering in registered_orderings()}["for_you"]
    assert (found.order, found.offered) == (order_by_taste, is_offered)
