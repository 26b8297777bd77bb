"""Writes a lot without making anybody wait.

SQLite lets one process write at a time, and those who wait look again only
every tenth of a second. So long work is cut into transactions of a fraction of
a second, with a pause after each that is longer than that tenth: whoever waits
is sure to get in. The size of the pieces adapts to how fast the machine is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_PER_PIECE = 0.3
PAUSE = 0.12
SMALLEST_PIECE = 200
LARGEST_PIECE = 100_000


class Pace:
    """How many rows the next transaction should write."""

    def __init__(self, first: int = 4_000) -> None:
        self.rows = first

    def write(self, piece: Callable[[], int]) -> int:
        """Run one piece in its own transaction, adapt, and let others in.

        Args:
            piece: Does the writing and gives how many rows it wrote.
        """
        started = time.monotonic()
        with transaction.atomic():
            written = piece()
        seconds = time.monotonic() - started
        if written:
            wanted = int(written * SECONDS_PER_PIECE / max(seconds, 1e-3))
            # At most twice as many at once: one quick piece says little about the next.
            self.rows = max(SMALLEST_PIECE, min(wanted, 2 * max(self.rows, written), LARGEST_PIECE))
        if connection.vendor == "sqlite":
            time.sleep(PAUSE)
        return written
