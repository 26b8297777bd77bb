"""The common behaviour of learners that need the order of actions: where it is unknown they say so."""

from __future__ import annotations

import pytest

from recommender.learners.base import CannotLearn
from recommender.learners.log import ActionLog
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import log_of, random_log


class OrderedBehaviour(LearnerBehaviour):
    """Inherit it and say how to make the learner."""

    def test_an_empty_log_gives_empty_lists(self) -> None:
        with pytest.raises(CannotLearn, match="times are known"):
            self.fitted(ActionLog.empty(user_count=2, item_count=3))

    def test_times_need_not_be_known(self) -> None:
        with pytest.raises(CannotLearn, match="times are known"):
            self.fitted(random_log(2, timed=False))

    def test_one_shopper_and_one_item_are_enough_not_to_fail(self) -> None:
        with pytest.raises(CannotLearn, match="times are known"):
            self.fitted(log_of("0 0 purchase 1"))
