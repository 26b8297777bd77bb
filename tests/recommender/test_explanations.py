"""Why this? Shares that add up, and causes that can be proved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.explanations import explain, latest_items, shares_of
from recommender.panels import Card, shelves
from recommender.types import HistoryEntry, Reason, Recommendation
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ShopperFactory
from tests.recommender.panel_shop import request_of, serve_everything, stock

SHELF = {name: Item(item_id=name, title=name.title()) for name in ("mug", "vase", "lamp", "bowl", "dish")}


def shares(source: str, **parts: float) -> list[tuple[str, int, int]]:
    return [(one.name, one.percent, one.start) for one in shares_of(Reason(source, parts=parts))]


def test_shares_are_the_parts_in_percent_largest_first() -> None:
    assert shares("content", text=0.1, image=0.3) == [("image", 75, 0), ("text", 25, 75)]
    assert shares("also_liked", behaviour=0.4) == [("behaviour", 100, 0)]


def test_shares_add_up_to_the_whole() -> None:
    # thirds: 33.3 each, and the one that is missing goes to the first of equals
    assert shares("history", text=1.0, image=1.0, behaviour=1.0) == [
        ("image", 34, 0),
        ("text", 33, 34),
        ("behaviour", 33, 67),
    ]
    # 66.6 and 33.3: the larger loss is made good
    assert shares("content", text=1.0, image=2.0) == [("image", 67, 0), ("text", 33, 67)]


def test_a_part_that_rounds_to_nothing_is_left_out() -> None:
    assert shares("content", text=0.001, image=0.999) == [("image", 100, 0)]


@given(st.fixed_dictionaries({name: st.floats(0, 1e6, allow_nan=False) for name in ("text", "image", "behaviour")}))
def test_whatever_the_parts_their_shares_are_a_hundred(parts: dict[str, float]) -> None:
    found = shares_of(Reason("history", parts=parts))
    assert sum(one.percent for one in found) == (100 if any(parts.values()) else 0)
    assert [one.start for one in found] == [sum(each.percent for each in found[:place]) for place in range(len(found))]


@pytest.mark.parametrize("source", ["newest", "exploration", "recently_viewed"])
def test_what_nobody_measured_has_no_shares(source: str) -> None:
    assert shares(source, behaviour=0.5) == []


def told(source: str, *, item: str = "mug", causes: tuple[str, ...] = (), **more: Any) -> tuple[str, dict[str, str]]:
    """The title of the causes, and each with its words."""
    known: dict[str, Any] = {"cards": SHELF, "kinds": {}, "latest": (), "subjects": ()} | more
    found = explain(Recommendation(item, 1.0, Reason(source, parts={"behaviour": 1.0}, causes=causes)), **known)
    return found.title, {cause.item.item_id: cause.words for cause in found.causes}


def test_causes_are_told_with_what_was_done_to_them() -> None:
    kinds = {"vase": Kind.FAVOURITE, "lamp": Kind.CLICK}
    title, causes = told("history", causes=("vase", "lamp"), kinds=kinds, latest=("bowl",))
    assert title == "What you did that speaks for it"
    assert list(causes.items()) == [("vase", "You saved this"), ("lamp", "You looked at this")]


def test_where_no_cause_can_be_proved_all_that_was_weighed_is_told_instead() -> None:
    kinds = {"vase": Kind.CART, "lamp": Kind.CLICK}
    title, causes = told("history", kinds=kinds, latest=("lamp", "vase"))
    assert title == "Weighed together, all you did here; lately"
    assert list(causes) == ["lamp", "vase"]


def test_what_was_touched_itself_is_its_own_cause() -> None:
    assert told("pick_up", kinds={"mug": Kind.CART}) == ("What you did", {"mug": "You had this in your cart"})


@pytest.mark.parametrize("source", ["content", "looks", "also_liked", "liked_next", "bought_together"])
def test_what_starts_from_the_item_of_the_page_says_so(source: str) -> None:
    assert told(source, subjects=("vase",), latest=("bowl",)) == ("Starting from", {"vase": ""})


@pytest.mark.parametrize("source", ["trending", "best_sellers", "newest", "exploration"])
def test_what_has_no_cause_names_none(source: str) -> None:
    assert told(source, subjects=("vase",), latest=("bowl",), kinds={"bowl": Kind.CLICK}) == ("", {})


def test_three_causes_are_enough_and_what_may_not_be_seen_is_not_named() -> None:
    causes = ("gone", "vase", "lamp", "bowl", "dish")
    kinds = dict.fromkeys(causes, Kind.CLICK)
    assert list(told("history", causes=causes, kinds=kinds)[1]) == ["vase", "lamp", "bowl"]
    assert told("history", causes=("gone",), kinds=kinds) == ("", {})


def test_latest_is_what_was_touched_last_each_once() -> None:
    entries = [HistoryEntry(item_id, Kind.CLICK, None) for item_id in ("mug", "vase", "mug", "lamp")]
    assert latest_items(entries) == ("lamp", "mug", "vase")


@pytest.mark.django_db
def test_the_cards_of_a_page_carry_it_without_a_further_query() -> None:
    items = stock(30)
    serve_everything(items)
    shopper = ShopperFactory.create()
    ActionFactory.create(shopper=shopper, item=items[9], kind=Kind.FAVOURITE)
    similar, mine = shelves(request_of(shopper), ["similar", "for_you"], items=[items[0]])

    def first(card: Card) -> tuple[Any, ...]:
        return card.why.title, [(cause.item.item_id, cause.words) for cause in card.why.causes]

    assert first(similar.cards[0]) == ("Starting from", [("i0", "")])
    assert first(mine.cards[0]) == ("What you did that speaks for it", [("i9", "You saved this")])
    assert [(one.name, one.percent) for one in similar.cards[0].why.shares] == [("image", 75), ("text", 25)]
