"""What networks share: inputs by row, epochs, compiled or not, towers asked in blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recommender.learners import networks
from recommender.learners.facts import Field
from recommender.learners.networks import TowerInput, descend, outputs_of, run_epochs, seen_rows
from recommender.tensorflow_start import prepare_tensorflow


def test_unseen_rows_share_number_0_and_facts_follow() -> None:
    tags = Field(np.array([[1, 2], [3, 0], [0, 0]], dtype=np.int32), 4)
    age = Field(np.array([5, 6, 7], dtype=np.int32), 8)
    table = TowerInput.of(known=seen_rows(np.array([0, 2, 2], dtype=np.int32), 3), fields=[tags, age])
    assert table.codes.tolist() == [[1, 1, 2, 5], [0, 3, 0, 6], [3, 0, 0, 7]]
    assert table.sizes == (4, 4, 4, 8)
    assert table.features.shape == (3, 0)


def trained(monkeypatch: pytest.MonkeyPatch, *, worth_compiling: int) -> tuple[list[dict[str, float]], Any, list[Any]]:
    """A line through 20 points by 60 steps of Adam."""
    import keras
    import tensorflow as tf

    monkeypatch.setattr(networks, "WORTH_COMPILING", worth_compiling)
    prepare_tensorflow(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    optimiser = keras.optimizers.Adam(0.1)
    optimiser.build(model.trainable_variables)
    places = np.linspace(-1, 1, 20).astype(np.float32)[:, None]
    told: list[tuple[int, int]] = []

    def step(inputs: Any, goals: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs) - goals))
        descend(optimiser, tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    def examples(generator: np.random.Generator) -> tuple[Any, ...]:
        drawn = generator.permutation(20)
        return places[drawn], 2 * places[drawn] + 1

    curve = run_epochs(
        step,
        examples,
        batch=8,
        epochs=30,
        generator=np.random.default_rng(0),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (60, 60)
    return curve, model, model.get_weights()


def test_compiled_and_plain_steps_learn_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, model, weights = trained(monkeypatch, worth_compiling=10_000)
    compiled, _model, same = trained(monkeypatch, worth_compiling=1)
    assert [epoch["loss"] for epoch in compiled] == pytest.approx([epoch["loss"] for epoch in plain], rel=1e-3)
    assert plain[-1]["loss"] < 0.05 < plain[0]["loss"]
    for one, other in zip(weights, same, strict=True):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-4)
    monkeypatch.setattr(networks, "ROWS_AT_ONCE", 7)
    rows = np.arange(20, dtype=np.float32)[:, None]
    assert outputs_of(lambda inputs, *, training: model(inputs[0], training=training), rows).shape == (20, 1)
