"""Methods by name are what their names say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.encoders.content_recipe import recipe_content
from recommender.learners.base import CannotLearn
from recommender.learners.context import Context
from recommender.learners.methods import METHODS
from recommender.neighbours import NeighbourTable
from tests.recommender.film_shop import FILMS, film_context, film_log

RECIPE_WEIGHTS = np.array([1.0, 2.0, 3.0, 5.0])


@pytest.fixture
def context() -> Context:
    """Films with words and pictures, and a *similar* of the shop's own that says something else."""
    random = np.random.default_rng(3)
    words = random.random((FILMS, 9)) * (random.random((FILMS, 9)) < 0.5)
    looks = random.normal(size=(FILMS, 6)).astype(np.float32)
    known = film_context()
    other = NeighbourTable(
        ids=np.full((FILMS, 1), FILMS - 1, dtype=np.int32), scores=np.full((FILMS, 1), 9, dtype=np.float32)
    )
    return replace(known, items=replace(known.items, text=csr_matrix(words), images=looks), similar=other)


def similarity(context: Context) -> np.ndarray:
    """(n, n): the recipe's matrix, an item counting 1 with itself, opposed items nothing."""
    table = recipe_content(context.items.text, context.items.images, published=context.published)
    dense = np.eye(FILMS)
    for item in range(FILMS):
        real = table.ids[item] >= 0
        dense[item, table.ids[item][real]] = table.scores[item][real]
    return dense


def test_recipe_content_lists_the_neighbours_of_the_recipes_formula(context: Context) -> None:
    found = METHODS["recipe_content"].build(context).fit(film_log()).similar_items(np.arange(FILMS), k=4)
    dense = similarity(context)
    np.fill_diagonal(dense, 0)
    np.testing.assert_array_equal(found.ids, np.argsort(-dense, axis=1)[:, :4])
    np.testing.assert_allclose(found.scores, -np.sort(-dense, axis=1)[:, :4], rtol=1e-6)


def test_recipe_history_sum_adds_those_rows_by_weights_of_actions_whatever_their_age(context: Context) -> None:
    log = film_log()
    own = log.users == 5
    wanted = RECIPE_WEIGHTS[log.kinds[own]] @ similarity(context)[log.items[own]]
    rows, scores = METHODS["recipe_history_sum"].build(context).fit(log).user_scores(5)
    dense = np.zeros(FILMS)
    dense[rows] = scores
    np.testing.assert_allclose(dense, wanted, rtol=1e-5)
    assert wanted.argmax() != FILMS - 1  # what the shop's own similarity would have said


@pytest.mark.parametrize("name", ["recipe_content", "recipe_history_sum"])
def test_recipes_without_words_and_pictures_say_so(name: str) -> None:
    with pytest.raises(CannotLearn, match="words or pictures"):
        METHODS[name].build(film_context())
