"""Facts as codes and features."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.context import Context, ItemFacts, UserFacts
from recommender.learners.facts import item_features, item_fields, title_words, user_fields

USERS = UserFacts(genders=("F", "", "M"), ages=np.array([9.0, np.nan, 64.0]), occupations=("b", "a", "a"))
ITEMS = ItemFacts(
    titles=("The red house", "The red car", ""),
    descriptions=("", "", ""),
    categories=("A/B", "", "A"),
    tags=("x", "", "y"),
    all_tags=(("x", "z"), (), ("y",)),
)


def test_codes_are_alphabetical_and_0_is_unknown() -> None:
    fields = user_fields(USERS, 3)
    assert fields.gender.codes.tolist() == [1, 0, 2]
    assert fields.gender.size == 3
    assert fields.age.codes.tolist() == [1, 0, 7]
    assert fields.occupation.codes.tolist() == [2, 1, 1]
    items = item_fields(ITEMS, 3)
    assert items.category.codes.tolist() == [2, 0, 1]
    assert items.tags.codes.tolist() == [[1, 3], [0, 0], [2, 0]]
    assert items.tags.size == 4


def test_a_log_may_know_more_or_fewer_rows_than_the_facts() -> None:
    assert user_fields(USERS, 5).gender.codes.tolist() == [1, 0, 2, 0, 0]
    assert item_fields(ITEMS, 2).category.codes.tolist() == [2, 0]
    assert item_fields(None, 2).title.shape == (2, 15)
    assert user_fields(None, 2).age.size == 1


def test_the_first_tags_stand_in_where_no_others_are_known() -> None:
    alone = ItemFacts(titles=("", ""), descriptions=("", ""), categories=("", ""), tags=("b", "a"))
    assert item_fields(alone, 2).tags.codes.tolist() == [[2], [1]]


def test_rare_words_are_unknown() -> None:
    codes, words = title_words(ITEMS.titles)
    assert words == 3
    assert codes[:, :4].tolist() == [[2, 1, 0, 0], [2, 1, 0, 0], [0, 0, 0, 0]]


def test_non_latin_titles_are_cut_into_words() -> None:
    codes, words = title_words(("红色的车", "红色的房"))
    assert words > 1
    assert (codes[0] > 0).any()


def test_features_of_alike_items_are_alike_and_rows_have_unit_length_on_average() -> None:
    context = Context(published=np.ones(3, dtype=np.bool_), users=USERS, items=ITEMS)
    features = item_features(context, 4)
    assert features.shape[0] == 4
    assert features[0] == pytest.approx(features[1], abs=1e-5)
    assert not features[2:].any()
    assert np.square(features[:3]).sum() == pytest.approx(3, rel=1e-5)


def test_pictures_join_words_and_constant_ones_do_no_harm() -> None:
    pictured = ItemFacts(
        titles=ITEMS.titles,
        descriptions=ITEMS.descriptions,
        categories=ITEMS.categories,
        tags=ITEMS.tags,
        images=np.ones((3, 5), dtype=np.float32),
    )
    with_pictures = item_features(Context(published=np.ones(3, dtype=np.bool_), users=USERS, items=pictured), 3)
    without = item_features(Context(published=np.ones(3, dtype=np.bool_), users=USERS, items=ITEMS), 3)
    assert with_pictures.shape[1] > without.shape[1]
    assert np.isfinite(with_pictures).all()
    assert item_features(None, 3).shape == (3, 0)
