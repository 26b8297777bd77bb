"""How well ratings are guessed: every model of ratings by its name, from the mean to a blend of the best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from recommender.evaluation.metrics import root_mean_square
from recommender.evaluation.splits import Split
from recommender.learners.context import Context
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.learners.rated_pairs import rated_pairs
from recommender.learners.text_cnn import TextCnn, TextCnnRecipe
from recommender.learners.two_tower_recipe import TwoTowerRecipe

SHRINKAGE = 10.0

Say = Callable[[str], None]


class RatingModel(Protocol):
    """Learns values of user-item pairs and guesses others."""

    def fit(self, log: ActionLog) -> object:
        """Learn from the actions that carry a value; there is at least one."""

    def predict(self, users: Rows, items: Rows) -> Floats:
        """float64 (p,): the value that each user would give to each item."""


class MeanModel:
    """Everybody gives everything the mean."""

    def __init__(self) -> None:
        self.mean = 0.0

    def fit(self, log: ActionLog) -> Self:
        """Take the mean of all values."""
        self.mean = rated_pairs(log).mean
        return self

    def predict(self, users: Rows, items: Rows) -> Floats:  # noqa: ARG002 - the same for everything
        """float64 (p,): the mean."""
        return np.full(len(users), self.mean)


class BiasModel:
    """rating(user, item) = mean + how high the item is rated + how high the user rates, both shrunk towards 0."""

    def __init__(self, *, shrinkage: float = SHRINKAGE) -> None:
        self.shrinkage = shrinkage
        self.mean = 0.0
        self.item_bias: Floats = np.zeros(0)
        self.user_bias: Floats = np.zeros(0)

    def fit(self, log: ActionLog) -> Self:
        """Learn from the actions that carry a value; there must be at least one."""
        pairs = rated_pairs(log)
        self.mean = pairs.mean
        rest = pairs.values - self.mean
        self.item_bias = self._shrunk_means(pairs.items, rest, pairs.item_count)
        rest = rest - self.item_bias[pairs.items]
        self.user_bias = self._shrunk_means(pairs.users, rest, pairs.user_count)
        return self

    def predict(self, users: Rows, items: Rows) -> Floats:
        """float64 (p,): the rating that each user would give to each item."""
        return self.mean + self.item_bias[items] + self.user_bias[users]

    def _shrunk_means(self, rows: Rows, values: Floats, count: int) -> Floats:
        sums = np.bincount(rows, weights=values, minlength=count)
        means: Floats = sums / (np.bincount(rows, minlength=count) + self.shrinkage)
        return means


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingMethod:
    """One way to guess ratings.

    Attributes:
        name: Public, fixed; that of the method in ``learners.methods`` where it is one.
        build: Makes the model, not yet fitted.
    """

    name: str
    build: Callable[[Context | None], RatingModel]


def _factors(context: Context | None) -> MatrixFactorisation:
    return MatrixFactorisation(FactorOptions(seed=0 if context is None else context.seed))


RATING_METHODS: Mapping[str, RatingMethod] = {
    method.name: method
    for method in (
        RatingMethod(name="mean", build=lambda _context: MeanModel()),
        RatingMethod(name="bias", build=lambda _context: BiasModel()),
        RatingMethod(name="matrix_factorisation", build=_factors),
        RatingMethod(name="text_cnn", build=TextCnn),
        RatingMethod(name="text_cnn_recipe", build=TextCnnRecipe),
        RatingMethod(name="two_tower_recipe", build=TwoTowerRecipe),
    )
}
BLEND = "blend"
# The blend is a weighted mean of these; where one of them is left out, so is the blend. The shares were
# chosen once on ratings of MovieLens-1M that neither model had seen.
BLEND_SHARES: Mapping[str, float] = {"matrix_factorisation": 0.9, "text_cnn": 0.1}


def rating_errors(
    split: Split,
    *,
    context: Context | None = None,
    names: Collection[str] = (),
    fitted: Mapping[str, object] | None = None,
    say: Say = lambda _line: None,
) -> dict[str, dict[str, float]]:
    """Root mean square error of each model on the hidden values; empty where actions carry none.

    Args:
        split: What is known, and what is hidden.
        context: Facts about users and items; where absent, networks learn from the log alone.
        names: Which models of ``RATING_METHODS``; mean and bias always take part.
        fitted: Learners that were fitted on ``split.train`` already, by name; those that can guess ratings are not
            fitted again.
        say: Told the figure of each model.
    """
    hidden = split.hidden.where(~np.isnan(split.hidden.values))
    known = split.train.where(~np.isnan(split.train.values))
    if not len(hidden) or not len(known):
        return {}
    errors: dict[str, dict[str, float]] = {}
    guesses: dict[str, Floats] = {}
    for name, method in RATING_METHODS.items():
        if name not in {"mean", "bias", *names}:
            continue
        model = _guesser((fitted or {}).get(name))
        if model is None:
            model = method.build(context)
            model.fit(known)
        guesses[name] = model.predict(hidden.users, hidden.items)
        errors[name] = {"rmse": root_mean_square(hidden.values - guesses[name])}
        say(f"rating, {name}: RMSE {errors[name]['rmse']:.4f}")
    if BLEND_SHARES.keys() <= guesses.keys():
        blend = sum((share * guesses[name] for name, share in BLEND_SHARES.items()), np.zeros(len(hidden)))
        errors[BLEND] = {"rmse": root_mean_square(hidden.values - blend)}
    return errors


def _guesser(learner: object) -> RatingModel | None:
    """A fitted learner as a model of ratings, if it is one."""
    return learner if hasattr(learner, "predict") and hasattr(learner, "fit") else None
