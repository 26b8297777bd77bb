"""What is saved in the shop reaches the open session: by looking, in every worker, without blocking anybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from django.db import DatabaseError, close_old_connections, connections
from PIL import Image

from recommender import session
from recommender.bundle import publish
from recommender.bundle_files import Manifest, open_bundle
from recommender.counters import counted
from recommender.item_words import content_mark
from recommender.newcomers import feed, following
from recommender.newcomers.following import Follower, FollowingThread
from recommender.picture_lookup import PictureLookup
from recommender.session import Session
from shop.catalogue.models import Item
from tests.factories import CategoryFactory, ItemFactory
from tests.pages import save_picture
from tests.recommender.newcomers.small_model import DIMS, small_model
from tests.recommender.tiny_bundle import TinyBundle

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.now(tz=UTC) - timedelta(days=30)


def serve(settings: Any, *, items: int = 30) -> list[str]:
    """A shop of items saved long ago, and a model that knows them."""
    model = small_model(items)
    ids = list(model.texts)
    for item_id, text in model.texts.items():
        ItemFactory.create(item_id=item_id, title=text, description="")
    Item.objects.update(updated_at=LONG_AGO)
    home = Path(settings.RECOMMENDER_HOME)
    model.write(ids, home=home, created_at=datetime.now(tz=UTC).isoformat())
    publish("v1", decision="made by hand", activate_now=True)
    session.refresh()
    return ids


def similar(item_id: str, k: int = 30) -> list[str]:
    return [one.item_id for one in session.get_session().similar(item_id, k) if one.reason.source == "content"]


def colours(pictures: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
    """Stands in for the picture network: the mean colour, in the model's number of dimensions."""
    vectors = np.zeros((len(pictures), DIMS), dtype=np.float32)
    for place, picture in enumerate(pictures):
        vectors[place, :3] = np.asarray(picture.convert("RGB")).reshape(-1, 3).mean(axis=0)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # type: ignore[no-any-return]


def test_a_new_item_joins_the_panels_of_its_neighbours_and_has_its_own(settings: Any) -> None:
    serve(settings)
    session.look_for_newcomers()
    assert similar("fresh") == []
    ItemFactory.create(item_id="fresh", title="green clay mug", description="")
    assert similar("fresh") == []  # the negative control: nobody has looked yet
    session.look_for_newcomers()
    near = similar("fresh")
    assert near
    assert "fresh" in similar(near[0])
    assert session.get_session().version == "v1"


