"""Imports that end badly: what the shop shows meanwhile, and what is left over."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import IntegrityError

from benchmarks.kill_import import HalfAnImport, Shop, check, kill_rounds
from shop.actions.models import Action, ImportBatch
from shop.catalogue.models import Item, ItemImage
from shop.catalogue.picture_journal import import_folder, journal_add, journal_path
from shop.importing import batches, journey, pacing
from shop.importing.pacing import Pace
from tests.factories import ActionFactory, ItemFactory
from tests.shop.importing.conftest import archive, media_files, picture, refusal, run

Write = Callable[..., Path]


@pytest.fixture
def files(write: Write, tmp_path: Path) -> dict[str, Any]:
    """Two items with pictures and forty actions."""
    rows = "".join(f"u{number % 3},{number % 2 + 1},0\n" for number in range(40))
    return {
        "items": write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n2,Vase,b.png\n"),
        "images": archive(tmp_path / "images.zip", {"a.png": picture(1), "b.png": picture(2)}),
        "actions": write("actions.csv", f"user_id,product_id,action\n{rows}"),
    }


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction writes ten actions."""
    monkeypatch.setattr(pacing, "LARGEST_PIECE", 10)
    monkeypatch.setattr(pacing, "SMALLEST_PIECE", 10)
    monkeypatch.setattr(Pace.__init__, "__defaults__", (10,))


@pytest.mark.django_db(transaction=True)
def test_a_failure_while_items_are_written_leaves_nothing(
    files: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise IntegrityError("somebody was quicker")

    monkeypatch.setattr("shop.importing.writing._write_covers", fail)
    message = refusal(**files)
    assert message == "The shop changed while the import ran (somebody was quicker). Run it again."
    assert (Item.objects.count(), ItemImage.objects.count(), media_files(settings)) == (0, 0, set())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pieces")
def test_actions_show_all_at_once(files: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    insert = batches._insert

    def look_and_insert(statement: str, rows: list[list[Any]]) -> int:
        seen.append((Action.objects.count(), Action.with_unpublished.count()))
        return insert(statement, rows)

    monkeypatch.setattr(batches, "_insert", look_and_insert)
    run(**files)
    assert seen == [(0, 0), (0, 10), (0, 20), (0, 30)]
    assert Action.objects.count() == 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pieces")
def test_ctrl_c_takes_back_the_actions(files: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    insert = batches._insert

    def interrupted(statement: str, rows: list[list[Any]]) -> int:
        if Action.with_unpublished.count() >= 20:
            raise KeyboardInterrupt
        return insert(statement, rows)

    monkeypatch.setattr(batches, "_insert", interrupted)
    with pytest.raises(CommandError, match=r"Stopped\. Nothing half-done is left\.") as stopped:
        run(**files)
    assert stopped.value.returncode == 130
    assert (Action.with_unpublished.count(), ImportBatch.objects.count()) == (0, 0)
    assert not journal_path().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pieces")
def test_the_next_import_clears_away_what_a_killed_one_left(write: Write, settings: Any) -> None:
    item = ItemFactory.create(item_id="1")
    real = ActionFactory.create(item=item)
    dead = ImportBatch.objects.create(checksum="x", file_name="dead.csv")
    for _number in range(25):
        ActionFactory.create(item=item, batch=dead)
    assert Action.objects.count() == 1
    folder = import_folder()
    (folder / "staging" / "items").mkdir(parents=True)
    (folder / "staging" / "items" / "half").write_bytes(b"x")
    orphan = f"items/aa/{'a' * 64}.png"
    (Path(settings.MEDIA_ROOT) / orphan).parent.mkdir()
    (Path(settings.MEDIA_ROOT) / orphan).write_bytes(b"x")
    journal_add([orphan])
    run(items=write("items.csv", "item_id,title\n2,Mug\n"))
    assert list(Action.with_unpublished.all()) == [real]
    assert ImportBatch.objects.count() == 0
    assert media_files(settings) == set()


@pytest.mark.django_db
def test_two_imports_at_a_time_are_refused(files: dict[str, Any]) -> None:
    import_folder().mkdir(parents=True)
    with (import_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refusal(**files) == "Another import is running; wait until it is done."
    run(**files)
    assert Item.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_item_that_goes_away_meanwhile_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    ItemFactory.create(item_id="1")
    monkeypatch.setattr(journey, "write_plans", lambda *_plans: Item.objects.all().delete())
    message = refusal(actions=write("actions.csv", "user_id,product_id,action\nu,1,0\n"))
    assert message.endswith("went away while the import ran. Run it again.")
    assert ImportBatch.objects.count() == 0


@pytest.mark.slow
def test_kill_9_never_leaves_half_an_import(tmp_path: Path) -> None:
    seen = kill_rounds(tmp_path, times=3, seed=1, items=70, actions=4_000)
    assert sum(seen.values()) == 3


def test_half_an_import_would_be_noticed(tmp_path: Path) -> None:
    """The negative control of the test above."""
    import sqlite3
    from contextlib import closing

    shop = Shop(tmp_path)
    with closing(sqlite3.connect(shop.database)) as connection:
        connection.executescript(
            "CREATE TABLE catalogue_item (id); CREATE TABLE catalogue_itemimage (id, file);"
            "CREATE TABLE actions_action (id, batch_id); CREATE TABLE actions_importbatch (id, published);"
            "INSERT INTO catalogue_item VALUES (1), (2); INSERT INTO catalogue_itemimage VALUES (1, ''), (2, '');"
            "INSERT INTO actions_importbatch VALUES (1, 0); INSERT INTO actions_action VALUES (1, 1)"
        )
    assert check(shop, items=2, actions=3) == "items"
    with pytest.raises(HalfAnImport, match=r"items, pictures, actions: \(2, 2, 0\)"):
        check(shop, items=3, actions=3)
    with closing(sqlite3.connect(shop.database)) as connection, connection:
        connection.execute("UPDATE actions_importbatch SET published = 1")
    with pytest.raises(HalfAnImport, match=r"items, pictures, actions: \(2, 2, 1\)"):
        check(shop, items=2, actions=3)
