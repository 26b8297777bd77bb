"""Retraining in the worker: in a process of its own, its end kept, its failure a failure."""

from __future__ import annotations

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
    project.write_text("")
    tasks.retrain.func()
    assert "tensorflow" not in sys.modules
