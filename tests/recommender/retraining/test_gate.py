"""The gate's word, for every situation it can be in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.metrics import CaseScores
from recommender.evaluation.report import MethodScores
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
