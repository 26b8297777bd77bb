"""The model of sequences against loops that write down every past and every future."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.base import Learner
from recommender.learners.log import ActionLog
from recommender.learners.next_item import NextItem, NextItemOptions
from recommender.learners.sequences import Sequences
from recommender.learners.transitions import TransitionOptions, Transitions
from tests.recommender.learners.ordered import OrderedBehaviour
from tests.recommender.logs import DAY, random_log


class TestNextItem(OrderedBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return NextItem(NextItemOptions(ridge=1.0))


class TestManyItems(OrderedBehaviour):
    """The common behaviour where plain transitions stand in."""

    def make(self) -> Learner:
        return NextItem(NextItemOptions(most_items=0))


def brute_force(log: ActionLog, options: NextItemOptions) -> tuple[np.ndarray, np.ndarray]:
    """Σqqᵀ and Σqyᵀ, one action after the other."""
    past = np.zeros((log.item_count, log.item_count))
    future = np.zeros((log.item_count, log.item_count))
    for user in range(log.user_count):
        own = log.histories.of(user)
        own = own[~np.isnan(log.times[own])]
        items = log.items[own[np.argsort(log.times[own], kind="stable")]]
        for present in range(len(items)):
            q, y = np.zeros(log.item_count), np.zeros(log.item_count)
            for back in range(present + 1):
                q[items[present - back]] += options.decay**back
            for ahead in range(1, options.horizon + 1):
                if present + ahead < len(items):
                    y[items[present + ahead]] += options.future_decay ** (ahead - 1)
            past += np.outer(q, q)
            future += np.outer(q, y)
    return past, future


def uneven_log() -> ActionLog:
    """Sequences of 1 … 15 actions, items coming again, some times unknown, the order of the log not that of time."""
    log = random_log(8, users=40, items=12, actions=300)
    generator = np.random.default_rng(8)
    times = generator.permutation(len(log)).astype(np.float64) * DAY
    times[generator.random(len(log)) < 0.1] = np.nan
    return ActionLog(
        users=log.users,
        items=log.items,
        kinds=log.kinds,
        times=times,
        values=log.values,
        simulated=log.simulated,
        user_count=log.user_count,
        item_count=log.item_count,
    )


@pytest.mark.parametrize(
    "options",
    [NextItemOptions(), NextItemOptions(decay=0.75, future_decay=0.9, horizon=2), NextItemOptions(horizon=1)],
    ids=["default", "other decays", "one step"],
)
def test_both_sums_are_those_of_a_loop(options: NextItemOptions) -> None:
    log = uneven_log()
    past, future = brute_force(log, options)
    learner, sequences = NextItem(options), Sequences.of(log)
    assert int(sequences.left.max()) > options.horizon
    assert learner._past(sequences) == pytest.approx(past, rel=1e-5)
    assert learner._future(sequences) == pytest.approx(future, rel=1e-5, abs=1e-5)


def test_the_table_is_the_ridge_regression() -> None:
    log, options = uneven_log(), NextItemOptions(ridge=2.0)
    past, future = brute_force(log, options)
    expected = np.linalg.inv(past + 2.0 * np.eye(12)) @ future
    np.fill_diagonal(expected, 0)
    table = NextItem(options).learn(log)
    found = np.zeros((12, 12))
    for item in range(12):
        real = table.ids[item] >= 0
        found[item, table.ids[item][real]] = table.scores[item][real]
    assert found == pytest.approx(np.maximum(expected, 0), abs=1e-4)
    assert (found > 0).sum() > 30


def test_users_are_asked_by_the_past_it_was_learned_from() -> None:
    log = uneven_log()
    learner = NextItem(NextItemOptions(ridge=2.0)).fit(log)
    own = learner.query(log, log.histories.of(3))
    assert own[1][-1] == 1.0
    assert own[1][-2] == pytest.approx(0.8)
    known = log.times[log.histories.of(3)]
    latest = log.histories.of(3)[int(np.nanargmax(known))]
    assert own[0][-1] == log.items[latest]


def test_above_so_many_items_transitions_stand_in_and_say_so() -> None:
    log = random_log(3)
    learner = NextItem(NextItemOptions(most_items=19, neighbours=7))
    table = learner.learn(log)
    assert learner.note.startswith("20 items are more than 19")
    assert "transitions" in learner.note
    assert table.ids.tobytes() == Transitions(TransitionOptions(neighbours=7)).learn(log).ids.tobytes()
    exactly = NextItem(NextItemOptions(most_items=20))
    exactly.learn(log)
    assert exactly.note == ""
