"""The text-CNN, the recipe beside it, and their three lists in a film shop."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from recommender.learners.base import Learner, NotFitted
from recommender.learners.rating_network import RatingPlan
from recommender.learners.text_cnn import TextCnn, TextCnnRecipe
from recommender.vector_lists import similar_items
from tests.recommender.film_shop import FILMS, USERS, film_context, film_log, own_taste
from tests.recommender.learners.trained_once import TrainedOnce

_FILMS: dict[str, TextCnn] = {}


class QuickCnn(TextCnn):
    """Few steps over small batches."""

    plan = RatingPlan(batch=512, epochs=2)


class QuickRecipe(TextCnnRecipe):
    """Few steps over small batches."""

    plan = RatingPlan(batch=512, epochs=2)


class LongerCnn(TextCnn):
    """Enough to learn the two tastes of the film shop."""

    plan = RatingPlan(batch=120, epochs=9)
    learning_rate: ClassVar[float] = 2e-2


class TestTextCnn(TrainedOnce):
    """The common behaviour."""

    def make(self) -> Learner:
        return QuickCnn()


class TestTextCnnRecipe(TrainedOnce):
    """The common behaviour."""

    def make(self) -> Learner:
        return QuickRecipe()


def film_shop() -> TextCnn:
    """A text-CNN that learned the film shop, once for all tests."""
    if "shop" not in _FILMS:
        learner = LongerCnn(film_context())
        learner.fit(film_log())
        _FILMS["shop"] = learner
    return _FILMS["shop"]


def test_vectors_have_200_dims_and_their_product_is_the_guess() -> None:
    learner = film_shop()
    vectors, log = learner.vectors, film_log()
    assert vectors.users is not None
    assert vectors.users.shape == (USERS, 200)
    assert vectors.items.shape == (FILMS, 200)
    dots = (vectors.users[log.users] * vectors.items[log.items]).sum(axis=1)
    guesses = log.values.mean() + log.values.std() * dots
    assert learner.predict(log.users, log.items) == pytest.approx(np.clip(guesses, 1, 5), abs=1e-4)


def test_it_guesses_better_than_the_mean() -> None:
    log = film_log()
    errors = film_shop().predict(log.users, log.items) - log.values
    assert np.sqrt(np.mean(errors**2)) < 1.0 < log.values.std()


def test_the_three_lists_of_a_film_shop() -> None:
    learner, log = film_shop(), film_log()
    seen = [np.unique(log.items[log.users == user]) for user in range(USERS)]
    mine = learner.recommend_lists(range(USERS), k=5, exclude=seen)
    assert all(not np.isin(row, own).any() for row, own in zip(mine.ids, seen, strict=True))
    assert (mine.ids >= 0).all()
    assert np.mean([own_taste(user, row) for user, row in enumerate(mine.ids)]) > 0.8
    near = similar_items(learner.vectors, range(FILMS), k=5)
    assert not (near.ids == np.arange(FILMS)[:, None]).any()
    liked = learner.also_liked(range(FILMS - 1), k=5)
    assert not (liked.ids == np.arange(FILMS - 1)[:, None]).any()
    assert np.mean([own_taste(film, row) for film, row in enumerate(liked.ids)]) > 0.8


def test_repeat_visits_vary_with_the_seed_and_stay_good() -> None:
    learner = film_shop()

    def visit(seed: int) -> np.ndarray:
        return learner.also_liked(range(FILMS - 1), k=5, generator=np.random.default_rng(seed)).ids

    assert visit(1).tolist() == visit(1).tolist()
    assert visit(1).tolist() != visit(2).tolist()
    assert np.mean([own_taste(film, row) for film, row in enumerate(visit(3))]) > 0.75


def test_actions_without_a_value_are_weighed_by_kind() -> None:
    learner = QuickCnn(film_context())
    learner.fit(film_log(stars=False))
    assert learner.predict(np.array([0]), np.array([0])).tolist()[0] <= 2.0


def test_the_recipe_keeps_its_sizes() -> None:
    learner = QuickRecipe(film_context())
    learner.fit(film_log())
    assert learner.vectors.items.shape == (FILMS, 200)
    assert np.abs(learner.vectors.items).max() <= 1, "tanh"
    assert (learner.predict(np.array([0, 1]), np.array([0, 1])) <= 5).all()


def test_guessing_before_learning_is_an_error() -> None:
    with pytest.raises(NotFitted):
        TextCnn().predict(np.array([0]), np.array([0]))
