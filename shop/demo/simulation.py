"""Lets simulated shoppers loose on whatever catalogue is there, and takes them away again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.db import transaction
from django.utils import timezone

from shop.accounts.models import Shopper
from shop.actions.models import Action
from shop.actions.popularity import popularity_refresh
from shop.catalogue.models import Item
from shop.demo.taste import PRICE_BANDS, Event, Features, Rows, Weights, simulate
from shop.progress import track

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

MOST_SHOPPERS = 100_000
MOST_DAYS = 3_650
BATCH = 5_000
ENOUGH_TO_BE_A_KIND = 5
OCCUPATIONS = "", "", "student", "teacher", "nurse", "engineer", "designer", "clerk", "cook", "retired"
# Colours that titles name where the catalogue has no colour of its own; the first one in a title counts.
COLOUR_WORDS = frozenset(
    [
        "black",
        "white",
        "grey",
        "gray",
        "blue",
        "navy",
        "red",
        "green",
        "brown",
        "beige",
        "pink",
        "purple",
        "yellow",
        "orange",
        "olive",
        "maroon",
        "silver",
        "gold",
        "bronze",
        "copper",
        "cream",
        "khaki",
        "teal",
        "turquoise",
        "magenta",
        "lavender",
        "tan",
        "charcoal",
        "burgundy",
        "peach",
        "mustard",
    ]
)
WORD = re.compile(r"\w+")


class NothingToShop(Exception):  # the house names errors for what went wrong
    """The catalogue is empty."""

    def __init__(self) -> None:
        super().__init__("There are no published items to shop for. Import a catalogue or run the demo command first.")


@dataclass(frozen=True)
class Simulated:
    """How much was simulated."""

    shoppers: int
    actions: int


class ItemFacts(NamedTuple):
    """What the model is told about one item."""

    key: int
    item_id: str
    tag: str
    category: str | None
    colour: str
    brand: str
    price: Decimal | None
    title: str


def shoppers_for(items: int) -> int:
    """A sensible number of shoppers for a catalogue: about one for three items, 200 to 5,000."""
    return min(5_000, max(200, round(items / 3)))


def simulation_run(*, shoppers: int | None, days: int, seed: int, now: datetime | None = None) -> Simulated:
    """Simulate shoppers in place of those of an earlier simulation.

    Everything is worked out first and written in one transaction.

    Args:
        shoppers: How many; suited to the catalogue where ``None``.
        days: Over how many days.
        seed: Start of all chance: same catalogue, seed and clock give the same actions.
        now: The end of the simulation; the present unless given.

    Raises:
        NothingToShop: There is no published item.
    """
    facts = _published_items()
    if not facts:
        raise NothingToShop
    count = shoppers_for(len(facts)) if shoppers is None else shoppers
    end = (timezone.now() if now is None else now).replace(microsecond=0)
    made_up = simulate(features_of(facts), shoppers=count, days=days, seed=seed)
    events = [event for some in track(made_up, total=count, what="Simulating shoppers") for event in some]
    events.sort(key=lambda event: (-event.ago, event.shopper))
    with transaction.atomic():
        simulation_clear()
        keys = _shoppers_write(count, seed=seed)
        _actions_write(events, keys=keys, items=[fact.key for fact in facts], end=end)
    popularity_refresh()
    return Simulated(shoppers=count, actions=len(events))


@transaction.atomic
def simulation_clear() -> int:
    """Remove all simulated shoppers and actions, and nothing else; gives how many shoppers went."""
    actions = Action.with_unpublished.filter(simulated=True)
    actions._raw_delete(actions.db)  # noqa: SLF001  # nothing hangs on actions; loading them first would cost minutes
    shoppers = Shopper.objects.filter(simulated=True)
    count = shoppers.count()
    shoppers.delete()
    return count


def _published_items() -> list[ItemFacts]:
    """The facts of every published item, by public id, so that the database's keys change nothing."""
    rows = Item.objects.listed().order_by("item_id")
    columns = ("pk", "item_id", "tag", "category__path", "colour", "brand", "price", "title")
    return [ItemFacts(*row) for row in rows.values_list(*columns)]


