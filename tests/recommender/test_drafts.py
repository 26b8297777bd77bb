"""What stands on the shelves that greet a visitor: more than one kind of thing, and now and then something untried."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from recommender.panels import Shelf, shelves
from shop.catalogue.models import Item
from tests.factories import CategoryFactory, ShopperFactory
from tests.recommender.panel_shop import ids_on, request_of, serve, stock
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


def furnish(*sizes: int) -> list[Item]:
    """Items in categories of these sizes, one category after the other."""
    items = stock(sum(sizes))
    place = 0
    for number, size in enumerate(sizes):
        category = CategoryFactory.create(name=f"Category {number}")
        for item in items[place : place + size]:
            item.category = category
            item.save()
        place += size
    return items


def one_shelf(panel: str, *, viewed: Sequence[str] = (), **options: Any) -> Shelf:
    return shelves(request_of(viewed=viewed), [panel], **options)[0]


def categories_on(shelf: Shelf) -> list[int]:
    """How many cards each category has, the most first."""
    counts = Counter(card.item.category_id for card in shelf.cards)
    return sorted(counts.values(), reverse=True)


def falls(shelf: Shelf) -> bool:
    return all(before.score > after.score for before, after in itertools.pairwise(shelf.cards))


@pytest.mark.parametrize(("cap", "found"), [(0.5, [6, 6]), (0.25, [6, 3, 3]), (1.0, [12])])
def test_no_category_fills_more_of_a_shelf_than_its_share(settings: Any, cap: float, found: list[int]) -> None:
    settings.CATEGORY_CAP = cap
    items = furnish(14, 7, 3)
    serve(TinyBundle(items=[item.item_id for item in items], trending=[item.item_id for item in items]))
    shelf = one_shelf("trending")
    assert categories_on(shelf) == found
    assert falls(shelf)


def test_with_two_categories_nothing_is_held_back() -> None:
    items = furnish(14, 7)
    serve(TinyBundle(items=[item.item_id for item in items], trending=[item.item_id for item in items]))
    assert categories_on(one_shelf("trending")) == [12]


def test_a_shelf_about_an_item_shows_what_is_nearest_whatever_its_category() -> None:
    items = furnish(14, 7, 3)
    ids = [item.item_id for item in items]
    serve(TinyBundle(items=ids, similar=ring(ids)))
    assert ids_on(one_shelf("similar", items=[items[0]])) == ids[1:9]


@pytest.mark.parametrize(("diversity", "shown"), [(0.0, ["i1", "i2", "i3"]), (0.4, ["i1", "i4", "i5"])])
def test_a_varied_shelf_leaves_out_twins(settings: Any, diversity: float, shown: list[str]) -> None:
    settings.DIVERSITY = diversity
    items = stock(8)
    twins = {one: [(other, 1.0) for other in ("i1", "i2", "i3") if other != one] for one in ("i1", "i2", "i3")}
    serve(
        TinyBundle(
            items=[item.item_id for item in items],
            similar=twins,
            also_liked={"i0": [(f"i{place}", 1 - place / 20) for place in range(1, 8)]},
        )
    )
    shelf = one_shelf("for_you", viewed=["i0"], size=3)
    assert ids_on(shelf) == shown
    assert falls(shelf)


def serve_the_known_and_the_unknown() -> None:
    """Twenty items that people know, and ten that they don't."""
    items = stock(30)
    ids = [item.item_id for item in items]
    liked = {"i0": [(item_id, 1 - place / 40) for place, item_id in enumerate(ids[1:20])]}
    serve(TinyBundle(items=ids, also_liked=liked, shoppers=dict.fromkeys(ids[:20], 9)))


def test_exploration_is_off_unless_it_is_asked_for() -> None:
    serve_the_known_and_the_unknown()
    assert {card.recommendation.reason.source for card in one_shelf("for_you", viewed=["i0"]).cards} == {"history"}


def test_exploration_gives_the_last_slots_to_what_nobody_knows_and_says_so(settings: Any) -> None:
    settings.EXPLORATION = 0.25
    serve_the_known_and_the_unknown()
    shelf = one_shelf("for_you", viewed=["i0"])
    assert ids_on(shelf)[:9] == [f"i{place}" for place in range(1, 10)]
    assert all(int(item_id[1:]) >= 20 for item_id in ids_on(shelf)[9:])
    assert len(set(ids_on(shelf))) == 12
    assert {card.reason for card in shelf.cards[9:]} == {"Few have seen this yet; shown to find out who likes it"}
    assert falls(shelf)
    assert all(sum(card.parts.values()) == pytest.approx(card.score, abs=1e-5) for card in shelf.cards)
    assert shelf.title == "For you"
    assert shelf.sentence.endswith("Then something few have seen, to find out who likes it.")


def test_what_is_tried_stays_the_same_for_a_visitor_on_a_day(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EXPLORATION = 0.25
    serve_the_known_and_the_unknown()
    ada, bob = ShopperFactory.create(), ShopperFactory.create()

    def tried(shopper: Any) -> list[str]:
        return ids_on(shelves(request_of(shopper, viewed=["i0"]), ["for_you"])[0])[9:]

    assert tried(ada) == tried(ada)
    days = set()
    for number in range(1, 6):
        monkeypatch.setattr("recommender.panels.timezone.localdate", lambda number=number: date(2026, 11, number))
        days.add((*tried(ada), *tried(bob)))
    assert len(days) > 1


def test_exploration_also_mixes_into_what_greets_somebody_new(settings: Any) -> None:
    settings.EXPLORATION = 0.25
    serve_the_known_and_the_unknown()
    shelf = one_shelf("for_you")
    assert len(shelf.cards) == 12
    assert [card.recommendation.reason.source for card in shelf.cards][9:] == ["exploration"] * 3
    assert falls(shelf)


def test_where_everything_is_known_there_is_nothing_to_try(settings: Any) -> None:
    settings.EXPLORATION = 0.25
    items = stock(20)
    ids = [item.item_id for item in items]
    serve(TinyBundle(items=ids, also_liked=ring(ids), shoppers=dict.fromkeys(ids, 9)))
    shelf = one_shelf("for_you", viewed=["i0"])
    assert {card.recommendation.reason.source for card in shelf.cards} == {"history"}
    assert len(shelf.cards) == 12
