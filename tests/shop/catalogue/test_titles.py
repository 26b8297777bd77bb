"""Years in titles."""

from __future__ import annotations

import pytest

from shop.catalogue.titles import dated_title


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
