"""Histories in order and sums over pairs, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners import sequences
from recommender.learners.log import ActionLog
from recommender.learners.sequences import Sequences, steps_that_count, summed_pairs
from tests.recommender.logs import log_of


def test_actions_stand_by_user_then_by_time_and_equal_times_keep_the_order_of_the_log() -> None:
    log = log_of("1 4 click 2\n0 3 click 5\n0 1 click 1\n1 0 click 2\n0 2 click -\n0 0 click 5")
    found = Sequences.of(log)
    assert found.users.tolist() == [0, 0, 0, 1, 1]
    assert found.items.tolist() == [1, 3, 0, 4, 0]  # the unknown time takes no part
    assert found.left.tolist() == [2, 1, 0, 1, 0]
    assert (len(found), found.item_count) == (5, 5)


def test_pairs_never_reach_over_to_another_user() -> None:
    found = Sequences.of(log_of("0 0 click 1\n0 1 click 2\n0 2 click 3\n1 3 click 1\n1 4 click 2"))
    one = [part.tolist() for part in found.apart(1)]
    two = [part.tolist() for part in found.apart(2)]
    assert one == [[0, 1, 3], [1, 2, 4], [1, 0, 0]]
    assert two == [[0], [2], [0]]
    assert [part.tolist() for part in found.apart(3)] == [[], [], []]


def test_without_times_there_is_no_sequence() -> None:
    assert len(Sequences.of(log_of("0 0 click\n0 1 click"))) == 0
    assert len(Sequences.of(ActionLog.empty(user_count=2, item_count=2))) == 0


@pytest.mark.parametrize("at_once", [1, 25, 4_000_000])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sums_are_the_same_however_many_pairs_come_at_a_time(
    size: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequences, "PAIRS_AT_ONCE", at_once)
    generator = np.random.default_rng(0)
    first = generator.integers(0, 5, 60).astype(np.int32)
    second = generator.integers(0, 5, 60).astype(np.int32)
    weights = generator.integers(1, 9, 60).astype(np.float64)
    parts = [slice(start, start + size) for start in range(0, 60, size)]
    found = summed_pairs(5, ((first[part], second[part], weights[part]) for part in parts))
    expected = np.zeros((5, 5))
    np.add.at(expected, (first, second), weights)
    assert found.dtype == np.float32
    assert found.tolist() == expected.tolist()


def test_one_weight_may_stand_for_all_and_nothing_sums_to_nothing() -> None:
    rows = np.array([0, 1], dtype=np.int32)
    assert summed_pairs(2, [(rows, rows, 2.5)]).tolist() == [[2.5, 0], [0, 2.5]]
    assert summed_pairs(2, []).tolist() == [[0, 0], [0, 0]]


def test_steps_end_where_they_no_longer_count() -> None:
    assert list(steps_that_count(0.5)) == [1, 2, 3, 4, 5, 6]  # 0.5^6 = 0.0156, 0.5^7 = 0.0078
    assert list(steps_that_count(0.5, least=0.25)) == [1, 2]
    assert list(steps_that_count(0.001)) == []
