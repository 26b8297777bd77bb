"""Counting quiet failures."""

from __future__ import annotations

import threading

from recommender.counters import all_counts, count, counted


def test_labels_are_counted_apart_and_together() -> None:
    count("test_fallback", panel="similar", source="newest")
    count("test_fallback", panel="similar", source="content")
    assert counted("test_fallback", panel="similar") == 2
    assert counted("test_fallback", source="newest") == 1
    assert counted("test_fallback", source="nothing") == 0
    assert all_counts()["test_fallback", (("panel", "similar"), ("source", "newest"))] == 1


def test_no_count_is_lost_between_threads() -> None:
    def count_often() -> None:
        for _time in range(2_000):
            count("test_threads")

    threads = [threading.Thread(target=count_often) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted("test_threads") == 8_000
