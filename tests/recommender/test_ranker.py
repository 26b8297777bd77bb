"""The ranker's lists, with trees that look at one signal."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.ranking_features import PAUSE, ShopperHistory
from tests.recommender.small_ranker import ranker, stairs, table

# From item 0 to 1, 2 and 3, each weaker than the one before.
RANKER = ranker({"also_liked": table({0: {1: 0.95, 2: 0.55, 3: 0.15}}, items=6)}, items=6, popular=(5,))


def history(*items: int) -> ShopperHistory:
    return ShopperHistory.of(list(items), [0] * len(items), [1.0] * len(items))


def rank(asked: ShopperHistory, *, k: int = 9, **conditions: object) -> dict[int, float]:
    rows, scores = RANKER.rank(asked, now=2.0, k=k, **conditions)  # type: ignore[arg-type]
    assert rows.dtype == np.int32
    assert (np.diff(scores) <= 0).all()
    return dict(zip(rows.tolist(), scores.tolist(), strict=True))


def test_best_first_as_probabilities_and_equal_ones_by_row() -> None:
    found = rank(history(0))
    assert list(found) == [1, 2, 3, 0, 5]
    # One point for each threshold 0, 0.1, … below the signal, from −2.
    assert found[1] == pytest.approx(1 / (1 + np.exp(2 - 10)))
    assert found[3] == pytest.approx(1 / (1 + np.exp(2 - 2)))
    assert found[0] == found[5] == pytest.approx(1 / (1 + np.exp(2)))


def test_k_is_the_most() -> None:
    assert list(rank(history(0), k=2)) == [1, 2]
    assert rank(history(0), k=0) == {}


def test_what_is_excluded_or_not_allowed_never_comes() -> None:
    assert list(rank(history(0), exclude=[1, 5, 99])) == [2, 3, 0]
    assert list(rank(history(0), allow=np.array([True, False, True, False, True, True]))) == [2, 0, 5]
    # A session with newcomers has more rows than the ranker knows.
    assert list(rank(history(0), allow=np.array([True] * 3 + [False] * 3 + [True] * 4))) == [1, 2, 0]


def test_items_it_does_not_know_are_passed_over() -> None:
    assert rank(history(0, 6, 99, -1)) == rank(history(0))
    assert rank(history(6, 99)) == {}
    assert rank(history()) == {}


def test_the_masks_it_is_given_stay_as_they_are() -> None:
    allow = np.ones(6, dtype=np.bool_)
    rank(history(0), allow=allow, exclude=[1])
    assert allow.all()


def test_age_counts() -> None:
    aged = ranker({}, items=6, trees=stairs("own_age", (8.0,)))
    asked = ShopperHistory.of([0, 1], [0, 0], [0.0, 9000.0])
    assert aged.rank(asked, now=10_000.0, k=2)[0].tolist() == [0, 1]  # log1p(10,000) is above 8, log1p(1,000) below


def test_those_who_come_back_after_a_pause_are_ranked_by_trees_of_their_own() -> None:
    tables = {"transitions": table({0: {1: 0.9, 2: 0.3}}, items=6), "ease_lately": table({0: {2: 0.9}}, items=6)}
    both = ranker(
        tables, items=6, trees=stairs("transitions", (0.2, 0.6)), returning_trees=stairs("ease_lately", (0.5,))
    )
    first = {now: both.rank(history(0), now=now, k=1)[0].tolist() for now in (1.0, 1.0 + PAUSE, 2.0 + PAUSE)}
    assert first == {1.0: [1], 1.0 + PAUSE: [1], 2.0 + PAUSE: [2]}
    one = ranker(tables, items=6, trees=stairs("transitions", (0.2, 0.6)))
    assert one.rank(history(0), now=2.0 + PAUSE, k=1)[0].tolist() == [1]
