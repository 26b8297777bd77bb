"""What is said to FTS5: words in quotation marks, whatever they hold."""

from __future__ import annotations

import pytest

from shop.search.engines.sqlite import match_query, quoted
from shop.search.words import parse


@pytest.mark.parametrize(
    ("typed", "every", "wanted"),
    [
        ("blue mug", True, '"blue" AND ("mug" OR "mug" *)'),
        ("blue mug", False, '"blue" OR "mug"'),
        ("blue m", True, '"blue" AND "m"'),
        ("t-shirt", True, '("t shirt" OR "tshirt")'),
        ("蓝色", True, '"蓝 色"'),
        ("蓝色茶壶", True, '("蓝 色 茶 壶" OR ("蓝" AND "色" AND "茶" AND "壶"))'),
        ("蓝色茶壶", False, '"蓝 色" OR "色 茶" OR "茶 壶"'),
        ("mug OR NOT", True, '"mug" AND "or" AND ("not" OR "not" *)'),
    ],
)
def test_queries_hold_quoted_words_alone(typed: str, every: bool, wanted: str) -> None:  # noqa: FBT001  # a column of the table
    assert match_query(parse(typed), every=every) == wanted


def test_a_quotation_mark_cannot_end_a_string() -> None:
    assert quoted(['a"b']) == '"a""b"'
