"""Keeps a shelf from showing the same thing twelve times: relevance against likeness, and chance that repeats itself.

*Maximal marginal relevance* (Carbonell and Goldstein, SIGIR 1998) chooses one
item after the other by ``(1 − d) · relevance − d · likeness to what was chosen
already``. It decides which items stand on a shelf; in which order, their
scores decide. NumPy only: web workers import this.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from recommender.ranking import FloatArray
from recommender.types import Recommendation

# With fewer categories on offer a cap would only push the best out.
FEWEST_CATEGORIES = 3


def marginal_relevance_order(scores: FloatArray, likeness: FloatArray, *, diversity: float) -> list[int]:
    """Positions in the order in which maximal marginal relevance takes them; of equal ones the earlier first.

    Args:
        scores: (m,), best first, positive; relevance is the score relative to the best.
        likeness: (m, m), 0 … 1.
        diversity: d, from 0 (by score alone) to 1 (by likeness alone, after the first).
    """
    if not len(scores):
        return []
    relevance = np.asarray(scores, dtype=np.float64) / scores[0]
    nearest = np.zeros(len(scores))
    left = np.ones(len(scores), dtype=np.bool_)
    order: list[int] = []
    for _place in range(len(scores)):
        value = np.where(left, (1 - diversity) * relevance - diversity * nearest, -math.inf)
        best = int(np.argmax(value))
        order.append(best)
        left[best] = False
        nearest = np.maximum(nearest, likeness[best])
    return order


def varied(
    found: Sequence[Recommendation], likeness: FloatArray, *, diversity: float, size: int
) -> list[Recommendation]:
    """The same recommendations, those that a varied shelf of ``size`` would show moved to the front.

    Both what moved to the front and what follows stay in the order of their scores.

    Args:
        found: Best first, of one source.
        likeness: (m, m) of their items.
        diversity: As for ``marginal_relevance_order``.
        size: How many there is room for.
    """
    scores = np.array([one.score for one in found], dtype=np.float64)
    chosen = set(marginal_relevance_order(scores, likeness, diversity=diversity)[:size])
    front = [one for place, one in enumerate(found) if place in chosen]
    return front + [one for place, one in enumerate(found) if place not in chosen]


def category_limit(size: int, *, share: float, categories: int) -> int:
    """How many cards of one category a shelf of ``size`` may show; all of them where too few categories are on offer.

    Args:
        size: Cards of the shelf.
        share: Of them, 0 … 1; at least one card is always allowed.
        categories: How many there are to choose from.
    """
    return size if categories < FEWEST_CATEGORIES else min(size, max(1, math.ceil(share * size)))


def daily_seed(visitor: str, day: date) -> int:
    """A number that stays the same for one visitor on one day, so that a page looked at twice is the same page."""
    digest = hashlib.blake2b(f"{visitor}|{day.isoformat()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
