"""``import_data --items``: what a file changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shop.catalogue.models import Category, Item, ItemImage
from shop.catalogue.pictures import file_names
from shop.importing import writing
from tests.factories import ItemFactory
from tests.shop.importing.conftest import archive, media_files, picture, refusal, run

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]

FULL = (
    "item_id,title,description,tag,category,price,stock,image_url,brand,colour,attr:size,title:zh-hans,description:zh-hans\n"
    "007,Blue mug,Holds tea.,mug|kitchen,Home/Kitchen,12.5,3,https://a.example/1.jpg,Elm,blue,0.3 l,蓝色马克杯,可盛茶。\n"
)


def test_every_column_arrives(write: Write) -> None:
    assert run(items=write("items.csv", FULL)) == "Imported items: 1 new, 0 changed, 0 unchanged; 0 new pictures.\n"
    item = Item.objects.get()
    assert (item.item_id, item.title, item.description, item.slug) == ("007", "Blue mug", "Holds tea.", "blue-mug")
    assert (item.tag, item.tags) == ("mug", ["mug", "kitchen"])
    assert item.category
    assert (item.category.path, item.category.name) == ("home/kitchen", "Kitchen")
    assert (item.price, item.stock, item.brand, item.colour) == (Decimal("12.50"), 3, "Elm", "blue")
    assert item.attributes == {"size": "0.3 l"}
    assert item.translations == {"zh-hans": {"title": "蓝色马克杯", "description": "可盛茶。"}}
    assert item.translated_text == "蓝色马克杯\n可盛茶。"
    assert item.image_urls == ["https://a.example/1.jpg"]
    assert item.published


def test_the_minimal_columns_are_enough(write: Write) -> None:
    path = write("items.csv", "item_id,description,image_path,tag\n1,A mug.,/pics/a.png,mug\n")
    pictures = archive(path.parent / "images.zip", {"pics/a.png": picture()})
    run(items=path, images=pictures)
    item = Item.objects.get()
    assert (item.name, item.price, item.stock, item.tag) == ("A mug.", None, None, "mug")
    assert item.cover == ItemImage.objects.get()


def test_ids_are_text(write: Write) -> None:
    run(items=write("items.csv", "item_id,title\n007,James\n7,Seven\n"))
    assert set(Item.objects.values_list("item_id", "title")) == {("007", "James"), ("7", "Seven")}


def test_a_second_run_changes_nothing(write: Write) -> None:
    path = write("items.csv", FULL)
    run(items=path)
    before = Item.objects.values().get()
    assert run(items=path) == "Imported items: 0 new, 0 changed, 1 unchanged; 0 new pictures.\n"
    assert Item.objects.values().get() == before


def test_only_columns_of_the_file_change(write: Write) -> None:
    run(items=write("items.csv", FULL))
    Item.objects.update(stock=1, published=False)  # sold and hidden meanwhile
    output = run(items=write("more.csv", "item_id,title,price,attr:size,title:zh-hans\n007,Green mug,,,绿色马克杯\n"))
    assert output == "Imported items: 0 new, 1 changed, 0 unchanged; 0 new pictures.\n"
    item = Item.objects.get()
    assert (item.title, item.price, item.slug, item.attributes) == ("Green mug", None, "green-mug", {})
    assert (item.description, item.tags, item.brand) == ("Holds tea.", ["mug", "kitchen"], "Elm")
    assert (item.stock, item.published) == (1, False)
    assert item.category
    assert item.category.path == "home/kitchen"
    assert item.translations == {"zh-hans": {"title": "绿色马克杯", "description": "可盛茶。"}}


def test_stock_that_sells_during_the_import_is_not_put_back(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    ItemFactory.create(item_id="1", title="Mug", stock=5)

    def sell_first(*arguments: Any) -> None:
        Item.objects.update(stock=4)
        writing.write_plans(*arguments)

    monkeypatch.setattr("shop.importing.journey.write_plans", sell_first)
    run(items=write("items.csv", "item_id,title\n1,Bigger mug\n"))
    assert Item.objects.values_list("title", "stock").get() == ("Bigger mug", 4)


def test_an_item_keeps_saying_something(write: Write) -> None:
    ItemFactory.create(item_id="1", title="Mug", description="Holds tea.")
    run(items=write("items.csv", "item_id,title\n1,\n"))
    assert Item.objects.get().name == "Holds tea."
    message = refusal(items=write("more.csv", "item_id,title,description\n1,,\n2,, \n"))
    assert "more.csv, line 2, column item_id, value '1': both title and description are empty" in message
    assert Item.objects.get().description == "Holds tea."


def test_categories_are_known_by_name(write: Write) -> None:
    home = Category.objects.create(name="Home")
    run(items=write("items.csv", "item_id,title,category\n1,a,home/C\n2,b,Home/C++\n3,c,HOME/c\n4,d,居家/杯子\n5,e,\n"))
    paths = dict(Item.objects.values_list("item_id", "category__path"))
    assert paths == {"1": "home/c", "2": "home/c-2", "3": "home/c", "4": "居家/杯子", "5": None}
    assert Category.objects.filter(parent=home).count() == 2
    run(items=write("more.csv", "item_id,title,category\n1,a,\n2,b,Home/C++\n"))
    assert Item.objects.get(item_id="1").category is None
    assert Category.objects.count() == 5


def test_no_rows_import_nothing(write: Write) -> None:
    assert run(items=write("items.csv", "item_id,title\n")) == "Imported nothing: the files hold no rows.\n"


def test_unknown_columns_are_told_and_left_out(write: Write) -> None:
    output = run(items=write("items.csv", "item_id,title,weight\n1,Mug,300 g\n"))
    assert output.startswith("items.csv: columns that are not understood are left out: 'weight'.\n")


def test_a_dry_run_writes_nothing(write: Write, settings: Any) -> None:
    path = write("items.csv", "item_id,title,category,image_path\n1,Mug,Home,a.png\n")
    pictures = archive(path.parent / "images.zip", {"a.png": picture()})
    output = run("import_data", "--dry-run", items=path, images=pictures)
    assert output.endswith("Would import items: 1 new, 0 changed, 0 unchanged; 1 new pictures.\n")
    assert (Item.objects.count(), Category.objects.count(), media_files(settings)) == (0, 0, set())


def test_a_dry_run_finds_bad_rows_and_pictures(write: Write) -> None:
    path = write("items.csv", "item_id,title,image_path\n1,Mug,gone.png\n")
    pictures = archive(path.parent / "images.zip", {"a.png": picture()})
    message = refusal("import_data", "--dry-run", items=path, images=pictures)
    assert "items.csv, line 2, column image_path, value 'gone.png': there is no such file in images.zip" in message


# --- Bad rows -------------------------------------------------------------------


def test_stop_imports_nothing_and_prints_the_first_twenty(write: Write) -> None:
    rows = "".join(f"{number},Mug,{'cheap' if number > 10 else 5}\n" for number in range(1, 41))
    message = refusal(items=write("items.csv", f"item_id,title,price\n{rows}"))
    assert message.startswith("Nothing was imported: 30 bad rows.\n")
    assert "  items.csv, line 12, column price, value 'cheap': it is not a price; write it as 12.50\n" in message
    assert message.count("column price") == 20
    assert "… and 10 more" in message
    assert Item.objects.count() == 0


def test_every_bad_cell_of_a_row_is_named(write: Write) -> None:
    message = refusal(items=write("items.csv", "item_id,title,price,stock\n,Mug,x,y\n"))
    assert [word for word in ("column item_id", "column price", "column stock") if word in message] == [
        "column item_id",
        "column price",
        "column stock",
    ]


def test_an_id_twice_is_a_bad_row(write: Write) -> None:
    message = refusal(items=write("items.csv", "item_id,title\n1,Mug\n1,Vase\n"))
    assert "items.csv, line 3, column item_id, value '1': this item_id stands in an earlier row already" in message


def test_skip_leaves_bad_rows_out_and_lists_them(write: Write, tmp_path: Path) -> None:
    path = write("items.csv", "item_id,title,price\n1,Mug,5\n2,Vase,x\n3,Lamp,7\n")
    report = tmp_path / "reports" / "bad.csv"
    output = run(items=path, on_error="skip", report=report)
    assert output.endswith(f"1 bad rows were left out; they are listed in {report}.\n")
    assert set(Item.objects.values_list("item_id", flat=True)) == {"1", "3"}
    assert report.read_text(encoding="utf-8-sig").splitlines() == [
        "file,line,column,value,problem",
        "items.csv,3,price,x,it is not a price; write it as 12.50",
    ]


def test_a_report_that_cannot_be_written_is_refused(write: Write, tmp_path: Path) -> None:
    message = refusal(items=write("items.csv", "item_id,title\n1,\n"), report=tmp_path)
    assert message.startswith(f"The report cannot be written to {tmp_path}")


def test_nothing_to_import_is_refused() -> None:
    assert refusal() == "Nothing to import: give --items, --users or --actions (see --help)."


# --- Pictures -------------------------------------------------------------------


def test_several_pictures_keep_their_order(write: Write, settings: Any) -> None:
    path = write("items.csv", "item_id,title,image_path\n1,Mug,b.png|/a.png|b.png\n2,Copy,a.png\n")
    for number, name in enumerate(("a.png", "b.png")):
        write(f"pictures/{name}", picture(number))
    run(items=path, images=path.parent / "pictures")
    gallery = list(ItemImage.objects.filter(item__item_id="1"))
    assert [image.position for image in gallery] == [0, 1]
    other = ItemImage.objects.get(item__item_id="2")
    assert other.checksum == gallery[1].checksum
    assert gallery[0].item.cover == gallery[0]
    assert media_files(settings) == {name for image in gallery for name in file_names(image)}


@pytest.mark.django_db(transaction=True)
def test_changed_galleries_keep_what_they_can(write: Write, settings: Any, tmp_path: Path) -> None:
    pictures = archive(tmp_path / "images.zip", {f"{name}.png": picture(n) for n, name in enumerate("abc")})
    run(items=write("items.csv", "item_id,title,image_path\n1,Mug,a.png|b.png\n"), images=pictures)
    kept = ItemImage.objects.get(position=1)
    output = run(items=write("more.csv", "item_id,title,image_path\n1,Mug,b.png|c.png\n"), images=pictures)
    assert output.endswith("0 new, 1 changed, 0 unchanged; 1 new pictures.\n")
    gallery = list(ItemImage.objects.all())
    assert gallery[0] == kept
    assert [image.position for image in gallery] == [0, 1]
    assert Item.objects.get().cover == kept
    assert media_files(settings) == {name for image in gallery for name in file_names(image)}


def test_an_empty_cell_or_no_images_option_keeps_the_pictures(write: Write, tmp_path: Path) -> None:
    pictures = archive(tmp_path / "images.zip", {"a.png": picture()})
    path = write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n")
    run(items=path, images=pictures)
    run(items=write("empty.csv", "item_id,title,image_path\n1,Mug,\n"), images=pictures)
    output = run(items=path)
    assert output.startswith("1 pictures are named but --images isn't given; they are left out.\n")
    assert ItemImage.objects.count() == 1


def test_lost_files_are_made_again(write: Write, settings: Any, tmp_path: Path) -> None:
    pictures = archive(tmp_path / "images.zip", {"a.png": picture()})
    path = write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n")
    run(items=path, images=pictures)
    files = media_files(settings)
    (Path(settings.MEDIA_ROOT) / file_names(ItemImage.objects.get())[1]).unlink()
    output = run(items=path, images=pictures)
    assert output.endswith("0 new, 0 changed, 1 unchanged; 0 new pictures.\n")
    assert media_files(settings) == files


def test_a_bad_picture_stops_the_import_and_leaves_no_file(write: Write, settings: Any, tmp_path: Path) -> None:
    pictures = archive(tmp_path / "images.zip", {"a.png": picture(), "b.jpg": b"not a picture"})
    message = refusal(
        items=write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n2,Vase,b.jpg\n"), images=pictures
    )
    assert "items.csv, line 3, column image_path, value 'b.jpg': it is not a picture" in message
    assert (Item.objects.count(), media_files(settings)) == (0, set())


def test_skip_leaves_out_the_item_of_a_bad_picture_and_its_actions(write: Write, tmp_path: Path) -> None:
    pictures = archive(tmp_path / "images.zip", {"a.png": picture(), "b.jpg": picture()[:50]})
    report = tmp_path / "bad.csv"
    run(
        items=write("items.csv", "item_id,title,image_path\n1,Mug,a.png\n2,Vase,b.jpg\n"),
        actions=write("actions.csv", "user_id,product_id,action\nu,1,0\nu,2,0\n"),
        images=pictures,
        on_error="skip",
        report=report,
    )
    assert list(Item.objects.values_list("item_id", flat=True)) == ["1"]
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("items.csv,3,image_path,b.jpg,it is damaged or cut short")
    assert lines[2] == "actions.csv,3,product_id,2,there is no item with this id"


def test_many_pictures_go_through_worker_processes(write: Write, settings: Any, tmp_path: Path) -> None:
    files = {f"images/{number}.png": picture(number) for number in range(80)}
    files["images/79.png"] = b"broken"
    pictures = archive(tmp_path / "images.zip", files)
    rows = "".join(f"{number},Mug {number},images/{number}.png\n" for number in range(80))
    path = write("items.csv", f"item_id,title,image_path\n{rows}")
    assert "value 'images/79.png': it is not a picture" in refusal(items=path, images=pictures)
    assert media_files(settings) == set()
    run(items=path, images=pictures, on_error="skip", report=tmp_path / "bad.csv")
    assert Item.objects.exclude(cover=None).count() == 79
    assert len(media_files(settings)) == 79 * 2
