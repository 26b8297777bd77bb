"""Retraining in the worker: in a process of its own, its end kept, its failure a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recommender import tasks


@pytest.fixture
def project(settings: Any, tmp_path: Path) -> Path:
    """A folder whose manage.py is the test's own."""
    settings.BASE_DIR = tmp_path
    return tmp_path / "manage.py"


def test_it_gives_the_end_of_what_retrain_printed(project: Path) -> None:
    project.write_text("import sys\nprint(sys.argv[1])\nprint('x\\n' * 100)\nprint('done 茶', file=sys.stderr)\n")
    printed = tasks.retrain.func().splitlines()
    assert len(printed) == tasks.LINES_KEPT
    assert printed[-1] == "done 茶"


def test_it_runs_the_retrain_command(project: Path) -> None:
    project.write_text("import sys\nprint(sys.argv[1:])\n")
    assert tasks.retrain.func() == "['retrain']"


def test_a_failure_is_a_failure_with_its_words(project: Path) -> None:
    project.write_text("import sys\nsys.exit('the catalogue is upside down')\n")
    with pytest.raises(tasks.RetrainFailed, match=r"(?s)code 1.*upside down"):
        tasks.retrain.func()


def test_the_worker_itself_loads_no_tensorflow(project: Path) -> None:
    project.write_text("import tensorflow")  # in the child, where it belongs
    code = (
        "import sys, pathlib, django; django.setup()\n"
        "from django.conf import settings; settings.BASE_DIR = pathlib.Path(sys.argv[1])\n"
        "from recommender import tasks; tasks.retrain.func()\n"
        "print('tensorflow' in sys.modules)"
    )
    worker = subprocess.run(
        [sys.executable, "-c", code, str(project.parent)],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert worker.stdout.strip() == "False"
