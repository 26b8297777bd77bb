"""How the reports of Lighthouse are read."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.lighthouse import Score, category_score, score_of, transferred


def report(*, paint: float = 1800.0, shift: float = 0.0, crawlable: int = 1) -> dict[str, Any]:
    """A report with two audits a category, the second one of weight 3."""
    names = ("performance", "accessibility", "best-practices", "seo")
    audits: dict[str, Any] = {f"{name}-{part}": {"score": 1} for name in names for part in ("a", "b")}
    audits |= {
        "is-crawlable": {"score": crawlable},
        "not-here": {"score": None},
        "largest-contentful-paint": {"numericValue": paint},
        "total-blocking-time": {"numericValue": 20.4},
        "cumulative-layout-shift": {"numericValue": shift},
        "network-requests": {
            "details": {
                "items": [
                    {"resourceType": "Document", "transferSize": 20_000},
                    {"resourceType": "Font", "transferSize": 50_000},
                    {"resourceType": "Image", "transferSize": 900_000},
                    {"transferSize": 10},
                ]
            }
        },
    }
    categories = {
        name: {
            "auditRefs": [
                {"id": f"{name}-a", "weight": 1},
                {"id": f"{name}-b", "weight": 3},
                {"id": "not-here", "weight": 5},
                {"id": "largest-contentful-paint", "weight": 0},
            ]
        }
        for name in names
    }
    categories["seo"]["auditRefs"].append({"id": "is-crawlable", "weight": 4})
    return {"audits": audits, "categories": categories}


def test_audits_count_by_their_weight() -> None:
    read = report()
    read["audits"]["performance-b"]["score"] = 0.5
    assert category_score(read, "performance") == pytest.approx(62.5)


def test_a_search_page_need_not_be_found() -> None:
    read = report(crawlable=0)
    assert category_score(read, "seo") == pytest.approx(50)
    assert category_score(read, "seo", without="is-crawlable") == pytest.approx(100)
    assert (score_of("search", [read]).seo, score_of("home", [read]).seo) == (100, 50)


def test_pictures_are_left_out_of_the_weight() -> None:
    assert transferred(report()) == 70_010


def test_the_median_counts_but_the_worst_shift() -> None:
    score = score_of("home", [report(paint=1000), report(paint=3000, shift=0.0123), report(paint=2000)])
    assert (score.paint_ms, score.blocking_ms, score.shift) == (2000, 20, 0.012)
    assert score.misses == ["layout shift 0.012"]


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, []),
        ({"performance": 94}, ["performance 94 < 95"]),
        ({"best_practices": 99}, ["best-practices 99 < 100"]),
        ({"bytes": 150_001}, ["150,001 bytes > 150,000"]),
    ],
)
def test_a_missed_bound_is_named(change: dict[str, int], missed: list[str]) -> None:
    sound: dict[str, Any] = {
        "page": "home",
        "performance": 95,
        "accessibility": 100,
        "best_practices": 100,
        "seo": 100,
        "paint_ms": 1,
        "blocking_ms": 1,
        "shift": 0.0,
        "bytes": 150_000,
    }
    assert Score(**(sound | change)).misses == missed
