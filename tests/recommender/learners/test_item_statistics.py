"""What the log says of each item, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.item_statistics import conversions, item_facts
from recommender.learners.log import ActionLog
from recommender.ranking_features import ITEM_FACTS
from tests.recommender.logs import log_of

LOG = log_of(
    "0 0 click 1\n0 0 cart 2\n0 0 purchase 3\n1 0 cart 4\n1 0 cart 5\n2 0 click 6\n"
    "0 1 favourite 7\n3 1 click 8\n3 1 click 9\n1 1 purchase 10",
    items=3,
)


def column(log: ActionLog, name: str) -> list[float]:
    found: list[float] = item_facts(log)[:, ITEM_FACTS.index(name)].tolist()
    return found


def test_numbers_of_users() -> None:
    assert column(LOG, "users") == [3, 3, 0]
    assert column(LOG, "wanted_users") == [2, 2, 0]
    assert column(LOG, "cart_users") == [2, 0, 0]
    assert column(LOG, "buyers") == [1, 1, 0]


def test_shares_are_smoothed_towards_the_shops_average() -> None:
    wanted, bought, carted = 4 / 6, 2 / 6, 1 / 2
    assert column(LOG, "wanted_share") == pytest.approx([(2 + 10 * wanted) / 13] * 2 + [wanted])
    assert column(LOG, "bought_share") == pytest.approx([(1 + 10 * bought) / 13] * 2 + [bought])
    # Of those who put item 0 in the cart one bought it; who bought item 1 had not put it there.
    assert column(LOG, "cart_conversion") == pytest.approx([(1 + 10 * carted) / 12, carted, carted])


def test_recent_shares() -> None:
    # The latest tenth of ten actions is the last one, and so is the latest fiftieth.
    assert column(LOG, "lately") == pytest.approx([1 / 16, 2 / 14, 0.1])
    assert column(LOG, "just_now") == pytest.approx([0.2 / 16, 1.2 / 14, 0.02])


def test_without_times_only_recent_shares_are_missing() -> None:
    facts = item_facts(log_of("0 0 click\n1 1 purchase"))
    missing = np.asarray(np.isnan(facts).all(axis=0))
    assert [ITEM_FACTS[place] for place in np.flatnonzero(missing)] == ["lately", "just_now"]
    assert not np.isnan(facts[:, ~missing]).any()


def test_an_empty_log_has_facts_too() -> None:
    facts = item_facts(ActionLog.empty(user_count=0, item_count=2))
    assert facts.shape == (2, len(ITEM_FACTS))
    assert facts.dtype == np.float32


def test_conversions_go_to_what_is_worth_guessing() -> None:
    few = conversions(LOG)  # nothing is done by fifty users, so every touch is as far as is guessed
    assert few == pytest.approx([1.0, 1.0, 1.0])
    many = log_of("\n".join(f"{user} 0 purchase\n{user} 1 click" for user in range(50)))
    assert conversions(many) == pytest.approx([(50 + 5) / 60, 5 / 60])
