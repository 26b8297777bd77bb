"""Transitions counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.learners import transitions
from recommender.learners.base import Learner
from recommender.learners.transitions import RECENT_DECAY, SmoothedTransitions, TransitionOptions, Transitions
from tests.recommender.learners.ordered import OrderedBehaviour
from tests.recommender.logs import log_of
from tests.recommender.small_ranker import table

OPTIONS = TransitionOptions(steps=2, decay=0.5, weaker=1.0, popularity=1.0, shrinkage=2.0, prior=3.0, neighbours=3)
# One goes 0 → 1 → 2, another 0 → 1; what has no time follows nothing.
LOG = log_of("0 0 click 1\n0 1 click 2\n0 2 purchase 3\n1 1 click 9\n1 0 click 8\n1 2 click -")


class TestTransitions(OrderedBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return Transitions()


class TestSmoothedTransitions(OrderedBehaviour):
    """The common behaviour where neighbours lend."""

    def make(self) -> Learner:
        return SmoothedTransitions()


def test_golden_scores() -> None:
    table = Transitions(OPTIONS).learn(LOG)
    # Counts: 0→1 twice, 1→2 once, 0→2 half. Leaving: 2.5 + 2, 1 + 2. Arriving: 2 + 3, 1.5 + 3.
    assert table.ids.tolist() == [[1, 2, -1], [2, -1, -1], [-1, -1, -1]]
    expected = [[2 / 4.5 / 5, 0.5 / 4.5 / 4.5, 0], [1 / 3 / 4.5, 0, 0], [0, 0, 0]]
    assert table.scores == pytest.approx(np.array(expected), rel=1e-6)


def test_what_comes_after_is_not_what_came_before() -> None:
    table = Transitions(OPTIONS).learn(LOG)
    assert 0 not in table.ids


def test_an_item_that_follows_itself_is_no_neighbour_of_its_own() -> None:
    table = Transitions(OPTIONS).learn(log_of("0 0 click 1\n0 0 click 2\n0 1 click 3"))
    assert table.ids.tolist() == [[1, -1, -1], [-1, -1, -1]]
    # 0→0 once, 0→1 once and once a step further: 1.5 of 2.5 leaving, all of 1.5 arriving.
    assert float(table.scores[0, 0]) == pytest.approx(1.5 / 4.5 / 4.5, rel=1e-6)


def test_a_click_counts_less_before_and_after_what_was_wanted() -> None:
    options = replace(OPTIONS, weaker=0.5)
    table = Transitions(options).learn(LOG)
    # Counts: 0→1 twice with clicks on both sides (¼ each), 1→2 to a purchase (½), 0→2 two steps on (½ · ½).
    assert table.ids.tolist() == [[1, 2, -1], [2, -1, -1], [-1, -1, -1]]
    expected = [[0.5 / 2.75 / 3.5, 0.25 / 2.75 / 3.75, 0], [0.5 / 2.5 / 3.75, 0, 0], [0, 0, 0]]
    assert table.scores == pytest.approx(np.array(expected), rel=1e-6)


def test_users_are_asked_by_their_latest_first() -> None:
    learner = Transitions(OPTIONS).fit(LOG)
    rows, scores = learner.user_scores(0)
    table = learner.table
    expected = {1: RECENT_DECAY**2 * table.scores[0, 0]}
    expected[2] = RECENT_DECAY**2 * table.scores[0, 1] + RECENT_DECAY * table.scores[1, 0]
    assert dict(zip(rows.tolist(), scores.tolist(), strict=True)) == pytest.approx(expected)


def test_an_item_borrows_what_came_after_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transitions, "BORROWED", 4.0)
    # Item 2 is near to items 0 and 1, three times as near to 0; nothing is near to any other.
    near = table({2: {0: 0.6, 1: 0.2}}, items=3)
    found = SmoothedTransitions(OPTIONS, also_liked=near).learn(LOG)
    # Of what came after 0 item 1 is four fifths and item 2 the rest; after 1 came item 2 alone, and 2 is not its own.
    assert found.ids.tolist() == [[1, 2, -1], [2, -1, -1], [1, -1, -1]]
    lent = 4 * 0.75 * 0.8
    expected = [[2 / 6.5 / 5, 0.5 / 6.5 / 4.5, 0], [1 / 5 / 4.5, 0, 0], [lent / 4 / 5, 0, 0]]
    assert found.scores == pytest.approx(np.array(expected), rel=1e-6)


@pytest.mark.parametrize(("times", "first"), [(1, 2), (2_000, 1)])
def test_where_much_is_known_little_is_borrowed(times: int, first: int) -> None:
    # What was left for item 1 has a neighbour, item 3, that was always left for item 2.
    own = "\n".join(f"{user} 0 click {user}.1\n{user} 1 click {user}.2" for user in range(times))
    lent = "\n".join(f"{user} 3 click {user}.1\n{user} 2 click {user}.2" for user in range(times, 2 * times))
    near = table({0: {3: 1.0}}, items=4)
    options = replace(OPTIONS, popularity=0.0)
    smoothed = SmoothedTransitions(options, also_liked=near).learn(log_of(f"{own}\n{lent}"))
    assert smoothed.ids[0].tolist() == [first, 3 - first, -1]
    assert Transitions(options).learn(log_of(f"{own}\n{lent}")).ids[0].tolist() == [1, -1, -1]


def test_what_follows_itself_lends_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transitions, "BORROWED", 4.0)
    near = table({0: {1: 1.0}}, items=3)
    log = log_of("0 1 click 1\n0 1 click 2\n0 2 click 3")
    # Of what came after item 1 a share of two fifths was item 1 itself: 1 of 2.5, with one step decaying to a half.
    smoothed = SmoothedTransitions(replace(OPTIONS, popularity=0.0), also_liked=near).learn(log)
    assert smoothed.ids[0].tolist() == [2, -1, -1]
    assert float(smoothed.scores[0, 0]) == pytest.approx(4 * 0.6 / 4, rel=1e-6)