def features_of(facts: Sequence[ItemFacts]) -> Features:
    """What the taste model sees of these items.

    A group is an item's tag, else its category, else the last word of its title
    where enough items share it; a shelf is the top of the category. Where colour
    and brand are empty, the first colour word of the title and its first word
    stand in for them.
    """
    kinds = _kinds(facts)
    groups, names = _codes(kinds)
    shelf_of = dict(zip(kinds, facts, strict=True))
    shelves, _shelf_names = _codes([(shelf_of[name].category or "").split("/")[0] for name in names])
    return Features(
        group=groups,
        shelf=shelves,
        colour=_codes([fact.colour.lower() or _colour_in(fact.title) for fact in facts], empty=-1)[0],
        brand=_codes([fact.brand.lower() or _first_word(fact.title) for fact in facts], empty=-1)[0],
        band=_bands(groups, [fact.price for fact in facts]),
        priced=np.array([fact.price is not None for fact in facts]),
    )


def _kinds(facts: Sequence[ItemFacts]) -> list[str]:
    """What kind of thing each item is, as far as the catalogue tells; empty where it doesn't."""
    last_words = [(WORD.findall(fact.title.lower()) or [""])[-1] for fact in facts]
    shared = Counter(last_words)
    return [
        fact.tag or fact.category or (word if shared[word] >= ENOUGH_TO_BE_A_KIND else "")
        for fact, word in zip(facts, last_words, strict=True)
    ]


def _codes(values: Sequence[str], *, empty: int | None = None) -> tuple[Rows, list[str]]:
    """A number for each distinct value, and the values by number; ``empty`` for the empty one where given."""
    names = sorted({value for value in values if value or empty is None})
    number = {name: at for at, name in enumerate(names)}
    return np.array([number.get(value, -1 if empty is None else empty) for value in values], dtype=np.int64), names


def _colour_in(title: str) -> str:
    """The first colour a title names."""
    return next((word for word in WORD.findall(title.lower()) if word in COLOUR_WORDS), "")


def _first_word(title: str) -> str:
    """The first word of a title, which in most catalogues is the brand."""
    found = WORD.search(title.lower())
    return found[0] if found else ""


def _bands(groups: Rows, prices: Sequence[Decimal | None]) -> Rows:
    """Each item's price band among its group: fifths, 0 the cheapest, −1 without a price."""
    values: Weights = np.array([np.nan if price is None else float(price) for price in prices])
    bands = np.full(len(values), -1, dtype=np.int64)
    for group in range(int(groups.max()) + 1):
        rows = np.flatnonzero((groups == group) & ~np.isnan(values))
        if len(rows):
            order = np.argsort(np.argsort(values[rows], kind="stable"), kind="stable")
            bands[rows] = order * PRICE_BANDS // len(rows)
    return bands


def _shoppers_write(count: int, *, seed: int) -> list[int]:
    """Write the shoppers; gives their database keys by number."""
    rng = np.random.default_rng([seed, 303])
    shoppers = [
        Shopper(
            user_id=f"simulated-{number + 1:05d}",
            gender=str(rng.choice(["", "F", "M", "X"], p=[0.16, 0.42, 0.40, 0.02])),
            age=int(np.clip(rng.normal(38, 13), 16, 85)),
            occupation=str(rng.choice(OCCUPATIONS)),
            simulated=True,
        )
        for number in range(count)
    ]
    Shopper.objects.bulk_create(shoppers, batch_size=500)
    found = dict(Shopper.objects.filter(simulated=True).values_list("user_id", "pk"))
    return [found[shopper.user_id] for shopper in shoppers]


def _actions_write(events: Sequence[Event], *, keys: Sequence[int], items: Sequence[int], end: datetime) -> None:
    """Write the actions in the order of time."""
    for start in range(0, len(events), BATCH):
        Action.objects.bulk_create(
            [
                Action(
                    shopper_id=keys[event.shopper],
                    item_id=items[event.item],
                    kind=event.kind,
                    time=end - timedelta(seconds=round(event.ago, 3)),
                    simulated=True,
                )
                for event in events[start : start + BATCH]
            ],
            batch_size=BATCH,
        )
