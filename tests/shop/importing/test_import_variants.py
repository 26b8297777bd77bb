"""``import_data --items`` with ``variant_of`` and ``variant``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from shop.actions.models import Action
from shop.catalogue.models import Item
from tests.factories import ItemFactory
from tests.shop.importing.conftest import picture, refusal, run

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]

COLUMNS = "item_id,title,price,variant_of,variant,variant:zh-hans\n"
TEES = f"{COLUMNS}tee-l,Tee,22,tee,Large,大\ntee,Tee,,,,\ntee-s,Tee,20,tee,Small,小\nmug,Mug,9,,,\n"


def heads() -> dict[str, tuple[str | None, str]]:
    rows = Item.objects.values_list("item_id", "variant_of__item_id", "variant_name")
    return {item_id: (head, name) for item_id, head, name in rows}


def price(item_id: str) -> Decimal | None:
    return Item.objects.get(item_id=item_id).price


def test_variants_find_their_head_wherever_it_stands_in_the_file(write: Write) -> None:
    run(items=write("items.csv", TEES))
    assert heads() == {"tee": (None, ""), "tee-s": ("tee", "Small"), "tee-l": ("tee", "Large"), "mug": (None, "")}
    assert Item.objects.get(item_id="tee-s").translations == {"zh-hans": {"variant": "小"}}
    assert price("tee") == Decimal(20)  # a frame costs what the cheapest of its choices costs


def test_a_second_run_changes_nothing(write: Write) -> None:
    path = write("items.csv", TEES)
    run(items=path)
    before = list(Item.objects.order_by("pk").values())
    assert run(items=path) == "Imported items: 0 new, 0 changed, 4 unchanged; 0 new pictures.\n"
    assert list(Item.objects.order_by("pk").values()) == before


def test_a_file_without_the_columns_leaves_variants_alone_but_a_frames_price_follows(write: Write) -> None:
    run(items=write("items.csv", TEES))
    run(items=write("prices.csv", "item_id,title,price\ntee-s,Tee,18\ntee,Tee,99\n"))
    assert heads()["tee-s"] == ("tee", "Small")
    assert price("tee") == Decimal(18)


def test_a_variant_can_become_an_item_of_its_own_and_names_can_be_exchanged(write: Write) -> None:
    run(items=write("items.csv", TEES))
    run(items=write("names.csv", "item_id,title,variant\ntee-s,Tee,Large\ntee-l,Tee,Small\n"))
    assert (heads()["tee-s"], heads()["tee-l"]) == (("tee", "Large"), ("tee", "Small"))
    run(items=write("free.csv", "item_id,title,variant_of,variant\ntee-s,Tee,,\n"))
    assert heads()["tee-s"] == (None, "")


def test_a_variant_can_join_a_head_that_the_shop_has(write: Write) -> None:
    ItemFactory.create(item_id="tee", variant_name="Small")
    run(items=write("items.csv", "item_id,title,variant_of,variant\ntee-l,Tee,tee,Large\n"))
    assert heads() == {"tee": (None, "Small"), "tee-l": ("tee", "Large")}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("x,Tee,1,nowhere,Large", "column variant_of, value 'nowhere': there is no such item"),
        ("x,Tee,1,x,Large", "column variant_of, value 'x': an item cannot be a variant of itself"),
        ("x,Tee,1,tee-s,Large", "column variant_of, value 'tee-s': that item is a variant itself"),
        ("tee,Tee,1,mug,Large", "column variant_of, value 'mug': this item has variants of its own"),
        ("x,Tee,1,tee,", "column variant, value '': a variant needs a name"),
        ("x,Tee,1,tee,Small", "column variant, value 'Small': tee has a choice of this name already"),
    ],
)
def test_what_cannot_be_a_variant_is_a_bad_row(write: Write, row: str, problem: str) -> None:
    run(items=write("items.csv", TEES))
    before = heads()
    told = refusal(items=write("more.csv", f"item_id,title,price,variant_of,variant\n{row}\n"))
    assert f"more.csv, line 2, {problem}" in told
    assert heads() == before


def test_a_head_can_be_the_first_of_its_own_choices_once(write: Write) -> None:
    told = refusal(items=write("items.csv", f"{COLUMNS}tee,Tee,20,,Small,\ntee-2,Tee,20,tee,Small,\n"))
    assert "line 3, column variant, value 'Small': tee has a choice of this name already" in told


def test_variants_of_a_row_that_is_left_out_are_left_out_too(write: Write) -> None:
    rows = f"{COLUMNS}tee,Tee,20,nowhere,Tall,\ntee-s,Tee,20,tee,Small,\nmug,Mug,9,,,\n"
    run(items=write("items.csv", rows), on_error="skip", report=write("report.csv", ""))
    assert heads() == {"mug": (None, "")}


def test_variants_of_a_head_whose_picture_is_bad_are_left_out_too(write: Write) -> None:
    path = write(
        "items.csv",
        "item_id,title,image_path,variant_of,variant\ntee,Tee,gone.png,,\ntee-s,Tee,,tee,Small\nmug,Mug,mug.png,,\n",
    )
    write("pictures/mug.png", picture())
    run(items=path, images=path.parent / "pictures", on_error="skip", report=write("report.csv", ""))
    assert heads() == {"mug": (None, "")}


def test_actions_on_a_variant_are_told_of_its_head(write: Write) -> None:
    run(
        items=write("items.csv", TEES),
        actions=write("actions.csv", "user_id,item_id,action\nada,tee-s,3\nada,mug,0\n"),
    )
    assert list(Action.objects.order_by("pk").values_list("item__item_id", "kind")) == [("tee", 3), ("mug", 0)]
