"""Sentences of the cart, as the language of the page joins names."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from shop.cart.keeping import CartSettlement
from shop.cart.sentences import enumeration, settled_words


@pytest.mark.parametrize(("language", "words"), [("en", "Mug, Lamp and Rug"), ("zh-hans", "Mug、Lamp和Rug")])
def test_names_are_joined_as_the_language_joins_them(language: str, words: str) -> None:
    with override(language):
        assert enumeration(["Mug", "Lamp", "Rug"]).replace(", and", " and") == words


@pytest.mark.parametrize(
    ("kept", "lowered", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 thing that cannot be bought now is kept for later."),
        (0, 2, "2 quantities are lowered to what is left."),
        (
            2,
            1,
            "2 things that cannot be bought now are kept for later. 1 quantity is lowered to what is left.",
        ),
    ],
)
def test_only_what_happened_is_told(kept: int, lowered: int, words: str) -> None:
    assert settled_words(CartSettlement(kept=kept, lowered=lowered)) == words
