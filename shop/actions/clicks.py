"""Clicks: recorded without making the reader wait.

A product page only puts a click into a bounded buffer in memory and into the
visitor's own signed cookie. A daemon thread writes the buffer in batches. A
click lost with the process is tolerable; a page that waits for a write, or
fails because of one, is not. The cookie tells the next page at once what the
buffer may not have written yet.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import Q
from django.utils import timezone

from shop.accounts.forgetting import erasures_of, shoppers_hold
from shop.accounts.models import Shopper, User
from shop.accounts.visitors import visitor_of
from shop.actions.history import (
    HISTORY_LENGTH,
    RECENT_COOKIE,
    RECENT_LENGTH,
    RECENT_MAX_BYTES,
    RECENT_SALT,
    ActionPoint,
    HistoryPoint,
    history_of,
    recent_clicks,
    remember,
    remembered,
)
from shop.actions.models import Action, Kind
from shop.actions.popularity import popularity_refresh_when_due
from shop.actions.sources import source_of
from shop.catalogue.models import Item

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.http import HttpRequest

logger = logging.getLogger(__name__)

BUFFER_CAPACITY = 10_000
BATCH_ROWS = 200


@dataclass(frozen=True, slots=True)
class Click:
    """A click that waits to be written. ``account`` is the key of the account, where signed in."""

    visitor_key: uuid.UUID
    account: int | None
    item: int
    time: datetime
    panel: str = ""
    position: int | None = None
    bundle: str = ""


class ActionBuffer:
    """Keeps clicks in memory and writes them in batches.

    ``put`` never waits and never raises: when the buffer is full the click is
    dropped and counted. Thread-safe, and safe to fork before the first ``put``.

    Attributes:
        dropped: Clicks lost so far because the buffer was full or could not be written.
    """

    def __init__(self, *, capacity: int = BUFFER_CAPACITY, batch_rows: int = BATCH_ROWS) -> None:
        self.dropped = 0
        self._capacity = capacity
        self._batch_rows = batch_rows
        self._waiting: deque[Click] = deque()
        self._stalled = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, click: Click) -> bool:
        """Take a click; ``False`` where the buffer is full and it was dropped."""
        with self._lock:
            if len(self._waiting) >= self._capacity:
                self.dropped += 1
                return False
            self._waiting.append(click)
            full_batch = len(self._waiting) >= self._batch_rows
        self._ensure_thread()
        if full_batch:
            self._wake.set()
        return True

    def clear(self) -> None:
        """Throw away what waits; for tests."""
        with self._lock:
            self._waiting.clear()
            self.dropped = 0

    def flush(self) -> int:
        """Write what waits now, in batches.

        A batch that cannot be written because the database is busy goes back
        to the front of the buffer, for the next flush.

        Returns:
            How many clicks were taken care of.
        """
        done = 0
        with self._flushing:
            for _batch in range(-(-len(self._waiting) // self._batch_rows)):
                batch = self._take()
                if not batch:
                    break
                if not self._write(batch):
                    break
                done += len(batch)
        return done

    def _write(self, batch: Sequence[Click]) -> bool:
        """Write one batch; ``False`` where it went back into the buffer."""
        try:
            try:
                clicks_write(batch)
            except IntegrityError:  # an item or an account went at this moment; by now it is known to be gone
                clicks_write(batch)
        except (OperationalError, InterfaceError) as error:
            self._give_back(batch)
            if not self._stalled:  # said once, not twice a second
                logger.warning("%d clicks wait: %s", len(self._waiting), error)
            self._stalled = True
            return False
        except DatabaseError:
            self._drop(len(batch))
            logger.exception("%d clicks could not be written and are dropped", len(batch))
        self._stalled = False
        return True

    def _take(self) -> list[Click]:
        with self._lock:
            return [self._waiting.popleft() for _row in range(min(self._batch_rows, len(self._waiting)))]

    def _give_back(self, batch: Sequence[Click]) -> None:
        with self._lock:
            room = self._capacity - len(self._waiting)
            kept = batch[len(batch) - min(room, len(batch)) :]  # the oldest go first
            self._waiting.extendleft(reversed(kept))
            self.dropped += len(batch) - len(kept)

    def _drop(self, count: int) -> None:
        with self._lock:
            self.dropped += count

    def _ensure_thread(self) -> None:
        """Start the writer on the first click of this process, unless the settings say never."""
        if settings.ACTION_FLUSH_SECONDS <= 0 or (self._thread is not None and self._thread.is_alive()):
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="clicks", daemon=True)
                self._thread.start()
                atexit.register(self._finish)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(settings.ACTION_FLUSH_SECONDS)
            self._wake.clear()
            if self._waiting:
                close_old_connections()
                self.flush()
                self._count()
                close_old_connections()
        connection.close()  # a thread's own, which nobody could close later

    def _count(self) -> None:
        """Count how popular items are, now and then; another time where the database is busy."""
        try:
            popularity_refresh_when_due()
        except (DatabaseError, InterfaceError):
            logger.warning("Popularity was not counted this time", exc_info=True)

    def _finish(self) -> None:
        """The process ends: stop the writer and write what is left."""
        self._stop.set()
        self._wake.set()
        self.flush()

    def after_fork(self) -> None:
        """A child begins with nothing waiting (the parent writes its own) and without the parent's locks."""
        self._waiting.clear()
        self._thread = None
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()


