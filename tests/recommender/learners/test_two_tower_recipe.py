"""The recipe's two towers: sizes, goal, behaviour."""

from __future__ import annotations

import numpy as np

from recommender.learners.base import Learner
from recommender.learners.rating_network import RatingPlan
from recommender.learners.two_tower_recipe import TwoTowerRecipe, _most_frequent
from tests.recommender.film_shop import FILMS, film_context, film_log
from tests.recommender.learners.trained_once import TrainedOnce


class QuickRecipe(TwoTowerRecipe):
    """Few steps."""

    plan = RatingPlan(batch=512, epochs=2)


class TestTwoTowerRecipe(TrainedOnce):
    """The common behaviour."""

    def make(self) -> Learner:
        # ReLU may leave an item at zero; of an item of which nothing is known nothing is said. Seed by context.
        return QuickRecipe(film_context(seed=2))


def test_the_plan_is_the_recipe() -> None:
    plan = TwoTowerRecipe.plan
    assert (plan.batch, plan.epochs, plan.share, plan.fixed_sample) == (32, 5, 0.1, True)


def test_vectors_of_8_and_ratings_within_bounds() -> None:
    learner = QuickRecipe(film_context())
    learner.fit(film_log())
    assert learner.vectors.items.shape == (FILMS, 8)
    assert (learner.vectors.items >= 0).all()
    guesses = learner.predict(np.arange(10, dtype=np.int32), np.arange(10, dtype=np.int32))
    assert ((guesses >= 1) & (guesses <= 5)).all()


def test_the_most_frequent_genre_of_each() -> None:
    tags = np.array([[1, 2], [2, 0], [3, 1], [0, 0]], dtype=np.int32)
    assert _most_frequent(tags, 4).tolist() == [1, 2, 1, 0]
