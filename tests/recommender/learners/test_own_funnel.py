"""One's own items by how often they are bought, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.base import Learner
from recommender.learners.own_funnel import BEHIND, OwnFunnel
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of


class TestOwnFunnel(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return OwnFunnel()


# 50 buyers of item 0; items 1 and 2 are touched by 50 each and never bought, item 3 by one.
LOG = log_of(
    "\n".join(
        [f"{user} 0 purchase" for user in range(50)]
        + [f"{user} 1 click\n{user} 2 cart" for user in range(50, 100)]
        + ["100 0 click", "100 1 cart", "100 1 click", "100 3 click"]
    )
)


def test_golden_scores() -> None:
    # Touched by 51, 51, 50, 1 users; bought by 50 of 153 touches.
    average = 50 / 153
    rates = (np.array([50, 0, 0, 0]) + 10 * average) / (np.array([51, 51, 50, 1]) + 10)
    wanted = rates * np.array([51, 52, 50, 1])
    rows, scores = OwnFunnel().fit(LOG).user_scores(100)
    assert rows.tolist() == [0, 1, 2, 3]
    assert scores == pytest.approx(np.array([1, 4, 0, 1]) * rates + BEHIND * wanted / wanted.max(), rel=1e-9)


def test_ones_own_comes_before_the_rest_and_the_rest_by_what_is_wanted() -> None:
    learner = OwnFunnel().fit(LOG)
    assert learner.recommend([100], k=4).ids.tolist() == [[0, 3, 1, 2]]
    assert learner.recommend([60], k=4).ids.tolist()[0][:2] == [2, 1]
    assert learner.similar_items([0], k=3).ids.tolist() == [[1, 2, 3]]
