"""Golden numbers of the sum over a shopper's history, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.history_sum import DAY, HistoryOptions, HistorySum, action_weights
from recommender.neighbours import NeighbourTable

OPTIONS = HistoryOptions(half_life_days=10, behaviour_share=0.5, content_share=0.25)
NAN = float("nan")


def table(ids: list[list[int]], scores: list[list[float]], text: list[list[float]] | None = None) -> NeighbourTable:
    return NeighbourTable(
        ids=np.array(ids, dtype=np.int32),
        scores=np.array(scores, dtype=np.float32),
        text=None if text is None else np.array(text, dtype=np.float32),
    )


# Items 0 … 3. Item 0 is liked with 1 (.5) and 2 (.25); it looks like 1 (.75, of which words .25) and 3 (.5, no words).
ALSO_LIKED = table([[1, 2], [0, -1], [0, -1], [-1, -1]], [[0.5, 0.25], [0.5, 0], [0.25, 0], [0, 0]])
SIMILAR = table(
    [[1, 3], [0, -1], [-1, -1], [0, -1]],
    [[0.75, 0.5], [0.75, 0], [0, 0], [0.5, 0]],
    [[0.25, 0], [0.25, 0], [0, 0], [0, 0]],
)
BOTH = HistorySum(also_liked=ALSO_LIKED, similar=SIMILAR, options=OPTIONS)


def test_weights_of_kinds_halve_with_the_half_life() -> None:
    now = 100 * DAY
    weights = action_weights([0, 1, 2, 3], [now, now - 10 * DAY, now - 20 * DAY, NAN], now=now, options=OPTIONS)
    assert weights.tolist() == [1.0, 1.0, 0.75, 5.0]


def test_an_action_from_the_future_counts_as_of_now() -> None:
    assert action_weights([1], [5 * DAY], now=DAY, options=OPTIONS).tolist() == [2.0]


def test_golden_scores_and_parts() -> None:
    found = BOTH.scores([0, 1, 0], [1.0, 2.0, 3.0])  # item 0 weighs 4 in all, item 1 weighs 2
    assert found.rows.tolist() == [0, 1, 2, 3]
    # 0: own 4 + 2·(.5·.5) from 1; 1: own 2 + 4·(.5·.5); 2: 4·.5·.25; 3: nothing
    assert found.behaviour.tolist() == [4.5, 3.0, 0.5, 0.0]
    # words: 0 from 1: 2·.25·.25; 1 from 0: 4·.25·.25
    assert found.text.tolist() == [0.125, 0.25, 0.0, 0.0]
    # pictures: 0 from 1: 2·.25·.5; 1 from 0: 4·.25·.5; 3 from 0: 4·.25·.5
    assert found.image.tolist() == [0.25, 0.5, 0.0, 0.5]
    assert found.scores.tolist() == [4.875, 3.75, 0.5, 0.5]


def test_the_best_leave_out_what_is_excluded_or_not_allowed_and_break_ties_by_row() -> None:
    found = BOTH.scores([0, 1, 0], [1.0, 2.0, 3.0])
    assert found.rows[found.best(10)].tolist() == [0, 1, 2, 3]
    assert found.rows[found.best(2, exclude=[0])].tolist() == [1, 2]
    assert found.rows[found.best(10, allow=np.array([True, False, True, True]))].tolist() == [0, 2, 3]


def test_it_works_without_tables_and_without_history() -> None:
    bare = HistorySum(also_liked=None, similar=None, options=OPTIONS)
    assert bare.scores([2, 2], [1.0, 0.5]).scores.tolist() == [1.5]
    nothing = BOTH.scores([], [])
    assert nothing.rows.tolist() == []
    assert nothing.best(5).tolist() == []


def test_causes_are_the_items_that_add_most() -> None:
    assert BOTH.causes(1, [0, 1, 2], [1.0, 1.0, 9.0]).tolist() == [1, 0]
    assert BOTH.causes(3, [0, 1, 2], [1.0, 1.0, 9.0]).tolist() == [0]
    assert BOTH.causes(3, [1, 2], [1.0, 1.0]).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 100)), min_size=1, max_size=8))
def test_an_explanation_adds_up_to_the_score_and_to_each_of_its_parts(history: list[tuple[int, float]]) -> None:
    items, weights = [item for item, _ in history], [weight for _, weight in history]
    found = BOTH.scores(items, weights)
    for place, split in enumerate(BOTH.explain(found.rows.tolist(), items, weights)):
        assert split.scores.sum() == pytest.approx(found.scores[place], rel=1e-9)
        for part in ("text", "image", "behaviour"):
            assert getattr(split, part).sum() == pytest.approx(getattr(found, part)[place], rel=1e-9, abs=1e-12)
        assert set(split.rows.tolist()) <= set(items)
        assert (np.diff(split.scores) <= 0).all()


def test_a_padded_neighbour_never_becomes_a_candidate() -> None:
    assert -1 not in BOTH.scores([3, 2], [1.0, 1.0]).rows


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 100)), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 100)), max_size=8),
)
def test_the_sum_is_incremental(first: list[tuple[int, float]], second: list[tuple[int, float]]) -> None:
    def dense(history: list[tuple[int, float]]) -> np.ndarray:
        found = BOTH.scores([item for item, _ in history], [weight for _, weight in history])
        return np.bincount(found.rows, weights=found.scores, minlength=4)

    assert dense(first + second) == pytest.approx(dense(first) + dense(second))


def test_options_survive_the_manifest() -> None:
    assert HistoryOptions.from_json(OPTIONS.to_json()) == OPTIONS
    assert HistoryOptions.from_json({"unheard_of": 1}) == HistoryOptions()
