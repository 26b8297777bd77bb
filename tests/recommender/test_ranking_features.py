"""Candidates and what speaks for them, by hand on six items."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import ranking_features
from recommender.ranking_features import (
    ALL_SIGNALS,
    FEATURES,
    IN_DEMAND,
    ITEM_FACTS,
    PAUSE,
    SIGNALS,
    VISIT_FEATURES,
    ShopperHistory,
    SignalTables,
    candidates_with_features,
)
from tests.recommender.logs import DAY
from tests.recommender.small_ranker import signal_tables, table

CLICK, FAVOURITE, CART, PURCHASE = range(4)
ORDERED = {signal.name for signal in SIGNALS if signal.asks not in {"weights", "wanted", "all"}}
EVERY_TABLE = {signal.table for signal in ALL_SIGNALS}
# From item 0 to 1 and 2, from 3 to 2 and 4.
NEAR = table({0: {1: 0.5, 2: 0.25}, 3: {2: 1.0, 4: 0.5}}, items=6)
TABLES = signal_tables(dict.fromkeys(EVERY_TABLE, NEAR), items=6, popular=(5, 1))
ALL = np.ones(6, dtype=np.bool_)
HISTORY = ShopperHistory.of([3, 0, 0], [CART, CLICK, CLICK], [2 * DAY, 1 * DAY, 4 * DAY])
NOW = 5 * DAY


def features(
    history: ShopperHistory, *, tables: SignalTables = TABLES, now: float = NOW, allow: np.ndarray = ALL, each: int = 9
) -> dict[int, dict[str, float]]:
    rows, values = candidates_with_features(history, tables, now=now, allow=allow, each=each)
    assert values.dtype == np.float32
    assert values.shape == (len(rows), len(FEATURES))
    assert (np.diff(rows) > 0).all()
    return {
        row: dict(zip(FEATURES, line, strict=True))
        for row, line in zip(rows.tolist(), values.astype(float).tolist(), strict=True)
    }


def test_candidates_are_what_was_touched_what_is_near_and_what_is_popular() -> None:
    assert list(features(HISTORY)) == [0, 1, 2, 3, 4, 5]
    without = signal_tables({"similar": NEAR}, items=6, popular=(5,))
    assert list(features(ShopperHistory.of([0], [CLICK], [DAY]), tables=without)) == [0, 1, 2, 5]
    # One each: the best by similarity and the most popular.
    assert list(features(ShopperHistory.of([0], [CLICK], [DAY]), tables=without, each=1)) == [0, 1, 5]


def test_what_is_not_allowed_is_no_candidate_and_takes_nobodys_place() -> None:
    allow = np.array([False, False, True, True, True, False])
    found = features(HISTORY, allow=allow, each=1)
    assert set(found) == {2, 3}  # 2 is the best of those that may be
    assert found[2]["leads_to"] == pytest.approx(1.25)
    assert features(HISTORY, allow=~ALL) == {}


def test_every_way_of_asking() -> None:
    found = features(HISTORY)[2]
    # In order: item 0, item 3 (cart), item 0.
    assert found["leads_to"] == pytest.approx(0.25 + 1.0)  # all, each once
    assert found["also_liked"] == pytest.approx(2 * 1 * 0.25 + 3 * 1.0)  # weights
    assert found["ease"] == pytest.approx(1.0)  # wanted: the cart alone
    assert found["next_item"] == pytest.approx(0.25 + 0.8 * 1.0 + 0.64 * 0.25)  # recent
    assert found["next_item_last"] == pytest.approx(0.25)  # last
    assert found["transitions_wanted"] == pytest.approx(1.0)  # wanted and recent: the cart is the last of those
    assert found["similar_recent"] == found["next_item"]


def test_where_nothing_was_wanted_everything_asks() -> None:
    found = features(ShopperHistory.of([3, 0], [CLICK, CLICK], [1, 2]))[2]
    assert found["ease"] == pytest.approx(1.25)
    assert found["transitions_wanted"] == pytest.approx(0.25 + 0.7)


def test_signals_of_order_are_missing_where_no_time_is_known() -> None:
    unknown = ShopperHistory.of([3, 0, 0], [CART, CLICK, CLICK], [np.nan] * 3)
    found = features(unknown, now=np.nan)
    for values in found.values():
        for name in [*ORDERED, "gap", "span", "last_kind", "own_age"]:
            assert np.isnan(values[name]), name
        for name in {signal.name for signal in SIGNALS} - ORDERED:
            assert not np.isnan(values[name]), name
    # What order has no part in is what it was.
    known = features(HISTORY)
    for name in {signal.name for signal in SIGNALS} - ORDERED:
        assert found[2][name] == known[2][name]


def test_one_known_time_is_enough_and_unknown_ones_come_before_it() -> None:
    history = ShopperHistory.of([3, 0], [CART, CLICK], [DAY, np.nan])
    assert history.items.tolist() == [0, 3]
    assert history.ordered
    assert features(history)[2]["next_item_last"] == pytest.approx(1.0)
    assert not ShopperHistory.of([], [], []).ordered


def test_a_table_that_is_absent_is_missing() -> None:
    found = features(HISTORY, tables=signal_tables({"ease": NEAR}, items=6))
    assert list(found) == [0, 1, 2, 3, 4]
    assert not np.isnan(found[2]["ease"])
    assert all(np.isnan(found[2][signal.name]) for signal in SIGNALS if signal.table != "ease")


def test_each_signal_is_told_as_a_share_of_its_best_too() -> None:
    found = features(HISTORY)
    # Each once: item 1 from item 0; item 2 from both; item 4 from item 3; nothing speaks for the others.
    assert [values["leads_to"] for values in found.values()] == [0, 0.5, 1.25, 0, 0.5, 0]
    assert [values["leads_to_of_best"] for values in found.values()] == pytest.approx([0, 0.4, 1, 0, 0.4, 0])
    loud = features(ShopperHistory.of([3, 3, 0, 0], [CART, CART, CLICK, CLICK], [DAY] * 4))
    assert loud[2]["also_liked"] == pytest.approx(6.5)
    assert loud[2]["also_liked_of_best"] == 1.0


def test_a_share_of_nothing_is_missing() -> None:
    lonely = features(ShopperHistory.of([5], [CLICK], [DAY]))
    for values in lonely.values():
        assert values["leads_to"] == 0
        assert np.isnan(values["leads_to_of_best"])
    unknown = features(ShopperHistory.of([3], [CART], [np.nan]), now=np.nan)
    assert all(np.isnan(values["next_item_of_best"]) for values in unknown.values())


def test_features_keep_their_places_for_bundles_that_know_them_by_number() -> None:
    assert FEATURES[: len(SIGNALS)] == tuple(signal.name for signal in SIGNALS)
    assert FEATURES.index("touched") == len(SIGNALS) + len(ITEM_FACTS)
    assert FEATURES.index("last_kind") == 37
    assert FEATURES.index("ease_of_best") == 38
    assert FEATURES[:50] == VISIT_FEATURES
    assert FEATURES.index("ease_lately") == 50


def test_those_who_come_back_are_asked_about_shoppers_of_late_and_what_is_in_demand() -> None:
    found = features(HISTORY)
    lately = TABLES.facts[:, ITEM_FACTS.index("lately")].astype(float)
    # The cart alone was wanted; of its three actions the first two ask by the table, each step back fainter.
    assert [found[row]["ease_lately"] for row in (1, 2, 4)] == pytest.approx([0.0, 1.0, 0.5])
    assert found[2]["ease_lately_recent"] == pytest.approx(0.25 + 0.8 * 1.0 + 0.64 * 0.25)
    for row, values in found.items():
        for name in IN_DEMAND:
            assert values[f"{name}_in_demand"] == pytest.approx(values[name] * lately[row] ** 0.5)
    demanded = {row: values["ease_lately_in_demand"] for row, values in found.items()}
    for row, values in found.items():
        assert values["ease_lately_in_demand_of_best"] == pytest.approx(demanded[row] / max(demanded.values()))


def test_in_a_visit_the_further_features_are_not_made() -> None:
    rows, values = candidates_with_features(HISTORY, TABLES, now=NOW, allow=ALL, each=9, returning=False)
    every, all_values = candidates_with_features(HISTORY, TABLES, now=NOW, allow=ALL, each=9)
    assert values.shape == (len(rows), len(VISIT_FEATURES))
    assert rows.tolist() == every.tolist()
    np.testing.assert_array_equal(values, all_values[:, : len(VISIT_FEATURES)])


@pytest.mark.parametrize(
    ("times", "now", "returns"),
    [
        ([DAY], DAY + PAUSE, False),
        ([DAY], DAY + PAUSE + 1, True),
        ([np.nan, DAY], DAY + PAUSE + 1, True),
        ([np.nan], DAY, False),
        ([DAY], np.nan, False),
        ([], DAY, False),
    ],
)
def test_after_a_pause_of_eight_hours_a_shopper_comes_back(times: list[float], now: float, *, returns: bool) -> None:
    history = ShopperHistory.of([0] * len(times), [CLICK] * len(times), times)
    assert history.returns(now) is returns


def test_facts_of_the_item() -> None:
    found = features(HISTORY)
    for row, values in found.items():
        assert [values[name] for name in ITEM_FACTS] == TABLES.facts[row].tolist()


def test_what_the_shopper_did_with_the_item() -> None:
    found = features(HISTORY)
    names = ["touched", "own_clicks", "own_favourites", "own_carts", "own_purchases"]
    assert [found[0][name] for name in names] == [1, 2, 0, 0, 0]
    assert [found[3][name] for name in names] == [1, 0, 0, 1, 0]
    assert [found[4][name] for name in names] == [0, 0, 0, 0, 0]
    assert found[3]["own_weight_share"] == pytest.approx(3 / 5)
    assert found[0]["own_age"] == pytest.approx(np.log1p(1 * DAY))
    assert found[3]["own_age"] == pytest.approx(np.log1p(3 * DAY))
    assert np.isnan(found[4]["own_age"])


def test_what_the_shopper_did_at_all_is_the_same_for_all_candidates() -> None:
    names = ["actions", "items", "all_clicks", "all_favourites", "all_carts", "all_purchases", "weight", "last_kind"]
    for values in features(HISTORY).values():
        assert [values[name] for name in names] == [3, 2, 2, 0, 1, 0, 5, CLICK]
        assert values["gap"] == pytest.approx(np.log1p(1 * DAY))
        assert values["span"] == pytest.approx(np.log1p(3 * DAY))


def test_a_moment_before_the_last_action_is_no_negative_age() -> None:
    found = features(HISTORY, now=0.0)
    assert found[0]["own_age"] == found[0]["gap"] == 0


def test_of_a_long_history_the_latest_ask_and_everything_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking_features, "MOST_ACTIONS", 1)
    found = features(HISTORY)[2]
    assert found["leads_to"] == pytest.approx(0.25)
    assert found["actions"] == 3


def test_neighbours_from_outside_the_catalogue_are_passed_over() -> None:
    grown = table({0: {1: 0.5, 7: 0.4}}, items=8)
    tables = SignalTables(tables={"similar": grown}, facts=TABLES.facts, popular=TABLES.popular)
    assert list(features(ShopperHistory.of([0], [CLICK], [DAY]), tables=tables)) == [0, 1, 5]


def test_a_table_shorter_than_the_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="table ease has 6 items, the facts have 7"):
        signal_tables({"ease": NEAR}, items=7)
