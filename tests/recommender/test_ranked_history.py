"""A shopper's history before the ranker."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.ranked_history import from_ranker, own_by_ranker
from recommender.ranker import Ranker
from recommender.ranking import Candidates
from recommender.ranking_features import ShopperHistory
from recommender.types import HistoryEntry
from tests.recommender.small_ranker import ranker, stairs, table, trees_of_chance

NEAR = table({0: {1: 0.9, 2: 0.5}, 3: {2: 0.8, 4: 0.7}}, items=6)
EVERYTHING = dict.fromkeys(("ease", "next_item", "transitions", "also_liked", "leads_to", "similar"), NEAR)
RANKER = ranker(EVERYTHING, items=6, trees=trees_of_chance(1), popular=(5,))
ROWS = {f"i{row}": row for row in range(8)}  # 6 and 7 are newcomers


def asked(history: list[HistoryEntry], *, of: Ranker = RANKER, **conditions: object) -> Candidates | None:
    return from_ranker(history, 9, ranker=of, rows=ROWS, now=10.0, **conditions)  # type: ignore[arg-type]


def lists(found: Candidates | None) -> dict[int, float]:
    assert found is not None
    return dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))


def test_it_is_the_rankers_own_list_and_all_of_it_is_behaviour() -> None:
    found = asked([HistoryEntry("i3", 2, 5.0), HistoryEntry("i0", 0, 3.0)])
    rows, scores = RANKER.rank(ShopperHistory.of([0, 3], [0, 2], [3.0, 5.0]), now=10.0, k=9)
    assert lists(found) == dict(zip(rows.tolist(), scores.tolist(), strict=True))
    assert found is not None
    assert found.source == "history"
    assert list(found.parts) == ["behaviour"]
    assert found.parts["behaviour"].tolist() == found.scores.tolist()
    assert found.causes == ()


def test_the_order_told_does_not_matter_where_times_are_known() -> None:
    entries = [HistoryEntry("i3", 2, 5.0), HistoryEntry("i0", 0, 3.0), HistoryEntry("i1", 0, None)]
    assert lists(asked(entries)) == lists(asked(entries[::-1]))


def test_unknown_times_come_first_and_keep_their_order() -> None:
    first = lists(asked([HistoryEntry("i3", 0, None), HistoryEntry("i0", 0, 1.0)]))
    assert first == lists(asked([HistoryEntry("i0", 0, 1.0), HistoryEntry("i3", 0, None)]))


def test_newcomers_and_strangers_are_passed_over() -> None:
    known = [HistoryEntry("i0", 0, 1.0)]
    more = [HistoryEntry("i6", 3, 2.0), *known, HistoryEntry("gone", 3, 2.0)]
    assert lists(asked(more)) == lists(asked(known))
    assert asked([HistoryEntry("i7", 0, 1.0), HistoryEntry("gone", 3, 2.0)]) is None
    assert asked([]) is None


def test_excluded_and_forbidden_rows_never_come() -> None:
    allow = np.array([True, True, False, True, True, True, True, True])
    found = lists(asked([HistoryEntry("i0", 0, 1.0)], exclude={0, 7}, allow=allow))
    assert set(found) == {1, 5}
    assert found[1] == pytest.approx(lists(asked([HistoryEntry("i0", 0, 1.0)]))[1])


# Item 6 is most like 7 (a newcomer too), then like 3; item 7 is like nothing the ranker knows.
ALIKE = table({0: {6: 0.5}, 2: {6: 0.25}, 6: {7: 0.9, 3: 0.8, 0: 0.7}, 7: {6: 0.9}}, items=8)


def test_the_most_alike_known_item_stands_in_for_a_newcomer_in_a_history() -> None:
    stood_in = lists(asked([HistoryEntry("i6", 2, 5.0), HistoryEntry("i0", 0, 3.0)], similar=ALIKE))
    known = lists(asked([HistoryEntry("i3", 2, 5.0), HistoryEntry("i0", 0, 3.0)]))
    assert {row: score for row, score in stood_in.items() if row < 6} == known
    assert asked([HistoryEntry("i7", 2, 5.0)], similar=ALIKE) is None


def test_a_newcomer_stands_by_its_most_alike_item_times_how_alike_they_are() -> None:
    history = [HistoryEntry("i0", 0, 1.0)]
    plain, found = lists(asked(history)), lists(asked(history, similar=ALIKE))
    assert found.pop(6) == pytest.approx(max(0.5 * plain[0], 0.25 * plain[2]))
    assert found == plain
    whole = asked(history, similar=ALIKE)
    assert whole is not None
    assert (np.diff(whole.scores) <= 0).all()
    assert whole.parts["behaviour"].tolist() == whole.scores.tolist()


def test_newcomers_that_are_excluded_forbidden_or_in_the_history_are_not_listed() -> None:
    history = [HistoryEntry("i0", 0, 1.0)]
    assert 6 not in lists(asked(history, similar=ALIKE, exclude={6}))
    assert 6 not in lists(asked(history, similar=ALIKE, allow=np.arange(8) != 6))
    assert 6 not in lists(asked([*history, HistoryEntry("i6", 0, 2.0)], similar=ALIKE))


def test_ones_own_items_are_put_in_order_and_nothing_else_comes() -> None:
    history = [HistoryEntry("i3", 2, 5.0), HistoryEntry("i0", 0, 3.0), HistoryEntry("i1", 0, 4.0)]
    ids = ["i1", "i0", "i6", "i3", "gone"]
    found = own_by_ranker(history, ids, ranker=RANKER, rows=ROWS, now=10.0)
    assert found is not None
    assert found.source == "pick_up"
    scores = lists(asked(history))
    by_name = {ids[place]: score for place, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True)}
    assert by_name == {"i1": scores[1], "i0": scores[0], "i3": scores[3]}
    assert own_by_ranker([HistoryEntry("i6", 0, 1.0)], ["i6"], ranker=RANKER, rows=ROWS, now=10.0) is None


def test_what_was_bought_is_no_measure_for_ones_own_items() -> None:
    # Item 1 is the best of what is near item 0; where it was bought, the others are measured against what is left.
    history = [HistoryEntry("i1", 3, 2.0), HistoryEntry("i0", 0, 3.0), HistoryEntry("i2", 0, 4.0)]
    shares = ranker(EVERYTHING, items=6, trees=stairs("leads_to_of_best", (0.6,)), popular=(5,))
    found = own_by_ranker(history, ["i0", "i2"], ranker=shares, rows=ROWS, now=10.0)
    assert found is not None
    alone = lists(asked(history, of=shares, exclude={1}))
    assert alone[2] != lists(asked(history, of=shares))[2]
    assert dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == {0: alone[0], 1: alone[2]}
