"""The table of methods in the documentation comes from what ``evaluate`` wrote."""

from __future__ import annotations

from typing import Any

from benchmarks.method_table import method_table


def document(split: str, scores: dict[str, float], **more: Any) -> dict[str, Any]:
    parts = ("overall", "discovery")
    methods = {name: {part: {"ndcg@10": score, "hr@10": 0.5} for part in parts} for name, score in scores.items()}
    return {"split": split, "methods": methods, "cases": {"overall": 9, "discovery": 0}, **more}


def test_methods_stand_best_first_with_dashes_where_nothing_is_known() -> None:
    first = document("time", {"popularity": 0.125, "ease": 0.25})
    second = document("random", {"popularity": 0.5}, rating={"bias": {"rmse": 0.9}, "popularity": {"rmse": 1.25}})
    heading, line, ease, popularity = method_table([first, second]).splitlines()
    assert heading.startswith("| method | time ndcg@10 overall | time hr@10 overall | time ndcg@10 discovery |")
    assert heading.endswith("| random RMSE |")
    assert line.count("|") == heading.count("|")
    assert ease == "| `ease` | .2500 | .5000 | – | – | – | – | – | – | – |"
    assert popularity == "| `popularity` | .1250 | .5000 | – | – | .5000 | .5000 | – | – | 1.2500 |"
