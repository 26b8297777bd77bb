"""The session: sources in order, honest labels, falling scores, no database."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.bundle_files import BundleBroken, open_bundle
from recommender.session import FallbackSession, NoPictureEncoder, Session
from recommender.types import HistoryEntry, Recommendation
from tests.recommender.tiny_bundle import TinyBundle, ring

NOW = 1_000_000.0
SIX = ["a", "b", "c", "d", "e", "f"]


def opened(bundle: TinyBundle, tmp_path: Path) -> Session:
    return Session(open_bundle(bundle.write("v1", home=tmp_path / "home")))


def ids(found: list[Recommendation]) -> list[str]:
    return [one.item_id for one in found]


def sources(found: list[Recommendation]) -> list[str]:
    return [one.reason.source for one in found]


def falls(found: list[Recommendation]) -> bool:
    return all(before.score > after.score for before, after in itertools.pairwise(found))


def test_similar_gives_content_neighbours_with_parts_that_add_up(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar={"a": [("b", 0.8), ("c", 0.4)]}), tmp_path)
    found = session.similar("a", 2)
    assert ids(found) == ["b", "c"]
    assert found[0].score == pytest.approx(0.8)
    assert found[0].reason.parts == pytest.approx({"text": 0.2, "image": 0.6})
    assert sources(found) == ["content", "content"]


def test_a_short_source_is_filled_up_from_the_next_and_every_one_says_what_it_is(tmp_path: Path) -> None:
    session = opened(
        TinyBundle(
            items=SIX,
            also_liked={"a": [("b", 0.1)]},
            similar={"a": [("b", 0.9), ("c", 0.8)]},
            popularity={"d": 7, "e": 9},
            categories={"a": "mugs", "d": "mugs", "e": "rugs"},
            shoppers={"a": 214, "d": 4},
        ),
        tmp_path,
    )
    found = session.also_liked("a", 5)
    assert ids(found) == ["b", "c", "d", "e", "f"]
    assert sources(found) == ["also_liked", "content", "best_sellers", "best_sellers", "newest"]
    assert (found[0].reason.support, found[0].reason.population) == (3, 214)
    assert falls(found)
    for one in found:
        assert sum(one.reason.parts.values()) == pytest.approx(one.score, abs=1e-9)


def test_an_item_never_recommends_itself_and_excluded_ones_stay_out(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar={"a": [("a", 1.0), ("b", 0.9), ("c", 0.8)]}), tmp_path)
    assert ids(session.similar("a", 6, exclude=["b"])) == ["c", "f", "e", "d"]


def test_neighbours_that_oppose_are_not_similar(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar={"a": [("b", 0.5), ("c", -0.2)]}, newest=[]), tmp_path)
    assert ids(session.similar("a", 6)) == ["b"]


def test_an_unknown_item_gets_what_can_be_said_without_it(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar=ring(SIX), popularity={"c": 2, "d": 5}), tmp_path)
    found = session.similar("nobody knows", 4)
    assert ids(found) == ["d", "c", "f", "e"]
    assert sources(found) == ["best_sellers", "best_sellers", "newest", "newest"]


def test_looks_like_is_all_image(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, looks_like={"a": [("d", 0.7)]}), tmp_path)
    (found,) = session.looks_like("a", 1)
    assert found.reason.source == "looks"
    assert found.reason.parts == pytest.approx({"image": 0.7})


def test_a_picture_without_a_picture_model_is_a_named_error(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX), tmp_path)
    with pytest.raises(NoPictureEncoder):
        session.looks_like(Image.new("RGB", (4, 4)), 3)


class OneLook:
    """A picture model that sees the same in every picture."""

    def encode(self, _picture: Image.Image) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return np.array([0.6, 0.8], dtype=np.float32)

    encode_query = encode


def test_a_picture_finds_items_by_their_best_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(
        TinyBundle(items=SIX, pictures=[("a", (1, 0)), ("b", (0, 1)), ("a", (0.6, 0.8)), ("c", (-1, 0))]), tmp_path
    )
    monkeypatch.setattr(session.pictures, "encoder", OneLook)
    found = session.looks_like(Image.new("RGB", (4, 4)), 4)
    assert ids(found) == ["a", "b", "f", "e"]
    assert [one.score for one in found[:2]] == pytest.approx([1.0, 0.8])
    assert sources(found) == ["looks", "looks", "newest", "newest"]
    assert found[0].reason.parts == pytest.approx({"image": 1.0})


def test_some_sources_can_be_left_out_and_the_session_stays_as_it_was(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar=ring(SIX), popularity={"c": 1}), tmp_path)
    assert sources(session.without({"content"}).similar("a", 2)) == ["best_sellers", "newest"]
    assert sources(session.similar("a", 2)) == ["content", "content"]


def test_only_some_items_can_be_asked_for(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar=ring(SIX), also_liked=ring(SIX), trending=SIX), tmp_path)
    some = session.among(["b", "d", "unknown"])
    assert ids(some.similar("a", 5)) == ["b", "d"]
    assert ids(some.trending(5)) == ["b", "d"]
    assert ids(some.for_you([HistoryEntry("a", 3, None)], 5)) == ["b", "d"]
    assert ids(some.without({"content"}).similar("a", 5)) == ["d", "b"]


def test_bought_together_adds_up_over_the_basket(tmp_path: Path) -> None:
    session = opened(
        TinyBundle(items=SIX, bought_together={"a": [("c", 0.5), ("d", 0.4)], "b": [("d", 0.3), ("a", 0.2)]}), tmp_path
    )
    found = session.bought_together(["a", "b"], 2)
    assert ids(found) == ["d", "c"]
    assert found[0].score == pytest.approx(0.7)
    assert found[0].reason.support == 3
    assert ids(session.bought_together("a", 2)) == ["c", "d"]


def test_for_you_is_the_history_sum_worked_out_by_hand(tmp_path: Path) -> None:
    session = opened(
        TinyBundle(
            items=SIX,
            similar={"a": [("b", 0.8)]},
            also_liked={"a": [("c", 0.5)]},
            configuration={"history": {"behaviour_share": 0.6, "content_share": 0.4, "half_life_days": 30.0}},
        ),
        tmp_path,
    )
    history = [HistoryEntry("a", 1, NOW), HistoryEntry("gone", 3, NOW)]
    found = session.for_you(history, 2, exclude={"a"}, now=NOW)
    # one favourite counts 2: b = 2 · 0.4 · 0.8, c = 2 · 0.6 · 0.5
    assert ids(found) == ["b", "c"]
    assert [one.score for one in found] == pytest.approx([0.64, 0.6])
    assert found[0].reason.parts == pytest.approx({"text": 0.16, "image": 0.48, "behaviour": 0})
    assert found[1].reason.parts == pytest.approx({"text": 0, "image": 0, "behaviour": 0.6})
    assert found[0].reason.causes == ("a",)
    # half a life later it counts half; the present is the default
    older = session.for_you(history, 1, exclude={"a"}, now=NOW + 30 * 86_400)
    assert older[0].score == pytest.approx(0.32)
    assert session.for_you([HistoryEntry("a", 1, time.time())], 1, exclude={"a"})[0].score == pytest.approx(0.64)


def test_what_was_touched_can_return(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, also_liked=ring(SIX)), tmp_path)
    assert session.for_you([HistoryEntry("c", 2, None)], 1)[0].item_id == "c"


def test_pick_up_is_what_was_touched_and_not_bought_and_is_never_filled_up(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, also_liked=ring(SIX), trending=SIX), tmp_path)
    history = [
        HistoryEntry("a", 0, NOW),
        HistoryEntry("new", 1, NOW),
        HistoryEntry("b", 3, NOW),
        HistoryEntry("c", 2, NOW - 30 * 86_400),
        HistoryEntry("b", 0, NOW),
        HistoryEntry("d", 2, NOW),
    ]
    found = session.pick_up(history, 9, exclude={"d"}, now=NOW)
    assert ids(found) == ["new", "c", "a"], "an item younger than the bundle is there too"
    assert [one.score for one in found] == [2.0, 1.5, 1.0]
    assert found[0].reason.parts == {"behaviour": 2.0}
    assert sources(found) == ["pick_up"] * 3
    assert ids(session.pick_up(history, 1, now=NOW)) == ["d"]
    assert ids(session.among(["a", "d", "new"]).pick_up(history, 9, now=NOW)) == ["d", "a"]
    assert session.pick_up([], 9) == []
    assert ids(FallbackSession().pick_up(history, 1, now=NOW)) == ["d"], "no model is needed for it"


def test_somebody_new_gets_trending_then_the_best_of_each_category(tmp_path: Path) -> None:
    session = opened(
        TinyBundle(
            items=SIX,
            trending=["f"],
            popularity={"a": 9, "b": 8, "c": 1},
            categories={"a": "mugs", "b": "mugs", "c": "rugs"},
        ),
        tmp_path,
    )
    found = session.for_you([], 6)
    assert ids(found) == ["f", "a", "c", "b", "e", "d"]
    assert sources(found) == ["trending", "best_sellers", "best_sellers", "best_sellers", "newest", "newest"]
    assert falls(found)
    assert ids(session.start_here(3)) == ["a", "c", "b"]
    assert ids(session.trending(2)) == ["f", "a"]


@pytest.mark.parametrize("k", [0, 1, 3, 100])
def test_never_more_than_asked_and_never_twice(tmp_path: Path, k: int) -> None:
    session = opened(
        TinyBundle(items=SIX, similar=ring(SIX), also_liked=ring(SIX), popularity=dict.fromkeys(SIX, 1)), tmp_path
    )
    for found in (session.similar("a", k), session.also_liked("a", k), session.trending(k), session.for_you([], k)):
        assert len(found) == min(k, 5 if "a" not in ids(found) and k >= 5 else 6) or len(found) == k
        assert len(set(ids(found))) == len(found)
        assert falls(found)


def test_the_fallback_session_answers_everything_with_nothing() -> None:
    session = FallbackSession()
    assert session.version == ""
    assert not session.knows("a")
    assert session.similar("a", 5) == []
    assert session.looks_like("a", 5) == []
    assert session.also_liked("a", 5) == []
    assert session.bought_together(["a"], 5) == []
    assert session.for_you([HistoryEntry("a", 0, None)], 5) == []
    assert session.trending(5) == []
    assert session.start_here(5) == []


def test_neighbours_outside_the_catalogue_are_ignored(tmp_path: Path) -> None:
    session = opened(TinyBundle(items=SIX, similar={"a": [("b", 0.5)]}, newest=[]), tmp_path)
    table = session._similar
    assert table is not None
    broken = np.array(table.ids)
    broken[0, 0] = 99
    object.__setattr__(table, "ids", broken)
    assert session.similar("a", 3) == []


def test_tables_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    from recommender.bundle_files import BundleWriter, Manifest

    with BundleWriter(tmp_path, "v1") as writer:
        writer.write_json("items", ["a", "b"])
        writer.write_array("similar_ids", np.zeros((3, 2), dtype=np.int32))
        writer.write_array("similar_scores", np.zeros((3, 2), dtype=np.float32))
        path = writer.finish(Manifest(version="v1", seed=0, created_at=""))
    with pytest.raises(BundleBroken, match="similar_ids has shape"):
        Session(open_bundle(path))
