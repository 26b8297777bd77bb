"""What of an item can be filtered by, and how it is written down."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.facet_codes import (
    CODE_BYTES,
    MOST_CODES,
    VALUE_BITS,
    code_of,
    facet_number,
    facet_words,
    packed,
)
from shop.catalogue.models import Item


def words_of(**fields: Any) -> list[tuple[str, str]]:
    return list(facet_words(Item(item_id="1", **fields)))


def test_an_item_tells_its_colour_brand_tags_and_attributes() -> None:
    assert words_of(
        colour="Clay",
        brand="Nord",
        tag="mug",
        tags=["mug", "kitchen"],
        attributes={"Material": "Oak", "Size": ["S", "M"]},
    ) == [
        ("colour", "Clay"),
        ("brand", "Nord"),
        ("tag", "mug"),
        ("tag", "kitchen"),
        ("attr.Material", "Oak"),
        ("attr.Size", "S"),
        ("attr.Size", "M"),
    ]


def test_an_attribute_that_repeats_the_colour_is_left_out_only_where_there_is_one() -> None:
    assert words_of(colour="clay", attributes={"Colour": "Clay red"}) == [("colour", "clay")]
    assert words_of(attributes={"Colour": "Clay red"}) == [("attr.Colour", "Clay red")]


@pytest.mark.parametrize("value", ["", "   ", "x" * 81, None, True, {"a": 1}, [["nested"]]])
def test_what_is_no_word_is_no_facet(value: Any) -> None:
    assert words_of(attributes={"Note": value}) == []


def test_numbers_and_spaces_are_written_as_words() -> None:
    assert words_of(attributes={" Year ": 1999, "Make": " two \n words "}) == [
        ("attr.Year", "1999"),
        ("attr.Make", "two words"),
    ]


@pytest.mark.parametrize("attributes", [[], "text", None, 3])
def test_attributes_that_somebody_typed_as_something_else_do_no_harm(attributes: Any) -> None:
    assert words_of(attributes=attributes) == []


def test_capitals_and_spaces_make_no_difference_to_a_code_but_the_facet_does() -> None:
    assert code_of("colour", "Clay  Red") == code_of("colour", "clay red")
    assert code_of("colour", "clay") != code_of("brand", "clay")
    assert code_of("colour", "clay") >> VALUE_BITS == facet_number("colour")


def test_codes_stand_in_a_row_each_once_and_never_too_many() -> None:
    row = packed([("colour", "clay"), ("brand", "Nord"), ("colour", "CLAY")])
    assert row == b"".join(code_of(*pair).to_bytes(8, "big") for pair in (("colour", "clay"), ("brand", "Nord")))
    assert len(packed(("tag", str(number)) for number in range(1000))) == MOST_CODES * CODE_BYTES


@given(st.text(), st.text())
def test_any_words_have_a_code_of_eight_bytes(facet: str, value: str) -> None:
    assert 0 <= code_of(facet, value) < 2**64
