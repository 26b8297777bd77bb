"""Work for the task worker."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

# Of what retraining printed, so much is kept with the result.
LINES_KEPT = 60

LONGEST_RETRAIN = timedelta(hours=6)

PR_SET_PDEATHSIG = 1


class RetrainFailed(RuntimeError):
    """Retraining ended with an error; the message is the end of what it printed."""


@task()
def retrain() -> str:
    """Run ``manage.py retrain`` in a process of its own and give the end of what it printed.

    TensorFlow never loads in the worker: its memory would stay there, and the
    worker would be killed with everything it does if training ran out of it.

    Raises:
        RetrainFailed: it ended with an error.
    """
    with subprocess.Popen(
        [sys.executable, "manage.py", "retrain"],
        cwd=Path(settings.BASE_DIR),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - the worker has one thread
    ) as child:
        printed, _nothing = child.communicate()
    end = "\n".join(printed.splitlines()[-LINES_KEPT:])
    if child.returncode:
        raise RetrainFailed(f"retrain ended with code {child.returncode}:\n{end}")
    return end


def last_retrain() -> DBTaskResult[[], str] | None:
    """The latest request to retrain, waiting, running or done."""
    return DBTaskResult.objects.filter(task_path=retrain.module_path).order_by("-enqueued_at").first()


def is_retraining() -> bool:
    """Whether a request to retrain waits or runs.

    One that has been running for very long belonged to a worker that was killed.
    """
    waits = Q(status=TaskResultStatus.READY)
    runs = Q(status=TaskResultStatus.RUNNING, started_at__gt=timezone.now() - LONGEST_RETRAIN)
    return DBTaskResult.objects.filter(waits | runs, task_path=retrain.module_path).exists()


def _end_with_parent() -> None:
    """Have the kernel end the child when the worker is killed; nobody would read what it prints."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
