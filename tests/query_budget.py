"""Query budgets: how many queries a page may make, and that more data doesn't make it more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_BUDGET = 10


def queries_of(action: Callable[[], object]) -> list[str]:
    """The SQL that ``action`` sends."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]


def assert_within_budget(action: Callable[[], object], *, budget: int = PAGE_BUDGET) -> int:
    """``action`` sends at most ``budget`` queries.

    Returns:
        How many it sent.
    """
    sent = queries_of(action)
    assert len(sent) <= budget, f"{len(sent)} queries, {budget} allowed:\n" + "\n".join(sent)
    return len(sent)


def assert_queries_constant(
    action: Callable[[], object], *, grow: Callable[[], object], budget: int = PAGE_BUDGET
) -> None:
    """``action`` sends as many queries after ``grow`` as before, and never more than ``budget``."""
    before = queries_of(action)
    grow()
    after = queries_of(action)
    assert len(after) == len(before), f"{len(before)} queries became {len(after)}:\n" + "\n".join(after)
    assert len(after) <= budget, f"{len(after)} queries, {budget} allowed:\n" + "\n".join(after)
