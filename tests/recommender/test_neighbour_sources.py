"""Candidates from neighbour tables."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.history_sum import HistoryOptions, HistorySum
from recommender.neighbour_sources import CAUSES_KEPT, from_history, neighbours_of, neighbours_of_all
from recommender.neighbours import NeighbourTable
from recommender.types import HistoryEntry

TABLE = NeighbourTable(
    ids=np.array([[1, 2], [2, -1], [0, 1]], dtype=np.int32),
    scores=np.array([[0.5, 0.25], [0.75, 0], [0.5, 0.5]], dtype=np.float32),
    text=np.array([[0.125, 0.25], [0.25, 0], [0.5, 0]], dtype=np.float32),
    support=np.array([[4, 2], [7, 0], [1, 1]], dtype=np.int32),
)
ROWS = {"a": 0, "b": 1, "c": 2}
IDS = list(ROWS)


def test_one_item_s_neighbours_with_their_parts() -> None:
    found = neighbours_of("content", TABLE, 0, population=9)
    assert found is not None
    assert found.rows.tolist() == [1, 2]
    assert {name: part.tolist() for name, part in found.parts.items()} == {"text": [0.125, 0.25], "image": [0.375, 0.0]}
    assert found.population == 9
    assert neighbours_of("content", None, 0) is None


def test_the_neighbours_of_several_add_up() -> None:
    found = neighbours_of_all("bought_together", TABLE, [0, 1])
    assert found is not None
    assert found.rows.tolist() == [2, 1]
    assert found.scores.tolist() == [1.0, 0.5]
    assert found.parts["text"].tolist() == [0.5, 0.125]
    assert found.parts["image"].tolist() == [0.5, 0.375]
    assert found.support is not None
    assert found.support.tolist() == [7, 4]
    assert neighbours_of_all("bought_together", TABLE, []) is None


def test_a_history_gives_parts_that_add_up_and_the_strongest_causes_first() -> None:
    learner = HistorySum(also_liked=None, similar=TABLE, options=HistoryOptions(content_share=1.0, own_share=0.0))
    history = [HistoryEntry("a", 0, None), HistoryEntry("b", 3, None), HistoryEntry("unknown", 3, None)]
    found = from_history(history, 5, learner=learner, rows=ROWS, item_ids=IDS, now=0.0)
    assert found is not None
    assert [IDS[row] for row in found.rows] == ["c", "b"]
    assert found.scores.tolist() == pytest.approx([0.25 + 5 * 0.75, 0.5])
    assert sum(part for part in found.parts.values()).tolist() == pytest.approx(found.scores.tolist())  # type: ignore[union-attr]
    assert found.causes[0] == ("b", "a")
    assert max(len(causes) for causes in found.causes) <= CAUSES_KEPT


def test_a_history_of_unknown_items_gives_nothing() -> None:
    learner = HistorySum(also_liked=None, similar=TABLE, options=HistoryOptions())
    for history in ([], [HistoryEntry("unknown", 3, None)]):
        assert from_history(history, 5, learner=learner, rows=ROWS, item_ids=IDS, now=0.0) is None
