"""Also liked, with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners import pairs
from recommender.learners.base import Learner
from recommender.learners.co_occurrence import CoOccurrence, CoOccurrenceOptions
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of, random_log

PLAIN = CoOccurrenceOptions(damping=1.0, shrinkage=1.0, neighbours=3)


class TestCoOccurrence(LearnerBehaviour):
    """The common behaviour."""

    def make(self) -> Learner:
        return CoOccurrence()


# Weights: user 0 has 3 on item 0 (cart) and 4 on item 1 (cart + click); user 1 has 5 on item 1; user 2 has 1 on 0 and 2.
LOG = log_of("0 0 cart\n0 1 cart\n0 1 click\n1 1 purchase\n2 0 click\n2 2 click")


def test_golden_cosines_with_shrinkage() -> None:
    learner = CoOccurrence(PLAIN).fit(LOG)
    one = 3 * 4 / (np.sqrt(10) * np.sqrt(41)) * 1 / 2  # items 0 and 1: user 0 alone
    two = 1 * 1 / (np.sqrt(10) * 1) * 1 / 2  # items 0 and 2: user 2 alone
    assert learner.table.ids.tolist() == [[1, 2, -1], [0, -1, -1], [0, -1, -1]]
    assert learner.table.scores == pytest.approx(np.array([[one, two, 0], [one, 0, 0], [two, 0, 0]]), rel=1e-6)
    assert learner.table.support is not None
    assert learner.table.support.tolist() == [[1, 1, 0], [1, 0, 0], [1, 0, 0]]
    assert learner.item_shoppers.tolist() == [2, 2, 1]


def test_shrinkage_trusts_what_many_share() -> None:
    # Items 0 and 1 share one shopper who has nothing else; items 2 and 3 share three, among others.
    log = log_of("0 0 click\n0 1 click\n1 2 click\n1 3 click\n2 2 click\n2 3 click\n3 2 click\n3 3 click\n4 3 click")
    bold = CoOccurrence(CoOccurrenceOptions(damping=1, shrinkage=0, neighbours=1)).fit(log).table.scores[:, 0]
    careful = CoOccurrence(CoOccurrenceOptions(damping=1, shrinkage=5, neighbours=1)).fit(log).table.scores[:, 0]
    assert bold[0] > bold[2]
    assert careful[0] < careful[2]


def test_damping_keeps_one_who_clicks_a_hundred_times_from_deciding() -> None:
    log = log_of(
        "\n".join(["0 0 click"] * 100 + ["0 1 click"] * 100 + ["1 0 click", "1 2 click", "2 0 click", "2 2 click"])
    )
    loud = CoOccurrence(CoOccurrenceOptions(damping=1, shrinkage=0, neighbours=2)).fit(log)
    fair = CoOccurrence(CoOccurrenceOptions(damping=0, shrinkage=0, neighbours=2)).fit(log)
    assert loud.table.ids[0].tolist() == [1, 2]
    assert fair.table.ids[0].tolist() == [2, 1]


def test_users_get_the_weighted_sum_of_their_items_neighbours() -> None:
    learner = CoOccurrence(PLAIN).fit(LOG)
    one = 3 * 4 / (np.sqrt(10) * np.sqrt(41)) / 2
    two = 1 / np.sqrt(10) / 2
    found = learner.recommend([2], k=3)  # has 1 on items 0 and 2
    assert dict(zip(found.ids[0].tolist(), found.scores[0].tolist(), strict=True)) == {
        0: pytest.approx(two),
        1: pytest.approx(one),
        2: pytest.approx(two),
    }


def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    log = random_log(5, users=60, items=40, actions=900)
    whole = CoOccurrence().fit(log).table
    monkeypatch.setattr(pairs, "BLOCK_ENTRIES", 1)
    seen: list[tuple[int, int]] = []
    piecewise = CoOccurrence(progress=lambda done, total: seen.append((done, total))).fit(log).table
    assert len(seen) == 40
    assert seen[-1] == (40, 40)
    assert whole.ids.tobytes() == piecewise.ids.tobytes()
    assert whole.scores.tobytes() == piecewise.scores.tobytes()


def test_it_equals_the_plain_matrix_product() -> None:
    log = random_log(6)
    table = CoOccurrence(CoOccurrenceOptions(damping=1, shrinkage=2, neighbours=20)).fit(log).table
    dense = np.zeros((30, 20))
    np.add.at(dense, (log.users, log.items), np.array([1.0, 2.0, 3.0, 5.0])[log.kinds])
    norms = np.linalg.norm(dense, axis=0)
    shared = (dense > 0).T.astype(float) @ (dense > 0)
    expected = dense.T @ dense / np.outer(norms, norms) * shared / (shared + 2)
    np.fill_diagonal(expected, 0)
    for item in range(20):
        real = table.ids[item] >= 0
        assert table.scores[item][real] == pytest.approx(expected[item][table.ids[item][real]], rel=1e-5)
        assert int(real.sum()) == int((expected[item] > 0).sum())


def test_options_survive_the_manifest() -> None:
    options = CoOccurrenceOptions(shrinkage=9, kind_weights=(1, 2, 3, 4))
    assert CoOccurrenceOptions.from_json(options.to_json()) == options
