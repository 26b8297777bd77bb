"""Every method by the name that ``evaluate`` lists and ``retrain --only`` takes.

A method is built from a context and fitted on a log. Those that need
TensorFlow import it when they are built, so reading this list costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recommender.learners.base import Learner
from recommender.learners.context import Context
from recommender.learners.history import RECIPE, HistorySumLearner
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.learners.popularity import Popularity, Trending
from recommender.learners.text_cnn import TextCnn, TextCnnRecipe
from recommender.learners.two_tower import TwoTower
from recommender.learners.two_tower_recipe import TwoTowerRecipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to recommend.

    Attributes:
        name: Public, fixed.
        summary: One line of help.
        build: Makes the learner, not yet fitted.
        slow: Left out of the default ``retrain``; ``evaluate`` and ``retrain --only`` run it.
    """

    name: str
    summary: str
    build: Callable[[Context], Learner]
    slow: bool = False


def _by_name(*methods: Method) -> dict[str, Method]:
    return {method.name: method for method in methods}


METHODS: Mapping[str, Method] = _by_name(
    Method(
        name="popularity",
        summary="weighted actions per item, the same list for everybody",
        build=lambda _context: Popularity(),
    ),
    Method(
        name="trending",
        summary="weighted actions that halve with age",
        build=lambda _context: Trending(),
    ),
    Method(
        name="recipe_history_sum",
        summary="the recipe's user list: actions 1/2/3/5 × rows of content similarity, neither age nor behaviour",
        build=lambda context: HistorySumLearner(also_liked=None, similar=context.similar, options=RECIPE),
    ),
    Method(
        name="two_tower",
        summary="two towers of facts, past actions, words and pictures; in-batch softmax with log-Q correction",
        build=TwoTower,
        slow=True,
    ),
    Method(
        name="two_tower_recipe",
        summary="the recipe's DSSM: ids and facts, vectors of 8, mean squared error on scaled ratings",
        build=TwoTowerRecipe,
        slow=True,
    ),
    Method(
        name="text_cnn",
        summary="ratings from ids, facts and a convolution over the title; 200-d vectors",
        build=TextCnn,
        slow=True,
    ),
    Method(
        name="text_cnn_recipe",
        summary="the recipe's text-CNN, as written",
        build=TextCnnRecipe,
        slow=True,
    ),
    Method(
        name="matrix_factorisation",
        summary="ratings from biases and factors, averaged over samples of both",
        build=lambda context: MatrixFactorisation(FactorOptions(seed=context.seed)),
        slow=True,
    ),
)
