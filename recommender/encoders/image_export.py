"""Writes a picture encoder into a bundle: the LiteRT model that web workers open, and its description. Training only."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.encoders.image_files import DESCRIPTION_FILE, LITE_FILE, ImageDescription

if TYPE_CHECKING:
    import keras


def write_lite(model: keras.Model, folder: Path) -> None:
    """Write ``model``, whose input has a fixed shape, as a LiteRT model into ``folder``."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as saved:
        model.export(saved, verbose=False)
        (folder / LITE_FILE).write_bytes(tf.lite.TFLiteConverter.from_saved_model(saved).convert())


def write_description(folder: Path, description: ImageDescription, details: Mapping[str, Any]) -> None:
    """Write what is needed to use the model, and ``details`` of how it was made, as JSON."""
    text = json.dumps(description.to_json() | dict(details), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / DESCRIPTION_FILE).write_text(text + "\n", encoding="utf-8")
