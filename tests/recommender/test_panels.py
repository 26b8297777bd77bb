"""Panels on a page: never-lists, no repeats, honest titles and reasons, one query for all cards."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommender import session
from recommender.bundle_files import BundleBroken
from recommender.counters import counted
from recommender.panel_kinds import PANEL_KINDS, name_shelf
from recommender.panels import Shelf, UnknownPanel, _told_apart, shelves
from recommender.types import Reason, Recommendation
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, CartLineFactory, CategoryFactory, ShopperFactory
from tests.recommender.panel_shop import ids_on, request_of, serve, serve_everything, stock, touched
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


def test_a_product_page_gets_two_full_shelves_without_repeats() -> None:
    items = stock(30)
    serve_everything(items)
    similar, liked = shelves(request_of(), ["similar", "also_liked"], items=[items[0]])
    assert (similar.title, liked.title) == ("Similar items", "Shoppers who liked this also liked")
    assert ids_on(similar) == [f"i{place}" for place in range(1, 9)]
    assert ids_on(liked) == [f"i{place}" for place in range(29, 21, -1)]
    assert similar.cards[0].reason == "Looks alike and is described alike"
    assert liked.cards[0].reason == "Drew 3 of the 9 shoppers this one drew"
    assert liked.cards[2].link == "/items/i27/thing-27/?from=also_liked&at=2"
    assert similar.bundle == "v1"


@pytest.mark.parametrize("panel", ["similar", "looks_like", "also_liked", "bought_together"])
def test_what_must_never_show_does_not(panel: str) -> None:
    items = stock(12)
    serve_everything(items)
    shopper = ShopperFactory.create()
    CartLineFactory.create(shopper=shopper, item=items[3])
    Item.objects.filter(item_id="i1").update(stock=0)
    Item.objects.filter(item_id="i2").update(published=False)
    (shelf,) = shelves(request_of(shopper), [panel], items=[items[0]], size=50)
    assert sorted(ids_on(shelf)) == sorted(f"i{place}" for place in range(4, 12))
    # negative control: with the causes gone they do show
    Item.objects.update(stock=None, published=True)
    shopper.cart_lines.all().delete()
    (shelf,) = shelves(request_of(shopper), [panel], items=[items[0]], size=50)
    assert sorted(ids_on(shelf)) == sorted(f"i{place}" for place in range(1, 12))


@pytest.mark.parametrize("panel", ["for_you", "trending", "recently_viewed"])
def test_personal_panels_leave_out_sold_out_unpublished_and_cart(panel: str) -> None:
    items = stock(8)
    ids = serve_everything(items)
    shopper = ShopperFactory.create()
    CartLineFactory.create(shopper=shopper, item=items[3])
    Item.objects.filter(item_id="i1").update(stock=0)
    Item.objects.filter(item_id="i2").update(published=False)
    (shelf,) = shelves(request_of(shopper, viewed=ids), [panel])
    assert sorted(ids_on(shelf)) == ["i0", "i4", "i5", "i6", "i7"]


def test_for_you_follows_the_visitor_leaves_out_purchases_and_names_the_cause() -> None:
    items = stock(40)
    serve_everything(items)
    shopper = ShopperFactory.create()
    (before,) = shelves(request_of(shopper), ["for_you"])
    assert before.title == "Trending"
    ActionFactory.create(shopper=shopper, item=items[10], kind=Kind.FAVOURITE)
    ActionFactory.create(shopper=shopper, item=items[11], kind=Kind.PURCHASE)
    (after,) = shelves(request_of(shopper), ["for_you"])
    assert after.title == "For you"
    assert "i11" not in ids_on(after)
    assert "i10" not in ids_on(after), "what was touched comes only where the shop has nothing else"
    assert ids_on(after) != ids_on(before)
    assert after.cards[0].reason == "Because you bought Thing 11"
    assert sum(after.cards[0].parts.values()) == pytest.approx(after.cards[0].score)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Kind.CLICK, "Because you looked at Thing 0"),
        (Kind.FAVOURITE, "Because you saved Thing 0"),
        (Kind.CART, "Because you put Thing 0 in your cart"),
        (Kind.PURCHASE, "Because you bought Thing 0"),
    ],
)
def test_the_cause_is_told_as_it_was(kind: Kind, sentence: str) -> None:
    items = stock(30)
    serve_everything(items)
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[0], kind=kind)
    (shelf,) = shelves(request_of(shopper), ["for_you"])
    assert {card.reason for card in shelf.cards} == {sentence}


def test_a_click_alone_makes_for_you_personal_without_a_shopper() -> None:
    items = stock(30)
    serve_everything(items)
    (shelf,) = shelves(request_of(viewed=["i5"]), ["for_you"])
    assert shelf.title == "For you"
    assert shelf.cards[0].reason == "Because you looked at Thing 5"


def test_in_a_tiny_shop_what_was_touched_may_return_but_not_what_was_bought() -> None:
    items = stock(3)
    serve_everything(items)
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[0], kind=Kind.FAVOURITE)
    ActionFactory.create(shopper=shopper, item=items[1], kind=Kind.PURCHASE)
    (shelf,) = shelves(request_of(shopper), ["for_you"])
    assert ids_on(shelf) == ["i2", "i0"]
    assert shelf.cards[1].reason == "You saved this"
    assert shelf.cards[0].score > shelf.cards[1].score


def test_recently_viewed_is_latest_first_each_once_and_never_filled_up() -> None:
    serve_everything(stock(10))
    (shelf,) = shelves(request_of(viewed=["i1", "i2", "i1"]), ["recently_viewed"])
    assert ids_on(shelf) == ["i1", "i2"]
    assert shelf.title == "Recently viewed"
    assert shelf.cards[0].reason == "You looked at this"
    assert shelves(request_of(), ["recently_viewed"]) == []


def test_pick_up_is_what_was_touched_not_bought_and_can_still_be_had() -> None:
    items = stock(40)
    serve_everything(items)
    shopper = touched(items)
    (shelf,) = shelves(request_of(shopper), ["pick_up"])
    assert (shelf.title, sorted(ids_on(shelf))) == ("Pick up where you left off", ["i0", "i1", "i3"])
    assert {card.item.item_id: card.reason for card in shelf.cards} == {
        "i0": "You saved this",
        "i1": "You had this in your cart",
        "i3": "You looked at this",
    }
    assert shelf.cards[0].link.endswith("?from=pick_up&at=0")
    Item.objects.filter(item_id="i0").update(stock=0)
    Item.objects.filter(item_id="i1").update(published=False)
    (shelf,) = shelves(request_of(shopper), ["pick_up"])
    assert ids_on(shelf) == ["i3"]
    assert shelves(request_of(), ["pick_up"]) == [], "who touched nothing has nothing to return to"


def test_pick_up_needs_no_model() -> None:
    items = stock(6)
    (shelf,) = shelves(request_of(touched(items)), ["pick_up"])
    assert sorted(ids_on(shelf)) == ["i0", "i1", "i3"]


def test_the_home_page_returns_to_what_was_touched_and_shows_what_is_new_and_nothing_twice() -> None:
    items = stock(80)
    serve_everything(items)
    request = request_of(touched(items), viewed=["i0", "i3", "i7"])
    filled = {
        shelf.panel: ids_on(shelf) for shelf in shelves(request, ["pick_up", "for_you", "trending", "recently_viewed"])
    }
    assert sorted(filled["pick_up"]) == ["i0", "i1"], "what was only looked at stands in its own shelf"
    assert filled["recently_viewed"] == ["i7", "i3"]
    assert not {"i0", "i1", "i2", "i3", "i4", "i7"} & set(filled["for_you"])
    shown = [item_id for ids in filled.values() for item_id in ids]
    assert len(shown) == len(set(shown)) == 2 + 12 + 12 + 2


def test_what_is_most_alike_stands_first_on_the_page_of_an_item_viewed_or_not() -> None:
    items = stock(80)
    serve_everything(items)
    viewed = request_of(viewed=["i40", "i1"])
    fresh, again = (
        {shelf.panel: ids_on(shelf) for shelf in shelves(request, ["similar", "recently_viewed"], items=[items[0]])}
        for request in (request_of(), viewed)
    )
    assert "i1" in again["similar"]
    assert again["similar"] == fresh["similar"]
    assert again["recently_viewed"] == ["i1", "i40"]


def test_the_home_page_shows_nothing_twice_and_greets_somebody_new() -> None:
    mugs, rugs = CategoryFactory.create(name="Mugs"), CategoryFactory.create(name="Rugs")
    items = stock(60)
    for place, item in enumerate(items):
        item.category = mugs if place % 2 else rugs
        item.save()
    ids = [item.item_id for item in items]
    serve(
        TinyBundle(
            items=ids,
            trending=ids[:20],
            popularity={item_id: float(60 - place) for place, item_id in enumerate(ids)},
            categories={item_id: "mugs" if place % 2 else "rugs" for place, item_id in enumerate(ids)},
        )
    )
    start, trending = shelves(request_of(), ["for_you", "trending", "recently_viewed"])
    assert (start.panel, start.title) == ("for_you", "Start here")
    assert (trending.title, ids_on(trending)) == ("Trending", ids[:12])
    assert len(start.cards) == 12
    assert not set(ids_on(start)) & set(ids_on(trending))


def test_a_panel_without_its_source_says_what_it_shows_instead() -> None:
    mugs = CategoryFactory.create(name="Mugs")
    items = stock(30, category=mugs)
    ids = [item.item_id for item in items]
    serve(
        TinyBundle(
            items=ids,
            similar=ring(ids, neighbours=25),
            popularity=dict.fromkeys(ids, 2.0),
            shoppers=dict.fromkeys(ids, 5),
            categories=dict.fromkeys(ids, "mugs"),
        )
    )
    before = counted("panel_fallback", panel="also_liked")
    similar, liked = shelves(request_of(), ["similar", "also_liked"], items=[items[0]])
    assert (liked.panel, liked.title) == ("also_liked", "Popular in Mugs")
    assert liked.cards[0].reason == "Drew 5 shoppers so far"
    assert counted("panel_fallback", panel="also_liked") == before + 1
    # alone, the next source is content
    (alone,) = shelves(request_of(), ["also_liked"], items=[items[0]])
    assert alone.title == "Similar items"
    assert similar.title == "Similar items"


def test_a_mixed_shelf_says_so() -> None:
    items = stock(12)
    ids = [item.item_id for item in items]
    serve(TinyBundle(items=ids, also_liked={"i0": [(f"i{place}", 1 / place) for place in range(1, 6)]}))
    (shelf,) = shelves(request_of(), ["also_liked"], items=[items[0]])
    assert shelf.title == "Shoppers who liked this also liked"
    assert shelf.sentence == "From what shoppers looked at and chose. Then new arrivals."
    assert [card.reason for card in shelf.cards][4:6] == ["Drew the same shoppers", "New in the shop"]


def test_a_very_small_shop_repeats_rather_than_showing_nothing() -> None:
    items = stock(3)
    serve_everything(items)
    similar, liked = shelves(request_of(), ["similar", "also_liked"], items=[items[0]])
    assert sorted(ids_on(similar)) == sorted(ids_on(liked)) == ["i1", "i2"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_shop_with_nothing_else_shows_no_shelf(number: int) -> None:
    items = stock(1)
    assert shelves(request_of(), ["similar", "also_liked"], items=items) == []
    assert len(shelves(request_of(), ["for_you", "trending"])) == 1


def test_without_a_bundle_the_newest_stand_in_the_first_panel() -> None:
    items = stock(5)
    Item.objects.filter(item_id="i4").update(stock=0)
    (shelf,) = shelves(request_of(), ["similar", "also_liked"], items=[items[0]])
    assert (shelf.panel, shelf.title, ids_on(shelf)) == ("similar", "New in the shop", ["i3", "i2", "i1"])
    assert shelf.cards[0].reason == "New in the shop"
    assert shelf.bundle == ""


@pytest.mark.parametrize("error", [BundleBroken("torn"), OSError("gone"), ValueError("odd"), IndexError("out")])
def test_a_broken_bundle_never_breaks_a_page(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    items = stock(6)
    serve_everything(items)

    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(session.Session, "_fill", fail)
    before = counted("panel_failed", bundle="v1")
    (shelf,) = shelves(request_of(), ["similar"], items=[items[0]])
    assert shelf.title == "New in the shop"
    assert counted("panel_failed", bundle="v1") == before + 1
    assert "similar" in caplog.text


def test_a_mistake_in_the_code_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    items = stock(6)
    serve_everything(items)
    monkeypatch.setattr(session.Session, "_fill", lambda *_args, **_options: 1 + "1")  # type: ignore[operator]
    with pytest.raises(TypeError):
        shelves(request_of(), ["similar"], items=[items[0]])


def test_unknown_panels_are_unknown() -> None:
    for name in ("photo", "nonsense"):
        with pytest.raises(UnknownPanel):
            shelves(request_of(), [name])


def _queries(number: int) -> list[str]:
    """What a page with seven panels asks the database, for a shopper with a cart and a history."""
    items = stock(number)
    serve_everything(items)
    shopper = ShopperFactory.create()
    CartLineFactory.create(shopper=shopper, item=items[1])
    for item in items[2:6]:
        ActionFactory.create(shopper=shopper, item=item, kind=Kind.FAVOURITE)
    names = ["similar", "also_liked", "bought_together", "pick_up", "for_you", "trending", "recently_viewed"]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        filled = shelves(request_of(shopper, viewed=["i7", "i8"]), names, items=[items[0]])
        for shelf in filled:
            for card in shelf.cards:
                _ = (card.item.name, card.item.category, card.item.cover, card.link, card.reason)
    assert len(filled) == 7 if number >= 100 else filled
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("number", [10, 100])
def test_seven_panels_cost_five_queries_however_large_the_shop(number: int) -> None:
    queries = _queries(number)
    assert len(queries) == 5, queries  # the visitor, their history, cart and dismissals, and the cards of all panels


def test_the_query_budget_would_notice_one_query_per_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the joins every card asks for its own category and cover."""
    monkeypatch.setattr("shop.catalogue.models.ItemQuerySet.for_cards", lambda queryset: queryset)
    items = stock(20, category=CategoryFactory.create())
    serve_everything(items)
    with CaptureQueriesContext(connection) as captured:
        (shelf,) = shelves(request_of(), ["similar"], items=[items[0]])
        assert all(card.item.category for card in shelf.cards)
    assert len(captured.captured_queries) > 8


