"""What was touched and not bought, best first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.history_sum import HistoryOptions, action_weights
from recommender.own_items import own_items
from recommender.types import HistoryEntry

DAY = 86_400.0
NOW = 1_000 * DAY


def weigh(kinds: npt.ArrayLike, times: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return action_weights(kinds, times, now=NOW, options=HistoryOptions(half_life_days=10.0))


def scored(*entries: tuple[str, int, float | None]) -> dict[str, float]:
    ids, found = own_items([HistoryEntry(*entry) for entry in entries], weigh=weigh)
    assert found.source == "pick_up"
    return dict(zip(ids, found.scores.tolist(), strict=True))


def test_weights_halve_with_age_and_add_up() -> None:
    found = scored(("a", 0, NOW), ("b", 1, NOW - 10 * DAY), ("c", 2, NOW), ("a", 0, NOW - 20 * DAY), ("b", 0, None))
    assert found == {"c": 3.0, "b": 1 + 1.0, "a": 1 + 0.25}
    assert list(found) == ["c", "b", "a"]


def test_what_was_bought_is_no_open_end_whenever_it_was_touched() -> None:
    assert scored(("a", 2, NOW), ("a", 3, NOW), ("b", 0, NOW), ("a", 0, NOW)) == {"b": 1.0}


def test_of_equal_ones_what_was_touched_last_comes_first() -> None:
    assert list(scored(("a", 0, None), ("b", 0, None), ("c", 0, None), ("a", 0, None), ("b", 0, None))) == [
        "b",
        "a",
        "c",
    ]


def test_what_is_very_old_still_has_a_place() -> None:
    found = scored(("a", 0, NOW - 1e9 * DAY), ("b", 0, NOW - 2e9 * DAY))
    assert list(found) == ["b", "a"]
    assert all(score > 0 for score in found.values())


def test_nobody_has_nothing() -> None:
    assert scored() == {}
