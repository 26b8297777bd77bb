"""Factors: the common behaviour, ratings guessed, and posterior formulas checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners import matrix_factorisation
from recommender.learners.base import Learner, NotFitted
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation, _Side
from tests.recommender.film_shop import FILMS, film_log, own_taste
from tests.recommender.learners.trained_once import TrainedOnce
from tests.recommender.logs import log_of

SMALL = FactorOptions(dims=4, sweeps=14, burn_in=4)


class TestMatrixFactorisation(TrainedOnce):
    """The common behaviour."""

    def make(self) -> Learner:
        return MatrixFactorisation(SMALL)


def test_it_guesses_ratings_that_it_has_not_seen() -> None:
    log = film_log(each=20)
    hidden = np.arange(len(log)) % 10 == 0
    model = MatrixFactorisation(SMALL).fit(log.where(~hidden))
    guesses = model.predict(log.users[hidden], log.items[hidden])
    errors = guesses - log.values[hidden]
    assert np.sqrt(np.mean(errors**2)) < 0.9, "the mean alone errs by 1.6"
    assert log.values.min() <= guesses.min()
    assert guesses.max() <= log.values.max()


def test_everybody_gets_what_they_rate_highest() -> None:
    model = MatrixFactorisation(SMALL).fit(film_log(each=20))
    lists = model.recommend(range(10), k=5).ids
    assert np.mean([own_taste(user, row) for user, row in enumerate(lists)]) > 0.9
    near = model.similar_items(range(FILMS - 1), k=3).ids
    assert np.mean([own_taste(film, row) for film, row in enumerate(near)]) > 0.8


def test_a_log_without_values_is_learned_from_by_kinds() -> None:
    model = MatrixFactorisation(SMALL).fit(log_of("0 0 click\n0 1 purchase\n1 0 click\n1 1 purchase\n2 0 click"))
    assert model.predict(np.array([2]), np.array([1]))[0] > model.predict(np.array([2]), np.array([0]))[0]


def test_another_seed_gives_others_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = film_log()
    first = MatrixFactorisation(SMALL).fit(log).predict(log.users, log.items)
    other = MatrixFactorisation(FactorOptions(dims=4, sweeps=14, burn_in=4, seed=1)).fit(log)
    assert not np.allclose(first, other.predict(log.users, log.items), atol=1e-4)
    monkeypatch.setattr(matrix_factorisation, "BLOCK_PAIRS", 7)
    assert MatrixFactorisation(SMALL).fit(log).predict(log.users, log.items) == pytest.approx(first, abs=1e-4)


def test_fewer_samples_are_kept_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    log = film_log()
    assert len(MatrixFactorisation(SMALL).fit(log)._samples) == 10
    monkeypatch.setattr(matrix_factorisation, "MOST_SAMPLE_BYTES", (40 + 24) * 5 * 4 * 2)
    assert len(MatrixFactorisation(SMALL).fit(log)._samples) == 2


def test_the_conditional_mean_is_the_ridge_solution() -> None:
    side = _Side.of(np.array([0, 0], dtype=np.int32), np.array([0, 1], dtype=np.int32), np.array([1.0, 2.0]), 1)
    others = np.array([[0.5, 1.0], [0.0, 2.0]])  # a bias and one factor each
    generator = np.random.default_rng(0)
    state = np.random.default_rng(0)
    mean, prior = matrix_factorisation._sampled_prior(np.array([[0.1, 0.2]]), state)
    _drawn, found = side.sample(np.array([[0.1, 0.2]]), others=others, precision=3.0, generator=generator)
    # Inputs (1, 1) and (1, 2); targets 1 − 0.5 and 2 − 0.
    inputs, targets = np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([0.5, 2.0])
    expected = np.linalg.solve(3 * inputs.T @ inputs + prior, 3 * inputs.T @ targets + prior @ mean)
    assert found[0] == pytest.approx(expected, rel=1e-5)


def test_guessing_before_learning_is_an_error() -> None:
    with pytest.raises(NotFitted):
        MatrixFactorisation().predict(np.array([0]), np.array([0]))
