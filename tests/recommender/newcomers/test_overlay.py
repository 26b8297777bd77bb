"""The overlay gives what a bundle trained with the newcomers would have given, and forgets what goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender.neighbours import NeighbourTable
from recommender.newcomers.content_space import Content
from recommender.newcomers.overlay import Newcomer, Overlay, OverlayBuilder
from recommender.session import Session
from recommender.types import HistoryEntry
from tests.recommender.newcomers.small_model import DIMS, SmallModel, small_model

OLD = [f"i{number}" for number in range(30)]
NEW = [f"i{number}" for number in range(30, 36)]


@pytest.fixture
def model() -> SmallModel:
    return small_model(36)


def lists(table: NeighbourTable | None, ids: list[str]) -> dict[str, list[tuple[str, float, float]]]:
    """Neighbours by name with score and text part, best first; equal scores by name."""
    assert table is not None
    found = {}
    for row, item_id in enumerate(ids):
        text = np.zeros_like(table.scores[row]) if table.text is None else table.text[row]
        near = zip(table.ids[row].tolist(), table.scores[row].tolist(), text.tolist(), strict=True)
        found[item_id] = sorted(
            ((ids[other], round(score, 5), round(part, 5)) for other, score, part in near if other >= 0),
            key=lambda one: (-one[1], one[0]),
        )
    return found


def test_newcomers_get_and_join_the_lists_that_training_with_them_would_have_made(
    model: SmallModel, tmp_path: Path
) -> None:
    builder = OverlayBuilder(model.write(OLD, home=tmp_path))
    for item_id in NEW:
        builder.put(model.newcomer(item_id))
    overlay = builder.overlay()
    assert overlay.item_ids == tuple(NEW)
    trained = Session(model.write([*OLD, *NEW], home=tmp_path, version="v2"))
    assert lists(overlay.similar, [*OLD, *NEW]) == lists(trained._similar, [*OLD, *NEW])
    assert lists(overlay.looks_like, [*OLD, *NEW]) == lists(trained._looks_like, [*OLD, *NEW])


def test_a_changed_item_is_compared_as_it_is_now_and_can_go_back(model: SmallModel, tmp_path: Path) -> None:
    bundle = model.write(OLD, home=tmp_path)
    before = OverlayBuilder(bundle).overlay()
    builder = OverlayBuilder(bundle)
    builder.put(model.newcomer("i31", as_id="i3"))
    changed = builder.overlay()
    assert changed.replaced.tolist() == [3]
    assert changed.item_ids == ()
    there = [item_id if item_id != "i3" else "i31" for item_id in OLD]
    trained = Session(model.write(there, home=tmp_path, version="v2"))
    assert lists(changed.similar, OLD) == {
        ("i3" if item_id == "i31" else item_id): [
            ("i3" if other == "i31" else other, score, text) for other, score, text in near
        ]
        for item_id, near in lists(trained._similar, there).items()
    }
    builder.restore("i3")
    assert lists(builder.overlay().similar, OLD) == lists(before.similar, OLD)
    assert lists(builder.overlay().looks_like, OLD) == lists(before.looks_like, OLD)


def test_what_goes_stands_in_no_list_any_more(model: SmallModel, tmp_path: Path) -> None:
    bundle = model.write(OLD, home=tmp_path)
    builder = OverlayBuilder(bundle)
    builder.put(model.newcomer("i30", created=1))
    builder.put(model.newcomer("i31", created=2))
    both = builder.overlay()
    n = len(OLD)
    assert both.newest.tolist() == [n + 1, n]
    assert n in set(np.concatenate([both.similar.ids[row] for row in range(n)]).tolist())  # type: ignore[union-attr]
    builder.remove("i30")
    left = builder.overlay()
    assert n not in set(np.concatenate([left.similar.ids[row] for row in range(n + 2)]).tolist())  # type: ignore[union-attr]
    assert set(left.similar.ids[n].tolist()) == {-1}  # type: ignore[union-attr]
    assert left.newest.tolist() == [n + 1]
    assert n not in left.picture_rows.tolist()
    # What was given out before stays as it was: a request may still be reading it.
    assert n in set(np.concatenate([both.similar.ids[row] for row in range(n)]).tolist())  # type: ignore[union-attr]


def test_an_item_that_comes_back_takes_its_old_row(model: SmallModel, tmp_path: Path) -> None:
    builder = OverlayBuilder(model.write(OLD, home=tmp_path))
    for item_id in ("i30", "i31"):
        builder.put(model.newcomer(item_id))
    before = builder.overlay()
    builder.remove("i30")
    builder.put(model.newcomer("i30"))
    after = builder.overlay()
    assert after.item_ids == before.item_ids == ("i30", "i31")
    assert lists(after.similar, [*OLD, "i30", "i31"]) == lists(before.similar, [*OLD, "i30", "i31"])


def test_there_is_room_for_so_many_and_no_more(model: SmallModel, tmp_path: Path) -> None:
    builder = OverlayBuilder(model.write(OLD, home=tmp_path), most=2)
    for item_id in ("i30", "i31"):
        builder.put(model.newcomer(item_id))
    assert not builder.has_room_for("i32")
    assert builder.has_room_for("i31")
    with pytest.raises(OverflowError):
        builder.put(model.newcomer("i32"))
    assert len(builder) == 2


def test_a_session_with_newcomers_answers_for_them_everywhere(model: SmallModel, tmp_path: Path) -> None:
    bundle = model.write(OLD, home=tmp_path)
    plain = Session(bundle)
    builder = OverlayBuilder(bundle)
    builder.put(model.newcomer("i31"))
    grown = plain.grown(builder.overlay())
    near = [one.item_id for one in grown.similar("i31", 5)]
    assert len(near) == 5
    assert all(one.reason.source == "content" for one in grown.similar("i31", 5))
    assert plain.similar("i31", 5) == []
    assert "i31" in [one.item_id for one in grown.similar(near[0], 30)]
    assert "i31" in [one.item_id for one in grown.looks_like(near[0], 30)]
    suited = grown.for_you([HistoryEntry("i31", 1, None)], 5, {"i31"})
    assert [one.item_id for one in suited] == near
    assert suited[0].reason.source == "history"
    assert suited[0].reason.causes == ("i31",)
    assert not grown.knows("i31")
    assert grown.bought_together("i31", 3)
    assert grown.also_liked("i31", 3)
    assert "i31" not in [one.item_id for one in grown.among(OLD).similar(near[0], 30)]


def test_the_plain_session_stays_as_it_is(model: SmallModel, tmp_path: Path) -> None:
    bundle = model.write(OLD, home=tmp_path)
    plain = Session(bundle)
    before = [plain.similar(item_id, 30) for item_id in OLD]
    builder = OverlayBuilder(bundle)
    builder.put(model.newcomer("i31"))
    plain.grown(builder.overlay())
    assert [plain.similar(item_id, 30) for item_id in OLD] == before


def test_newcomers_without_words_and_pictures_have_nobody(model: SmallModel, tmp_path: Path) -> None:
    bundle = model.write(OLD, home=tmp_path)
    builder = OverlayBuilder(bundle)
    bare = model.newcomer("i30")
    builder.put(
        Newcomer(
            item_id="bare",
            content=Content.of(
                columns=np.empty(0, np.int32), weights=np.empty(0, np.float32), pictures=np.empty((0, DIMS), np.float32)
            ),
            category=bare.category,
            created=1.0,
        )
    )
    overlay: Overlay = builder.overlay()
    assert overlay.similar is not None
    assert set(overlay.similar.ids[len(OLD)].tolist()) == {-1}
    assert overlay.newest.tolist() == [len(OLD)]