buffer = ActionBuffer()
os.register_at_fork(after_in_child=buffer.after_fork)


def clicks_write(clicks: Sequence[Click]) -> int:
    """Write a batch of clicks in one transaction, making the shoppers that do not exist yet.

    Clicks on items that are gone are left out, and those of somebody who has
    had their past erased since.

    Returns:
        How many rows were written.
    """
    accounts = {click.account for click in clicks if click.account is not None}
    keys = {click.visitor_key for click in clicks if click.account is None}
    with transaction.atomic():
        held = shoppers_hold(Q(account__in=accounts) | Q(visitor_key__in=keys))
        items = set(Item.objects.filter(pk__in={click.item for click in clicks}).values_list("pk", flat=True))
        erased = erasures_of({_subject(click) for click in clicks})
        clicks = [
            click
            for click in clicks
            if click.item in items and (_subject(click) not in erased or click.time > erased[_subject(click)])
        ]
        by_account = _shoppers_by_account({click.account for click in clicks if click.account is not None}, held)
        by_key = _shoppers_by_key({click.visitor_key for click in clicks if click.account is None}, held)
        rows = [
            Action(
                shopper_id=by_key[click.visitor_key] if click.account is None else by_account[click.account],
                item_id=click.item,
                kind=Kind.CLICK,
                time=click.time,
                panel=click.panel,
                position=click.position,
                bundle=click.bundle,
            )
            for click in clicks
            if click.account is None or click.account in by_account
        ]
        Action.objects.bulk_create(rows)
    return len(rows)


def click_record(request: HttpRequest, item: Item) -> bool:
    """Record that the visitor looks at ``item``; neither waits nor writes to the database.

    Returns:
        Whether the click counts; not where the visitor may not be recorded or the buffer is full.
    """
    source = source_of(request)
    if not source.recorded:
        return False
    visitor = visitor_of(request)
    visitor.keep()
    now = timezone.now()
    if visitor.personalised:
        remember(visitor, [*remembered(request), HistoryPoint(item.item_id, int(now.timestamp()))])
    account = visitor.account
    return buffer.put(
        Click(
            visitor_key=visitor.key,
            account=account.pk if account is not None else None,
            item=item.pk,
            time=now,
            panel=source.panel,
            position=source.position,
            bundle=source.bundle,
        )
    )


def _subject(click: Click) -> uuid.UUID | int:
    """Who clicked: an account's key, or a visitor's."""
    return click.visitor_key if click.account is None else click.account


def _shoppers_by_key(keys: set[uuid.UUID], held: Sequence[Shopper]) -> dict[uuid.UUID, int]:
    """The shopper of each visitor key, made where there is none among those that are held."""
    found = {shopper.visitor_key: shopper.pk for shopper in held}
    missing = keys - found.keys()
    if missing:
        Shopper.objects.bulk_create([Shopper(visitor_key=key) for key in sorted(missing)], ignore_conflicts=True)
        found |= dict(Shopper.objects.filter(visitor_key__in=missing).values_list("visitor_key", "pk"))
    return found


def _shoppers_by_account(accounts: set[int], held: Sequence[Shopper]) -> dict[int, int]:
    """The shopper of each account, made where there is none among those that are held; none for closed accounts."""
    found = {shopper.account_id: shopper.pk for shopper in held if shopper.account_id is not None}
    missing = User.objects.filter(pk__in=accounts - found.keys()).values_list("pk", flat=True)
    if accounts - found.keys() and missing:
        Shopper.objects.bulk_create([Shopper(account_id=key) for key in missing], ignore_conflicts=True)
        found |= dict(Shopper.objects.filter(account__in=accounts).values_list("account", "pk"))
    return {account: pk for account, pk in found.items() if account is not None}


__all__ = [
    "HISTORY_LENGTH",
    "RECENT_COOKIE",
    "RECENT_LENGTH",
    "RECENT_MAX_BYTES",
    "RECENT_SALT",
    "ActionBuffer",
    "ActionPoint",
    "Click",
    "HistoryPoint",
    "buffer",
    "click_record",
    "clicks_write",
    "history_of",
    "recent_clicks",
]
