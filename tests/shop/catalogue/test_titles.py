"""Years and words in titles."""

from __future__ import annotations

import pytest

from shop.catalogue.titles import dated_title, says_word


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("The Matrix (1999)", "The Matrix", "1999"),
        ("Cité des enfants perdus (La) (1995) ", "Cité des enfants perdus (La)", "1995"),
        ("霸王别姬（1993）", "霸王别姬", "1993"),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", "1968"),
        ("(1984)", "(1984)", ""),
        ("Room (12345)", "Room (12345)", ""),
        ("Chair (1999) blue", "Chair (1999) blue", ""),
        ("", "", ""),
    ],
)
def test_a_year_in_brackets_at_the_end(title: str, name: str, year: str) -> None:
    assert dated_title(title) == (name, year)


@pytest.mark.parametrize(
    ("title", "word", "said"),
    [
        ("Tee, S", "S", True),
        ("Tee (s)", "S", True),
        ("Blue tee", "blue", True),
        ("Tee, extra large", "Extra large", True),
        ("Sneakers, 38", "38", True),
        ("天蓝色马克杯", "蓝色", True),
        ("燕麦色T恤S", "S", True),
        ("Marha T-shirt in oat", "S", False),
        ("Marha T-shirt in oat", "M", False),
        ("Marha T-shirt in oat", "T", False),
        ("Women's coat", "S", False),
        ("Blueish tee", "Blue", False),
        ("Sneakers 380", "38", False),
        ("Größe", "Gr", False),
        ("Tee (a+b)", "a+b", True),
    ],
)
def test_a_title_says_a_word_only_as_such(title: str, word: str, *, said: bool) -> None:
    assert says_word(title, word) is said
