"""Everything that can be chosen about a retrain, as one frozen value; travels in the bundle's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from recommender.history_sum import HistoryOptions
from recommender.learners.co_occurrence import CoOccurrenceOptions
from recommender.ranker_options import RankerOptions

# What ``retrain --only`` may name, with a line of help each.
METHODS: Mapping[str, str] = {
    "content": "pictures (own network trained on the tags, or IMAGE_ENCODER) and words (TF-IDF), fused: similar, looks like",
    "also_liked": "co-occurrence of weighted actions, or what was wanted next where that is measured to be better",
    "bought_together": "items of the same baskets",
    "trending": "weighted actions that halve with age",
    "for_you": "two-stage ranker over all tables of behaviour and content; the history sum where that is as good",
    "two_tower": "slow: vectors of shoppers and items from two towers, in-batch softmax with log-Q correction",
    "two_tower_recipe": "slow: the recipe's DSSM on scaled ratings, vectors of 8",
    "text_cnn": "slow: vectors of 200 from ids, facts and a convolution over titles, trained on ratings",
    "text_cnn_recipe": "slow: the recipe's text-CNN, as written",
    "matrix_factorisation": "slow: vectors from sampled biases and factors, trained on ratings",
}
# Methods that are learned as part of another; ``retrain --only`` takes their names for it.
PARTS: Mapping[str, str] = dict.fromkeys(
    ("ranker", "history_sum", "own_funnel", "ease", "ease_lately", "next_item", "transitions", "leads_to"), "for_you"
) | {
    "smoothed_transitions": "also_liked",
    "popularity": "trending",
    "recipe_content": "content",
    "recipe_history_sum": "content",
}
# What ``retrain`` learns unless told otherwise; the others run by ``--only`` and are carried over from then on.
DEFAULT_METHODS: tuple[str, ...] = ("content", "also_liked", "bought_together", "trending", "for_you")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentOptions:
    """How *similar* and *looks like* are learned.

    Attributes:
        text_weight: Share of the words' cosine.
        image_weight: Share of the pictures' cosine.
        learn_weights: Whether the shop's own behaviour may choose other weights, where there is enough of it.
        image_encoder: ``own``, or the name of a Keras Applications network.
        image_weights: Of such a network: ``imagenet``, ``none`` or a file.
        reduced_dims: Length that such a network's vectors are reduced to; 0: bare, without tags and colours.
        picture_size: Pixels across that the picture network sees.
        colour_share: What colours count in the likeness of two pictures.
        neighbours: K.
    """

    text_weight: float = 0.3
    image_weight: float = 0.7
    learn_weights: bool = True
    image_encoder: str = "own"
    image_weights: str = "imagenet"
    reduced_dims: int = 256
    picture_size: int = 50
    colour_share: float = 0.33
    neighbours: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All options of a retrain.

    Attributes:
        content: Pictures and words.
        also_liked: Co-occurrence.
        history: How a shopper's history becomes *for you* by addition.
        ranker: How the ranker of *for you* is taught.
        trending_half_life_days: After so many days an action counts half for *trending*.
        basket_shrinkage: How many shared baskets it takes to trust *bought together* half.
    """

    content: ContentOptions = field(default_factory=ContentOptions)
    also_liked: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    history: HistoryOptions = field(default_factory=HistoryOptions)
    ranker: RankerOptions = field(default_factory=RankerOptions)
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
            ranker=RankerOptions.from_json(values.get("ranker", {})),
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
            "ranker": self.ranker.to_json(),
            "trending_half_life_days": self.trending_half_life_days,
            "basket_shrinkage": self.basket_shrinkage,
        }
