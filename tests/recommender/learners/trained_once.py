"""Learners whose fit takes long are fitted once per log and class in the common behaviour suite."""

from __future__ import annotations

from typing import ClassVar

from recommender.learners.base import Learner
from recommender.learners.log import ActionLog
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import random_log

_FITTED: dict[tuple[str, bytes, int], Learner] = {}


class TrainedOnce(LearnerBehaviour):
    """The common behaviour, with every log learned from once."""

    fresh: ClassVar[bool] = False

    def fitted(self, log: ActionLog | None = None) -> Learner:
        log = random_log(1) if log is None else log
        key = (type(self).__name__, log.users.tobytes() + log.items.tobytes() + log.times.tobytes(), log.user_count)
        if key not in _FITTED:
            _FITTED[key] = self.make().fit(log)
        return _FITTED[key]

    def test_fit_gives_itself(self) -> None:
        learner = self.make()
        log = ActionLog.empty(user_count=2, item_count=3)
        assert learner.fit(log) is learner

    def test_the_same_log_gives_the_same_bytes(self) -> None:
        first, second = (
            self.fitted().recommend(range(30), k=10),
            self.make().fit(random_log(1)).recommend(range(30), k=10),
        )
        assert first.ids.tobytes() == second.ids.tobytes()
        assert first.scores.tobytes() == second.scores.tobytes()
