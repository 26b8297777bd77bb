"""How text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.encoders.tokens import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red Mug, 300 ml", ["red", "mug", "300", "ml"]),
        ("T-Shirt", ["t", "shirt"]),
        ("红色陶瓷杯", ["红", "色", "陶", "瓷", "杯", "红色", "色陶", "陶瓷", "瓷杯"]),
        ("Puma红鞋42", ["puma", "红", "鞋", "红鞋", "42"]),
        ("ＦＵＬＬ　width", ["full", "width"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("머그 컵", ["머그", "컵"]),
        ("カップ", ["カ", "ッ", "プ", "カッ", "ップ"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_cuts_words_and_unspaced_scripts(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_no_token_is_empty_or_holds_a_blank(text: str) -> None:
    assert all(token and not any(character.isspace() for character in token) for token in tokens(text))
