"""Keeps the one open session of a process, and changes it for a newer one without anybody waiting.

A request takes the current session once and keeps it: an ordinary Python
reference. A background thread looks every second which version shall be
served, opens it beside the old one, and then replaces the reference, which is
atomic. Requests under way finish with the session they have; its memory-maps
go when the last of them is done. A version that cannot be opened changes
nothing: the old session stays, the failure is logged and counted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from recommender.bundle_files import BundleError
from recommender.counters import count

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class Versioned(Protocol):
    """Anything that knows which version it serves; empty for none."""

    @property
    def version(self) -> str:
        """The version served."""


Served = TypeVar("Served", bound=Versioned)


class ActiveVersionUnknown(Exception):
    """The place that names the active version cannot be read now; what is served stays."""


class SessionHolder(Generic[Served]):
    """The current session of this process.

    Args:
        active_version: Tells which version shall be served, empty for none;
            raises ``ActiveVersionUnknown`` where that cannot be told.
        open_version: Opens a version; raises ``BundleError`` where it cannot.
        fallback: What to serve while there is no version, or none that opens.
        after_look: Called by the watching thread after each look, to give back what the look took.
        at_end: Called by the watching thread when it ends, to give back everything.
        poll_seconds: How long the watching thread waits between two looks.
    """

    def __init__(  # noqa: PLR0913 - each is asked or told at another moment
        self,
        *,
        active_version: Callable[[], str],
        open_version: Callable[[str], Served],
        fallback: Callable[[], Served],
        after_look: Callable[[], None],
        at_end: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._active_version = active_version
        self._open_version = open_version
        self._fallback = fallback
        self._after_look = after_look
        self._at_end = at_end
        self._poll_seconds = poll_seconds
        self._current: Served | None = None
        self._refused = ""
        self._puzzled = False
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def current(self) -> Served:
        """The session to use now; opened on first use where ``start`` was not called."""
        current = self._current
        if current is None:
            self.refresh()
            current = self._current
        if current is None:  # the active version could not be told at all
            return self._fallback()
        return current

    @property
    def watching(self) -> bool:
        """Whether the thread that follows the active version is alive."""
        return self._watcher is not None and self._watcher.is_alive()

    def start(self) -> None:
        """Open the session and follow the active version from now on; a second call does nothing."""
        self.refresh()
        with self._lock:
            if self.watching:
                return
            self._stopping.clear()
            self._watcher = threading.Thread(target=self._watch, name="recommender-session", daemon=True)
            self._watcher.start()
        version = self.current.version
        logger.info("Recommendations come from %s.", f"model version {version}" if version else "no model yet")

    def stop(self) -> None:
        """End the thread and forget the session; the next use opens one again."""
        self._stopping.set()
        watcher = self._watcher
        if watcher is not None:
            watcher.join()
        self._watcher = None
        self._refused = ""
        self._current = None

    def use(self, session: Served) -> None:
        """Serve exactly this session until told otherwise; for tests and experiments."""
        self._current = session

    def replace(self, old: Served, new: Served) -> bool:
        """Serve ``new`` instead of ``old``; does nothing, and says so, where something else is served by now."""
        with self._lock:
            if self._current is not old:
                return False
            self._current = new
            return True

    def refresh(self) -> None:
        """Look once which version shall be served, and swap if it is another one."""
        with self._lock:
            try:
                wanted = self._active_version()
            except ActiveVersionUnknown as error:
                if not self._puzzled:  # told once, not at every look
                    logger.warning("The active model version cannot be told, so what is served stays: %s", error)
                self._puzzled = True
                return
            self._puzzled = False
            if self._current is not None and wanted == self._current.version:
                return
            self._swap_to(wanted)

    def _swap_to(self, wanted: str) -> None:
        """Open ``wanted`` and replace the reference, or keep what there is."""
        if not wanted:
            self._current = self._fallback()
            return
        try:
            opened = self._open_version(wanted)
        except (BundleError, OSError) as error:
            if wanted != self._refused:  # it is tried again at every look, but told once
                count("session_refused", version=wanted)
                logger.error("Model version %s cannot be served, so what was served stays: %s", wanted, error)  # noqa: TRY400 - the message says it all
            self._refused = wanted
            if self._current is None:
                self._current = self._fallback()
            return
        if self._current is not None:
            logger.info("Recommendations now come from model version %s.", wanted)
        self._current = opened
        self._refused = ""
        count("session_opened", version=wanted)

    def _watch(self) -> None:
        """The watching thread: look, wait, look."""
        while not self._stopping.wait(self._poll_seconds):
            self.refresh()
            self._after_look()
        self._at_end()
