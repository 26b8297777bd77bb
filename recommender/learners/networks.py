"""What all networks on logs share: epochs over examples, towers asked in blocks.

TensorFlow is imported when a network is built, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.learners.facts import Codes, Features, Field
from recommender.learners.log import Rows

Progress = Callable[[int, int], None]
Matrix = npt.NDArray[np.float32]

# Fewer steps than these aren't worth the second it takes to compile them.
WORTH_COMPILING = 100
# Steps between two reports of progress.
STEPS_AT_ONCE = 50
ROWS_AT_ONCE = 4096


@dataclass(frozen=True, kw_only=True)
class TowerInput:
    """What one tower takes in, by row.

    Attributes:
        codes: int32 (r, c): the row's own number first (0: nobody in particular), then its facts.
        sizes: c sizes, one per column: codes are below them.
        features: float32 (r, f), f may be 0.
    """

    codes: Codes
    sizes: tuple[int, ...]
    features: Features

    @classmethod
    def of(
        cls, *, known: npt.NDArray[np.bool_], fields: Sequence[Field], features: Features | None = None
    ) -> TowerInput:
        """Join facts; rows that aren't ``known`` from the log share the number 0.

        Args:
            known: bool (r,).
            fields: One code per row each; several (r, w) become w columns.
            features: float32 (r, f), none where absent.
        """
        count = len(known)
        own = np.where(known, np.arange(1, count + 1), 0).astype(np.int32)
        columns, sizes = [own[:, None]], [count + 1]
        for field in fields:
            column = field.codes.reshape(count, -1)
            columns.append(column)
            sizes += [field.size] * column.shape[1]
        if features is None:
            features = np.zeros((count, 0), dtype=np.float32)
        return cls(codes=np.ascontiguousarray(np.hstack(columns)), sizes=tuple(sizes), features=features)


def run_epochs(  # noqa: PLR0913 - all but two by keyword
    step: Callable[..., Any],
    examples: Callable[[np.random.Generator], tuple[npt.NDArray[Any], ...]],
    *,
    batch: int,
    epochs: int,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> list[dict[str, float]]:
    """Train: every epoch draws its examples and takes one step per batch.

    Args:
        step: Takes one batch of each array of ``examples``; gives the loss as a scalar tensor.
        examples: The arrays of one epoch, all of the same length, already shuffled.
        batch: Examples per step; what is left over at the end of an epoch is left out, unless it is all there is.
        epochs: How many.
        generator: Where chance comes from.
        progress: Called with steps done and their number.

    Returns:
        The learning curve: the mean ``loss`` of each epoch.
    """
    import tensorflow as tf

    curve: list[dict[str, float]] = []
    compiled: Callable[..., Any] | None = None
    for epoch in range(epochs):
        arrays = examples(generator)
        count = len(arrays[0])
        size = min(batch, count)
        steps = count // size
        if compiled is None:
            compiled = _looped(step) if steps * epochs >= WORTH_COMPILING else step
        total = 0.0
        for start in range(0, steps, STEPS_AT_ONCE):
            stop = min(start + STEPS_AT_ONCE, steps)
            parts = [
                tf.constant(array[start * size : stop * size].reshape(stop - start, size, *array.shape[1:]))
                for array in arrays
            ]
            if compiled is step:
                total += sum(float(step(*(part[place] for part in parts))) for place in range(stop - start))
            else:
                total += float(compiled(*parts))
            if progress is not None:
                progress(epoch * steps + stop, epochs * steps)
        curve.append({"loss": total / steps})
    return curve


def _looped(step: Callable[..., Any]) -> Callable[..., Any]:
    """Many steps as one compiled graph; gives the sum of their losses."""
    import tensorflow as tf

    def run(*parts: Any) -> Any:
        def body(place: Any, total: Any) -> tuple[Any, Any]:
            return place + 1, total + step(*(part[place] for part in parts))

        return tf.while_loop(
            lambda place, _total: place < tf.shape(parts[0])[0],
            body,
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )[1]

    return tf.function(run, reduce_retracing=True)  # type: ignore[no-any-return]


def descend(optimiser: Any, gradients: Sequence[Any], weights: Sequence[Any]) -> None:
    """One step of a Keras optimiser; within a compiled loop its many small operations become one (XLA).

    Optimisers update whole tables of embeddings, and with small batches that is most of a step: fused it takes a
    third of the time. Outside of a graph compiling isn't worth it.
    """
    import tensorflow as tf

    dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
    if tf.inside_function():
        tf.function(lambda *parts: optimiser.apply(list(parts), list(weights)), jit_compile=True)(*dense)
    else:
        optimiser.apply(dense, list(weights))


def outputs_of(tower: Callable[..., Any], *inputs: npt.NDArray[Any]) -> Matrix:
    """What a tower says about every row, in blocks; at least one row."""
    import tensorflow as tf

    blocks = [
        np.asarray(
            tower([tf.constant(array[start : start + ROWS_AT_ONCE]) for array in inputs], training=False),
            dtype=np.float32,
        )
        for start in range(0, len(inputs[0]), ROWS_AT_ONCE)
    ]
    return np.concatenate(blocks)


def seen_rows(rows: Rows, count: int) -> npt.NDArray[np.bool_]:
    """Which rows occur, bool (count,)."""
    seen: npt.NDArray[np.bool_] = np.bincount(rows, minlength=count) > 0
    return seen
