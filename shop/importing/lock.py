"""One import at a time, and what a killed one left is cleared away first.

The lock is the operating system's: it goes with the process, however that
ends, so a crash never leaves the shop locked.
"""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shop.actions.models import ImportBatch
from shop.catalogue.picture_journal import import_folder, journal_add, journal_settle
from shop.importing.batches import batch_remove
from shop.importing.errors import ImportRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def import_running() -> Iterator[Path]:
    """Hold the lock and a fresh journal; gives the folder where pictures are staged.

    Raises:
        ImportRefused: Another import is running.
    """
    folder = import_folder()
    staging = folder / "staging"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportRefused("Another import is running; wait until it is done.") from error
        clear_away(staging)
        journal_add([])
        try:
            yield staging
        finally:
            clear_away(staging)


def clear_away(staging: Path) -> None:
    """Remove what no finished import owns: staged pictures, files without rows, unpublished actions."""
    shutil.rmtree(staging, ignore_errors=True)
    journal_settle()
    for batch in ImportBatch.objects.filter(published=False):
        batch_remove(batch)
