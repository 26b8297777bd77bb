"""Neighbour tables keep their shape and order when items are left out."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.id_map import IdMap
from recommender.neighbours import NeighbourTable

TABLE = NeighbourTable(
    ids=np.array([[1, 2], [2, 0], [0, -1]], dtype=np.int32),
    scores=np.array([[0.9, 0.5], [0.8, 0.7], [0.6, 0.0]], dtype=np.float32),
    support=np.array([[9, 5], [8, 7], [6, 0]], dtype=np.int32),
)


def test_what_is_not_allowed_goes_and_the_rest_moves_up() -> None:
    left = TABLE.only(np.array([True, True, False]))
    assert left.ids.tolist() == [[1, -1], [0, -1], [0, -1]]
    assert left.scores.tolist() == pytest.approx(np.array([[0.9, 0.0], [0.7, 0.0], [0.6, 0.0]], dtype=np.float32))
    assert left.support is not None
    assert left.support.tolist() == [[9, 0], [7, 0], [6, 0]]
    assert left.ids.dtype == TABLE.ids.dtype
    assert left.scores.dtype == TABLE.scores.dtype


def test_where_all_are_allowed_nothing_changes() -> None:
    assert TABLE.only(np.array([True, True, True])) is TABLE


def test_filled_is_the_share_of_items_with_neighbours() -> None:
    assert TABLE.filled == 1.0
    assert TABLE.only(np.array([False, False, False])).filled == 0.0


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="scores"):
        NeighbourTable(ids=TABLE.ids, scores=TABLE.scores[:2])


def test_ids_and_rows() -> None:
    items = IdMap(["b", "a", "007"])
    assert len(items) == 3
    assert "7" not in items
    assert items.rows(["007", "7", "b"]).tolist() == [2, -1, 0]
    assert items.row("a") == 1
    assert items.row("c") is None
    assert items.id(2) == "007"
    with pytest.raises(ValueError, match="twice"):
        IdMap(["a", "a"])
