"""The taste model: shoppers keep to their taste, do all four things, and do the same every time."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict

import numpy as np
import pytest

from shop.demo.taste import CART, CLICK, DAY, FAVOURITE, PURCHASE, Event, Features, World, simulate

GROUPS, COLOURS, PER_GROUP = 12, 6, 40


def shop(*, priced: bool = True) -> Features:
    rng = np.random.default_rng(5)
    count = GROUPS * PER_GROUP
    group = np.repeat(np.arange(GROUPS), PER_GROUP)
    return Features(
        group=group,
        shelf=np.arange(GROUPS) // 4,
        colour=rng.integers(0, COLOURS, count),
        brand=rng.integers(0, 5, count),
        band=np.tile(np.arange(PER_GROUP) * 5 // PER_GROUP, GROUPS),
        priced=np.full(count, priced),
    )


def everything(**options: int) -> list[Event]:
    numbers = {"shoppers": 120, "days": 60, "seed": 0} | options
    return [event for some in simulate(shop(), **numbers) for event in some]


EVENTS = everything()


def test_the_same_seed_gives_the_same_actions_and_another_seed_others() -> None:
    assert everything() == EVENTS
    assert everything(seed=1) != EVENTS


def test_a_shopper_does_the_same_whoever_else_is_there() -> None:
    assert everything(shoppers=30) == [event for event in EVENTS if event.shopper < 30]


def test_all_four_kinds_happen_and_each_is_rarer_than_the_one_before_the_cart() -> None:
    counts = Counter(event.kind for event in EVENTS)
    assert counts[CLICK] > 2 * counts[FAVOURITE] > 0
    assert counts[CLICK] > counts[CART] > counts[PURCHASE] > 0


def test_nothing_is_bought_that_was_not_looked_at_and_put_into_the_cart_before() -> None:
    seen: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for event in EVENTS:
        if event.kind == PURCHASE:
            assert (event.item, CART) in seen[event.shopper]
        if event.kind == CART:
            assert (event.item, CLICK) in seen[event.shopper]
        seen[event.shopper].add((event.item, event.kind))


def test_times_lie_within_the_days_and_more_of_them_near_the_end() -> None:
    ago = np.array([event.ago for event in EVENTS])
    assert ago.min() >= 0
    assert ago.max() <= 60 * DAY
    assert (ago < 20 * DAY).sum() > 1.5 * (ago > 40 * DAY).sum()


def test_favourites_concentrate_on_the_shoppers_groups_and_colours() -> None:
    features = shop()
    world = World(features, seed=0)
    in_taste, in_colour, at_random = [], [], []
    for shopper in range(120):
        taste = world.taste(np.random.default_rng([0, 202, shopper]))
        companions = world.companion[taste.groups]
        saved = [event.item for event in EVENTS if event.shopper == shopper and event.kind == FAVOURITE]
        in_taste += [features.group[item] in {*taste.groups, *companions} for item in saved]
        in_colour += [features.colour[item] in taste.colours for item in saved]
        at_random.append(len(taste.colours) / COLOURS)
    assert np.mean(in_taste) > 0.85
    assert np.mean(in_colour) > 2 * np.mean(at_random)


def test_one_thing_leads_to_another_of_its_kind() -> None:
    features = shop()
    clicks = [event for event in EVENTS if event.kind == CLICK]
    pairs = [
        (one.item, other.item)
        for one, other in itertools.pairwise(clicks)
        if one.shopper == other.shopper and one.ago - other.ago < 600
    ]
    same = np.mean([features.group[one] == features.group[other] for one, other in pairs])
    assert same > 0.5 > 3 / GROUPS


def test_nothing_without_a_price_is_put_into_a_cart() -> None:
    kinds = {event.kind for some in simulate(shop(priced=False), shoppers=40, days=30, seed=0) for event in some}
    assert kinds == {CLICK, FAVOURITE}


@pytest.mark.parametrize("count", [1, 2])
def test_the_smallest_catalogues_work(count: int) -> None:
    features = Features(
        group=np.zeros(count, dtype=np.int64),
        shelf=np.zeros(1, dtype=np.int64),
        colour=np.full(count, -1),
        brand=np.full(count, -1),
        band=np.full(count, -1),
        priced=np.ones(count, dtype=bool),
    )
    events = [event for some in simulate(features, shoppers=20, days=5, seed=0) for event in some]
    assert {event.item for event in events} == set(range(count))
