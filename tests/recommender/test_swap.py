"""Changing the open session under load: no failed request, within two seconds, never for something broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from recommender import session
from recommender.bundle import activate
from recommender.bundle_files import BundleBroken, open_bundle
from recommender.counters import counted
from recommender.models import Bundle
from recommender.session import Session
from recommender.swap import ActiveVersionUnknown, SessionHolder
from tests.recommender.tiny_bundle import TinyBundle, ring

ITEMS = [f"i{place}" for place in range(40)]


@dataclass
class Served:
    """A stand-in for a session that can tell whether it was used after being closed."""

    version: str
    closed: bool = False

    def answer(self) -> str:
        time.sleep(0.0005)
        if self.closed:
            raise RuntimeError("used after it was closed")
        return self.version


@dataclass
class Shop:
    """The active version, and what opening gives; every part can be made to fail."""

    active: str = ""
    broken: set[str] = field(default_factory=set)
    unreachable: bool = False
    opened: list[str] = field(default_factory=list)
    threads_ended: list[str] = field(default_factory=list)
    looked: int = 0

    def active_version(self) -> str:
        self.looked += 1
        if self.unreachable:
            raise ActiveVersionUnknown("no database")
        return self.active

    def open_version(self, version: str) -> Served:
        self.opened.append(version)
        if version in self.broken:
            raise BundleBroken(f"{version} is torn")
        return Served(version)

    def holder(self, **options: float) -> SessionHolder[Served]:
        return SessionHolder(
            active_version=self.active_version,
            open_version=self.open_version,
            fallback=lambda: Served(""),
            after_look=lambda: None,
            at_end=lambda: self.threads_ended.append(threading.current_thread().name),
            **options,
        )


@pytest.fixture
def shop() -> Shop:
    return Shop()


def wait_for(condition: Callable[[], bool], seconds: float = 2.0) -> float:
    """How long it took until ``condition`` held; fails after ``seconds``."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it took too long"
        time.sleep(0.005)
    return time.monotonic() - started


def test_nothing_is_opened_before_it_is_asked_for(shop: Shop) -> None:
    shop.active = "v1"
    holder = shop.holder()
    assert (shop.looked, shop.opened) == (0, [])
    assert holder.current.version == "v1"
    assert holder.current.version == "v1"
    assert (shop.looked, shop.opened) == (1, ["v1"])
    assert not holder.watching, "a command that asks gets no thread"


def test_no_active_version_gives_the_fallback_without_asking_again(shop: Shop) -> None:
    holder = shop.holder()
    assert holder.current.version == ""
    assert holder.current.version == ""
    assert shop.looked == 1


def test_a_broken_version_leaves_the_old_one_and_is_told_once(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.active = "v1"
    holder = shop.holder()
    old = holder.current
    shop.active, shop.broken = "v2", {"v2"}
    before = counted("session_refused", version="v2")
    holder.refresh()
    holder.refresh()
    assert holder.current is old
    assert counted("session_refused", version="v2") == before + 1
    assert caplog.text.count("v2 cannot be served") == 1
    shop.broken = set()  # mended in place: the next look takes it
    holder.refresh()
    assert holder.current.version == "v2"


def test_a_broken_version_at_the_start_gives_the_fallback(shop: Shop) -> None:
    shop.active, shop.broken = "v1", {"v1"}
    assert shop.holder().current.version == ""


def test_an_unreachable_database_changes_nothing(shop: Shop) -> None:
    shop.active = "v1"
    holder = shop.holder()
    old = holder.current
    shop.unreachable = True
    holder.refresh()
    assert holder.current is old
    fresh = shop.holder()
    assert fresh.current.version == ""
    shop.unreachable = False
    assert fresh.current.version == "v1", "it is asked again, because the fallback was for want of an answer"


def _serve_under_load(shop: Shop, holder: SessionHolder[Served], replace: Callable[[], None]) -> list[str]:
    """Ask from four threads while ``replace`` runs; gives what went wrong."""
    wrong: list[str] = []
    finished = threading.Event()

    def ask() -> None:
        while not finished.is_set():
            try:
                assert holder.current.answer() in {"v1", "v2"}
            except (RuntimeError, AssertionError, AttributeError) as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask) for _thread in range(4)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.05)
        replace()
        time.sleep(0.05)
    finally:
        finished.set()
        for thread in threads:
            thread.join()
    return wrong


