"""TensorFlow starts without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = "from recommender.tensorflow_start import prepare_tensorflow as start; start(3); start(4)"


def test_an_owner_sees_nothing_of_tensorflows_greetings_but_their_own_lines() -> None:
    """Its log level counts only once it is loaded: what it says of oneDNN before that would go to the terminal."""
    lines = f"{START}; import sys; print('told', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", lines],
        cwd=ROOT,
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "told\n")
