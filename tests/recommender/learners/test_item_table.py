"""How every learner with one table is asked."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.base import NotFitted
from recommender.learners.item_table import ItemTableLearner, in_order
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.neighbours import NeighbourTable
from tests.recommender.logs import log_of


class Fixed(ItemTableLearner):
    """A table by hand; the user's items count 1, 2, 3, … in order."""

    name = "fixed"

    def learn(self, log: ActionLog) -> NeighbourTable:
        return NeighbourTable(
            ids=np.array([[1, 2], [2, -1], [0, -1]], dtype=np.int32),
            scores=np.array([[0.5, 0.25], [1.0, 0.0], [2.0, 0.0]], dtype=np.float32),
        )

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        order = in_order(log, own)
        return log.items[order], np.arange(1, len(order) + 1, dtype=np.float64)


LOG = log_of("0 1 click 7\n0 0 click 2\n1 2 click -\n1 0 click 1\n1 1 click -", users=3)


def test_scores_are_added_up_over_the_users_items() -> None:
    learner = Fixed().fit(LOG)
    rows, scores = learner.user_scores(0)  # item 0 counts 1, then item 1 counts 2
    assert dict(zip(rows.tolist(), scores.tolist(), strict=True)) == {1: 0.5, 2: 0.25 + 2.0}
    assert learner.user_scores(2)[0].tolist() == []
    rows, scores = learner.item_scores(1)
    assert (rows.tolist(), scores.tolist()) == ([2], [1.0])


def test_unknown_times_come_first_and_keep_the_order_of_the_log() -> None:
    assert LOG.items[in_order(LOG, LOG.histories.of(1))].tolist() == [2, 1, 0]
    assert LOG.items[in_order(LOG, LOG.histories.of(0))].tolist() == [0, 1]


def test_nothing_is_known_before_fitting() -> None:
    with pytest.raises(NotFitted):
        _ = Fixed().table
    with pytest.raises(NotFitted):
        Fixed().user_scores(0)
