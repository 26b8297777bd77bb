"""The text-CNN rating model: what a title says through a convolution, everything else through embeddings (Kim 2014).

``text_cnn_recipe`` is the recipe to the letter: user id 32, gender, age and
occupation 16 each; item id 32, tags summed 32, title 15 words x 32 through
windows of 2, 3, 4 and 5 words with 8 filters each, the maximum over the title,
dropout; every field through 32 ReLU; joined to 200 tanh on both sides; the
rating is the dot product; mean squared error on the ratings, Adam. What the
recipe leaves open: batches of 1,024, five epochs, dropout 0.5.

``text_cnn`` is the same network mended where it loses: the goal is
standardised, and of the 200 dims one on each side carries a bias of its own
(its partner is the constant 1), so that the rest doesn't spend itself on what
is liked by all; identifiers are shrunk, words and pictures of the whole
item join the title. The vectors stay 200 long and their dot
product stays the guess, so all three lists of ``recommender.vector_lists``
work on them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from recommender.learners.facts import TITLE_WORDS, Field, ItemFields, item_features
from recommender.learners.networks import TowerInput
from recommender.learners.rated_pairs import RatedPairs
from recommender.learners.rating_network import RatingNetwork, RatingPlan, Towers, all_item_fields

DIMS = 200
ID_DIMS = 32
FACT_DIMS = 16
FIELD_DIMS = 32
WORD_DIMS = 32
WINDOWS = (2, 3, 4, 5)
FILTERS = 8


class TextCnn(RatingNetwork):
    """The improved text-CNN."""

    name: ClassVar[str] = "text_cnn"
    plan = RatingPlan(batch=2048, epochs=4)
    faithful: ClassVar[bool] = False
    dropout: ClassVar[float] = 0.3
    # What a squared weight of an identifier costs; standardised ratings.
    shrinkage: ClassVar[float] = 1e-6
    learning_rate: ClassVar[float] = 2e-3

    def item_input(self, known: npt.NDArray[np.bool_]) -> TowerInput:
        """Number, title words, tags; beyond the recipe also category, words and pictures."""
        fields: ItemFields = all_item_fields(self.context, len(known))
        title = Field(fields.title, fields.words)
        several = [title, fields.tags]
        if self.faithful:
            return TowerInput.of(known=known, fields=several)
        return TowerInput.of(
            known=known, fields=[*several, fields.category], features=item_features(self.context, len(known))
        )

    def build(self, users: TowerInput, items: TowerInput) -> Towers:
        """The two towers and a head that changes nothing."""
        import keras

        steps = keras.optimizers.schedules.CosineDecay(self.learning_rate, decay_steps=self._steps())
        rate = 1e-3 if self.faithful else steps
        return Towers(
            user=self._user_tower(users),
            item=self._item_tower(items),
            head=keras.Sequential([keras.Input((1,)), keras.layers.Identity()]),
            optimiser=keras.optimizers.Adam(rate),
        )

    def _steps(self) -> int:
        pairs = 0 if self._pairs is None else len(self._pairs)
        return max(1, self.plan.epochs * min(pairs, self.plan.most_pairs) // self.plan.batch)

    def _user_tower(self, users: TowerInput) -> Any:
        """Every field through 32 ReLU, joined to the vector."""
        import keras

        codes, features = _inputs(users)
        parts = [self._identifier(codes, users.sizes[0])]
        for place, size in enumerate(users.sizes[1:], start=1):
            parts.append(keras.layers.Embedding(size, FACT_DIMS)(codes[:, place]))
        fields = [keras.layers.Dense(FIELD_DIMS, activation="relu")(part) for part in parts]
        return keras.Model([codes, features], self._joined(fields, codes, users.sizes[0], bias_place=0))

    def _item_tower(self, items: TowerInput) -> Any:
        """Number and tags through 32 ReLU each, the title through its convolution, joined to the vector."""
        import keras

        layers = keras.layers
        codes, features = _inputs(items)
        title = codes[:, 1 : 1 + TITLE_WORDS]
        words = layers.Embedding(items.sizes[1], WORD_DIMS)(title)
        heard = [
            layers.GlobalMaxPooling1D()(layers.Conv1D(FILTERS, window, activation="relu")(words)) for window in WINDOWS
        ]
        written = layers.Dropout(0.5 if self.faithful else self.dropout)(layers.Concatenate()(heard))
        last = len(items.sizes) if self.faithful else len(items.sizes) - 1
        tags = layers.Embedding(items.sizes[1 + TITLE_WORDS], WORD_DIMS)(codes[:, 1 + TITLE_WORDS : last])
        marked = keras.ops.cast(codes[:, 1 + TITLE_WORDS : last] > 0, "float32")[:, :, None]
        parts = [self._identifier(codes, items.sizes[0]), keras.ops.sum(tags * marked, axis=1)]
        if not self.faithful:
            parts.append(layers.Embedding(items.sizes[last], FACT_DIMS)(codes[:, last]))
            if items.features.shape[1]:
                parts.append(features)
        fields = [layers.Dense(FIELD_DIMS, activation="relu")(part) for part in parts]
        return keras.Model([codes, features], self._joined([*fields, written], codes, items.sizes[0], bias_place=1))

    def _identifier(self, codes: Any, size: int) -> Any:
        """The embedding of the row's own number."""
        import keras

        penalty = None if self.faithful else keras.regularizers.L2(self.shrinkage)
        return keras.layers.Embedding(size, ID_DIMS, embeddings_regularizer=penalty)(codes[:, 0])

    def _joined(self, fields: list[Any], codes: Any, size: int, *, bias_place: int) -> Any:
        """The vector: 200 tanh in the recipe; else 198 tanh, a bias, and the other side's bias times 1."""
        import keras

        layers = keras.layers
        joined = layers.Concatenate()(fields)
        if self.faithful:
            return layers.Dense(DIMS, activation="tanh")(joined)
        inner = layers.Dense(DIMS - 2, activation="tanh")(joined)
        bias = layers.Embedding(size, 1, embeddings_initializer="zeros")(codes[:, 0])
        bias += layers.Dense(1)(joined)
        pair = [bias, keras.ops.ones_like(bias)]
        return layers.Concatenate()([inner, *(pair if bias_place == 0 else pair[::-1])])


class TextCnnRecipe(TextCnn):
    """The recipe to the letter."""

    name: ClassVar[str] = "text_cnn_recipe"
    plan = RatingPlan(batch=1024, epochs=5)
    faithful: ClassVar[bool] = True

    def scale(self, pairs: RatedPairs) -> tuple[float, float]:  # noqa: ARG002 - ratings as they are
        """Nothing is taken, nothing divided."""
        return 0.0, 1.0


def _inputs(table: TowerInput) -> tuple[Any, Any]:
    """Codes and features as Keras inputs."""
    import keras

    return (
        keras.Input((table.codes.shape[1],), dtype="int32"),
        keras.Input((table.features.shape[1],), dtype="float32"),
    )
