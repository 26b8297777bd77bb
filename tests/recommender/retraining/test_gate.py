"""The gate's word, for every situation it can be in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.metrics import CaseScores
from recommender.evaluation.report import MethodScores
from recommender.learners.popularity import Popularity
from recommender.retraining.gate import FEWEST_CASES, Examination, decide
from tests.recommender.logs import random_log


def examination(*, users: int = 90, simulated: bool = False) -> Examination:
    log = random_log(1, users=users, actions=users * 12)
    if simulated:
        log = replace(log, simulated=np.ones(len(log), dtype=np.bool_))
    return Examination.prepare(log, published=np.ones(20, dtype=np.bool_), split="last", seed=0)


def figures(count: int, mean: float, *, seed: int = 0) -> MethodScores:
    values = np.clip(mean + np.random.default_rng(seed).normal(0, 0.05, count), 0, 1)
    return MethodScores(cases=CaseScores(ndcg=values, recall=values, hit=values, reciprocal_rank=values), means={})


def test_enough_cases_for_the_tests_below() -> None:
    assert len(examination().cases) >= FEWEST_CASES
    assert len(examination(users=20).cases) < FEWEST_CASES


@pytest.mark.parametrize(
    ("new", "old", "activated", "words"),
    [
        (0.5, 0.3, True, "not worse beyond noise"),
        (0.3, 0.3, True, "not worse beyond noise"),
        (0.1, 0.3, False, "worse beyond noise"),
    ],
)
def test_what_is_worse_beyond_noise_stays_out(new: float, old: float, words: str, *, activated: bool) -> None:
    exam = examination()
    count = len(exam.cases)
    decision = decide(exam, new=figures(count, new), old=figures(count, old, seed=1), same=False, seed=0)
    assert decision.activate is activated
    assert words in decision.reason
    low, high = decision.figures["interval"]
    assert low < new - old + 0.02
    assert high > new - old - 0.02


def test_simulated_shoppers_do_not_decide_even_where_the_new_one_is_far_worse() -> None:
    exam = examination(simulated=True)
    count = len(exam.cases)
    decision = decide(exam, new=figures(count, 0.1), old=figures(count, 0.9), same=False, seed=0)
    assert decision.activate
    assert "0 cases of real shoppers are too few" in decision.reason


def test_few_cases_do_not_decide() -> None:
    exam = examination(users=20)
    count = len(exam.cases)
    assert decide(exam, new=figures(count, 0.1), old=figures(count, 0.9), same=False, seed=0).activate


def test_the_first_bundle_and_an_unchanged_configuration_pass() -> None:
    exam = examination()
    new = figures(len(exam.cases), 0.2)
    assert "no bundle was active" in decide(exam, new=new, old=None, same=False, seed=0).reason
    assert "same configuration" in decide(exam, new=new, old=new, same=True, seed=0).reason


def mixed(people: int, *, simulated: int = 90) -> Examination:
    """A log of some people and more simulated shoppers."""
    log = random_log(1, users=people + simulated, actions=(people + simulated) * 12)
    log = replace(log, simulated=log.users >= people)
    return Examination.prepare(log, published=np.ones(20, dtype=np.bool_), split="last", seed=0)


def test_a_handful_of_people_leaves_the_table_to_simulated_shoppers_who_decide_nothing() -> None:
    exam = mixed(3)
    assert exam.split.hidden.simulated.all()
    assert len(exam.cases) >= FEWEST_CASES
    assert "People make only 2 cases, 50 are needed" in exam.report({}).notes[0]
    count = len(exam.cases)
    assert decide(exam, new=figures(count, 0.1), old=figures(count, 0.9), same=False, seed=0).activate
    # negative control: enough people speak for themselves
    assert not mixed(90).split.hidden.simulated.any()
    assert not any("People make" in note for note in mixed(90).report({}).notes)


def test_few_people_still_speak_where_simulated_shoppers_are_fewer() -> None:
    assert not mixed(20, simulated=2).split.hidden.simulated.any()


def test_every_figure_of_a_method_is_there() -> None:
    exam = examination()
    found = exam.scores(Popularity())
    assert found.means["discovery"].keys() == {
        "ndcg@10", "recall@10", "hr@10", "mrr@10", "coverage@10", "novelty@10", "popularity@10", "popularity bias@10",
        "ndcg@10 low", "ndcg@10 high",
    }  # fmt: skip
    overall = found.means["overall"]
    assert overall["ndcg@10 low"] < overall["ndcg@10"] < overall["ndcg@10 high"]
    assert found.coverage[-1] == overall["coverage@10"]
    assert found.seconds > 0
    report = exam.report({"popularity": found}).to_json()
    assert len(report["coverage"]["popularity"]) == 10
    assert "Diversity is left out: nothing tells how alike two items are." in report["notes"]
