"""Writes a lot without making anybody wait.

SQLite lets one process write at a time, and those who wait look again only
every tenth of a second. So long work is cut into transactions of a fraction of
a second, with a pause after each that is longer than that tenth: whoever waits
is sure to get in. The size of the pieces adapts to how fast the machine is.

Random inserts touch most pages of an index each time, so small pieces write
the same pages again and again. A larger cache, and copying the write-ahead log
into the database only now and then, between two pieces, keeps that in bounds.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS_PER_PIECE = 0.35
PAUSE = 0.105
SMALLEST_PIECE = 500
LARGEST_PIECE = 50_000
CACHE_KIBIBYTES = 128 * 1024
# Beyond this the log is copied into the database; other writers may have to do it at their next commit.
LOG_BYTES = 4 * 1024 * 1024


@contextmanager
def much_to_write() -> Iterator[None]:
    """Set the connection up for long writing, and back again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cache_size", "wal_autocheckpoint")}
        cursor.execute(f"PRAGMA cache_size = {-CACHE_KIBIBYTES}")
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            _copy_log(larger_than=0)


class Pace:
    """How many rows the next transaction should write."""

    def __init__(self, first: int = 8_000) -> None:
        self.rows = first

    def write(self, piece: Callable[[], int]) -> int:
        """Run one piece in its own transaction, adapt, and let others in.

        Args:
            piece: Does the writing and gives how many rows it wrote.
        """
        started = time.monotonic()
        with transaction.atomic():
            written = piece()
        ended = time.monotonic()
        if written:
            wanted = int(written * SECONDS_PER_PIECE / max(ended - started, 1e-3))
            # At most twice as many at once: one quick piece says little about the next.
            self.rows = max(SMALLEST_PIECE, min(wanted, 2 * max(self.rows, written), LARGEST_PIECE))
        if connection.vendor == "sqlite":
            _copy_log(larger_than=LOG_BYTES)
            time.sleep(max(0.0, PAUSE - (time.monotonic() - ended)))
        return written


def _copy_log(*, larger_than: int) -> None:
    """Copy SQLite's write-ahead log into the database where it is that large; nobody waits for it."""
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    if not connection.in_atomic_block and log.exists() and log.stat().st_size > larger_than:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
