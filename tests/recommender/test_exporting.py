"""Export: format, ids, exactly k rows, strictly falling scores, keys, exclusions, moments, all or nothing."""

from __future__ import annotations

import csv
import gzip
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommender import exporting, session
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db

DAY = 86_400


def shop(number: int = 12, **more: object) -> list[Item]:
    """Items 000 … whose neighbours are the ones after them, served."""
    items: list[Item] = [ItemFactory.create(item_id=f"{place:03}") for place in range(number)]
    ids = [item.item_id for item in items]
    options = {"similar": ring(ids), "also_liked": ring(ids[::-1]), "trending": ids[::-1]} | more
    TinyBundle(items=ids, **options).publish("v1")  # type: ignore[arg-type]
    session.refresh()
    return items


def export(tmp_path: Path, panel: str, *options: str, k: int = 3) -> list[dict[str, str]]:
    out = tmp_path / "out.csv"
    call_command("export_recommendations", "--panel", panel, "-k", str(k), "--out", str(out), *options)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lists(rows: Sequence[dict[str, str]], key: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row["product_id"])
        scores[row[key]].append(float(row["score"]))
    for values in scores.values():
        assert all(before > after for before, after in itertools.pairwise(values)), "scores strictly fall within a key"
    return dict(found)


@pytest.mark.parametrize("panel", exporting.ITEM_PANELS)
def test_item_panels_give_exactly_k_rows_for_every_item(tmp_path: Path, panel: str) -> None:
    shop()
    rows = export(tmp_path, panel, k=5)
    assert list(rows[0]) == ["product_main", "product_id", "score"]
    found = lists(rows, "product_main")
    assert sorted(found) == [f"{place:03}" for place in range(12)], "ids as imported: 007 is not 7"
    for item_id, others in found.items():
        assert len(others) == len(set(others)) == 5
        assert item_id not in others


def test_a_small_catalogue_gives_what_it_has(tmp_path: Path) -> None:
    shop(3)
    assert {len(others) for others in lists(export(tmp_path, "similar", k=10), "product_main").values()} == {2}


def test_equal_scores_are_made_to_fall(tmp_path: Path) -> None:
    shop(6, similar={"000": [("001", 0.5), ("002", 0.5), ("003", 0.5)]})
    found = lists(export(tmp_path, "similar"), "product_main")
    assert found["000"] == ["001", "002", "003"]


def test_only_unpublished_items_are_left_out(tmp_path: Path) -> None:
    shop(6)
    Item.objects.filter(item_id="001").update(published=False)
    Item.objects.filter(item_id="002").update(stock=0)
    Item.objects.filter(item_id="003").update(price=None)
    found = lists(export(tmp_path, "similar", k=10), "product_main")
    assert set(found) == {"000", "002", "003", "004", "005"}
    assert found["000"] == ["002", "003", "004", "005"]


def test_items_newer_than_the_bundle_fill_up_and_are_keys(tmp_path: Path) -> None:
    shop(2)
    ItemFactory.create(item_id="new")
    found = lists(export(tmp_path, "similar", k=5), "product_main")
    assert found == {"000": ["001", "new"], "001": ["000", "new"], "new": ["001", "000"]}


def test_the_keys_may_be_restricted_and_candidates_are_not(tmp_path: Path) -> None:
    shop(6)
    keys = tmp_path / "keys.csv"
    keys.write_text("item_id,seed_item_id\n000,004\n000,004\n001,nobody\n", encoding="utf-8-sig")
    assert lists(export(tmp_path, "similar", "--items", str(keys)), "product_main") == {"004": ["005", "000", "001"]}
    with gzip.open(tmp_path / "more.csv.gz", "wt") as file:
        file.write("item_id\n002\n")
    found = export(tmp_path, "similar", "--items", str(tmp_path / "more.csv.gz"))
    assert list(lists(found, "product_main")) == ["002"]


@pytest.mark.parametrize("content", [b"user\n1\n", b"", b"\xff\xfe\x00"])
def test_unreadable_keys_are_a_clear_error(tmp_path: Path, content: bytes) -> None:
    shop(3)
    keys = tmp_path / "keys.csv"
    keys.write_bytes(content)
    with pytest.raises(CommandError, match=r"keys\.csv"):
        export(tmp_path, "similar", "--items", str(keys))
    assert not (tmp_path / "out.csv").exists()


def test_trending_has_no_key(tmp_path: Path) -> None:
    shop(6)
    rows = export(tmp_path, "trending")
    assert list(rows[0]) == ["product_id", "score"]
    assert [row["product_id"] for row in rows] == ["005", "004", "003"]


