"""The words that learning and serving share: what a recommendation is, and why it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class HistoryEntry(NamedTuple):
    """One thing a shopper did: which item, what kind (0 click … 3 purchase), when.

    ``time`` is in seconds since 1970, or ``None`` where it is unknown; recency
    is not used for such an entry.
    """

    item_id: str
    kind: int
    time: float | None


History = Sequence[HistoryEntry]


def as_history(entries: Iterable[tuple[str, int, float | None]]) -> tuple[HistoryEntry, ...]:
    """Plain (item id, kind, time) as entries with names."""
    return tuple(HistoryEntry(*entry) for entry in entries)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is recommended.

    ``source`` names what produced it: ``content``, ``looks``, ``also_liked``,
    ``history``, ``bought_together``, ``trending``, ``best_sellers``, ``newest``,
    ``recently_viewed``, ``pick_up``. For additive methods ``parts`` splits the score exactly
    (keys ``text``, ``image``, ``behaviour``); other methods have the one part
    ``behaviour``. ``causes`` are the shopper's own items behind it, strongest
    first. ``support`` of ``population`` shoppers stand behind it, where counted.
    """

    source: str
    parts: Mapping[str, float] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    support: int = 0
    population: int = 0

    @property
    def text(self) -> str:
        """One true, short sentence, in the language that is active."""
        from recommender.reasons import describe  # reasons needs this type; the words need Django's translations

        return describe(self)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended item; ``score`` falls along a list, its unit depends on the panel."""

    item_id: str
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one of the shopper's own items adds to a recommendation's score, split into ``parts`` like the score."""

    item_id: str
    parts: Mapping[str, float]

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return sum(self.parts.values())
