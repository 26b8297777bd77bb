"""How the ranker is taught; travels in the bundle's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class RankerOptions:
    """The stated budget of work.

    Attributes:
        trees: How many are grown.
        leaves: Of each at most.
        depth: Of each at most.
        learning_rate: What each adds.
        fewest_in_leaf: Candidates.
        ridge: Shrinks the leaves.
        returning_trees: How many are grown for those who come back: of pauses as long as theirs the log tells little,
            so these are fewer, smaller, and held closer to what is so for all.
        returning_leaves: Of each of those at most.
        returning_ridge: Shrinks the leaves of those.
        candidates_each: Candidates that each signal brings to a question.
        kept: Of the candidates that were not wanted, the share that is learned from.
        most_questions: Of those the log allows.
    """

    trees: int = 120
    leaves: int = 31
    depth: int = 7
    learning_rate: float = 0.09
    fewest_in_leaf: int = 200
    ridge: float = 50.0
    returning_trees: int = 60
    returning_leaves: int = 15
    returning_ridge: float = 100.0
    candidates_each: int = 50
    kept: float = 0.3
    most_questions: int = 8_000

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Options as they were written to a manifest; absent ones take the default."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return asdict(self)
