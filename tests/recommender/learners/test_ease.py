"""EASE against its formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.learners.base import CannotLearn, Learner
from recommender.learners.co_occurrence import CoOccurrence, CoOccurrenceOptions
from recommender.learners.ease import Ease, EaseLately, EaseOptions, voices, wanted
from recommender.learners.log import FAVOURITE, ActionLog
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of, random_log


class TestEase(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return Ease(EaseOptions(ridge=1.0))


class TestManyItems(LearnerBehaviour):
    """The common behaviour where co-occurrence stands in."""

    def make(self) -> Learner:
        return Ease(EaseOptions(most_items=2))


class TestEaseLately(LearnerBehaviour):
    """The common behaviour, but that times have to be known."""

    def make(self) -> Learner:
        return EaseLately(EaseOptions(ridge=1.0, fading=0.1))

    def test_an_empty_log_gives_empty_lists(self) -> None:
        with pytest.raises(CannotLearn, match="no time"):
            self.fitted(ActionLog.empty(user_count=2, item_count=3))

    def test_times_need_not_be_known(self) -> None:
        with pytest.raises(CannotLearn, match="no time"):
            self.fitted(random_log(2, timed=False))


def by_formula(log: ActionLog, ridge: float) -> np.ndarray:
    """B = I − P / diag(P), with the negative weights left out."""
    held = np.zeros((log.user_count, log.item_count))
    held[log.users, log.items] = 1
    precision = np.linalg.inv(held.T @ held + ridge * np.eye(log.item_count))
    weights = np.eye(log.item_count) - precision / np.diag(precision)
    np.fill_diagonal(weights, 0)
    return np.maximum(weights, 0)


@pytest.mark.parametrize("ridge", [1.0, 30.0])
def test_it_is_the_formula(ridge: float) -> None:
    log = random_log(3)
    table = Ease(EaseOptions(ridge=ridge)).learn(log)
    expected = by_formula(log.where(log.kinds >= FAVOURITE), ridge)
    found = np.zeros_like(expected)
    for item in range(20):
        real = table.ids[item] >= 0
        found[item, table.ids[item][real]] = table.scores[item][real]
    assert found == pytest.approx(expected, abs=2e-5)
    assert (expected > 0).sum() > 100
    assert (np.diff(table.scores, axis=1) <= 0).all()


def test_a_user_is_scored_by_the_rows_of_what_was_wanted_each_once() -> None:
    log = random_log(3)
    learner = Ease(EaseOptions(ridge=1.0)).fit(log)
    expected = by_formula(log.where(log.kinds >= FAVOURITE), 1.0)
    own = log.histories.of(4)
    chosen = np.unique(log.items[own][log.kinds[own] >= FAVOURITE])
    assert 0 < len(chosen) < len(np.unique(log.items[own]))
    rows, scores = learner.user_scores(4)
    assert scores == pytest.approx(expected[chosen].sum(axis=0)[rows], abs=1e-4)


def test_where_nobody_wanted_anything_every_touch_counts() -> None:
    log = log_of("0 0 click\n0 1 click\n1 0 click\n1 1 click\n2 2 click")
    assert len(wanted(log)) == 5
    assert len(wanted(log_of("0 0 click\n0 1 cart"))) == 1
    learner = Ease(EaseOptions(ridge=1.0)).fit(log)
    assert learner.table.ids.tolist() == [[1, -1, -1], [0, -1, -1], [-1, -1, -1]]
    # P of ((3, 2), (2, 3)) is ((3, −2), (−2, 3)) / 5, so B is 2/3 beside the diagonal.
    assert learner.table.scores[:2, 0].tolist() == pytest.approx([2 / 3, 2 / 3], rel=1e-6)
    assert learner.recommend([0], k=1).ids.tolist() == [[0]]


def test_more_than_k_are_cut() -> None:
    table = Ease(EaseOptions(ridge=1.0, neighbours=3)).learn(random_log(3))
    whole = Ease(EaseOptions(ridge=1.0)).learn(random_log(3))
    assert table.ids.tolist() == whole.ids[:, :3].tolist()


def test_above_so_many_items_co_occurrence_stands_in_and_says_so() -> None:
    log = random_log(3)
    learner = Ease(EaseOptions(most_items=19, neighbours=7))
    table = learner.learn(log)
    assert learner.note.startswith("20 items are more than 19")
    assert "co-occurrence" in learner.note
    other = CoOccurrence(CoOccurrenceOptions(neighbours=7)).fit(log.where(log.kinds >= FAVOURITE)).table
    assert table.ids.tobytes() == other.ids.tobytes()
    exactly = Ease(EaseOptions(most_items=20, ridge=1.0))
    assert exactly.learn(log).ids.shape == (20, 20)
    assert exactly.note == ""


def test_a_voice_fades_by_the_share_of_the_log_that_came_after() -> None:
    log = log_of("0 0 click 1\n0 1 favourite 2\n1 0 click 3\n2 1 click 4\n2 2 cart\n3 0 purchase", items=3)
    # User 0: two of four timed actions came after, user 1: one; nothing is known of when user 3 was here.
    assert voices(log, 0.5) == pytest.approx([np.exp(-1) + 0.1, np.exp(-0.5) + 0.1, 1.1, 0.1])


def test_shoppers_of_late_speak_louder_by_the_formula() -> None:
    log = random_log(3, actions=150)
    log = replace(log, times=np.random.default_rng(0).random(len(log)))
    chosen = log.where(log.kinds >= FAVOURITE)
    held = np.zeros((log.user_count, log.item_count))
    held[chosen.users, chosen.items] = 1
    told = voices(log, 0.2)
    told /= (told[:, None] * held).sum() / held.sum()
    precision = np.linalg.inv(held.T @ (told[:, None] * held) + 2.0 * np.eye(log.item_count))
    expected = np.eye(log.item_count) - precision / np.diag(precision)
    assert told.max() > 2 * told.min()
    table = EaseLately(EaseOptions(ridge=2.0, fading=0.2)).learn(log)
    found = np.zeros_like(expected)
    for item in range(log.item_count):
        real = table.ids[item] >= 0
        found[item, table.ids[item][real]] = table.scores[item][real]
    np.fill_diagonal(expected, 0)
    assert found == pytest.approx(np.maximum(expected, 0), abs=2e-5)
    alike = Ease(EaseOptions(ridge=2.0)).learn(log)
    assert np.abs(alike.scores - table.scores).max() > 0.01


def test_of_late_needs_times_and_no_more_items_than_a_square_can_be_held_of() -> None:
    with pytest.raises(CannotLearn, match="no time of any action"):
        EaseLately().learn(log_of("0 0 favourite\n0 1 favourite", items=2))
    with pytest.raises(CannotLearn, match="20 items are more than 19"):
        EaseLately(EaseOptions(most_items=19, fading=0.1)).learn(random_log(3))
