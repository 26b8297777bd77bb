"""Bought together: baskets are one shopper's purchases of one day."""

from __future__ import annotations

import pytest

from recommender.learners.base import Learner
from recommender.learners.bought_together import BoughtTogether
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of


class TestBoughtTogether(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return BoughtTogether()


def test_golden_baskets() -> None:
    log = log_of(
        """
        0 0 purchase 1.2
        0 1 purchase 1.9
        0 2 purchase 2.1
        1 0 purchase 1.2
        1 1 purchase 1.3
        1 3 cart     1.3
        2 1 purchase 5
        """
    )
    table = BoughtTogether(shrinkage=0, neighbours=2).fit(log).table
    # Items 0 and 1 share 2 baskets of 2 and 3: 2 / √6. Item 2 was bought on another day, item 3 not at all.
    assert table.ids.tolist() == [[1, -1], [0, -1], [-1, -1], [-1, -1]]
    assert table.scores[0, 0] == pytest.approx(2 / 6**0.5)
    assert table.support is not None
    assert table.support[0].tolist() == [2, 0]


def test_buying_twice_in_a_basket_counts_once() -> None:
    log = log_of("0 0 purchase 1\n0 0 purchase 1\n0 1 purchase 1")
    assert BoughtTogether(shrinkage=0).fit(log).table.scores[0, 0] == pytest.approx(1.0)


def test_purchases_without_a_time_are_one_basket_per_shopper() -> None:
    log = log_of("0 0 purchase\n0 1 purchase\n1 2 purchase\n0 3 purchase 4")
    assert BoughtTogether(neighbours=1).fit(log).table.ids.tolist() == [[1], [0], [-1], [-1]]
