"""Bad input: no crash, no number that isn't one, sensible neighbours, and the report says what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from recommender.bundle import bundle_path, open_bundle
from recommender.bundle_files import OpenBundle
from recommender.encoders.image_network import ImageOptions, train_image_encoder
from recommender.evaluation.report import table
from recommender.learners.base import CannotLearn
from recommender.learners.log import ActionLog
from recommender.learners.methods import METHODS
from recommender.neighbours import NO_NEIGHBOUR
from recommender.pipeline import RetrainOptions, RetrainResult, retrain
from recommender.retraining.facts import make_context
from recommender.retraining.judging import evaluate_shop
from recommender.session import get_session, refresh
from recommender.snapshot import take_snapshot
from recommender.types import HistoryEntry
from shop.accounts.models import Shopper
from shop.actions.models import Action, Kind
from shop.catalogue.models import Item, ItemImage
from tests.recommender.tiny_shop import START, fill_items

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Entry = tuple[int, int, Kind, datetime | None]


def fill_log(items: Sequence[Item], entries: Sequence[Entry], *, simulated: bool = False) -> None:
    """Write actions given as (shopper, item, kind, time)."""
    people = Shopper.objects.bulk_create(
        [Shopper(user_id=f"u{number}", simulated=simulated) for number in range(1 + max(entry[0] for entry in entries))]
    )
    Action.objects.bulk_create(
        [
            Action(shopper=people[user], item=items[item], kind=kind, time=time, simulated=simulated)
            for user, item, kind, time in entries
        ]
    )


def tastes(shoppers: int, *, each: int = 6, kind: Kind | None = None, when: Callable[[int], Any]) -> list[Entry]:
    """Shoppers who keep to the even or the odd ones of twelve items."""
    generator = np.random.default_rng(1)
    return [
        (
            user,
            int(generator.integers(6)) * 2 + user % 2,
            Kind(int(generator.integers(4))) if kind is None else kind,
            when(user * each + step),
        )
        for user in range(shoppers)
        for step in range(each)
    ]


def daily(step: int) -> datetime:
    return START + step * DAY / 8


@dataclass(frozen=True)
class BadLog:
    """What happened in the shop, and what the retrain's notes or report must say of it."""

    entries: Sequence[Entry]
    said: Sequence[str] = ()
    simulated: bool = False
    liked: bool = True


LOGS: dict[str, BadLog] = {
    "one action each": BadLog(
        [(user, user % 12, Kind.PURCHASE, daily(user)) for user in range(80)],
        said=["No item shares a shopper with another", "No basket holds two items", "users without a past"],
        liked=False,
    ),
    "items never touched": BadLog(
        [(user, item, Kind.CLICK, daily(user)) for user in range(60) for item in (0, 2)],
        said=["10 of 12 items were never touched"],
    ),
    "one shopper": BadLog(
        [(0, step % 12, Kind(step % 4), daily(step)) for step in range(40)], said=["All actions are one shopper's."]
    ),
    "one shopper, one item": BadLog(
        [(0, 3, Kind.CLICK, daily(step)) for step in range(40)],
        said=["All actions are one shopper's.", "No purchases", "No item shares a shopper"],
        liked=False,
    ),
    "all simulated": BadLog(tastes(80, when=daily), said=["All actions are simulated"], simulated=True),
    "equal times": BadLog(tastes(80, when=lambda _step: START)),
    "no times": BadLog(tastes(80, when=lambda _step: None), said=["No times are known"]),
    "times in the future": BadLog(tastes(80, when=lambda step: datetime(2200, 1, 1, tzinfo=UTC) + step * DAY)),
    "times before computers": BadLog(tastes(80, when=lambda step: datetime(1900, 1, 1, tzinfo=UTC) + step * DAY)),
    "only clicks": BadLog(tastes(80, kind=Kind.CLICK, when=daily), said=["No purchases"]),
    "only favourites": BadLog(tastes(80, kind=Kind.FAVOURITE, when=daily), said=["No purchases"]),
    "only carts": BadLog(tastes(80, kind=Kind.CART, when=daily), said=["No purchases"]),
    "only purchases": BadLog(tastes(80, kind=Kind.PURCHASE, when=daily)),
    "everybody bought everything": BadLog(
        [(user, item, Kind.PURCHASE, daily(user)) for user in range(20) for item in range(12)]
    ),
}


def arrays_of(bundle: OpenBundle) -> dict[str, np.ndarray]:
    names = [name.removesuffix(".npy") for name in bundle.manifest.files if name.endswith(".npy")]
    return {name: array for name in names if (array := bundle.array(name)) is not None}


