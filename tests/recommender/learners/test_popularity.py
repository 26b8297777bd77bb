"""Popularity and trending, with numbers worked out by hand."""

from __future__ import annotations

import pytest

from recommender.learners.base import Learner
from recommender.learners.popularity import Popularity, Trending
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of


class TestPopularity(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return Popularity()


class TestTrending(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return Trending()


LOG = log_of(
    """
    0 0 purchase 0
    1 0 click    7
    0 1 cart     14
    1 2 favourite 7
    """
)


def test_popularity_adds_the_weights() -> None:
    assert Popularity().fit(LOG).scores.tolist() == [6.0, 3.0, 2.0]


def test_trending_halves_each_week_before_the_end_of_the_log() -> None:
    # item 0: 5/4 + 1/2; item 1: 3; item 2: 2/2
    assert Trending(half_life_days=7).fit(LOG).scores.tolist() == [1.75, 3.0, 1.0]


def test_trending_ignores_unknown_times_where_others_are_known() -> None:
    log = log_of("0 0 purchase -\n0 1 click 3")
    assert Trending().fit(log).scores.tolist() == [0.0, 1.0]


def test_trending_is_popularity_where_no_time_is_known() -> None:
    log = log_of("0 0 purchase\n0 1 click")
    assert Trending().fit(log).scores.tolist() == Popularity().fit(log).scores.tolist() == [5.0, 1.0]


def test_an_old_log_trends_like_a_new_one() -> None:
    later = log_of("0 0 purchase 9000\n1 0 click 9007\n0 1 cart 9014\n1 2 favourite 9007")
    assert Trending().fit(later).scores == pytest.approx(Trending().fit(LOG).scores)
