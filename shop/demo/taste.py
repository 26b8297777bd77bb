"""The taste model: how simulated shoppers choose, in plain NumPy. docs/demo.md describes it in words.

Nothing here knows the database. Items are rows 0 … n−1; times are seconds
before the end of the simulation, never after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

Weights = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

CLICK, FAVOURITE, CART, PURCHASE = range(4)
DAY = 86_400.0

PRICE_BANDS = 5
SESSIONS_MEAN = 4.2
"""Visits of a shopper over the whole time, on average."""
VIEWS_MEAN = 5.4
"""Items looked at in one visit, on average."""
STAY_IN_GROUP, GO_TO_COMPANION = 0.74, 0.12
"""Chances that the next item is of the same group, or of the one that goes with it; else one of the shopper's others."""
COLOUR_PULL, BRAND_PULL = 7.0, 2.5
"""How much more a shopper's own colours and brands are worth to them."""
LIKE_LAST_COLOUR, LIKE_LAST_BRAND, LIKE_LAST_BAND = 2.5, 1.8, 1.4
"""How much more an item is looked at when it is like the one looked at before."""
RETURN_TO_SAVED = 0.22
"""Chance that a visit starts with something saved or put into the cart earlier."""
CHECK_OUT = 0.5
"""Chance that what went into the cart is paid for."""
IN_COMPANY = 0.45
"""Chance that a purchase takes something that goes with it into the same basket."""


@dataclass(frozen=True)
class Features:
    """What the model sees of a catalogue: codes per item, −1 where the catalogue doesn't say.

    Attributes:
        group: What kind of thing: (n,), 0 … groups − 1, never −1.
        shelf: Which larger kind each group belongs to: (groups,).
        colour: (n,).
        brand: (n,).
        band: Price band within the group, 0 the cheapest: (n,).
        priced: Whether it can be bought at all: (n,) bool.
    """

    group: Rows
    shelf: Rows
    colour: Rows
    brand: Rows
    band: Rows
    priced: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.group)


class Event(NamedTuple):
    """One action: seconds before the end, shopper, item row, kind."""

    ago: float
    shopper: int
    item: int
    kind: int


@dataclass(frozen=True)
class Taste:
    """What one shopper likes.

    Attributes:
        groups: The kinds of things they look for, and
        shares: how often each.
        colours: Their colours.
        brands: Their brands.
        band: Where on the price scale they feel at home.
        breadth: How far from it they stray.
        warmth: How readily they save and buy, about 1.
    """

    groups: Rows
    shares: Weights
    colours: Rows
    brands: Rows
    band: float
    breadth: float
    warmth: float


