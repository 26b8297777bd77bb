"""Two towers: the common behaviour, histories, and what they learn."""

from __future__ import annotations

import numpy as np

from recommender.learners.base import Learner
from recommender.learners.two_tower import TwoTower, TwoTowerOptions, _Sequences
from tests.recommender.film_shop import FILMS, film_context, film_log, own_taste
from tests.recommender.learners.trained_once import TrainedOnce
from tests.recommender.logs import log_of

TINY = TwoTowerOptions(dims=8, past=4, epochs=2, batch=512)
SMALL = TwoTowerOptions(dims=16, past=6, epochs=8, batch=60, learning_rate=0.03)


class TestTwoTower(TrainedOnce):
    """The common behaviour."""

    def make(self) -> Learner:
        return TwoTower(options=TINY)


def test_everybody_gets_films_of_their_taste() -> None:
    learner = TwoTower(film_context(), SMALL).fit(film_log().where(film_log().kinds > 0))
    lists = learner.recommend(range(40), k=5).ids
    assert np.mean([own_taste(user, row) for user, row in enumerate(lists)]) > 0.85
    assert len(learner.curve) == 8
    assert learner.curve[-1]["loss"] < learner.curve[0]["loss"]


def test_an_item_that_nobody_touched_gets_its_place_from_what_it_is() -> None:
    learner = TwoTower(film_context(), SMALL).fit(film_log().where(film_log().kinds > 0))
    near = learner.similar_items([FILMS - 1], k=6).ids[0]
    assert own_taste(FILMS - 1, near) > 0.6


def test_the_past_is_what_came_before_latest_first_without_the_item_itself() -> None:
    log = log_of("0 5 click 3\n0 6 cart 1\n1 9 click 1\n0 7 purchase 2\n0 5 click 4")
    sequences = _Sequences.of(log, past=3)
    assert sequences.items.tolist() == [6, 7, 5, 5, 9]
    items, kinds = sequences.before(np.array([0, 2, 3, 4]))
    assert items.tolist() == [[-1, -1, -1], [7, 6, -1], [-1, 7, 6], [-1, -1, -1]]
    assert kinds[1].tolist() == [3, 2, 0]


def test_without_times_the_past_is_whatever_else_was_done() -> None:
    log = log_of("0 5 click\n0 6 cart\n0 7 purchase\n1 9 click")
    items, _kinds = _Sequences.of(log, past=5).before(np.array([0, 1, 3]))
    assert items.tolist() == [[7, 6, -1, -1, -1], [5, 7, -1, -1, -1], [-1] * 5]
    shuffled = _Sequences.of(log, past=5).shuffled(np.random.default_rng(1))
    assert sorted(shuffled.items.tolist()) == [5, 6, 7, 9]
    assert shuffled.users.tolist() == [0, 0, 0, 1]
    timed = _Sequences.of(log_of("0 5 click 1\n0 6 click 2"), past=2)
    assert timed.shuffled(np.random.default_rng(1)) is timed


def test_lists_are_asked_for_with_the_last_actions_of_unknown_times_the_strongest() -> None:
    timed = log_of("0 5 click 3\n0 6 cart 1\n2 7 click 2")
    items, _kinds = _Sequences.of(timed, past=2).last(np.random.default_rng(0))
    assert items.tolist() == [[5, 6], [-1, -1], [7, -1]]
    untimed = log_of("0 5 purchase\n0 6 click\n0 7 cart")
    items, kinds = _Sequences.of(untimed, past=2).last(np.random.default_rng(0))
    assert items.tolist() == [[5, 7]]
    assert kinds.tolist() == [[3, 2]]


def test_nothing_of_the_future_is_in_a_past() -> None:
    log = film_log(seed=3)
    sequences = _Sequences.of(log, past=20)
    items, _kinds = sequences.before(np.arange(len(log)))
    for place in range(len(log)):
        first = sequences.starts[sequences.users[place]]
        earlier = set(sequences.items[first:place].tolist())
        assert set(items[place][items[place] >= 0].tolist()) <= earlier
