"""What every learner must do, whatever it learns; each learner's tests inherit this."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pytest

from recommender.learners.base import Learner, NotFitted
from recommender.learners.log import ActionLog
from tests.recommender.logs import log_of, random_log


class LearnerBehaviour(ABC):
    """Inherit it and say how to make the learner."""

    @abstractmethod
    def make(self) -> Learner: ...

    def fitted(self, log: ActionLog | None = None) -> Learner:
        return self.make().fit(random_log(1) if log is None else log)

    def test_fit_gives_itself(self) -> None:
        learner = self.make()
        assert learner.fit(random_log(1)) is learner

    def test_asking_before_fitting_is_an_error(self) -> None:
        with pytest.raises(NotFitted):
            self.make().recommend([0], k=1)
        with pytest.raises(NotFitted):
            self.make().similar_items([0], k=1)

    def test_shapes_types_and_order(self) -> None:
        for found in (self.fitted().recommend([0, 1, 2], k=5), self.fitted().similar_items([3, 4, 5], k=5)):
            assert found.ids.shape == found.scores.shape == (3, 5)
            assert found.ids.dtype == np.dtype(np.int32)
            assert found.scores.dtype == np.dtype(np.float32)
            assert (np.diff(found.scores, axis=1) <= 0).all()
            assert (found.ids >= 0).any()

    def test_no_item_comes_twice(self) -> None:
        for row in self.fitted().recommend(range(30), k=20).ids:
            real = row[row >= 0]
            assert len(np.unique(real)) == len(real)

    def test_excluded_items_never_come(self) -> None:
        learner = self.fitted()
        free = learner.recommend(range(30), k=20)
        longest = int(np.argmax((free.ids >= 0).sum(axis=1)))
        exclude = [free.ids[longest][:2], np.zeros(0, dtype=np.int32)]
        assert (exclude[0] >= 0).all()
        found = learner.recommend([longest, longest], k=20, exclude=exclude)
        assert not np.isin(found.ids[0], exclude[0]).any()
        assert found.ids[1].tolist() == free.ids[longest].tolist()

    def test_only_allowed_items_come(self) -> None:
        allow = np.arange(20) < 7
        for found in (
            self.fitted().recommend(range(30), k=20, allow=allow),
            self.fitted().similar_items(range(20), k=20, allow=allow),
        ):
            assert (found.ids < 7).all()

    def test_an_item_never_goes_with_itself(self) -> None:
        found = self.fitted().similar_items(range(20), k=20)
        assert not (found.ids == np.arange(20)[:, None]).any()

    def test_more_than_there_is_is_padded(self) -> None:
        found = self.fitted().recommend([0], k=50)
        assert found.ids.shape == (1, 50)
        assert found.ids[0, -1] == -1
        assert found.scores[0, -1] == 0

    def test_a_shorter_list_is_the_front_of_a_longer_one(self) -> None:
        learner = self.fitted()
        assert learner.recommend([4], k=3).ids.tolist() == learner.recommend([4], k=10).ids[:, :3].tolist()

    def test_the_same_log_gives_the_same_bytes(self) -> None:
        first, second = self.fitted().recommend(range(30), k=10), self.fitted().recommend(range(30), k=10)
        assert first.ids.tobytes() == second.ids.tobytes()
        assert first.scores.tobytes() == second.scores.tobytes()

    def test_an_empty_log_gives_empty_lists(self) -> None:
        learner = self.fitted(ActionLog.empty(user_count=2, item_count=3))
        assert (learner.recommend([0, 1], k=4).ids == -1).all()

    def test_no_users_give_no_lists(self) -> None:
        assert self.fitted().recommend([], k=4).ids.shape == (0, 4)

    def test_times_need_not_be_known(self) -> None:
        assert (self.fitted(random_log(2, timed=False)).recommend(range(30), k=5).scores[:, 0] > 0).any()

    def test_one_shopper_and_one_item_are_enough_not_to_fail(self) -> None:
        learner = self.fitted(log_of("0 0 purchase 1"))
        assert learner.recommend([0], k=2).ids.shape == (1, 2)
        assert learner.similar_items([0], k=2).ids.tolist() == [[-1, -1]]