def test_every_card_has_a_reason_of_some_length() -> None:
    items = stock(30)
    serve_everything(items)
    names = ["similar", "looks_like", "also_liked", "bought_together", "for_you", "trending", "recently_viewed"]
    for shelf in shelves(request_of(viewed=["i3"]), names, items=[items[0]]):
        assert shelf.cards
        assert all(len(card.reason) >= 5 for card in shelf.cards)


def test_no_two_shelves_have_one_title() -> None:
    alike = [Shelf(panel=panel, title="Trending", sentence="", cards=()) for panel in ("a", "b", "c")]
    assert [shelf.title for shelf in _told_apart(alike)] == ["Trending", "Trending, continued", "Trending, part 3"]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"text": 0.9, "image": 0.0}, "Close to this one in words."),
        ({"text": 0.0, "image": 0.8}, "Close to this one in looks."),
        ({"text": 0.3, "image": 0.5}, "Close to this one in looks and in words."),
        ({}, "Close to this one."),
    ],
)
def test_a_shop_without_pictures_claims_no_likeness_of_looks(parts: dict[str, float], sentence: str) -> None:
    shown = [Recommendation(item_id="a", score=0.9, reason=Reason("content", parts=parts))]
    assert name_shelf(PANEL_KINDS["similar"], shown, [""]) == ("Similar items", sentence)
