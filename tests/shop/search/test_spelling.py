"""Slips between words, and which word was meant."""

from __future__ import annotations

import pytest

from shop.search.engines.base import KnownWord
from shop.search.spelling import allowed_slips, nearest, slips

CATALOGUE = [
    KnownWord("teapot", 12),
    KnownWord("teapots", 3),
    KnownWord("mug", 40),
    KnownWord("vase", 9),
    KnownWord("vast", 1),
    KnownWord("stoneware", 20),
]


@pytest.mark.parametrize(
    ("word", "other", "wanted"),
    [
        ("teapot", "teapot", 0),
        ("teapto", "teapot", 1),
        ("tepot", "teapot", 1),
        ("teappot", "teapot", 1),
        ("teakot", "teapot", 1),
        ("stonewear", "stoneware", 2),
        ("mug", "vase", 3),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted(word: str, other: str, wanted: int) -> None:
    assert slips(word, other, most=2) == wanted
    assert slips(other, word, most=2) == wanted


@pytest.mark.parametrize(("word", "wanted"), [("mug", 0), ("vase", 1), ("teapot", 2), ("蓝色茶壶", 1), ("a4x5", 0)])
def test_short_words_and_numbers_are_not_guessed(word: str, wanted: int) -> None:
    assert allowed_slips(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("teapto", "teapot"),
        ("vasse", "vase"),
        ("vasr", "vase"),  # as near as "vast", and in more items
        ("stonewear", "stoneware"),
        ("mgu", None),
        ("xylophone", None),
        ("teapot", "teapots"),  # the word itself is no correction of itself
    ],
)
def test_the_nearest_word_is_meant(word: str, wanted: str | None) -> None:
    assert nearest(word, CATALOGUE) == wanted


def test_rare_words_are_not_offered_where_only_common_ones_would_do() -> None:
    assert nearest("vasr", CATALOGUE, fewest_items=10) is None
