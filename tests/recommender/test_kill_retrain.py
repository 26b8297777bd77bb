"""The kill test of the benchmarks, with few kills."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_killed_retrain_never_leaves_half_a_bundle(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "kill_retrain.py"), "--times", "3", "--json", str(figures)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert result["times"] == 3
    assert result["killed"] >= 1
    assert result["half bundles seen"] == 0