def test_pictures_count_too_and_unreadable_ones_do_not(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(settings)
    monkeypatch.setattr(PictureLookup, "size", 32)
    monkeypatch.setattr(PictureLookup, "encode", lambda _self, pictures: colours(pictures))
    fresh, other = (ItemFactory.create(item_id=name, title=name, description="") for name in ("fresh", "other"))
    session.look_for_newcomers()
    assert similar("fresh") == []
    for item in (fresh, other):
        save_picture(item, colour="#206040")
    session.look_for_newcomers()
    looks = [one.item_id for one in session.get_session().looks_like("fresh", 3)]
    assert looks[0] == "other"
    assert "fresh" in similar("other")
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            path.write_bytes(b"no picture")
    Item.objects.filter(pk=fresh.pk).update(title="fresh again", updated_at=datetime.now(tz=UTC))
    session.look_for_newcomers()
    assert counted("newcomer_picture_unreadable") >= 1
    assert "fresh" not in similar("other")


def test_what_is_unpublished_or_deleted_goes_and_what_is_published_again_comes_back(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(settings)
    monkeypatch.setattr(following, "GONE_EVERY", 1)
    fresh = ItemFactory.create(item_id="fresh", title="green clay mug", description="")
    session.look_for_newcomers()
    near = similar("fresh")[0]
    fresh.published = False
    fresh.save()
    session.look_for_newcomers()
    assert "fresh" not in similar(near)
    fresh.published = True
    fresh.save()
    session.look_for_newcomers()
    assert "fresh" in similar(near)
    fresh.delete()
    session.look_for_newcomers()
    assert "fresh" not in similar(near)


def test_only_a_change_of_words_or_pictures_makes_an_item_new(settings: Any) -> None:
    ids = serve(settings)
    item = Item.objects.get(item_id="i7")
    marks = np.array([content_mark(title, ()) for title in Item.objects.values_list("title", flat=True)], np.uint64)
    bundle = session.get_session().bundle
    bundle._arrays["content_marks"] = marks
    session.look_for_newcomers()
    item.stock = 3
    item.save()
    session.look_for_newcomers()
    assert len(session.get_session().item_ids) == len(ids)
    assert session.get_session()._overlay is None
    before, text = similar("i7"), item.title
    item.title = Item.objects.get(item_id="i8").title
    item.save()
    session.look_for_newcomers()
    assert similar("i7")[0] == "i8"
    again = next(one for one in session.get_session().similar("i8", 30) if one.item_id == "i7")
    assert again.score == pytest.approx(0.3, abs=1e-6)  # the same words, no picture
    item.title = text
    item.save()
    session.look_for_newcomers()
    assert similar("i7") == before


def test_a_bundle_without_marks_takes_its_items_as_they_were(settings: Any) -> None:
    serve(settings)
    before = similar("i7")
    item = Item.objects.get(item_id="i7")
    item.title = Item.objects.get(item_id="i8").title
    item.save()
    session.look_for_newcomers()
    assert similar("i7") == before


def test_an_item_that_was_unpublished_when_the_model_was_made_comes_in_once_it_is_published(settings: Any) -> None:
    serve(settings)
    bundle = session.get_session().bundle
    published = np.ones(30, dtype=np.bool_)
    published[7] = False
    bundle._arrays["published"] = published
    Item.objects.get(item_id="i7").save()
    session.look_for_newcomers()
    overlay = session.get_session()._overlay
    assert overlay is not None
    assert overlay.replaced.tolist() == [7]


def test_a_category_fills_what_neighbours_leave_open(settings: Any) -> None:
    mugs = CategoryFactory.create(name="mugs")
    for place in range(6):
        ItemFactory.create(item_id=f"i{place}", category=mugs if place % 2 else None)
    Item.objects.update(updated_at=LONG_AGO)
    TinyBundle(
        items=[f"i{place}" for place in range(6)],
        popularity={"i0": 9, "i1": 3, "i3": 5},
        categories={f"i{place}": "mugs" for place in (1, 3, 5)},
        similar={"i0": [("i1", 0.5)]},
    ).publish("v1")
    session.refresh()
    ItemFactory.create(item_id="fresh", category=mugs)
    session.look_for_newcomers()
    assert [one.item_id for one in session.get_session().similar("fresh", 2)] == ["i3", "i1"]
    assert [one.item_id for one in session.get_session().trending(7)][3] == "fresh"  # first of the newest


def test_more_than_there_is_room_for_waits_and_says_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    serve(settings)
    follower = session._follower
    session.look_for_newcomers()
    assert follower._progress is not None
    monkeypatch.setattr(follower._progress.builder, "most", 3)
    before = counted("newcomer_waits")
    for number in range(5):
        ItemFactory.create(item_id=f"fresh{number}", title="green clay mug", description="")
    session.look_for_newcomers()
    assert len(session.get_session().item_ids) == 33
    assert counted("newcomer_waits") - before == 2
    assert [record.message for record in caplog.records if "wait for the next retrain" in record.message]


def test_many_come_in_small_steps(settings: Any) -> None:
    serve(settings)
    session.look_for_newcomers()
    for number in range(40):
        ItemFactory.create(item_id=f"fresh{number}", title="green clay mug", description="")
    sizes = []
    while session._follower.look():
        sizes.append(len(session.get_session().item_ids) - 30)
    assert sizes == [16, 32]
    assert len(session.get_session().item_ids) == 70


def test_another_bundle_begins_anew(settings: Any) -> None:
    serve(settings)
    ItemFactory.create(item_id="fresh", title="green clay mug", description="")
    session.look_for_newcomers()
    model = small_model(30)
    model.write(list(model.texts), home=Path(settings.RECOMMENDER_HOME), version="v2", created_at="")
    publish("v2", decision="made by hand", activate_now=True)
    session.refresh()
    assert similar("fresh") == []
    session.look_for_newcomers()
    # The manifest of v2 tells no time: only what changes from now on counts, and the last hour.
    assert similar("fresh")
    assert session.get_session().version == "v2"


def test_a_database_that_cannot_be_asked_is_told_once_and_asked_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    serve(settings)
    session.look_for_newcomers()
    ItemFactory.create(item_id="fresh", title="green clay mug", description="")

    def fail(*_all: object, **_named: object) -> list[object]:
        raise DatabaseError("gone away")

    monkeypatch.setattr(following, "read_items", fail)
    assert not session._follower.look()
    assert not session._follower.look()
    assert len([record for record in caplog.records if "cannot be read now" in record.message]) == 1
    monkeypatch.setattr(following, "read_items", feed.read_items)
    session.look_for_newcomers()
    assert similar("fresh")  # what was told before the failure is not lost


def test_a_bundle_that_cannot_take_in_anything_is_left_alone(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    serve(settings)
    bundle = session.get_session().bundle
    bundle._arrays["image_rows"] = np.zeros(1, dtype=np.int32)
    ItemFactory.create(item_id="fresh", title="green clay mug", description="")
    session.look_for_newcomers()
    session.look_for_newcomers()
    assert len([record for record in caplog.records if "cannot take in new items" in record.message]) == 1
    assert similar("i7")


def test_without_a_model_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        session.look_for_newcomers()


def test_a_look_without_changes_costs_two_queries(settings: Any, django_assert_num_queries: Any) -> None:
    serve(settings)
    session.look_for_newcomers()
    with django_assert_num_queries(2):
        session.look_for_newcomers()


def test_a_replaced_session_is_not_replaced_by_a_late_overlay(settings: Any) -> None:
    """The race: the version changes while newcomers are being put together for the old one."""
    serve(settings)
    follower, old = session._follower, session.get_session()
    ItemFactory.create(item_id="fresh", title="green clay mug", description="")
    newer = Session(old.bundle)

    def replace_too_late(before: Session, after: Session, *, guarded: bool) -> bool:
        session.use_session(newer)
        if guarded:
            return session._holder.replace(before, after)
        session.use_session(after)
        return True

    Follower(current=session.get_session, replace=lambda a, b: replace_too_late(a, b, guarded=False)).look()
    assert session.get_session() is not newer  # what happens without the guard
    session.use_session(old)
    Follower(current=session.get_session, replace=lambda a, b: replace_too_late(a, b, guarded=True)).look()
    assert session.get_session() is newer
    assert follower is session._follower


class Worker:
    """A web worker's session and the thread that follows for it."""

    def __init__(self, path: Path) -> None:
        self.session = Session(open_bundle(path))
        follower = Follower(current=lambda: self.session, replace=self._replace)
        self.thread = FollowingThread(follower, after_look=close_old_connections, at_end=self._end)
        self.threads_ended: list[str] = []

    def _replace(self, _old: Session, new: Session) -> bool:
        self.session = new
        return True

    def _end(self) -> None:
        connections.close_all()
        self.threads_ended.append(threading.current_thread().name)


@pytest.mark.django_db(transaction=True)
def test_two_workers_show_a_new_item_within_two_seconds(settings: Any) -> None:
    serve(settings)
    workers = [Worker(session.get_session().bundle.path) for _each in range(2)]
    assert isinstance(workers[0].session.bundle.manifest, Manifest)
    try:
        for worker in workers:
            worker.thread.start()
            worker.thread.start()  # a second call starts no second thread
        time.sleep(following.POLL_SECONDS * 1.5)
        saved = time.monotonic()
        ItemFactory.create(item_id="fresh", title="green clay mug", description="")
        wait_for(lambda: all(worker.session.similar("fresh", 3) for worker in workers))
        assert time.monotonic() - saved < 2
        near = workers[0].session.similar("fresh", 1)[0].item_id
        for worker in workers:
            assert "fresh" in [one.item_id for one in worker.session.similar(near, 30)]
    finally:
        for worker in workers:
            worker.thread.stop()
    assert [worker.threads_ended for worker in workers] == [["recommender-newcomers"]] * 2, "connections are given back"
    assert "recommender-newcomers" not in [thread.name for thread in threading.enumerate()]


def wait_for(ready: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.02)
