"""What titles say: a year, as films' do in ``The Matrix (1999)``, or a word."""

from __future__ import annotations

import re
from typing import NamedTuple

YEAR_LAST = re.compile(r"^(?P<name>.*\S)\s*[（(](?P<year>[0-9]{4})[)）]\s*$", re.DOTALL)
# What continues a word where words are set apart: letters, figures, and the signs within a word (T-shirt, women's).
# Chinese sets none apart, so any of its characters may stand beside a word.
WITHIN = r"0-9A-Za-z\u00c0-\u024f\u0370-\u04ff'’-"


class DatedTitle(NamedTuple):
    """A title without its year, and the year; empty where it has none."""

    name: str
    year: str


def dated_title(title: str) -> DatedTitle:
    """Take the year in brackets off the end of a title."""
    found = YEAR_LAST.match(title)
    return DatedTitle(found["name"], found["year"]) if found else DatedTitle(title, "")


def says_word(title: str, word: str) -> bool:
    """Whether a title says a word, or several, as such: "Tee, S" says "S", "T-shirt" and "Sneakers" do not."""
    pattern = rf"(?<![{WITHIN}]){re.escape(word.casefold())}(?![{WITHIN}])"
    return re.search(pattern, title.casefold()) is not None