def _history(items: Sequence[Item]) -> None:
    """u1 saved 000, and ten days later bought 005; u2 did nothing."""
    u1 = ShopperFactory.create(user_id="u1")
    ShopperFactory.create(user_id="u2")
    ActionFactory.create(shopper=u1, item=items[0], kind=Kind.FAVOURITE, time=datetime.fromtimestamp(1_000 * DAY, UTC))
    ActionFactory.create(shopper=u1, item=items[5], kind=Kind.PURCHASE, time=datetime.fromtimestamp(1_010 * DAY, UTC))


@pytest.mark.parametrize(
    ("exclude", "absent", "present"),
    [("purchased", {"005"}, {"000"}), ("touched", {"000", "005"}, set()), ("none", set(), {"000", "005"})],
)
def test_what_for_you_leaves_out(tmp_path: Path, exclude: str, absent: set[str], present: set[str]) -> None:
    _history(shop())
    found = lists(export(tmp_path, "for_you", "--exclude", exclude, k=10), "user_id")
    assert set(found) == {"u1", "u2"}
    assert len(found["u1"]) == len(found["u2"]) == 10
    assert not absent & set(found["u1"])
    assert present <= set(found["u1"])
    assert found["u2"][:3] == ["011", "010", "009"], "somebody who did nothing gets what is trending"


def test_purchased_is_the_default(tmp_path: Path) -> None:
    _history(shop())
    assert export(tmp_path, "for_you", k=10) == export(tmp_path, "for_you", "--exclude", "purchased", k=10)


def test_the_moment_decides_how_old_an_action_is(tmp_path: Path) -> None:
    items = shop(configuration={"history": {"half_life_days": 10.0, "content_share": 0.0, "behaviour_share": 1.0}})
    _history(items)
    ActionFactory.create(item=items[8], kind=Kind.CLICK, time=datetime.fromtimestamp(1_020 * DAY, UTC))

    def score_of_000(at: str) -> float:
        rows = export(tmp_path, "for_you", "--at", at, "--exclude", "none", k=12)
        return next(float(row["score"]) for row in rows if (row["user_id"], row["product_id"]) == ("u1", "000"))

    # The favourite of day 1000 is one half-life old at u1's last action and two at the end of the log;
    # 000 counts 2 for itself, and the purchase of 005 adds 5 · (its neighbour score for 000).
    own, bought = 2.0, 5 * (1 - 5 / 21)
    assert score_of_000("last-action") == pytest.approx(own / 2 + bought)
    assert score_of_000("now") == pytest.approx(own / 4 + bought / 2)


def test_users_may_be_restricted(tmp_path: Path) -> None:
    _history(shop())
    keys = tmp_path / "users.csv"
    keys.write_text("user_id,item_id\nu2,000\nghost,000\n")
    assert list(lists(export(tmp_path, "for_you", "--users", str(keys)), "user_id")) == ["u2"]


def test_what_was_done_before_signing_in_counts_for_the_account(tmp_path: Path) -> None:
    items = shop()
    owner = ShopperFactory.create(user_id="owner")
    guest = ShopperFactory.create(user_id="guest", merged_into=owner)
    ActionFactory.create(shopper=guest, item=items[3], kind=Kind.CART)
    found = lists(export(tmp_path, "for_you", "--exclude", "none"), "user_id")
    assert list(found) == ["owner"]
    assert found["owner"][0] == "003"


def test_without_a_bundle_nothing_is_written(tmp_path: Path) -> None:
    ItemFactory.create()
    with pytest.raises(CommandError, match="retrain"):
        export(tmp_path, "similar")
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize("panel", ["photo", "pick_up"])
def test_what_comes_later_says_so(tmp_path: Path, panel: str) -> None:
    shop(3)
    with pytest.raises(CommandError, match="later"):
        export(tmp_path, panel)


def test_senseless_wishes_are_refused(tmp_path: Path) -> None:
    shop(3)
    with pytest.raises(CommandError, match="at least 1"):
        export(tmp_path, "similar", k=0)
    with pytest.raises(CommandError, match="does not exist"):
        export(tmp_path / "nowhere", "similar")


def test_an_interrupted_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(3)
    out = tmp_path / "out.csv"
    out.write_text("yesterday's")

    def interrupted(_lists: object, _panel: str, _keys: object) -> Iterator[tuple[str, ...]]:
        yield ("000", "001", "0.5")
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting.ItemLists, "rows", interrupted)
    with pytest.raises(CommandError, match="stopped"):
        call_command("export_recommendations", "--panel", "similar", "-k", "1", "--out", str(out))
    assert out.read_text() == "yesterday's"
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
