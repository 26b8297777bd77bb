"""The ranker learned: the common behaviour on a log with something to learn, and what it must and must not do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from recommender.learners.base import CannotLearn, NotFitted
from recommender.learners.lesson_rows import Questions, history_of
from recommender.learners.log import ActionLog
from recommender.learners.ranker import RankerLearner, RankerOptions, grow_trees, learn_tables
from recommender.learners.ranking_cases import make_lesson
from recommender.ranker_files import ranker_arrays
from recommender.ranking_features import FEATURES, RETURNING_FEATURES, SIGNALS, VISIT_FEATURES
from recommender.trees import TreeEnsemble
from tests.recommender.learners.behaviour import LearnerBehaviour
from tests.recommender.logs import DAY, log_of, random_log
from tests.recommender.small_ranker import table
from tests.recommender.walks import walks

ITEMS = 20
FEW = RankerOptions(trees=10, fewest_in_leaf=20)


def learner(*, seed: int = 0, options: RankerOptions = FEW) -> RankerLearner:
    return RankerLearner(published=np.ones(ITEMS, dtype=np.bool_), options=options, seed=seed)


@lru_cache
def learned(*, timed: bool = True) -> RankerLearner:
    """Learned once for all tests that only ask."""
    return learner().fit(walks(1, items=ITEMS, timed=timed))


class TestRanker(LearnerBehaviour):
    """The common behaviour; the suite's own logs hold too few questions."""

    def make(self) -> RankerLearner:
        return learner()

    def fitted(self, log: ActionLog | None = None) -> RankerLearner:
        return learned() if log is None else self.make().fit(log)

    def test_fit_gives_itself(self) -> None:
        seen: list[tuple[int, int]] = []
        made = RankerLearner(
            published=np.ones(ITEMS, dtype=np.bool_),
            options=FEW,
            progress=lambda done, total: seen.append((done, total)),
        )
        assert made.fit(walks(1, items=ITEMS)) is made
        assert seen[-1][0] == seen[-1][1] >= 200
        assert seen[-1][0] <= seen[-1][1]
        assert seen == sorted(seen)

    def test_the_same_log_gives_the_same_bytes(self) -> None:
        first, second = (ranker_arrays(one.ranker) for one in (learned(), learner().fit(walks(1, items=ITEMS))))
        assert list(first) == list(second)
        assert {name for name in first if first[name].tobytes() != second[name].tobytes()} == set()

    def test_times_need_not_be_known(self) -> None:
        found = learned(timed=False)
        assert (found.recommend(range(30), k=5).scores[:, 0] > 0).all()
        assert any("transitions is left out" in note for note in found.notes)

    def test_an_empty_log_gives_empty_lists(self) -> None:
        with pytest.raises(CannotLearn, match=r"^0 questions of real shoppers are too few"):
            learner().fit(ActionLog.empty(user_count=2, item_count=ITEMS))

    def test_one_shopper_and_one_item_are_enough_not_to_fail(self) -> None:
        with pytest.raises(CannotLearn, match="too few"):
            learner().fit(log_of("0 0 purchase 1", items=ITEMS))


def test_another_seed_asks_others() -> None:
    first, second = (ranker_arrays(one.ranker) for one in (learned(), learner(seed=1).fit(walks(1, items=ITEMS))))
    assert first["ranker_tree_value"].tobytes() != second["ranker_tree_value"].tobytes()
    assert first["ranker_ease_scores"].tobytes() == second["ranker_ease_scores"].tobytes()


def test_too_few_questions_teach_nothing() -> None:
    with pytest.raises(CannotLearn, match=r"\(200 are needed\)"):
        learner().fit(random_log(1))


def test_simulated_shoppers_teach_nothing() -> None:
    log = walks(1, items=ITEMS)
    with pytest.raises(CannotLearn, match=r"^0 questions of real shoppers"):
        learner().fit(replace(log, simulated=np.ones(len(log), dtype=np.bool_)))


def test_questions_whose_answers_nobody_proposes_teach_nothing() -> None:
    log = walks(1, items=ITEMS)
    lesson = make_lesson(log, published=np.ones(ITEMS, dtype=np.bool_), generator=np.random.default_rng(0))
    assert len(lesson.cases) >= 200
    nothing = np.zeros(ITEMS, dtype=np.bool_)
    with pytest.raises(CannotLearn, match=r"^0 questions"):
        grow_trees(
            Questions(
                lesson=lesson,
                tables=learn_tables(lesson.known, similar=None),
                published=nothing,
                options=FEW,
                seed=0,
            )
        )


