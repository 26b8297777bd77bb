"""Counts what happened while serving, so that quiet degradation can be seen.

A panel never makes a page fail; what it fell back to, and why, is counted here
and read by the metrics page. Counting is a dictionary update under a lock:
cheap enough for every panel of every page.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock

_counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
_lock = Lock()


def count(name: str, **labels: str) -> None:
    """Add one to the counter ``name`` with these labels, such as ``panel="similar"``."""
    key = (name, tuple(sorted(labels.items())))
    with _lock:
        _counts[key] += 1


def counted(name: str, **labels: str) -> int:
    """How often ``name`` was counted in this process with all of ``labels``; other labels may hold anything."""
    wanted = set(labels.items())
    with _lock:
        return sum(number for (key, found), number in _counts.items() if key == name and wanted <= set(found))


def all_counts() -> dict[tuple[str, tuple[tuple[str, str], ...]], int]:
    """A copy of every counter of this process: (name, sorted labels) to number."""
    with _lock:
        return dict(_counts)
