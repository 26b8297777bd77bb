"""Filling a list from several sources."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking import Candidates, by_rank, fill, follow, round_robin
from recommender.types import Reason, Recommendation

IDS = [f"i{row}" for row in range(50)]

sources = st.lists(
    st.lists(
        st.tuples(
            st.integers(-1, 60),
            st.floats(-2, 1e6, width=32) | st.just(math.nan) | st.just(math.inf),
        ),
        max_size=20,
    ),
    max_size=4,
)


def candidates(name: str, pairs: list[tuple[int, float]]) -> Candidates:
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    scores = np.array([score for _row, score in ordered], dtype=np.float64)
    return Candidates(
        source=name,
        rows=np.array([row for row, _score in ordered], dtype=np.int32),
        scores=scores,
        parts={"text": scores * 0.3, "image": scores * 0.7},
    )


@given(sources, st.integers(0, 30), st.sets(st.integers(0, 49)))
def test_whatever_comes_in_a_list_is_sound(groups: list[list[tuple[int, float]]], k: int, banned: set[int]) -> None:
    found = fill(
        (candidates(f"s{place}", pairs) for place, pairs in enumerate(groups)), item_ids=IDS, k=k, banned=banned
    )
    ids = [one.item_id for one in found]
    assert len(ids) == len(set(ids)) <= k
    assert not {f"i{row}" for row in banned} & set(ids)
    assert all(math.isfinite(one.score) and one.score > 0 for one in found)
    assert all(before.score > after.score for before, after in itertools.pairwise(found))
    assert [one.reason.source for one in found] == sorted(one.reason.source for one in found)
    for one in found:
        assert sum(one.reason.parts.values()) == pytest.approx(one.score, rel=1e-5)


def test_a_later_source_is_scaled_below_the_one_before_with_its_parts() -> None:
    found = fill([candidates("a", [(1, 0.5)]), None, candidates("b", [(2, 40.0), (3, 20.0)])], item_ids=IDS, k=3)
    assert [one.score for one in found] == pytest.approx([0.5, 0.4995, 0.24975])
    assert found[2].reason.parts == pytest.approx({"text": 0.24975 * 0.3, "image": 0.24975 * 0.7})


def test_a_later_source_that_is_below_already_keeps_its_scores() -> None:
    found = fill([candidates("a", [(1, 0.5)]), candidates("b", [(2, 0.25)])], item_ids=IDS, k=2)
    assert found[1].score == 0.25


def test_a_source_is_not_asked_while_the_list_is_full() -> None:
    def lazily() -> object:
        yield candidates("a", [(1, 0.5)])
        raise AssertionError("asked")

    assert len(fill(lazily(), item_ids=IDS, k=1)) == 1  # type: ignore[arg-type]


def test_only_allowed_rows_come() -> None:
    allow = np.zeros(50, dtype=np.bool_)
    allow[2] = True
    assert [one.item_id for one in fill([by_rank("a", np.array([1, 2, 3]))], item_ids=IDS, k=5, allow=allow)] == ["i2"]


def test_follow_appends_what_is_new_and_lower() -> None:
    def one(item_id: str, score: float) -> Recommendation:
        return Recommendation(item_id, score, Reason("x", parts={"behaviour": score}))

    found = follow([one("a", 1.0), one("b", 0.5)], [one("b", 9.0), one("c", 8.0), one("d", 4.0)], k=4)
    assert [each.item_id for each in found] == ["a", "b", "c", "d"]
    assert [each.score for each in found] == pytest.approx([1.0, 0.5, 0.4995, 0.24975])
    assert found[3].reason.parts == pytest.approx({"behaviour": 0.24975})
    assert [each.item_id for each in follow([], [one("c", 8.0), one("d", 4.0)], k=1)] == ["c"]


def test_scores_that_are_a_hair_apart_still_fall_when_they_are_scaled() -> None:
    scores = [0.7]
    for _place in range(9):
        scores.append(math.nextafter(scores[-1], 0.0))
    tied = [Recommendation(f"i{place}", score, Reason("x", parts={"a": score})) for place, score in enumerate(scores)]
    for first in np.random.default_rng(0).random(200).tolist():
        found = follow([Recommendation("first", first, Reason("x", parts={"a": first}))], tied, k=11)
        told = [one.score for one in found]
        assert all(later < earlier for earlier, later in itertools.pairwise(told))
        assert [one.reason.parts["a"] for one in found] == pytest.approx(told, rel=1e-9)


def test_groups_take_turns() -> None:
    assert round_robin(np.array([7, 7, 7, 2, 2, 5])).tolist() == [0, 3, 5, 1, 4, 2]
    assert round_robin(np.array([], dtype=np.int64)).tolist() == []
