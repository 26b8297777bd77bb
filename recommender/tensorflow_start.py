"""How every network here starts TensorFlow: quietly, and repeatably. Imports it when called, never before."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def prepare_tensorflow(seed: int) -> None:
    """Make TensorFlow quiet and repeatable: same seed, same data, same bytes."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _greetings_left_out():
        import keras
        import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


@contextmanager
def _greetings_left_out() -> Iterator[None]:
    """Keep what libraries say when they are loaded, before their log level counts, off the terminal."""
    if "tensorflow" in sys.modules:
        yield
        return
    sys.stderr.flush()
    terminal = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
