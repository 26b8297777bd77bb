"""Which words belong to which family."""

from __future__ import annotations

from shop.demo.words.carried import BACKPACK, HEADPHONES, SNEAKER, TSHIRT, WATCH
from shop.demo.words.home import BASKET, CANDLE, CUSHION, PLANTER, RUG, VASE
from shop.demo.words.rooms import CHAIR, CLOCK, LAMP
from shop.demo.words.table import BOTTLE, BOWL, MUG, TEAPOT
from shop.demo.words.vocabulary import FamilyWords

WORDS: dict[str, FamilyWords] = {
    words.tag: words
    for words in (
        MUG, TEAPOT, BOWL, BOTTLE, VASE, PLANTER, CANDLE, BASKET, RUG, CUSHION, LAMP, CHAIR, CLOCK,
        TSHIRT, SNEAKER, WATCH, BACKPACK, HEADPHONES,
    )
}  # fmt: skip
