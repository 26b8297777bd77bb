"""``import_data --users --actions``: shoppers and the stream."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from shop.accounts.models import Shopper
from shop.actions.models import Action, Favourite, ImportBatch
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.importing import writing
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.shop.importing.conftest import refusal, run

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]


@pytest.fixture
def items() -> list[Item]:
    return [ItemFactory.create(item_id=item_id) for item_id in ("1", "2")]


def stream() -> list[tuple[str, str, int, datetime | None, float | None]]:
    """What the shop sees of the stream, in order."""
    return list(Action.objects.values_list("shopper__user_id", "item__item_id", "kind", "time", "value"))


@pytest.mark.usefixtures("items")
def test_the_minimal_columns_are_enough(write: Write) -> None:
    path = write("actions.csv", "user_id,product_id,action\nu1,1,0\nu2,2,3\nu1,2,favourite\n")
    assert run(actions=path) == "Imported users: 2 new, 0 changed, 0 unchanged.\nImported actions: 3.\n"
    assert stream() == [("u1", "1", 0, None, None), ("u2", "2", 3, None, None), ("u1", "2", 1, None, None)]


@pytest.mark.usefixtures("items")
def test_times_and_values_arrive_as_the_orm_writes_them(write: Write) -> None:
    path = write(
        "actions.csv",
        "user_id,item_id,action,timestamp,value\nu,1,cart,978300760,4.5\nu,2,click,2001-01-01T00:12:40.25Z,\nu,2,click,,\n",
    )
    run(actions=path)
    first = datetime(2000, 12, 31, 22, 12, 40, tzinfo=UTC)
    second = datetime(2001, 1, 1, 0, 12, 40, 250_000, tzinfo=UTC)
    assert stream() == [("u", "1", 2, first, 4.5), ("u", "2", 0, second, None), ("u", "2", 0, None, None)]
    imported = Action.objects.filter(time=first).get()
    saved = ActionFactory.create(time=first, item=imported.item, shopper=imported.shopper)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT time, panel, bundle, position, simulated FROM actions_action WHERE id IN (%s, %s)",
            [imported.pk, saved.pk],
        )
        rows = cursor.fetchall()
    assert rows[0] == rows[1]


@pytest.mark.usefixtures("items")
def test_equal_times_keep_the_order_of_the_file(write: Write) -> None:
    rows = "".join(f"u{number % 3},{number % 2 + 1},{number % 4},1000\n" for number in range(60))
    run(actions=write("actions.csv", f"user_id,product_id,action,timestamp\n{rows}"))
    assert [kind for _user, _item, kind, _time, _value in stream()] == [number % 4 for number in range(60)]


@pytest.mark.usefixtures("items")
def test_only_actions_are_written(write: Write) -> None:
    run(actions=write("actions.csv", "user_id,product_id,action\nu,1,1\nu,1,2\nu,1,3\n"))
    assert (Favourite.objects.count(), CartLine.objects.count()) == (0, 0)


@pytest.mark.usefixtures("items")
def test_the_same_file_counts_once_unless_told(write: Write) -> None:
    path = write("actions.csv", "user_id,product_id,action\nu,1,0\n")
    run(actions=path)
    message = refusal(actions=path.rename(path.with_name("renamed.csv")))
    assert message.startswith("renamed.csv was imported already, on 20")
    assert "Use --again" in message
    assert Action.objects.count() == 1
    run("import_data", "--again", actions=path.with_name("renamed.csv"))
    assert (Action.objects.count(), Shopper.objects.count()) == (2, 1)


@pytest.mark.usefixtures("items")
def test_bad_rows_are_named(write: Write) -> None:
    path = write(
        "actions.csv",
        "user_id,product_id,action,timestamp\nu,9,0,\nu,1,4,\n,1,0,\nu,1,0,yesterday\nu,1,buy,soon\nu,1,0,1\n",
    )
    message = refusal(actions=path)
    assert message.startswith("Nothing was imported: 6 bad rows.\n")
    for problem in (
        "line 2, column product_id, value '9': there is no item with this id",
        "line 3, column action, value '4': unknown action; write 0 or click",
        "line 4, column user_id, value '': the id is missing",
        "line 5, column timestamp, value 'yesterday': it is not a time",
        "line 6, column action, value 'buy': unknown action",
        "line 6, column timestamp, value 'soon': it is not a time",
    ):
        assert f"actions.csv, {problem}" in message
    assert (Action.objects.count(), Shopper.objects.count(), ImportBatch.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("items")
def test_skip_takes_the_good_rows(write: Write, tmp_path: Path) -> None:
    path = write("actions.csv", "user_id,product_id,action\nu,1,0\nu,9,0\nu,2,1\n")
    run(actions=path, on_error="skip", report=tmp_path / "bad.csv")
    assert [item for _user, item, *_rest in stream()] == ["1", "2"]


def test_actions_may_speak_of_items_of_the_same_import(write: Write) -> None:
    run(
        items=write("items.csv", "item_id,title\n1,Mug\n"),
        users=write("users.csv", "user_id,gender,age,occupation\nu1,F,30,potter\n"),
        actions=write("actions.csv.gz", gzip.compress(b"user_id,product_id,action\nu1,1,0\nu2,1,1\n")),
    )
    assert [row[:3] for row in stream()] == [("u1", "1", 0), ("u2", "1", 1)]
    assert set(Shopper.objects.values_list("user_id", "gender", "age", "occupation")) == {
        ("u1", "F", 30, "potter"),
        ("u2", "", None, ""),
    }


def test_a_bad_action_keeps_the_items_out_too(write: Write) -> None:
    refusal(
        items=write("items.csv", "item_id,title\n1,Mug\n"),
        actions=write("actions.csv", "user_id,product_id,action\nu1,2,0\n"),
    )
    assert (Item.objects.count(), Shopper.objects.count()) == (0, 0)


def test_users_are_known_again(write: Write) -> None:
    shopper = ShopperFactory.create(user_id="u1", gender="F", age=30)
    path = write("users.csv", "user_id,age,shoe size\nu1,31,40\nu2,,41\n")
    output = run(users=path)
    assert output == (
        "users.csv: columns that are not understood are left out: 'shoe size'.\n"
        "Imported users: 1 new, 1 changed, 0 unchanged.\n"
    )
    shopper.refresh_from_db()
    assert (shopper.gender, shopper.age) == ("F", 31)
    assert run(users=path).endswith("0 new, 0 changed, 2 unchanged.\n")


def test_bad_users_are_named(write: Write) -> None:
    message = refusal(users=write("users.csv", "user_id,gender,age\nu1,?,200\nu2,F,20\nu2,M,21\n"))
    assert "users.csv, line 2, column gender, value '?': it is not a gender" in message
    assert "users.csv, line 2, column age, value '200': it is not an age" in message
    assert "users.csv, line 4, column user_id, value 'u2': this user_id stands in an earlier row already" in message
    assert Shopper.objects.count() == 0


@pytest.mark.usefixtures("items")
def test_very_many_new_shoppers_are_written_ahead(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHOPPERS_IN_ONE_TRANSACTION", 3)
    rows = "".join(f"u{number},1,0\n" for number in range(10))
    run(actions=write("actions.csv", f"user_id,product_id,action\n{rows}"))
    assert (Shopper.objects.count(), Action.objects.count()) == (10, 10)
