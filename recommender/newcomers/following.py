"""Follows the shop's changes and keeps the open session's overlay in step, in a thread of its own.

Every web worker does it for itself: looking costs one indexed query, an item
costs milliseconds, and nothing has to be agreed upon between workers. Requests
never wait for it: the session they have is replaced by one reference.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from django.db import DatabaseError
from PIL import Image

from recommender.bundle_files import BundleError
from recommender.counters import count
from recommender.encoders.text_transform import TextTransform, VocabularyMismatch
from recommender.newcomers.content_space import Content
from recommender.newcomers.feed import ChangedItem, ChangeFeed, read_items, still_there
from recommender.newcomers.overlay import Newcomer, OverlayBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from recommender.session import Session

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
# While there is more to do the thread only takes breath, so that requests of this worker get their turn.
BREATH_SECONDS = 0.05
# So many changed items are compared with what the bundle knows in one step, and so many of them encoded.
READ_AT_ONCE = 200
ENCODED_AT_ONCE = 16
# Every so many looks it is asked whether the newcomers still exist: a deletion leaves no change behind.
GONE_EVERY = 10

UNKNOWN_PICTURE_SIZE = 50


class _Progress:
    """What is being done for one bundle; ``session`` has no newcomers."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._builder: OverlayBuilder | None = None
        self.feed = ChangeFeed(_moment(session.bundle.manifest.created_at))
        self.marks = session.bundle.array("content_marks")
        self.published = session.bundle.array("published")
        self.keys: deque[int] = deque()
        self.items: deque[ChangedItem] = deque()
        self.known: dict[int, tuple[str, int]] = {}
        self.looks = 0
        self.full = False
        self.changed = False
        self.transform: TextTransform | None = None

    @property
    def builder(self) -> OverlayBuilder:
        """Opened for the first newcomer: most workers most of the time have none, and it reads all pictures' vectors."""
        if self._builder is None:
            self._builder = OverlayBuilder(self.session.bundle)
        return self._builder

    def holds(self, item_id: str) -> bool:
        """Whether the item is a newcomer already."""
        return self._builder is not None and item_id in self._builder


