"""Pictures: what is refused, what is made of the rest, and that files follow their rows."""

from __future__ import annotations

import copy
import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from shop.catalogue import pictures
from shop.catalogue.models import Item, ItemImage
from shop.catalogue.picture_files import PictureLimits, prepare_picture, rendition_widths
from shop.catalogue.picture_journal import journal_add, journal_path, journal_settle
from shop.catalogue.pictures import PictureRefused, open_picture, picture_replace, picture_save
from tests.factories import ItemFactory

ROOMY = PictureLimits(max_bytes=1_000_000, max_pixels=4_000_000)


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def coloured(width: int = 8, height: int = 6, colour: Any = (200, 40, 40), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def files_in_media(settings: Any) -> set[str]:
    """Every file under the media folder, by its path below it."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


# --- What is refused ----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "a.jpg", "the file is empty"),
        (b"this is no picture at all", "a.jpg", "it is not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "it is not a picture"),
        (b"GIF89a", "a.exe", "files ending in .exe are not taken as pictures"),
        (b"<svg/>", "a.svg", "files ending in .svg are not taken as pictures"),
    ],
)
def test_refuses_what_is_no_picture(content: bytes, name: str, problem: str) -> None:
    with pytest.raises(PictureRefused, match=problem) as refused:
        open_picture(content, name=name)
    assert str(refused.value) == f"{name}: {problem}"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_refuses_a_truncated_picture(kind: str) -> None:
    noise = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    whole = encoded(noise, kind)
    open_picture(whole, name="whole")
    with pytest.raises(PictureRefused, match=r"^cut: it is (damaged|not a picture)"):
        open_picture(whole[: len(whole) // 2], name="cut")


def test_refuses_too_many_bytes(settings: Any) -> None:
    content = encoded(coloured())
    settings.PICTURE_MAX_BYTES = len(content)
    open_picture(content)
    settings.PICTURE_MAX_BYTES = len(content) - 1
    with pytest.raises(PictureRefused, match="the file is larger than"):
        open_picture(content)


def test_refuses_too_many_pixels(settings: Any) -> None:
    settings.PICTURE_MAX_PIXELS = 48
    open_picture(encoded(coloured(8, 6)))
    with pytest.raises(PictureRefused, match="9 × 6 pixels are more than 48"):
        open_picture(encoded(coloured(9, 6)))


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(PictureRefused, match="pixels"):
        open_picture(bomb, name="bomb.png")


def test_the_refusal_survives_a_process_border() -> None:
    # A copy is made the way a process pool sends errors: from what the error says of itself.
    error = copy.copy(PictureRefused("a.jpg", "it is not a {thing}", {"thing": "picture"}))
    assert (error.name, error.problem) == ("a.jpg", "it is not a picture")


# --- What is made of the rest -------------------------------------------------


def test_a_single_pixel_is_a_picture() -> None:
    picture = open_picture(encoded(coloured(1, 1)))
    assert picture.size == (1, 1)
    assert prepare_picture(encoded(coloured(1, 1)), limits=ROOMY).facts.renditions == (1,)


def test_cmyk_becomes_rgb() -> None:
    picture = open_picture(encoded(coloured(colour=(0, 0, 0, 0), mode="CMYK"), "JPEG"), name="print.jpg")
    assert (picture.mode, picture.getpixel((3, 3))) == ("RGB", (255, 255, 255))


@pytest.mark.parametrize(("deep", "flat"), [(0, 0), (32_768, 127), (65_535, 255)])
def test_sixteen_bits_are_scaled_not_cut_off(deep: int, flat: int) -> None:
    picture = Image.new("I;16", (4, 4), deep)
    picture.putpixel((0, 0), 65_535)
    opened = open_picture(encoded(picture))
    assert opened.mode == "RGB"
    value = opened.getpixel((3, 3))
    assert isinstance(value, tuple)
    assert value[0] == pytest.approx(flat, abs=1)


def test_the_first_frame_stands_for_an_animation() -> None:
    frames = [coloured(colour=(255, 0, 0)), coloured(colour=(0, 0, 255))]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_picture(content, name="moving.gif").getpixel((2, 2)) == (255, 0, 0)


def test_the_exif_note_turns_the_picture() -> None:
    picture = coloured(8, 6)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    assert open_picture(encoded(picture, "JPEG", exif=exif)).size == (6, 8)
    assert open_picture(encoded(picture, "JPEG")).size == (8, 6)


@pytest.mark.parametrize(
    "picture",
    [
        coloured(colour=(0, 0, 0, 0), mode="RGBA"),
        coloured(colour=(0, 0), mode="LA"),
    ],
)
def test_what_shows_through_becomes_white(picture: Image.Image) -> None:
    assert open_picture(encoded(picture)).getpixel((2, 2)) == (255, 255, 255)


def test_a_transparent_palette_becomes_white() -> None:
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([10, 20, 30, 40, 50, 60])
    picture.putpixel((0, 0), 1)
    opened = open_picture(encoded(picture, "PNG", transparency=0))
    assert (opened.getpixel((3, 3)), opened.getpixel((0, 0))) == ((255, 255, 255), (40, 50, 60))


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, (1,)),
        (60, (60,)),
        (160, (160,)),
        (170, (170,)),
        (400, (160, 320, 400)),
        (800, (160, 320, 640, 800)),
        (5000, (160, 320, 640, 1200)),
    ],
)
def test_renditions_are_never_wider_than_the_picture(width: int, widths: tuple[int, ...]) -> None:
    assert rendition_widths(width) == widths


def test_equal_bytes_give_equal_files_named_by_content(tmp_path: Path) -> None:
    content = encoded(coloured(400, 300), "JPEG")
    first = prepare_picture(content, limits=ROOMY, name="../../evil name.jpg")
    assert first == prepare_picture(content, limits=ROOMY, name="other.png").__class__(
        facts=first.facts, original=content, encoded=first.encoded
    )
    first.write(tmp_path)
    checksum = first.facts.checksum
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(
        [f"{checksum}.jpg", f"{checksum}-160.webp", f"{checksum}-320.webp", f"{checksum}-400.webp"]
    )
    with Image.open(tmp_path / first.facts.all_names[1]) as small:
        assert (small.format, small.size) == ("WEBP", (160, 120))


def test_a_crash_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare_picture(encoded(coloured()), limits=ROOMY)

    def power_cut(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(OSError, match="no space left"):
        prepared.write(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- Rows and their files -----------------------------------------------------


@pytest.mark.django_db
def test_saving_makes_row_files_and_cover(settings: Any) -> None:
    item = ItemFactory.create()
    upload = SimpleUploadedFile("../../x.JPG", encoded(coloured(400, 300), "JPEG"))
    first = picture_save(item=item, source=upload, alt_text="a red field")
    second = picture_save(item=item, source=encoded(coloured(20, 30)))
    first.refresh_from_db()
    assert (first.position, second.position, first.alt_text) == (0, 1, "a red field")
    assert (first.width, first.height, first.renditions) == (400, 300, [160, 320, 400])
    assert (second.width, second.height, second.renditions) == (20, 30, [20])
    assert files_in_media(settings) == {*pictures.file_names(first), *pictures.file_names(second)}
    assert Item.objects.get().cover == first


@pytest.mark.django_db
def test_saving_marks_the_item_as_changed() -> None:
    item = ItemFactory.create()
    picture_save(item=item, source=encoded(coloured()))
    assert Item.objects.get().updated_at > item.updated_at


@pytest.mark.django_db
def test_addresses_of_renditions(settings: Any) -> None:
    image = picture_save(item=ItemFactory.create(), source=encoded(coloured(400, 300)))
    stem = f"/media/items/{image.checksum[:2]}/{image.checksum}"
    assert pictures.rendition_url(image, 100) == f"{stem}-160.webp"
    assert pictures.rendition_url(image, 161) == f"{stem}-320.webp"
    assert pictures.rendition_url(image, 5000) == f"{stem}-400.webp"
    assert pictures.srcset(image) == f"{stem}-160.webp 160w, {stem}-320.webp 320w, {stem}-400.webp 400w"
    path = pictures.smallest_rendition_path(image, 100)
    assert path == Path(settings.MEDIA_ROOT) / f"items/{image.checksum[:2]}/{image.checksum}-160.webp"
    assert path.is_file()


@pytest.mark.django_db
def test_a_plain_form_upload_gets_its_renditions_too(settings: Any) -> None:
    image = ItemImage(item=ItemFactory.create(), file=SimpleUploadedFile("evil.png", encoded(coloured(200, 100))))
    image.save()
    image = ItemImage.objects.get()
    assert (image.width, image.renditions) == (200, [160, 200])
    assert files_in_media(settings) == set(pictures.file_names(image))


@pytest.mark.django_db
def test_a_plain_form_upload_that_is_no_picture_is_refused(settings: Any) -> None:
    with pytest.raises(PictureRefused):
        ItemImage(item=ItemFactory.create(), file=SimpleUploadedFile("evil.png", b"<script>")).save()
    assert files_in_media(settings) == set()


@pytest.mark.django_db(transaction=True)
def test_files_go_with_the_last_row_that_uses_them(settings: Any) -> None:
    content = encoded(coloured())
    first = picture_save(item=ItemFactory.create(), source=content)
    second = picture_save(item=ItemFactory.create(), source=content)
    files = set(pictures.file_names(first))
    first.delete()
    assert files_in_media(settings) == files
    second.item.delete()
    assert files_in_media(settings) == set()


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_deletion_is_rolled_back(settings: Any) -> None:
    image = picture_save(item=ItemFactory.create(), source=encoded(coloured()))
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    assert files_in_media(settings) == set(pictures.file_names(ItemImage.objects.get()))


@pytest.mark.django_db(transaction=True)
def test_replacing_clears_the_old_files_away(settings: Any) -> None:
    image = picture_save(item=ItemFactory.create(), source=encoded(coloured(8, 6)))
    picture_replace(image=image, source=encoded(coloured(10, 10)))
    image = ItemImage.objects.get()
    assert (image.width, image.height) == (10, 10)
    assert files_in_media(settings) == set(pictures.file_names(image))


@pytest.mark.django_db(transaction=True)
def test_the_cover_follows_the_gallery() -> None:
    item = ItemFactory.create()
    first = picture_save(item=item, source=encoded(coloured(8, 6)))
    second = picture_save(item=item, source=encoded(coloured(9, 9)))
    first.delete()
    assert Item.objects.get().cover == second
    second.delete()
    assert Item.objects.get().cover is None


@pytest.mark.django_db(transaction=True)
def test_while_an_import_runs_files_wait_for_its_end(settings: Any) -> None:
    image = picture_save(item=ItemFactory.create(), source=encoded(coloured()))
    files = set(pictures.file_names(image))
    journal_path().parent.mkdir(parents=True)
    journal_add([])
    image.delete()
    assert files < files_in_media(settings)
    assert journal_settle() == len(files)
    assert files_in_media(settings) == set()


@pytest.mark.django_db
def test_a_journal_removes_nothing_but_the_shops_own_unused_files(settings: Any) -> None:
    image = picture_save(item=ItemFactory.create(), source=encoded(coloured()))
    root = Path(settings.MEDIA_ROOT)
    (root / "precious.jpg").write_bytes(b"x")
    orphan = root / "items" / "aa" / f"{'a' * 64}.jpg"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    journal_path().parent.mkdir(parents=True)
    journal_add([*pictures.file_names(image), "precious.jpg", "../precious.jpg", str(orphan.relative_to(root))])
    assert journal_settle() == 1
    assert files_in_media(settings) == {*pictures.file_names(image), "precious.jpg"}


# --- Only as much as is needed ------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_decodes_no_more_than_needed_and_upright(kind: str, mode: str) -> None:
    on_its_side = coloured(400, 200, 255 if mode == "L" else (255, 0, 0), mode)
    on_its_side.paste(0, (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise
    content = encoded(on_its_side, kind, exif=exif)
    small = open_picture(content, enough=50)
    assert (small.mode, small.size) == ("RGB", (50, 100))
    reds = small.getchannel("R")
    assert reds.crop((0, 0, 50, 45)).getextrema()[1] < 5  # type: ignore[operator]
    assert reds.crop((0, 55, 50, 100)).getextrema()[0] > 250  # type: ignore[operator]
    assert open_picture(content).size == (200, 400), "negative control: otherwise whole"
    assert open_picture(content, enough=201).size == (200, 400)


def test_what_cannot_be_decoded_smaller_has_a_lower_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.catalogue.picture_files.MOST_WHOLE", 10_000)
    picture = coloured(160, 160)
    assert open_picture(encoded(picture, "JPEG"), enough=20).size == (20, 20)
    assert open_picture(encoded(picture, "PNG")).size == (160, 160)
    with pytest.raises(PictureRefused, match=r"160 × 160 pixels are more than 10,000"):
        open_picture(encoded(picture, "PNG"), enough=20)
