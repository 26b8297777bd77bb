"""docs/methods.md speaks of every method there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.configuration import METHODS as LEARNED
from recommender.learners.methods import METHODS as JUDGED

PAGE = Path(__file__).resolve().parent.parent / "docs" / "methods.md"
# Named by their headings.
BY_HEADING = {"content": "## Content", "also_liked": "## Also liked", "bought_together": "## Bought together"}


@pytest.mark.parametrize("name", sorted({*LEARNED, *JUDGED}))
def test_every_method_has_its_paragraph(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"`{name}`" in page or BY_HEADING.get(name, "\0") in page


def test_every_paragraph_says_what_was_scored() -> None:
    _title, *sections = PAGE.read_text(encoding="utf-8").split("\n## ")
    assert [section.partition("\n")[0] for section in sections if "**Scored:**" not in section] == []
