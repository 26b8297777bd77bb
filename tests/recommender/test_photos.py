"""Photos from folders, archives and uploads: what is opened, what is refused by name, and that nothing is kept."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recommender.photos import OwnFolder, Photos, PhotosRefused, open_photo
from shop.catalogue.picture_files import PictureRefused
from tests.recommender.photo_model import photo


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes whose header claims a billion pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


ODD = {
    "cmyk.jpg": encoded(Image.new("CMYK", (40, 30)), "JPEG"),
    "deep.png": encoded(Image.new("I;16", (40, 30), 40_000), "PNG"),
    "clear.png": encoded(Image.new("RGBA", (40, 30)), "PNG"),
    "palette.gif": encoded(Image.new("P", (40, 30)), "GIF"),
    "moving.webp": encoded(
        Image.new("RGB", (40, 30), "red"), "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]
    ),
    "fax.tiff": encoded(Image.new("1", (40, 30)), "TIFF"),
}


@pytest.mark.parametrize("name", ODD)
def test_every_kind_of_picture_becomes_plain(name: str) -> None:
    picture = open_photo(ODD[name], name=name)
    assert (picture.mode, picture.size) == ("RGB", (40, 30))


def test_of_a_moving_picture_the_first_counts() -> None:
    red, _green, blue = open_photo(ODD["moving.webp"]).getpixel((20, 15))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_photo_is_turned_as_it_was_held_and_made_no_larger_than_needed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_photo(photo(size=(4_096, 2_048), exif=exif)).size == (512, 1_024)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"no picture", "not a picture"),
        (photo()[:200], "damaged"),
        (bomb(), "more than 50,000,000 pixels"),
        (photo(size=(1, 1), kind="PNG"), "1 × 1 pixels are too few"),
        (photo(size=(900, 15)), "900 × 15 pixels are too few"),
    ],
    ids=["empty", "text", "cut", "bomb", "dot", "line"],
)
def test_what_is_no_use_is_refused_by_name(content: bytes, problem: str) -> None:
    with pytest.raises(PictureRefused, match=problem) as refused:
        open_photo(content, name="mine.jpg")
    assert str(refused.value).startswith("mine.jpg: ")


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


SHELF = {
    "b.jpg": photo(),
    "a/deep/c.PNG": photo(kind="PNG"),
    "a/b.webp": photo(kind="WEBP"),
    "read me.txt": b"hello",
    ".hidden.jpg": photo(),
    "__MACOSX/b.jpg": photo(),
}


def test_photos_are_found_by_their_path_inside(tmp_path: Path) -> None:
    names = ("a/b.webp", "a/deep/c.PNG", "b.jpg")
    for place in (folder(tmp_path / "photos", SHELF), archive(tmp_path / "photos.zip", SHELF)):
        photos = Photos.at(place)
        assert photos.names == names
        assert [photos.open(name).size for name in names] == [(64, 48)] * 3


@pytest.mark.parametrize("name", ["../out.jpg", "/etc/out.jpg", "a/../../out.jpg", "C:/out.jpg", "..\\out.jpg"])
def test_an_archive_that_leads_outside_is_refused_whole(tmp_path: Path, name: str) -> None:
    with pytest.raises(PhotosRefused, match=r"1 of its names are refused, such as .*out\.jpg"):
        Photos.at(archive(tmp_path / "photos.zip", {"fine.jpg": photo(), name: photo()}))


def test_links_to_files_in_the_owners_folder_are_followed_and_those_to_folders_are_not(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.jpg").write_bytes(photo())
    place = folder(tmp_path / "photos", {"a/fine.jpg": photo()})
    (place / "a" / "link.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    (place / "way").symlink_to(tmp_path)
    (tmp_path / "photos too").symlink_to(place)
    for named in (place, tmp_path / "photos too"):
        photos = Photos.at(named)
        assert photos.names == ("a/fine.jpg", "a/link.jpg")
        assert [photos.open(name).size for name in photos.names] == [(64, 48)] * 2


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("nowhere.jpg", "it is a link to a file that is not there"),
        ("link.jpg", "it is a link to a file that is not there"),
        ("/dev/zero", "it is not a file"),
    ],
    ids=["dangling", "loop", "device"],
)
def test_links_to_what_is_no_file_are_refused_by_name(tmp_path: Path, target: str, problem: str) -> None:
    place = folder(tmp_path / "photos", {"fine.jpg": photo()})
    (place / "link.jpg").symlink_to(target)
    with pytest.raises(PictureRefused) as refused:
        Photos.at(place).open("link.jpg")
    assert str(refused.value) == f"link.jpg: {problem}"


def test_links_in_an_archive_are_still_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as file:
        file.writestr("fine.jpg", photo())
        link = zipfile.ZipInfo("link.jpg")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/hostname")
    with pytest.raises(PhotosRefused, match=r"'link\.jpg': it is a symbolic link"):
        Photos.at(tmp_path / "photos.zip")


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.jpg").write_bytes(photo())
    with pytest.raises(PictureRefused, match="leads outside"):
        OwnFolder(folder(tmp_path / "photos", {"fine.jpg": b""})).read("../outside.jpg", max_bytes=9)


def test_a_name_that_is_not_utf8_is_refused_and_can_be_told(tmp_path: Path) -> None:
    place = folder(tmp_path / "photos", {"fine.jpg": photo()})
    (place / os.fsdecode(b"caf\xe9.jpg")).write_bytes(photo())
    photos = Photos.at(place)
    with pytest.raises(PictureRefused) as refused:
        photos.open(photos.names[0])
    assert str(refused.value) == r"caf\udce9.jpg: its name is not UTF-8"


def test_an_entry_that_unpacks_to_too_much_is_refused_by_name(tmp_path: Path, settings: Any) -> None:
    settings.PICTURE_MAX_BYTES = 10_000
    photos = Photos.at(archive(tmp_path / "photos.zip", {"bomb.jpg": b"\0" * 1_000_000, "fine.jpg": photo()}))
    with pytest.raises(PictureRefused, match=r"bomb\.jpg: unpacked it is larger than 10,000 bytes"):
        photos.open("bomb.jpg")
    assert photos.open("fine.jpg").size == (64, 48)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("none.zip", None, "is not there"),
        ("text.zip", b"no archive", "neither a folder nor a readable ZIP"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path: Path, name: str, content: bytes | None, problem: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PhotosRefused, match=problem):
        Photos.at(tmp_path / name)


def test_a_source_without_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotosRefused, match="holds no photos"):
        Photos.at(folder(tmp_path / "photos", {"notes.txt": b""}))
    with pytest.raises(PhotosRefused, match="holds no photos"):
        Photos.at(archive(tmp_path / "photos.zip", {"notes.txt": b""}))
