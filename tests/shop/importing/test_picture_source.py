"""Folders and ZIPs that mean no good."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shop.catalogue.models import Item
from shop.catalogue.picture_files import PictureRefused
from shop.importing.errors import ImportRefused
from shop.importing.picture_source import PictureSource, picture_source
from tests.shop.importing.conftest import archive, media_files, picture, refusal

Write = Callable[..., Path]
LIMIT = 10_000


@pytest.fixture
def folder(tmp_path: Path) -> PictureSource:
    """A folder with one picture, beside a secret and links to it."""
    place = tmp_path / "pictures"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "a.png").write_bytes(picture())
    (tmp_path / "secret.png").write_bytes(b"secret")
    (place / "link.png").symlink_to(tmp_path / "secret.png")
    (place / "linked").symlink_to(tmp_path)
    return picture_source(place)


@pytest.mark.parametrize("name", ["deep/a.png", "/deep/a.png", "//deep/a.png", "deep\\a.png", "./deep/a.png"])
def test_a_leading_slash_does_not_matter(folder: PictureSource, name: str) -> None:
    assert folder.read(name, max_bytes=LIMIT) == picture()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../secret.png", "leads outside"),
        ("deep/../../secret.png", "leads outside"),
        ("..\\secret.png", "leads outside"),
        ("C:\\secret.png", "names a drive"),
        ("link.png", "symbolic link"),
        ("linked/secret.png", "symbolic link"),
        ("deep", "it is not a file"),
        ("gone.png", "there is no such file in pictures"),
        ("/", "it names no file"),
    ],
)
def test_a_folder_gives_nothing_else(folder: PictureSource, name: str, problem: str) -> None:
    with pytest.raises(PictureRefused, match=problem) as refused:
        folder.read(name, max_bytes=LIMIT)
    assert refused.value.name == name


def test_never_more_bytes_than_the_limit_are_read(folder: PictureSource, tmp_path: Path) -> None:
    assert len(folder.read("deep/a.png", max_bytes=10)) == 11
    bomb = archive(tmp_path / "bomb.zip", {"bomb.png": b"\0" * (LIMIT + 1)})
    with pytest.raises(PictureRefused, match="unpacked it is larger than 10,000 bytes"):
        picture_source(bomb).read("bomb.png", max_bytes=LIMIT)


def test_a_header_that_lies_about_its_size_unpacks_no_bomb(tmp_path: Path) -> None:
    path = archive(tmp_path / "lie.zip", {"bomb.png": b"\0" * 5_000_000})
    content = path.read_bytes()
    path.write_bytes(content.replace((5_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    source = picture_source(path)
    try:
        assert len(source.read("bomb.png", max_bytes=LIMIT)) <= LIMIT + 1
    except PictureRefused as error:
        assert error.name == "bomb.png"  # noqa: PT017  # either way is safe


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("link.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as written:
        written.writestr(entry, "/etc/passwd")
    source = picture_source(tmp_path / "links.zip")
    assert source.hostile_names() == [("link.png", "it is a symbolic link")]
    with pytest.raises(PictureRefused, match=r"link\.png: it is a symbolic link"):
        source.read("link.png", max_bytes=LIMIT)


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        written.writestr("a.png", picture())
    path.write_bytes(path.read_bytes().replace(b"IHDR", b"IHDX"))
    with pytest.raises(PictureRefused, match=r"a\.png: it is damaged inside damaged\.zip"):
        picture_source(path).read("a.png", max_bytes=LIMIT)


def test_what_is_neither_folder_nor_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="is not there; --images takes a folder or a ZIP"):
        picture_source(tmp_path / "gone.zip")
    (tmp_path / "text.zip").write_text("not a ZIP")
    with pytest.raises(ImportRefused, match=r"text\.zip is neither a folder nor a readable ZIP"):
        picture_source(tmp_path / "text.zip")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("../../evil.png", "its path leads outside the folder or ZIP"),
        ("/etc/evil.png", "its path is absolute"),
        ("C:/evil.png", "its path names a drive"),
    ],
)
def test_a_zip_that_wants_out_is_refused_with_the_name(
    write: Write, tmp_path: Path, settings: Any, entry: str, problem: str
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    images = archive(inner / "images.zip", {"a.png": picture(), entry: picture(1)})
    message = refusal(items=write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n"), images=images)
    assert f"images.zip, value '{entry}': {problem}" in message
    assert (Item.objects.count(), media_files(settings)) == (0, set())
    assert not list(tmp_path.rglob("evil.png"))
