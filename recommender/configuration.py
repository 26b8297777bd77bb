"""Everything that can be chosen about a retrain, as one frozen value; travels in the bundle's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from recommender.history_sum import HistoryOptions
from recommender.learners.co_occurrence import CoOccurrenceOptions

# What ``retrain --only`` may name, with a line of help each.
METHODS: Mapping[str, str] = {
    "content": "pictures (own network trained on the tags) and words (TF-IDF), fused 0.7/0.3: similar, looks like",
    "also_liked": "co-occurrence of weighted actions, cosine with shrinkage",
    "bought_together": "items of the same baskets",
    "trending": "weighted actions that halve with age",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentOptions:
    """How *similar* and *looks like* are learned.

    Attributes:
        text_weight: Share of the words' cosine.
        image_weight: Share of the pictures' cosine.
        picture_size: Pixels across that the picture network sees.
        neighbours: K.
    """

    text_weight: float = 0.3
    image_weight: float = 0.7
    picture_size: int = 50
    neighbours: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All options of a retrain.

    Attributes:
        content: Pictures and words.
        also_liked: Co-occurrence.
        history: How a shopper's history becomes *for you*.
        trending_half_life_days: After so many days an action counts half for *trending*.
        basket_shrinkage: How many shared baskets it takes to trust *bought together* half.
    """

    content: ContentOptions = field(default_factory=ContentOptions)
    also_liked: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    history: HistoryOptions = field(default_factory=HistoryOptions)
    trending_half_life_days: float = 7.0
    basket_shrinkage: float = 2.0

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """A configuration as it was written to a manifest; absent options take the default."""
        content = values.get("content", {})
        default = cls()
        return cls(
            content=ContentOptions(
                **{name: content[name] for name in ContentOptions.__dataclass_fields__ if name in content}
            ),
            also_liked=CoOccurrenceOptions.from_json(values.get("also_liked", {})),
            history=HistoryOptions.from_json(values.get("history", {})),
            trending_half_life_days=float(values.get("trending_half_life_days", default.trending_half_life_days)),
            basket_shrinkage=float(values.get("basket_shrinkage", default.basket_shrinkage)),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        content = {name: getattr(self.content, name) for name in ContentOptions.__dataclass_fields__}
        return {
            "content": content,
            "also_liked": self.also_liked.to_json(),
            "history": self.history.to_json(),
            "trending_half_life_days": self.trending_half_life_days,
            "basket_shrinkage": self.basket_shrinkage,
        }
