"""What an address chooses, however it was typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.selection import MOST_FACETS, MOST_VALUES, read_selection, tidy, without


def test_an_address_chooses_values_prices_stock_and_categories() -> None:
    selection = read_selection(
        QueryDict(
            "colour=clay&colour=Moss&attr.Material=Oak&price_from=10&price_to=40,50&in_stock=1&category=kitchen/mugs&q=x"
        )
    )
    assert selection.values == {"colour": ("clay", "Moss"), "attr.Material": ("Oak",)}
    assert (selection.lowest, selection.highest) == (Decimal(10), Decimal("40.50"))
    assert selection.in_stock
    assert selection.categories == ("kitchen/mugs",)
    assert selection.facets == ("category", "price", "in_stock", "colour", "attr.Material")
    assert selection.notes == ()


@pytest.mark.parametrize("address", ["", "colour=", "colour=+&brand=&price_from=&in_stock=0", "unheard=of", "attr.=x"])
def test_nothing_is_chosen_by_what_says_nothing(address: str) -> None:
    assert read_selection(QueryDict(address)).facets == ()


@pytest.mark.parametrize("price", ["abc", "-1", "NaN", "Infinity", "1e99", "10..5", "１２x"])
def test_what_is_no_price_is_left_out_and_told(price: str) -> None:
    selection = read_selection(query_of(price_to=price))
    assert selection.highest is None
    assert selection.notes == (f"“{price}” is not a price, so it was left out.",)


def query_of(**values: str) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query[name] = value
    return query


def test_prices_the_wrong_way_round_are_turned() -> None:
    selection = read_selection(QueryDict("price_from=40&price_to=10"))
    assert (selection.lowest, selection.highest) == (Decimal(10), Decimal(40))


def test_a_category_inside_a_chosen_one_narrows_it() -> None:
    assert read_selection(QueryDict("category=kitchen&category=kitchen/mugs&category=table/")).categories == (
        "kitchen/mugs",
        "table",
    )


def test_the_same_value_counts_once_and_there_is_an_end() -> None:
    assert read_selection(QueryDict("colour=clay&colour=CLAY&colour=+clay+")).values == {"colour": ("clay",)}
    many = "&".join(f"tag={number}" for number in range(200))
    assert len(read_selection(QueryDict(many)).values["tag"]) == MOST_VALUES
    assert len(read_selection(QueryDict("&".join(f"attr.{n}=x" for n in range(100)))).values) == MOST_FACETS


@pytest.mark.parametrize(
    ("untidy", "expected"),
    [
        ("q=&colour=&price_from=&page=1&sort=newest", "q="),
        ("colour=clay&colour=clay&page=2", "colour=clay&page=2"),
        ("sort=price&attr.Size=", "sort=price"),
        ("utm=&colour=moss", "utm=&colour=moss"),
    ],
)
def test_an_address_is_tidied(untidy: str, expected: str) -> None:
    assert tidy(QueryDict(untidy), first_ordering="newest").urlencode() == expected
    assert tidy(QueryDict(expected), first_ordering="newest").urlencode() == expected


def test_a_value_is_taken_away_and_the_pages_begin_again() -> None:
    parameters = QueryDict("colour=Clay&colour=moss&page=3&q=mug")
    assert without(parameters, [("colour", "clay")]).urlencode() == "colour=moss&q=mug"
    assert without(parameters, [("colour", None)]).urlencode() == "q=mug"
    assert parameters["page"] == "3"


NAMES = st.sampled_from(["colour", "price_from", "price_to", "in_stock", "category", "attr.x", "sort", "page"])


@given(st.lists(st.tuples(NAMES, st.text(max_size=100))))
def test_nothing_that_is_typed_is_an_error(pairs: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    selection = read_selection(query)
    assert len(selection.facets) <= 3 + MOST_FACETS
    once = tidy(query)
    assert tidy(once) == once
