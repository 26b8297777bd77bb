"""``bundles`` and ``recommend``."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommender import session
from recommender.bundle import bundle_path
from recommender.models import Bundle
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.recommender.photo_model import photo, serve_colours
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def versions() -> None:
    TinyBundle(items=["a"]).publish("v1", active=False)
    TinyBundle(items=["a"]).publish("v2")
    TinyBundle(items=["a"]).publish("v3", active=False)


def test_list_marks_the_active_version(versions: None) -> None:
    lines = run("bundles", "list").splitlines()
    assert [line.split()[0 if line[0] != "*" else 1 :][1] for line in lines[1:]] == ["v3", "v2", "v1"]
    assert [line[0] for line in lines[1:]] == [" ", "*", " "]


def test_list_of_nothing_says_what_to_do() -> None:
    assert "retrain" in run("bundles", "list")


def test_show_gives_the_manifest(versions: None) -> None:
    document = json.loads(run("bundles", "show", "v2"))
    assert (document["version"], document["active"], document["decision"]) == ("v2", True, "made by hand")
    assert "items.json" in document["files"]


def test_activate_takes_versions_and_numbers(versions: None) -> None:
    assert "v1 is active" in run("bundles", "activate", "v1")
    assert Bundle.objects.get(active=True).version == "v1"
    run("bundles", "activate", str(Bundle.objects.get(version="v3").pk))
    assert Bundle.objects.get(active=True).version == "v3"


def test_a_broken_version_is_found_and_never_activated(versions: None) -> None:
    (bundle_path("v1") / "newest_ids.npy").write_bytes(b"x")
    with pytest.raises(CommandError, match="newest_ids"):
        run("bundles", "activate", "v1")
    assert Bundle.objects.get(active=True).version == "v2"
    assert run("bundles", "verify", "v2") == "v2: whole\n"
    with pytest.raises(CommandError, match="1 of 3 are broken"):
        run("bundles", "verify")


def test_prune_keeps_the_newest_and_the_active(versions: None) -> None:
    assert "v1" in run("bundles", "prune", "--keep", "1")
    assert set(Bundle.objects.values_list("version", flat=True)) == {"v2", "v3"}
    assert not bundle_path("v1").exists()
    assert "Nothing" in run("bundles", "prune", "--keep", "1")
    with pytest.raises(CommandError, match="negative"):
        run("bundles", "prune", "--keep=-1")


def test_unknown_versions_are_unknown(versions: None) -> None:
    with pytest.raises(CommandError, match="no model version v9"):
        run("bundles", "show", "v9")


@pytest.fixture
def items() -> list[Item]:
    made: list[Item] = [ItemFactory.create(item_id=f"i{place}", title=f"Thing {place}") for place in range(8)]
    ids = [item.item_id for item in made]
    TinyBundle(items=ids, similar=ring(ids), also_liked=ring(ids[::-1]), trending=ids[::-1]).publish("v1")
    session.refresh()
    return made


def test_recommend_prints_a_small_table(items: list[Item]) -> None:
    Item.objects.filter(item_id="i2").update(published=False)
    lines = run("recommend", "--panel", "similar", "--item", "i0", "-k", "3").splitlines()
    assert [line.split()[1] for line in lines[1:]] == ["i1", "i3", "i4"]
    assert "Thing 1" in lines[1]
    assert "Looks alike and is described alike" in lines[1]


def test_explain_splits_scores_and_names_causes(items: list[Item]) -> None:
    shopper = ShopperFactory.create(user_id="u1")
    ActionFactory.create(shopper=shopper, item=items[0], kind=Kind.FAVOURITE)
    ActionFactory.create(shopper=shopper, item=items[1], kind=Kind.PURCHASE)
    text = run("recommend", "--panel", "for_you", "--user", "u1", "-k", "2", "--explain")
    assert "from history: text" in text
    assert "because of i" in text
    assert "Because you bought Thing 1" in text
    assert " i1 " not in text.split("because")[0]


def test_pick_up_is_what_somebody_touched_and_did_not_buy(items: list[Item]) -> None:
    shopper = ShopperFactory.create(user_id="u1")
    for item, kind in ((items[0], Kind.CLICK), (items[1], Kind.PURCHASE), (items[2], Kind.CART)):
        ActionFactory.create(shopper=shopper, item=item, kind=kind)
    lines = run("recommend", "--panel", "pick_up", "--user", "u1").splitlines()
    assert [line.split()[1] for line in lines[1:]] == ["i2", "i0"]
    assert "You had this in your cart" in lines[1]


def test_a_photo_finds_what_looks_like_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for item_id in ("red", "navy"):
        ItemFactory.create(item_id=item_id)
    serve_colours(monkeypatch, {"red": "#d00000", "navy": "#000080"})
    (tmp_path / "p.jpg").write_bytes(photo("#000070"))
    (tmp_path / "dot.png").write_bytes(photo(size=(2, 2), kind="PNG"))
    for panel in ("photo", "looks_like"):
        lines = run("recommend", "--panel", panel, "--photo", str(tmp_path / "p.jpg"), "-k", "1").splitlines()
        assert lines[1].split()[1] == "navy"
    with pytest.raises(CommandError, match="too few"):
        run("recommend", "--panel", "photo", "--photo", str(tmp_path / "dot.png"))


def test_trending_needs_nobody(items: list[Item]) -> None:
    assert "i7" in run("recommend", "--panel", "trending", "-k", "1")


def test_a_photo_without_a_picture_model_is_a_clear_error(items: list[Item], tmp_path: Path) -> None:
    file = tmp_path / "p.png"
    file.write_bytes(photo(kind="PNG"))
    with pytest.raises(CommandError, match="picture"):
        run("recommend", "--panel", "photo", "--photo", str(file))
    with pytest.raises(CommandError):
        run("recommend", "--panel", "looks_like", "--photo", str(tmp_path / "absent.jpg"))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--panel", "similar"], "needs --item"),
        (["--panel", "for_you"], "needs --user"),
        (["--panel", "photo"], "needs --photo"),
        (["--panel", "similar", "--item", "nobody"], "no item nobody"),
        (["--panel", "for_you", "--user", "nobody"], "no shopper nobody"),
        (["--panel", "pick_up"], "needs --user"),
        (["--panel", "pick_up", "--user", "nobody"], "no shopper nobody"),
        (["--panel", "trending", "-k", "0"], "at least 1"),
    ],
)
def test_what_does_not_go_together_is_told(items: list[Item], words: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run("recommend", *words)


def test_without_a_bundle_recommend_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="retrain"):
        run("recommend", "--panel", "trending")
