"""A session whose bundle has a ranker, or a table of what was wanted next."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from recommender.bundle_files import BundleBroken, open_bundle
from recommender.newcomers.content_space import Content
from recommender.newcomers.overlay import Newcomer, OverlayBuilder
from recommender.ranker_files import ranker_arrays
from recommender.session import Session
from recommender.types import HistoryEntry, Recommendation
from tests.recommender.small_ranker import ranker, stairs, table
from tests.recommender.tiny_bundle import TinyBundle

NOW = 1_000_000.0
IDS = list("abcdef")
# By transitions a leads to d, e, f; by likeness a leads to b.
NEXT = table({0: {3: 0.95, 4: 0.55, 5: 0.15}}, items=6)
RANKER = ranker({"transitions": NEXT}, items=6, trees=stairs("transitions", tuple(step / 10 for step in range(10))))
PLAIN = TinyBundle(items=IDS, similar={"a": [("b", 0.8)]}, also_liked={"a": [("b", 0.7), ("c", 0.5)]})
RANKED = TinyBundle(
    items=IDS, similar=PLAIN.similar, also_liked=PLAIN.also_liked, arrays=ranker_arrays(RANKER), trending=["c"]
)
LIKED_NEXT = TinyBundle(
    items=IDS,
    also_liked=PLAIN.also_liked,
    arrays={"also_liked_next_ids": NEXT.ids, "also_liked_next_scores": NEXT.scores},
)


def opened(bundle: TinyBundle, tmp_path: Path) -> Session:
    return Session(open_bundle(bundle.write("v1", home=tmp_path / "home")))


def ids(found: list[Recommendation]) -> list[str]:
    return [one.item_id for one in found]


def clicked(*items: str) -> list[HistoryEntry]:
    return [HistoryEntry(item, 0, NOW - 100 + place) for place, item in enumerate(items)]


def newcomer(item_id: str) -> Newcomer:
    """An item that came after the bundle, of which neither words nor pictures are known."""
    content = Content.of(
        columns=np.empty(0, np.int32), weights=np.empty(0, np.float32), pictures=np.empty((0, 0), np.float32)
    )
    return Newcomer(item_id=item_id, content=content, category="", created=NOW)


def test_for_you_is_the_rankers_where_there_is_one(tmp_path: Path) -> None:
    assert ids(opened(PLAIN, tmp_path / "plain").for_you(clicked("a"), 2, exclude=["a"], now=NOW)) == ["b", "c"]
    found = opened(RANKED, tmp_path / "ranked").for_you(clicked("a"), 3, exclude=["a"], now=NOW)
    assert ids(found) == ["d", "e", "f"]
    assert found[0].score == pytest.approx(1 / (1 + np.exp(2 - 10)))
    for one in found:
        assert one.reason.source == "history"
        assert one.reason.parts == {"behaviour": one.score}
        assert one.reason.causes == ()


def test_what_the_ranker_has_no_place_for_comes_from_the_sum_and_scores_fall(tmp_path: Path) -> None:
    found = opened(RANKED, tmp_path).for_you(clicked("a"), 6, now=NOW)
    assert ids(found)[:3] == ["d", "e", "f"]
    assert set(ids(found)) == set(IDS)
    assert all(before.score > after.score for before, after in itertools.pairwise(found))


def test_whoever_did_nothing_is_greeted_as_ever(tmp_path: Path) -> None:
    found = opened(RANKED, tmp_path).for_you([], 2, now=NOW)
    assert found[0].reason.source == "trending"


def test_excluded_items_and_those_not_among_never_come(tmp_path: Path) -> None:
    session = opened(RANKED, tmp_path)
    assert "d" not in ids(session.for_you(clicked("a"), 9, exclude=["d"], now=NOW))
    assert set(ids(session.among(["a", "e", "c"]).for_you(clicked("a"), 9, now=NOW))) <= {"a", "e", "c"}


def test_no_cause_is_named_where_the_ranker_made_the_list(tmp_path: Path) -> None:
    assert opened(PLAIN, tmp_path / "plain").explain("b", clicked("a"), now=NOW)
    assert opened(RANKED, tmp_path / "ranked").explain("b", clicked("a"), now=NOW) == []
    assert opened(RANKED, tmp_path / "again").explain("d", clicked("a"), now=NOW) == []


def test_newcomers_in_a_history_are_passed_over(tmp_path: Path) -> None:
    session = opened(RANKED, tmp_path)
    builder = OverlayBuilder(session.bundle)
    builder.put(newcomer("g"))
    grown = session.grown(builder.overlay())
    plain = session.for_you(clicked("a"), 3, exclude=["a"], now=NOW)
    found = grown.for_you([*clicked("a"), HistoryEntry("g", 2, NOW - 1)], 3, exclude=["a"], now=NOW)
    assert [(one.item_id, one.score) for one in found] == [(one.item_id, one.score) for one in plain]
    # Somebody who knows newcomers alone gets them from the sum.
    alone = grown.for_you([HistoryEntry("g", 2, NOW - 1)], 1, now=NOW)
    assert ids(alone) == ["g"]


def test_what_was_touched_is_picked_up_in_the_rankers_order(tmp_path: Path) -> None:
    aged = ranker({}, items=6, trees=stairs("own_age", (2.0, 4.0)))  # what was touched longest ago comes first
    session = opened(TinyBundle(items=IDS, arrays=ranker_arrays(aged)), tmp_path)
    history = [HistoryEntry("a", 0, NOW - 60), HistoryEntry("b", 0, NOW - 20), HistoryEntry("c", 2, NOW - 2)]
    history.append(HistoryEntry("d", 3, NOW - 500))
    found = session.pick_up(history, 9, now=NOW)
    assert ids(found) == ["a", "b", "c"]
    assert [one.reason.source for one in found] == ["pick_up"] * 3
    assert all(list(one.reason.parts) == ["behaviour"] for one in found)
    assert ids(session.pick_up([*history, HistoryEntry("new", 2, NOW)], 9, exclude=["a"], now=NOW)) == ["b", "c", "new"]
    assert session.pick_up([], 9, now=NOW) == []
    plain = opened(TinyBundle(items=IDS), tmp_path / "plain")
    assert ids(plain.pick_up(history, 9, now=NOW))[0] == "c"


def test_also_liked_is_what_was_wanted_next_where_that_was_chosen(tmp_path: Path) -> None:
    found = opened(LIKED_NEXT, tmp_path / "next").also_liked("a", 5)
    assert ids(found) == ["d", "e", "f", "b", "c"]
    assert [one.reason.source for one in found] == ["liked_next"] * 3 + ["also_liked"] * 2
    assert found[0].reason.parts == {"behaviour": found[0].score}
    assert found[0].reason.support == 0
    assert ids(opened(PLAIN, tmp_path / "plain").also_liked("a", 2)) == ["b", "c"]


def test_a_newcomer_has_nothing_that_was_wanted_next(tmp_path: Path) -> None:
    session = opened(LIKED_NEXT, tmp_path)
    builder = OverlayBuilder(session.bundle)
    builder.put(newcomer("g"))
    grown = session.grown(builder.overlay())
    assert {one.reason.source for one in grown.also_liked("g", 3)} == {"newest"}
    assert ids(grown.also_liked("a", 3)) == ["d", "e", "f"]


def test_a_ranker_that_does_not_fit_is_broken(tmp_path: Path) -> None:
    arrays = ranker_arrays(RANKER)
    arrays["ranker_facts"] = arrays["ranker_facts"][1:]
    with pytest.raises(BundleBroken, match="the ranker cannot be used"):
        opened(TinyBundle(items=IDS, arrays=arrays), tmp_path)
