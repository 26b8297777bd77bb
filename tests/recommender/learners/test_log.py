"""The log as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.log import ActionLog, Floats
from tests.recommender.film_shop import film_log
from tests.recommender.logs import DAY


def test_the_end_is_the_last_known_time() -> None:
    log = film_log()
    assert log.end == 11 * DAY
    assert log.where(log.times < 3 * DAY).end == 2 * DAY
    assert np.isnan(log.where(log.times < 0).end)
    assert np.isnan(ActionLog.empty(user_count=2, item_count=2).end)


def test_the_end_is_looked_for_once_however_many_users_are_ranked_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a million actions each look takes milliseconds, and rankers ask for every user."""
    log = film_log()
    looks: list[int] = []
    latest = np.nanmax

    def counted(times: Floats) -> float:
        looks.append(len(times))
        return float(latest(times))

    monkeypatch.setattr(np, "nanmax", counted)
    assert [log.end for _user in range(3)] == [11 * DAY] * 3
    assert looks == [len(log)]