def sound(result: RetrainResult) -> OpenBundle:
    """The bundle, after a look at everything in it: finite numbers, real neighbours, none its own."""
    bundle = open_bundle(bundle_path(result.version))
    count = len(bundle.item_ids)
    for name, array in arrays_of(bundle).items():
        if array.dtype.kind == "f":
            assert np.isfinite(array).all(), name
        if name.endswith("_ids") and array.ndim == 2:
            assert ((array >= NO_NEIGHBOUR) & (array < count)).all(), name
            assert (array != np.arange(count)[:, None]).all(), f"{name}: an item is its own neighbour"
    return bundle


def told(result: RetrainResult) -> str:
    return "\n".join([*result.notes, *result.report.notes, table(result.report)])


def figures_of(document: object) -> list[float]:
    if isinstance(document, dict):
        return [value for entry in document.values() for value in figures_of(entry)]
    if isinstance(document, list):
        return [value for entry in document for value in figures_of(entry)]
    return [float(document)] if isinstance(document, int | float) else []


@pytest.mark.parametrize("name", LOGS)
def test_a_bad_log_gives_a_sound_bundle_and_the_report_says_so(name: str) -> None:
    log = LOGS[name]
    items = fill_items(12)
    fill_log(items, log.entries, simulated=log.simulated)
    result = retrain(RetrainOptions())
    assert result.activated
    bundle = sound(result)
    assert (bundle.array("also_liked_ids") is not None) is log.liked
    for words in log.said:
        assert words in told(result)
    assert np.isfinite(figures_of(result.to_json())).all()
    # Every shelf of the page has something to show.
    refresh()
    session = get_session()
    assert len(session.trending(5)) == 5
    assert len(session.similar("i0", 5)) == 5
    last = log.entries[-1]
    moment = None if last[3] is None else last[3].timestamp()
    assert len(session.for_you([HistoryEntry(f"i{last[1]}", int(last[2]), moment)], 5)) == 5


def test_what_nobody_touched_is_not_liked_but_still_similar() -> None:
    items = fill_items(12)
    fill_log(items, LOGS["items never touched"].entries)
    bundle = sound(retrain(RetrainOptions()))
    liked, similar = bundle.array("also_liked_ids"), bundle.array("similar_ids")
    assert liked is not None
    assert similar is not None
    assert [row[0] for row in liked.tolist()] == [2, -1, 0] + [-1] * 9
    assert (similar[:, 0] >= 0).all()


def test_a_clock_that_runs_ahead_does_not_make_the_rest_look_old() -> None:
    items = fill_items(12)
    now = datetime.now(tz=UTC)
    entries: list[Entry] = [(user, 1, Kind.PURCHASE, now - DAY) for user in range(20)]
    entries.append((20, 2, Kind.CLICK, datetime(2200, 1, 1, tzinfo=UTC)))
    fill_log(items, entries)
    bundle = sound(retrain(RetrainOptions()))
    trending, scores = bundle.array("trending_ids"), bundle.array("trending_scores")
    assert trending is not None
    assert scores is not None
    assert trending.tolist()[:2] == [1, 2]
    # Negative control: at its word the click would be a century younger, and the purchases worth nothing.
    assert scores[0] > 50


