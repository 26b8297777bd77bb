"""From touched to wanted items, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners import pairs
from recommender.learners.base import Learner
from recommender.learners.leads_to import SHRINKAGE, LeadsTo
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of, random_log


class TestLeadsTo(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return LeadsTo()


# 50 shoppers click item 0 and buy item 1, so that buying is what counts; ten of them click item 2 as well.
MANY = log_of(
    "\n".join([f"{user} 0 click\n{user} 1 purchase" for user in range(50)] + [f"{user} 2 click" for user in range(10)])
)


def root(count: float) -> float:
    return float(np.sqrt(count + SHRINKAGE))


def test_golden_scores() -> None:
    table = LeadsTo(neighbours=2).learn(MANY)
    # Nobody wanted 0 or 2, so nothing leads there; that 1 leads to 1 is not told.
    assert table.ids.tolist() == [[1, -1], [-1, -1], [1, -1]]
    expected = [[50 / root(50) / root(50), 0], [0, 0], [10 / root(10) / root(50), 0]]
    assert table.scores == pytest.approx(np.array(expected), rel=1e-6)


def test_where_few_buy_every_touch_counts() -> None:
    table = LeadsTo(neighbours=2).learn(log_of("0 0 click\n0 1 purchase\n1 0 click"))
    assert table.ids.tolist() == [[1, -1], [0, -1]]
    assert table.scores[:, 0].tolist() == pytest.approx([1 / root(2) / root(1)] * 2, rel=1e-6)


def test_users_are_asked_by_everything_touched_each_once() -> None:
    rows, scores = LeadsTo().fit(MANY).user_scores(3)
    assert rows.tolist() == [1]
    assert scores.tolist() == pytest.approx([50 / root(50) / root(50) + 10 / root(10) / root(50)], rel=1e-6)


def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    log = random_log(5, users=60, items=40, actions=900)
    whole = LeadsTo().learn(log)
    monkeypatch.setattr(pairs, "BLOCK_ENTRIES", 1)
    piecewise = LeadsTo().learn(log)
    assert whole.ids.tobytes() == piecewise.ids.tobytes()
    assert whole.scores.tobytes() == piecewise.scores.tobytes()