class World:
    """What all shoppers share: the items, how good each is, what goes with what."""

    def __init__(self, features: Features, *, seed: int) -> None:
        rng = np.random.default_rng([seed, 101])
        self.features = features
        count = len(features)
        self.quality: Weights = rng.lognormal(0.0, 0.9, count)
        self.groups = int(features.group.max()) + 1
        order = np.argsort(features.group, kind="stable")
        ends = np.searchsorted(features.group[order], np.arange(self.groups + 1))
        self.members: list[Rows] = [order[ends[at] : ends[at + 1]] for at in range(self.groups)]
        self.group_pull: Weights = np.sqrt(np.diff(ends)) * rng.lognormal(0.0, 0.35, self.groups)
        self.companion: Rows = self._companions(rng)
        self.colours = np.unique(features.colour[features.colour >= 0])
        self.brands = np.unique(features.brand[features.brand >= 0])

    def _companions(self, rng: np.random.Generator) -> Rows:
        """For each group another that goes with it, from the same shelf where there is one."""
        companions = np.arange(self.groups)
        for group in range(self.groups):
            others = np.flatnonzero((self.features.shelf == self.features.shelf[group]) & (companions != group))
            others = others[others != group]
            if not len(others):
                others = np.delete(np.arange(self.groups), group)
            if len(others):
                companions[group] = rng.choice(others)
        return companions

    def taste(self, rng: np.random.Generator) -> Taste:
        """Make up one shopper's taste."""
        number = min(self.groups, int(rng.integers(2, 6)))
        groups = rng.choice(self.groups, number, replace=False, p=self.group_pull / self.group_pull.sum())
        return Taste(
            groups=groups,
            shares=rng.dirichlet(np.full(number, 0.9)),
            colours=self._few(rng, self.colours),
            brands=self._few(rng, self.brands),
            band=float(rng.uniform(0, PRICE_BANDS - 1)),
            breadth=float(rng.uniform(0.8, 2.0)),
            warmth=float(rng.lognormal(0.0, 0.35)),
        )

    @staticmethod
    def _few(rng: np.random.Generator, codes: Rows) -> Rows:
        """One or two of the codes, none where there are none."""
        return rng.choice(codes, min(len(codes), int(rng.integers(1, 3))), replace=False) if len(codes) else codes

    def appeal(self, taste: Taste, group: int) -> Weights:
        """What each member of a group is worth to a shopper: quality × colour × brand × price; (members,)."""
        rows = self.members[group]
        features = self.features
        worth = self.quality[rows].copy()
        worth *= _pull(self.colours, taste.colours, COLOUR_PULL)[features.colour[rows]]
        worth *= _pull(self.brands, taste.brands, BRAND_PULL)[features.brand[rows]]
        band = features.band[rows]
        distance = np.where(band < 0, taste.breadth, band - taste.band) / taste.breadth
        return np.asarray(worth * np.exp(-0.5 * distance * distance), dtype=np.float64)


def _pull(codes: Rows, liked: Rows, strength: float) -> Weights:
    """What each code is worth, to be looked up by code; the last place is for −1, unknown."""
    pull = np.ones(int(codes.max(initial=-1)) + 2)
    pull[liked] = strength
    return pull


def simulate(features: Features, *, shoppers: int, days: int, seed: int) -> Iterator[list[Event]]:
    """The actions of each shopper in turn, oldest first.

    Args:
        features: The catalogue.
        shoppers: How many shoppers.
        days: Over how many days before the end.
        seed: Start of all chance; shopper 7 does the same whether there are ten or a thousand.
    """
    world = World(features, seed=seed)
    for shopper in range(shoppers):
        yield _Visitor(world, shopper, days=days, seed=seed).events()