def test_the_watching_thread_swaps_within_two_seconds_and_no_request_fails(shop: Shop) -> None:
    shop.active = "v1"
    holder = shop.holder(poll_seconds=0.02)
    holder.start()
    holder.start()  # a second start changes nothing

    def replace() -> None:
        shop.active = "v2"
        wait_for(lambda: holder.current.version == "v2")

    try:
        assert _serve_under_load(shop, holder, replace) == []
        assert shop.opened == ["v1", "v2"]
    finally:
        holder.stop()
    assert not holder.watching
    assert shop.threads_ended == ["recommender-session"], "it gave its connection back"


def test_closing_the_old_session_before_opening_the_new_one_would_fail_requests(shop: Shop) -> None:
    """Negative control: the tempting order, close then open, is seen by the same load."""
    shop.active = "v1"
    holder = shop.holder()
    assert holder.current.version == "v1"

    def replace() -> None:
        holder.current.closed = True
        time.sleep(0.05)
        shop.active = "v2"
        holder.refresh()

    assert _serve_under_load(shop, holder, replace)


def test_the_poll_is_short_enough_for_two_seconds() -> None:
    assert session._holder._poll_seconds <= 1.0


@pytest.fixture
def served() -> Iterator[None]:
    yield
    session.stop()


@pytest.mark.django_db(transaction=True)
def test_activating_a_bundle_reaches_the_running_session(served: None) -> None:
    TinyBundle(items=ITEMS, similar=ring(ITEMS)).publish("v1")
    TinyBundle(items=ITEMS, similar=ring(list(reversed(ITEMS)))).publish("v2", active=False)
    session.stop()
    session.start()
    assert session.get_session().version == "v1"
    wrong: list[str] = []
    finished = threading.Event()

    def ask() -> None:
        while not finished.is_set():
            found = session.get_session().similar("i5", 3)
            if [one.item_id for one in found] not in (["i6", "i7", "i8"], ["i4", "i3", "i2"]):
                wrong.append(str(found))

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        activate("v2")
        assert wait_for(lambda: session.get_session().version == "v2") < 2
    finally:
        finished.set()
        reader.join()
    assert wrong == []
    connection.close()


@pytest.mark.django_db
def test_a_damaged_new_bundle_keeps_the_old_session(caplog: pytest.LogCaptureFixture) -> None:
    TinyBundle(items=ITEMS, similar=ring(ITEMS)).publish("v1")
    session.refresh()
    TinyBundle(items=ITEMS, similar=ring(ITEMS)).publish("v2")
    from recommender.bundle import bundle_path

    table = bundle_path("v2") / "similar_ids.npy"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes()[:-4])
    session.refresh()
    assert session.get_session().version == "v1"
    assert session.get_session().similar("i5", 1)[0].item_id == "i6"
    assert Bundle.objects.get(active=True).version == "v2"
    assert "v2 cannot be served" in caplog.text


@pytest.mark.django_db
def test_an_old_session_answers_while_its_folder_is_gone(tmp_path: Path) -> None:
    """Requests under way keep their memory-maps even when the bundle is pruned."""
    path = TinyBundle(items=ITEMS, similar=ring(ITEMS)).write("v1", home=tmp_path / "home")
    old = Session(open_bundle(path))
    for file in path.iterdir():
        file.unlink()
    path.rmdir()
    assert [one.item_id for one in old.similar("i5", 2)] == ["i6", "i7"]


@pytest.mark.django_db
def test_readiness_follows_the_session() -> None:
    assert "retrain" in session.check_ready()
    TinyBundle(items=ITEMS).publish("v1")
    session.refresh()
    assert session.check_ready() == ""
    assert session.served_version() == "v1"
