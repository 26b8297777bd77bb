"""One retrain at a time: a lock that dies with its process. Training only."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from recommender import bundle as bundles

LOCK_NAME = ".retrain.lock"


class RetrainRunning(Exception):
    """Another process is retraining with the same bundles' folder."""


@contextmanager
def retrain_lock() -> Iterator[None]:
    """Hold the lock of the bundles' folder; it dies with the process, however that dies.

    Raises:
        RetrainRunning: another process holds it.
    """
    home = bundles.bundle_home()
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK_NAME).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise RetrainRunning(f"A retrain is running already (process {file.read().strip() or '?'}).") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