class _Visitor:
    """One shopper on the way through their visits."""

    def __init__(self, world: World, number: int, *, days: int, seed: int) -> None:
        self.world = world
        self.number = number
        self.days = days
        self.rng = np.random.default_rng([seed, 202, number])
        self.taste = world.taste(self.rng)
        self.saved: list[int] = []
        self.bought: set[int] = set()
        self.log: list[Event] = []
        self._appeal: dict[int, tuple[Weights, Weights]] = {}

    def events(self) -> list[Event]:
        """All that they do."""
        visits = 1 + int(self.rng.poisson(SESSIONS_MEAN * float(self.rng.gamma(2.0, 0.5))))
        # More shoppers come towards the end, as in a shop that grows; nobody before the first day.
        starts = self.days * DAY * self.rng.beta(1.0, 1.5, visits)
        for start in np.sort(starts)[::-1]:
            self._visit(float(start))
        self.log.sort(key=lambda event: -event.ago)
        return self.log

    def _visit(self, ago: float) -> None:
        """One visit: look at one thing after another, mostly like the one before."""
        clock = max(ago, 1.0)
        last: int | None = None
        if self.saved and self.rng.random() < RETURN_TO_SAVED:
            last = int(self.rng.choice(self.saved))
            clock = self._look(last, clock, again=True)
        group = int(self.rng.choice(self.taste.groups, p=self.taste.shares))
        for _view in range(1 + int(self.rng.poisson(VIEWS_MEAN - 1))):
            item = self._next(group, last)
            clock = self._look(item, clock, again=False)
            last = item
            group = self._wander(group)

    def _wander(self, group: int) -> int:
        """Which group comes next."""
        chance = self.rng.random()
        if chance < STAY_IN_GROUP:
            return group
        if chance < STAY_IN_GROUP + GO_TO_COMPANION:
            return int(self.world.companion[group])
        return int(self.rng.choice(self.taste.groups, p=self.taste.shares))

    def _worth(self, group: int) -> tuple[Weights, Weights]:
        """The appeal of a group's members, and their rank in it from 0 (least) to 1."""
        if group not in self._appeal:
            worth = self.world.appeal(self.taste, group)
            rank = np.empty(len(worth))
            rank[np.argsort(worth, kind="stable")] = (np.arange(len(worth)) + 1) / len(worth)
            self._appeal[group] = worth, rank
        return self._appeal[group]

    def _next(self, group: int, last: int | None) -> int:
        """One member of the group, by its appeal and by its likeness to the last item."""
        rows = self.world.members[group]
        weights = self._worth(group)[0]
        if last is not None:
            weights = weights * self._likeness(rows, last)
        sums = np.cumsum(weights)
        return int(rows[min(np.searchsorted(sums, self.rng.random() * sums[-1]), len(rows) - 1)])

    def _likeness(self, rows: Rows, last: int) -> Weights:
        """How much more each item is looked at after ``last``, which is itself looked at again rarely."""
        features = self.world.features
        result = np.ones(len(rows))
        for codes, pull in (
            (features.colour, LIKE_LAST_COLOUR),
            (features.brand, LIKE_LAST_BRAND),
            (features.band, LIKE_LAST_BAND),
        ):
            if codes[last] >= 0:
                result[codes[rows] == codes[last]] *= pull
        result[rows == last] *= 0.05
        return result

    def _fit(self, item: int) -> float:
        """How well an item suits the shopper among its kind, 0 … 1."""
        group = int(self.world.features.group[item])
        return float(self._worth(group)[1][np.searchsorted(self.world.members[group], item)])

    def _look(self, item: int, clock: float, *, again: bool) -> float:
        """Look at an item and perhaps save it, put it into the cart, buy it; returns the clock afterwards."""
        clock = self._record(item, CLICK, clock, 25)
        warmth = self.taste.warmth
        fit = self._fit(item)
        saved = item in self.saved
        if not saved and self.rng.random() < (0.02 + 0.34 * fit**2) * warmth:
            clock = self._record(item, FAVOURITE, clock, 12)
            self.saved.append(item)
            saved = True
        if not self.world.features.priced[item] or item in self.bought:
            return clock
        if self.rng.random() < ((0.20 if saved else 0.015) + 0.06 * fit**2 + (0.20 if again else 0.0)) * warmth:
            clock = self._record(item, CART, clock, 20)
            if not saved:
                self.saved.append(item)
            if self.rng.random() < CHECK_OUT:
                clock = self._buy(item, clock)
        return clock

    def _buy(self, item: int, clock: float) -> float:
        """Buy an item, perhaps with something that goes with it."""
        basket = [item]
        if self.rng.random() < IN_COMPANY:
            group = int(self.world.companion[self.world.features.group[item]])
            other = self._next(group, item)
            if self.world.features.priced[other] and other not in self.bought and other != item:
                clock = self._record(other, CLICK, clock, 25)
                clock = self._record(other, CART, clock, 15)
                basket.append(other)
        for bought in basket:
            clock = self._record(bought, PURCHASE, clock, 0.5)
            self.bought.add(bought)
        return clock

    def _record(self, item: int, kind: int, clock: float, seconds: float) -> float:
        """Note an action now and let about so many seconds pass."""
        self.log.append(Event(clock, self.number, item, kind))
        return max(clock - float(self.rng.exponential(seconds)) - 0.5, 0.0)
