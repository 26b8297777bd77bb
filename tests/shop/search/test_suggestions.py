"""What is offered while somebody types."""

from __future__ import annotations

import pytest

from shop.catalogue.models import Item
from shop.search.suggestions import MOST_ITEMS, suggest
from tests.factories import CategoryFactory, ItemFactory
from tests.query_budget import assert_queries_constant, assert_within_budget

pytestmark = pytest.mark.django_db


def names(typed: str) -> list[str]:
    return [item.title for item in suggest(typed).items]


def places(typed: str) -> list[str]:
    return [place.name for place in suggest(typed).places]


@pytest.mark.parametrize(
    "typed", ["te", "tea", "teap", "teapot", "moss te", "moss t", "moss x", "TE", "ceramic", "cerami", "ceramics"]
)
def test_the_last_word_may_be_unfinished(typed: str) -> None:
    ItemFactory.create(title="Teapot in moss", description="Ceramics.")
    ItemFactory.create(title="Vase")
    assert names(typed) == ["Teapot in moss"]


def test_one_letter_is_too_little_and_one_sign_is_not() -> None:
    ItemFactory.create(title="Teapot")
    ItemFactory.create(title="茶壶")
    assert (names("t"), names("茶"), names("")) == ([], ["茶壶"], [])


def test_names_come_first_and_no_more_than_fit() -> None:
    ItemFactory.create(title="Poptorp", description="For a lamp of your own.")
    for number in range(MOST_ITEMS - 1):
        ItemFactory.create(title=f"Lamp {number}")
    assert names("lam")[-1] == "Poptorp"
    ItemFactory.create(title="Lamp again")
    assert len(names("lam")) == MOST_ITEMS
    assert "Poptorp" not in names("lam")


def test_categories_are_offered_largest_first() -> None:
    for name, items in (("Table lamps", 1), ("Lamps", 2), ("Vases", 3), ("Clamps", 3)):
        category = CategoryFactory.create(name=name, translations={"zh-hans": {"name": f"{name}灯具"}})
        for _number in range(items):
            ItemFactory.create(title="Poptorp", category=category)
    assert places("lam") == ["Lamps", "Table lamps"]
    assert places("lamps tab") == ["Table lamps"]
    assert places("灯具") == ["Clamps", "Vases", "Lamps"]
    assert places("") == []


def test_what_was_perhaps_meant_is_offered_where_nothing_fits() -> None:
    ItemFactory.create(title="Teapot")
    found = suggest("teapto")
    assert ([item.title for item in found.items], found.phrase.text) == (["Teapot"], "teapot")
    assert len(suggest("xyzzyx")) == 0


def test_only_what_is_listed_is_offered() -> None:
    head = ItemFactory.create(title="Teapot")
    ItemFactory.create(title="Teapot large", variant_of=head, variant_name="Large")
    ItemFactory.create(title="Teapot", published=False)
    assert suggest("teap").items == (head,)


def test_suggestions_cost_the_same_in_a_large_shop() -> None:
    ItemFactory.create(title="Teapot", category=CategoryFactory.create(name="Teapots"))
    suggest("teap")  # the overview of categories is kept from now on

    def show() -> None:
        for item in suggest("teap").items:
            assert item.cover is None
            assert item.category is None or item.category.title == "Teapots"

    def grow() -> None:
        Item.objects.bulk_create(Item(item_id=f"b{number}", title=f"Teapot {number}") for number in range(50))

    assert_queries_constant(show, grow=grow, budget=2)
    assert_within_budget(lambda: suggest("xyzzyx"), budget=4)