def test_what_comes_next_stands_first() -> None:
    """Everybody goes on to the next item; chance would find it among the first three one time in seven."""
    log = walks(1, items=ITEMS)
    found = learned()
    found.in_session = True
    last = np.array([log.items[log.histories.of(user)[-1]] for user in range(200)])
    lists = found.recommend(range(200), k=3).ids
    found.in_session = False
    assert np.mean((lists == ((last + 1) % ITEMS)[:, None]).any(axis=1)) > 0.6


def test_in_session_the_moment_is_the_last_action_and_else_the_end_of_the_log() -> None:
    found, log = learned(), walks(1, items=ITEMS)
    user = int(log.users[int(np.argmin(log.times))])
    history = history_of(log, log.histories.of(user))
    assert log.end - history.times[-1] > 10 * DAY
    for in_session, now in ((True, history.times[-1]), (False, log.end)):
        found.in_session = in_session
        rows, scores = found.ranker.rank(history, now=float(now), k=5)
        found.in_session = in_session
        listed = found.recommend([user], k=5)
        assert listed.ids[0, : len(rows)].tolist() == rows.tolist()
        assert listed.scores[0, : len(rows)] == pytest.approx(scores)
    found.in_session = False


def test_scores_are_probabilities() -> None:
    rows, scores = learned().user_scores(3)
    assert len(np.unique(rows)) == len(rows)
    assert ((scores > 0) & (scores < 1)).all()


def test_more_of_a_signal_never_speaks_against_an_item() -> None:
    ranker = learned().ranker
    assert ranker.returning_trees is not None
    generator = np.random.default_rng(0)
    signals = {signal.name for signal in SIGNALS}
    names = [name for name in VISIT_FEATURES if name.removesuffix("_of_best") in signals]
    assert never_against(ranker.trees, names, generator) > 0
    assert never_against(ranker.returning_trees, [*names, *RETURNING_FEATURES], generator) > 0


def never_against(trees: TreeEnsemble, names: Sequence[str], generator: np.random.Generator) -> int:
    """How many answers rise where one of the features is more, after none has been seen to fall."""
    features = generator.random((300, len(FEATURES))).astype(np.float32)
    before = trees.log_odds(features)
    moved = 0
    for column in map(FEATURES.index, names):
        more = features.copy()
        more[:, column] += generator.random(300).astype(np.float32)
        after = trees.log_odds(more)
        assert (after >= before - 1e-12).all()
        moved += int((after > before).sum())
    return moved


def test_trees_for_those_who_come_back_need_enough_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert learned().ranker.returning_trees is not None
    assert learned(timed=False).ranker.returning_trees is None  # nobody is known to have paused
    lesson = make_lesson(
        walks(1, items=ITEMS), published=np.ones(ITEMS, dtype=np.bool_), generator=np.random.default_rng(0)
    )
    returning = sum(history_of(lesson.log, case.past).returns(case.now) for case in lesson.cases)
    monkeypatch.setattr("recommender.learners.ranker.FEWEST_RETURNING", returning + 1)
    assert learner().fit(walks(1, items=ITEMS)).ranker.returning_trees is None
    monkeypatch.setattr("recommender.learners.ranker.FEWEST_RETURNING", returning)
    assert learner().fit(walks(1, items=ITEMS)).ranker.returning_trees is not None


def test_tables_that_the_log_does_not_allow_are_left_out_and_told() -> None:
    notes: list[str] = []
    near = table({0: {1: 0.5}}, items=ITEMS)
    found = learn_tables(walks(1, items=ITEMS, timed=False), similar=near, notes=notes)
    assert set(found.tables) == {"ease", "leads_to", "also_liked", "similar"}
    left_out = ["ease_lately is left out", "next_item is left out", "transitions is left out"]
    assert [note.partition(":")[0] for note in notes] == left_out
    ordered = learn_tables(walks(1, items=ITEMS), similar=None, also_liked=near, notes=notes)
    assert set(ordered.tables) == {"ease", "ease_lately", "leads_to", "also_liked", "next_item", "transitions"}
    assert ordered.tables["also_liked"] is near
    assert len(notes) == 3


def test_what_is_popular_is_what_most_bought() -> None:
    log = log_of("0 0 purchase\n1 0 purchase\n0 1 purchase\n0 2 favourite\n1 2 click\n2 3 click", items=5)
    assert learn_tables(log, similar=None).popular.tolist() == [0, 1, 2, 3, 4]


def test_nothing_is_known_before_fitting() -> None:
    with pytest.raises(NotFitted):
        _ = learner().ranker
