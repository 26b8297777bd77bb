"""The painted world's colours, materials and shapes as words of their own, English to Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.demo.words.families import WORDS
from shop.demo.words.vocabulary import COLOURS, PATTERN_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shop.demo.words.vocabulary import Phrase

PROPERTIES = {"Material": "材质", "Shape": "形状", "Colour": "颜色", "Pattern": "图案", "Size": "尺码"}


def chinese_value_names() -> dict[str, str]:
    """Every value an item of the demonstration catalogue can have, by its English word."""
    return PROPERTIES | {phrase.english: phrase.chinese for phrase in reversed(list(_phrases()))}


def _phrases() -> Iterator[Phrase]:
    """The phrases in the order in which they count where two share an English word."""
    yield from COLOURS.values()
    yield from PATTERN_TITLES.values()
    for words in WORDS.values():
        yield words.noun
        yield from words.materials.values()
        yield from words.shapes.values()
