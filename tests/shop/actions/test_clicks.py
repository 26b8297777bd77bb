"""Clicks are written without making a page wait, and without losing any that could be kept."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection

from shop.accounts.models import Shopper
from shop.accounts.visitors import VISITOR_COOKIE, sign_key
from shop.actions import clicks, hooks
from shop.actions.clicks import (
    ActionBuffer,
    Click,
    buffer,
    click_record,
    clicks_write,
    history_of,
)
from shop.actions.models import Action, Kind
from shop.catalogue.models import Item
from tests.concurrency import database_address
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory

ROOT = Path(__file__).resolve().parents[3]
ONE_LOCK = "the lock of a whole database exists on SQLite only"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def click_on(item: int, **fields: Any) -> Click:
    return Click(**{"visitor_key": uuid.uuid4(), "account": None, "item": item, "time": NOON, **fields})


@pytest.fixture(autouse=True)
def version(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others answer about versions is their own affair."""
    monkeypatch.setattr(hooks, "_source_versions", [lambda: "b7"])


# --- recording ---------------------------------------------------------------


def test_a_click_costs_no_query_and_is_written_by_the_flush(
    visit: Any, db: None, django_assert_num_queries: Any
) -> None:
    item = ItemFactory.create()
    request = visit("/items/1/?from=similar&at=2")
    with django_assert_num_queries(0):
        assert click_record(request, item)
    assert buffer.flush() == 1
    action = Action.objects.get()
    assert (action.item, action.kind) == (item, Kind.CLICK)
    assert (action.panel, action.position, action.bundle) == ("similar", 2, "b7")
    assert action.shopper.visitor_key == request.visitor.key
    assert VISITOR_COOKIE in request.answer().cookies


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"User-Agent": "Googlebot/2.1"}),
        ("GET", {"Sec-GPC": "1"}),
        ("GET", {"Purpose": "prefetch"}),
    ],
)
def test_a_click_that_may_not_be_recorded_leaves_nothing(
    visit: Any, db: None, method: str, headers: dict[str, str]
) -> None:
    request = visit(method=method, headers=headers)
    assert not click_record(request, ItemFactory.create())
    assert len(buffer) == 0
    assert not request.answer().cookies


def test_the_click_of_an_account_goes_to_its_shopper(visit: Any, db: None) -> None:
    user = UserFactory.create()
    click_record(visit(user=user), ItemFactory.create())
    buffer.flush()
    assert Action.objects.get().shopper.account == user


def test_a_batch_makes_each_shopper_once_and_leaves_out_what_is_gone(db: None) -> None:
    item, user = ItemFactory.create(), UserFactory.create()
    key = uuid.uuid4()
    known = ShopperFactory.create()
    written = clicks_write(
        [
            click_on(item.pk, visitor_key=key),
            click_on(item.pk, visitor_key=key),
            click_on(item.pk, visitor_key=known.visitor_key),
            click_on(item.pk, account=user.pk),
            click_on(item.pk, account=user.pk + 1000),
            click_on(item.pk + 1000),
        ]
    )
    assert written == 4
    assert Shopper.objects.count() == 3
    assert Action.objects.filter(shopper=known).count() == 1
    assert Action.objects.filter(shopper__visitor_key=key).count() == 2


def test_a_batch_takes_the_same_few_queries_whatever_its_size(db: None, django_assert_max_num_queries: Any) -> None:
    items = ItemFactory.create_batch(3)
    with django_assert_max_num_queries(12):
        clicks_write([click_on(items[place % 3].pk) for place in range(200)])


# --- the buffer --------------------------------------------------------------


def test_a_full_buffer_drops_and_counts() -> None:
    small = ActionBuffer(capacity=2)
    assert [small.put(click_on(1)) for _click in range(5)] == [True, True, False, False, False]
    assert small.dropped == 3
    assert len(small) == 2


def test_a_buffer_with_room_drops_nothing() -> None:
    small = ActionBuffer(capacity=5)
    assert all(small.put(click_on(1)) for _click in range(5))
    assert small.dropped == 0


def test_a_flush_that_fails_in_another_way_drops_the_batch_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(batch: Any) -> int:
        raise IntegrityError

    monkeypatch.setattr(clicks, "clicks_write", fail)
    small = ActionBuffer()
    small.put(click_on(1))
    assert small.flush() == 1
    assert small.dropped == 1
    assert "could not be written" in caplog.text


def test_clicks_are_written_although_what_one_is_about_goes_at_that_moment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, item, gone = clicks.clicks_write, ItemFactory.create(), ItemFactory.create()

    def lose_an_item_the_first_time(batch: Any) -> int:
        if Item.objects.filter(pk=gone.pk).delete()[0]:
            raise IntegrityError
        return real(batch)

    monkeypatch.setattr(clicks, "clicks_write", lose_an_item_the_first_time)
    small = ActionBuffer()
    for key in (gone.pk, item.pk):
        small.put(click_on(key))
    assert small.flush() == 2
    assert small.dropped == 0
    assert Action.objects.get().item == item


