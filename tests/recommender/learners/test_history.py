"""The sum over a history, offered as a learner."""

from __future__ import annotations

import numpy as np

from recommender.history_sum import HistoryOptions
from recommender.learners.base import Learner
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.history import HistorySumLearner
from recommender.learners.log import ActionLog
from recommender.neighbours import NeighbourTable
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of, random_log


class TestHistorySum(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        table = CoOccurrence().fit(random_log(1)).table
        return HistorySumLearner(also_liked=table, similar=None, options=HistoryOptions())

    def fitted(self, log: ActionLog | None = None) -> Learner:
        if log is None or log.item_count == 20:
            return super().fitted(log)
        return HistorySumLearner(also_liked=None, similar=None, options=HistoryOptions()).fit(log)


def test_what_was_touched_returns_first_and_recent_counts_more() -> None:
    log = log_of("0 0 click 0\n0 1 click 30\n0 2 cart 0", items=4)
    learner = HistorySumLearner(also_liked=None, similar=None, options=HistoryOptions(half_life_days=30)).fit(log)
    found = learner.recommend([0], k=4)
    assert found.ids.tolist() == [[2, 1, 0, -1]]
    assert found.scores.tolist() == [[1.5, 1.0, 0.5, 0.0]]


def test_alone_each_source_shows_only_itself() -> None:
    also_liked = NeighbourTable(
        ids=np.array([[1], [-1], [-1]], dtype=np.int32), scores=np.array([[0.5], [0], [0]], dtype=np.float32)
    )
    options = HistoryOptions(own_share=0, behaviour_share=1, content_share=0)
    learner = HistorySumLearner(also_liked=also_liked, similar=None, options=options).fit(log_of("0 0 click", items=3))
    assert learner.recommend([0], k=3).ids.tolist() == [[1, -1, -1]]
