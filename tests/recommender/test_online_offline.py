"""What a page gives after some actions is what the same method computes offline from the log of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pytest
from django.test import Client

from recommender import session
from recommender.history_sum import HistoryOptions
from recommender.learners.base import Learner
from recommender.learners.history import HistorySumLearner
from recommender.learners.log import ActionLog
from recommender.learners.ranker import RankerLearner
from recommender.neighbour_sources import read_table
from recommender.ranker import Ranker
from recommender.ranker_files import ranker_arrays, read_ranker
from recommender.ranking_features import FEATURES
from recommender.snapshot import take_snapshot
from recommender.types import HistoryEntry
from shop.accounts.models import Shopper
from shop.actions.clicks import buffer
from shop.actions.models import Action, Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.pages import Page
from tests.recommender.small_ranker import ranker, table, trees_of_chance
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db

DAY = 86_400.0


@dataclass(frozen=True)
class Served:
    """A way to fill *for you*, and the learner that computes the same from a log."""

    name: str
    learner: Callable[[session.Session], Learner]
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def history_sum(opened: session.Session) -> Learner:
    bundle = opened.bundle
    return HistorySumLearner(
        also_liked=read_table(bundle, "also_liked", support="also_liked_support"),
        similar=read_table(bundle, "similar", text="similar_text"),
        options=HistoryOptions.from_json(bundle.manifest.configuration.get("history", {})),
    )


class SameRanker(RankerLearner):
    """A ranker learner that already has what it would learn, and only takes in the log."""

    def __init__(self, ranker: Ranker) -> None:
        super().__init__(published=np.ones(ranker.tables.count, dtype=np.bool_))
        self._ranker = ranker

    def fit(self, log: ActionLog) -> Self:
        self._log = log
        return self


def ranker_of(opened: session.Session) -> Learner:
    bundle = opened.bundle
    shared = {"also_liked": read_table(bundle, "also_liked"), "similar": read_table(bundle, "similar")}
    found = read_ranker(bundle, shared=shared)
    assert found is not None
    return SameRanker(found)


def by_steps() -> Ranker:
    """A ranker of trees that ask everything they can, whose tables go one, two and three items further."""
    tables = {
        name: table({row: {(row + step) % 30: 0.9, (row + step + 1) % 30: 0.4} for row in range(30)}, items=30)
        for step, name in enumerate(("ease", "next_item", "transitions", "leads_to", "ease_lately"), start=1)
    }
    coming_back = trees_of_chance(5, count=60, features=len(FEATURES))
    return ranker(tables, items=30, trees=trees_of_chance(4, count=60), returning_trees=coming_back, popular=(3, 4))


# Whatever else fills *for you* is added here.
METHODS = [Served("history_sum", history_sum), Served("ranker", ranker_of, ranker_arrays(by_steps()))]


def make_items(arrays: Mapping[str, npt.NDArray[Any]]) -> list[Item]:
    """A shop of 30 items with a bundle that has neighbours and ``arrays``."""
    made: list[Item] = [ItemFactory.create(item_id=f"i{place}", title=f"Thing {place}") for place in range(30)]
    ids = [item.item_id for item in made]
    TinyBundle(
        items=ids, similar=ring(ids, neighbours=9), also_liked=ring(ids[::-1], neighbours=7), arrays=arrays
    ).publish("v1")
    session.refresh()
    return made


@pytest.fixture
def items() -> list[Item]:
    return make_items({})


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("number", [1, 2, 7, 25])
def test_the_online_score_after_some_actions_is_the_offline_score(method: Served, number: int) -> None:
    items = make_items(method.arrays)
    generator = np.random.default_rng(number)
    shopper = ShopperFactory.create(user_id="u1")
    start = time.time() - 60 * DAY
    history = []
    for step in range(number):
        item = items[int(generator.integers(len(items)))]
        kind = Kind(int(generator.integers(4)))
        at = round(start + step * DAY, 3)
        ActionFactory.create(shopper=shopper, item=item, kind=kind, time=as_time(at))
        history.append(HistoryEntry(item.item_id, int(kind), at))
    opened = session.get_session()
    snapshot = take_snapshot()
    learner = method.learner(opened).fit(snapshot.log)
    rows, scores = learner.user_scores(0)
    offline = {snapshot.items.ids.id(int(row)): score for row, score in zip(rows, scores, strict=True) if score > 0}
    online = opened.for_you(history, len(items), now=snapshot.log.end)
    found = {one.item_id: one.score for one in online if one.reason.source == "history"}
    assert found == pytest.approx(offline, abs=1e-6)
    # Action by action it is the same sum: nothing has to be learned again in between.
    for step in range(number):
        partly = opened.for_you(history[: step + 1], len(items), now=snapshot.log.end)
        assert partly[0].reason.source == "history"


def as_time(seconds: float) -> object:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, tz=UTC)


def for_you(client: Client) -> dict[str, str]:
    """The shelf on the home page, item → reason."""
    return Page(client.get("/")).panels.get("for_you", {})


def test_a_favourite_changes_for_you_on_the_next_request(client: Client, items: list[Item]) -> None:
    before = for_you(client)
    favourite(client, "i20")
    after = for_you(client)
    assert list(after) != list(before)
    assert next(iter(after)) in {"i21", "i19"}
    assert next(iter(after.values())) == "Because you saved Thing 20"
    favourite(client, "i5")
    assert set(for_you(client)) & {"i4", "i6"}
    assert Action.objects.filter(kind=Kind.FAVOURITE).count() == 2


def favourite(client: Client, item_id: str) -> None:
    response = client.post(
        "/api/v1/actions", json.dumps({"item": item_id, "action": "favourite"}), content_type="application/json"
    )
    assert response.status_code == 201


def test_a_new_visitor_is_greeted_and_after_one_click_the_panels_follow(client: Client, items: list[Item]) -> None:
    ids = [item.item_id for item in items]
    TinyBundle(
        items=ids,
        similar=ring(ids, neighbours=9),
        trending=ids[10:13],
        popularity={item_id: 9.0 - place for place, item_id in enumerate(ids[:6])},
        categories={item_id: f"c{place % 2}" for place, item_id in enumerate(ids)},
    ).publish("v2")
    session.refresh()
    greeted = session.get_session().for_you([], 12)
    assert [one.reason.source for one in greeted] == ["trending"] * 3 + ["best_sellers"] * 6 + ["newest"] * 3
    # The best of either category take turns.
    assert [one.item_id for one in greeted[3:7]] == ["i0", "i1", "i2", "i3"]
    before = list(for_you(client))
    assert len(before) == 12
    assert client.get("/items/i20/thing-20/").status_code == 200
    after = for_you(client)
    assert next(iter(after)) == "i21"
    assert next(iter(after.values())) == "Because you looked at Thing 20"
    assert list(after)[:9] == [f"i{place}" for place in range(21, 30)]
    buffer.clear()
    assert not Shopper.objects.filter(user_id="u1").exists()
