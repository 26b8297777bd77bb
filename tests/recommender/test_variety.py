"""Variety: marginal relevance worked out by hand, caps, chance that repeats itself within a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from recommender.neighbour_sources import likeness_among
from recommender.neighbours import NeighbourTable
from recommender.types import Reason, Recommendation
from recommender.variety import category_limit, daily_seed, marginal_relevance_order, varied

SCORES = np.array([1.0, 0.9, 0.8, 0.1])
# The first two are twins.
LIKENESS = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0.5], [0, 0, 0.5, 0]], dtype=float)


@pytest.mark.parametrize(
    ("diversity", "order"),
    [
        (0.0, [0, 1, 2, 3]),
        # After the first: 0.7·0.9 − 0.3·1 = 0.33, 0.7·0.8 = 0.56, 0.07. After the third: 0.33 against 0.07 − 0.15.
        (0.3, [0, 2, 1, 3]),
        # After the first: −0.05, 0.4, 0.05. After the third: −0.05 against 0.05 − 0.25 = −0.2.
        (0.5, [0, 2, 1, 3]),
        # By likeness alone: after the first the earliest unlike one, then what is least like either.
        (1.0, [0, 2, 3, 1]),
    ],
)
def test_marginal_relevance_by_hand(diversity: float, order: list[int]) -> None:
    assert marginal_relevance_order(SCORES, LIKENESS, diversity=diversity) == order


def test_nothing_to_order() -> None:
    assert marginal_relevance_order(np.empty(0), np.empty((0, 0)), diversity=0.5) == []
    assert varied([], np.empty((0, 0)), diversity=0.5, size=3) == []


def test_a_varied_shelf_has_other_items_but_falling_scores() -> None:
    found = [
        Recommendation(item_id=name, score=score, reason=Reason("history"))
        for name, score in zip("abcd", SCORES.tolist(), strict=True)
    ]
    assert [one.item_id for one in varied(found, LIKENESS, diversity=0.3, size=2)] == ["a", "c", "b", "d"]
    assert [one.item_id for one in varied(found, LIKENESS, diversity=0.3, size=3)] == ["a", "b", "c", "d"]
    assert varied(found, LIKENESS, diversity=0.0, size=2) == found


@pytest.mark.parametrize(
    ("size", "share", "categories", "limit"),
    [(12, 0.5, 3, 6), (12, 0.5, 2, 12), (12, 1.0, 9, 12), (5, 0.5, 3, 3), (2, 0.01, 3, 1), (1, 0.5, 3, 1)],
)
def test_how_many_of_one_category_a_shelf_may_show(size: int, share: float, categories: int, limit: int) -> None:
    assert category_limit(size, share=share, categories=categories) == limit


def test_chance_is_the_same_for_a_visitor_on_a_day() -> None:
    day = date(2026, 11, 22)
    assert daily_seed("ada", day) == daily_seed("ada", day)
    assert len({daily_seed(who, date(2026, 11, number)) for who in ("ada", "bob") for number in (22, 23)}) == 4
    assert 0 <= daily_seed("", day) < 2**64


def test_likeness_is_the_higher_score_of_the_two_lists() -> None:
    table = NeighbourTable(
        ids=np.array([[1, 2], [0, -1], [-1, -1], [0, 1]], dtype=np.int32),
        scores=np.array([[0.9, 0.2], [0.7, 0], [0, 0], [0.4, 0.3]], dtype=np.float32),
    )
    found = likeness_among(table, [3, 0, -1, 2, 1])
    expected: Any = np.zeros((5, 5))
    for first, second, score in ((0, 1, 0.4), (0, 4, 0.3), (1, 3, 0.2), (1, 4, 0.9)):
        expected[first, second] = expected[second, first] = score
    assert found == pytest.approx(expected)
    assert likeness_among(None, [1, 2]).tolist() == [[0, 0], [0, 0]]
    assert likeness_among(table, [-1]).tolist() == [[0]]
