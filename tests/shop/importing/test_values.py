"""Cells become values, or a sentence says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.importing import values
from shop.importing.errors import BadValue


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (values.public_id, " 007 ", "007"),
        (values.price, "12.5", Decimal("12.50")),
        (values.price, "2899", Decimal("2899.00")),
        (values.price, "19.9900", Decimal("19.99")),
        (values.price, "0", Decimal("0.00")),
        (values.price, " ", None),
        (values.stock, "3", 3),
        (values.stock, "3.0", 3),
        (values.stock, "", None),
        (values.age, "130", 130),
        (values.gender, "Female", "F"),
        (values.gender, "m", "M"),
        (values.gender, "", ""),
        (values.several, "a| b |a||c", ("a", "b", "c")),
        (values.category, "Apparel/ Shoes /", ("Apparel", "Shoes")),
        (values.category, "", ()),
        (values.kind, "3", 3),
        (values.kind, " Cart ", 2),
        (values.seconds, "978300760", 978300760.0),
        (values.seconds, "978300760.5", 978300760.5),
        (values.seconds, "2000-12-31T22:12:40Z", 978300760.0),
        (values.seconds, "2001-01-01T00:12:40+02:00", 978300760.0),
        (values.seconds, "2000-12-31 22:12:40", 978300760.0),
        (values.seconds, "", None),
        (values.number, "4.5", 4.5),
        (values.number, "", None),
        (
            values.addresses,
            "https://a.example/1.jpg|http://b.example/2",
            ("https://a.example/1.jpg", "http://b.example/2"),
        ),
    ],
)
def test_good_cells(reader: Callable[[str], Any], cell: str, value: Any) -> None:
    assert reader(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell", "problem"),
    [
        (values.public_id, " ", "the id is missing"),
        (values.public_id, "x" * 191, "at most 190 fit"),
        (values.public_id, "..", "an address cannot hold this id"),
        (values.public_id, "a\nb", "control characters or line breaks"),
        (values.text, "a\x00b", "control characters"),
        (values.price, "12,50", "write it as 12.50"),
        (values.price, "-1", "write it as 12.50"),
        (values.price, "NaN", "write it as 12.50"),
        (values.price, "1e3", "write it as 12.50"),
        (values.price, "12345678901", "write it as 12.50"),
        (values.price, "9.999", "at most two decimals"),
        (values.stock, "-1", "whole number from 0"),
        (values.stock, "2.5", "whole number from 0"),
        (values.stock, "9999999999", "whole number from 0"),
        (values.age, "131", "from 0 to 130"),
        (values.gender, "unknown", "write F, M or X"),
        (values.kind, "4", "unknown action"),
        (values.kind, "", "unknown action"),
        (values.seconds, "978300760000", "not milliseconds"),
        (values.seconds, "-1", "outside 1970 to 2100"),
        (values.seconds, "nan", "outside 1970 to 2100"),
        (values.seconds, "yesterday", "it is not a time"),
        (values.number, "inf", "it is not a number"),
        (values.number, "many", "it is not a number"),
        (values.addresses, "ftp://a.example/1", "not an http(s) address"),
        (values.addresses, "javascript:alert(1)", "not an http(s) address"),
        (values.addresses, "http://[", "not an http(s) address"),
        (values.category, "/".join(["n" * 190] * 6), "more than 1000 characters"),
    ],
)
def test_bad_cells(reader: Callable[[str], Any], cell: str, problem: str) -> None:
    with pytest.raises(BadValue) as error:
        reader(cell)
    assert problem in str(error.value)


READERS = [
    values.text,
    values.public_id,
    values.several,
    values.category,
    values.price,
    values.stock,
    values.age,
    values.gender,
    values.addresses,
    values.kind,
    values.seconds,
    values.number,
]


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=40, deadline=None)
@given(cell=st.text(max_size=40))
def test_any_text_is_a_value_or_a_bad_value(reader: Callable[[str], Any], cell: str) -> None:
    problem = "none"
    try:
        reader(cell)
    except BadValue as error:
        problem = str(error)
    assert problem


@settings(deadline=None)
@given(price=st.decimals(min_value=0, max_value=9_999_999_999, places=2))
def test_prices_come_through_exactly(price: Decimal) -> None:
    assert values.price(f"{price:f}") == price


@given(
    moment=st.datetimes(
        min_value=__import__("datetime").datetime(1970, 1, 2), max_value=__import__("datetime").datetime(2099, 12, 31)
    )
)
def test_both_ways_of_writing_a_time_agree(moment: Any) -> None:

    seconds = moment.replace(tzinfo=UTC).timestamp()
    assert values.seconds(moment.isoformat()) == values.seconds(repr(seconds)) == seconds