@pytest.fixture
def locked(file_database: None) -> Any:
    """Hold the write lock of the file database in another connection; ``locked()`` lets go."""
    if connection.vendor != "sqlite":
        pytest.skip(ONE_LOCK)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other.rollback
    other.close()


@pytest.fixture
def impatient(file_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this connection wait a tenth of a second for the write lock instead of 20 seconds."""
    if connection.vendor != "sqlite":
        pytest.skip(ONE_LOCK)
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)


@pytest.mark.django_db(transaction=True)
def test_a_page_never_waits_for_a_write(visit: Any, file_database: None, request: Any) -> None:
    item = ItemFactory.create()
    shopper = ShopperFactory.create()
    request.getfixturevalue("locked")
    page = visit(cookies={VISITOR_COOKIE: sign_key(shopper.visitor_key)})
    started = time.perf_counter()
    assert click_record(page, item)
    assert history_of(page) == []
    assert time.perf_counter() - started < 0.1


@pytest.mark.django_db(transaction=True)
def test_a_click_written_in_the_page_would_wait(file_database: None, impatient: None, request: Any) -> None:
    """Negative control: the lock is real."""
    item, shopper = ItemFactory.create(), ShopperFactory.create()
    request.getfixturevalue("locked")
    with pytest.raises(Exception, match="locked"):
        ActionFactory.create(item=item, shopper=shopper)


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_makes_clicks_wait_and_loses_none(
    file_database: None, impatient: None, request: Any, caplog: pytest.LogCaptureFixture
) -> None:
    item = ItemFactory.create()
    release = request.getfixturevalue("locked")
    small = ActionBuffer(batch_rows=2)
    times = [NOON + timedelta(seconds=second) for second in range(5)]
    for moment in times:
        small.put(click_on(item.pk, time=moment))
    with caplog.at_level(logging.WARNING):
        assert small.flush() == 0
        assert small.flush() == 0
    assert len(small) == 5
    assert len(caplog.records) == 1, "said once, not at every try"
    release()
    assert small.flush() == 5
    assert list(Action.objects.values_list("time", flat=True)) == times, "in their order"
    assert small.dropped == 0


@pytest.mark.django_db(transaction=True)
def test_what_comes_back_into_a_full_buffer_is_counted_as_dropped(
    monkeypatch: pytest.MonkeyPatch, file_database: None, impatient: None, request: Any
) -> None:
    request.getfixturevalue("locked")
    small = ActionBuffer(capacity=3, batch_rows=2)
    for item in (1, 2, 3):
        small.put(click_on(item))
    real = clicks.clicks_write

    def fill_up_meanwhile(batch: Any) -> int:
        small.put(click_on(4))
        return real(batch)

    monkeypatch.setattr(clicks, "clicks_write", fill_up_meanwhile)
    small.flush()
    assert [click.item for click in small._waiting] == [2, 3, 4]
    assert small.dropped == 1


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_by_itself(file_database: None, settings: Any) -> None:
    settings.ACTION_FLUSH_SECONDS = 0.02
    item = ItemFactory.create()
    small = ActionBuffer()
    small.put(click_on(item.pk))
    deadline = time.monotonic() + 10
    while not Action.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Action.objects.count() == 1
    small._finish()
    assert small._thread is not None
    small._thread.join(timeout=10)
    assert not small._thread.is_alive()


def test_without_the_setting_there_is_no_thread() -> None:
    small = ActionBuffer()
    small.put(click_on(1))
    assert small._thread is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("ending", "kept"), [("", 1), ("import os; os._exit(0)", 0)])
def test_what_waits_is_written_when_the_process_ends(file_database: None, ending: str, kept: int) -> None:
    """Negative control: a process that is killed instead of ended loses what waits."""
    item = ItemFactory.create()
    script = (
        "import django; django.setup()\n"
        "from django.conf import settings; settings.ACTION_FLUSH_SECONDS = 60\n"
        "import uuid; from django.utils import timezone\n"
        "from shop.actions.clicks import Click, buffer\n"
        f"buffer.put(Click(visitor_key=uuid.uuid4(), account=None, item={item.pk}, time=timezone.now()))\n{ending}\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_address(),
        "SECRET_KEY": "test",
    }
    subprocess.run([sys.executable, "-c", script], env=environment, cwd=ROOT, check=True, timeout=60)
    assert Action.objects.count() == kept


def test_a_forked_child_starts_empty_and_with_free_locks() -> None:
    small = ActionBuffer()
    small.put(click_on(1))
    small._lock.acquire()

    def after_fork() -> None:
        small.after_fork()
        small.put(click_on(2))

    child = threading.Thread(target=after_fork)
    child.start()
    child.join(timeout=5)
    assert [click.item for click in small._waiting] == [2]
