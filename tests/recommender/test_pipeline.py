"""Retrain: the best bundle that the data allows, whole or not at all, and the same one twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from recommender import bundle as bundles
from recommender import pipeline
from recommender.bundle import BundleBroken, BundleWriter, OpenBundle, open_bundle
from recommender.configuration import Configuration
from recommender.history_sum import HistoryOptions
from recommender.models import Bundle
from recommender.pipeline import RetrainOptions, RetrainResult, retrain
from recommender.retraining import content as content_module
from shop.accounts.models import Shopper
from shop.actions.models import Action, Kind
from shop.catalogue.models import Item
from tests.recommender.tiny_shop import fill_actions, fill_items

pytestmark = pytest.mark.django_db


def opened(result: RetrainResult) -> OpenBundle:
    return open_bundle(bundles.bundle_path(result.version))


def ids(bundle: OpenBundle, name: str) -> npt.NDArray[Any]:
    array = bundle.array(name)
    assert array is not None
    return array


def test_a_whole_journey_without_pictures() -> None:
    fill_actions(fill_items(24), shoppers=80)
    result = retrain(RetrainOptions())
    bundle = opened(result)
    assert result.activated
    assert result.decision == "Activated: no bundle was active."
    assert [row.version for row in Bundle.objects.active()] == [result.version]
    assert bundle.item_ids[:2] == ("i0", "i1")
    assert ids(bundle, "similar_ids").shape == (24, 100)
    assert ids(bundle, "similar_text") == pytest.approx(ids(bundle, "similar_scores"))
    liked = ids(bundle, "also_liked_ids")
    assert all(neighbour % 2 == 0 for neighbour in liked[0][liked[0] >= 0])
    assert ids(bundle, "also_liked_support")[0, 0] > 0
    assert ids(bundle, "item_shoppers").shape == (24,)
    assert len(ids(bundle, "trending_ids")) == 24
    assert (np.diff(ids(bundle, "trending_scores")) <= 0).all()
    assert ids(bundle, "item_categories").tolist() == [0] * 24
    assert bundle.json("categories") == ["home"]
    assert bundle.array("image_vectors") is None
    assert bundle.manifest.counts == {"items": 24, "published": 24, "pictures": 0, "users": 80, "actions": 960}
    assert set(bundle.manifest.metrics["evaluation"]["methods"]) == {
        "popularity", "content", "also_liked", "history_sum",
    }  # fmt: skip
    assert "No pictures: nothing is found by its looks." in result.notes


def test_the_same_seed_and_data_give_the_same_neighbour_files() -> None:
    fill_actions(fill_items(24), shoppers=40)
    first, second = opened(retrain(RetrainOptions(seed=5))), opened(retrain(RetrainOptions(seed=5)))
    assert first.version != second.version
    assert first.manifest.files.keys() == second.manifest.files.keys()
    for name in first.manifest.files:
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes(), name


BAD_SHOPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({"items": 0}, ["Only 0 published items"]),
    "one item": ({"items": 1}, ["Only 1 published items", "No words", "No pictures", "No actions"]),
    "two items": ({"items": 2}, ["Only 2 published items", "No actions"]),
    "one item with actions": ({"items": 1, "shoppers": 3}, ["Only 1 published items", "No item shares a shopper"]),
    "no actions": ({"items": 9}, ["No actions"]),
    "one shopper": ({"items": 9, "shoppers": 1}, ["All actions are one shopper's."]),
    "no times": ({"items": 9, "shoppers": 9, "timed": False}, ["No times are known"]),
    "no words": ({"items": 9, "shoppers": 9, "words": False}, ["No words"]),
    "no tags": ({"items": 9, "shoppers": 9, "tags": 0}, ["No pictures"]),
    "only simulated": ({"items": 9, "shoppers": 9, "simulated": True}, ["All actions are simulated."]),
}


@pytest.mark.parametrize("name", BAD_SHOPS)
def test_little_or_bad_data_gives_the_best_it_allows_and_says_what_is_left_out(name: str) -> None:
    shop, expected = BAD_SHOPS[name]
    items = fill_items(shop["items"], words=shop.get("words", True), tags=shop.get("tags", 3))
    if "shoppers" in shop:
        fill_actions(
            items,
            shoppers=shop["shoppers"],
            simulated=shop.get("simulated", False),
            timed=shop.get("timed", True),
        )
    result = retrain(RetrainOptions())
    assert result.activated
    bundles.verify(bundles.bundle_path(result.version))
    notes = "\n".join(result.notes)
    for words in expected:
        assert words in notes
    again = retrain(RetrainOptions())
    assert again.activated


def test_words_that_everything_shares_do_not_make_everything_similar() -> None:
    items = [Item(item_id=str(number), title=f"Item {number}") for number in range(120)]
    Item.objects.bulk_create(items)
    result = retrain(RetrainOptions())
    assert opened(result).array("similar_ids") is None
    assert "Words left out for 120 items" in result.notes[0]


def test_only_published_items_are_ever_recommended() -> None:
    fill_actions(fill_items(24), shoppers=80)
    Item.objects.filter(item_id__in=["i2", "i4"]).update(published=False)
    bundle = opened(retrain(RetrainOptions()))
    hidden = [bundle.row_of["i2"], bundle.row_of["i4"]]
    for name in ("similar_ids", "also_liked_ids", "bought_together_ids", "trending_ids", "newest_ids"):
        assert not np.isin(ids(bundle, name), hidden).any(), name
    # They still explain: somebody who touched one gets what goes with it.
    assert ids(bundle, "also_liked_ids")[hidden[0], 0] >= 0
    assert ids(bundle, "published").sum() == 22


def test_newest_items_come_first() -> None:
    fill_items(3)
    for number, item in enumerate(Item.objects.order_by("id")):
        Item.objects.filter(pk=item.pk).update(created_at=f"2026-01-0{[2, 3, 1][number]}T00:00:00Z")
    bundle = opened(retrain(RetrainOptions()))
    assert ids(bundle, "newest_ids").tolist() == [1, 0, 2]


# --- The gate ------------------------------------------------------------------
USELESS = Configuration(history=HistoryOptions(kind_weights=(0.0, 0.0, 0.0, 0.0)))


def test_a_configuration_that_is_worse_beyond_noise_is_published_but_not_activated() -> None:
    fill_actions(fill_items(24), shoppers=300)
    good = retrain(RetrainOptions())
    bad = retrain(RetrainOptions(configuration=USELESS))
    assert not bad.activated
    assert bad.decision.startswith("Not activated: worse beyond noise")
    assert [row.version for row in Bundle.objects.active()] == [good.version]
    assert Bundle.objects.filter(version=bad.version, active=False).exists()
    forced = retrain(RetrainOptions(configuration=USELESS, force=True))
    assert forced.activated
    assert forced.decision.startswith("Activated by force. The gate said: Not activated: worse")
    assert Bundle.objects.get(version=forced.version).decision == forced.decision
    back = retrain(RetrainOptions())
    assert back.activated
    assert back.decision.startswith("Activated: not worse")


def test_simulated_actions_never_decide() -> None:
    fill_actions(fill_items(24), shoppers=300, simulated=True)
    retrain(RetrainOptions())
    result = retrain(RetrainOptions(configuration=USELESS))
    assert result.activated
    assert "too few" in result.decision


def test_too_little_data_activates_and_says_so() -> None:
    fill_actions(fill_items(24), shoppers=10)
    retrain(RetrainOptions())
    result = retrain(RetrainOptions(configuration=USELESS))
    assert result.activated
    assert "are too few to compare by" in result.decision


def test_on_request_nothing_is_activated() -> None:
    fill_actions(fill_items(24), shoppers=10)
    result = retrain(RetrainOptions(activate=False))
    assert not result.activated
    assert not Bundle.objects.active().exists()
    assert Bundle.objects.get().decision.startswith("Not activated, as asked.")


def test_a_broken_active_bundle_is_no_reason_not_to_make_a_new_one() -> None:
    fill_actions(fill_items(24), shoppers=10)
    first = retrain(RetrainOptions())
    (bundles.bundle_path(first.version) / "items.json").unlink()
    lines: list[str] = []
    assert retrain(RetrainOptions(), say=lines.append).activated
    assert any("cannot be read" in line for line in lines)


# --- Only some methods -----------------------------------------------------------
def test_what_is_not_asked_for_is_carried_over() -> None:
    items = fill_items(24)
    fill_actions(items, shoppers=40)
    first = opened(retrain(RetrainOptions()))
    fill_actions(items, shoppers=40, seed=1)
    result = retrain(RetrainOptions(only=frozenset({"also_liked"})))
    second = opened(result)
    assert first.manifest.files.keys() == second.manifest.files.keys()
    changed = {name for name in first.manifest.files if first.manifest.files[name] != second.manifest.files[name]}
    assert {"also_liked_ids.npy", "also_liked_scores.npy", "popularity.npy"} <= changed
    assert not {name for name in changed if name.startswith(("similar", "text", "trending", "bought"))}
    assert f"Carried over from {first.version}: bought_together, content, for_you, trending." in result.notes


def test_what_cannot_be_carried_over_is_left_out_and_said() -> None:
    fill_actions(fill_items(24), shoppers=40)
    result = retrain(RetrainOptions(only=frozenset({"trending"})))
    assert "Left out because no active bundle has them: also_liked, bought_together, content, for_you." in result.notes
    assert opened(result).array("also_liked_ids") is None


def test_what_is_served_is_never_replaced_by_a_bundle_that_can_do_less() -> None:
    fill_actions(fill_items(24), shoppers=40)
    whole = opened(retrain(RetrainOptions()))
    Item.objects.create(item_id="new", title="A new mug")
    result = retrain(RetrainOptions(only=frozenset({"trending"})))
    said = "Learned anew too, because the catalogue has changed since the active bundle: "
    assert f"{said}also_liked, bought_together, content, for_you." in result.notes
    assert result.activated
    assert set(whole.manifest.files) <= set(opened(result).manifest.files)


def test_for_you_is_judged_only_where_it_is_learned() -> None:
    fill_actions(fill_items(24), shoppers=40)
    first = opened(retrain(RetrainOptions()))
    result = retrain(RetrainOptions(only=frozenset({"trending"})))
    assert not any(note.startswith("For you is ") for note in result.notes)
    assert opened(result).manifest.metrics["chosen"] == first.manifest.metrics["chosen"]


# --- Whole or not at all ---------------------------------------------------------
def names() -> list[str]:
    return sorted(path.name for path in bundles.bundle_home().iterdir() if path.name != ".retrain.lock")


@pytest.mark.parametrize(
    "stage", ["take_snapshot", "learn_content", "learn_behaviour", "write_items", "code_fingerprint"]
)
def test_an_interruption_leaves_nothing(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_items(3)

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, stage, interrupt)
    with pytest.raises(KeyboardInterrupt):
        retrain(RetrainOptions())
    assert names() == []
    assert not Bundle.objects.exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, BundleBroken])
def test_an_error_after_the_folder_has_its_name_takes_it_away_again(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_items(3)

    def fail(*_: Any, **__: Any) -> None:
        assert any(not name.startswith(".") for name in names())
        raise error

    monkeypatch.setattr(bundles, "publish", fail)
    with pytest.raises(error):
        retrain(RetrainOptions())
    assert names() == []


def test_the_next_retrain_tidies_up_after_a_killed_one() -> None:
    fill_items(3)
    home = bundles.bundle_home()
    (home / ".dead.partial").mkdir(parents=True)
    with BundleWriter(home, "orphan") as writer:
        bundles.announce("orphan")
        writer.finish(bundles.Manifest(version="orphan", seed=0, created_at=""))
    lines: list[str] = []
    result = retrain(RetrainOptions(), say=lines.append)
    assert names() == [result.version]
    assert lines[:2] == [
        "Removed what a killed retrain left: .dead.partial",
        "Removed what a killed retrain left: orphan",
    ]


def test_what_is_undone_is_not_learned() -> None:
    fill_actions(fill_items(6), shoppers=30, timed=False)
    before = opened(retrain(RetrainOptions()))
    Action.objects.filter(kind=Kind.PURCHASE).update(undone_at="2026-05-01T00:00:00Z")
    after = opened(retrain(RetrainOptions(force=True)))
    assert before.array("bought_together_ids") is not None
    assert after.array("bought_together_ids") is None
    assert after.manifest.counts["actions"] < before.manifest.counts["actions"]


def test_a_shopper_who_is_gone_is_not_in_the_next_bundle() -> None:
    fill_actions(fill_items(6), shoppers=30)
    before = retrain(RetrainOptions())
    Shopper.objects.filter(user_id="u0-0").delete()
    after = retrain(RetrainOptions())
    assert opened(before).manifest.counts["users"] == 30
    assert opened(after).manifest.counts["users"] == 29


def test_the_result_can_be_written_as_json() -> None:
    fill_actions(fill_items(6), shoppers=5)
    result = retrain(RetrainOptions())
    document = json.loads(json.dumps(result.to_json()))
    assert document["version"] == result.version
    assert document["evaluation"]["split"] == "time"
    assert retrain(replace(RetrainOptions(), seed=1)).to_json()["active_evaluation"] == document["evaluation"]


def test_common_rows_are_emptied_and_others_stay() -> None:
    from scipy.sparse import csr_matrix

    matrix = csr_matrix(np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.float32))
    left, emptied = content_module.without_common_rows(matrix, most=2)
    assert emptied == 3
    assert left.toarray().tolist() == [[0, 0], [0, 0], [0, 0], [0, 1], [0, 0]]
    assert content_module.without_common_rows(matrix, most=3)[1] == 0
