"""Which value a pair has."""

from __future__ import annotations

import pytest

from recommender.learners.rated_pairs import rated_pairs
from tests.recommender.logs import log_of


def test_the_latest_value_of_a_pair_counts_and_others_tell_nothing() -> None:
    pairs = rated_pairs(log_of("0 1 click 5 2\n0 1 click 3 4\n1 0 purchase 9 -\n1 1 click - 3\n1 1 click 1 5"))
    assert pairs.told
    assert list(zip(pairs.users, pairs.items, pairs.values, strict=True)) == [(0, 1, 2.0), (1, 1, 5.0)]
    assert pairs.bounds == (2.0, 5.0)
    assert pairs.mean == pytest.approx(3.5)
    assert pairs.spread == pytest.approx(1.5)


def test_without_values_the_strongest_action_stands_in() -> None:
    pairs = rated_pairs(log_of("0 1 purchase 1\n0 1 click 3\n1 0 cart"))
    assert not pairs.told
    assert list(zip(pairs.users, pairs.items, pairs.values, strict=True)) == [(0, 1, 5.0), (1, 0, 3.0)]


def test_nothing_and_equal_values_are_no_reason_to_divide_by_zero() -> None:
    assert rated_pairs(log_of("")).mean == 0
    assert rated_pairs(log_of("")).bounds == (0.0, 0.0)
    assert rated_pairs(log_of("0 0 click - 3\n0 1 click - 3")).spread == 1