class Follower:
    """Brings newcomers into the session.

    Args:
        current: The session that is served now.
        replace: Puts a session in the place of another one, if that is still served.
    """

    def __init__(self, *, current: Callable[[], Session], replace: Callable[[Session, Session], bool]) -> None:
        self._current = current
        self._replace = replace
        self._progress: _Progress | None = None
        self._refused = ""
        self._puzzled = False

    def look(self) -> bool:
        """One step; whether there is more to do at once. What fails is told once and tried again."""
        session = self._current()
        if not session.version or session.version == self._refused:
            return False
        try:
            return self._step(session)
        except DatabaseError as error:
            if not self._puzzled:
                logger.warning("Changed items cannot be read now: %s", error)
            self._puzzled = True
        except (BundleError, OSError, ValueError) as error:
            count("newcomers_refused", bundle=session.version)
            logger.error("Model version %s cannot take in new items: %s", session.version, error)  # noqa: TRY400 - the message says it all
            self._refused = session.version
        return False

    def reset(self) -> None:
        """Forget everything; the next look begins anew."""
        self._progress = None
        self._refused = ""
        self._puzzled = False

    def catch_up(self) -> None:
        """Look until there is nothing more to do."""
        while self.look():
            pass

    def _step(self, session: Session) -> bool:
        progress = self._progress
        if progress is None or progress.session.bundle is not session.bundle:
            progress = self._progress = _Progress(session)
        if not progress.keys and not progress.items:
            progress.keys.extend(progress.feed.changed())
            self._puzzled = False
            self._drop_what_is_gone(progress)
        self._compare(progress)
        self._take_in(progress)
        busy = bool(progress.keys or progress.items)
        if progress.changed and self._replace(session, progress.session.grown(progress.builder.overlay())):
            progress.changed = False
        return busy

    def _drop_what_is_gone(self, progress: _Progress) -> None:
        progress.looks += 1
        if progress.looks % GONE_EVERY or not progress.known:
            return
        for key in progress.known.keys() - still_there(progress.known):
            item_id, _mark = progress.known.pop(key)
            progress.builder.remove(item_id)
            progress.changed = True

    def _compare(self, progress: _Progress) -> None:
        """Read what changed, and keep of it what the bundle or the overlay doesn't know as it is now."""
        if progress.items or not progress.keys:
            return
        keys = [progress.keys[place] for place in range(min(READ_AT_ONCE, len(progress.keys)))]
        items = read_items(keys, picture_size=progress.session.pictures.size or UNKNOWN_PICTURE_SIZE)
        for _key in keys:  # only now: where reading fails it is tried again
            progress.keys.popleft()
        for item in items:
            row = progress.session.bundle.row_of.get(item.item_id)
            if not item.published:
                self._forget(progress, item)
            elif row is not None and self._as_trained(progress, row, item):
                if progress.holds(item.item_id):
                    progress.builder.restore(item.item_id)
                    progress.known.pop(item.key, None)
                    progress.changed = True
            elif progress.known.get(item.key) != (item.item_id, item.mark):
                progress.items.append(item)

    def _forget(self, progress: _Progress, item: ChangedItem) -> None:
        progress.known.pop(item.key, None)
        if progress.holds(item.item_id):
            progress.builder.remove(item.item_id)
            progress.changed = True

    def _as_trained(self, progress: _Progress, row: int, item: ChangedItem) -> bool:
        """Whether the bundle knows the item as it is; a bundle without marks is taken to."""
        if progress.published is not None and not progress.published[row]:
            return False
        return progress.marks is None or int(progress.marks[row]) == item.mark

    def _take_in(self, progress: _Progress) -> None:
        """Encode some of the items and add them."""
        for _place in range(min(ENCODED_AT_ONCE, len(progress.items))):
            item = progress.items.popleft()
            if not progress.builder.has_room_for(item.item_id):
                count("newcomer_waits")
                if not progress.full:
                    logger.warning(
                        "More than %s items are newer than the model; the others wait for the next retrain.",
                        progress.builder.most,
                    )
                progress.full = True
                continue
            progress.builder.put(
                Newcomer(
                    item_id=item.item_id,
                    content=self._encode(progress, item),
                    category=item.category,
                    created=item.created,
                )
            )
            progress.known[item.key] = (item.item_id, item.mark)
            progress.changed = True
            count("newcomer_taken_in")

    def _encode(self, progress: _Progress, item: ChangedItem) -> Content:
        """The item's words and pictures as vectors; pictures that cannot be read are left out."""
        space = progress.builder.space
        columns, weights = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        if space.terms:
            if progress.transform is None:
                try:
                    progress.transform = TextTransform.load(progress.session.bundle.path)
                except VocabularyMismatch as error:
                    raise BundleError(str(error)) from error
            rows = progress.transform.transform([item.words])
            columns, weights = rows.indices, rows.data
        vectors = np.empty((0, space.dims), dtype=np.float32)
        if space.dims and item.pictures and progress.session.pictures.size:
            pictures = _open_pictures(item.pictures)
            if pictures:
                vectors = progress.session.pictures.encode(pictures)
        return Content.of(columns=columns, weights=weights, pictures=vectors)


class FollowingThread:
    """Runs a follower until told to stop.

    Args:
        follower: Whose ``look`` is called.
        after_look: Called after each look, to give back what the look took.
        at_end: Called when the thread ends, to give back everything.
        poll_seconds: How long to wait while there is nothing to do.
    """

    def __init__(
        self,
        follower: Follower,
        *,
        after_look: Callable[[], None],
        at_end: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._follower = follower
        self._after_look = after_look
        self._at_end = at_end
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow from now on; a second call does nothing."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="recommender-newcomers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and forget what it followed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self._follower.reset()

    def _run(self) -> None:
        wait = self._poll_seconds
        while not self._stopping.wait(wait):
            busy = self._follower.look()
            self._after_look()
            wait = BREATH_SECONDS if busy else self._poll_seconds
        self._at_end()


def _open_pictures(paths: Sequence[Path]) -> list[Image.Image]:
    """The pictures that can be read."""
    pictures = []
    for path in paths:
        try:
            with Image.open(path) as picture:
                picture.load()
                pictures.append(picture.copy())
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            count("newcomer_picture_unreadable")
    return pictures


def _moment(text: str) -> datetime:
    """The time a bundle's snapshot was taken; the present where its manifest doesn't say."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(tz=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
