"""Rating errors: baselines by hand, models by name, nothing fitted twice, and the blend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation import ratings
from recommender.evaluation.ratings import BLEND, BLEND_SHARES, RATING_METHODS, BiasModel, MeanModel, rating_errors
from recommender.evaluation.splits import Split, cut_at_random
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.learners.methods import METHODS
from tests.recommender.film_shop import film_log
from tests.recommender.logs import log_of


class Always:
    """Guesses one number, and counts how often it was fitted."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.fits = 0

    def fit(self, log: ActionLog) -> object:
        self.fits += 1
        return self

    def predict(self, users: Rows, items: Rows) -> Floats:
        return np.full(len(users), self.value)


KNOWN = log_of("0 0 click - 5\n0 1 click - 3\n1 0 click - 4")
SPLIT = Split(name="random", train=KNOWN, hidden=log_of("1 1 click - 2", users=2, items=2))


def test_mean_and_bias_by_hand() -> None:
    # Mean 4; item biases (1 + 0) / 12 and −1 / 11; of user 1 what is left of 0 − 1/12, over 11.
    assert MeanModel().fit(KNOWN).predict(np.array([1]), np.array([1])).tolist() == [4.0]
    expected = 4 - 1 / 11 + (-1 / 12) / 11
    assert BiasModel().fit(KNOWN).predict(np.array([1]), np.array([1])) == pytest.approx([expected])
    errors = rating_errors(SPLIT)
    assert list(errors) == ["mean", "bias"]
    assert errors["mean"]["rmse"] == pytest.approx(2)
    assert errors["bias"]["rmse"] == pytest.approx(expected - 2)


def test_models_take_part_by_name_and_learners_that_are_fitted_are_not_fitted_again() -> None:
    given = {"matrix_factorisation": Always(2.5), "text_cnn": Always(3.5), "popularity": object()}
    told: list[str] = []
    errors = rating_errors(SPLIT, names=["matrix_factorisation", "text_cnn"], fitted=given, say=told.append)
    assert errors["matrix_factorisation"]["rmse"] == pytest.approx(0.5)
    assert errors["text_cnn"]["rmse"] == pytest.approx(1.5)
    blended = sum(share * value for share, value in zip(BLEND_SHARES.values(), (0.5, 1.5), strict=True))
    assert errors[BLEND]["rmse"] == pytest.approx(blended)
    assert given["matrix_factorisation"].fits == 0  # type: ignore[attr-defined]
    assert any("matrix_factorisation" in line for line in told)


def test_a_blend_needs_all_its_parts() -> None:
    assert BLEND not in rating_errors(SPLIT, names=["text_cnn"], fitted={"text_cnn": Always(3)})
    assert sum(BLEND_SHARES.values()) == pytest.approx(1)
    assert set(BLEND_SHARES) <= set(RATING_METHODS)


def test_every_model_but_the_baselines_is_a_method() -> None:
    assert set(RATING_METHODS) - {"mean", "bias"} <= set(METHODS)


def test_factors_beat_the_baselines_on_what_they_have_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = replace(
        RATING_METHODS["matrix_factorisation"],
        build=lambda _context: MatrixFactorisation(FactorOptions(dims=4, sweeps=14, burn_in=4)),
    )
    monkeypatch.setattr(ratings, "RATING_METHODS", dict(RATING_METHODS) | {quick.name: quick})
    split = cut_at_random(film_log(each=20), generator=np.random.default_rng(0))
    errors = rating_errors(split, names=[quick.name])
    assert errors[quick.name]["rmse"] < 0.8 * errors["bias"]["rmse"]


def test_without_values_there_is_no_error() -> None:
    split = cut_at_random(film_log(stars=False), generator=np.random.default_rng(0))
    assert rating_errors(split) == {}
