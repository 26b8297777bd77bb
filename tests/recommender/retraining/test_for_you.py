"""Which method fills *for you*: the better one by what people did, and nothing changes where they did too little."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
import pytest

from recommender.configuration import Configuration
from recommender.evaluation.report import MethodScores
from recommender.learners.log import ActionLog
from recommender.learners.ranker import RankerLearner, RankerOptions
from recommender.ranker import Ranker
from recommender.ranker_files import ranker_arrays
from recommender.ranking_features import ShopperHistory
from recommender.retraining import for_you
from recommender.retraining.for_you import RANKER, ForYouChoice, choose_for_you, served_ranker
from recommender.retraining.gate import JUDGED_METHOD, Candidate, Examination
from tests.recommender.small_ranker import table
from tests.recommender.walks import walks

ITEMS = 30
EVERY = np.ones(ITEMS, dtype=np.bool_)
FEW = RankerOptions(trees=15, fewest_in_leaf=20)


def judged(log: ActionLog, options: RankerOptions = FEW) -> tuple[ForYouChoice, dict[str, MethodScores]]:
    """The choice, and the figures it was made by."""
    examination = Examination.prepare(log, published=EVERY, split="time", seed=0)
    candidate = Candidate(configuration=Configuration(), similar=None)
    scores = {JUDGED_METHOD: examination.history_scores(candidate)}
    return choose_for_you(examination, scores, similar=None, also_liked=None, options=options, seed=0), scores


@lru_cache
def on_walks() -> tuple[ForYouChoice, dict[str, MethodScores]]:
    return judged(walks(1))


def test_where_order_tells_what_comes_next_the_ranker_is_chosen() -> None:
    choice, scores = on_walks()
    assert choice.method == RANKER
    assert choice.scores is scores[RANKER]
    assert choice.judged is not None
    assert "better than the history sum beyond noise" in choice.why
    before, after = (float(scores[name].cases.ndcg.mean()) for name in (JUDGED_METHOD, RANKER))
    assert after > before + 0.05
    assert f"{after:.4f} against {before:.4f}" in choice.why


def test_where_nothing_can_be_learned_the_sum_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: purchases of chance, of which no method knows more than another."""
    log = walks(1)
    items = np.random.default_rng(5).integers(0, ITEMS, len(log)).astype(np.int32)
    choice, scores = judged(replace(log, items=items))
    assert RANKER in scores
    assert choice.method == JUDGED_METHOD
    assert choice.judged is None
    assert choice.scores is scores[JUDGED_METHOD]
    assert "not better beyond noise" in choice.why


def test_few_real_cases_choose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = walks(1, users=60)
    choice, scores = judged(log)
    assert (choice.method, choice.judged) == (JUDGED_METHOD, None)
    assert list(scores) == [JUDGED_METHOD]
    assert "cases of real shoppers are too few to choose by (50 are needed)" in choice.why
    # The guard is what keeps it out: with it off the ranker is asked.
    monkeypatch.setattr(for_you, "FEWEST_CASES", 1)
    choice, _scores = judged(log)
    assert "questions of real shoppers are too few" in choice.why


def test_simulated_shoppers_choose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = walks(1)
    choice, scores = judged(replace(log, simulated=np.ones(len(log), dtype=np.bool_)))
    assert choice.method == JUDGED_METHOD
    assert "0 cases of real shoppers" in choice.why
    assert list(scores) == [JUDGED_METHOD]


def test_enough_cases_but_too_few_questions_leave_the_ranker_out() -> None:
    # People enough to judge by, but most of what the training part holds is made up.
    log = walks(1)
    cut = float(np.quantile(log.times, 0.9))
    late = np.unique(log.users[log.times > cut])
    some = replace(log, simulated=~np.isin(log.users, late[: len(late) * 3 // 4]))
    choice, scores = judged(some)
    assert list(scores) == [JUDGED_METHOD]
    assert "too few" in choice.why


def served(choice: ForYouChoice, log: ActionLog, **changes: Any) -> tuple[Ranker, tuple[str, ...]]:
    assert choice.judged is not None
    settings: dict[str, Any] = {"similar": None, "also_liked": None, "published": EVERY, "options": FEW, "seed": 0}
    return served_ranker(choice.judged, log, **settings | changes)


def test_what_is_served_learned_from_everything() -> None:
    choice, _scores = on_walks()
    assert choice.judged is not None
    near = table({0: {1: 0.5}}, items=ITEMS)
    ranker, notes = served(choice, walks(1), also_liked=near, published=np.arange(ITEMS) != 4)
    assert ranker.tables.tables["also_liked"] is near
    before, after = ranker_arrays(choice.judged), ranker_arrays(ranker)
    for name in ("ranker_ease_scores", "ranker_tree_value"):
        assert before[name].tobytes() != after[name].tobytes()
    assert 4 not in ranker.tables.popular
    assert len(ranker.tables.popular) == ITEMS - 1
    assert notes == ()
    rows, _found = ranker.rank(ShopperHistory.of([7], [0], [0.0]), now=1.0, k=2)
    assert 8 in rows


def test_the_same_seed_teaches_the_same() -> None:
    choice, _scores = on_walks()
    once, again, other = (ranker_arrays(served(choice, walks(1), seed=seed)[0]) for seed in (0, 0, 1))
    name = "ranker_tree_value"
    assert once[name].tobytes() == again[name].tobytes() != other[name].tobytes()


def test_the_judged_trees_stay_where_everything_teaches_none() -> None:
    choice, _scores = on_walks()
    assert choice.judged is not None
    ranker, notes = served(choice, walks(1), options=replace(FEW, most_questions=10))
    assert ranker.trees is choice.judged.trees
    assert notes[0].startswith("The trees are those that were judged: ")


def test_fewer_questions_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Noted(RankerLearner):
        def fit(self, log: ActionLog) -> Self:
            asked.append(self.options.most_questions)
            return super().fit(log)

    monkeypatch.setattr(for_you, "RankerLearner", Noted)
    judged(walks(1))
    assert asked == [2_500]
