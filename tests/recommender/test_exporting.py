"""Export: format, ids, exactly k rows, strictly falling scores, keys, exclusions, moments, all or nothing."""

from __future__ import annotations

import csv
import gzip
import itertools
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommender import exporting, session
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.recommender.photo_model import photo, serve_colours
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


def test_lists_are_about_heads_and_never_hold_variants(tmp_path: Path) -> None:
    items = shop(4)
    Item.objects.filter(pk=items[1].pk).update(variant_of=items[0], variant_name="S")
    found = lists(export(tmp_path, "similar", k=2), "product_main")
    assert sorted(found) == ["000", "002", "003"]
    assert "001" not in {item_id for row in found.values() for item_id in row}


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


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda packed: packed[:-9], "Compressed file ended before the end-of-stream marker was reached"),
        (lambda packed: packed[:10] + b"\xff" * 9 + packed[19:], "Error -3 while decompressing data"),
        (lambda packed: packed[:-8] + b"\0" * 8, "CRC check failed"),
        (lambda _packed: b"user_id\nu1\n", "Not a gzipped file"),
    ],
    ids=["cut", "garbled", "changed", "plain"],
)
@pytest.mark.parametrize(("panel", "option"), [("for_you", "--users"), ("similar", "--items")])
def test_keys_that_cannot_be_unpacked_are_one_line(
    tmp_path: Path, *, damage: Callable[[bytes], bytes], problem: str, panel: str, option: str
) -> None:
    shop(3)
    keys = tmp_path / "keys.csv.gz"
    keys.write_bytes(damage(gzip.compress(b"user_id,item_id\n" + b"".join(b"u%d,%d\n" % (n, n) for n in range(999)))))
    with pytest.raises(CommandError) as refused:
        export(tmp_path, panel, option, str(keys))
    assert str(refused.value).startswith(f"{keys} is cut short, damaged or no gzip file: {problem}")
    assert str(refused.value).endswith("; write or copy it anew")
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


def touched_things(items: Sequence[Item]) -> None:
    """u1 looked at 003 and 004, had 002 in the cart, bought 004; u2 did nothing."""
    u1 = ShopperFactory.create(user_id="u1")
    ShopperFactory.create(user_id="u2")
    for place, (item, kind) in enumerate(((3, Kind.CLICK), (4, Kind.CLICK), (2, Kind.CART), (4, Kind.PURCHASE))):
        time = datetime.fromtimestamp(1_000 * DAY + place, UTC)
        ActionFactory.create(shopper=u1, item=items[item], kind=kind, time=time)


@pytest.mark.parametrize("at", ["now", "last-action"])
def test_pick_up_gives_what_was_touched_and_not_bought_then_what_suits(tmp_path: Path, at: str) -> None:
    touched_things(shop())
    rows = export(tmp_path, "pick_up", "--at", at, k=6)
    assert list(rows[0]) == ["user_id", "product_id", "score"]
    found = lists(rows, "user_id")
    assert {user: len(set(ids)) for user, ids in found.items()} == {"u1": 6, "u2": 6}
    assert found["u1"][:2] == ["002", "003"]
    assert "004" not in found["u1"]
    suits = [one for one in lists(export(tmp_path, "for_you", k=12), "user_id")["u1"] if one not in {"002", "003"}]
    assert found["u1"][2:] == suits[:4]
    assert found["u2"][:3] == ["011", "010", "009"]


def test_pick_up_leaves_out_what_is_unpublished_and_knows_its_own_limits(tmp_path: Path) -> None:
    touched_things(shop())
    Item.objects.filter(item_id="002").update(published=False)
    Item.objects.filter(item_id="003").update(stock=0)
    assert lists(export(tmp_path, "pick_up"), "user_id")["u1"][0] == "003"
    with pytest.raises(CommandError, match="nothing is left"):
        export(tmp_path, "pick_up", "--exclude", "touched")


COLOURS = {"red": "#d00000", "rust": "#b7410e", "navy": "#000080", "moss": "#8a9a5b", "ink": "#101040"}


def photo_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    for item_id in COLOURS:
        ItemFactory.create(item_id=item_id)
    serve_colours(monkeypatch, COLOURS)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize("panel", exporting.PANELS)
def test_every_panel_gives_exactly_k_rows_and_falling_scores_even_from_a_bare_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, panel: str
) -> None:
    """Nothing was learned, all weights are equal, some items are newer than the model."""
    photo_shop(monkeypatch)
    for number in range(5):
        ItemFactory.create(item_id=f"new-{number}")
    for user in ("u1", "u2"):
        shopper = ShopperFactory.create(user_id=user)
        for item in Item.objects.order_by("?")[:4]:
            ActionFactory.create(shopper=shopper, item=item, kind=Kind.CLICK, time=None)
    place = zipped(tmp_path / "photos.zip", {"a.jpg": photo(), "b.jpg": photo("black")})
    rows = export(tmp_path, panel, *(["--photos", str(place)] if panel == "photo" else []), k=8)
    key = exporting.HEADERS[panel][0] if len(exporting.HEADERS[panel]) == 3 else ""
    found = lists([row | {"": "all"} for row in rows], key)
    assert len(found) == {"product_main": 10, "user_id": 2, "photo": 2, "": 1}[key]
    assert {len(ids) for ids in found.values()} == {len(set(ids)) for ids in found.values()} == {8}


def test_senseless_wishes_are_refused(tmp_path: Path) -> None:
    shop(3)
    with pytest.raises(CommandError, match="at least 1"):
        export(tmp_path, "similar", k=0)
    with pytest.raises(CommandError, match="does not exist"):
        export(tmp_path / "nowhere", "similar")
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(CommandError, match=r"out\.csv is a folder; name a file in it, such as .*out\.csv/similar\.csv"):
        export(tmp_path, "similar")


@pytest.mark.parametrize("panel", exporting.PANELS)
@pytest.mark.parametrize(
    ("option", "value", "panels"),
    [
        ("--items", "no-such-file.csv", ("similar", "looks_like", "also_liked", "bought_together")),
        ("--users", "no-such-file.csv", ("for_you", "pick_up")),
        ("--exclude", "purchased", ("for_you", "pick_up")),
        ("--at", "now", ("for_you", "pick_up")),
        ("--photos", "no-such-folder", ("photo",)),
    ],
)
def test_an_option_of_other_panels_is_refused_and_never_passed_over(
    tmp_path: Path, *, option: str, value: str, panels: tuple[str, ...], panel: str
) -> None:
    """Even one that says the default: it would have no say in what is written."""
    shop(3)
    ShopperFactory.create(user_id="u1")
    more = ["--photos", str(tmp_path)] if panel == "photo" and option != "--photos" else []
    if panel in panels and value.startswith("no-such"):
        with pytest.raises(CommandError, match=value):
            export(tmp_path, panel, option, value, *more)
    elif panel in panels:
        assert export(tmp_path, panel, option, value)
    else:
        with pytest.raises(CommandError) as refusal:
            export(tmp_path, panel, option, value, *more)
        assert str(refusal.value) == f"{option} belongs to {', '.join(panels)}; panel {panel} has no use for it"
        assert not (tmp_path / "out.csv").exists()


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
