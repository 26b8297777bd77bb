"""What a page may show."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from recommender.rules import PageRules, may_show


@dataclass(frozen=True)
class Thing:
    """As much of an item as the rules look at."""

    item_id: str = "a"
    published: bool = True
    sold_out: bool = False


@pytest.mark.parametrize(
    ("thing", "never", "shown"),
    [
        (Thing(), set(), True),
        (Thing(published=False), set(), False),
        (Thing(sold_out=True), set(), False),
        (Thing(), {"a"}, False),
        (Thing(), {"b"}, True),
    ],
)
def test_may_show(thing: Thing, never: set[str], shown: bool) -> None:  # noqa: FBT001 - a table of cases
    assert may_show(thing, never=never) is shown


def test_purchases_are_left_out_of_what_is_personal_only() -> None:
    rules = PageRules(subjects=frozenset("s"), in_cart=frozenset("c"), purchased=frozenset("p"))
    assert rules.never(personal=True) == {"s", "c", "p"}
    assert rules.never(personal=False) == {"s", "c"}
