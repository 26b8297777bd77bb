"""Every method by the name that ``evaluate`` lists and ``retrain --only`` takes.

A method is built from a context and fitted on a log. Those that need
TensorFlow import it when they are built, so reading this list costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recommender.encoders.content_recipe import recipe_content
from recommender.learners.base import CannotLearn, Learner
from recommender.learners.context import Context
from recommender.learners.ease import Ease, EaseLately
from recommender.learners.history import RECIPE, HistorySumLearner
from recommender.learners.leads_to import LeadsTo
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.learners.next_item import NextItem
from recommender.learners.own_funnel import OwnFunnel
from recommender.learners.popularity import Popularity, Trending
from recommender.learners.ranker import RankerLearner
from recommender.learners.text_cnn import TextCnn, TextCnnRecipe
from recommender.learners.transitions import SmoothedTransitions, Transitions
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


def _recipe(context: Context) -> Learner:
    """The multimodal recipe's two lists: an item's neighbours by its similarity, and their sum over a history.

    One learner under two names, so that either list is found by the name it has in the recipe.
    """
    facts = context.items
    if facts.text is None and facts.images is None:
        raise CannotLearn("no bundle has vectors of words or pictures; retrain first.")
    table = recipe_content(facts.text, facts.images, published=context.published)
    return HistorySumLearner(also_liked=None, similar=table, options=RECIPE)


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
        name="own_funnel",
        summary="what the shopper did to an item × how often it is bought by those who touch it; no model of tastes",
        build=lambda _context: OwnFunnel(),
    ),
    Method(
        name="ease",
        summary="linear item-item model of wanted items, solved at once",
        build=lambda _context: Ease(),
    ),
    Method(
        name="ease_lately",
        summary="the same model, in which shoppers of late speak louder",
        build=lambda _context: EaseLately(),
    ),
    Method(
        name="transitions",
        summary="what comes after what, a few steps ahead",
        build=lambda _context: Transitions(),
    ),
    Method(
        name="smoothed_transitions",
        summary="the same, an item that few have left borrowing what came after its neighbours",
        build=lambda _context: SmoothedTransitions(),
    ),
    Method(
        name="next_item",
        summary="linear model of sequences: the decayed past speaks for the next few items",
        build=lambda _context: NextItem(),
    ),
    Method(
        name="leads_to",
        summary="from any touched item to wanted ones",
        build=lambda _context: LeadsTo(),
    ),
    Method(
        name="ranker",
        summary="two stages: candidates from all of these, ordered by boosted trees; what pages use where it is best",
        build=lambda context: RankerLearner(published=context.published, similar=context.similar, seed=context.seed),
    ),
    Method(
        name="recipe_content",
        summary="similar items by the recipe's formula (standardised words × 0.3, pictures × 0.7, one cosine) over the "
        "shop's own vectors",
        build=_recipe,
    ),
    Method(
        name="recipe_history_sum",
        summary="the recipe's user list: actions 1/2/3/5 × rows of recipe_content, neither age nor behaviour",
        build=_recipe,
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