SENTENCES: dict[str, Sequence[str]] = {
    "Chinese": ("红色的陶瓷杯子", "蓝色的陶瓷花瓶", "红色的玻璃杯子", "蓝色的玻璃花瓶"),
    "Arabic": ("كوب أحمر من الخزف", "مزهرية زرقاء من الخزف", "كوب أحمر من الزجاج", "مزهرية زرقاء من الزجاج"),
    "Hindi": ("लाल चीनी मिट्टी का प्याला", "नीला चीनी मिट्टी का फूलदान", "लाल काँच का प्याला", "नीला काँच का फूलदान"),
    "Russian": ("красная чашка керамика", "синяя ваза керамика", "красная чашка стекло", "синяя ваза стекло"),
    "Thai": ("ถ้วย สีแดง เซรามิก", "แจกัน สีน้ำเงิน เซรามิก", "ถ้วย สีแดง แก้ว", "แจกัน สีน้ำเงิน แก้ว"),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_text_in_any_script_finds_what_is_similar(language: str) -> None:
    items = []
    for number, title in enumerate(SENTENCES[language]):
        item = Item(item_id=f"商品/{number}", title=title, description=title)
        item.derive()
        items.append(item)
    Item.objects.bulk_create(items)
    similar = sound(retrain(RetrainOptions())).array("similar_ids")
    assert similar is not None
    # A cup is like the other cup, which it shares two words with, and a vase like the other vase.
    assert similar[:, 0].tolist() == [2, 3, 0, 1]


def test_identical_descriptions_make_nothing_similar_and_it_is_said() -> None:
    items = []
    for number in range(150):
        item = Item(item_id=f"i{number}", title="A thing", description="A thing like any other, for everybody.")
        item.derive()
        items.append(item)
    Item.objects.bulk_create(items)
    result = retrain(RetrainOptions())
    assert sound(result).array("similar_ids") is None
    assert "Words left out for 150 items" in told(result)


@pytest.mark.parametrize(("items_each", "said"), [(1, True), (2, False)])
def test_tags_that_stand_on_one_item_are_told(items_each: int, said: bool) -> None:  # noqa: FBT001 - a case of the table
    items = []
    for number in range(24):
        item = Item(
            item_id=f"i{number}", title=f"A {'red' if number % 2 else 'blue'} thing", tag=f"tag {number // items_each}"
        )
        item.derive()
        items.append(item)
    Item.objects.bulk_create(items)
    result = retrain(RetrainOptions())
    assert ("24 of 24 tags stand on a single item" in told(result)) is said
    sound(result)


@pytest.mark.slow
def test_constant_pictures_leave_the_choice_to_words(settings: Any) -> None:
    items = fill_items(12)
    folder = Path(settings.MEDIA_ROOT) / "items"
    folder.mkdir(parents=True)
    Image.new("RGB", (64, 64), "white").save(folder / "white.png")
    ItemImage.objects.bulk_create(
        ItemImage(
            item=item, file="items/white.png", width=64, height=64, checksum=str(number), renditions=[], position=0
        )
        for number, item in enumerate(items)
    )
    result = retrain(RetrainOptions())
    assert "All pictures are the same" in told(result)
    similar = sound(result).array("similar_ids")
    assert similar is not None
    # Of each colour there are three things, and no picture tells them apart.
    assert (similar[:, 0] % 4 == np.arange(12) % 4).all()


@pytest.mark.slow
def test_the_picture_network_bears_pictures_that_are_all_the_same() -> None:
    pictures = np.full((60, 16, 16, 3), 255, dtype=np.uint8)
    labels = (np.arange(60) % 3).astype(np.int32)
    options = ImageOptions(size=16, dims=8, epochs=1, fewest_views=60, batch=32)
    encoder = train_image_encoder(pictures, labels, tags=("a", "b", "c"), options=options)
    vectors = encoder.embed(pictures)
    assert np.isfinite(vectors).all()
    assert np.ptp(vectors, axis=0).max() < 1e-5
    assert all(np.isfinite(epoch.loss) for epoch in encoder.curve)


def test_evaluate_says_what_a_bad_log_lacks() -> None:
    items = fill_items(12)
    fill_log(items, LOGS["one action each"].entries)
    report = evaluate_shop(split="time", methods=[])
    assert any("without a past" in note for note in report.notes)
    assert any("Too little data" in note for note in report.notes)


FAST = [name for name, method in METHODS.items() if not method.slow]


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("bad", [*LOGS, "nothing at all"])
def test_every_quick_method_bears_every_bad_log(name: str, bad: str) -> None:
    items = fill_items(12)
    if bad in LOGS:
        fill_log(items, LOGS[bad].entries, simulated=LOGS[bad].simulated)
    snapshot = take_snapshot()
    log: ActionLog = snapshot.log
    try:
        learner = METHODS[name].build(make_context(snapshot)).fit(log)
    except CannotLearn as error:
        # Said in the report, and only by those that need more than any log of this size, or times, or vectors.
        if not str(error) or name not in {
            "ranker",
            "ease_lately",
            "next_item",
            "transitions",
            "smoothed_transitions",
            "recipe_content",
            "recipe_history_sum",
        }:
            raise
        return
    users = np.arange(log.user_count, dtype=np.int32)
    for found in (learner.recommend(users, k=5), learner.similar_items(np.arange(12, dtype=np.int32), k=5)):
        assert np.isfinite(found.scores).all()
        assert ((found.ids >= NO_NEIGHBOUR) & (found.ids < 12)).all()


def test_commands_bear_a_shop_without_anything(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("retrain")
    call_command("evaluate", "--fast")
    printed = capsys.readouterr().out
    assert "Only 0 published items" in printed
    assert "Too little data" in printed
