"""Titles that carry a year, as films' do: ``The Matrix (1999)``."""

from __future__ import annotations

import re
from typing import NamedTuple

YEAR_LAST = re.compile(r"^(?P<name>.*\S)\s*[（(](?P<year>[0-9]{4})[)）]\s*$", re.DOTALL)


class DatedTitle(NamedTuple):
    """A title without its year, and the year; empty where it has none."""

    name: str
    year: str


def dated_title(title: str) -> DatedTitle:
    """Take the year in brackets off the end of a title."""
    found = YEAR_LAST.match(title)
    return DatedTitle(found["name"], found["year"]) if found else DatedTitle(title, "")
