"""The thread that takes letters to the mail server: one for each process, begun with its first letter."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from shop.mail.delivery import letters_deliver
from shop.mail.models import Letter

logger = logging.getLogger(__name__)

# The answer goes first: a page that has just written a letter does not share its processor with the sending.
SETTLING_SECONDS = 0.2
# A database that is busy or away is asked again after so long.
TROUBLE_SECONDS = 30.0
# Others' letters may become due, too: those that another process left behind.
LONGEST_PAUSE_SECONDS = 600.0
# A process that ends sends on for so long; what is left then waits in the outbox.
FINISH_SECONDS = 5.0


class LetterCarrier:
    """Sends what is due, sleeps until more is, and ends with its process.

    ``wake`` never waits. The thread is a daemon, so that it never keeps a
    process alive by its sleep; at the end of the process it is given
    ``FINISH_SECONDS`` for what is due.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._deadline = 0.0

    @property
    def is_running(self) -> bool:
        """Whether there is a thread."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self) -> None:
        """There are letters that are due; begins the thread where there is none."""
        self._wake.set()
        with self._lock:
            if not self.is_running and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="letters", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Send what is due, for a while, and end the thread; the next ``wake`` begins another."""
        with self._lock:
            thread = self._thread
            self._deadline = time.monotonic() + FINISH_SECONDS
            self._stop.set()
        self._wake.set()
        if thread is not None:
            thread.join(timeout=FINISH_SECONDS)
        self._begin()

    def after_fork(self) -> None:
        """A child begins without the parent's thread and locks."""
        self._begin()

    def _run(self) -> None:
        wake, stop = self._wake, self._stop
        pause: float | None = None
        while not stop.is_set():
            wake.wait(pause)
            wake.clear()
            stop.wait(SETTLING_SECONDS)
            pause = self._round(stop)

    def _round(self, stop: threading.Event) -> float | None:
        """Send what is due; for how many seconds to sleep then, ``None`` where nothing waits."""
        try:
            letters_deliver(enough=lambda: stop.is_set() and time.monotonic() > self._deadline)
            following = Letter.objects.waiting().order_by("next_attempt_at").first()
        except (DatabaseError, InterfaceError):
            logger.warning("letters wait: the database does not answer", exc_info=True)
            return TROUBLE_SECONDS
        finally:
            connections.close_all()
        if following is None:
            return None
        seconds = (following.next_attempt_at - timezone.now()).total_seconds()
        return min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)


carrier = LetterCarrier()
atexit.register(carrier.finish)
os.register_at_fork(after_in_child=carrier.after_fork)
