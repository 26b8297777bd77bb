"""Novelty, diversity and popularity, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.evaluation.beyond_accuracy import ListJudge, View, coverage_curve
from recommender.evaluation.splits import Cases
from recommender.learners.context import ItemFacts
from tests.recommender.logs import log_of

ALL = np.ones(2, dtype=np.bool_)
LISTS = np.array([[0, 1], [2, -1]], dtype=np.int32)
BARE = ItemFacts(titles=("",) * 4, descriptions=("",) * 4, categories=("",) * 4, tags=("",) * 4)


def cases_of(users: int) -> Cases:
    nothing = tuple(np.zeros(0, dtype=np.int32) for _ in range(users))
    return Cases(
        users=np.arange(users, dtype=np.int32),
        truths=nothing,
        exclude=nothing,
        discovery=np.ones(users, dtype=np.bool_),
        exclusion="touched",
        cold=0,
    )


def judge_of(items: ItemFacts | None = None, published: tuple[int, ...] = (1, 1, 1, 1)) -> ListJudge:
    # Counts 3, 1, 0, 0; with one added to each of four items the shares are 4, 2, 1, 1 eighths.
    log = log_of("0 0 click\n0 0 click\n0 1 click\n1 0 purchase", items=4)
    return ListJudge.of(log, cases_of(2), published=np.array(published, dtype=np.bool_), items=items)


def test_novelty_is_the_mean_information_of_what_is_shown() -> None:
    judge = judge_of()
    assert judge.information.tolist() == [1, 2, 3, 3]
    assert judge.figures(LISTS, ALL)["novelty@2"] == 2  # items 0, 1 and 2
    assert judge.figures(LISTS, np.array([True, False]))["novelty@2"] == 1.5


def test_popularity_bias_compares_what_is_shown_with_what_the_same_users_touched() -> None:
    judge = judge_of()
    # Items 2 and 3 tie at the bottom: half of the two of them. Item 1 is above 2 of 4, and half of itself.
    assert judge.percentile.tolist() == [3.5 / 4, 2.5 / 4, 1 / 4, 1 / 4]
    assert judge.habit == pytest.approx([(3.5 + 3.5 + 2.5) / 12, 3.5 / 4])
    figures = judge.figures(LISTS, ALL)
    assert figures["popularity@2"] == pytest.approx((3.5 + 2.5 + 1) / 12)
    assert figures["popularity bias@2"] == pytest.approx(7 / 12 - (9.5 / 12 + 10.5 / 12) / 2)
    assert "diversity@2" not in figures


def test_percentiles_are_among_what_is_published() -> None:
    assert judge_of(published=(0, 1, 1, 0)).percentile.tolist() == [1, 0.75, 0.25, 0.25]
    assert judge_of(published=(0, 0, 0, 0)).percentile.tolist() == [0, 0, 0, 0]


def test_diversity_is_one_minus_the_mean_cosine_of_all_pairs() -> None:
    text = csr_matrix(np.array([[1, 0], [0.6, 0.8], [0, 1], [0, 0]], dtype=np.float32))
    images = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    judge = judge_of(replace(BARE, text=text, images=images))
    assert judge.diversity_by == "content"
    lists = np.array([[0, 1, 2], [2, 3, -1]], dtype=np.int32)
    # Words: .6, 0, .8 and 0. Pictures: 1, 0, 0 and 1.
    assert judge.likeness(lists) == pytest.approx([(0.3 * 1.4 + 0.7 * 1) / 3, 0.7])
    assert judge.figures(lists, ALL)["diversity@3"] == pytest.approx(1 - ((0.42 + 0.7) / 3 + 0.7) / 2)
    alone = judge_of(replace(BARE, text=text))
    assert alone.views[0].weight == 1
    assert alone.likeness(lists[:1]) == pytest.approx([1.4 / 3])


def test_without_vectors_categories_tell_likeness_and_without_them_nothing() -> None:
    judge = judge_of(replace(BARE, categories=("a", "a", "b", "")))
    assert judge.diversity_by == "category"
    assert judge.likeness(np.array([[0, 1], [1, 2], [3, 3]], dtype=np.int32)) == pytest.approx([1, 0, 0])
    assert judge_of(BARE).diversity_by == ""


def test_dense_and_sparse_vectors_give_the_same() -> None:
    generator = np.random.default_rng(2)
    vectors = generator.normal(size=(4, 3)).astype(np.float32)
    lists = np.array([[0, 1, 3], [2, 3, -1]], dtype=np.int32)
    dense = replace(judge_of(), views=(View(vectors=vectors, weight=1.0),))
    sparse = replace(judge_of(), views=(View(vectors=csr_matrix(vectors), weight=1.0),))
    assert dense.likeness(lists) == pytest.approx(sparse.likeness(lists), rel=1e-5)


def test_nothing_shown_gives_zeros_and_no_warning() -> None:
    figures = judge_of(replace(BARE, categories=("a", "a", "b", ""))).figures(np.full((2, 3), -1, dtype=np.int32), ALL)
    assert figures == {"novelty@3": 0, "popularity@3": 0, "popularity bias@3": 0, "diversity@3": 0}


def test_the_coverage_curve_grows_place_by_place() -> None:
    lists = np.array([[0, 1, -1], [0, 2, -1]], dtype=np.int32)
    assert coverage_curve(lists, 4) == (0.25, 0.75, 0.75)
    assert coverage_curve(lists[:0], 0) == (0, 0, 0)
