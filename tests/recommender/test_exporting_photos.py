"""Export of what photos look like: keys, links, what cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError

from shop.catalogue.models import Item
from tests.factories import ItemFactory
from tests.recommender.photo_model import photo
from tests.recommender.test_exporting import export, lists, photo_shop, shop, zipped

pytestmark = pytest.mark.django_db


def test_photos_are_keys_by_their_path_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo_shop(monkeypatch)
    files = {"b/red.jpg": photo("#d00000"), "a.png": photo("#000080", kind="PNG"), "notes.txt": b""}
    for name, content in files.items():
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).write_bytes(content)
    for place in (tmp_path / "photos", zipped(tmp_path / "photos.zip", files)):
        rows = export(tmp_path, "photo", "--photos", str(place), k=4)
        assert list(rows[0]) == ["photo", "product_id", "score"]
        found = lists(rows, "photo")
        assert list(found) == ["a.png", "b/red.jpg"]
        assert found["a.png"][:2] == ["navy", "ink"]
        assert found["b/red.jpg"][:2] == ["red", "rust"]
        assert {len(set(ids)) for ids in found.values()} == {4}


def test_photos_that_are_links_or_have_odd_names_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo_shop(monkeypatch)
    (tmp_path / "kept.jpg").write_bytes(photo("#000080"))
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "navy.jpg").symlink_to(tmp_path / "kept.jpg")
    (tmp_path / "photos" / os.fsdecode(b"caf\xe9.jpg")).write_bytes(photo())
    found = lists(export(tmp_path, "photo", "--photos", str(tmp_path / "photos")), "photo")
    assert list(found) == ["navy.jpg"]
    assert found["navy.jpg"][:2] == ["navy", "ink"]
    assert r"caf\udce9.jpg: its name is not UTF-8" in capsys.readouterr().err


def test_photos_leave_out_unpublished_items_only_and_fill_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo_shop(monkeypatch)
    Item.objects.filter(item_id="red").update(published=False)
    Item.objects.filter(item_id="rust").update(stock=0)
    ItemFactory.create(item_id="new")
    place = zipped(tmp_path / "photos.zip", {"red.jpg": photo("#d00000")})
    found = lists(export(tmp_path, "photo", "--photos", str(place), k=9), "photo")["red.jpg"]
    assert found[0] == "rust"
    assert sorted(found) == ["ink", "moss", "navy", "new", "rust"]


def test_photos_that_cannot_be_used_are_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo_shop(monkeypatch)
    place = zipped(tmp_path / "photos.zip", {"broken.jpg": photo()[:99], "fine.jpg": photo(), "text.png": b"text"})
    assert set(lists(export(tmp_path, "photo", "--photos", str(place)), "photo")) == {"fine.jpg"}
    told = capsys.readouterr().err
    assert "2 photos cannot be used" in told
    assert "broken.jpg: it is damaged" in told
    assert "text.png: it is not a picture" in told


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"../out.jpg": photo(), "fine.jpg": photo()}, "leads outside"),
        ({"broken.jpg": b"text"}, "none of the photos can be used, such as broken.jpg"),
        ({"notes.txt": b"text"}, "holds no photos"),
    ],
    ids=["outside", "broken", "none"],
)
def test_what_cannot_be_used_at_all_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], problem: str
) -> None:
    photo_shop(monkeypatch)
    with pytest.raises(CommandError, match=problem):
        export(tmp_path, "photo", "--photos", str(zipped(tmp_path / "photos.zip", files)))
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_photos_need_a_model_that_sees_and_a_place(tmp_path: Path) -> None:
    shop(3)
    with pytest.raises(CommandError, match="needs --photos"):
        export(tmp_path, "photo")
    place = zipped(tmp_path / "photos.zip", {"a.jpg": photo()})
    with pytest.raises(CommandError, match="retrain with pictures"):
        export(tmp_path, "photo", "--photos", str(place))
