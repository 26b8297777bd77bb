"""The printed table: every figure under its heading, the interval beside NDCG, and no wider than a terminal."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from recommender.evaluation.report import COLUMNS, Report, table
from recommender.learners.methods import METHODS

WIDEST = 120
FIGURES = dict.fromkeys(COLUMNS, 0.1234) | {"novelty@10": 11.1234, "popularity bias@10": -0.1234}
INTERVAL = {"ndcg@10 low": 0.04118, "ndcg@10 high": 0.04673}
COUNTS = {"overall": 9_000, "discovery": 5_000, "returning": 4_000}


def report(*methods: str, figures: Mapping[str, float]) -> Report:
    slices = dict.fromkeys(COUNTS, figures)
    return Report(split="time", methods=dict.fromkeys(methods, slices), counts=COUNTS)


def test_the_interval_stands_beside_ndcg() -> None:
    lines = table(report("ease", figures={"ndcg@10": 0.044, "hr@10": 0.1} | INTERVAL)).splitlines()
    assert lines[:4] == [
        "method  slice        ndcg         95 %      hr",
        "ease    overall    0.0440  .0412–.0467  0.1000",
        "        discovery  0.0440  .0412–.0467  0.1000",
        "        returning  0.0440  .0412–.0467  0.1000",
    ]
    assert lines[4:6] == ["all figures are of lists of 10", "95 %: interval of ndcg@10, by bootstrap over cases"]


@pytest.mark.parametrize(("low", "high", "shown"), [(0.0, 0.0, ".0000–.0000"), (0.98, 1.0, ".9800–1.0000")])
def test_an_interval_reaches_as_far_as_it_does(low: float, high: float, shown: str) -> None:
    text = table(report("ease", figures={"ndcg@10": 0.5, "ndcg@10 low": low, "ndcg@10 high": high}))
    assert text.splitlines()[1].endswith(f"0.5000  {shown}")


def test_without_intervals_there_is_no_such_column() -> None:
    text = table(report("ease", figures={"ndcg@10": 0.044}))
    assert "95 %" not in text
    assert text.splitlines()[1] == "ease    overall    0.0440"


def test_a_method_without_one_among_others_shows_that() -> None:
    shown, bare = {"ndcg@10": 0.1} | INTERVAL, {"ndcg@10": 0.2}
    both = {"ease": dict.fromkeys(COUNTS, shown), "bare": dict.fromkeys(COUNTS, bare)}
    lines = table(Report(split="time", methods=both, counts=COUNTS)).splitlines()
    assert lines[4].split() == ["bare", "overall", "0.2000", "–"]


def test_no_line_is_wider_than_a_terminal_whatever_the_method_is_called() -> None:
    alone = table(report(*METHODS, figures=FIGURES | INTERVAL))
    beside = {"ease": {"overall": {"ndcg@10": 0.03}}}
    # What ``retrain`` prints: its methods beside the active bundle's.
    methods = ("popularity", "content", "also_liked", "history_sum", "ranker", "ease")
    both = table(report(*methods, figures=FIGURES | INTERVAL), beside=beside)
    for text in (alone, both):
        assert max(map(len, text.splitlines())) <= WIDEST
        assert ".0412–.0467" in text
    lines = both.splitlines()
    assert lines[0].endswith("active")
    assert next(line for line in lines if line.startswith("ease")).endswith("0.0300")
    assert "active: ndcg@10 of the active bundle" in both
    assert "bias: towards what is popular" in both
