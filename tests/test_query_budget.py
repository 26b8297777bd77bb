"""The helper itself: it must notice a page that asks once per row."""

from __future__ import annotations

import pytest

from shop.catalogue.models import Category, Item
from tests.factories import CategoryFactory, ItemFactory
from tests.query_budget import assert_queries_constant, assert_within_budget

pytestmark = pytest.mark.django_db


def categories_one_by_one() -> list[str]:
    return [item.category.name for item in Item.objects.all() if item.category]


def categories_at_once() -> list[str]:
    return [item.category.name for item in Item.objects.select_related("category") if item.category]


def grow() -> None:
    for _number in range(5):
        ItemFactory.create(category=CategoryFactory.create())


def test_a_query_per_row_is_noticed() -> None:
    grow()
    with pytest.raises(AssertionError, match="6 queries became 11"):
        assert_queries_constant(categories_one_by_one, grow=grow, budget=100)


def test_one_query_for_all_rows_passes() -> None:
    grow()
    assert_queries_constant(categories_at_once, grow=grow)


def test_a_spent_budget_is_noticed() -> None:
    with pytest.raises(AssertionError, match="2 queries, 1 allowed"):
        assert_within_budget(lambda: [Category.objects.count(), Item.objects.count()], budget=1)


def test_what_was_sent_is_told() -> None:
    assert assert_within_budget(Category.objects.count) == 1
